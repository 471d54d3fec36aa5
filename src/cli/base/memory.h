/*
 * Allocation, and sets of numbers. The one exception to the rule that only verbs and ui/ end the
 * process: without memory all of these functions end it, with EXIT_FAILURE.
 */
#ifndef KEEPALIVE_MEMORY_H
#define KEEPALIVE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Returns what malloc or its like returned; ends the process if that is NULL. */
void *expect_memory(void *memory);

/*
 * Makes room for one more than `count` elements of `size` bytes in the array `at`. Returns the
 * array, which may have moved; *room becomes the number of elements that it has room for. NULL with
 * a *room of 0 is an empty array.
 */
void *memory_for_more(void *at, size_t count, size_t *room, size_t size);

/* Returns a text (printf-like), to be freed. */
char *text_new(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A set of numbers; { NULL } is empty. */
struct numbers {
	void *root;
};

bool numbers_have(const struct numbers *numbers, uintptr_t number);

/* Returns true if the number was not in the set before. */
bool numbers_add(struct numbers *numbers, uintptr_t number);

/* Empties it. */
void numbers_free(struct numbers *numbers);

#endif
