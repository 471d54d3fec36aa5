/* A command line of env, which can change the environment of the program that it starts. */
#ifndef KEEPALIVE_ENV_H
#define KEEPALIVE_ENV_H

#include <stdbool.h>
#include <stddef.h>

struct env {
	char *const *words;
	size_t index; /* of the word that is read; then of the program that env starts */
	bool dropped; /* LD_PRELOAD is removed from the environment */
};

/* Reads env->words up to the program that env starts, or to the end. */
void env_read(struct env *env);

/* Returns true if the word begins like that. */
bool word_begins(const char *word, const char *beginning);

/*
 * Returns true if the word is the long option, or an abbreviation of at least `least` bytes, with
 * an argument or without.
 */
bool word_is_long_option(const char *word, const char *option, size_t least);

#endif
