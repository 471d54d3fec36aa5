/* What is found in a configuration, errors and doubts: reported on stderr, and to who collects it.
 */
#include "cli/ui/report.h"

#include <stddef.h>
#include <stdio.h>

static void (*collector)(const struct report *report);

void report(const struct report *report)
{
	fprintf(stderr, "keepalive: %s", report->file);
	if (report->line)
		fprintf(stderr, ":%u:%u", report->line, report->column);
	fprintf(stderr, "%s%s\n", *report->file ? ": " : "", report->text);
	if (collector)
		collector(report);
}

void report_to(void (*take)(const struct report *report))
{
	collector = take;
}
