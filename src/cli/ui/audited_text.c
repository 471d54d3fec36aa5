/* What audit prints for people below its table: how many, and what to do. */
#include <stdio.h>

#include "cli/ui/audited.h"
#include "cli/ui/text.h"

void audited_print_remedy(int number, const struct service_row *row, const struct remedy *remedy)
{
	const char *name = service_name(row);

	printf("\n[%d] %s: %s\n", number, *name ? name : "(unknown)", remedy->reason);
	if (remedy->lasting)
		printf("    %s\n", remedy->lasting);
	if (remedy->lasting && remedy->when)
		printf("        (%s)\n", remedy->when);
	if (remedy->now)
		printf("    %s\n        (at once)\n", remedy->now);
}

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

void audited_print_summary(const struct services *services)
{
	const struct tally *total = &services->total;
	size_t unknown = total->unknown + total->unread;
	char never[64];

	snprintf(never, sizeof never, "%zu never notice%s a dead peer", total->never,
		 total->never == 1 ? "s" : "");
	printf("%zu connection%s to other hosts: ", total->connections, plural(total->connections));
	if (total->never)
		text_paint(never);
	else
		printf("%s", never);
	if (unknown)
		printf(", %zu unknown", unknown);
	putchar('\n');
	if (total->loopback)
		printf("%zu connection%s on loopback, not counted above\n", total->loopback,
		       plural(total->loopback));
	if (total->listeners_off)
		printf("%zu listener%s: keepalive is off, so it is on the connections that they "
		       "accept\nonly if the program switches it on\n",
		       total->listeners_off, plural(total->listeners_off));
}
