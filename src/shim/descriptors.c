/* What is known of each descriptor, one byte apiece; written by the hooks alone. */
#include "shim/descriptors.h"

#include <stdatomic.h>

/* The kernel's own ceiling unless fs.nr_open was raised. A page costs nothing until it is used. */
enum { DESCRIPTORS = 1024 * 1024 };

static atomic_uchar states[DESCRIPTORS];

enum descriptor_state descriptor_state(int fd)
{
	if ((unsigned int)fd >= DESCRIPTORS)
		return DESCRIPTOR_UNKNOWN;
	return (enum descriptor_state)atomic_load_explicit(&states[fd], memory_order_relaxed);
}

void descriptor_set(int fd, enum descriptor_state state)
{
	if ((unsigned int)fd < DESCRIPTORS)
		atomic_store_explicit(&states[fd], (unsigned char)state, memory_order_relaxed);
}
