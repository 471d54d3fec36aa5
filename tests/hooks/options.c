/*
 * Every option by itself: what override puts back and what it leaves, and what counts as set by
 * nobody. The same victim does by hand, without the library, what that is to do.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/option.h"
#include "hooks/drive.h"
#include "lib/process.h"
#include "lib/samples.h"

/* The victim's report, to be freed. */
static char *report_of(const char *path, const char *victim, const char *content)
{
	struct trial trial = { .victim = victim, .environment = { NOT_OURS } };
	struct outcome outcome;

	if (content)
		trial.file = scratch_file("options", content);
	outcome = trial_run(&trial, path, content ? shim_path() : NULL);
	ck_assert_msg(outcome.status == 0, "%s: %s%s", victim, outcome.errors, outcome.report);
	free(outcome.errors);
	return outcome.report;
}

/* Which sides of a file say what, and whether the program's own values are to be put back. */
static const struct way {
	const char *format;
	bool put_back;
} ways[] = {
	{ "keepalive = default\noverride = on\n%s = %d\n", true },
	{ "keepalive = default\n[rule all]\nrole = client server\noverride = on\n%s = %d\n", true },
	{ "keepalive = default\n%s = %d\n[rule all]\noverride = on\nprogram = *\n", true },
	{ "keepalive = default\n%1$s = %2$d\noverride = on\n[rule all]\n%1$s = default\n", false },
	{ "keepalive = default\noverride = on\n%1$s = default\n", false },
	{ "keepalive = default\noverride = off\n%s = %d\n", false },
	{ "keepalive = default\noverride = on\n[rule all]\noverride = off\nprogram = *\n%s = %d\n",
	  false },
};

enum { WAYS = sizeof ways / sizeof *ways };

