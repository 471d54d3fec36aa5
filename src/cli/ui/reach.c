/* By what the sockets of a process get their settings. */
#include "cli/ui/reach.h"

#include <stdlib.h>
#include <string.h>

#include "cli/base/memory.h"

struct known_group {
	char *path;
	enum programs_state state;
};

static const struct known_group *find(const struct reach *reach, const char *path)
{
	for (size_t i = 0; i < reach->count; i++)
		if (!strcmp(reach->group[i].path, path))
			return &reach->group[i];
	return NULL;
}

static void add(struct reach *reach, const char *path, enum programs_state state)
{
	reach->group =
		memory_for_more(reach->group, reach->count, &reach->room, sizeof *reach->group);
	reach->group[reach->count++] =
		(struct known_group){ .path = expect_memory(strdup(path)), .state = state };
}

static enum programs_state look(struct reach *reach, const struct group *group)
{
	const struct known_group *known = find(reach, group->path);
	enum programs_state state;

	if (known)
		return known->state;
	state = programs_reach(group, &reach->failure);
	add(reach, group->path, state);
	return state;
}

enum programs_state reach_by_kernel(struct reach *reach, pid_t pid)
{
	struct group group = { .fd = -1 };
	enum programs_state state;

	if (!group_of_process(&group, pid, &reach->failure))
		return PROGRAMS_UNKNOWN;
	state = look(reach, &group);
	group_close(&group);
	return state;
}

void reach_forget(struct reach *reach)
{
	for (size_t i = 0; i < reach->count; i++)
		free(reach->group[i].path);
	free(reach->group);
	*reach = (struct reach){ 0 };
}

const char *reach_name(enum answer library, enum programs_state kernel)
{
	if (library == ANSWER_UNKNOWN || kernel == PROGRAMS_UNKNOWN)
		return NULL;
	if (library == ANSWER_YES)
		return kernel == PROGRAMS_ATTACHED ? "both" : "library";
	return kernel == PROGRAMS_ATTACHED ? "kernel" : "none";
}
