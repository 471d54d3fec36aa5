/* Patterns for names, as shells have them: * ? and [...]. */
#include "core/glob.h"

/*
 * Returns the offset of the first character of the set after a [ (and ! or ^). If that is a ], it
 * belongs to the set.
 */
static size_t first_of_set(struct text pattern)
{
	return pattern.length > 1 && (pattern.at[1] == '!' || pattern.at[1] == '^') ? 2 : 1;
}

/*
 * Reads the set after the [ at the start of `pattern`, which has a closing ]. Returns its length
 * with both brackets. *holds: whether `character` is in it.
 */
static size_t read_set(struct text pattern, unsigned char character, bool *holds)
{
	size_t first = first_of_set(pattern), i = first;
	bool found = false;

	while (pattern.at[i] != ']' || i == first) {
		unsigned char low = (unsigned char)pattern.at[i], high = low;

		if (pattern.at[i + 1] == '-' && pattern.at[i + 2] != ']') {
			high = (unsigned char)pattern.at[i + 2];
			i += 2;
		}
		found |= character >= low && character <= high;
		i++;
	}
	*holds = found != (first == 2);
	return i + 1;
}

/*
 * Returns the length of the first element of `pattern` if it matches `character`, else 0. `closing`
 * is the last ] of the whole pattern.
 */
static size_t match_one(struct text pattern, const char *closing, char character)
{
	size_t length;
	bool holds;

	if (pattern.at[0] == '?')
		return 1;
	if (pattern.at[0] != '[' || closing <= pattern.at + first_of_set(pattern))
		return pattern.at[0] == character;
	length = read_set(pattern, (unsigned char)character, &holds);
	return holds ? length : 0;
}

static const char *last_bracket(struct text pattern)
{
	size_t i = pattern.length;

	while (i && pattern.at[i - 1] != ']')
		i--;
	return i ? pattern.at + i - 1 : pattern.at;
}

/*
 * Each attempt after a star reads a byte of the pattern at most once, and there is one attempt for
 * each star and character of the name: the number of steps is bounded by the product of both
 * lengths.
 */
bool glob_match(struct text pattern, struct text name)
{
	struct text after_star = { NULL, 0 }, retry = { NULL, 0 };
	const char *closing = last_bracket(pattern);
	size_t length;

	/* Only the last star is remembered: earlier ones never need to match more than they did. */
	while (name.length || pattern.length) {
		if (pattern.length && pattern.at[0] == '*') {
			pattern = text_tail(pattern, 1);
			after_star = pattern;
			retry = name;
		} else if (pattern.length && name.length &&
			   (length = match_one(pattern, closing, name.at[0]))) {
			pattern = text_tail(pattern, length);
			name = text_tail(name, 1);
		} else if (after_star.at && retry.length) {
			retry = text_tail(retry, 1);
			name = retry;
			pattern = after_star;
		} else {
			return false;
		}
	}
	return true;
}
