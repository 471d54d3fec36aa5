/* The two large tables. A page of them costs nothing until it is used. */
#ifndef KEEPALIVE_TABLES_H
#define KEEPALIVE_TABLES_H

#include <stdatomic.h>

#include "core/rules.h"

/*
 * No more than this together: a library of 2 MiB or more gets page tables of its own from the
 * kernel, and each exec pays for them. A process may have a million descriptors where fs.nr_open is
 * as Linux has it; of those past half a million nothing is remembered.
 */
enum { DESCRIPTORS = 512 * 1024 };

extern struct tables {
	atomic_ushort descriptor[DESCRIPTORS]; /* see descriptors.h */
	_Alignas(8) unsigned char rule_memory[RULE_MEMORY_SIZE];
} tables;

#endif
