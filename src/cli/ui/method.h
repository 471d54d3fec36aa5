/* The ways in which enable gives a service its settings, and which of them it takes. */
#ifndef KEEPALIVE_METHOD_H
#define KEEPALIVE_METHOD_H

#include "cli/systemd/attach_line.h"
#include "cli/systemd/obstacles.h"
#include "cli/verb.h"

enum method { METHOD_AUTO, METHOD_LIBRARY, METHOD_KERNEL, METHOD_BOTH };

/* Reads the word of --method. Ends the process, after a message, if it is none. */
enum method method_read(const struct verb *verb, const char *word);

/* Returns true if this command was built with the BPF programs. */
bool method_kernel_is_built(void);

/* Before the unit is looked at: which obstacles matter. Ends the process if the way is closed. */
void method_begin(struct obstacles *obstacles, enum method wanted);

/*
 * After all obstacles of the library: looks for those of the kernel's way if it is wanted or
 * needed, and returns the method. `command` would be run before the service. Ends the process,
 * after a message, if no way is open.
 */
enum method method_decide(struct obstacles *obstacles, enum method wanted, const char *command);

static inline bool method_has_library(enum method method)
{
	return method != METHOD_KERNEL;
}

static inline bool method_has_kernel(enum method method)
{
	return method != METHOD_LIBRARY;
}

/* Prints the method, the reason for it, and what rules take for the program and its user. */
void method_print(const char *unit, enum method method, enum method wanted,
		  const struct attach_subject *subject);

#endif
