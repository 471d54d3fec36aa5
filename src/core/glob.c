/* Patterns for names, as shells have them: * ? and [...]. */
#include "core/glob.h"

/*
 * Reads the set after a [ at the start of `pattern`; its length with both brackets, 0 if nothing
 * closes it. *holds: whether `character` is in it.
 */
static size_t read_set(struct text pattern, char character, bool *holds)
{
	bool inverted = pattern.length > 1 && (pattern.at[1] == '!' || pattern.at[1] == '^');
	size_t first = inverted ? 2 : 1, i = first;
	bool found = false;

	/* A ] that stands first is one of the characters. */
	while (i < pattern.length && (pattern.at[i] != ']' || i == first)) {
		char low = pattern.at[i], high = low;

		if (i + 2 < pattern.length && pattern.at[i + 1] == '-' && pattern.at[i + 2] != ']') {
			high = pattern.at[i + 2];
			i += 2;
		}
		found |= character >= low && character <= high;
		i++;
	}
	*holds = found != inverted;
	return i < pattern.length ? i + 1 : 0;
}

/* How much of `pattern` its first element is, if that matches `character`; else 0. */
static size_t match_one(struct text pattern, char character)
{
	size_t length;
	bool holds;

	if (pattern.at[0] == '?')
		return 1;
	if (pattern.at[0] == '[' && (length = read_set(pattern, character, &holds)))
		return holds ? length : 0;
	return pattern.at[0] == character;
}

bool glob_match(struct text pattern, struct text name)
{
	struct text after_star = { NULL, 0 }, retry = { NULL, 0 };
	size_t length;

	/* One star is remembered at a time: an earlier one need never take more than it did. */
	while (name.length || pattern.length) {
		if (pattern.length && pattern.at[0] == '*') {
			pattern = text_tail(pattern, 1);
			after_star = pattern;
			retry = name;
		} else if (pattern.length && name.length && (length = match_one(pattern, name.at[0]))) {
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
