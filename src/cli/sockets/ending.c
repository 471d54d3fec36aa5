/* Processes that are about to end: the kernel then denies access even to their owner. */
#include "cli/sockets/ending.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "cli/sockets/proc.h"

/* PF_EXITING among the flags of a thread, which /proc has had as its ninth field all along. */
enum { FLAG_EXITING = 4, LINE_SIZE = 512, WHAT_SIZE = 64 };

/* A missing thread has ended. */
static bool is_thread_ending(pid_t pid, const char *thread)
{
	char what[WHAT_SIZE], line[LINE_SIZE];
	unsigned int flags = FLAG_EXITING;
	const char *after_name;
	FILE *file;

	snprintf(what, sizeof what, "task/%.16s/stat", thread);
	file = fopen(proc_path(pid, what).at, "re");
	if (!file)
		return true;
	line[fread(line, 1, sizeof line - 1, file)] = 0;
	fclose(file);
	after_name = strrchr(line, ')');
	return !after_name || (sscanf(after_name, ") %*c %*d %*d %*d %*d %*d %u", &flags) == 1 &&
			       flags & FLAG_EXITING);
}

bool process_is_ending(pid_t pid)
{
	DIR *threads = opendir(proc_path(pid, "task").at);
	bool ending = threads;
	struct dirent *entry;

	while (ending && (entry = readdir(threads)))
		if (entry->d_name[0] != '.')
			ending = is_thread_ending(pid, entry->d_name);
	if (threads)
		closedir(threads);
	return ending;
}

bool process_has_lost_leader(pid_t pid)
{
	char leader[WHAT_SIZE];

	snprintf(leader, sizeof leader, "%d", pid);
	return is_thread_ending(pid, leader) && !process_is_ending(pid);
}
