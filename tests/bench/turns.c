/*
 * turns ROUNDS COMMAND... -- COMMAND... [-- COMMAND...]: runs the commands in turns, their output
 * to nowhere. Prints for each the median of the milliseconds that it took, and the ratio to the
 * first.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "bench/worker.h"

enum { COMMANDS_MAX = 8, ROUNDS_MAX = 1001 };

extern char **environ;

/* In milliseconds. */
struct spent {
	double time, processor;
};

static double times[COMMANDS_MAX][ROUNDS_MAX], processor[COMMANDS_MAX][ROUNDS_MAX];

static double milliseconds(struct timeval time)
{
	return (double)time.tv_sec * 1e3 + (double)time.tv_usec / 1e3;
}

static struct spent run(char **argv)
{
	posix_spawn_file_actions_t actions;
	double begin = now();
	struct rusage usage;
	int status;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	if (posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ) ||
	    wait4(pid, &status, 0, &usage) != pid || !WIFEXITED(status) ||
	    WEXITSTATUS(status) > 1) {
		fprintf(stderr, "turns: %s does not run\n", argv[0]);
		exit(1);
	}
	posix_spawn_file_actions_destroy(&actions);
	return (struct spent){ (now() - begin) / 1e6,
			       milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime) };
}

/* Where each begins; the words between them become NULL. */
static int split(char **words, char ***commands)
{
	int count = 0;

	commands[count++] = words;
	for (; *words; words++)
		if (!strcmp(*words, "--") && count < COMMANDS_MAX) {
			*words = NULL;
			commands[count++] = words + 1;
		}
	return count;
}

static void print(char **argv, struct spent spent, struct spent first)
{
	char words[256] = "";

	for (const char *name = strrchr(*argv, '/'); *argv; argv++, name = NULL)
		snprintf(words + strlen(words), sizeof words - strlen(words), "%s%s",
			 *words ? " " : "", name ? name + 1 : *argv);
	printf("   %-56s %5.0f ms %5.2f  processor %5.0f ms %5.2f\n", words, spent.time,
	       spent.time / first.time, spent.processor, spent.processor / first.processor);
}

int main(int argc, char **argv)
{
	int rounds = argc > 2 ? atoi(argv[1]) : 0, count;
	char **commands[COMMANDS_MAX];
	struct spent first = { 0 };

	if (rounds < 1 || rounds > ROUNDS_MAX)
		return 2;
	count = split(argv + 2, commands);
	for (int i = 0; i < count; i++)
		run(commands[i]);
	for (int round = 0; round < rounds; round++)
		for (int i = 0; i < count; i++) {
			/* Each is the first of a round in turns. */
			int turn = (round + i) % count;

			struct spent spent = run(commands[turn]);

			times[turn][round] = spent.time;
			processor[turn][round] = spent.processor;
		}
	for (int i = 0; i < count; i++) {
		struct spent spent = { median(times[i], (size_t)rounds),
				       median(processor[i], (size_t)rounds) };

		first = i ? first : spent;
		print(commands[i], spent, first);
	}
	return 0;
}
