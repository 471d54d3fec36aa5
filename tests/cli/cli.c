/* Runs the command as an operator does, and reads what it prints. */
#define _GNU_SOURCE
#include "cli/cli.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/harness.h"

enum { ARGUMENTS_MAX = 40, WORDS = 8, WORD_SIZE = 24 };

struct called call_as(const char *user, const char *const *variables, const char *const *arguments)
{
	const char *argv[ARGUMENTS_MAX + 2] = { user ? public_copy("keepalive")
						     : build_path("keepalive") };
	struct command command = { .argv = argv, .user = user };
	struct called called;

	for (int i = 0; arguments[i]; i++) {
		ck_assert_int_lt(i, ARGUMENTS_MAX);
		argv[i + 1] = arguments[i];
	}
	for (int i = 0; variables && variables[i]; i++)
		command.environment[i] = variables[i];
	called.output = process_run_both(&command, &called.status, &called.errors);
	return called;
}

struct called call(const char *const *arguments)
{
	return call_as(NULL, NULL, arguments);
}

const char *const *verb_names(void)
{
	enum { VERBS_MAX = 32 };
	static const char *names[VERBS_MAX];
	int count = 0;

	for (char *line = strtok(CALL("--help").output, "\n"); line; line = strtok(NULL, "\n")) {
		if (strspn(line, " ") != 2 || line[2] == '-' || !strncmp(line + 2, "help ", 5))
			continue;
		ck_assert_int_lt(count, VERBS_MAX - 1);
		names[count++] = strndup(line + 2, strcspn(line + 2, " "));
	}
	ck_assert_int_gt(count, 5);
	names[count] = NULL;
	return names;
}

void expect_status(const struct called *called, int status)
{
	ck_assert_msg(called->status == status, "status %d, expected %d: %s%.2000s", called->status,
		      status, called->errors, called->output);
}

void expect_says(const char *text, const char *word)
{
	ck_assert_msg(strstr(text, word), "no \"%s\" in: %.2000s", word, text);
}

struct process start_zoo(const char *preload)
{
	const char *script = source_path("tests/cli/zoo.py");
	struct process zoo = process_start(&(struct command){
		.argv = (const char *const[]){ "python3", script, NULL }, .preload = preload });

	ck_assert(wait_for_word(zoo.output, "ready", 20));
	return zoo;
}

const char *word_of(long number)
{
	static char words[WORDS][WORD_SIZE];
	static int next;
	char *word = words[next++ % WORDS];

	snprintf(word, WORD_SIZE, "%ld", number);
	return word;
}

char *joined(const char *a, const char *b)
{
	char *both;

	ck_assert_int_ge(asprintf(&both, "%s%s", a, b), 0);
	return both;
}

const char *victim(void)
{
	return strdup(build_path("tests/hooks/victim"));
}

char *flag_of(const struct option_row *option)
{
	char *flag = joined("--", option->key);

	for (char *at = flag; *at; at++)
		*at = *at == '_' ? '-' : *at;
	return flag;
}

bool next_row(char **output, struct row *row)
{
	char *line = strsep(output, "\n"), *cell;

	row->cells = 0;
	if (!line || !*line)
		return false;
	while (row->cells < CELLS_MAX && (cell = strsep(&line, " ")))
		row->cell[row->cells++] = cell;
	return true;
}

struct row find_row(const char *output, int column, const char *word)
{
	char *copy = strdup(output);
	struct row row;

	while (next_row(&copy, &row))
		if (column < row.cells && !strcmp(row.cell[column], word))
			return row;
	ck_abort_msg("no row has %s in column %d: %.2000s", word, column, output);
	return row;
}

bool is_json(const char *text)
{
	const char *path = scratch_file("json", text);
	int status;

	free(process_run(
		&(struct command){
			.argv = (const char *const[]){ "python3", "-m", "json.tool", path, NULL } },
		&status));
	return !status;
}

void write_32bit_program(const char *path, unsigned short machine, const char *interpreter)
{
	struct {
		Elf32_Ehdr header;
		Elf32_Phdr interpreter;
		char name[24];
	} file = {
		.header = { .e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32,
					 ELFDATA2LSB, EV_CURRENT },
			    .e_type = ET_DYN,
			    .e_machine = machine,
			    .e_version = EV_CURRENT,
			    .e_phoff = sizeof file.header,
			    .e_ehsize = sizeof file.header,
			    .e_phentsize = sizeof file.interpreter,
			    .e_phnum = 1 },
		.interpreter = { .p_type = PT_INTERP,
				 .p_offset = sizeof file.header + sizeof file.interpreter,
				 .p_filesz = sizeof file.name },
	};
	FILE *to = fopen(path, "w");

	ck_assert_ptr_nonnull(to);
	snprintf(file.name, sizeof file.name, "%s", interpreter);
	ck_assert_uint_eq(fwrite(&file, sizeof file, 1, to), 1);
	ck_assert_int_eq(fclose(to), 0);
	ck_assert_int_eq(chmod(path, 0755), 0);
}
