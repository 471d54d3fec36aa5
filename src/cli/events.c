/* keepalive events: follows TCP connections, and prints those that the kernel gives up. */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "cli/sockets/held.h"
#include "cli/sockets/proc.h"
#include "cli/ui/ended.h"
#include "cli/ui/time_flag.h"

enum { FLAG_ALL = FLAG_OWN, FLAG_CHILDREN, FLAG_EVERY, FLAG_NUMBER, FLAG_JSON };
enum { EVERY_MS = 1000, NUMBER_MOST = 1000000000 };

static const struct flag flags[] = {
	{ FLAG_ALL, 'a', "all", NULL, "print normal ends, too" },
	{ FLAG_CHILDREN, 'c', "children", NULL, "include the children of the processes" },
	{ FLAG_EVERY, 0, "every", "TIME", "time between two looks at the sockets; default: 1s" },
	{ FLAG_NUMBER, 0, "number", "NUMBER", "exit after this number of lines" },
	{ FLAG_JSON, 'J', "json", NULL, "print an object of JSON in each line" },
	{ 0 },
};

static const struct option_row every = {
	.key = "every", .unit = UNIT_MILLISECONDS, .minimum = 100, .maximum = 3600 * 1000
};

struct events {
	struct following following;
	bool all, json;
	int every;
	uint32_t number, printed; /* 0: any number */
	bool closed;              /* nobody reads standard output any more */
	int status;
};

/* What there is to watch besides connections. */
enum { SIGNALS, OUTPUT, OTHERS };

/* Connections may outlive the processes. */
static bool has_none_left(const struct events *events)
{
	return events->following.chosen && !events->following.operand_count &&
	       !events->following.holders.count;
}

/* Nothing more is to be printed. */
static bool is_enough(const struct events *events)
{
	return events->closed || events->status ||
	       (events->number && events->printed == events->number);
}

static bool is_over(const struct events *events)
{
	return has_none_left(events) || is_enough(events);
}

static void flush(struct events *events)
{
	if (!fflush(stdout) && !ferror(stdout))
		return;
	if (errno == EPIPE) {
		events->closed = true;
		return;
	}
	warn("standard output");
	events->status = STATUS_FAILED;
}

/* What no look saw and connect() has cleared says nothing but that. */
static bool is_printed(const struct events *events, const struct ended *ended)
{
	if (ended->conclusion.cause == CAUSE_CLOSED ||
	    (!ended->before && !ended->after->socket.remote_port))
		return events->all;
	return true;
}

static void print(void *context, const struct ended *ended)
{
	struct events *events = context;

	if (is_enough(events) || !is_printed(events, ended))
		return;
	if (events->json)
		ended_print_json(ended);
	else
		ended_print(ended);
	events->printed++;
	flush(events);
	events->following.enough = is_enough(events);
}

static uint32_t read_number(const struct verb *verb, const char *argument)
{
	struct text text = text_of(argument);
	uint32_t number;

	if (!text_number(&text, &number) || text.length || !number || number > NUMBER_MOST)
		flags_wrong(verb, "--number: \"%s\" is not a number, 1..%d", argument, NUMBER_MOST);
	return number;
}

static void read_command_line(const struct verb *verb, int argc, char **argv, struct events *events)
{
	const char *argument;
	int flag;

	while ((flag = flags_next(verb, argc, argv, &argument)) != FLAG_END) {
		if (flag == FLAG_ALL)
			events->all = true;
		else if (flag == FLAG_CHILDREN)
			events->following.children = true;
		else if (flag == FLAG_EVERY)
			events->every = time_flag(verb, "every", &every, argument);
		else if (flag == FLAG_NUMBER)
			events->number = read_number(verb, argument);
		else
			events->json = true;
	}
	events->following.operand_count = (size_t)(argc - optind);
	events->following.operands =
		operands_read(verb, argv + optind, events->following.operand_count);
}

/* Returns a descriptor that is readable once we are asked to end. What nohup ignores stays ignored.
 */
