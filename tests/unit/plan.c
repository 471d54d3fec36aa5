/* The decisions of the BPF programs against policy_decide(), which they are to be the same as. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bpf/decide.h"
#include "cli/groups/planning.h"
#include "lib/harness.h"

enum { POLICIES = 20000, ENDPOINTS = 16, RULES_MAX = 9, MEMORY_SIZE = 512 * 1024 };

static _Alignas(8) unsigned char memory[MEMORY_SIZE];
static struct plan plan;

/* xorshift, after Marsaglia; TEST_SEED repeats a run. */
static uint32_t state;

static uint32_t below(uint32_t limit)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return (state >> 8) % limit;
}

static uint32_t begin_random(void)
{
	const char *said = getenv("TEST_SEED");
	uint32_t seed = said ? (uint32_t)strtoul(said, NULL, 10) : (uint32_t)time(NULL);

	state = seed ? seed : 1;
	printf("# TEST_SEED=%u\n", seed);
	return seed;
}

/* Few of each, so that conditions hold often. */
static const struct address addresses[] = {
	{ 0, 0x0a010203, true },         { 0, 0x0a010204, true }, { 0, 0xc0a80101, true },
	{ 0, 0x0a010203, false },        { 0, 1, false },         { 0, 0, true },
	{ 0xfd00ull << 48, 1, false },   { 0, 0xffffffff, true }, { 0xfd00ull << 48, 2, false },
	{ 0xfe80ull << 48, 0xa, false },
};

static const uint16_t ports[] = { 1, 22, 80, 443, 5432, 65535 };

#define ONE_OF(table) ((table)[below(sizeof(table) / sizeof *(table))])

static struct condition draw_condition(void)
{
	struct condition condition = { .kind = (enum condition_kind)below(3) };
	uint32_t bits;

	if (condition.kind != CONDITION_REMOTE) {
		uint16_t a = ONE_OF(ports), b = ONE_OF(ports);

		condition.ports.first = a < b ? a : b;
		condition.ports.last = below(2) ? condition.ports.first : a < b ? b : a;
		return condition;
	}
	condition.network.address = ONE_OF(addresses);
	bits = below(129);
	condition.network.high_mask = !bits ? 0 : bits >= 64 ? ~0ull : ~0ull << (64 - bits);
	condition.network.low_mask = bits <= 64 ? 0 : ~0ull << (128 - bits);
	if (below(2))
		condition.network.high_mask = condition.network.low_mask = ~0ull;
	return condition;
}

static struct value draw_value(size_t id)
{
	struct value value = { VALUE_SET, 0, 0 };
	uint32_t drawn = below(8);

	if (drawn == 0)
		value.state = VALUE_KERNEL;
	else if (id < OPTIONS && option_table[id].derivable && drawn < 5)
		value.state = VALUE_AUTO;
	else if (id == OPTIONS || option_table[id].unit == UNIT_SWITCH)
		value.number = below(4) != 0;
	else if (drawn == 1)
		value.number = option_table[id].maximum;
	else
		value.number = option_table[id].minimum + (int)below(20);
	return value;
}

/* `often`: of ten options, so many. */
static struct settings draw_settings(uint32_t often)
{
	struct settings settings = { 0 };

	for (size_t id = 0; id < OPTIONS; id++)
		if (below(10) < often)
			settings.value[id] = draw_value(id);
	if (below(10) < often)
		settings.override = draw_value(OPTIONS);
	return settings;
}

static void draw_rule(struct rules *rules, unsigned int line)
{
	struct text name = { "drawn", 5 };
	struct rule *rule = rule_begin(rules, name, line);
	struct settings settings = draw_settings(3);

	ck_assert_ptr_nonnull(rule);
	rule->roles = (unsigned char)(1 + below(3));
	for (uint32_t i = below(5); i; i--) {
		struct condition condition = draw_condition();

		ck_assert(rule_add_condition(rules, rule, &condition));
	}
	ck_assert(rule_end(rules, rule, &settings));
}

static void draw_policy(struct policy *policy)
{
	*policy = (struct policy){ .rules = { memory, sizeof memory, 0 } };
	policy->globals = draw_settings(5);
	policy->environment = draw_settings(1);
	kernel_values_default(&policy->kernel);
	policy->kernel.number[OPTION_IDLE] = 600 + (int)below(3);
	for (uint32_t i = 0, count = below(RULES_MAX); i < count; i++)
		draw_rule(&policy->rules, i + 1);
}

