/* The variables that a drop-in sets in the environment of a service. */
#include "cli/systemd/variables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/base/memory.h"
#include "cli/systemd/dropin.h"
#include "cli/systemd/syntax.h"

static bool add(struct variables *variables, const char *name, const char *value,
		const char *in_unit, struct failure *failure)
{
	if (!word_is_value(in_unit))
		return fail(failure, "%s: systemd takes only UTF-8 without control characters",
			    name);
	variables->at = memory_for_more(variables->at, variables->count, &variables->room,
					sizeof *variables->at);
	variables->at[variables->count++] =
		(struct variable){ .name = name,
				   .value = expect_memory(strdup(value)),
				   .word = text_new("%s=%s", name, in_unit) };
	return true;
}

bool variables_add(struct variables *variables, const char *name, const char *value,
		   struct failure *failure)
{
	char *in_unit = word_without_specifiers(value);
	bool added = add(variables, name, value, in_unit, failure);

	free(in_unit);
	return added;
}

bool variables_add_preload(struct variables *variables, const char *before, const char *library,
			   struct failure *failure)
{
	char *own = word_without_specifiers(library);
	char *in_unit = expect_memory(preload_with(before, own));
	char *value = expect_memory(preload_with(before, library));
	bool added = add(variables, "LD_PRELOAD", value, in_unit, failure);

	free(own);
	free(in_unit);
	free(value);
	return added;
}

char *variables_lines(const struct variables *variables, bool preload)
{
	size_t size;
	char *lines;
	FILE *to = expect_memory(open_memstream(&lines, &size));

	for (size_t i = preload ? 0 : 1; i < variables->count; i++) {
		char *quoted = word_quote(variables->at[i].word);

		fprintf(to, "Environment=%s\n", quoted);
		free(quoted);
	}
	fclose(to);
	return lines;
}

/* Returns the word of UnsetEnvironment= that removes a variable; NULL if there is none. */
static const struct assignment *unset_of(const struct service *unit,
					 const struct variable *variable)
{
	size_t length = strlen(variable->name);

	for (size_t i = 0; i < unit->unset.count; i++) {
		const char *word = unit->unset.at[i].word;

		if (!strncmp(word, variable->name, length) &&
		    (!word[length] || !strcmp(word, variable->word)))
			return &unit->unset.at[i];
	}
	return NULL;
}

/* LD_PRELOAD in a place that overrides the drop-in has to name the library as well. */
static void look_at_other_preload(struct obstacles *obstacles, const struct assignment *assignment,
				  const char *advice)
{
	if (!assignment)
		return;
	if (preload_has_library(assignment_value(assignment)))
		obstacles_of_namesakes(obstacles, assignment, assignment_value(assignment));
	else
		obstacle(obstacles, WAY_LIBRARY | CERTAIN, assignment, "%s", advice);
}

static void look_at_preload(struct obstacles *obstacles, const struct variables *variables)
{
	const struct service *unit = obstacles->unit;
	const struct assignment *unset = unset_of(unit, &variables->at[0]);

	for (size_t i = 0; i < unit->resets.count; i++)
		obstacle(obstacles, (variables->count > 1 ? WAYS : WAY_LIBRARY) | CERTAIN,
			 &unit->resets.at[i],
			 "Environment= is emptied after " DROPIN_NAME
			 ": give that file a name that sorts before it");
	look_at_other_preload(obstacles, assignments_find(&unit->later, "LD_PRELOAD"),
			      "LD_PRELOAD is set after " DROPIN_NAME
			      ": name the library there as well, or give that file a name that "
			      "sorts before it");
	look_at_other_preload(obstacles, assignments_find(&unit->from_files, "LD_PRELOAD"),
			      "LD_PRELOAD is set, which overrides a drop-in: name the library "
			      "there as well, or move it into Environment= of the unit");
	if (unset)
		obstacle(obstacles, WAY_LIBRARY | CERTAIN, unset,
			 "UnsetEnvironment= removes LD_PRELOAD: change this line first");
	obstacles_of_namesakes(obstacles, NULL, unit->preload);
}

void obstacles_of_environment(struct obstacles *obstacles, const struct variables *variables)
{
	const struct service *unit = obstacles->unit;

	look_at_preload(obstacles, variables);
	for (size_t i = 1; i < variables->count && obstacles->open; i++) {
		const struct variable *variable = &variables->at[i];
		const struct assignment *assignment =
			assignments_find(&unit->from_files, variable->name);
		const struct assignment *unset = unset_of(unit, variable);

		if (!assignment)
			assignment = assignments_find(&unit->later, variable->name);
		if (assignment && strcmp(assignment->word, variable->word))
			obstacle(obstacles, WAYS, assignment,
				 "%s is set, and overrides what is written here", assignment->word);
		if (unset)
			obstacle(obstacles, WAYS, unset, "UnsetEnvironment= removes %s",
				 variable->name);
	}
}
