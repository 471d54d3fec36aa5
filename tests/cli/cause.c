/* What events concludes from what the kernel reports: also where two reasons look alike. */
#include "cli/forecast/cause.h"

#include <netinet/tcp.h>

#include "lib/harness.h"

/* A client's connection that was idle a second ago, and what is known of its end. */
struct scene {
	struct sample before, after;
	struct evidence evidence;
	int value[OPTIONS];
};

static struct scene scene;

static void set_up(void)
{
	scene = (struct scene){ .before = { .complete = true } };
	scene.before.socket = (struct diag_socket){
		.inode = 1, .state = TCP_ESTABLISHED, .protocol = IPPROTO_TCP, .remote_port = 80
	};
	scene.before.figures = (struct figures){ .segments = 5,
						 .data_segments = 2,
						 .delivered = 3,
						 .since_data = 60000,
						 .since_ack = 60000,
						 .window = 65535,
						 .sent = 100,
						 .acknowledged = 101,
						 .received = 200 };
	scene.after = scene.before;
	scene.after.socket.state = TCP_CLOSE;
	scene.after.figures.since_data = scene.after.figures.since_ack = 61000;
	scene.value[OPTION_KEEPALIVE] = 1;
	scene.value[OPTION_COUNT] = 3;
	scene.value[OPTION_SYN_COUNT] = 6;
	scene.evidence = (struct evidence){ .before = &scene.before,
					    .after = &scene.after,
					    .interval = 1000,
					    .age = 100000,
					    .syn = 1,
					    .value = scene.value,
					    .syn_retries = 6,
					    .since = { .known = true } };
}

static void expect(enum cause cause, enum activity activity)
{
	struct conclusion conclusion = conclude(&scene.evidence);

	ck_assert_int_eq(conclusion.cause, cause);
	ck_assert_int_eq(conclusion.activity, activity);
}

/* A segment came that acknowledged nothing: a reset looks like that. */
static void hear(void)
{
	scene.after.figures.segments++;
}

static void probe(unsigned int probes)
{
	scene.after.figures.probes = probes;
	scene.evidence.since.timeouts = 1;
}

START_TEST(idle)
{
	set_up();
	probe(3);
	expect(CAUSE_KEEPALIVE, ACTIVITY_IDLE);
	/* No timer has ended anything: it was ended by hand. */
	scene.evidence.since.timeouts = 0;
	expect(CAUSE_ABORTED, ACTIVITY_IDLE);
	/* Fewer probes than the count: another connection may be the one that a timer has ended. */
	probe(2);
	expect(CAUSE_UNKNOWN, ACTIVITY_IDLE);
	hear();
	expect(CAUSE_RESET, ACTIVITY_IDLE);
	/* The last probe may have been answered by a reset. */
	probe(3);
	expect(CAUSE_UNKNOWN, ACTIVITY_IDLE);
	scene.evidence.since.timeouts = 0;
	expect(CAUSE_RESET, ACTIVITY_IDLE);
}
END_TEST

START_TEST(idle_with_user_timeout)
{
	set_up();
	probe(1);
	scene.value[OPTION_USER_TIMEOUT] = 61000;
	expect(CAUSE_USER_TIMEOUT, ACTIVITY_IDLE);
	scene.value[OPTION_USER_TIMEOUT] = 90000;
	expect(CAUSE_UNKNOWN, ACTIVITY_IDLE);
	/* Not known: the probes are. */
	scene.evidence.value = NULL;
	expect(CAUSE_KEEPALIVE, ACTIVITY_IDLE);
}
END_TEST

static void send_data(unsigned int retransmits)
{
	scene.after.socket.unacknowledged = 10;
	scene.after.figures.sent += 10;
	scene.after.figures.retransmits = scene.after.figures.retransmissions = retransmits;
	scene.evidence.since.timeouts = 1;
}

START_TEST(data)
{
	set_up();
	send_data(4);
	expect(CAUSE_RETRANSMISSIONS, ACTIVITY_DATA);
	ck_assert(!conclude(&scene.evidence).stuck);
	scene.after.figures.retransmissions = 1;
	ck_assert(conclude(&scene.evidence).stuck);
	scene.value[OPTION_USER_TIMEOUT] = 30000;
	expect(CAUSE_USER_TIMEOUT, ACTIVITY_DATA);
	scene.value[OPTION_USER_TIMEOUT] = 90000;
	expect(CAUSE_UNKNOWN, ACTIVITY_DATA);
	hear();
	expect(CAUSE_UNKNOWN, ACTIVITY_DATA);
	scene.evidence.since.timeouts = 0;
	expect(CAUSE_RESET, ACTIVITY_DATA);
	/* A timer ends nothing that was not sent again. */
	scene.evidence.since.timeouts = 1;
	scene.after.figures.retransmits = 0;
	expect(CAUSE_RESET, ACTIVITY_DATA);
	/* No look has seen it: a reset, or a timer. */
	scene.after.figures.retransmits = 1;
	scene.evidence.before = NULL;
	expect(CAUSE_UNKNOWN, ACTIVITY_DATA);
}
END_TEST

START_TEST(persist)
{
	set_up();
	scene.after.socket.unacknowledged = scene.after.figures.unsent = 10;
	probe(5);
	expect(CAUSE_PERSIST, ACTIVITY_PERSIST);
	scene.value[OPTION_USER_TIMEOUT] = 30000;
	expect(CAUSE_USER_TIMEOUT, ACTIVITY_PERSIST);
	/* The peer answers the probes: the timer ends it after the user timeout, and not before. */
	hear();
	scene.evidence.persisting = 30000;
	expect(CAUSE_USER_TIMEOUT, ACTIVITY_PERSIST);
	scene.evidence.persisting = 29500;
	expect(CAUSE_UNKNOWN, ACTIVITY_PERSIST);
	scene.evidence.persisting = 20000;
	expect(CAUSE_RESET, ACTIVITY_PERSIST);
	scene.value[OPTION_USER_TIMEOUT] = 0;
	expect(CAUSE_RESET, ACTIVITY_PERSIST);
}
END_TEST

