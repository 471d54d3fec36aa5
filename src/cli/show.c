/* keepalive show: the TCP sockets of running processes, and when they would notice a dead peer. */
#include <unistd.h>

#include "cli/ui/listing.h"
#include "cli/ui/seconds.h"
#include "cli/ui/watch.h"

enum { FLAG_ALL = FLAG_OWN, FLAG_CHILDREN, FLAG_OUTPUT, FLAG_SORT, FLAG_WATCH };

static const struct flag flags[] = {
	{ FLAG_ALL, 'a', "all", NULL, "also sockets of processes that you may not inspect" },
	{ FLAG_CHILDREN, 'c', "children", NULL, "include the children of the processes" },
	{ FLAG_OUTPUT, 'o', "output", "COLUMNS",
	  "print these columns; after a +, besides the default ones" },
	{ FLAG_SORT, 0, "sort", "COLUMN",
	  "sort by this column; -COLUMN or COLUMN:desc: descending" },
	{ FLAG_WATCH, 'w', "watch", "[=SECONDS]",
	  "repeat every SECONDS; default: 1; not on a terminal: print changes" },
	FILTER_FLAGS,
	TABLE_FLAGS,
	{ 0 },
};

struct show {
	struct style style;
	struct listing listing;
	const char *columns; /* as --output has them */
	int watch;           /* seconds; 0: once */
};

static void take_flag(const struct verb *verb, struct show *show, int flag, const char *argument)
{
	switch (flag) {
	case FLAG_ALL:
		show->listing.all = true;
		break;
	case FLAG_CHILDREN:
		show->listing.children = true;
		break;
	case FLAG_SORT:
		view_sort(&show->listing.view, verb, argument);
		break;
	case FLAG_WATCH:
		show->watch = seconds_read(verb, argument);
		break;
	default:
		show->columns = argument;
	}
}

static void read_command_line(const struct verb *verb, int argc, char **argv, struct show *show)
{
	struct listing *listing = &show->listing;
	const char *argument;
	int flag;

	listing->view = (struct view){ .style = &show->style, .sort = -1 };
	while ((flag = flags_next(verb, argc, argv, &argument)) != FLAG_END)
		if (!style_take(&show->style, flag) &&
		    !filter_take(&listing->filter, verb, flag, argument))
			take_flag(verb, show, flag, argument);
	view_choose(&listing->view, verb, show->columns);
	listing->operand_count = (size_t)(argc - optind);
	listing->operands = operands_read(verb, argv + optind, listing->operand_count);
}

static int show_sockets(const struct verb *verb, int argc, char **argv)
{
	static struct show show;

	columns_name();
	read_command_line(verb, argc, argv, &show);
	if (show.watch)
		return watch_listing(&show.listing, show.watch);
	listing_find(&show.listing);
	listing_print(&show.listing.view, &show.listing.entries);
	listing_report(&show.listing);
	return show.listing.status;
}

const struct verb verb_show = {
	.name = "show",
	.usage = "[PID|PROGRAM|UNIT...] [FLAG...]",
	.summary = "list the TCP sockets of running processes",
	.details =
		"Lists the TCP sockets of the processes, or of all processes that you may inspect, with the\n"
		"values that the kernel has: options, timer, and the time until a dead peer is detected.\n"
		"On a narrow terminal, the less important columns are left out; --output has them all.\n"
		"\n"
		"A name means all programs with this name (nginx, 'php-fpm*'), a unit means all processes\n"
		"of the unit (nginx.service). The flags in the plural take several values, separated by\n"
		"commas, of which one has to apply; all conditions together have to apply.\n"
		"\n"
		"Exit status: 0, also if no socket meets the conditions; 1 if a process does not exist,\n"
		"cannot be read or has no TCP sockets, if no process has a name of --program or --unit, or\n"
		"if a value is unknown because the kernel does not allow it to be read; 2 if the command\n"
		"line is wrong.\n",
	.flags = flags,
	.columns = show_columns,
	.run = show_sockets,
};
