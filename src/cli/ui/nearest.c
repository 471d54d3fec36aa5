/* Finds the known word that a misspelt one was probably meant to be. */
#include "cli/ui/nearest.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { LENGTH_MAX = 30 };

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static bool is_same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/*
 * How many letters have to be added, removed, replaced, or exchanged with their neighbour, to make
 * one word of the other; by rows of the table in which each cell is the distance of two beginnings.
 */
static size_t distance(struct text a, struct text b)
{
	size_t rows[3][LENGTH_MAX + 1];
	size_t *before = rows[0], *last = rows[1], *row = rows[2];

	for (size_t k = 0; k <= b.length; k++)
		row[k] = k;
	for (size_t i = 1; i <= a.length; i++) {
		size_t *oldest = before;

		before = last;
		last = row;
		row = oldest;
		row[0] = i;
		for (size_t k = 1; k <= b.length; k++) {
			bool same = is_same(a.at[i - 1], b.at[k - 1]);

			row[k] = least(least(last[k], row[k - 1]) + 1, last[k - 1] + !same);
			if (i > 1 && k > 1 && is_same(a.at[i - 1], b.at[k - 2]) &&
			    is_same(a.at[i - 2], b.at[k - 1]))
				row[k] = least(row[k], before[k - 2] + 1);
		}
	}
	return row[b.length];
}

struct nearest nearest_to(struct text word)
{
	/* A third of the letters may be wrong. */
	return (struct nearest){ word, NULL, (word.length + 1) / 3 + 1 };
}

/* True if `word` is the beginning of `known`, as abbreviations are. */
static bool is_beginning(struct text word, struct text known)
{
	return word.length > 1 && word.length < known.length &&
	       !strncasecmp(word.at, known.at, word.length);
}

bool nearest_try(struct nearest *nearest, const char *known)
{
	struct text text = text_of(known);
	size_t far;

	if (nearest->word.length > LENGTH_MAX || text.length > LENGTH_MAX)
		return false;
	far = is_beginning(nearest->word, text) ? 1 : distance(nearest->word, text);
	if (far < nearest->distance) {
		nearest->distance = far;
		nearest->name = known;
	}
	return !far;
}

struct suggestion nearest_suggestion(const struct nearest *nearest, const char *before)
{
	struct suggestion suggestion = { "" };

	if (nearest->name)
		snprintf(suggestion.at, sizeof suggestion.at, "; did you mean %s%s?", before,
			 nearest->name);
	return suggestion;
}
