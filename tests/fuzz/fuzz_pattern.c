/* Patterns for names: matched as fnmatch matches in the C locale. */
#include <fnmatch.h>
#include <stdbool.h>
#include <string.h>

#include "core/glob.h"
#include "fuzz/fuzz.h"

enum { TEXT_SIZE = 48 };

static void make_text(struct bytes *bytes, const char *characters, unsigned int most, char *text)
{
	unsigned int length = number_below(bytes, most + 1),
		     count = (unsigned int)strlen(characters);

	for (unsigned int i = 0; i < length; i++)
		text[i] = characters[number_below(bytes, count)];
	text[length] = 0;
}

/* In glibc 2.31 the second of two [ that nothing closes matches nothing. */
static bool misread_by_the_system(const char *pattern)
{
	const char *last = strrchr(pattern, '[');

	return last && last != strchr(pattern, '[') && !strchr(last, ']') &&
	       fnmatch("[*[", "[a[", FNM_NOESCAPE);
}

int fuzz_pattern(const uint8_t *data, size_t size)
{
	struct bytes bytes = { data, size };
	char pattern[TEXT_SIZE], name[TEXT_SIZE];
	bool matches, by_system;

	make_text(&bytes, "aabbc*****??[[[[]]]]!^---.\\\xc3\xa9\x7f", 30, pattern);
	make_text(&bytes, "aaaabbbc[]!^-.\\\xc3\xa9\x7f*?", 16, name);
	/*
	 * On purpose: a [ that nothing closes is a character, also where a range would begin at the
	 * end of the pattern (POSIX.1, 2.13.1), where glibc lets nothing match. And classes and
	 * their like ([:alpha:], [.a.]) are not known here.
	 */
	if ((*pattern && pattern[strlen(pattern) - 1] == '-' && strchr(pattern, '[')) ||
	    strstr(pattern, "[.") || misread_by_the_system(pattern))
		return 0;
	by_system = !fnmatch(pattern, name, FNM_NOESCAPE);
	matches = glob_match(text_of(pattern), text_of(name));
	if (matches != by_system)
		DIFFERS("\"%s\" and \"%s\": %d, by the system %d", pattern, name, matches,
			by_system);
	return 0;
}
