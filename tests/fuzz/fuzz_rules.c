/*
 * Precedence: a file with rules and some variables, against a plain interpreter that goes through
 * them from top to bottom; the last rule that holds wins, key by key, the environment wins over the
 * rules and these over the keys above them. And what is asked of a policy as a whole, against what
 * it decides.
 */
#include <stdbool.h>
#include <string.h>

#include "core/loader.h"
#include "fuzz/fuzz.h"
#include "lib/in_memory.h"

enum { KEYS = OPTIONS + 1, TEXT_SIZE = 8192, RULES = 12 };

/* What an interpreter knows of a key besides its number. */
enum { UNSET = -3, LEAVE = -2, DERIVED = -1 };

/* By option, with override after them. */
static const char *key_name(int key)
{
	return key < (int)OPTIONS ? option_table[key].key : "override";
}

enum { KEEPALIVE, IDLE, INTERVAL, COUNT, USER_TIMEOUT, OVERRIDE = OPTIONS };

/* Words for switches, for all else, and for user_timeout: what is written, and what it means. */
static const struct word {
	const char *text;
	int meaning;
} switches[] = { { "on", 1 }, { "off", 0 }, { "default", LEAVE } },
  numbers[] = { { "1000", 1000 }, { "2000", 2000 }, { "default", LEAVE }, { "0", LEAVE } },
  counts[] = { { "100", 100 }, { "120", 120 }, { "default", LEAVE }, { "0", LEAVE } },
  timeouts[] = { { "3s", 3000 }, { "auto", DERIVED }, { "default", LEAVE }, { "auto", DERIVED } };

/* A choice of one row of a table. */
#define ONE_OF(bytes, table) (&(table)[number_below(bytes, sizeof(table) / sizeof *(table))])

static const struct word *make_word(struct bytes *bytes, int key)
{
	if (key == OVERRIDE)
		return &switches[number_below(bytes, 2)];
	if (option_table[key].unit == UNIT_SWITCH)
		return ONE_OF(bytes, switches);
	if (key == USER_TIMEOUT)
		return ONE_OF(bytes, timeouts);
	return option_table[key].maximum < 1000 ? ONE_OF(bytes, counts) : ONE_OF(bytes, numbers);
}

/* The sockets that are asked about, a bit of a mask each. */
enum {
	NOTHING_KNOWN = 1,
	CLIENT = 2,
	CLIENT_10_5432 = 4, /* of 10.1.2.3, port 5432 */
	CLIENT_FD00_80 = 8, /* of fd00::1, port 80 */
	LISTENER_8080 = 16,
	SERVER_80_10 = 32,  /* on port 80, of 10.9.9.9, port 5432 */
	SERVER_80_192 = 64, /* on port 80, of 192.168.1.1, port 6000 */
	LISTENER_80 = 128,
	ENDPOINTS = 8,
	CLIENTS = CLIENT | CLIENT_10_5432 | CLIENT_FD00_80,
	SERVERS = LISTENER_8080 | SERVER_80_10 | SERVER_80_192 | LISTENER_80,
	ALL = 255,
};

static const struct endpoint endpoints[ENDPOINTS] = {
	{ .role = ROLE_UNKNOWN },
	{ .role = ROLE_CLIENT, .local_port = 80 }, /* which does not count */
	{ .role = ROLE_CLIENT,
	  .remote_known = true,
	  .remote = { 0, 0x0a010203, true },
	  .remote_port = 5432 },
	{ .role = ROLE_CLIENT,
	  .remote_known = true,
	  .remote = { 0xfd00ull << 48, 1, false },
	  .remote_port = 80 },
	{ .role = ROLE_SERVER, .local_port = 8080 },
	{ .role = ROLE_SERVER,
	  .local_port = 80,
	  .remote_known = true,
	  .remote = { 0, 0x0a090909, true },
	  .remote_port = 5432 },
	{ .role = ROLE_SERVER,
	  .local_port = 80,
	  .remote_known = true,
	  .remote = { 0, 0xc0a80101, true },
	  .remote_port = 6000 },
	{ .role = ROLE_SERVER, .local_port = 80 },
};

