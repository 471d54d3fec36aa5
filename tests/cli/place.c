/*
 * Which ends what the kernel has counted explains, where a look falls between them: on a wire that
 * happens by chance.
 */
#include <netinet/tcp.h>

#include "cli/ui/place.h"
#include "lib/harness.h"

/* In place of the kernel. */

bool channel_open(struct channel *channel, pid_t pid)
{
	(void)channel, (void)pid;
	return true;
}

void channel_close(struct channel *channel)
{
	(void)channel;
}

bool channel_look(struct channel *channel, channel_take *take, void *context)
{
	(void)channel, (void)take, (void)context;
	return true;
}

int channel_syn_retries(const struct channel *channel)
{
	(void)channel;
	return 1;
}

int channel_syn_linear(const struct channel *channel)
{
	(void)channel;
	return 0;
}

enum { LOOK = 15 };

static struct place *place_where(long counted_before_look, long counted_now)
{
	static struct place place;

	place = (struct place){ .look = LOOK };
	place.mark[LOOK - 1].counters = (struct counters){ .known = true };
	place.mark[LOOK].counters = (struct counters){ .known = true,
						       .timeouts = counted_before_look,
						       .failed_attempts = counted_before_look };
	place.now = (struct counters){ .known = true,
				       .timeouts = counted_now,
				       .failed_attempts = counted_now };
	return &place;
}

/* The end of connect() without an answer to two SYNs; `look` is the last that saw it. */
static enum cause end_seen_at(struct place *place, unsigned int look)
{
	struct connection connection = { .look = look };
	struct sample after = { .complete = true };

	after.socket.state = TCP_CLOSE;
	after.socket.remote_port = 80;
	after.socket.unacknowledged = 1;
	after.figures.retransmits = 1;
	for (size_t id = 0; id < OPTIONS; id++)
		connection.value[id] = -1;
	connection.last = after;
	connection.last.socket.state = TCP_SYN_SENT;
	return place_conclude(place, &connection, &after, false, 10000).cause;
}

START_TEST(a_look_between)
{
	struct place *place = place_where(1, 2);

	ck_assert_int_eq(end_seen_at(place, LOOK - 1), CAUSE_NO_ANSWER);
	ck_assert_int_eq(end_seen_at(place, LOOK), CAUSE_NO_ANSWER);
	/* The third is the program's own: all that was counted is used up. */
	ck_assert_int_eq(end_seen_at(place, LOOK), CAUSE_CLOSED);
	ck_assert_int_eq(end_seen_at(place, LOOK - 1), CAUSE_CLOSED);
}
END_TEST

START_TEST(the_other_way_round)
{
	struct place *place = place_where(1, 2);

	ck_assert_int_eq(end_seen_at(place, LOOK), CAUSE_NO_ANSWER);
	ck_assert_int_eq(end_seen_at(place, LOOK - 1), CAUSE_NO_ANSWER);
	ck_assert_int_eq(end_seen_at(place, LOOK), CAUSE_CLOSED);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("place");
	TCase *tests = harness_case(suite, "counted", 10);

	tcase_add_test(tests, a_look_between);
	tcase_add_test(tests, the_other_way_round);
	return harness_run(suite);
}
