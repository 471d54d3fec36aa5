/* Programs that start another one with a new environment: sudo, su -, env -i. */
#include "cli/preload/launcher.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cli/base/memory.h"
#include "cli/preload/env.h"
#include "cli/preload/executable.h"

enum { DEEP = 4 };

#define VARIABLE "LD_PRELOAD"

/*
 * True if a word has LD_PRELOAD kept or set: in the argument of one of these options (a letter,
 * its long name), or, where the launcher takes assignments, as one.
 */
static bool is_kept(char *const *words, char letter, const char *option, bool assignments)
{
	for (; *++words;) {
		const char *word = *words, *argument = NULL;

		if (assignments && word_begins(word, VARIABLE "="))
			return true;
		if (option && word_begins(word, option))
			argument = word[strlen(option)] == '=' ? word : words[1];
		else if (letter && word[0] == '-' && word[1] == letter)
			argument = word[2] ? word : words[1];
		if (argument && strstr(argument, VARIABLE))
			return true;
	}
	return false;
}

static bool sudo_drops(char *const *words)
{
	return !is_kept(words, 0, "--preserve-env", true);
}

static bool always_drops(char *const *words)
{
	(void)words;
	return true;
}

/* su and runuser: a login begins with a new environment. */
static bool su_drops(char *const *words)
{
	static const char arguments[] = "cCgGsuw";
	bool login = false;

	for (char *const *word = words + 1; *word && strcmp(*word, "--"); word++) {
		const char *letter = *word + 1;

		if (!strcmp(*word, "-") || word_is_long_option(*word, "--login", 3))
			login = true;
		if (**word != '-' || *letter == '-')
			continue;
		for (; *letter && !strchr(arguments, *letter); letter++)
			login |= *letter == 'l';
		/* The argument of the last letter is the next word. */
		if (*letter && !letter[1] && word[1])
			word++;
	}
	return login && !is_kept(words, 'w', "--whitelist-environment", false);
}

/* With --scope the program is a child of systemd-run itself. */
static bool systemd_run_drops(char *const *words)
{
	for (char *const *word = words + 1; *word; word++)
		if (word_is_long_option(*word, "--scope", 4))
			return false;
	return !is_kept(words, 'E', "--setenv", false);
}

static bool run0_drops(char *const *words)
{
	return !is_kept(words, 0, "--setenv", false);
}

static bool has_word(char *const *words, const char *expected)
{
	while (*++words && strcmp(*words, expected))
		;
	return *words;
}

static bool machinectl_drops(char *const *words)
{
	return has_word(words, "shell") && !is_kept(words, 'E', "--setenv", false);
}

static bool systemctl_drops(char *const *words)
{
	return has_word(words, "start") || has_word(words, "restart");
}

static bool setpriv_drops(char *const *words)
{
	return has_word(words, "--reset-env");
}

/* Debian's script: service NAME ACTION. Another program of that common name has other words. */
static bool service_drops(char *const *words)
{
	return words[1] && words[2] && !words[3];
}

static const char by_itself[] =
	"it starts its program without LD_PRELOAD: put keepalive run after it";
static const char by_default[] =
	"it starts its program without LD_PRELOAD, unless it is configured to keep it: "
	"put keepalive run after it";

static const char for_services[] =
	"it starts its program without LD_PRELOAD: use keepalive enable on that service";

static const struct {
	const char *name;
	bool (*drops)(char *const *words);
	const char *obstacle;
	enum launcher_group group;
} launchers[] = {
	{ "sudo", sudo_drops, by_default, GROUP_SAME },
	{ "doas", always_drops, by_default, GROUP_SAME },
	{ "pkexec", always_drops, by_itself, GROUP_SESSION },
	{ "su", su_drops, by_itself, GROUP_SESSION },
	{ "runuser", su_drops, by_itself, GROUP_SESSION },
	{ "systemd-run", systemd_run_drops, by_itself, GROUP_OTHER },
	{ "run0", run0_drops, by_itself, GROUP_OTHER },
	{ "machinectl", machinectl_drops, by_itself, GROUP_OTHER },
	{ "setpriv", setpriv_drops, by_itself, GROUP_SAME },
	{ "service", service_drops, for_services, GROUP_OTHER },
	{ "systemctl", systemctl_drops, for_services, GROUP_OTHER },
};

/* Returns the command line that a script's first line makes; NULL if it is no script. */
static char **words_of_script(char *const *words, const struct root *root)
{
	char path[PATH_MAX], line[SCRIPT_LINE_SIZE];
	char *interpreter, *argument;
	char **all;
	size_t count = 0;

	if (!(root ? executable_find_below(root, words[0], path)
		   : executable_find(words[0], path)) ||
	    !executable_script_line(path, root, line, &interpreter, &argument))
		return NULL;
	while (words[count])
		count++;
	all = expect_memory(calloc(count + 3, sizeof *all));
	all[0] = expect_memory(strdup(interpreter));
	all[1] = *argument ? expect_memory(strdup(argument)) : all[1];
	memcpy(all + 1 + !!*argument, words, count * sizeof *all);
	return all;
}

/* Programs that start another one with the environment that they have. */
static bool is_wrapper(const char *name)
{
	static const char *const names[] = { "chrt",   "ionice", "nice",    "nohup",
					     "setsid", "stdbuf", "taskset", "timeout" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

/* Returns the words after the options of a wrapper, and after their numbers. */
static char *const *after_options(char *const *words)
{
	while (*words && (**words == '-' || strchr("0123456789", **words)))
		words++;
	return words;
}

static struct launcher look(char *const *words, const struct root *root, int deep)
{
	const struct launcher none = { NULL, NULL, GROUP_SAME };
	const char *name = basename(words[0]);
	char **inner;

	if (!strcmp(name, "env")) {
		struct env env = { .words = words };

		env_read(&env);
		if (env.dropped)
			return (struct launcher){ words[0], by_itself, GROUP_SAME };
		return deep && env.words[env.index] ? look(env.words + env.index, root, deep - 1)
						    : none;
	}
	for (size_t i = 0; i < sizeof launchers / sizeof *launchers; i++)
		if (!strcmp(name, launchers[i].name))
			return launchers[i].drops(words)
				       ? (struct launcher){ words[0], launchers[i].obstacle,
							    launchers[i].group }
				       : none;
	if (is_wrapper(name)) {
		char *const *wrapped = after_options(words + 1);

		return deep && *wrapped ? look(wrapped, root, deep - 1) : none;
	}
	inner = deep ? words_of_script(words, root) : NULL;
	return inner ? look(inner, root, deep - 1) : none;
}

struct launcher launcher_find(char *const *words, const struct root *root)
{
	return look(words, root, DEEP);
}
