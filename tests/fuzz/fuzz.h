/*
 * What the fuzz targets share. Each builds an input from bytes, gives it to the core and holds the
 * result against an oracle that has no code in common with it. libFuzzer calls them (make fuzz),
 * and so does tests/unit/generated.c, with bytes from a generator.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* The bytes that are left to build the input from. */
struct bytes {
	const uint8_t *at;
	size_t length;
};

/* A number below `limit`, which is at most 256; 0 after the last byte. */
static inline unsigned int number_below(struct bytes *bytes, unsigned int limit)
{
	if (!bytes->length)
		return 0;
	bytes->length--;
	return *bytes->at++ % limit;
}

/* Ends the process with a message: the core and the oracle differ. */
#define DIFFERS(...)                                                                               \
	do {                                                                                       \
		fprintf(stderr, __VA_ARGS__);                                                      \
		fputc('\n', stderr);                                                               \
		abort();                                                                           \
	} while (0)

/* The targets; each returns 0. */
int fuzz_address(const uint8_t *data, size_t size);
int fuzz_environment(const uint8_t *data, size_t size);
int fuzz_file(const uint8_t *data, size_t size);
int fuzz_pattern(const uint8_t *data, size_t size);
int fuzz_rules(const uint8_t *data, size_t size);

#endif
