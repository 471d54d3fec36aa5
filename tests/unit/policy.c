/* What is decided of a socket: precedence, rules by what is known of it, derived values. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/environment.h"
#include "core/file.h"
#include "core/policy.h"
#include "lib/harness.h"
#include "lib/in_memory.h"
#include "lib/messages.h"

static uint64_t memory[4096];

static const struct text *names(void)
{
	static const struct text both[PROGRAM_NAMES] = { { "psql", 4 }, { "", 0 } };

	return both;
}

static struct policy policy_of(const char *text, const char *const *variables)
{
	struct loaded loaded = { .file.rules = { (unsigned char *)memory, sizeof memory, 0 } };
	struct messages messages = { 0 };
	struct errors errors = collect_messages(&messages);
	struct policy policy;
	char *copy[8] = { 0 };

	for (int i = 0; i < 7 && variables[i]; i++)
		copy[i] = (char *)(uintptr_t)variables[i];
	load_in_memory(&loaded, copy, text, strlen(text), (struct program){ .names = names },
		       &errors);
	ck_assert_str_eq(messages.at, "");
	configuration_policy(&loaded, &policy);
	kernel_values_default(&policy.kernel);
	return policy;
}

/* "", "client", "client ADDRESS PORT", "server LOCAL", "server LOCAL ADDRESS PORT". */
static struct endpoint endpoint_of(const char *text)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	struct endpoint endpoint = { 0 };
	unsigned int local = 0, port = 0;
	char remote[64] = "";

	if (sscanf(text, "client %63s %u", remote, &port) == 2 || !strcmp(text, "client"))
		endpoint.role = ROLE_CLIENT;
	else if (sscanf(text, "server %u %63s %u", &local, remote, &port) >= 1)
		endpoint.role = ROLE_SERVER;
	endpoint.local_port = (uint16_t)local;
	address.sin_port = htons((uint16_t)port);
	if (*remote) {
		ck_assert_int_eq(inet_pton(AF_INET, remote, &address.sin_addr), 1);
		endpoint.remote_known =
			address_from_socket((struct sockaddr *)&address, sizeof address,
					    &endpoint.remote, &endpoint.remote_port);
	}
	return endpoint;
}

static const char *decision_text(const struct decision *decision)
{
	static char text[512];
	size_t length = 0;

	*text = 0;
	for (size_t id = 0; id < OPTIONS; id++) {
		const struct choice *choice = &decision->choice[id];

		if (!choice->configured)
			continue;
		length +=
			(size_t)snprintf(text + length, sizeof text - length, "%s%s %d",
					 length ? ", " : "", option_table[id].key, choice->number);
		if (choice->rule)
			length += (size_t)snprintf(text + length, sizeof text - length, " (%.*s)",
						   (int)rule_name(choice->rule).length,
						   rule_name(choice->rule).at);
	}
	if (decision->override.configured)
		length += (size_t)snprintf(text + length, sizeof text - length, "; override");
	if (decision->override.configured && decision->override.rule)
		snprintf(text + length, sizeof text - length, " (%.*s)",
			 (int)rule_name(decision->override.rule).length,
			 rule_name(decision->override.rule).at);
	return text;
}

#define DATABASE                                                                                   \
	"idle = 100\n[rule all]\ncount = 3\n"                                                      \
	"[rule client]\nrole = client\nidle = 200\n"                                               \
	"[rule db]\nremote = 10.0.0.0/8\nremote_port = 5432 6432-6440\nidle = 30\ncount = 4\n"     \
	"[rule web]\nlocal_port = 8080\nidle = 50\n"                                               \
	"[rule near]\nrole = server\nremote = 192.168.0.0/16\nidle = 60\n"                         \
	"[rule other]\nprogram = mysql\nidle = 1\n"