static struct endpoint draw_endpoint(void)
{
	struct endpoint endpoint = { .role = below(2) ? ROLE_CLIENT : ROLE_SERVER,
				     .remote_known = below(4) != 0,
				     .local_port = ONE_OF(ports) };

	if (endpoint.remote_known || endpoint.role == ROLE_CLIENT) {
		endpoint.remote = ONE_OF(addresses);
		endpoint.remote_port = ONE_OF(ports);
	}
	return endpoint;
}

/* As the BPF programs do it. */
static void plan_decide(const struct endpoint *endpoint, struct plan_socket *socket)
{
	struct plan_facts facts = plan_facts(endpoint);

	plan_begin(&plan, socket);
	for (uint32_t i = 0; i < plan.lines; i++)
		if (plan_line_applies(&plan.line[i], &facts)) {
			uint32_t option = plan.line[i].setting.option;

			socket->value[option].state = plan.line[i].setting.state;
			socket->value[option].number = plan.line[i].setting.number;
		}
	plan_end(&plan, socket);
}

static void compare(const struct policy *policy, const struct endpoint *endpoint, uint32_t seed)
{
	struct plan_socket socket;
	struct decision decision;

	memset(&socket, 0xa5, sizeof socket); /* nothing of what was before may remain */
	policy_decide(policy, endpoint, &decision);
	plan_decide(endpoint, &socket);
	for (int id = 0; id < OPTIONS; id++) {
		const struct choice *choice = &decision.choice[id];

		ck_assert_msg(
			plan_is_set(&socket.value[id]) == choice->configured &&
				(!choice->configured || socket.value[id].number == choice->number),
			"TEST_SEED=%u: %s is %d, %d; policy_decide() says %d, %d", seed,
			option_table[id].key, socket.value[id].state, socket.value[id].number,
			choice->configured, choice->number);
	}
	ck_assert_msg(!socket.value[OPTIONS].number == !decision.override.configured,
		      "TEST_SEED=%u: override is %d; policy_decide() says %d", seed,
		      socket.value[OPTIONS].number, decision.override.configured);
}

START_TEST(decides_as_the_policy)
{
	uint32_t seed = begin_random();
	struct failure failure;
	struct policy policy;

	for (int i = 0; i < POLICIES; i++) {
		draw_policy(&policy);
		memset(&plan, 0, offsetof(struct plan, line));
		ck_assert_msg(plan_policy(&plan, &policy, &failure), "%s", failure.text);
		for (int j = 0; j < ENDPOINTS; j++) {
			struct endpoint endpoint = draw_endpoint();

			compare(&policy, &endpoint, seed);
		}
	}
}
END_TEST

/* A rule with so many conditions and one setting: two more lines than conditions. */
static void add_rule(struct rules *rules, const char *name, unsigned int line, int conditions)
{
	struct rule *rule = rule_begin(rules, (struct text){ name, strlen(name) }, line);
	struct condition condition = { .kind = CONDITION_REMOTE_PORT, .ports = { 7, 7 } };
	struct settings settings = { 0 };

	settings.value[OPTION_IDLE] = (struct value){ VALUE_SET, 70, 0 };
	ck_assert_ptr_nonnull(rule);
	for (int i = 0; i < conditions; i++)
		ck_assert(rule_add_condition(rules, rule, &condition));
	ck_assert(rule_end(rules, rule, &settings));
}

START_TEST(refuses_more_rules_than_fit)
{
	struct policy policy = { .rules = { memory, sizeof memory, 0 } };
	struct endpoint endpoint = { .role = ROLE_CLIENT, .remote_known = true, .remote_port = 7 };
	struct failure failure = { "" };

	add_rule(&policy.rules, "first", 1, PLAN_LINES - 3 - 2);
	add_rule(&policy.rules, "last", 9, 1);
	memset(&plan, 0, sizeof plan);
	ck_assert_msg(plan_policy(&plan, &policy, &failure), "%s", failure.text);
	ck_assert_uint_eq(plan.lines, PLAN_LINES);
	compare(&policy, &endpoint, 0);
	add_rule(&policy.rules, "one more", 12, 0);
	memset(&plan, 0, sizeof plan);
	ck_assert(!plan_policy(&plan, &policy, &failure));
	ck_assert_str_eq(failure.text, "line 12: rule one more and those after it do not fit: a "
				       "control group has room for 2048 rules, conditions and "
				       "settings");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("plan");
	TCase *tcase = harness_case(suite, "plan", 60);

	tcase_add_test(tcase, decides_as_the_policy);
	tcase_add_test(tcase, refuses_more_rules_than_fit);
	return harness_run(suite);
}
