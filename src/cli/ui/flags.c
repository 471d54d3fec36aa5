/* Reads the options of a verb's command line, and prints its --help. Knows nothing of settings. */
#include "cli/ui/flags.h"

#include <err.h>
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/base/memory.h"
#include "cli/ui/column.h"
#include "cli/ui/nearest.h"
#include "cli/ui/printed.h"
#include "cli/ui/settings_flags.h"

enum { HELP_COLUMN = 32, TABLES = 4 };

/* What getopt_long has for a word is its flag's number after all letters; none is taken for one.
 */
enum { WORDS = 256 };

static const struct flag help_flags[] = {
	{ FLAG_HELP, 'h', "help", NULL, "print this help and exit" },
	{ 0 },
};

/* All that a verb takes, for us and for getopt_long. */
static struct {
	int count;
	struct flag *flag;
	struct option *option;
	char *letters;
} all;

static int argument_kind(const struct flag *flag)
{
	if (!flag->argument)
		return no_argument;
	return flag->argument[0] == '[' ? optional_argument : required_argument;
}

static size_t count_flags(const struct flag *flags)
{
	size_t count = 0;

	while (flags && flags[count].name)
		count++;
	return count;
}

static void add_flags(const struct flag *flags)
{
	for (; flags && flags->name; flags++) {
		int kind = argument_kind(flags);

		all.flag[all.count] = *flags;
		all.option[all.count++] =
			(struct option){ flags->name, kind, NULL, WORDS + flags->id };
		if (flags->letter) {
			strncat(all.letters, &flags->letter, 1);
			strcat(all.letters, kind == required_argument ? ":" : "");
		}
	}
}

static void collect(const struct verb *verb)
{
	const struct flag *const tables[TABLES] = {
		verb->settings ? settings_flags() : NULL,
		verb->logging ? logging_flags : NULL,
		verb->flags,
		help_flags,
	};
	size_t count = 0;

	for (int i = 0; i < TABLES; i++)
		count += count_flags(tables[i]);
	all.flag = expect_memory(calloc(count, sizeof *all.flag));
	all.option = expect_memory(calloc(count + 1, sizeof *all.option));
	all.letters = expect_memory(calloc(2 * count + sizeof "+:", 1));
	/* + ends it at the first operand, : tells a missing argument from an unknown option. */
	strcpy(all.letters, verb->program_follows ? "+:" : ":");
	for (int i = 0; i < TABLES; i++)
		add_flags(tables[i]);
}

static void print_flag(const struct flag *flag)
{
	bool apart = flag->argument && flag->argument[0] != '[';
	int printed = flag->letter ? printf("  -%c, ", flag->letter) : printf("      ");

	printed += printf("--%s%s%s", flag->name, apart ? " " : "",
			  flag->argument ? flag->argument : "");
	if (printed > HELP_COLUMN - 2) {
		putchar('\n');
		printed = 0;
	}
	printf("%*s%s\n", HELP_COLUMN - printed, "", flag->help);
}

static void print_help(const struct verb *verb)
{
	printf("Usage: keepalive %s %s\n\n%s\n", verb->name, verb->usage, verb->details);
	if (verb->settings)
		printf("Times have a unit (500ms, 60s, 2min, 1h); a number without a unit has the unit "
		       "shown.\n"
		       "0 and \"default\" leave the kernel's value.\n\n");
	for (int i = 0; i < all.count; i++)
		print_flag(&all.flag[i]);
	if (verb->columns)
		columns_help(verb->columns);
}

static void give_help(const struct verb *verb)
{
	print_help(verb);
	exit(printed(STATUS_FINE));
}

/* --help counts wherever it is, after an error too; what comes after a program is not ours. */
static void look_for_help(const struct verb *verb, char **argv)
{
	for (char **word = argv + 1; *word && strcmp(*word, "--"); word++)
		if (!verb->program_follows && !strcmp(*word, "--help"))
			give_help(verb);
}

void flags_wrong(const struct verb *verb, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vwarnx(format, arguments);
	va_end(arguments);
	fprintf(stderr, "Try 'keepalive %s --help'.\n", verb->name);
	exit(verb->usage_status ? verb->usage_status : STATUS_USAGE);
}

/* By what getopt_long has in optopt: the letter, or the number. */
static const struct flag *find_flag(int id)
{
	for (int i = 0; id && i < all.count; i++)
		if (WORDS + all.flag[i].id == id || all.flag[i].letter == id)
			return &all.flag[i];
	return NULL;
}

/* The flag that a word like it was probably meant to be, for the end of a message. */
static struct suggestion suggest(const char *word)
{
	struct nearest nearest = { .name = NULL };

	if (word[0] == '-' && word[1] == '-') {
		nearest = nearest_to(text_head(text_of(word + 2), strcspn(word + 2, "=")));
		for (int i = 0; i < all.count; i++)
			nearest_try(&nearest, all.flag[i].name);
	}
	return nearest_suggestion(&nearest, "--");
}

__attribute__((noreturn)) static void refuse(const struct verb *verb, const char *word)
{
	flags_wrong(verb, "unknown flag %s%s", word, suggest(word).at);
}

/* getopt_long takes abbreviations: `word` is a long option, and has to be that flag in full. */
static void expect_full(const struct verb *verb, const struct flag *flag, const char *word)
{
	size_t length = strcspn(word + 2, "=");

	if (strlen(flag->name) != length || strncmp(word + 2, flag->name, length))
		refuse(verb, word);
}

/* Where an argument is optional it follows a =; a number in the next word may have been meant as
 * it. */
static void expect_no_number(const struct verb *verb, const struct flag *flag, const char *next)
{
	if (next && *next >= '0' && *next <= '9')
		flags_wrong(verb, "--%s %s has two meanings: write --%s=%s, or put %s before --%s",
			    flag->name, next, flag->name, next, next, flag->name);
}

int flags_next(const struct verb *verb, int argc, char **argv, const char **argument)
{
	const struct flag *flag;
	const char *word;
	int id, id_read;

	if (!all.count) {
		collect(verb);
		look_for_help(verb, argv);
	}
	opterr = 0;
	id = getopt_long(argc, argv, all.letters, all.option, NULL);
	*argument = optarg;
	if (id == FLAG_END)
		return id;
	id_read = id == '?' || id == ':' ? optopt : id;
	/* The word that was read: the last, or that before an argument of its own. */
	word = argv[optind - 1 - (optarg && optarg == argv[optind - 1])];
	flag = find_flag(id_read);
	if (!flag && optopt)
		flags_wrong(verb, "unknown flag -%c", optopt);
	if (!flag)
		refuse(verb, word);
	if (id_read >= WORDS)
		expect_full(verb, flag, word);
	if (id == ':')
		flags_wrong(verb, "--%s needs an argument", flag->name);
	if (id == '?')
		flags_wrong(verb, "--%s takes no argument", flag->name);
	if (flag->id == FLAG_HELP)
		give_help(verb);
	if (flag->argument && !optarg)
		expect_no_number(verb, flag, argv[optind]);
	return flag->id;
}

void flags_operands(const struct verb *verb, int argc, int least, int most)
{
	int operands = argc - optind;

	if (operands < least)
		flags_wrong(verb, "missing operand: keepalive %s %s", verb->name, verb->usage);
	if (operands > most)
		flags_wrong(verb, "too many operands: keepalive %s %s", verb->name, verb->usage);
}
