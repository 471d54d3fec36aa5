/* What is found in a configuration, errors and doubts: reported on stderr, and to who collects it.
 */
#ifndef KEEPALIVE_REPORT_H
#define KEEPALIVE_REPORT_H

/* One finding, and its place. */
struct report {
	const char *file;          /* ""; it is about the environment or the command line */
	unsigned int line, column; /* from 1; line 0: it is about the file as a whole */
	const char *text;
};

/* Prints it as "keepalive: FILE:LINE:COLUMN: TEXT". */
void report(const struct report *report);

/* Has each report from now on given to `take` as well. */
void report_to(void (*take)(const struct report *report));

#endif
