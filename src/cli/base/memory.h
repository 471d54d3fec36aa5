/* Memory, without which the command ends; and sets of numbers in it. */
#ifndef KEEPALIVE_MEMORY_H
#define KEEPALIVE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What malloc and its like came to; ends the process where that is NULL. */
void *expect_memory(void *memory);

/*
 * Room for one element more than `count` in memory that grows: returns where it is now, and notes in
 * *room how many elements it has room for. 0 and NULL are empty.
 */
void *memory_for_more(void *at, size_t count, size_t *room, size_t size);

/* A set of numbers; { NULL } is empty. */
struct numbers {
	void *root;
};

bool numbers_have(const struct numbers *numbers, uintptr_t number);

/* True if it was not there before. */
bool numbers_add(struct numbers *numbers, uintptr_t number);

/* Empties it. */
void numbers_free(struct numbers *numbers);

#endif
