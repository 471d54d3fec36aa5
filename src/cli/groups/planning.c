/* Turns a policy into the plan of the BPF programs. */
#include "cli/groups/planning.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "bpf/decide.h"

static void plan_option(struct plan_option *plan, const struct option_row *option, int of_kernel)
{
	plan->level = option->level;
	plan->name = option->name;
	/* Every number is a switch. */
	plan->minimum = option->unit == UNIT_SWITCH ? INT_MIN : option->minimum;
	plan->maximum = option->unit == UNIT_SWITCH ? INT_MAX : option->maximum;
	plan->kernel = of_kernel;
	plan->fresh = option->fresh;
	plan->accepts_zero = option->zero_unsets || !option->fresh;
	plan->before_connection = option->stage != STAGE_ANY;
	plan->zero_unsets = option->zero_unsets;
}

static void plan_settings(struct plan_value plan[OPTIONS + 1], const struct settings *settings)
{
	for (size_t id = 0; id < OPTIONS; id++)
		plan[id] = (struct plan_value){ (int)settings->value[id].state,
						settings->value[id].number };
	plan[OPTIONS] =
		(struct plan_value){ (int)settings->override.state, settings->override.number };
}

static void plan_condition(struct plan_line *line, const struct condition *condition)
{
	static const enum line_kind kinds[] = { [CONDITION_REMOTE] = LINE_REMOTE,
						[CONDITION_REMOTE_PORT] = LINE_REMOTE_PORT,
						[CONDITION_LOCAL_PORT] = LINE_LOCAL_PORT };

	line->kind = kinds[condition->kind];
	if (condition->kind == CONDITION_REMOTE) {
		line->network.high = condition->network.address.high;
		line->network.low = condition->network.address.low;
		line->network.high_mask = condition->network.high_mask;
		line->network.low_mask = condition->network.low_mask;
		line->family = condition->network.address.is_ipv4 ? FAMILY_IPV4 : FAMILY_IPV6;
	} else {
		line->ports.first = condition->ports.first;
		line->ports.last = condition->ports.last;
	}
}

static void plan_setting(struct plan_line *line, const struct setting *setting)
{
	line->kind = LINE_SETTING;
	line->setting.option = setting->option;
	line->setting.state = (int)setting->value.state;
	line->setting.number = setting->value.number;
}

/* Returns the line after the rule. */
static struct plan_line *plan_rule(struct plan_line *line, const struct rule *rule)
{
	const struct condition *conditions = rule_conditions(rule);
	const struct setting *settings = rule_settings(rule);

	line->kind = LINE_RULE;
	line->rule.roles = rule->roles;
	line++->rule.kinds = rule->kinds;
	for (uint32_t i = 0; i < rule->conditions; i++)
		plan_condition(line++, &conditions[i]);
	for (uint32_t i = 0; i < rule->settings; i++)
		plan_setting(line++, &settings[i]);
	return line;
}

/* Without rules every socket gets the same: decided here, not at each connect(). */
static void plan_whole(struct plan *plan)
{
	struct plan_socket decided = { 0 };

	plan_begin(plan, &decided);
	plan_end(plan, &decided);
	plan->is_simple = !plan->lines && !decided.value[OPTIONS].number;
	for (size_t id = 0; id < OPTIONS; id++)
		plan->whole[id] = decided.value[id];
}

bool plan_policy(struct plan *plan, const struct policy *policy, struct failure *failure)
{
	const struct plan_line *end = plan->line + PLAN_LINES;
	struct plan_line *line = plan->line;

	for (size_t id = 0; id < OPTIONS; id++)
		plan_option(&plan->option[id], &option_table[id], policy->kernel.number[id]);
	plan_settings(plan->globals, &policy->globals);
	plan_settings(plan->environment, &policy->environment);
	plan->page_size = (int)sysconf(_SC_PAGESIZE);
	plan->by_remote = rules_stages(&policy->rules) & RULES_AT_ACCEPT ? 1 : 0;
	for (const struct rule *rule = rule_next(&policy->rules, NULL); rule;
	     rule = rule_next(&policy->rules, rule)) {
		struct text name = rule_name(rule);

		if (1 + rule->conditions + rule->settings > (size_t)(end - line))
			return fail(failure,
				    "line %u: rule %.*s and those after it do not fit: a control "
				    "group has room for %d rules, conditions and settings",
				    rule->line, (int)name.length, name.at, PLAN_LINES);
		line = plan_rule(line, rule);
	}
	plan->lines = (uint32_t)(line - plan->line);
	plan_whole(plan);
	return true;
}

static bool is_known(const struct plan *plan, const struct plan_value whole[OPTIONS])
{
	for (uint32_t i = 0; i < plan->formers; i++)
		if (!memcmp(plan->former[i], whole, sizeof plan->former[i]))
			return true;
	return false;
}

static void add_former(struct plan *plan, const struct plan_value whole[OPTIONS])
{
	if (plan->formers < PLAN_FORMERS && !is_known(plan, whole))
		memcpy(plan->former[plan->formers++], whole, sizeof *plan->former);
}

void plan_follow(struct plan *plan, const struct plan *before)
{
	if (before->is_simple)
		add_former(plan, before->whole);
	for (uint32_t i = 0; i < before->formers && i < PLAN_FORMERS; i++)
		add_former(plan, before->former[i]);
}
