/*
 * The functions that compilers call for copies and comparisons; hidden in the library. Their
 * accesses are volatile: otherwise a compiler may recognise the loop and replace it by a call of
 * the same function, which never returns.
 */
#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t length);
void *memmove(void *to, const void *from, size_t length);
void *memset(void *to, int byte, size_t length);
int memcmp(const void *a, const void *b, size_t length);

void *memcpy(void *restrict to, const void *restrict from, size_t length)
{
	volatile unsigned char *t = to;
	const volatile unsigned char *f = from;

	while (length--)
		*t++ = *f++;
	return to;
}

void *memmove(void *to, const void *from, size_t length)
{
	volatile unsigned char *t = to;
	const volatile unsigned char *f = from;

	if (t < f)
		while (length--)
			*t++ = *f++;
	else
		while (length--)
			t[length] = f[length];
	return to;
}

void *memset(void *to, int byte, size_t length)
{
	volatile unsigned char *t = to;

	while (length--)
		*t++ = (unsigned char)byte;
	return to;
}

int memcmp(const void *a, const void *b, size_t length)
{
	const volatile unsigned char *x = a, *y = b;
	int difference = 0;

	while (length-- && !difference)
		difference = *x++ - *y++;
	return difference;
}
