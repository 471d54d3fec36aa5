/*
 * Sample values of each option, for every test that goes through all options: a new option is a row
 * here. Plain numbers, without the core, for victims too, which are built for other C libraries.
 */
#ifndef TESTS_SAMPLES_H
#define TESTS_SAMPLES_H

#include <stddef.h>

/* What a socket reads as after this value was set on it. */
enum sample_reads {
	READS_ANYWHERE,          /* the value, on every socket */
	READS_BEFORE_CONNECTION, /* connections negotiate theirs */
	READS_ON_LISTENERS,      /* set on listeners alone */
};

/* The numbers are in range, in the kernel's unit, and are read as they were set. */
struct sample {
	const char *key;         /* of the configuration file */
	const char *kernel_name; /* of the kernel's headers, with its numbers */
	int level, name;
	int configured;   /* what a test configures: neither fresh, nor ruled, nor own (but for
			     switches) */
	const char *word; /* the same, as somebody may write it */
	int ruled;        /* what a rule says instead */
	int own;          /* what the program sets itself */
	int fresh;  /* what new sockets have unless sysctls say otherwise; as set by a program */
	int sysctl; /* what they have where the sysctl was changed to it; 0: there is no sysctl */
	enum sample_reads reads;
};

/* In the order of enum option_id; unit/option.test compares them with the option table. */
extern const struct sample samples[];
extern const size_t samples_count;

/* The first options are described one by one in expectations; these are the others. */
enum { SAMPLES_NAMED = 5 };

/* Writes "KEY = VALUE" lines of the configured, or of the ruled values; returns `to`. */
char *samples_configured(char *to, size_t size);
char *samples_ruled(char *to, size_t size);

#endif