START_TEST(quiet)
{
	set_up();
	expect(CAUSE_ABORTED, ACTIVITY_IDLE);
	hear();
	expect(CAUSE_RESET, ACTIVITY_IDLE);
	/* Our FIN was acknowledged. */
	scene.after.figures.acknowledged++;
	expect(CAUSE_CLOSED, ACTIVITY_IDLE);
	/* The program waited for that of the peer, and a reset came. */
	scene.before.socket.state = TCP_FIN_WAIT2;
	expect(CAUSE_RESET, ACTIVITY_IDLE);
	scene.after.figures.received++;
	expect(CAUSE_CLOSED, ACTIVITY_IDLE);
	scene.after.figures.received--;
	scene.before.socket.inode = 0;
	expect(CAUSE_CLOSED, ACTIVITY_IDLE);
	/* A server's figures count no SYN. */
	scene.evidence.syn = 0;
	scene.after.figures.acknowledged--;
	expect(CAUSE_CLOSED, ACTIVITY_IDLE);
	/* Not known: nothing was reset there, or this may be what was. */
	scene.evidence.syn = -1;
	expect(CAUSE_CLOSED, ACTIVITY_IDLE);
	scene.evidence.since.resets = 1;
	expect(CAUSE_UNKNOWN, ACTIVITY_IDLE);
	scene.after.complete = false;
	expect(CAUSE_UNKNOWN, ACTIVITY_IDLE);
}
END_TEST

START_TEST(unread)
{
	set_up();
	hear();
	scene.after.unread = 5;
	expect(CAUSE_RESET, ACTIVITY_IDLE);
	scene.evidence.closed_unread = true;
	expect(CAUSE_CLOSED, ACTIVITY_IDLE);
	ck_assert(conclude(&scene.evidence).unread);
	scene.evidence.open = true;
	expect(CAUSE_RESET, ACTIVITY_IDLE);
	scene.evidence.open = false;
	scene.evidence.since.known = false;
	expect(CAUSE_UNKNOWN, ACTIVITY_IDLE);
}
END_TEST

static void set_up_connect(void)
{
	set_up();
	scene.before.socket.state = TCP_SYN_SENT;
	scene.after.socket.unacknowledged = 1;
	scene.after.figures = (struct figures){ .retransmits = 6 };
	scene.evidence.age = 130000;
	scene.evidence.since.failed_attempts = 1;
	scene.evidence.failed = true;
}

START_TEST(connecting)
{
	set_up_connect();
	scene.evidence.since.timeouts = 1;
	expect(CAUSE_NO_ANSWER, ACTIVITY_CONNECT);
	ck_assert_int_eq(conclude(&scene.evidence).silent, -1);
	/* Too early for the timer. */
	scene.evidence.age = 20000;
	expect(CAUSE_CLOSED, ACTIVITY_CONNECT);
	scene.evidence.since.unreachable = 1;
	expect(CAUSE_UNREACHABLE, ACTIVITY_CONNECT);
	ck_assert(conclude(&scene.evidence).failed);
	/* The attempts that were counted are those of others. */
	scene.evidence.failed = false;
	expect(CAUSE_UNKNOWN, ACTIVITY_CONNECT);
	scene.evidence.since.unreachable = 0;
	expect(CAUSE_CLOSED, ACTIVITY_CONNECT);
	scene.after.figures.segments = 1;
	expect(CAUSE_REFUSED, ACTIVITY_CONNECT);
}
END_TEST

START_TEST(connecting_with_user_timeout)
{
	set_up_connect();
	scene.evidence.since.timeouts = 1;
	scene.value[OPTION_USER_TIMEOUT] = 3000;
	scene.after.figures.retransmits = 2;
	scene.evidence.age = 3500;
	expect(CAUSE_USER_TIMEOUT, ACTIVITY_CONNECT);
	scene.evidence.age = 2000;
	expect(CAUSE_CLOSED, ACTIVITY_CONNECT);
}
END_TEST

/* A blocking connect() clears the socket when it fails, SO_LINGER of no time when it is closed. */
START_TEST(cleared)
{
	set_up_connect();
	scene.evidence.since.timeouts = 1;
	scene.after.socket.remote_port = 0;
	scene.after.socket.unacknowledged = 3;
	scene.after.figures.unsent = 2;
	expect(CAUSE_NO_ANSWER, ACTIVITY_CONNECT);
	scene.evidence.since.timeouts = 0;
	expect(CAUSE_UNKNOWN, ACTIVITY_CONNECT);
	scene.after.socket.unacknowledged = scene.after.figures.unsent = 65538;
	expect(CAUSE_CLOSED, ACTIVITY_UNKNOWN);
	scene.evidence.before = NULL;
	expect(CAUSE_NONE, ACTIVITY_UNKNOWN);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cause");
	TCase *tcase = harness_case(suite, "cause", 10);

	tcase_add_test(tcase, idle);
	tcase_add_test(tcase, idle_with_user_timeout);
	tcase_add_test(tcase, data);
	tcase_add_test(tcase, persist);
	tcase_add_test(tcase, quiet);
	tcase_add_test(tcase, unread);
	tcase_add_test(tcase, connecting);
	tcase_add_test(tcase, connecting_with_user_timeout);
	tcase_add_test(tcase, cleared);
	return harness_run(suite);
}
