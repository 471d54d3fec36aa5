/* Asks the kernel from within another network namespace. */
#ifndef KEEPALIVE_NAMESPACE_H
#define KEEPALIVE_NAMESPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

/* Returns the inode of the network namespace of a process (0: ourselves); 0 if it may not be seen.
 */
ino_t namespace_id(pid_t pid);

/*
 * Calls `tell` in a child that has entered the network namespace of a process, and `take` here with
 * what that writes, up to its end. Returns false if the namespace may not be entered.
 */
bool namespace_ask(pid_t pid, void (*tell)(void *context, FILE *to),
		   bool (*take)(void *context, FILE *from), void *context);

/*
 * The same with a function that opens `count` descriptors there, all of them, which become ours.
 */
bool namespace_open(pid_t pid, bool (*open_there)(int *descriptors), int *descriptors,
		    size_t count);

#endif
