/* Rules: settings with conditions, in one piece of memory of fixed size. */
#include "core/rules.h"

enum { ALIGNMENT = 8 };

_Static_assert(sizeof(struct rule) % ALIGNMENT == 0, "its name follows it");
_Static_assert(sizeof(struct condition) % ALIGNMENT == 0, "they follow one another");
_Static_assert(sizeof(struct setting) % ALIGNMENT == 0, "they follow one another");

static size_t aligned(size_t size)
{
	return (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

/* Returns memory after what is used; NULL if there is not enough. */
static void *extend(struct rules *rules, size_t size)
{
	void *at = rules->memory + rules->used;

	size = aligned(size);
	if (size > rules->size - rules->used)
		return NULL;
	rules->used += size;
	return at;
}

struct rule *rule_begin(struct rules *rules, struct text name, unsigned int line)
{
	struct rule *rule = extend(rules, sizeof *rule);
	char *copy = rule ? extend(rules, name.length) : NULL;

	if (!copy) {
		if (rule)
			rule_drop(rules, rule);
		return NULL;
	}
	*rule = (struct rule){ .line = line,
			       .roles = ROLE_BOTH,
			       .name_length = (uint16_t)name.length };
	for (size_t i = 0; i < name.length; i++)
		copy[i] = name.at[i];
	return rule;
}

void rule_drop(struct rules *rules, struct rule *rule)
{
	rules->used = (size_t)((unsigned char *)rule - rules->memory);
}

bool rule_add_condition(struct rules *rules, struct rule *rule, const struct condition *condition)
{
	struct condition *copy = extend(rules, sizeof *copy);

	if (!copy)
		return false;
	*copy = *condition;
	rule->conditions++;
	rule->kinds |= (unsigned char)(1u << condition->kind);
	return true;
}

static bool add_setting(struct rules *rules, struct rule *rule, size_t option,
			const struct value *value)
{
	struct setting *copy;

	if (value->state == VALUE_ABSENT)
		return true;
	copy = extend(rules, sizeof *copy);
	if (!copy)
		return false;
	*copy = (struct setting){ (unsigned char)option, *value };
	rule->settings++;
	return true;
}

bool rule_end(struct rules *rules, struct rule *rule, const struct settings *settings)
{
	for (size_t id = 0; id < OPTIONS; id++)
		if (!add_setting(rules, rule, id, &settings->value[id]))
			return false;
	if (!add_setting(rules, rule, OPTIONS, &settings->override))
		return false;
	rule->size = (uint32_t)(rules->memory + rules->used - (unsigned char *)rule);
	return true;
}

struct text rule_name(const struct rule *rule)
{
	return (struct text){ (const char *)(rule + 1), rule->name_length };
}

const struct condition *rule_conditions(const struct rule *rule)
{
	const unsigned char *begin = (const unsigned char *)(rule + 1);

	return (const void *)(begin + aligned(rule->name_length));
}

const struct setting *rule_settings(const struct rule *rule)
{
	return (const void *)(rule_conditions(rule) + rule->conditions);
}

const struct rule *rule_next(const struct rules *rules, const struct rule *rule)
{
	const unsigned char *next = rule ? (const unsigned char *)rule + rule->size : rules->memory;

	return next < rules->memory + rules->used ? (const void *)next : NULL;
}

static bool port_holds(const struct port_range *range, uint16_t port)
{
	return port >= range->first && port <= range->last; /* no range has port 0 */
}

static inline bool condition_holds(const struct condition *condition,
				   const struct endpoint *endpoint)
{
	if (condition->kind == CONDITION_REMOTE)
		return endpoint->remote_known &&
		       network_holds(&condition->network, &endpoint->remote);
	if (condition->kind == CONDITION_REMOTE_PORT)
		return endpoint->remote_known &&
		       port_holds(&condition->ports, endpoint->remote_port);
	return endpoint->role == ROLE_SERVER && port_holds(&condition->ports, endpoint->local_port);
}

/* For each kind of condition that the rule has, one must hold. */
static bool conditions_hold(const struct rule *rule, const struct endpoint *endpoint)
{
	const struct condition *condition = rule_conditions(rule);
	unsigned int held = 0;

	for (uint32_t i = 0; i < rule->conditions && held != rule->kinds; i++)
		if (condition_holds(&condition[i], endpoint))
			held |= 1u << condition[i].kind;
	return held == rule->kinds;
}

/* Returns true if all conditions of the rule are known to hold. */
static inline bool rule_holds(const struct rule *rule, const struct endpoint *endpoint)
{
	if (rule->roles != ROLE_BOTH && !(rule->roles & endpoint->role))
		return false;
	/* A file with many rules has mostly such rules: this halves their cost for connect(). */
	if (rule->conditions == 1)
		return condition_holds(rule_conditions(rule), endpoint);
	return conditions_hold(rule, endpoint);
}

void rules_apply(const struct rules *rules, const struct endpoint *endpoint,
		 struct settings *settings, const struct rule **origin)
{
	for (const struct rule *rule = rule_next(rules, NULL); rule;
	     rule = rule_next(rules, rule)) {
		const struct setting *setting;

		if (!rule_holds(rule, endpoint))
			continue;
		setting = rule_settings(rule);
		for (uint32_t i = 0; i < rule->settings; i++) {
			unsigned char id = setting[i].option;

			*(id < OPTIONS ? &settings->value[id] : &settings->override) =
				setting[i].value;
			origin[id] = rule;
		}
	}
}

unsigned int rules_stages(const struct rules *rules)
{
	unsigned int remote = 1u << CONDITION_REMOTE | 1u << CONDITION_REMOTE_PORT;
	unsigned int stages = 0;

	for (const struct rule *rule = rule_next(rules, NULL); rule;
	     rule = rule_next(rules, rule)) {
		bool local = rule->kinds & 1u << CONDITION_LOCAL_PORT;
		bool by_remote = rule->kinds & remote;

		if (rule->roles == ROLE_BOTH && !rule->kinds)
			continue; /* applies from the start */
		if (rule->roles & ROLE_CLIENT && !local)
			stages |= RULES_AT_CONNECT | (by_remote ? RULES_BY_DESTINATION : 0u);
		if (rule->roles & ROLE_SERVER)
			stages |= by_remote ? RULES_AT_ACCEPT : RULES_AT_LISTEN;
	}
	return stages;
}

bool rules_say(const struct rules *rules, size_t option, enum value_state state, int number)
{
	for (const struct rule *rule = rule_next(rules, NULL); rule;
	     rule = rule_next(rules, rule)) {
		const struct setting *setting = rule_settings(rule);

		for (uint32_t i = 0; i < rule->settings; i++)
			if (setting[i].option == option && setting[i].value.state == state &&
			    setting[i].value.number == number)
				return true;
	}
	return false;
}