/* Conditions, and for which of the sockets each holds. */
static const struct condition_row {
	const char *key, *word;
	unsigned int holds;
} conditions[] = {
	{ "program", "psql", ALL },
	{ "program", "p[a-z]*", ALL },
	{ "program", "mysql", 0 },
	{ "role", "client", CLIENTS },
	{ "role", "server", SERVERS },
	{ "remote", "10.0.0.0/8", CLIENT_10_5432 | SERVER_80_10 },
	{ "remote", "10.1.2.3", CLIENT_10_5432 },
	{ "remote", "fd00::/8", CLIENT_FD00_80 },
	{ "remote", "::/0", CLIENT_FD00_80 },
	{ "remote", "0.0.0.0/0", CLIENT_10_5432 | SERVER_80_10 | SERVER_80_192 },
	{ "remote", "::ffff:192.168.0.0/112", SERVER_80_192 },
	{ "remote_port", "5432", CLIENT_10_5432 | SERVER_80_10 },
	{ "remote_port", "80-100", CLIENT_FD00_80 },
	{ "remote_port", "5433-6000", SERVER_80_192 },
	{ "local_port", "8080", LISTENER_8080 },
	{ "local_port", "80-8079", SERVER_80_10 | SERVER_80_192 | LISTENER_80 },
	{ "local_port", "81", 0 },
};

static const char *const kinds[] = { "program", "role", "remote", "remote_port", "local_port" };

enum { KINDS = sizeof kinds / sizeof *kinds };

enum { NO_RULE = -1, VARIABLE = -2 };

/* What the interpreter has come to for one socket. */
struct state {
	int meaning[KEYS];
	int rule[KEYS]; /* the number of the rule that says so, or: */
};

struct input {
	char text[TEXT_SIZE];
	char variable[KEYS][64];
	char *variables[KEYS + 1];
	struct state state[ENDPOINTS];
};

static void say(struct state *state, int key, int meaning, int rule)
{
	state->meaning[key] = meaning;
	state->rule[key] = rule;
}

/* Writes settings into the file, and lets them hold for the sockets in the mask. */
static void make_settings(struct bytes *bytes, struct input *input, int rule, unsigned int holds)
{
	for (unsigned int count = number_below(bytes, 4); count; count--) {
		int key = (int)number_below(bytes, KEYS);
		const struct word *word = make_word(bytes, key);

		sprintf(input->text + strlen(input->text), "%s = %s\n", key_name(key), word->text);
		for (int i = 0; i < ENDPOINTS; i++)
			if (holds >> i & 1)
				say(&input->state[i], key, word->meaning, rule);
	}
}

/* Writes conditions into the file; for which sockets all of them hold. */
static unsigned int make_conditions(struct bytes *bytes, struct input *input)
{
	unsigned int held[KINDS] = { 0 }, holds = ALL;
	bool given[KINDS] = { false };

	for (unsigned int count = number_below(bytes, 5); count; count--) {
		const struct condition_row *row = ONE_OF(bytes, conditions);
		bool goes_on = false;

		for (int i = 0; i < KINDS; i++)
			if (!strcmp(row->key, kinds[i])) {
				goes_on = given[i] && !number_below(bytes, 2);
				given[i] = true;
				held[i] |= row->holds;
			}
		/* Either way it adds to its list. */
		sprintf(input->text + strlen(input->text), "%s = %s%s%s\n", row->key, row->word,
			goes_on ? " " : "", goes_on ? row->word : "");
	}
	if (held[1] == (CLIENTS | SERVERS))
		held[1] = ALL; /* whichever it will be */
	for (int i = 0; i < KINDS; i++)
		if (given[i])
			holds &= held[i];
	return holds;
}

