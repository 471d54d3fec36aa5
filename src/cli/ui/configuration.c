/* What the library would go by here: environment, file and kernel, with the command line over them.
 */
#include "cli/ui/configuration.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/base/kernel.h"
#include "cli/ui/doubts.h"
#include "cli/ui/nearest.h"
#include "cli/ui/report.h"
#include "core/users.h"

static unsigned char rule_memory[RULE_MEMORY_SIZE] __attribute__((aligned(8)));
static struct text program_name[PROGRAM_NAMES];

static const struct text *program_names_given(void)
{
	return program_name;
}

static void say(void *context, const struct error *error)
{
	struct line place = { 0 }, line = { 0 };
	char file[sizeof place.at], text[sizeof line.at + sizeof(struct suggestion)];
	struct suggestion suggestion = { "" };

	if (*(const enum reporting *)context ==
	    (error_is_warning(error->code) ? REPORT_ERRORS : REPORT_WARNINGS))
		return;
	line_add_text(&place, error->file, sizeof place.at);
	error_write_reason(error, &line);
	if (error->code == ERROR_UNKNOWN_KEY)
		suggestion = doubts_suggest_key(error->word);
	snprintf(file, sizeof file, "%.*s", (int)place.length, place.at);
	snprintf(text, sizeof text, "%.*s%s", (int)line.length, line.at, suggestion.at);
	report(&(struct report){ file, error->line, error->column, text });
}

static int open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	return fd < 0 ? -errno : fd;
}

static int describe_file(int fd, struct file_status *status)
{
	struct stat file;

	if (fstat(fd, &file))
		return -errno;
	*status = (struct file_status){ .mode = file.st_mode,
					.owner = file.st_uid,
					.size = (unsigned long long)file.st_size };
	return 0;
}

static long read_file(int fd, char *to, size_t size)
{
	ssize_t length;

	do
		length = read(fd, to, size);
	while (length < 0 && errno == EINTR);
	return length < 0 ? -errno : length;
}

static void close_file(int fd)
{
	close(fd);
}

static const struct system calls = { open_file, describe_file, read_file, close_file };

enum error_code configuration_user(struct text word, uint32_t *user)
{
	return user_read(word, &calls, user);
}

static void merge(struct settings *settings, const struct settings *over)
{
	for (size_t id = 0; id < OPTIONS; id++)
		if (over->value[id].state != VALUE_ABSENT)
			settings->value[id] = over->value[id];
	if (over->override.state != VALUE_ABSENT)
		settings->override = over->override;
}

void configuration_read(struct configuration *configuration, const struct wanted *wanted,
			const char *path, const struct subject *subject)
{
	enum reporting reporting = wanted->reporting;
	struct errors errors = { .take = reporting == REPORT_NOTHING ? NULL : say,
				 .context = &reporting };
	struct policy *policy = &configuration->policy;
	const struct program program = { .names = program_names_given,
					 .user_known = subject && subject->user_known,
					 .user = subject ? subject->user : 0,
					 .system = &calls };
	const struct loader loader = {
		.variables = environ,
		.default_file = SYSCONFDIR "/libkeepalive.conf",
		.file = path ? path : wanted->config,
		.user = geteuid(),
		.even_if_off = true,
		.program = &program,
		.system = &calls,
	};

	*configuration = (struct configuration){ .wanted = wanted };
	configuration->loaded.file.rules =
		(struct rules){ .memory = rule_memory, .size = sizeof rule_memory };
	for (size_t i = 0; i < PROGRAM_NAMES; i++)
		program_name[i] = text_of(subject && subject->name[i] ? subject->name[i] : "");
	configuration_load(&configuration->loaded, &loader, &errors);
	configuration_policy(&configuration->loaded, policy);
	merge(&policy->environment, &wanted->settings);
	kernel_values_read(&policy->kernel);
	configuration->errors = errors.count;
	configuration->warnings = errors.warnings;
	if (reporting == REPORT_ALL || reporting == REPORT_WARNINGS)
		configuration->warnings += doubts_of_flags(wanted) + doubts_of_environment();
}

/* The flag or variable by which it was said. */
static void write_name(const struct configuration *configuration, size_t option, struct line *line)
{
	if (option == OPTIONS) {
		line_add(line, "KEEPALIVE_OVERRIDE");
	} else if (configuration->wanted->word[option]) {
		line_add(line, "--");
		line_add(line, flag_name(&option_table[option]).at);
	} else {
		line_add(line, option_table[option]
				       .variable[configuration->loaded.environment.rank[option]]);
	}
}

/* Who said so, where somebody did: a rule, a line, a flag or a variable. */
static void write_speaker(const struct configuration *configuration, size_t option,
			  const struct choice *choice, struct line *line)
{
	enum { PATH_SHOWN = 500, NAME_SHOWN = 200 };

	if (!choice->value.line) {
		write_name(configuration, option, line);
		return;
	}
	line_add_text(line, text_of(configuration->loaded.path), PATH_SHOWN);
	line_add(line, ":");
	line_add_number(line, choice->value.line);
	if (choice->rule) {
		line_add(line, ", rule ");
		line_add_text(line, rule_name(choice->rule), NAME_SHOWN);
	}
}

/* True where it is set to something that keepalive = off keeps from being set. */
static bool is_kept_off(size_t option, const struct choice *choice)
{
	if (choice->configured || option == OPTION_KEEPALIVE)
		return false;
	return choice->value.state == VALUE_AUTO ||
	       (choice->value.state == VALUE_SET && (option < OPTIONS || choice->value.number));
}

struct source configuration_source(const struct configuration *configuration, size_t option,
				   const struct choice *choice)
{
	static const char *const how[] = {
		[VALUE_KERNEL] = ", default", [VALUE_AUTO] = ", auto", [VALUE_SET] = ""
	};
	const char *sysctl = option < OPTIONS ? option_table[option].sysctl : "";
	struct source source;
	struct line line = { 0 };

	if (choice->value.state != VALUE_ABSENT && !is_kept_off(option, choice)) {
		write_speaker(configuration, option, choice, &line);
		line_add(&line, how[choice->value.state]);
	} else if (choice->configured || option == OPTIONS) {
		line_add(&line, "the library");
	} else if (*sysctl) {
		line_add(&line, "net.ipv4.");
		line_add(&line, sysctl);
	} else {
		line_add(&line, "the kernel");
	}
	snprintf(source.at, sizeof source.at, "%.*s", (int)line.length, line.at);
	return source;
}
