/* Values of the running kernel. */
#ifndef KEEPALIVE_KERNEL_VALUES_H
#define KEEPALIVE_KERNEL_VALUES_H

#include "core/policy.h"

/* Returns net.ipv4.NAME of this network namespace; `otherwise` if it cannot be read. */
int sysctl_number(const char *name, int otherwise);

/* Returns the number of jiffies in a second; 0 if it is not known. */
int kernel_hz(void);

/* Reads the sysctls that the option table names; the other values are the kernel's usual ones. */
void kernel_values_read(struct kernel_values *kernel);

#endif
