/* Finds the known word that a misspelt one was probably meant to be. */
#ifndef KEEPALIVE_NEAREST_H
#define KEEPALIVE_NEAREST_H

#include <stdbool.h>

#include "core/text.h"

struct nearest {
	struct text word; /* the misspelt one */
	const char *name; /* the nearest of those tried so far; NULL: none is near enough */
	size_t distance;
};

/* Begins a search; then try each known word, and take `name`. True if it is that word. */
struct nearest nearest_to(struct text word);
bool nearest_try(struct nearest *nearest, const char *known);

/* "; did you mean BEFORE NAME?" for the end of a message, without the blank; "" if none is near. */
struct suggestion {
	char at[80];
};
struct suggestion nearest_suggestion(const struct nearest *nearest, const char *before);

#endif
