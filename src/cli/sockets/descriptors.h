/* The sockets among the descriptors of a process. */
#ifndef KEEPALIVE_DESCRIPTORS_H
#define KEEPALIVE_DESCRIPTORS_H

#include "cli/sockets/process.h"

typedef void descriptor_visit(void *context, int fd, ino_t inode);

/* Calls `visit` for each socket of a process. Returns the error if they cannot be listed; else 0.
 */
int descriptors_each(pid_t pid, descriptor_visit *visit, void *context);

/*
 * Returns a descriptor of ours for the socket that a process has under that number, to be closed at
 * once; -1 and errno, ENOENT if it is another socket by now.
 */
int descriptor_take(const struct process *process, int fd, ino_t inode);

#endif
