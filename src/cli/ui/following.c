/* Follows the TCP connections of the machine, and reports those that end. */
#include "cli/ui/following.h"

#include <err.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>

#include "cli/base/clock.h"
#include "cli/base/memory.h"
#include "cli/sockets/namespace.h"
#include "cli/sockets/proc.h"

/*
 * Looks at which a process is searched for, and after which an end was not told, but not before 10
 * s: a packet that waits for a neighbour holds its socket. After so many, a namespace that was
 * denied is tried again. And how long not to ask what has ended: each time counters are read.
 */
enum { TRIES = 3, LOOKS_KEPT = 10, KEPT_MS = 10000, LOOKS_DENIED = 60, PAUSE_MS = 20 };

/* What of a place is read. */
struct reading {
	struct following *following;
	struct place *place;
	bool counted;
};

static void report(struct reading *reading, struct connection *connection,
		   const struct sample *after, bool open)
{
	struct following *following = reading->following;
	struct ended ended = { .after = after, .open = open };

	if (!reading->counted)
		place_count(reading->place);
	reading->counted = true;
	ended.conclusion = place_conclude(reading->place, connection, after, open, clock_now());
	if (connection) {
		ended.before = &connection->last;
		ended.holder = connection->holder;
		ended.value = connection->holder ? connection->value : NULL;
	}
	if (ended.conclusion.cause != CAUSE_NONE && (ended.holder || !following->chosen))
		following->report(following->context, &ended);
}

static void take_ending(void *context, const struct sample *after)
{
	struct reading *reading = context;
	struct connection *connection =
		connections_find(&reading->place->connections, after->cookie);

	if (!connection || !connection->reported)
		report(reading, connection, after, false);
	if (!connection)
		return;
	connection->gone = true;
	holders_release(&reading->following->holders, connection);
}

static void read_endings(struct following *following, struct place *place)
{
	struct reading reading = { .following = following, .place = place };

	if (!channel_endings(&place->channel, take_ending, &reading))
		following->lost = true;
}

/* A failed connect() has cleared the socket. */
static void note_cleared(const struct connection *connection, struct sample *after)
{
	if (!after->figures.segments &&
	    (connection->last.figures.segments || after->figures.unsent))
		after->socket.remote_port = 0;
}

/*
 * The last look did not find it, and nobody has told of its end: the kernel has given it up, and
 * its program has not closed it yet.
 */
static void look_for_dead(struct reading *reading, struct connection *connection)
{
	bool plain = connection->last.socket.protocol == IPPROTO_TCP;
	unsigned int looks = reading->place->look - connection->look;
	struct sample after;

	if (plain && holder_sample(connection, &after)) {
		if (connection->reported || after.socket.state != TCP_CLOSE)
			return;
		note_cleared(connection, &after);
		report(reading, connection, &after, true);
		connection->reported = true;
	} else if (looks > LOOKS_KEPT && clock_now() - connection->seen > KEPT_MS) {
		connection->gone = true;
		holders_release(&reading->following->holders, connection);
	}
}

static void look_after(struct following *following, struct place *place)
{
	struct reading reading = { .following = following, .place = place };

	for (size_t i = 0; i < place->connections.count; i++) {
		struct connection *connection = place->connections.at[i];

		if (connection->gone)
			continue;
		if (connection->look != place->look)
			look_for_dead(&reading, connection);
		else if (connection_in_trouble(connection))
			holder_read(connection);
	}
}

/* A connection that waits to be accepted, or that its program has closed, is in no process. */
static void find_holders(struct following *following)
{
	struct sought *sought = NULL;
	size_t count = 0, room = 0;

	for (size_t i = 0; i < following->count; i++) {
		struct connections *connections = &following->place[i]->connections;

		for (size_t k = 0; k < connections->count; k++) {
			struct connection *connection = connections->at[k];

			if (connection->holder || connection->gone ||
			    !connection->last.socket.inode || connection->tries++ >= TRIES)
				continue;
			sought = memory_for_more(sought, count, &room, sizeof *sought);
			sought[count++] =
				(struct sought){ connection->last.socket.inode, connection };
		}
	}
	if (count)
		holders_search(&following->holders, &following->pids, sought, count);
	free(sought);
}

static struct place *find_place(const struct following *following, ino_t namespace)
{
	for (size_t i = 0; i < following->count; i++)
		if (following->place[i]->channel.namespace == namespace)
			return following->place[i];
	return NULL;
}

