/* What is set on a socket: environment overrides rules, rules override the file's globals. */
#include "core/policy.h"

int derive_user_timeout(int idle, int interval, int count)
{
	int64_t seconds = idle + (int64_t)interval * count;
	int64_t milliseconds = seconds * 1000 - DERIVED_MARGIN_MS;
	int64_t maximum = option_table[OPTION_USER_TIMEOUT].maximum;

	return (int)(milliseconds < maximum ? milliseconds : maximum);
}

void kernel_values_default(struct kernel_values *kernel)
{
	for (size_t id = 0; id < OPTIONS; id++)
		kernel->number[id] = option_table[id].fresh;
}

static bool is_off(const struct value *keepalive)
{
	return keepalive->state == VALUE_SET && !keepalive->number;
}

static bool says(const struct settings *settings, size_t id, enum value_state state)
{
	return settings->value[id].state == state;
}

/* Returns true if the option has a number whichever rules match. */
static bool is_set_in_any_case(const struct policy *policy, size_t id)
{
	if (!says(&policy->environment, id, VALUE_ABSENT))
		return says(&policy->environment, id, VALUE_SET);
	return says(&policy->globals, id, VALUE_SET) &&
	       !rules_say(&policy->rules, id, VALUE_KERNEL, 0);
}

static bool timing_is_said(const struct policy *policy)
{
	return is_set_in_any_case(policy, OPTION_IDLE) &&
	       is_set_in_any_case(policy, OPTION_INTERVAL) &&
	       is_set_in_any_case(policy, OPTION_COUNT);
}

/* user_timeout = auto needs them, and so does a rule with `default`, which undoes a setting. */
bool policy_needs_kernel_values(const struct policy *policy)
{
	if (rules_stages(&policy->rules) ||
	    rules_say(&policy->rules, OPTION_USER_TIMEOUT, VALUE_AUTO, 0))
		return true;
	return (says(&policy->environment, OPTION_USER_TIMEOUT, VALUE_AUTO) ||
		says(&policy->globals, OPTION_USER_TIMEOUT, VALUE_AUTO)) &&
	       !timing_is_said(policy);
}

bool policy_acts(const struct policy *policy)
{
	const struct value *environment = &policy->environment.value[OPTION_KEEPALIVE];
	const struct value *globals = &policy->globals.value[OPTION_KEEPALIVE];

	if (environment->state != VALUE_ABSENT)
		return !is_off(environment);
	return !is_off(globals) || rule_next(&policy->rules, NULL);
}

bool policy_overrides(const struct policy *policy)
{
	const struct value *environment = &policy->environment.override;

	if (environment->state != VALUE_ABSENT)
		return environment->number;
	return policy->globals.override.number || rules_say(&policy->rules, OPTIONS, VALUE_SET, 1);
}

static void put_over(struct settings *settings, const struct settings *over,
		     const struct rule **origin)
{
	for (size_t id = 0; id < OPTIONS; id++)
		if (over->value[id].state != VALUE_ABSENT) {
			settings->value[id] = over->value[id];
			origin[id] = NULL;
		}
	if (over->override.state != VALUE_ABSENT) {
		settings->override = over->override;
		origin[OPTIONS] = NULL;
	}
}

static void choose(struct choice *choice, const struct value *value, int of_kernel,
		   const struct rule *rule)
{
	choice->configured = value->state == VALUE_SET;
	choice->number = choice->configured ? value->number : of_kernel;
	choice->rule = rule;
}

void policy_decide(const struct policy *policy, const struct endpoint *endpoint,
		   struct decision *decision)
{
	static const struct value nothing = { VALUE_KERNEL, 0, 0 }, on = { VALUE_SET, 1, 0 };
	const struct rule *origin[OPTIONS + 1] = { NULL };
	struct settings settings = policy->globals;
	struct choice *choice = decision->choice;
	const struct value *keepalive = &settings.value[OPTION_KEEPALIVE];
	bool off;

	rules_apply(&policy->rules, endpoint, &settings, origin);
	put_over(&settings, &policy->environment, origin);
	off = is_off(keepalive);
	for (size_t id = 0; id < OPTIONS; id++) {
		choose(&choice[id], off ? &nothing : &settings.value[id], policy->kernel.number[id],
		       origin[id]);
		choice[id].value = settings.value[id];
	}
	if (keepalive->state == VALUE_ABSENT)
		choose(&choice[OPTION_KEEPALIVE], &on, 0, NULL);
	if (!off && settings.value[OPTION_USER_TIMEOUT].state == VALUE_AUTO) {
		choice[OPTION_USER_TIMEOUT].configured = true;
		choice[OPTION_USER_TIMEOUT].number = derive_user_timeout(
			choice[OPTION_IDLE].number, choice[OPTION_INTERVAL].number,
			choice[OPTION_COUNT].number);
	}
	choose(&decision->override,
	       off || !settings.override.number ? &nothing : &settings.override, 0,
	       origin[OPTIONS]);
	decision->override.value = settings.override;
}
