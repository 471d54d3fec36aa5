/* Allocation that ends the process on failure; and sets of numbers, as binary trees of the C
 * library. */
#include "cli/base/memory.h"

#include <err.h>
#include <search.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { FIRST_ROOM = 64 };

void *expect_memory(void *memory)
{
	if (!memory)
		errx(EXIT_FAILURE, "out of memory");
	return memory;
}

void *memory_for_more(void *at, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return at;
	*room = *room ? 2 * *room : FIRST_ROOM;
	return expect_memory(reallocarray(at, *room, size));
}

char *text_new(const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);
	return expect_memory(text);
}

/* The tree holds the numbers themselves in place of pointers to them. */
static int compare(const void *a, const void *b)
{
	return a < b ? -1 : a > b;
}

static void keep(void *number)
{
	(void)number;
}

bool numbers_have(const struct numbers *numbers, uintptr_t number)
{
	return tfind((const void *)number, &numbers->root, compare);
}

bool numbers_add(struct numbers *numbers, uintptr_t number)
{
	bool there = numbers_have(numbers, number);

	expect_memory(tsearch((const void *)number, &numbers->root, compare));
	return !there;
}

void numbers_free(struct numbers *numbers)
{
	tdestroy(numbers->root, keep);
	numbers->root = NULL;
}