/* Returns NULL and errno if it may not be entered. */
static struct place *add_place(struct following *following, pid_t pid)
{
	struct place *place = place_open(pid);

	if (!place)
		return NULL;
	following->place = memory_for_more(following->place, following->count, &following->room,
					   sizeof(void *));
	return following->place[following->count++] = place;
}

/* Notes a process, and that its network namespace is to be followed. */
static bool note_process(void *context, const struct relative *who, const struct operand *operand)
{
	struct following *following = context;
	ino_t namespace = namespace_id(who->pid);
	struct place *place;

	(void)operand;
	pids_add(&following->pids, who->pid);
	if (!namespace || numbers_have(&following->denied, namespace))
		return true;
	place = find_place(following, namespace);
	if (!place)
		place = add_place(following, who->pid);
	if (place)
		place->inhabited = true;
	else if (namespace_id(who->pid) == namespace)
		numbers_add(&following->denied, namespace);
	return true;
}

static void note_operands(struct following *following)
{
	for (size_t i = 0; i < following->operand_count; i++) {
		struct operand *operand = &following->operands[i];
		const char *error =
			operand_each(operand, following->children, note_process, following);

		if (error && !following->looks)
			warnx("%s: %s; waiting", operand->word, error);
	}
}

static void note_processes(struct following *following)
{
	pid_t *all;

	following->pids.count = 0;
	if (following->chosen) {
		note_operands(following);
		return;
	}
	all = process_all();
	for (size_t i = 0; all && all[i]; i++)
		note_process(following, &(struct relative){ all[i], 0 }, NULL);
	free(all);
}

/* A namespace would exist as long as we follow it: without a process it is left. */
static void leave_empty(struct following *following)
{
	size_t kept = 1;

	for (size_t i = 1; i < following->count; i++) {
		struct place *place = following->place[i];

		if (place->inhabited) {
			following->place[kept++] = place;
			continue;
		}
		read_endings(following, place);
		for (size_t k = 0; k < place->connections.count; k++)
			holders_release(&following->holders, place->connections.at[k]);
		place_free(place);
	}
	following->count = kept;
}

bool following_begin(struct following *following)
{
	struct place *place = add_place(following, 0);

	return place && channel_look(&place->channel, NULL, NULL);
}

void following_look(struct following *following)
{
	for (size_t i = 0; i < following->count; i++)
		following->place[i]->inhabited = false;
	/* Its number may be that of another one by now, or there are descriptors again. */
	if (!(following->looks % LOOKS_DENIED))
		numbers_free(&following->denied);
	note_processes(following);
	leave_empty(following);
	for (size_t i = 0; i < following->count; i++) {
		struct place *place = following->place[i];

		read_endings(following, place); /* before the look takes its mark */
		if (!place_look(place, clock_now()))
			following->lost = true;
		read_endings(following, place);
	}
	find_holders(following);
	for (size_t i = 0; i < following->count; i++)
		look_after(following, following->place[i]);
	following->looks++;
}

static struct pollfd *watched(const struct following *following, const struct pollfd *others,
			      size_t count)
{
	struct pollfd *watched =
		expect_memory(calloc(following->count + count + 1, sizeof *watched));

	for (size_t i = 0; i < count; i++)
		watched[i] = others[i];
	for (size_t i = 0; i < following->count; i++)
		watched[count + i] =
			(struct pollfd){ .fd = channel_descriptor(&following->place[i]->channel),
					 .events = POLLIN };
	return watched;
}

void following_wait(struct following *following, long milliseconds, struct pollfd *others,
		    size_t count)
{
	struct pollfd *all = watched(following, others, count);
	long long end = clock_now() + milliseconds, left;
	bool other = false;

	while (!other && !following->enough && (left = end - clock_now()) > 0) {
		poll(all, (nfds_t)(count + following->count), (int)left);
		for (size_t i = 0; i < following->count; i++)
			if (all[count + i].revents)
				read_endings(following, following->place[i]);
		for (size_t i = 0; i < count; i++)
			other |= (others[i].revents = all[i].revents) != 0;
		if (!other)
			poll(all, (nfds_t)count, PAUSE_MS);
	}
	free(all);
}

bool following_lost(struct following *following)
{
	bool lost = following->lost;

	following->lost = false;
	return lost;
}
