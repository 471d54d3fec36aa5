/*
 * Reads the configuration: the environment, the file, and the sysctls. For start-up only. Makes the
 * system calls openat, fstat, read and close; readlinkat where a rule asks for the
 * program's name.
 */
#ifndef KEEPALIVE_CONFIGURATION_H
#define KEEPALIVE_CONFIGURATION_H

#include "core/loader.h"

/* Returns false if the library is to do nothing; then the file is not read. */
bool configuration_read(struct loaded *read, struct errors *errors);

/* Puts the values of the sysctls that can be read over those in *kernel. */
void configuration_read_kernel_values(struct kernel_values *kernel);

/* The base name of the executable, or if that is not known what the program was called as. */
struct text configuration_program_name(void);

#endif
