/* What happens in a situation, drawn along an axis of time: on a terminal, and as SVG. */
#ifndef KEEPALIVE_PICTURE_H
#define KEEPALIVE_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "cli/forecast/predict.h"

struct situation {
	const char *name; /* a word for programs */
	const char *title;
	const char *start; /* what happens at 0 */
	const char *sent;  /* what is sent then, again and again */
	const char *many;  /* and more than one of it */
	char mark;         /* and how it is drawn in plain characters */
	const char *end;   /* what the program sees */
	void (*predict)(const struct timing *timing, struct prediction *prediction);
};

/* A time that is marked on the axis. */
struct mark {
	long long when; /* 0: there is no such mark */
	const char *text;
	bool missed; /* the connection ends too late for it, or is forgotten */
};

enum { MARKS = 2, TICKS_MOST = 12 };

struct picture {
	const struct situation *situation;
	const struct prediction *prediction;
	struct mark mark[MARKS];

	/* By picture_lay_out. */
	long long total;  /* the time at the right end of the axis */
	long long broken; /* before this time the scale is another one; 0: it is linear */
	long long tick[TICKS_MOST];
	size_t ticks;
};

/* Chooses the scale. The first three members must be set. */
void picture_lay_out(struct picture *picture);

/* Returns the place of a time on an axis of that length. */
double picture_place(const struct picture *picture, long long when, double length);

/* Prints it for `width` columns: in plain characters, or with those that draw lines. */
void picture_print(const struct picture *picture, int width, bool lines, bool colours);

/* Writes it as an SVG document. */
void picture_write_svg(const struct picture *picture, FILE *file);

#endif
