/* The maps of BPF programs of ours that are about to be replaced. */
#ifndef KEEPALIVE_OLDER_H
#define KEEPALIVE_OLDER_H

#include <linux/bpf.h>
#include <stdbool.h>
#include <stdint.h>

#include "bpf/plan.h"

/*
 * Returns a descriptor, to be closed, of the map of a program with that type and size of values; -1
 * if it has none. Another version of this command may have made it with other sizes.
 */
int older_map(int program, enum bpf_map_type type, uint32_t value_size);

/* Notes the decisions of the plan of a program in the one that comes after it. */
void older_plan(int program, struct plan *after);

#endif
