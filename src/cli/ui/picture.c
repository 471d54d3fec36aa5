/* The scale of a picture: where a time is on its axis. */
#include "cli/ui/picture.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

/* Probes that would be closer together than this part of the axis, and the part that is kept for
 * what comes before them. */
enum { CLOSE = 40, BEFORE = 4 };

/* A mark that is further away than so many times the end is not on the axis. */
enum { FAR = 4 };

static const long long steps[] = { SECOND / 10, SECOND / 5,  SECOND / 2,  SECOND,      2 * SECOND,
				   5 * SECOND,  10 * SECOND, 15 * SECOND, 30 * SECOND, MINUTE,
				   2 * MINUTE,  5 * MINUTE,  10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
				   HOUR,        2 * HOUR,    6 * HOUR,    12 * HOUR,   24 * HOUR };

enum { STEPS = sizeof steps / sizeof *steps, TICKS_WANTED = 6 };

static long long longer(long long one, long long other)
{
	return one > other ? one : other;
}

static long long last_moment(const struct prediction *prediction)
{
	return prediction->end == NEVER ? prediction->last : prediction->end;
}

static long long total_of(const struct picture *picture)
{
	long long end = last_moment(picture->prediction), total = end;

	for (size_t i = 0; i < MARKS; i++)
		if (!end || picture->mark[i].when <= FAR * end)
			total = longer(total, picture->mark[i].when);
	if (!total)
		return 2 * HOUR;
	return picture->prediction->end == NEVER ? total + total / 4 : total;
}

/* Probes after a long pause are drawn apart. */
static long long broken_at(const struct picture *picture)
{
	const struct prediction *prediction = picture->prediction;
	long long first = prediction->at[0], pause;

	if (prediction->sent < 2 || prediction->end == NEVER)
		return 0;
	pause = prediction->at[1] - first;
	if (pause * CLOSE >= picture->total || first * 2 < picture->total || pause >= first)
		return 0;
	return first - pause;
}

static void add_ticks(struct picture *picture, long long from)
{
	long long step = steps[STEPS - 1], span = picture->total - from, tick;

	for (size_t i = STEPS; i > 0 && span / steps[i - 1] <= TICKS_WANTED; i--)
		step = steps[i - 1];
	while (span / step > TICKS_WANTED)
		step *= 2;
	tick = (from + step - 1) / step * step;
	for (; tick <= picture->total && picture->ticks < TICKS_MOST; tick += step)
		picture->tick[picture->ticks++] = tick;
}

void picture_lay_out(struct picture *picture)
{
	picture->total = total_of(picture);
	picture->broken = broken_at(picture);
	picture->ticks = 0;
	if (picture->broken)
		picture->tick[picture->ticks++] = 0;
	add_ticks(picture, picture->broken);
}

double picture_place(const struct picture *picture, long long when, double length)
{
	double before = picture->broken ? length / BEFORE : 0;

	if (when > picture->total)
		when = picture->total;
	if (when <= picture->broken)
		return picture->broken ? before * (double)when / (double)picture->broken : 0;
	return before + (length - before) * (double)(when - picture->broken) /
				(double)(picture->total - picture->broken);
}
