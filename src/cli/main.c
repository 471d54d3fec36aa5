/* The command: finds the verb and hands over to it. */
#include <err.h>
#include <stdio.h>
#include <string.h>

#include "cli/verb.h"

static const struct verb *const verbs[] = {
	&verb_run, &verb_show, &verb_apply, &verb_check, &verb_explain, &verb_enable, &verb_disable,
};

enum { VERBS = sizeof verbs / sizeof *verbs };

static void print_usage(FILE *to)
{
	fprintf(to, "Usage: keepalive VERB [ARGUMENT...]\n\n"
		    "TCP keepalive and user timeout for programs that cannot be changed.\n\n");
	for (size_t i = 0; i < VERBS; i++)
		fprintf(to, "  %-9s %s\n", verbs[i]->name, verbs[i]->summary);
	fprintf(to, "\n  -h, --help     print this, or with a verb what that takes, and exit\n"
		    "  -V, --version  print the version and exit\n");
}

static bool is_option(const char *word, char letter, const char *name)
{
	return !strcmp(word, name) || (word[0] == '-' && word[1] == letter && !word[2]);
}

/* A full disk is an error too. */
int printed(int status)
{
	if (fflush(stdout) || ferror(stdout)) {
		warn("standard output");
		return STATUS_FAILED;
	}
	return status;
}

int main(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "";

	if (is_option(word, 'h', "--help")) {
		print_usage(stdout);
		return printed(STATUS_FINE);
	}
	if (is_option(word, 'V', "--version")) {
		puts("keepalive (libkeepalive) " VERSION);
		return printed(STATUS_FINE);
	}
	for (size_t i = 0; i < VERBS; i++)
		if (!strcmp(word, verbs[i]->name))
			return printed(verbs[i]->run(verbs[i], argc - 1, argv + 1));
	if (argc > 1)
		warnx("%s is not a verb", word);
	print_usage(stderr);
	return STATUS_USAGE;
}
