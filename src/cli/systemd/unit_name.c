/* Names of the units of systemd. */
#include "cli/systemd/unit_name.h"

#include <stdio.h>
#include <string.h>

/* Kinds of units, and whether one of them starts a service. */
static const struct kind {
	const char *suffix;
	bool starts_service;
} kinds[] = {
	{ ".socket", true },     { ".timer", true },  { ".path", true },    { ".device", false },
	{ ".mount", false },     { ".swap", false },  { ".target", false }, { ".slice", false },
	{ ".automount", false }, { ".scope", false },
};

static const struct kind *kind_of(const char *suffix)
{
	for (size_t i = 0; suffix && i < sizeof kinds / sizeof *kinds; i++)
		if (!strcmp(suffix, kinds[i].suffix))
			return &kinds[i];
	return NULL;
}

bool unit_name_is_plain(const char *name)
{
	static const char characters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					 "0123456789:-_.\\@";

	return *name && *name != '@' && !name[strspn(name, characters)];
}

bool unit_name_read(const char *word, bool sockets, char name[UNIT_NAME_SIZE],
		    struct failure *failure)
{
	const char *suffix = strrchr(word, '.');
	const char *missing = suffix && !strcmp(suffix, ".service") ? "" : ".service";
	const struct kind *kind = kind_of(suffix);

	if (sockets && kind && !strcmp(suffix, ".socket"))
		missing = "";
	else if (kind && kind->starts_service)
		return fail(failure,
			    "%s is a %s: name the service that it activates, such as %.*s.service",
			    word, suffix + 1, (int)(suffix - word), word);
	else if (kind)
		return fail(failure, "%s is a %s: name a service", word, suffix + 1);
	if (strchr(word, '/'))
		return fail(failure, "%s: name the unit without its directory", word);
	if (!unit_name_is_plain(word) || (suffix == word && !*missing))
		return fail(failure, "\"%s\" is not the name of a unit", word);
	if (snprintf(name, UNIT_NAME_SIZE, "%s%s", word, missing) >= UNIT_NAME_SIZE)
		return fail(failure, "%s: the name is too long for a unit", word);
	return true;
}

const char *unit_name_quote(const char *name)
{
	return strchr(name, '\\') ? "'" : "";
}

bool unit_is_socket(const char *name)
{
	const char *suffix = strrchr(name, '.');

	return suffix && !strcmp(suffix, ".socket");
}

const char *unit_section(const char *name)
{
	return unit_is_socket(name) ? "Socket" : "Service";
}

bool unit_is_template(const char *name)
{
	const char *at = strchr(name, '@');

	return at && at[1] == '.';
}

bool unit_template_of(const char *name, char template[UNIT_NAME_SIZE])
{
	const char *at = strchr(name, '@'), *suffix = strrchr(name, '.');

	if (!at || suffix <= at + 1)
		return false;
	snprintf(template, UNIT_NAME_SIZE, "%.*s%s", (int)(at - name + 1), name, suffix);
	return true;
}