static const struct decision_case {
	const char *file, *variables[3], *endpoint, *decision;
} decisions[] = {
	{ "", { NULL }, "", "keepalive 1" },
	{ "", { "KEEPALIVE=default" }, "", "" },
	{ "idle = 70\ncount = 7\n", { "KEEPALIVE_IDLE=60" }, "", "keepalive 1, idle 60, count 7" },
	{ "interval = 10\n", { "KEEPALIVE_INTERVAL=default" }, "", "keepalive 1" },
	{ "keepalive = off\nidle = 5\n", { NULL }, "", "" },
	{ "keepalive = off\nidle = 5\n", { "KEEPALIVE=on" }, "", "keepalive 1, idle 5" },
	{ "keepalive = default\nidle = 5\n", { NULL }, "", "idle 5" },
	{ "user_timeout = auto\nidle = 60\ninterval = 10\ncount = 6\n",
	  { NULL },
	  "",
	  "keepalive 1, idle 60, interval 10, count 6, user_timeout 119900" },
	{ "user_timeout = auto\n", { NULL }, "", "keepalive 1, user_timeout 7874900" },
	{ "idle = 60\n",
	  { "TCP_USER_TIMEOUT=-1", "KEEPIDLE=10" },
	  "",
	  "keepalive 1, idle 10, user_timeout 684900" },
	{ DATABASE, { NULL }, "", "keepalive 1, idle 100, count 3 (all)" },
	{ DATABASE, { NULL }, "client", "keepalive 1, idle 200 (client), count 3 (all)" },
	{ DATABASE, { NULL }, "client 10.1.2.3 5432", "keepalive 1, idle 30 (db), count 4 (db)" },
	{ DATABASE, { NULL }, "client 10.1.2.3 6436", "keepalive 1, idle 30 (db), count 4 (db)" },
	{ DATABASE,
	  { NULL },
	  "client 10.1.2.3 6441",
	  "keepalive 1, idle 200 (client), count 3 (all)" },
	{ DATABASE,
	  { NULL },
	  "client 11.1.2.3 5432",
	  "keepalive 1, idle 200 (client), count 3 (all)" },
	{ DATABASE,
	  { NULL },
	  "client 192.168.1.1 80",
	  "keepalive 1, idle 200 (client), count 3 (all)" },
	{ DATABASE, { NULL }, "server 80", "keepalive 1, idle 100, count 3 (all)" },
	{ DATABASE, { NULL }, "server 8080", "keepalive 1, idle 50 (web), count 3 (all)" },
	{ DATABASE,
	  { NULL },
	  "server 8080 192.168.3.4 999",
	  "keepalive 1, idle 60 (near), count 3 (all)" },
	{ DATABASE,
	  { NULL },
	  "server 80 10.0.0.1 5432",
	  "keepalive 1, idle 30 (db), count 4 (db)" },
	{ DATABASE,
	  { "KEEPALIVE_IDLE=5" },
	  "client 10.1.2.3 5432",
	  "keepalive 1, idle 5, count 4 (db)" },
	{ "idle = 60\n[rule browser]\nprogram = psql\nkeepalive = off\n", { NULL }, "", "" },
	{ "idle = 60\n[rule browser]\nprogram = psql\nkeepalive = off\n",
	  { "KEEPALIVE=on" },
	  "",
	  "keepalive 1, idle 60" },
	{ "keepalive = off\nidle = 60\n[rule r]\nremote_port = 80\nkeepalive = on\n",
	  { NULL },
	  "client 1.2.3.4 80",
	  "keepalive 1 (r), idle 60" },
	{ "keepalive = off\nidle = 60\n[rule r]\nremote_port = 80\nkeepalive = on\n",
	  { NULL },
	  "client 1.2.3.4 81",
	  "" },
	{ "idle = 60\n[rule r]\nremote_port = 80\nidle = default\n",
	  { NULL },
	  "client 1.2.3.4 80",
	  "keepalive 1" },
	{ "[rule r]\nremote_port = 80\nidle = 10\ninterval = 2\ncount = 2\nuser_timeout = auto\n",
	  { NULL },
	  "client 1.2.3.4 80",
	  "keepalive 1, idle 10 (r), interval 2 (r), count 2 (r), user_timeout 13900 (r)" },
	{ "user_timeout = auto\ninterval = 2\ncount = 2\n[rule r]\nremote_port = 80\nidle = 10\n",
	  { NULL },
	  "client 1.2.3.4 80",
	  "keepalive 1, idle 10 (r), interval 2, count 2, user_timeout 13900" },
	{ "override = on\n", { NULL }, "", "keepalive 1; override" },
	{ "override = on\n", { "KEEPALIVE_OVERRIDE=off" }, "", "keepalive 1" },
	{ "", { "KEEPALIVE_OVERRIDE=on" }, "", "keepalive 1; override" },
	{ "override = on\n[rule r]\nremote_port = 80\noverride = off\n",
	  { NULL },
	  "client 1.2.3.4 80",
	  "keepalive 1" },
	{ "[rule r]\nremote_port = 80\noverride = on\n",
	  { NULL },
	  "client 1.2.3.4 80",
	  "keepalive 1; override (r)" },
	{ "[rule r]\nremote_port = 80\noverride = off\n",
	  { "KEEPALIVE_OVERRIDE=on" },
	  "client 1.2.3.4 80",
	  "keepalive 1; override" },
	{ "[rule r]\nremote_port = 80\noverride = on\n",
	  { NULL },
	  "client 1.2.3.4 81",
	  "keepalive 1" },
	{ "override = on\nkeepalive = off\n", { NULL }, "", "" },
	{ "[rule r]\nrole = client server\nidle = 4\n", { NULL }, "", "keepalive 1, idle 4 (r)" },
	{ "[rule r]\nrole = client\nlocal_port = 80\nidle = 4\n",
	  { NULL },
	  "server 80",
	  "keepalive 1" },
	{ "[rule r]\nrole = client\nlocal_port = 80\nidle = 4\n",
	  { NULL },
	  "client 1.2.3.4 80",
	  "keepalive 1" },
};

