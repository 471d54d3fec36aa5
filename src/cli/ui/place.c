/* A network namespace that events follows: what it has, and what has ended in it. */
#include "cli/ui/place.h"

#include <limits.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>

#include "cli/base/memory.h"

struct place *place_open(pid_t pid)
{
	struct place *place = expect_memory(calloc(1, sizeof *place));

	if (channel_open(&place->channel, pid))
		return place;
	free(place);
	return NULL;
}

void place_free(struct place *place)
{
	channel_close(&place->channel);
	connections_free(&place->connections);
	free(place);
}

/* What a look takes its findings with. */
struct taking {
	struct place *place;
	long long now;
};

static void take(void *context, const struct sample *sample)
{
	struct taking *taking = context;
	struct place *place = taking->place;
	int state = sample->socket.state;

	if (state == TCP_LISTEN)
		place->listens[sample->socket.local_port] = true;
	else if (state != TCP_SYN_RECV && state != TCP_CLOSE)
		connections_take(&place->connections, sample, place->look, taking->now);
}

bool place_look(struct place *place, long long now)
{
	struct taking taking = { place, now };
	bool looked;

	memset(place->listens, 0, sizeof place->listens);

	place->interval = place->look ? (long)(now - place->looked) : LONG_MAX / 4;
	place->looked = now;
	place->look++;
	place->mark[place->look % MARKS] =
		(struct mark){ counters_read(place->channel.file), place->pardoned, place->failed };
	looked = channel_look(&place->channel, take, &taking);
	connections_tidy(&place->connections);
	return looked;
}

void place_count(struct place *place)
{
	place->now = counters_read(place->channel.file);
}

/* What happened since the look at which the connection was seen last, or since the last one. */
static const struct mark *mark_of(const struct place *place, const struct connection *connection)
{
	unsigned int look = connection ? connection->look : place->look;

	return place->look - look < MARKS ? &place->mark[look % MARKS] : NULL;
}

/*
 * Where no look saw the connection before its FIN: a SYN and a FIN that are both counted, or both
 * not, leave no choice; else who listens on its port is a server.
 */
static int guessed_syn(const struct place *place, const struct sample *after)
{
	uint64_t counted = after->figures.acknowledged - after->figures.sent;

	if (!after->socket.unacknowledged && (counted == 0 || counted == 2))
		return counted == 2;
	return place->listens[after->socket.local_port] ? 0 : -1;
}

static int syn_of(const struct place *place, const struct connection *connection,
		  const struct sample *after)
{
	return connection && connection->syn >= 0 ? connection->syn : guessed_syn(place, after);
}

/*
 * What is counted once explains one end. The looks that did not see the connection came after its
 * end, so that their marks have the count already.
 */
static void use_up(struct place *place, const struct connection *connection,
		   const struct conclusion *conclusion)
{
	unsigned int missed = connection ? place->look - connection->look : 0;

	for (unsigned int i = 0; i < missed && i < MARKS; i++) {
		struct mark *mark = &place->mark[(place->look - i) % MARKS];

		mark->pardoned += conclusion->unread;
		mark->failed += conclusion->failed;
	}
	place->pardoned += conclusion->unread;
	place->failed += conclusion->failed;
}

struct conclusion place_conclude(struct place *place, const struct connection *connection,
				 const struct sample *after, bool open, long long now)
{
	const struct mark *mark = mark_of(place, connection);
	struct evidence evidence = {
		.before = connection ? &connection->last : NULL,
		.after = after,
		.interval = place->interval,
		.age = (long)(now - (connection ? connection->first : now)) + place->interval,
		.persisting = connection && connection->persisting
				      ? (long)(now - connection->persisting)
				      : 0,
		.open = open,
		.syn = syn_of(place, connection, after),
		.value = connection ? connection->value : NULL,
		.syn_retries = channel_syn_retries(&place->channel),
		.syn_linear = channel_syn_linear(&place->channel),
	};
	struct conclusion conclusion;

	if (mark)
		evidence.since = counters_since(&mark->counters, &place->now);
	evidence.closed_unread = !evidence.since.known ||
				 evidence.since.closed_unread > place->pardoned - mark->pardoned;
	evidence.failed = !evidence.since.known ||
			  evidence.since.failed_attempts > place->failed - mark->failed;
	conclusion = conclude(&evidence);
	use_up(place, connection, &conclusion);
	return conclusion;
}

bool connection_in_trouble(const struct connection *connection)
{
	const struct figures *figures = &connection->last.figures;

	return figures->probes || figures->retransmits;
}
