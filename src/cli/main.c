/* The command: finds the verb and hands over to it. */
#include <err.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/ui/nearest.h"
#include "cli/ui/printed.h"
#include "cli/verb.h"

static const struct verb *const verbs[] = {
	&verb_run,     &verb_show,   &verb_audit,   &verb_events, &verb_apply,  &verb_check,
	&verb_explain, &verb_enable, &verb_disable, &verb_attach, &verb_detach,
};

enum { VERBS = sizeof verbs / sizeof *verbs };

static void print_usage(FILE *to)
{
	fprintf(to, "Usage: keepalive VERB [ARGUMENT...]\n\n"
		    "TCP keepalive and user timeout for unmodified programs.\n\n");
	for (size_t i = 0; i < VERBS; i++)
		fprintf(to, "  %-9s %s\n", verbs[i]->name, verbs[i]->summary);
	fprintf(to, "  %-9s %s\n", "help", "print the help of a verb: keepalive help VERB");
	fprintf(to,
		"\n  -h, --help     print this help, or after a verb its help, and exit\n"
		"  -V, --version  print the version and exit\n\n"
		"Exit status: 0; 1 if an operation failed or an error was found; 2 if the command line\n"
		"is wrong. keepalive run has its own exit statuses: see its help.\n");
}

static bool is_option(const char *word, char letter, const char *name)
{
	return !strcmp(word, name) || (word[0] == '-' && word[1] == letter && !word[2]);
}

static const struct verb *find_verb(const char *word)
{
	for (size_t i = 0; i < VERBS; i++)
		if (!strcmp(word, verbs[i]->name))
			return verbs[i];
	return NULL;
}

/* Says that it is no verb, or that there is none. */
static int refuse(const char *word)
{
	struct nearest nearest = nearest_to(text_of(word));

	for (size_t i = 0; i < VERBS; i++)
		nearest_try(&nearest, verbs[i]->name);
	nearest_try(&nearest, "help");
	nearest_try(&nearest, "--help");
	nearest_try(&nearest, "--version");
	if (*word)
		warnx("unknown verb %s%s", word, nearest_suggestion(&nearest, "").at);
	print_usage(stderr);
	return STATUS_USAGE;
}

static int help(char *word)
{
	const struct verb *verb = word ? find_verb(word) : NULL;

	if (verb)
		return verb->run(verb, 2, (char *[]){ word, (char[]){ "--help" }, NULL });
	if (word && strcmp(word, "help") && !is_option(word, 'h', "--help"))
		return refuse(word);
	print_usage(stdout);
	return STATUS_FINE;
}

int main(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "";
	const struct verb *verb = find_verb(word);

	/* Names of programs are shown as they are where the terminal has such characters. */
	setlocale(LC_CTYPE, "");
	/* Who started us may have ignored it, and children had no exit status; run passes it on. */
	if (verb != &verb_run)
		signal(SIGCHLD, SIG_DFL);
	if (verb)
		return printed(verb->run(verb, argc - 1, argv + 1));
	if (!strcmp(word, "help"))
		return printed(help(argv[2]));
	if (is_option(word, 'h', "--help"))
		return printed(help(NULL));
	if (is_option(word, 'V', "--version")) {
		puts("keepalive (libkeepalive) " VERSION);
		return printed(STATUS_FINE);
	}
	return refuse(word);
}
