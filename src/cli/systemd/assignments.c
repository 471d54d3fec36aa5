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

const char *assignment_value(const struct assignment *assignment)
{
	return strchr(assignment->word, '=') + 1;
}