/* At most one variable for each key, which holds for all sockets. */
static void make_variables(struct bytes *bytes, struct input *input)
{
	unsigned int count = 0;

	for (int key = 0; key < KEYS; key++) {
		const struct word *word;
		char *variable = input->variable[key];

		if (number_below(bytes, 6) != 1)
			continue;
		word = make_word(bytes, key);
		sprintf(variable, key == KEEPALIVE ? "%s=%s" : "keepalive_%s=%s", key_name(key),
			word->text);
		for (char *at = variable; *at != '='; at++)
			*at = (char)(*at >= 'a' && *at <= 'z' ? *at - 32 : *at);
		input->variables[count++] = variable;
		for (int i = 0; i < ENDPOINTS; i++)
			say(&input->state[i], key, word->meaning, VARIABLE);
	}
}

static void make_input(struct bytes *bytes, struct input *input)
{
	unsigned int rules = number_below(bytes, RULES);

	*input = (struct input){ 0 };
	for (int i = 0; i < ENDPOINTS; i++)
		for (int key = 0; key < KEYS; key++)
			say(&input->state[i], key, UNSET, NO_RULE);
	make_settings(bytes, input, NO_RULE, ALL);
	for (unsigned int rule = 0; rule < rules; rule++) {
		unsigned int holds;

		sprintf(input->text + strlen(input->text), "[rule %u]\n", rule);
		holds = make_conditions(bytes, input);
		make_settings(bytes, input, (int)rule, holds);
	}
	make_variables(bytes, input);
}

static const struct text *names(void)
{
	static const struct text both[PROGRAM_NAMES] = { { "psql", 4 }, { "", 0 } };

	return both;
}

static void read_input(struct input *input, struct policy *policy)
{
	static _Alignas(8) unsigned char memory[16 * 1024];
	struct loaded loaded = { .file.rules = { memory, sizeof memory, 0 } };
	struct errors errors = { 0 };

	load_in_memory(&loaded, input->variables, input->text, strlen(input->text),
		       (struct program){ .names = names }, &errors);
	if (errors.count)
		DIFFERS("there are errors of:\n%s", input->text);
	*policy = (struct policy){ 0 };
	configuration_policy(&loaded, policy);
}

/* The number that is set by what the interpreter has; UNSET: nothing is. */
static int number_to_set(const struct state *state, int key, const struct kernel_values *kernel)
{
	int meaning = state->meaning[key], three[3];
	long long derived;

	if (state->meaning[KEEPALIVE] == 0)
		return UNSET;
	if (key == KEEPALIVE && meaning == UNSET)
		return 1;
	if (key == OVERRIDE)
		return meaning == 1 ? 1 : UNSET;
	if (meaning != DERIVED)
		return meaning == LEAVE ? UNSET : meaning;
	for (int i = 0; i < 3; i++)
		three[i] = state->meaning[IDLE + i] > 0 ? state->meaning[IDLE + i]
							: kernel->number[IDLE + i];
	derived = (three[0] + (long long)three[1] * three[2]) * 1000 - 100;
	return derived > 2147483647 ? 2147483647 : (int)derived;
}

/* What won, and whether it stands in the file. */
static void check_said(const struct input *input, int endpoint, int key, const struct value *said)
{
	const struct state *state = &input->state[endpoint];
	int meaning = state->meaning[key];
	enum value_state expected = meaning == UNSET     ? VALUE_ABSENT
				    : meaning == LEAVE   ? VALUE_KERNEL
				    : meaning == DERIVED ? VALUE_AUTO
							 : VALUE_SET;

	if (said->state != expected || (meaning >= 0 && said->number != meaning) ||
	    (meaning != UNSET && !said->line != (state->rule[key] == VARIABLE)))
		DIFFERS("socket %d, %s: said %d, %d, line %u, expected %d, %d, in:\n%s", endpoint,
			key_name(key), said->state, said->number, said->line, expected, meaning,
			input->text);
}

