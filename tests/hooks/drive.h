/* Runs victims without the library and with it, and compares what they report. */
#ifndef TESTS_DRIVE_H
#define TESTS_DRIVE_H

#include <stdbool.h>

#include "lib/harness.h"

/* The settings that every trial has in its environment; odd, so that nobody else has them. */
#define OURS                                                                                       \
	"KEEPALIVE_IDLE=61", "KEEPALIVE_INTERVAL=11", "KEEPALIVE_COUNT=7",                         \
		"KEEPALIVE_USER_TIMEOUT=31000"

/* Takes them away again, so that a file's are seen. */
#define NOT_OURS                                                                                   \
	"KEEPALIVE_IDLE=", "KEEPALIVE_INTERVAL=", "KEEPALIVE_COUNT=", "KEEPALIVE_USER_TIMEOUT="

/* In place of a report: the library is to change nothing that the victim reports. */
#define AS_CONTROL "%S"

/* How a shell becomes the victim: the library is for that alone. */
#define BECOME "export LD_PRELOAD=\"$HAND_OVER\"; exec \"$@\""

enum { TRIAL_VARIABLES = 12 };

/*
 * What a victim is to report is a text, or without a newline the name of a file in expected/. It
 * is the same with the library and without, but that these words in it stand for what the kernel
 * says of sockets:
 *
 *   %O  that have our settings; in the control run, that have none
 *   %k %i %v %c %u  the parts of that: keepalive, idle, interval, count, user timeout
 *   %6  the same of IPv6, or the error of a machine without it
 *   %M %N  the same of MPTCP over IPv4 and IPv6, where the kernel may refuse some of it
 *   %F  that have no settings, in both runs
 *   %S  the rest of the line as it was in the control run
 *   %f  the path of the configuration file
 */
struct trial {
	const char *victim;   /* its subcommand and arguments, separated by blanks */
	const char *expected; /* NULL: the file with the name of the subcommand */
	const char *control;  /* what the control run is to report; NULL: the same */
	const char *errors;   /* on stderr, with the library; NULL: it is not looked at */
	const char *file;     /* what KEEPALIVE_CONF is to name; NULL: nothing */
	const char *environment[TRIAL_VARIABLES]; /* over OURS */
	const char *user;            /* whom to become, where we are root; NULL: nobody else */
	const char *shell;           /* becomes the victim by BECOME; NULL: there is none between */
	int (*give)(void);           /* makes a descriptor for each run; NULL: none is given */
	int given;                   /* the number that it is to have */
	const char *control_preload; /* NULL: nothing */
	const char *preload;         /* NULL: the library */
	bool glibc_only; /* musl's victim cannot do it; such rows are the table's last */
};

/* What came of a run; each text to be freed. */
struct outcome {
	int status;
	char *report, *errors;
};

/* Runs `program` as the trial says, once, with that in LD_PRELOAD. */
struct outcome trial_run(const struct trial *trial, const char *program, const char *preload);

/* The control run and the other; fails the test where either reports anything else. */
void trial_compare(const struct trial *trial, const char *program);

/* A suite with the trials of the table in it, for the victim of each C library. */
Suite *trial_suite(const char *name, const struct trial *trials, int count);

/* Fails the test where the texts differ, and shows the first line that does. */
void expect_text(const char *got, const char *expected, const char *what);

/* The victim; a copy of it for every user; a library of ours to be preloaded besides. */
const char *victim_path(void);
const char *victim_copy(const char *name);
const char *other_path(const char *name);

/* Two ends of a TCP connection over the loopback address. */
struct ends {
	int client, server;
};
struct ends tcp_ends(void);
struct ends tcp_ends_ipv6(void); /* of IPv4 where the machine has no other */

/* A listener with connections that nobody has accepted. */
int listener_with_waiting(int connections);

#endif
