/* The variables: which are taken, which name of an option wins, what is reported. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/environment.h"
#include "lib/harness.h"
#include "lib/messages.h"

static const struct environment_case {
	const char *variables[6];
	const char *values, *messages;
} environments[] = {
	{ { "HOME=/", "TERM=x", "LANG=C", "KEEPALIVED=1", "KEEPALIVE_IDLEX=1", "K" }, "", "" },
	{ { "KEEPALIVE_IDLE=60" }, "idle 60", "" },
	{ { "KEEPIDLE=61" }, "idle 61", "" },
	{ { "TCP_KEEPIDLE=62" }, "idle 62", "" },
	{ { "DD_TCP_KEEPALIVE_TIME=63" }, "idle 63", "" },
	{ { "DD_TCP_KEEPALIVE_TIME=63", "TCP_KEEPIDLE=62", "KEEPIDLE=61", "KEEPALIVE_IDLE=60" },
	  "idle 60",
	  "" },
	{ { "KEEPALIVE_IDLE=60", "KEEPIDLE=61", "TCP_KEEPIDLE=62", "DD_TCP_KEEPALIVE_TIME=63" },
	  "idle 60",
	  "" },
	{ { "DD_TCP_KEEPALIVE_TIME=63", "TCP_KEEPIDLE=62", "KEEPIDLE=61" }, "idle 61", "" },
	{ { "TCP_KEEPIDLE=62", "DD_TCP_KEEPALIVE_TIME=63" }, "idle 62", "" },
	{ { "KEEPALIVE_IDLE=x", "KEEPIDLE=61" },
	  "idle 61",
	  "KEEPALIVE_IDLE: \"x\" is not a time (units: ms, s, min, h)\n" },
	{ { "KEEPALIVE_IDLE=default", "KEEPIDLE=61" }, "idle default", "" },
	{ { "KEEPALIVE_IDLE=", "KEEPIDLE= " }, "", "" },
	{ { "KEEPALIVE_IDLE=60", "KEEPALIVE_IDLE=70" }, "idle 60", "" },
	{ { "KEEPINTVL=5", "KEEPCNT=3" }, "interval 5, count 3", "" },
	{ { "TCP_KEEPINTVL=5", "TCP_KEEPCNT=3" }, "interval 5, count 3", "" },
	{ { "DD_TCP_KEEPALIVE_INTVL=5", "DD_TCP_KEEPALIVE_PROBES=3" }, "interval 5, count 3", "" },
	{ { "KEEPALIVE_INTERVAL=5", "KEEPALIVE_COUNT=3" }, "interval 5, count 3", "" },
	{ { "KEEPALIVE_USER_TIMEOUT=30s", "TCP_USER_TIMEOUT=4s" }, "user_timeout 30000", "" },
	{ { "TCP_USER_TIMEOUT=30" },
	  "user_timeout 30",
	  "TCP_USER_TIMEOUT: \"30\" is 30ms; did you mean 30s? If not, write 30ms\n" },
	{ { "KEEPALIVE_USER_TIMEOUT=999" },
	  "user_timeout 999",
	  "KEEPALIVE_USER_TIMEOUT: \"999\" is 999ms; did you mean 999s? If not, write 999ms\n" },
	{ { "KEEPALIVE_USER_TIMEOUT=1000" }, "user_timeout 1000", "" },
	{ { "KEEPALIVE_USER_TIMEOUT=30ms" }, "user_timeout 30", "" },
	{ { "TCP_USER_TIMEOUT=4000" }, "user_timeout 4000", "" },
	{ { "TCP_USER_TIMEOUT=-1" }, "user_timeout auto", "" },
	{ { "TCP_USER_TIMEOUT=0" }, "user_timeout default", "" },
	{ { "KEEPALIVE_USER_TIMEOUT=-1" },
	  "",
	  "KEEPALIVE_USER_TIMEOUT: \"-1\" is not a time (units: ms, s, min, h)\n" },
	{ { "TCP_USER_TIMEOUT=-2" },
	  "",
	  "TCP_USER_TIMEOUT: \"-2\" is not a time (units: ms, s, min, h)\n" },
	{ { "TCP_KEEPIDLE=-1" },
	  "",
	  "TCP_KEEPIDLE: \"-1\" is not a time (units: ms, s, min, h)\n" },
	{ { "KEEPALIVE_RTO_MAX=5s" }, "rto_max 5000", "" },
	{ { "KEEPALIVE_SYN_COUNT=2", "TCP_SYNCNT=3" }, "syn_count 2", "" },
	{ { "TCP_SYNCNT=3", "TCP_DEFER_ACCEPT=4", "TCP_MAXSEG=500", "TCP_WINDOW_CLAMP=6" },
	  "syn_count 3, defer_accept 4, max_segment 500, window_clamp 6",
	  "" },
	{ { "KEEPALIVE_DEFER_ACCEPT=4", "KEEPALIVE_MAX_SEGMENT=500", "KEEPALIVE_WINDOW_CLAMP=6" },
	  "defer_accept 4, max_segment 500, window_clamp 6",
	  "" },
	{ { "KEEPALIVE_OVERRIDE=on" }, "override 1", "" },
	{ { "KEEPALIVE_OVERRIDE=off" }, "override 0", "" },
	{ { "KEEPALIVE_OVERRIDE=x" }, "", "KEEPALIVE_OVERRIDE: \"x\" is neither on nor off\n" },
	{ { "KEEPALIVE_SANDBOXED=x" }, "", "KEEPALIVE_SANDBOXED: \"x\" is neither on nor off\n" },
	{ { "KEEPALIVE_LOG_LEVEL=x" },
	  "",
	  "KEEPALIVE_LOG_LEVEL: \"x\" is not error, info or debug\n" },
	{ { "KEEPALIVE=on" }, "keepalive 1", "" },
	{ { "KEEPALIVE=off" }, "keepalive 0", "" },
	{ { "KEEPALIVE=default" }, "keepalive default", "" },
	{ { "DD_USE_KEEPALIVE=0" }, "keepalive 0", "" },
	{ { "DD_USE_KEEPALIVE=0", "KEEPALIVE=on" }, "keepalive 1", "" },
	{ { "KEEPALIVE=junk" }, "", "KEEPALIVE: \"junk\" is neither on nor off\n" },
	{ { "KEEPALIVE_LOG=loud" },
	  "",
	  "KEEPALIVE_LOG: \"loud\" is not off, stderr, syslog or an "
	  "absolute path\n" },
};

enum { ENVIRONMENTS = sizeof environments / sizeof *environments };

static struct environment read_variables(const char *const *variables, size_t count,
					 struct messages *messages)
{
	struct errors errors = collect_messages(messages);
	struct environment environment = { 0 };
	char *copy[9] = { 0 };

	for (size_t i = 0; i < count && variables[i]; i++)
		copy[i] = (char *)(uintptr_t)variables[i];
	environment_read(&environment, copy, &errors);
	return environment;
}

START_TEST(variables_read)
{
	const struct environment_case *it = &environments[_i];
	struct messages messages = { 0 };
	struct environment environment = read_variables(it->variables, 6, &messages);

	ck_assert_str_eq(values_text(&environment.settings), it->values);
	ck_assert_str_eq(messages.at, it->messages);
	ck_assert_int_eq(environment_says_off(&environment),
			 strstr(it->values, "keepalive 0") != NULL);
}
END_TEST

/* Of two variables of one name the first counts, as for getenv. */
START_TEST(same_name_twice)
{
	const char *const variables[] = { "KEEPALIVE_LOG=off",         "KEEPALIVE_LOG=/tmp/x",
					  "KEEPALIVE_LOG_LEVEL=error", "KEEPALIVE_LOG_LEVEL=debug",
					  "KEEPALIVE_OVERRIDE=off",    "KEEPALIVE_OVERRIDE=on",
					  "KEEPALIVE_CONF=a",          "KEEPALIVE_CONF=b" };
	struct messages messages = { 0 };
	struct environment environment = read_variables(variables, 8, &messages);

	ck_assert_str_eq(messages.at, "");
	ck_assert_int_eq(environment.logging.target, LOG_OFF);
	ck_assert_int_eq(environment.logging.level, LEVEL_ERROR);
	ck_assert_str_eq(environment.file, "a");
	ck_assert_str_eq(values_text(&environment.settings), "override 0");
}
END_TEST