static void overrule(const char *path, size_t id, const struct way *way)
{
	char content[300], by_hand[100], what[200], *expected, *got;

	snprintf(by_hand, sizeof by_hand, "overrule");
	if (way->put_back)
		snprintf(by_hand, sizeof by_hand, "overrule %s=%d", option_table[id].key,
			 samples[id].configured);
		/* The format's are all above. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(content, sizeof content, way->format, option_table[id].key,
		 samples[id].configured);
#pragma GCC diagnostic pop
	snprintf(what, sizeof what, "%s, way %td", option_table[id].key, way - ways);
	expected = report_of(path, by_hand, NULL);
	got = report_of(path, "overrule", content);
	expect_text(got, expected, what);
	free(expected), free(got);
}

START_TEST(overrule_with_glibc)
{
	overrule(victim_path(), (size_t)_i / WAYS, &ways[(size_t)_i % WAYS]);
}
END_TEST

START_TEST(overrule_with_musl)
{
	const char *musl = build_path("tests/hooks/victim-musl");
	char path[512];

	if (access(musl, X_OK))
		SKIP("built without musl-gcc");
	snprintf(path, sizeof path, "%s", musl);
	overrule(path, (size_t)_i / WAYS, &ways[(size_t)_i % WAYS]);
}
END_TEST

/*
 * Where sysctls were changed, an activated program reads them: what new sockets have counts as set
 * by nobody, what they usually have elsewhere as set by the program.
 */
#define CHANGED                                                                                    \
	"exec unshare -Urn sh -c 'ip link set lo up && cd /proc/sys/net/ipv4 && "                  \
	"{ ! test -e $SYSCTL || echo $CHANGED >$SYSCTL; } && LISTEN_FDS=1 && LISTEN_PID=1 && "     \
	"export LISTEN_FDS LISTEN_PID && " BECOME "' sh \"$@\""

static char *activated(size_t id, const char *victim, const char *preload)
{
	char content[100], sysctl[60], value[60];
	struct trial trial = { .victim = victim,
			       .shell = CHANGED,
			       .environment = { NOT_OURS, sysctl, value } };
	struct outcome outcome;

	snprintf(content, sizeof content, "keepalive = default\n%s = %d\n", option_table[id].key,
		 samples[id].configured);
	snprintf(sysctl, sizeof sysctl, "SYSCTL=%s", option_table[id].sysctl);
	snprintf(value, sizeof value, "CHANGED=%d", samples[id].sysctl);
	ck_assert_int_ne(samples[id].sysctl, 0);
	trial.file = scratch_file("sysctl", content);
	outcome = trial_run(&trial, victim_path(), preload);
	ck_assert_msg(outcome.status == 0, "%s", outcome.errors);
	free(outcome.errors);
	return outcome.report;
}

START_TEST(sysctls)
{
	size_t id = (size_t)_i;
	char line[80], *got, *expected;

	if (!*option_table[id].sysctl)
		return;
	if (!have_network_namespaces())
		SKIP("no network namespace can be made here");
	snprintf(line, sizeof line, "connected, %s: %d\n", option_table[id].key,
		 samples[id].configured);
	got = activated(id, "values", NULL);
	if (strstr(got, ": ENOPROTOOPT") && id == OPTION_RTO_MAX)
		SKIP("this kernel has no such option");
	ck_assert_ptr_null(strstr(got, line));
	free(got);
	got = activated(id, "values", shim_path());
	ck_assert_msg(strstr(got, line) != NULL, "%s", got);
	free(got);
	for (int own = 0; own <= 1; own++) {
		expected = activated(id, own ? "values own" : "values usual", NULL);
		got = activated(id, own ? "values own" : "values usual", shim_path());
		expect_text(got, expected, option_table[id].key);
		free(got), free(expected);
	}
}
END_TEST

/* What a rule can say that is seen on a connection. */
static bool is_ruled(size_t id)
{
	return id != OPTION_KEEPALIVE && samples[id].reads == READS_ANYWHERE;
}

/* A socket that is not connected yet is nobody's client: what is put back is what holds for all. */
START_TEST(overrule_unused)
{
	size_t id = (size_t)_i;
	char content[300], line[100], *got;

	if (!is_ruled(id))
		return;
	snprintf(content, sizeof content,
		 "keepalive = default\noverride = on\n%1$s = %2$d\n[rule client]\nrole = client\n"
		 "%1$s = %3$d\n[rule server]\nrole = server\n%1$s = %3$d\n",
		 option_table[id].key, samples[id].configured, samples[id].ruled);
	snprintf(line, sizeof line, "made, %s: %d\n", option_table[id].key, samples[id].configured);
	got = report_of(victim_path(), "overrule", content);
	if (id == OPTION_RTO_MAX && strstr(got, "ENOPROTOOPT"))
		SKIP("this kernel has no such option");
	ck_assert_msg(strstr(got, line) != NULL, "no %s in %s", line, got);
	snprintf(line, sizeof line, "client, %s: %d\n", option_table[id].key, samples[id].ruled);
	ck_assert_msg(strstr(got, line) != NULL, "no %s in %s", line, got);
	free(got);
}
END_TEST

/* One option alone is configured, and a rule that says otherwise of it at connect(). */
START_TEST(rule_for_one)
{
	static const char *const whose[] = { "past", "handed", "handed raw" };
	size_t id = (size_t)_i;
	char content[200], line[100], *got;

	if (!is_ruled(id))
		return;
	snprintf(content, sizeof content, "keepalive = default\n%s = %d\n", option_table[id].key,
		 samples[id].configured);
	snprintf(content + strlen(content), sizeof content - strlen(content),
		 "[rule near]\nremote = 127.0.0.1\n%s = %d\n", option_table[id].key,
		 samples[id].ruled);
	got = report_of(victim_path(), "handed", NULL);
	if (id == OPTION_RTO_MAX && strstr(got, "ENOPROTOOPT"))
		SKIP("this kernel has no such option");
	free(got);
	got = report_of(victim_path(), "handed", content);
	for (size_t i = 0; i < sizeof whose / sizeof *whose; i++) {
		snprintf(line, sizeof line, "%s, %s: %d\n", whose[i], option_table[id].key,
			 samples[id].ruled);
		ck_assert_msg(strstr(got, line) != NULL, "no %s in %s", line, got);
	}
	free(got);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("options");

	tcase_add_loop_test(harness_case(suite, "glibc", 60), overrule_with_glibc, 0,
			    OPTIONS * WAYS);
	tcase_add_loop_test(harness_case(suite, "musl", 60), overrule_with_musl, 0, OPTIONS * WAYS);
	tcase_add_loop_test(harness_case(suite, "rule", 60), rule_for_one, 0, OPTIONS);
	tcase_add_loop_test(harness_case(suite, "unused", 60), overrule_unused, 0, OPTIONS);
	tcase_add_loop_test(harness_case(suite, "sysctls", 60), sysctls, 0, OPTIONS);
	return harness_run(suite);
}
