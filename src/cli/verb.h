/* The verbs of the command: what they are called with, and what runs them. */
#ifndef KEEPALIVE_VERB_H
#define KEEPALIVE_VERB_H

#include <stdbool.h>

/* Exit statuses. `run` has its own, which those of the program do not reach: see run.c. */
enum { STATUS_FINE, STATUS_FAILED, STATUS_USAGE };

/* An option of the command line; one table for getopt_long and for --help. */
struct flag {
	int id;           /* what flags_next returns for it: FLAG_OWN or more in a verb's table */
	char letter;      /* 0: it has none */
	const char *name; /* NULL ends a table */
	const char *argument; /* NULL: it takes none; "[=WORD]": it may have one */
	const char *help;     /* one line */
};

struct verb {
	const char *name;
	const char *usage;            /* what comes after the name */
	const char *summary;          /* half a line, for the list of verbs */
	const char *details;          /* what --help says besides; lines, the last one ended too */
	const struct flag *flags;     /* its own */
	const struct column *columns; /* of its table, listed by --help; NULL: not listed */
	bool settings;                /* it takes those of the settings as well: see wanted.h */
	bool logging;                 /* and those of the log */
	bool program_follows;         /* what comes after the first operand is not ours to read */
	int usage_status;             /* after an error on the command line; 0: STATUS_USAGE */
	int (*run)(const struct verb *verb, int argc, char **argv); /* the exit status */
};

extern const struct verb verb_run, verb_show, verb_apply, verb_check, verb_explain, verb_enable,
	verb_disable, verb_attach, verb_detach, verb_audit, verb_events;

#endif
