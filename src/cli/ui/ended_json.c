/* How events prints the end of a connection: an object of JSON in a line. */
#include <stdio.h>
#include <time.h>

#include "cli/sockets/sockets.h"
#include "cli/ui/ended.h"

enum { TIME_SIZE = 40 };

/* The first key comes after the brace, others after a comma. */
static void print_key(const char *key)
{
	printf(",\"%s\":", key);
}

/* What cannot be printed was replaced where it came in. */
static void print_text(const char *key, const char *text)
{
	print_key(key);
	putchar('"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			putchar('\\');
		if ((unsigned char)*text >= ' ')
			putchar(*text);
	}
	putchar('"');
}

/* Numbers that are not known are a word, as in the tables. */
static void print_number(const char *key, bool known, long number)
{
	if (!known) {
		print_text(key, "unknown");
		return;
	}
	print_key(key);
	printf("%ld", number);
}

static void print_flag(const char *key, bool known, bool flag)
{
	if (!known) {
		print_text(key, "unknown");
		return;
	}
	print_key(key);
	printf(flag ? "true" : "false");
}

static void print_null(const char *key)
{
	print_key(key);
	printf("null");
}

/* In RFC 3339. */
static void print_time(void)
{
	struct timespec time;
	char text[TIME_SIZE], zone[TIME_SIZE];
	struct tm tm;

	clock_gettime(CLOCK_REALTIME, &time);
	localtime_r(&time.tv_sec, &tm);
	strftime(text, sizeof text, "%FT%T", &tm);
	strftime(zone, sizeof zone, "%z", &tm);
	printf("{\"time\":\"%s.%03ld%.3s:%s\"", text, time.tv_nsec / 1000000, zone, zone + 3);
}

static void print_owner(const struct owner *owner)
{
	bool container = owner->kind == OWNER_CONTAINER;
	const char *unit = container ? owner->unit : owner->name;

	if (*unit)
		print_text("unit", unit);
	else
		print_null("unit");
	if (container)
		print_text("container", owner->name);
	else
		print_null("container");
}

static void print_holder(const struct holder *holder)
{
	if (!holder) {
		print_text("program", "unknown");
		print_text("pid", "unknown");
		print_text("unit", "unknown");
		print_text("container", "unknown");
		return;
	}
	print_text("program", *holder->program ? holder->program : "unknown");
	print_number("pid", true, holder->pid);
	print_owner(&holder->owner);
}

static void print_end(const char *key, const struct address *address, uint16_t port)
{
	struct line text = { 0 };

	line_add_address(&text, address, port);
	text.at[text.length < sizeof text.at ? text.length : sizeof text.at - 1] = 0;
	print_text(key, port ? text.at : "unknown");
}

static void print_settings(const int *value)
{
	static const enum option_id options[] = { OPTION_KEEPALIVE, OPTION_IDLE, OPTION_INTERVAL,
						  OPTION_COUNT, OPTION_USER_TIMEOUT };

	for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
		const struct option_row *option = &option_table[options[i]];
		bool known = value && value[options[i]] >= 0;

		if (option->unit == UNIT_SWITCH)
			print_flag(option->key, known, known && value[options[i]]);
		else
			print_number(option->key, known, known ? value[options[i]] : 0);
	}
}

static void print_connection(const struct ended *ended)
{
	const struct diag_socket *socket =
		ended->before ? &ended->before->socket : &ended->after->socket;

	print_text("state", ended->before ? tcp_state_name(socket->state) : "unknown");
	print_end("local", &socket->local, socket->local_port);
	print_end("peer", &socket->remote, socket->remote_port);
}

static void print_figures(const struct ended *ended)
{
	const struct figures *figures = &ended->after->figures;
	bool cleared = !ended->after->socket.remote_port,
	     known = ended->after->complete && !cleared;

	print_number("silent", ended->conclusion.silent >= 0, ended->conclusion.silent);
	print_number("probes", known, figures->probes);
	print_number("retransmits", ended->after->complete, figures->retransmits);
	print_number("unacked", known, ended->after->socket.unacknowledged);
	print_flag("stuck", known, ended->conclusion.stuck);
	print_flag("closed", true, !ended->open);
}

void ended_print_json(const struct ended *ended)
{
	static const char *const situations[] = {
		[ACTIVITY_IDLE] = "idle",
		[ACTIVITY_DATA] = "data",
		[ACTIVITY_PERSIST] = "persist",
		[ACTIVITY_CONNECT] = "connect",
	};
	enum activity activity = ended->conclusion.activity;

	print_time();
	print_text("reason", cause_name(ended->conclusion.cause));
	print_text("situation", activity ? situations[activity] : "unknown");
	print_holder(ended->holder);
	print_connection(ended);
	print_figures(ended);
	print_settings(ended->value);
	puts("}");
}
