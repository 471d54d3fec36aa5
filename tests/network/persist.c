/* Data that waits under the persist timer: when it is given up, and when explain says so. */
#include "network/persist.h"

#include <stdio.h>
#include <sys/socket.h>

#include "network/told.h"

static settings row[] = {
	{ "KEEPALIVE_USER_TIMEOUT=3000" },
	{ "KEEPALIVE_USER_TIMEOUT=40s", "KEEPALIVE_RTO_MAX=1000" },
	{ "KEEPALIVE_USER_TIMEOUT=6000", "KEEPALIVE_RTO_MAX=1000" },
	{ "KEEPALIVE_IDLE=2", "KEEPALIVE_INTERVAL=1", "KEEPALIVE_COUNT=2",
	  "KEEPALIVE_RTO_MAX=1000" },
	/* The control: 15 minutes. */
	{ "KEEPALIVE_IDLE=2", "KEEPALIVE_INTERVAL=1", "KEEPALIVE_COUNT=2" },
};

enum { ROWS = sizeof row / sizeof *row };

/* This host cannot send: no packet leaves it, so that only the end is seen. */
START_TEST(cannot_send)
{
	static const char *const way[] = {
		"ip", "route", "add", "blackhole", SERVER_ADDRESS, NULL
	};
	static struct run run[ROWS];
	int count = 0;

	LAY_WIRE("python3");
	wire_listen(SERVER, 2000);
	for (int i = 0; i < ROWS; i++) {
		if (!possible(row[i]))
			continue;
		name_run(&run[count], "no route", row[i]);
		run[count].told = ask(CLIENT, row[i], "persist", "probe");
		run[count++].process = start_hang(CLIENT, row[i], "connected",
						  "connect " SERVER_ADDRESS " 2000 send");
	}
	wire_tool(CLIENT, way);
	for (int i = 0; i < count; i++)
		hand_line(&run[i].process, "now\n");
	for (int i = 0; i < count; i++)
		run[i].begun = expect_said(&run[i].process, "sent", 30);
	ck_assert(hangs(&run[count - 1]));
	for (int i = 0; i < count - 1; i++) {
		double end = await(&run[i]) - run[i].begun;

		printf("# %s: end %.2f s, predicted %.2f\n", run[i].name, end, run[i].told.end);
		fflush(stdout);
		expect_stage(&run[i], "end", end, run[i].told.end, LATE);
	}
	expect_hanging(&run[count - 1].process, "the control");
	stop(run, count);
}
END_TEST

struct stall {
	int capture, port;
};

static bool has_stalled(void *context)
{
	const struct stall *stall = context;
	int count;
	const struct segment *segment = capture_read(stall->capture, &count);

	for (int i = 0; i < count; i++)
		if (segment[i].far == stall->port && !segment[i].sent && !segment[i].window)
			return true;
	return false;
}

/*
 * The window closes, and then the peer goes. The probes that it has answered until then do not
 * count, but the pauses are the longer: all comes later than predicted, by one pause at most.
 */
static void expect_probed(const struct run *run, const struct stall *stall, double end)
{
	struct silence silence = silence_of(stall->capture, 0, stall->port);
	const struct told *told = &run->told;
	double pause = 0;

	printf("# %s: %d probes, %d answered before; end %.2f s, predicted %.2f\n", run->name,
	       silence.probes, silence.answered, end - silence.since, told->end);
	fflush(stdout);
	ck_assert_msg(silence.probes == told->sent, "%s: %d probes, predicted %d", run->name,
		      silence.probes, told->sent);
	for (int i = 1; i < silence.probes; i++)
		if (silence.probe[i] - silence.probe[i - 1] > pause)
			pause = silence.probe[i] - silence.probe[i - 1];
	for (int i = 0; i < silence.probes; i++)
		ck_assert_msg(silence.probe[i] > told->at[i] - EARLY, "%s: probe %d after %.3f s",
			      run->name, i + 1, silence.probe[i]);
	expect_stage(run, "end", end - silence.since, told->end, LATE + pause);
}

/* A listener whose connections have small windows: an ordinary user can capture little at once. */
static void listen_narrowly(int port)
{
	int bytes = 4096, fd = wire_listen(SERVER, port);

	ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes), 0);
}

START_TEST(window_closed)
{
	static struct run run[ROWS];
	struct stall stall[ROWS];
	double end[ROWS];
	int count = 0;

	LAY_WIRE("python3");
	for (int i = 1; i < ROWS; i++) {
		if (i == 2 || !possible(row[i]))
			continue;
		name_run(&run[count], "window", row[i]);
		run[count].told = ask(CLIENT, row[i], "persist", "probe");
		stall[count] = (struct stall){ capture_begin(CLIENT, false), 2000 + count };
		listen_narrowly(stall[count].port);
		run[count].process =
			start_hang(CLIENT, row[i], "connected",
				   "connect " SERVER_ADDRESS " %d flood", 2000 + count);
		ck_assert_msg(wait_until(has_stalled, &stall[count], 20), "no stall");
		count++;
	}
	wire_cut();
	ck_assert(hangs(&run[count - 1]));
	for (int i = 0; i < count - 1; i++)
		end[i] = await(&run[i]);
	for (int i = 0; i < count - 1; i++)
		expect_probed(&run[i], &stall[i], end[i]);
	expect_hanging(&run[count - 1].process, "the control");
	stop(run, count);
}
END_TEST

const TTest *persist_cannot_send(void)
{
	return cannot_send;
}

const TTest *persist_window_closed(void)
{
	return window_closed;
}
