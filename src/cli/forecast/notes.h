/* Notes on settings: conflicts between them, and effects that are easily overlooked. */
#ifndef KEEPALIVE_NOTES_H
#define KEEPALIVE_NOTES_H

#include <stddef.h>

#include "cli/forecast/predict.h"
#include "core/policy.h"

struct note {
	const char *id; /* a word for programs; it stays the same */
	bool warning;   /* the settings hardly do what was meant */
	char text[500];
};

/* { 0 } is empty. */
struct notes {
	size_t count, room;
	struct note *note;
};

/* What the notes are about. */
struct circumstances {
	const struct timing *timing;
	const struct decision *decision;
	bool rules; /* there are some, and no connection is known that they could hold for */
	bool rto_max_missing; /* this kernel has no such option */
};

/* Appends them to *notes. */
void notes_write(struct notes *notes, const struct circumstances *circumstances);

/* Appends one (printf-like). */
void notes_add(struct notes *notes, const char *id, bool warning, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#endif
