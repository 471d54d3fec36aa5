/* The TCP connections of a network namespace that are followed, from look to look. */
#include "cli/sockets/connections.h"

#include <netinet/tcp.h>
#include <stdlib.h>

#include "cli/base/memory.h"
#include "cli/sockets/sockets.h"

static int compare(const void *a, const void *b)
{
	const struct connection *one = *(struct connection *const *)a;
	const struct connection *other = *(struct connection *const *)b;

	return one->last.cookie < other->last.cookie ? -1 : one->last.cookie > other->last.cookie;
}

struct connection *connections_find(const struct connections *connections, uint64_t cookie)
{
	struct connection key = { .last.cookie = cookie }, *at = &key, **found;

	if (!connections->sorted)
		return NULL;
	found = bsearch(&at, connections->at, connections->sorted, sizeof at, compare);
	return found ? *found : NULL;
}

static struct connection *add(struct connections *connections, long long now)
{
	struct connection *connection = expect_memory(calloc(1, sizeof *connection));

	connections->at = memory_for_more(connections->at, connections->count, &connections->room,
					  sizeof *connections->at);
	connections->at[connections->count++] = connection;
	connection->first = now;
	connection->syn = -1;
	for (size_t id = 0; id < OPTIONS; id++)
		connection->value[id] = VALUE_UNKNOWN;
	return connection;
}

/* While no FIN is sent, what is acknowledged beyond the data is the SYN. */
static int acknowledged_syn(const struct sample *sample)
{
	const struct figures *figures = &sample->figures;
	long flight = sample->socket.unacknowledged - figures->unsent;
	uint64_t syn = figures->acknowledged + (uint64_t)flight - figures->sent;

	return sample->complete && syn <= 1 ? (int)syn : -1;
}

struct connection *connections_take(struct connections *connections, const struct sample *sample,
				    unsigned int look, long long now)
{
	struct connection *connection = connections_find(connections, sample->cookie);

	if (!connection)
		connection = add(connections, now);
	if (sample->socket.timer != TIMER_PERSIST)
		connection->persisting = 0;
	else if (!connection->persisting)
		connection->persisting = now;
	if (sample->socket.state == TCP_ESTABLISHED || sample->socket.state == TCP_CLOSE_WAIT)
		connection->syn = acknowledged_syn(sample);
	else if (sample->socket.state == TCP_SYN_SENT)
		connection->syn = 1;
	connection->last = *sample;
	connection->look = look;
	connection->seen = now;
	connection->reported = false;
	return connection;
}

void connections_tidy(struct connections *connections)
{
	bool added = connections->count > connections->sorted;
	size_t kept = 0;

	for (size_t i = 0; i < connections->count; i++)
		if (connections->at[i]->gone)
			free(connections->at[i]);
		else
			connections->at[kept++] = connections->at[i];
	if (added && kept)
		qsort(connections->at, kept, sizeof *connections->at, compare);
	connections->count = connections->sorted = kept;
}

void connections_free(struct connections *connections)
{
	for (size_t i = 0; i < connections->count; i++)
		free(connections->at[i]);
	free(connections->at);
	*connections = (struct connections){ 0 };
}
