/* Specifiers in the files of a unit: %i and the others that can be resolved without systemd. */
#include "cli/systemd/unit_specifiers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The same in units of a user's own manager. */
static bool user_directory(char letter, char value[PATH_MAX])
{
	const char *found = NULL;

	if (letter == 'h')
		found = getenv("HOME");
	else if (letter == 't')
		found = getenv("XDG_RUNTIME_DIR");
	else if (letter == 'T' || letter == 'V')
		found = letter == 'T' ? "/tmp" : "/var/tmp";
	return found && snprintf(value, PATH_MAX, "%s", found) < PATH_MAX;
}

/* Finds the value of a specifier. Returns false for those that only systemd knows. */
static bool specifier(const struct service *unit, char letter, char value[PATH_MAX])
{
	static const char letters[] = "%ECLStTVh";
	static const char *const words[] = { "%",    "/etc", "/var/cache", "/var/log", "/var/lib",
					     "/run", "/tmp", "/var/tmp",   "/root" };
	const char *name = unit->name, *suffix = strrchr(name, '.'), *at = strchr(name, '@');
	const char *found = letter ? strchr(letters, letter) : NULL;
	const char *end = at ? at : suffix, *dash = memrchr(name, '-', (size_t)(end - name));

	if (found && unit->root->is_user && letter != '%')
		return user_directory(letter, value);
	if (found)
		return snprintf(value, PATH_MAX, "%s", words[found - letters]) > 0;
	switch (letter) {
	case 'n':
		return snprintf(value, PATH_MAX, "%s", name) > 0;
	case 'N':
		return snprintf(value, PATH_MAX, "%.*s", (int)(suffix - name), name) > 0;
	case 'p':
		return snprintf(value, PATH_MAX, "%.*s", (int)(end - name), name) > 0;
	case 'j':
		dash = dash ? dash + 1 : name;
		return snprintf(value, PATH_MAX, "%.*s", (int)(end - dash), dash) >= 0;
	case 'i':
		/* A template has no instance yet. */
		return !at ? !(*value = 0)
			   : snprintf(value, PATH_MAX, "%.*s", (int)(suffix - at - 1), at + 1) > 0;
	default:
		return false;
	}
}

bool specifiers_resolve(const struct service *unit, const char *word, char resolved[PATH_MAX])
{
	size_t length = 0;

	for (; *word; word++) {
		char value[PATH_MAX] = { *word };

		if (*word == '%' && !specifier(unit, *++word, value))
			return false;
		if (length + strlen(value) >= PATH_MAX)
			return false;
		strcpy(resolved + length, value);
		length += strlen(value);
	}
	resolved[length] = 0;
	return length > 0;
}
