/*
 * What the manual promises for every socket, whatever had its number before: one that did not come
 * from socket() gets what nobody has set on it, one that did keeps what the program has set, rules
 * hold, and override puts back.
 */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hooks/drive.h"
#include "hooks/matrix.h"

#define GLOBALS "interval = 11\ncount = 7\nuser_timeout = 31000\n"

/* Whether keepalive is on, and its idle time: on a client, and on a server's sockets. */
struct expectation {
	const char *client, *server;
	bool override;
};

/* With the configuration that is given by a file, or by the environment where there is none. */
static const struct row {
	const char *file;
	struct expectation expected;
} rows[] = {
	{ NULL, { "61", "61", false } },
	{ GLOBALS "idle = 61\n[rule client]\nrole = client\nidle = 71\n"
		  "[rule server]\nrole = server\nidle = 81\n",
	  { "71", "81", false } },
	{ GLOBALS "idle = 61\n[rule client]\nremote = 127.0.0.1\nidle = 71\n"
		  "[rule server]\nlocal_port = 1-65535\nidle = 81\n",
	  { "71", "81", false } },
	{ GLOBALS "idle = 61\noverride = on\n", { "61", "61", true } },
	{ GLOBALS "idle = 61\n[rule client]\nrole = client\nidle = 71\noverride = on\n"
		  "[rule server]\nrole = server\nidle = 81\noverride = on\n",
	  { "71", "81", true } },
	/* Keepalive alone: nothing but that tells our sockets from others. */
	{ "", { NULL, NULL, false } },
};

/*
 * Where the line is: with keepalive alone configured, a socket that comes under the number of one
 * on which the program had switched keepalive off, is taken for that one.
 */
static bool is_beyond_the_line(const struct row *row, int before, int freed, int came)
{
	return !row->expected.client && before == BEFORE_SWITCHED_OFF && freed == FREED_BY_CLOSE &&
	       came <= CAME_RECEIVED;
}

/* What the kernel has by itself. */
static int fresh(int name)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), value = -1;
	socklen_t length = sizeof value;

	if (getsockopt(fd, IPPROTO_TCP, name, &value, &length))
		value = -1;
	close(fd);
	return value;
}

static void expect_cell(char *line, size_t size, const struct row *row, int before, int freed,
			int came, int done)
{
	const struct expectation *expected = &row->expected;
	const char *idle = done <= DONE_FASTOPEN ? expected->client : expected->server;
	bool set = came == CAME_OWN_SET && !expected->override;
	bool override = done == DONE_OVERRIDE && !expected->override;
	int used = snprintf(line, size, "%s, %s, %s, %s: ", before_name[before], freed_name[freed],
			    came_name[came], done_name[done]);

	line += used, size -= (size_t)used;
	if (is_beyond_the_line(row, before, freed, came) && done != DONE_OVERRIDE)
		snprintf(line, size, "%%S\n");
	else if (idle)
		snprintf(line, size, "1 %s/%s/7 31000\n", set ? "300" : idle,
			 override ? "33" : "11");
	else
		snprintf(line, size, "1 %d/%d/%d 0\n",
			 came == CAME_OWN_SET ? MATRIX_OWN_IDLE : fresh(TCP_KEEPIDLE),
			 override ? 33 : fresh(TCP_KEEPINTVL), fresh(TCP_KEEPCNT));
}

static void control_cell(char *line, size_t size, int before, int freed, int came, int done)
{
	bool override = done == DONE_OVERRIDE;

	snprintf(line, size, "%s, %s, %s, %s: %d %s/%s/%%c %%u\n", before_name[before],
		 freed_name[freed], came_name[came], done_name[done], override,
		 came == CAME_OWN_SET ? "300" : "%i", override ? "33" : "%v");
}

static void write_expected(const struct row *row, char *control, char *expected, size_t size)
{
	size_t used = 0, used_control = 0;

	for (int before = 0; before < BEFORES; before++)
		for (int freed = 0; freed < FREEDS; freed++)
			for (int came = 0; came < CAMES; came++)
				for (int done = 0; done < DONES && matrix_has(freed, came);
				     done++) {
					expect_cell(expected + used, size - used, row, before,
						    freed, came, done);
					control_cell(control + used_control, size - used_control,
						     before, freed, came, done);
					used += strlen(expected + used);
					used_control += strlen(control + used_control);
				}
}

enum { ROWS = sizeof rows / sizeof *rows, TEXT_MAX = 65536 };

static struct trial trials[ROWS];

static void make_trial(struct trial *trial, const struct row *row)
{
	char *control = malloc(TEXT_MAX), *expected = malloc(TEXT_MAX), name[32];

	if (!control || !expected)
		exit(1);
	write_expected(row, control, expected, TEXT_MAX);
	*trial = (struct trial){ .victim = "matrix", .control = control, .expected = expected };
	if (!row->file)
		return;
	snprintf(name, sizeof name, "matrix.%zu", (size_t)(row - rows));
	trial->file = strdup(scratch_file(name, row->file));
	memcpy(trial->environment, (const char *[]){ NOT_OURS }, 4 * sizeof(char *));
}

int main(void)
{
	for (size_t i = 0; i < ROWS; i++)
		make_trial(&trials[i], &rows[i]);
	return harness_run(trial_suite("matrix", trials, ROWS));
}
