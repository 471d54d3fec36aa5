/* The variables in the files that EnvironmentFile= of a unit names. */
#include "cli/systemd/unit_environment.h"

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/base/memory.h"
#include "cli/systemd/environment_file.h"
#include "cli/systemd/unit_specifiers.h"

struct variables {
	struct service *unit;
	const char *file;
};

static void take_from_file(void *context, const char *name, const char *value, unsigned int line)
{
	const struct variables *variables = context;
	char *word = text_new("%s=%s", name, value);

	assignments_add(&variables->unit->from_files, word, variables->file, line);
	free(word);
}

static void not_known(const struct assignment *assignment)
{
	warnx("%s:%u: the variables in EnvironmentFile=%s are unknown", assignment->file,
	      assignment->line, assignment->word);
}

static void read_variables(struct service *unit, const struct assignment *assignment,
			   const char *path)
{
	char *content = root_read(unit->root, path);
	char file[2 * PATH_MAX];

	if (!content) {
		/* systemd ignores a missing file, or does not start the service. */
		if (errno != ENOENT)
			not_known(assignment);
		return;
	}
	snprintf(file, sizeof file, "%s%s", unit->root->path, path);
	environment_file_parse(content, take_from_file, &(struct variables){ unit, file });
	free(content);
}

static int is_match(const char *pattern, const char *name)
{
	return (*pattern == '.' || *name != '.') && !fnmatch(pattern, name, FNM_PERIOD);
}

/* All files of a directory whose names match, in their order. */
static void read_matches(struct service *unit, const struct assignment *assignment, char *path)
{
	char *pattern = strrchr(path, '/');
	char file[2 * PATH_MAX];
	struct dirent **entries;
	int fd, count = -1;

	*pattern++ = 0;
	fd = root_open(unit->root, path, O_RDONLY | O_DIRECTORY);
	if (fd >= 0) {
		/* musl has no scandirat(). */
		snprintf(file, sizeof file, "/proc/self/fd/%d", fd);
		count = scandir(file, &entries, NULL, alphasort);
	}
	for (int i = 0; i < count; i++) {
		if (is_match(pattern, entries[i]->d_name)) {
			snprintf(file, sizeof file, "%s/%s", path, entries[i]->d_name);
			read_variables(unit, assignment, file);
		}
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	if (fd >= 0)
		close(fd);
}

void unit_read_environment_file(struct service *unit, const struct assignment *assignment)
{
	const char *word = assignment->word + (*assignment->word == '-');
	char path[PATH_MAX];
	size_t directory;

	if (!specifiers_resolve(unit, word, path) || *path != '/') {
		not_known(assignment);
		return;
	}
	directory = (size_t)(strrchr(path, '/') - path);
	if (strcspn(path, "*?[") < directory)
		not_known(assignment);
	else if (strpbrk(path, "*?["))
		read_matches(unit, assignment, path);
	else
		read_variables(unit, assignment, path);
}