/* Each name in the table is read, whatever letter it begins with. */
START_TEST(variables_of_the_table)
{
	for (size_t id = 0; id < OPTIONS; id++)
		for (size_t i = 0; i < OPTION_VARIABLES && option_table[id].variable[i][0]; i++) {
			struct environment environment = { 0 };
			struct errors errors = { 0 };
			char text[64];
			char *variables[] = { text, NULL };

			snprintf(text, sizeof text, "%s=default", option_table[id].variable[i]);
			environment_read(&environment, variables, &errors);
			ck_assert_msg(environment.settings.value[id].state == VALUE_KERNEL, "%s",
				      text);
			ck_assert_uint_eq(environment.rank[id], i);
		}
}
END_TEST

START_TEST(variables_of_others)
{
	const char *const variables[] = { "KEEPALIVE_CONF=a=b", "LISTEN_FDS=2", "LISTEN_PID=3",
					  "KEEPALIVE_LOG=off", "KEEPALIVE_SANDBOXED=on" };
	struct messages messages = { 0 };
	struct environment environment = read_variables(variables, 5, &messages);
	struct environment nothing = read_variables(variables, 0, &messages);

	ck_assert_str_eq(environment.file, "a=b");
	ck_assert_str_eq(environment.listen_fds, "2");
	ck_assert_str_eq(environment.listen_pid, "3");
	ck_assert_int_eq(environment.logging.target, LOG_OFF);
	ck_assert_int_eq(environment.sandboxed.state, VALUE_SET);
	ck_assert_int_eq(environment.sandboxed.number, 1);
	ck_assert_ptr_null(nothing.file);
	ck_assert_int_eq(nothing.sandboxed.state, VALUE_ABSENT);
	ck_assert_int_eq(nothing.logging.target, LOG_UNSET);
	environment_read(&nothing, NULL, &(struct errors){ 0 });
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("environment");
	TCase *tcase = harness_case(suite, "environment", 10);

	tcase_add_loop_test(tcase, variables_read, 0, ENVIRONMENTS);
	tcase_add_test(tcase, same_name_twice);
	tcase_add_test(tcase, variables_of_the_table);
	tcase_add_test(tcase, variables_of_others);
	return harness_run(suite);
}
