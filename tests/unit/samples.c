/* The sample configuration and the ready ones: all that they say can be read, and is so. */
#include <arpa/inet.h>
#include <glob.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/harness.h"
#include "lib/in_memory.h"
#include "lib/messages.h"

enum { MEMORY_SIZE = 64 * 1024 };

static _Alignas(uint64_t) unsigned char memory[MEMORY_SIZE];
static struct text names[PROGRAM_NAMES];
static const char users[] = "backup:x:34:34::/:/bin/false\n";

static const struct text *program_names(void)
{
	return names;
}

/* Reads `content` as in a program called `name`; fails the test where anything is reported. */
static struct file_content read_content(const char *content, const char *name)
{
	struct messages messages = { 0 };
	struct loaded loaded = { .file.rules = { memory, sizeof memory, 0 } };
	struct errors errors = collect_messages(&messages);

	names[0] = text_of(name);
	in_memory.users = (struct file_in_memory){ users, sizeof users - 1, 0 };
	load_in_memory(&loaded, NULL, content, strlen(content),
		       (struct program){ .names = program_names }, &errors);
	ck_assert_msg(!errors.count, "%s", messages.at);
	return loaded.file;
}

/* Takes the # away where something other than a blank comes after it: there is no prose. */
static void uncomment(char *content)
{
	char *to = content;
	bool begins = true;

	for (char *from = content; *from; from++) {
		if (!(begins && *from == '#' && from[1] != ' ' && from[1] != '\n'))
			*to++ = *from;
		begins = *from == '\n';
	}
	*to = 0;
}

static char *sample(void)
{
	char *content = read_whole(source_path("conf/libkeepalive.conf"));

	ck_assert_str_ne(content, "");
	return content;
}

/* As it is installed it says nothing at all. */
START_TEST(sample_as_it_is)
{
	char *content = sample();
	struct file_content read = read_content(content, "psql");

	ck_assert_str_eq(values_text(&read.globals), "");
	ck_assert_int_eq(read.logging.target, LOG_UNSET);
	ck_assert_int_eq(read.logging.level, LEVEL_UNSET);
	ck_assert_int_eq(read.sandboxed.state, VALUE_ABSENT);
	ck_assert_ptr_null(rule_next(&read.rules, NULL));
	free(content);
}
END_TEST

START_TEST(sample_uncommented)
{
	char *content = sample();
	struct file_content read;

	uncomment(content);
	read = read_content(content, "nobody");
	for (size_t id = 0; id < OPTIONS; id++)
		ck_assert_msg(read.globals.value[id].state != VALUE_ABSENT,
			      "%s is not in the sample", option_table[id].key);
	ck_assert_int_ne(read.globals.override.state, VALUE_ABSENT);
	ck_assert_int_ne(read.sandboxed.state, VALUE_ABSENT);
	ck_assert_int_eq(read.logging.target, LOG_FILE);
	ck_assert_int_ne(read.logging.level, LEVEL_UNSET);
	free(content);
}
END_TEST

/* The worked example: which rule each of its programs gets, and what that says. */
static const struct {
	const char *program, *rule, *values;
	unsigned int kinds; /* of its conditions */
} worked[] = {
	{ "psql", "database", "idle 60, interval 15, count 4, user_timeout auto",
	  1u << CONDITION_REMOTE | 1u << CONDITION_REMOTE_PORT },
	{ "firefox-esr", "browser", "keepalive 0", 0 },
	{ "nginx", "web", "idle 120, user_timeout 60000", 1u << CONDITION_LOCAL_PORT },
	{ "legacy-server", "stubborn", "idle 60, interval 10, count 6, override 1", 0 },
};

/* What a rule says where it holds, by itself. */
static const char *values_of(const struct rules *rules)
{
	const struct rule *origin[OPTIONS + 1] = { NULL };
	struct endpoint endpoint = { .remote_known = true, .remote_port = 5432, .local_port = 80 };
	struct settings settings = { 0 };
	struct sockaddr_in remote = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(0x0a010203) };
	uint16_t port;
	const struct rule *rule = rule_next(rules, NULL);

	ck_assert(address_from_socket((struct sockaddr *)&remote, sizeof remote, &endpoint.remote,
				      &port));
	endpoint.role = rule->kinds & 1u << CONDITION_LOCAL_PORT ? ROLE_SERVER : ROLE_CLIENT;
	rules_apply(rules, &endpoint, &settings, origin);
	return values_text(&settings);
}

