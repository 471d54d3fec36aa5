/* Values of the running kernel. */
#include "cli/base/kernel.h"

#include <stdio.h>
#include <time.h>

int sysctl_number(const char *name, int otherwise)
{
	char path[80];
	int number = otherwise;
	FILE *file;

	snprintf(path, sizeof path, "/proc/sys/net/ipv4/%s", name);
	file = fopen(path, "re");
	if (!file)
		return otherwise;
	if (fscanf(file, "%d", &number) != 1)
		number = otherwise;
	fclose(file);
	return number;
}

/* The coarse clocks go by jiffies. */
int kernel_hz(void)
{
	struct timespec jiffy;

	if (clock_getres(CLOCK_MONOTONIC_COARSE, &jiffy) || jiffy.tv_sec || jiffy.tv_nsec < 100000)
		return 0;
	return (int)((1000000000 + jiffy.tv_nsec / 2) / jiffy.tv_nsec);
}

void kernel_values_read(struct kernel_values *kernel)
{
	kernel_values_default(kernel);
	for (size_t id = 0; id < OPTIONS; id++)
		if (option_table[id].sysctl[0])
			kernel->number[id] =
				sysctl_number(option_table[id].sysctl, kernel->number[id]);
}
