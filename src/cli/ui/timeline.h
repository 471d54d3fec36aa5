/* What happens in a situation, drawn as a line of time and told to people. */
#ifndef KEEPALIVE_TIMELINE_H
#define KEEPALIVE_TIMELINE_H

#include "cli/forecast/predict.h"
#include "cli/ui/table.h"

struct situation {
	const char *name; /* a word for programs */
	const char *title;
	const char *start; /* what happens at 0 */
	const char *sent;  /* what comes then, again and again */
	char mark;         /* and how it is drawn */
	const char *end;   /* what the program sees */
	void (*predict)(const struct timing *timing, struct prediction *prediction);
};

/* Prints its title, the line, and what happens when; of much that is sent the first and the last.
 */
void timeline_print(const struct situation *situation, const struct prediction *prediction,
		    const struct style *style);

/* Prints text after a margin of two columns, which the caller has filled already; lines of words.
 */
void print_wrapped(const char *text);

/* Prints what is to draw the eye: where colours are wanted it is red. */
void paint(const char *text);

#endif