static int open_signals(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action;
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		if (!sigaction(signals[i], NULL, &action) && action.sa_handler != SIG_IGN)
			sigaddset(&set, signals[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

/* A process that does not exist is a mistake, unlike one that ends later. */
static void drop_ended(struct events *events)
{
	const char *missing;

	if (!operands_living(events->following.operands, &events->following.operand_count,
			     &missing))
		errx(STATUS_FAILED, "%s: no such process", missing);
}

static void tell_once(bool *told, bool is, const char *message)
{
	if (is && !*told)
		warnx("%s", message);
	*told |= is;
}

/* What is denied later is told, too. */
static void tell_denied(const struct following *following)
{
	static bool told_namespaces, told_processes, told_hidden;

	tell_once(
		&told_hidden, proc_hides(),
		"/proc hides the processes of other users: their programs and network namespaces are "
		"unknown");
	tell_once(&told_namespaces, following->denied.root,
		  "some network namespaces cannot be entered: connections there are not followed");
	tell_once(&told_processes, following->holders.denied,
		  "some processes may not be inspected: programs and settings of their connections "
		  "are unknown");
}

static void tell_beginning(const struct following *following)
{
	warnx("following %zu network namespace%s", following->count,
	      following->count == 1 ? "" : "s");
}

static void follow(struct events *events)
{
	struct pollfd others[OTHERS] = {
		[SIGNALS] = { .fd = open_signals(), .events = POLLIN },
		[OUTPUT] = { .fd = STDOUT_FILENO },
	};
	bool stopped = false;

	for (bool first = true; !stopped && !is_over(events); first = false) {
		following_look(&events->following);
		drop_ended(events);
		tell_denied(&events->following);
		if (first)
			tell_beginning(&events->following);
		if (!is_over(events))
			following_wait(&events->following, events->every, others, OTHERS);
		if (following_lost(&events->following))
			warnx("some events were lost");
		stopped = others[SIGNALS].revents;
		events->closed |= (others[OUTPUT].revents & (POLLERR | POLLHUP)) != 0;
	}
}

static int follow_events(const struct verb *verb, int argc, char **argv)
{
	static struct events events = { .every = EVERY_MS };

	read_command_line(verb, argc, argv, &events);
	if (proc_problem())
		errx(STATUS_FAILED, "%s", proc_problem());
	events.following.report = print;
	events.following.context = &events;
	events.following.chosen = events.following.operand_count;
	drop_ended(&events);
	if (fcntl(STDOUT_FILENO, F_GETFD) < 0)
		err(STATUS_FAILED, "standard output");
	held_allow_descriptors();
	if (!following_begin(&events.following))
		err(STATUS_FAILED, "the ends of sockets cannot be followed");
	follow(&events);
	if (events.closed)
		_exit(STATUS_FINE);
	return events.status;
}

const struct verb verb_events = {
	.name = "events",
	.usage = "[PID|PROGRAM|UNIT...] [FLAG...]",
	.summary = "follow connections, and print those that are given up",
	.details =
		"Follows the TCP connections of the processes, or of all processes, and prints a line for\n"
		"each connection that the kernel gives up, and why:\n"
		"  keepalive        probes on an idle connection were not answered\n"
		"  user-timeout     the user timeout ended it\n"
		"  retransmissions  data or a FIN was sent again and not acknowledged\n"
		"  persist          data could not be sent, and probes were not answered\n"
		"  no-answer        connect(): no SYN was answered\n"
		"  refused          connect(): the answer was a reset\n"
		"  unreachable      connect(): reported by the network or the neighbour table\n"
		"  reset            the peer reset it\n"
		"  aborted          it was ended on this machine, and not by a timer: ss -K\n"
		"  unknown          what the kernel reports does not tell\n"
		"With --all also:\n"
		"  closed           the program closed it, or both sides did\n"
		"\n"
		"A name means all programs with this name (nginx, 'php-fpm*'), a unit means all processes\n"
		"of the unit (nginx.service); both are looked up each time. Ends on SIGINT, SIGTERM and\n"
		"SIGHUP, when nobody reads its output any more, and when the processes with the given ids\n"
		"and all their connections have ended.\n"
		"\n"
		"Exit status: 0; 1 if a process does not exist, connections cannot be followed or the\n"
		"output cannot be written; 2 if the command line is wrong.\n",
	.flags = flags,
	.run = follow_events,
};
