/* Commands of a service that do not hand LD_PRELOAD on, or do nothing themselves. */
#include <stdlib.h>
#include <string.h>

#include "cli/base/memory.h"
#include "cli/preload/launcher.h"
#include "cli/systemd/obstacles.h"
#include "cli/systemd/syntax.h"
#include "cli/systemd/unit_specifiers.h"

bool command_words(const struct service *unit, const struct assignment *assignment, char ***words)
{
	const char *value = assignment->word;
	char *word = expect_memory(malloc(strlen(value) + 1)), resolved[PATH_MAX], **all = NULL;
	bool renamed = false;
	size_t count = 0;

	while (word_read(&value, word) == WORD_READ && strcmp(word, ";")) {
		size_t prefixes = count ? 0 : strspn(word, "@-:+!|");

		renamed |= prefixes && memchr(word, '@', prefixes);
		/* After an @ the second word is what the program is to be called. */
		if (renamed && count == 1) {
			renamed = false;
			continue;
		}
		all = expect_memory(reallocarray(all, count + 2, sizeof *all));
		all[count++] = expect_memory(strdup(
			specifiers_resolve(unit, word + prefixes, resolved) ? resolved
									    : word + prefixes));
		all[count] = NULL;
	}
	free(word);
	*words = all;
	return count;
}

void command_words_free(char **words)
{
	for (size_t i = 0; words && words[i]; i++)
		free(words[i]);
	free(words);
}

/* Servers that start others with a new environment. */
struct server {
	const char *name, *others;
	bool inside; /* they stay in its control group; sessions get one from pam_systemd */
};

static const struct server servers[] = {
	{ "sshd", "its sessions", false },   { "cron", "its jobs", true },
	{ "crond", "its jobs", true },       { "atd", "its jobs", true },
	{ "agetty", "its sessions", false }, { "login", "its sessions", false },
};

static const struct server *find_server(const char *program)
{
	const char *name = basename(program);

	for (size_t i = 0; i < sizeof servers / sizeof *servers; i++)
		if (!strcmp(name, servers[i].name))
			return &servers[i];
	return NULL;
}

static bool is_nothing(const char *program)
{
	return !strcmp(basename(program), "true");
}

/* Refuses a service that only groups others, such as Debian's postgresql.service. */
static void refuse_wrapper(struct obstacles *obstacles, const struct assignment *assignment)
{
	const char *name = obstacles->unit->name;

	obstacle(obstacles, WAYS | CERTAIN, assignment,
		 "%s runs no program: name the service that does, possibly an instance such as "
		 "%.*s@NAME.service",
		 name, (int)(strrchr(name, '.') - name), name);
}

static void look_at_server(struct obstacles *obstacles, const struct assignment *assignment,
			   const char *program, const struct server *server)
{
	obstacle(obstacles, WAY_LIBRARY, assignment,
		 "the library reaches %s, but %s get a new environment without the library%s",
		 program, server->others,
		 server->inside && !obstacles->unit->root->is_user
			 ? "; --method both reaches them, too"
			 : "");
}

/* Reports the obstacle of one command; `reached`: the library reaches another one. */
static void look_at(struct obstacles *obstacles, const struct assignment *assignment,
		    char *const *words, const struct launcher *launcher, bool reached)
{
	const struct server *server = find_server(words[0]);
	unsigned int ways = launcher->group == GROUP_OTHER ? WAYS : WAY_LIBRARY;

	if (launcher->name)
		obstacle(obstacles, reached ? ways : ways | CERTAIN, assignment, "%s: %s",
			 launcher->name, launcher->obstacle);
	else if (server)
		look_at_server(obstacles, assignment, words[0], server);
}

void obstacles_of_commands(struct obstacles *obstacles)
{
	const struct assignments *commands = &obstacles->unit->commands;
	size_t reached = 0, nothing = 0;

	/* The first round counts, the second reports. */
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < commands->count; i++) {
			struct launcher launcher;
			char **words;

			if (!command_words(obstacles->unit, &commands->at[i], &words))
				continue;
			launcher = launcher_find(words, &obstacles->inside);
			nothing += !round && is_nothing(words[0]);
			reached += !round && !launcher.name && !is_nothing(words[0]);
			obstacles->unreached += !round && launcher.name;
			if (round)
				look_at(obstacles, &commands->at[i], words, &launcher, reached);
			command_words_free(words);
		}
	if (nothing && nothing == commands->count)
		refuse_wrapper(obstacles, &commands->at[0]);
}
