/* The two large tables. A page costs nothing until it is used. */
#ifndef KEEPALIVE_TABLES_H
#define KEEPALIVE_TABLES_H

#include <stdatomic.h>

#include "core/rules.h"

/*
 * Their total is limited: a library of 2 MiB or more gets its own page tables from the kernel,
 * which costs each exec. By default a process may have a million descriptors; beyond half a million
 * nothing is stored.
 */
enum { DESCRIPTORS = 512 * 1024 };

extern struct tables {
	atomic_ushort descriptor[DESCRIPTORS]; /* see descriptors.h */
	_Alignas(8) unsigned char rule_memory[RULE_MEMORY_SIZE];
} tables;

#endif