START_TEST(sample_rules)
{
	char *content = sample();
	const struct rule *rule;
	struct file_content read;

	uncomment(content);
	read = read_content(content, worked[_i].program);
	rule = rule_next(&read.rules, NULL);
	ck_assert_ptr_nonnull(rule);
	ck_assert_ptr_null(rule_next(&read.rules, rule));
	ck_assert(text_equals(rule_name(rule), worked[_i].rule));
	ck_assert_uint_eq(rule->kinds, worked[_i].kinds);
	ck_assert_str_eq(values_of(&read.rules), worked[_i].values);
	free(content);
}
END_TEST

/* What the comment over a key has to say of its range and of its unit. */
static void describe_range(const struct option_row *option, char *text, size_t size)
{
	static const char *const unit[] = {
		[UNIT_SECONDS] = " s", [UNIT_MILLISECONDS] = " ms", [UNIT_PIECES] = " ", /* whatever
											    they are
											    pieces
											    of */
	};

	if (option->unit == UNIT_SWITCH)
		snprintf(text, size, "on or off");
	else
		snprintf(text, size, "%d to %d%s", option->minimum, option->maximum,
			 unit[option->unit]);
}

static const char *bare_number(const struct option_row *option)
{
	return option->unit == UNIT_SECONDS        ? "A bare number is seconds"
	       : option->unit == UNIT_MILLISECONDS ? "A bare number is milliseconds"
						   : "";
}

/* The comment right over "#key =", to be freed. */
static char *comment_over(const char *content, const char *key)
{
	char line[64], *at, *begin;

	snprintf(line, sizeof line, "\n#%s = ", key);
	at = strstr(content, line);
	ck_assert_msg(at, "%s is not in the sample", key);
	begin = at;
	while (begin > content && strncmp(begin, "\n\n", 2))
		begin--;
	return strndup(begin, (size_t)(at - begin));
}

START_TEST(sample_ranges)
{
	const struct option_row *option = &option_table[_i];
	char *content = sample(), *comment = comment_over(content, option->key), range[64];

	describe_range(option, range, sizeof range);
	ck_assert_msg(strstr(comment, range), "%s: no \"%s\" in:%s", option->key, range, comment);
	ck_assert_msg(strstr(comment, bare_number(option)), "%s:%s", option->key, comment);
	ck_assert_msg(!option->derivable == !strstr(comment, "auto"), "%s:%s", option->key,
		      comment);
	free(comment), free(content);
}
END_TEST

static int number_of(const struct file_content *read, enum option_id id, const char *path)
{
	const struct value *value = &read->globals.value[id];

	ck_assert_msg(value->state == VALUE_SET, "%s: no %s", path, option_table[id].key);
	return value->number;
}

static void try_ready_file(const char *path)
{
	static const char words[] = "\n# Shortest idle timeout: ";
	char *content = read_whole(path), *at = strstr(content, words);
	struct file_content read = read_content(content, "anybody");
	int idle = number_of(&read, OPTION_IDLE, path), timeout = 0, length = 0;
	int interval = number_of(&read, OPTION_INTERVAL, path);

	ck_assert_msg(at && sscanf(at + strlen(words), "%d s\n%n", &timeout, &length) == 1 &&
			      length,
		      "%s: no shortest idle timeout", path);
	ck_assert_msg(!strstr(at + 1, words), "%s: several", path);
	ck_assert_msg(strstr(content, "\n# Source: "), "%s: no source", path);
	ck_assert_msg(idle + interval < timeout, "%s: %d + %d is not less than %d", path, idle,
		      interval, timeout);
	ck_assert_int_ge(number_of(&read, OPTION_COUNT, path), 2);
	ck_assert_ptr_null(rule_next(&read.rules, NULL));
	printf("# %s: first probe after %d s, another one after %d s, forgotten after %d s\n",
	       strrchr(path, '/') + 1, idle, idle + interval, timeout);
	fflush(stdout);
	free(content);
}

START_TEST(ready_files)
{
	enum { AT_LEAST = 6 }; /* AWS, Azure, Google, Docker Swarm, Cisco and Fortinet, Oracle */
	glob_t files;

	ck_assert_int_eq(glob(source_path("conf/presets/*.conf"), 0, NULL, &files), 0);
	ck_assert_uint_ge(files.gl_pathc, AT_LEAST);
	for (size_t i = 0; i < files.gl_pathc; i++)
		try_ready_file(files.gl_pathv[i]);
	globfree(&files);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("samples");
	TCase *tcase = harness_case(suite, "samples", 20);

	tcase_add_test(tcase, sample_as_it_is);
	tcase_add_test(tcase, sample_uncommented);
	tcase_add_loop_test(tcase, sample_rules, 0, sizeof worked / sizeof *worked);
	tcase_add_loop_test(tcase, sample_ranges, 0, OPTIONS);
	tcase_add_test(tcase, ready_files);
	return harness_run(suite);
}
