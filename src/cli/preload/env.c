/* A command line of env. */
#include "cli/preload/env.h"

#include <stdlib.h>
#include <string.h>

#include "cli/base/memory.h"
#include "cli/preload/library.h"

#define VARIABLE "LD_PRELOAD"

bool word_begins(const char *word, const char *beginning)
{
	return !strncmp(word, beginning, strlen(beginning));
}

bool word_is_long_option(const char *word, const char *option, size_t least)
{
	size_t length = strcspn(word, "=");

	return length >= least && !strncmp(word, option, length);
}

/* Returns the words with those of a string in place of the word at `index`. Frees neither. */
static char **split_at(char *const *words, size_t index, const char *string)
{
	char *copy = expect_memory(strdup(string));
	size_t count = 0, made = index;
	char **all;

	while (words[count])
		count++;
	all = expect_memory(calloc(count + strlen(string) + 1, sizeof *all));
	memcpy(all, words, index * sizeof *all);
	for (char *word = strtok(copy, " \t"); word; word = strtok(NULL, " \t"))
		all[made++] = word;
	memcpy(all + made, words + index + 1, (count - index) * sizeof *all);
	return all;
}

/* Returns the argument of an option: the rest of its word, else the next word, which is then read.
 */
static const char *argument_of(struct env *env, const char *rest)
{
	if (*rest)
		return rest;
	return env->words[env->index + 1] ? env->words[++env->index] : "";
}

static void split(struct env *env, const char *rest)
{
	const char *string = argument_of(env, rest);

	if (!env->words[env->index])
		return;
	env->words = split_at(env->words, env->index, string);
	/* The resulting words are read next. */
	env->index--;
}

static void read_letters(struct env *env, const char *letters)
{
	for (; *letters; letters++)
		switch (*letters) {
		case 'i':
			env->dropped = true;
			break;
		case 'u':
			env->dropped |= !strcmp(argument_of(env, letters + 1), VARIABLE);
			return;
		case 'C':
		case 'a':
			argument_of(env, letters + 1);
			return;
		case 'S':
			split(env, letters + 1);
			return;
		default:
			break;
		}
}

static void read_long(struct env *env, const char *word)
{
	const char *value = strchr(word, '=');
	const char *rest = value ? value + 1 : "";

	if (word_is_long_option(word, "--ignore-environment", 10))
		env->dropped = true;
	else if (word_is_long_option(word, "--unset", 3))
		env->dropped |= !strcmp(argument_of(env, rest), VARIABLE);
	else if (word_is_long_option(word, "--split-string", 3))
		split(env, rest);
	else if (word_is_long_option(word, "--chdir", 3) || word_is_long_option(word, "--argv0", 3))
		argument_of(env, rest);
}

void env_read(struct env *env)
{
	const char *word;

	for (env->index = 1; (word = env->words[env->index]); env->index++) {
		if (!strcmp(word, "-"))
			env->dropped = true;
		else if (word_begins(word, "--") && word[2])
			read_long(env, word);
		else if (word[0] == '-' && word[1] != '-')
			read_letters(env, word + 1);
		else if (word_begins(word, VARIABLE "="))
			/* systemd puts a variable in place of $NAME, which may be this one. */
			env->dropped = !preload_has_library(word + strlen(VARIABLE "=")) &&
				       !strchr(word, '$');
		else if (word[0] != '-' && !strchr(word, '='))
			return;
	}
}
