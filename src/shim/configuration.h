/*
 * Reads the configuration: environment, file and sysctls. For start-up only. System calls: openat,
 * fstat, read, close, and readlinkat if a rule asks for the program's name.
 */
#ifndef KEEPALIVE_CONFIGURATION_H
#define KEEPALIVE_CONFIGURATION_H

#include "core/loader.h"

/* Returns false if the library must do nothing; the file is not read then. */
bool configuration_read(struct loaded *read, struct errors *errors);

/* Overrides *kernel with the values of the sysctls that can be read. */
void configuration_read_kernel_values(struct kernel_values *kernel);

/* Returns the base name of the executable, or if unknown that of the program's first argument. */
struct text configuration_program_name(void);

#endif