static void check_choice(const struct input *input, int endpoint, int key,
			 const struct choice *choice, int expected)
{
	int rule = input->state[endpoint].rule[key], said_by = NO_RULE;
	struct text name = choice->rule ? rule_name(choice->rule) : (struct text){ "", 0 };
	uint32_t number;

	if (choice->configured != (expected != UNSET) ||
	    (choice->configured && choice->number != expected))
		DIFFERS("socket %d, %s: set %d to %d, expected %d, in:\n%s", endpoint,
			key_name(key), choice->configured, choice->number, expected, input->text);
	if (text_number(&name, &number))
		said_by = (int)number;
	check_said(input, endpoint, key, &choice->value);
	if (choice->configured && said_by != (rule == VARIABLE ? NO_RULE : rule))
		DIFFERS("socket %d, %s: by rule %d, expected %d, in:\n%s", endpoint, key_name(key),
			said_by, rule, input->text);
}

static bool sets_the_same(const struct decision *one, const struct decision *other)
{
	bool same = one->override.configured == other->override.configured;

	for (int key = 0; key < OPTIONS; key++)
		same &= one->choice[key].configured == other->choice[key].configured &&
			(!one->choice[key].configured ||
			 one->choice[key].number == other->choice[key].number);
	return same;
}

/* Whatever was not announced for a stage does not come at it. */
static void check_stages(const struct input *input, const struct policy *policy,
			 const struct decision *decision)
{
	static const struct {
		int before, after;
		unsigned int stage;
	} steps[] = {
		{ 0, 1, RULES_AT_CONNECT },     { 1, 2, RULES_BY_DESTINATION },
		{ 1, 3, RULES_BY_DESTINATION }, { 0, 4, RULES_AT_LISTEN | RULES_AT_ACCEPT },
		{ 0, 7, RULES_AT_LISTEN },      { 7, 5, RULES_AT_ACCEPT },
		{ 7, 6, RULES_AT_ACCEPT },
	};
	unsigned int stages = rules_stages(&policy->rules);

	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		if (!(stages & steps[i].stage) &&
		    !sets_the_same(&decision[steps[i].before], &decision[steps[i].after]))
			DIFFERS("stages %u, but socket %d is not as %d, in:\n%s", stages,
				steps[i].after, steps[i].before, input->text);
}

static void check_as_a_whole(const struct input *input, struct policy *policy,
			     const struct decision *decision)
{
	for (int i = 0; i < ENDPOINTS; i++) {
		struct decision again;

		for (int key = 0; key < OPTIONS; key++)
			if (decision[i].choice[key].configured && !policy_acts(policy))
				DIFFERS("it is said not to act:\n%s", input->text);
		if (decision[i].override.configured && !policy_overrides(policy))
			DIFFERS("it is said not to override:\n%s", input->text);
		if (policy_needs_kernel_values(policy))
			continue;
		for (int key = 0; key < OPTIONS; key++)
			policy->kernel.number[key] += 7;
		policy_decide(policy, &endpoints[i], &again);
		if (!sets_the_same(&decision[i], &again))
			DIFFERS("it is said not to need the kernel's values:\n%s", input->text);
	}
}

int fuzz_rules(const uint8_t *data, size_t size)
{
	struct bytes bytes = { data, size };
	struct decision decision[ENDPOINTS];
	static struct input input;
	struct policy policy;

	make_input(&bytes, &input);
	read_input(&input, &policy);
	kernel_values_default(&policy.kernel);
	for (int i = 0; i < ENDPOINTS; i++) {
		policy_decide(&policy, &endpoints[i], &decision[i]);
		for (int key = 0; key < KEYS; key++)
			check_choice(&input, i, key,
				     key < OPTIONS ? &decision[i].choice[key]
						   : &decision[i].override,
				     number_to_set(&input.state[i], key, &policy.kernel));
	}
	check_stages(&input, &policy, decision);
	check_as_a_whole(&input, &policy, decision);
	return 0;
}