START_TEST(decision)
{
	const struct decision_case *it = &decisions[_i];
	struct policy policy = policy_of(it->file, it->variables);
	struct endpoint endpoint = endpoint_of(it->endpoint);
	struct decision result;

	policy_decide(&policy, &endpoint, &result);
	ck_assert_msg(!strcmp(decision_text(&result), it->decision), "%s, not %s",
		      decision_text(&result), it->decision);
}
END_TEST

/* What is not configured has the kernel's number, which the sysctls may have changed. */
START_TEST(kernel_numbers)
{
	const char *const variables[] = { "KEEPALIVE_IDLE=60", "KEEPALIVE_USER_TIMEOUT=auto",
					  NULL };
	struct policy policy = policy_of("", variables);
	struct endpoint endpoint = { 0 };
	struct decision result;

	policy.kernel.number[OPTION_INTERVAL] = 30;
	policy.kernel.number[OPTION_COUNT] = 5;
	policy_decide(&policy, &endpoint, &result);
	ck_assert_int_eq(result.choice[OPTION_INTERVAL].number, 30);
	ck_assert(!result.choice[OPTION_INTERVAL].configured);
	ck_assert_int_eq(result.choice[OPTION_USER_TIMEOUT].number, (60 + 30 * 5) * 1000 - 100);
}
END_TEST

static const struct property_case {
	const char *file, *variables[4];
	bool acts, overrides, needs_kernel;
	unsigned int stages;
} properties[] = {
	{ "", { NULL }, true, false, false, 0 },
	{ "keepalive = off\n", { NULL }, false, false, false, 0 },
	{ "keepalive = off\n", { "KEEPALIVE=on" }, true, false, false, 0 },
	{ "keepalive = off\n", { "KEEPALIVE=default" }, true, false, false, 0 },
	{ "keepalive = off\n[rule r]\nremote_port = 1\nkeepalive = on\n",
	  { NULL },
	  true,
	  false,
	  true,
	  RULES_AT_CONNECT | RULES_BY_DESTINATION | RULES_AT_ACCEPT },
	{ "override = on\n", { NULL }, true, true, false, 0 },
	{ "override = on\n", { "KEEPALIVE_OVERRIDE=off" }, true, false, false, 0 },
	{ "[rule r]\noverride = on\n", { NULL }, true, true, false, 0 },
	{ "[rule r]\noverride = off\n", { NULL }, true, false, false, 0 },
	{ "[rule r]\nuser_timeout = auto\n", { NULL }, true, false, true, 0 },
	{ "user_timeout = auto\n", { NULL }, true, false, true, 0 },
	{ "user_timeout = auto\nidle = 1\ninterval = 1\n", { NULL }, true, false, true, 0 },
	{ "user_timeout = auto\nidle = 1\ninterval = 1\n", { "KEEPCNT=3" }, true, false, false, 0 },
	{ "user_timeout = auto\nidle = 1\ninterval = 1\ncount = 1\n",
	  { "KEEPCNT=0" },
	  true,
	  false,
	  true,
	  0 },
	{ "idle = 1\ninterval = 1\ncount = 1\n", { "TCP_USER_TIMEOUT=-1" }, true, false, false, 0 },
	{ "user_timeout = auto\nidle = 1\ninterval = 1\ncount = 1\n[rule r]\ncount = default\n",
	  { NULL },
	  true,
	  false,
	  true,
	  0 },
	{ "user_timeout = auto\nidle = 1\ninterval = 1\n[rule r]\ncount = default\n",
	  { "KEEPCNT=3" },
	  true,
	  false,
	  false,
	  0 },
	{ "[rule r]\nrole = client\nidle = 1\n", { NULL }, true, false, true, RULES_AT_CONNECT },
	{ "[rule r]\nrole = server\nidle = 1\n", { NULL }, true, false, true, RULES_AT_LISTEN },
	{ "[rule r]\nlocal_port = 1\nidle = 1\n", { NULL }, true, false, true, RULES_AT_LISTEN },
	{ "[rule r]\nrole = server\nremote = ::1\nidle = 1\n",
	  { NULL },
	  true,
	  false,
	  true,
	  RULES_AT_ACCEPT },
	{ "[rule r]\nrole = client\nremote = ::1\nidle = 1\n",
	  { NULL },
	  true,
	  false,
	  true,
	  RULES_AT_CONNECT | RULES_BY_DESTINATION },
	{ "[rule r]\nprogram = psql\nidle = 1\n", { NULL }, true, false, false, 0 },
	{ "[rule r]\nprogram = mysql\nrole = client\nidle = 1\n", { NULL }, true, false, false, 0 },
};

