/* Reads the options of a verb's command line, and prints its --help. Knows nothing of settings. */
#include "cli/flags.h"

#include <err.h>
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/settings_flags.h"

enum { FLAGS_MAX = 40, HELP_COLUMN = 32, LETTERS_SIZE = 3 * FLAGS_MAX };

/* What getopt_long has for a word is its flag's number behind all letters; none is taken for one. */
enum { WORDS = 256 };

static const struct flag help_flags[] = {
	{ FLAG_HELP, 'h', "help", NULL, "print this and exit" },
	{ 0 },
};

/* All that a verb takes, for us and for getopt_long. */
static struct {
	int count;
	struct flag flag[FLAGS_MAX];
	struct option option[FLAGS_MAX + 1];
	char letters[LETTERS_SIZE];
} all;

static int argument_kind(const struct flag *flag)
{
	if (!flag->argument)
		return no_argument;
	return flag->argument[0] == '[' ? optional_argument : required_argument;
}

static void add_flags(const struct flag *flags)
{
	for (; flags && flags->name && all.count < FLAGS_MAX; flags++) {
		int kind = argument_kind(flags);

		all.flag[all.count] = *flags;
		all.option[all.count++] = (struct option){ flags->name, kind, NULL, WORDS + flags->id };
		if (flags->letter) {
			strncat(all.letters, &flags->letter, 1);
			strcat(all.letters, kind == required_argument ? ":" : "");
		}
	}
}

static void collect(const struct verb *verb)
{
	if (all.count)
		return;
	/* + ends it at the first operand, : tells a missing argument from an unknown option. */
	strcpy(all.letters, verb->program_follows ? "+:" : ":");
	if (verb->settings)
		add_flags(settings_flags());
	if (verb->logging)
		add_flags(logging_flags);
	add_flags(verb->flags);
	add_flags(help_flags);
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
		printf("Times take a unit (500ms, 60s, 2min, 1h); a bare number is in the unit shown.\n"
		       "0 and \"default\" leave the kernel's value.\n\n");
	for (int i = 0; i < all.count; i++)
		print_flag(&all.flag[i]);
}

void flags_wrong(const struct verb *verb, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vwarnx(format, arguments);
	va_end(arguments);
	fprintf(stderr, "Try 'keepalive %s --help'.\n", verb->name);
	exit(verb->usage_status);
}

/* By what getopt_long has in optopt: the letter, or the number. */
static const struct flag *find_flag(int id)
{
	for (int i = 0; id && i < all.count; i++)
		if (WORDS + all.flag[i].id == id || all.flag[i].letter == id)
			return &all.flag[i];
	return NULL;
}

int flags_next(const struct verb *verb, int argc, char **argv, const char **argument)
{
	const struct flag *flag;
	int id;

	collect(verb);
	opterr = 0;
	id = getopt_long(argc, argv, all.letters, all.option, NULL);
	*argument = optarg;
	if (id == FLAG_END)
		return id;
	flag = find_flag(id == '?' || id == ':' ? optopt : id);
	if (!flag && optopt)
		flags_wrong(verb, "-%c is not an option", optopt);
	if (!flag)
		flags_wrong(verb, "%s is not an option", argv[optind - 1]);
	if (id == ':')
		flags_wrong(verb, "--%s needs an argument", flag->name);
	if (id == '?')
		flags_wrong(verb, "--%s takes no argument", flag->name);
	if (flag->id == FLAG_HELP) {
		print_help(verb);
		exit(printed(STATUS_FINE));
	}
	return flag->id;
}

void flags_operands(const struct verb *verb, int argc, int least, int most)
{
	int operands = argc - optind;

	if (operands < least)
		flags_wrong(verb, "an operand is missing: keepalive %s %s", verb->name, verb->usage);
	if (operands > most)
		flags_wrong(verb, "too many operands: keepalive %s %s", verb->name, verb->usage);
}
