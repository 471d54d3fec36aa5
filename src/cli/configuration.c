/* What the library would go by here: environment, file and kernel, with the command line over them. */
#include "cli/configuration.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define DEFAULT_FILE SYSCONFDIR "/libkeepalive.conf"

static unsigned char rule_memory[RULE_MEMORY_SIZE] __attribute__((aligned(8)));
static struct text program_name[PROGRAM_NAMES];

static const struct text *program_names_given(void)
{
	return program_name;
}

static void say(void *context, const struct complaint *complaint)
{
	struct line place = { 0 }, line = { 0 };

	(void)context;
	line_add_text(&place, complaint->file, sizeof place.at);
	complaint_write_problem(complaint, &line);
	fprintf(stderr, "keepalive: %.*s", (int)place.length, place.at);
	if (complaint->line)
		fprintf(stderr, ":%u:%u", complaint->line, complaint->column);
	fprintf(stderr, "%s%.*s\n", place.length ? ": " : "", (int)line.length, line.at);
}

/* Half a file is no file, as the library has it. */
static enum problem read_all(int fd, const char *path, struct file_content *content,
			     struct complaints *complaints)
{
	struct file_reader reader;
	size_t room;
	ssize_t length;

	file_reader_start(&reader, content, path, program_names_given, complaints);
	do {
		char *to = file_reader_room(&reader, &room);

		length = read(fd, to, room);
		if (length > 0)
			file_reader_filled(&reader, (size_t)length);
	} while (length > 0 || (length < 0 && errno == EINTR));
	if (length == 0) {
		file_reader_end(&reader);
		return PROBLEM_NONE;
	}
	content->rules.used = 0;
	content->globals = (struct settings){ 0 };
	return PROBLEM_UNREADABLE;
}

static enum problem read_opened(int fd, bool named, const char *path, struct file_content *content,
				struct complaints *complaints)
{
	struct stat file;
	enum problem problem;

	if (fstat(fd, &file))
		return PROBLEM_UNREADABLE;
	problem = file_refused(&(struct file_facts){ .named = named,
						     .mode = file.st_mode,
						     .owner = file.st_uid,
						     .user = geteuid(),
						     .size = (unsigned long long)file.st_size });
	return problem ? problem : read_all(fd, path, content, complaints);
}

static void read_file(struct configuration *configuration, bool named, struct complaints *complaints)
{
	struct complaint complaint = { .file = text_of(configuration->path) };
	int fd;

	if (!*configuration->path)
		return;
	configuration->found = true;
	fd = open(configuration->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0) {
		complaint.problem = file_open_problem(errno, named);
		configuration->found = complaint.problem;
	} else {
		complaint.problem = read_opened(fd, named, configuration->path,
						&configuration->file, complaints);
		close(fd);
	}
	if (complaint.problem)
		complain(complaints, &complaint);
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
			const char *path, const char *const *program)
{
	struct complaints complaints = { .take = wanted->silent ? NULL : say };
	struct policy *policy = &configuration->policy;
	const char *named = path ? path : wanted->config;

	*configuration = (struct configuration){ .wanted = wanted };
	configuration->file.rules =
		(struct rules){ .memory = rule_memory, .size = sizeof rule_memory };
	for (size_t i = 0; i < PROGRAM_NAMES; i++)
		program_name[i] = text_of(program ? program[i] : "");
	environment_read(&configuration->environment, environ, &complaints);
	if (!named)
		named = configuration->environment.file;
	configuration->path = named ? named : DEFAULT_FILE;
	read_file(configuration, named != NULL, &complaints);
	policy->environment = configuration->environment.settings;
	merge(&policy->environment, &wanted->settings);
	policy->globals = configuration->file.globals;
	policy->rules = configuration->file.rules;
	kernel_values_read(&policy->kernel);
	configuration->complaints = complaints.count;
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
		line_add(line,
			 option_table[option].variable[configuration->environment.rank[option]]);
	}
}

/* Who said so, where somebody did: a rule, a line, a flag or a variable. */
static void write_speaker(const struct configuration *configuration, size_t option,
			  const struct choice *choice, struct line *line)
{
	enum { PATH_SHOWN = 500, NAME_SHOWN = 200 };

	if (!choice->said.line) {
		write_name(configuration, option, line);
		return;
	}
	line_add_text(line, text_of(configuration->path), PATH_SHOWN);
	line_add(line, ":");
	line_add_number(line, choice->said.line);
	if (choice->rule) {
		line_add(line, ", rule ");
		line_add_text(line, rule_name(choice->rule), NAME_SHOWN);
	}
}

struct source configuration_source(const struct configuration *configuration, size_t option,
				   const struct choice *choice)
{
	static const char *const how[] = { [VALUE_KERNEL] = ", default", [VALUE_AUTO] = ", auto",
					   [VALUE_SET] = "" };
	const char *sysctl = option < OPTIONS ? option_table[option].sysctl : "";
	struct source source;
	struct line line = { 0 };

	if (choice->said.state != VALUE_ABSENT) {
		write_speaker(configuration, option, choice, &line);
		line_add(&line, how[choice->said.state]);
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

int sysctl_number(const char *name, int otherwise)
{
	char path[80];
	int number = otherwise;
	FILE *file;

	snprintf(path, sizeof path, "/proc/sys/net/ipv4/%s", name);
	file = fopen(path, "re");
	if (!file)
		return otherwise;
	if (fscanf(file, "%d", &number) != 1)
		number = otherwise;
	fclose(file);
	return number;
}

/* The coarse clocks go by jiffies. */
int kernel_hz(void)
{
	struct timespec jiffy;

	if (clock_getres(CLOCK_MONOTONIC_COARSE, &jiffy) || jiffy.tv_sec || jiffy.tv_nsec < 100000)
		return 0;
	return (int)((1000000000 + jiffy.tv_nsec / 2) / jiffy.tv_nsec);
}

void kernel_values_read(struct kernel_values *kernel)
{
	kernel_values_default(kernel);
	for (size_t id = 0; id < OPTIONS; id++)
		if (option_table[id].sysctl[0])
			kernel->number[id] =
				sysctl_number(option_table[id].sysctl, kernel->number[id]);
}