START_TEST(properties_of_policy)
{
	const struct property_case *it = &properties[_i];
	struct policy policy = policy_of(it->file, it->variables);

	ck_assert_int_eq(policy_acts(&policy), it->acts);
	ck_assert_int_eq(policy_overrides(&policy), it->overrides);
	ck_assert_int_eq(policy_needs_kernel_values(&policy), it->needs_kernel);
	ck_assert_uint_eq(rules_stages(&policy.rules), it->stages);
}
END_TEST

/* 1,000 rules and more: each holds, and where the memory ends it is said, and nothing is lost. */
START_TEST(many_rules)
{
	enum { SIZE = 64 * 1024 };
	static uint64_t little[SIZE / sizeof(uint64_t)];
	struct rules rules = { (unsigned char *)little, SIZE, 0 };
	const struct settings settings = { .value[OPTION_IDLE] = { VALUE_SET, 5, 0 } };
	unsigned int added = 0, counted = 0;
	size_t used = 0;

	for (;; added++) {
		struct rule *rule = rule_begin(&rules, text_of("name"), added + 1);
		struct condition condition = { .kind = CONDITION_REMOTE };

		ck_assert(network_read(text_of("10.0.0.1"), &condition.network));
		if (!rule || !rule_add_condition(&rules, rule, &condition) ||
		    !rule_end(&rules, rule, &settings)) {
			if (rule)
				rule_drop(&rules, rule);
			break;
		}
		used = rules.used;
	}
	ck_assert_uint_gt(added, 300);
	ck_assert_uint_eq(rules.used, used);
	ck_assert_uint_le(rules.used, SIZE);
	for (const struct rule *rule = rule_next(&rules, NULL); rule;
	     rule = rule_next(&rules, rule))
		ck_assert_uint_eq(rule->line, ++counted);
	ck_assert_uint_eq(counted, added);
}
END_TEST

/* Between the last tick but one and the last, for every combination. */
START_TEST(user_timeout_span)
{
	for (int idle = 1; idle <= 32767; idle += 1 + idle / 3)
		for (int interval = 1; interval <= 600; interval += 1 + interval / 3)
			for (int count = 1; count <= 127; count += 1 + count / 3) {
				int milliseconds = derive_user_timeout(idle, interval, count);

				ck_assert_int_gt(milliseconds,
						 (idle + (count - 1) * interval) * 1000);
				ck_assert_int_lt(milliseconds, (idle + count * interval) * 1000);
			}
	ck_assert_int_eq(derive_user_timeout(1, 1, 1), 1900);
	ck_assert_int_eq(derive_user_timeout(32767, 32767, 127), 2147483647);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("policy");
	TCase *tcase = harness_case(suite, "policy", 20);

	tcase_add_loop_test(tcase, decision, 0, sizeof decisions / sizeof *decisions);
	tcase_add_test(tcase, kernel_numbers);
	tcase_add_loop_test(tcase, properties_of_policy, 0, sizeof properties / sizeof *properties);
	tcase_add_test(tcase, many_rules);
	tcase_add_test(tcase, user_timeout_span);
	return harness_run(suite);
}
