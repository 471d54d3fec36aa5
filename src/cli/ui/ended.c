/* How events prints the end of a connection: a line for people. */
#include "cli/ui/ended.h"

#include <stdio.h>
#include <time.h>

#include "cli/base/duration.h"

enum { TIME_SIZE = 32 };

const char *cause_name(enum cause cause)
{
	static const char *const names[CAUSES] = {
		[CAUSE_NONE] = "none",
		[CAUSE_KEEPALIVE] = "keepalive",
		[CAUSE_USER_TIMEOUT] = "user-timeout",
		[CAUSE_RETRANSMISSIONS] = "retransmissions",
		[CAUSE_PERSIST] = "persist",
		[CAUSE_NO_ANSWER] = "no-answer",
		[CAUSE_REFUSED] = "refused",
		[CAUSE_UNREACHABLE] = "unreachable",
		[CAUSE_RESET] = "reset",
		[CAUSE_ABORTED] = "aborted",
		[CAUSE_CLOSED] = "closed",
		[CAUSE_UNKNOWN] = "unknown",
	};

	return names[cause];
}

static void print_time(void)
{
	char text[TIME_SIZE];
	time_t seconds = time(NULL);
	struct tm tm;

	strftime(text, sizeof text, "%F %T", localtime_r(&seconds, &tm));
	printf("%s  ", text);
}

static void print_holder(const struct holder *holder)
{
	if (!holder) {
		printf("unknown");
		return;
	}
	printf("%s[%d]", *holder->program ? holder->program : "unknown", holder->pid);
	if (holder->owner.kind == OWNER_CONTAINER)
		printf(" container %s", holder->owner.name);
	else if (holder->owner.kind != OWNER_NONE)
		printf(" %s", holder->owner.name);
}

static void print_count(unsigned long number, const char *one, const char *several)
{
	printf(", %lu %s", number, number == 1 ? one : several);
}

/* A FIN counts as a byte. */
static void print_data(const struct ended *ended)
{
	const struct sample *after = ended->after;
	long bytes = after->socket.unacknowledged - ended->conclusion.closing;

	if (bytes > 0)
		print_count((unsigned long)bytes, "byte unacknowledged", "bytes unacknowledged");
	if (ended->conclusion.closing)
		printf(", FIN unacknowledged");
	if (after->figures.retransmits)
		print_count(after->figures.retransmits, "retransmission", "retransmissions");
	if (ended->conclusion.stuck)
		printf(" that did not leave this machine");
}

static void print_persist(const struct ended *ended)
{
	const struct figures *figures = &ended->after->figures;

	print_count((unsigned long)figures->unsent, "byte not sent", "bytes not sent");
	if (!figures->window)
		printf(", window closed");
	if (figures->probes)
		print_count(figures->probes, "probe unanswered", "probes unanswered");
}

static void print_connect(const struct ended *ended)
{
	printf(", connect()");
	if (ended->conclusion.cause != CAUSE_REFUSED)
		print_count(ended->after->figures.retransmits + 1UL, "SYN unanswered",
			    "SYNs unanswered");
}

static void print_situation(const struct ended *ended)
{
	switch (ended->conclusion.activity) {
	case ACTIVITY_IDLE:
		if (ended->after->figures.probes)
			print_count(ended->after->figures.probes, "probe unanswered",
				    "probes unanswered");
		break;
	case ACTIVITY_DATA:
		print_data(ended);
		break;
	case ACTIVITY_PERSIST:
		print_persist(ended);
		break;
	case ACTIVITY_CONNECT:
		print_connect(ended);
		break;
	default:
		break;
	}
	if (ended->conclusion.silent >= 0)
		printf(", silent %s", duration_of(ended->conclusion.silent).at);
	if (ended->open)
		printf(", not closed by the program");
}

static void print_number(int value)
{
	if (value < 0)
		printf("unknown");
	else
		printf("%d", value);
}

static void print_settings(const int *value)
{
	if (!value || value[OPTION_KEEPALIVE] < 0) {
		printf("; settings unknown");
		return;
	}
	printf("; keepalive ");
	if (!value[OPTION_KEEPALIVE]) {
		printf("off");
	} else {
		print_number(value[OPTION_IDLE]);
		putchar('/');
		print_number(value[OPTION_INTERVAL]);
		putchar('/');
		print_number(value[OPTION_COUNT]);
	}
	if (value[OPTION_USER_TIMEOUT] > 0)
		printf(", user timeout %s", duration_of(value[OPTION_USER_TIMEOUT]).at);
}

/* The ends are known from before if a failed connect() has cleared them. */
static void print_ends(const struct ended *ended)
{
	const struct diag_socket *socket =
		ended->before ? &ended->before->socket : &ended->after->socket;
	struct line text = { 0 };

	line_add_address(&text, &socket->local, socket->local_port);
	printf("%.*s", (int)text.length, text.at);
	text.length = 0;
	line_add_address(&text, &socket->remote, socket->remote_port);
	if (socket->remote_port)
		printf(" -> %.*s", (int)text.length, text.at);
	else
		printf(" -> unknown");
}

void ended_print(const struct ended *ended)
{
	print_time();
	printf("%-15s  ", cause_name(ended->conclusion.cause));
	print_holder(ended->holder);
	printf("  ");
	print_ends(ended);
	print_situation(ended);
	print_settings(ended->value);
	putchar('\n');
}
