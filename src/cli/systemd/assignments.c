/* Assignments in unit files and environment files, with the places where they are written. */
#include "cli/systemd/assignments.h"

#include <stdlib.h>
#include <string.h>

#include "cli/base/memory.h"

void assignments_add(struct assignments *list, const char *word, const char *file,
		     unsigned int line)
{
	list->at = expect_memory(reallocarray(list->at, list->count + 1, sizeof *list->at));
	list->at[list->count++] = (struct assignment){ .word = expect_memory(strdup(word)),
						       .file = expect_memory(strdup(file)),
						       .line = line };
}

const struct assignment *assignments_find(const struct assignments *list, const char *variable)
{
	size_t length = strlen(variable);

	for (size_t i = list->count; i > 0; i--)
		if (!strncmp(list->at[i - 1].word, variable, length) &&
		    list->at[i - 1].word[length] == '=')
			return &list->at[i - 1];
	return NULL;
}

bool assignments_switch(const struct assignments *list, const char *key)
{
	static const char *const yes[] = { "1", "yes", "y", "true", "t", "on" };
	const struct assignment *found = assignments_find(list, key);

	for (size_t i = 0; found && i < sizeof yes / sizeof *yes; i++)
		if (!strcasecmp(assignment_value(found), yes[i]))
			return true;
	return false;
}

const char *assignment_value(const struct assignment *assignment)
{
	return strchr(assignment->word, '=') + 1;
}
