/* Starts the programs of the tables, speaks to them and holds their sockets against the tables. */
#define _GNU_SOURCE
#include "programs/stock.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/policy.h"

enum { IDLE = 61, INTERVAL = 11, COUNT = 7, PORTS_TO_TRY = 5, PATIENCE = 20, SEEN_MAX = 64 };

/* Also in the control runs: only LD_PRELOAD makes the difference. */
static const char *const environment[] = { "KEEPALIVE_IDLE=61", "KEEPALIVE_INTERVAL=11",
					   "KEEPALIVE_COUNT=7", "KEEPALIVE_USER_TIMEOUT=auto" };

static const char *const role_names[] = { "",       "listener",       "accepted",
					  "client", "other listener", "other accepted" };

const char *stock_missing(const struct stock *stock)
{
	if (!have_program(stock->argv[0]))
		return stock->argv[0];
	if (stock->needs && !have_program(stock->needs))
		return stock->needs;
	if (stock->user && !getuid() && !getpwnam(stock->user))
		return stock->user;
	return NULL;
}

static const char *our_number(void)
{
	static char number[16];

	snprintf(number, sizeof number, "%u", geteuid());
	return number;
}

static const char *our_name(void)
{
	struct passwd *entry = getpwuid(getuid());

	return entry ? entry->pw_name : "";
}

/* The template with what stands for something replaced; never freed, tests are short. */
static char *expand(const struct act *act, const char *template)
{
	char listen_port[8], other_port[8], connect_port[8];
	const char *const marks[][2] = {
		{ "@LISTEN@", listen_port },
		{ "@CONNECT@", connect_port },
		{ "@OTHER@", other_port },
		{ "@SCRATCH@", scratch() },
		{ "@CONFIG@", act->config },
		{ "@USER@", our_name() },
		{ "@UID@", our_number() },
		{ "@ORDINARY@", getuid() ? "YES" : "NO" },
		{ "@SHIM@", act->shimmed ? shim_path() : "" },
	};
	char *result = NULL;
	size_t size, i;
	FILE *stream = open_memstream(&result, &size);

	ck_assert_ptr_nonnull(stream);
	snprintf(listen_port, sizeof listen_port, "%d", act->listen_port);
	snprintf(other_port, sizeof other_port, "%d", act->other_port);
	snprintf(connect_port, sizeof connect_port, "%d", act->connect_port);
	while (*template) {
		for (i = 0; i < sizeof marks / sizeof *marks; i++)
			if (!strncmp(template, marks[i][0], strlen(marks[i][0])))
				break;
		if (i < sizeof marks / sizeof *marks) {
			fputs(marks[i][1], stream);
			template += strlen(marks[i][0]);
		} else {
			fputc(*template ++, stream);
		}
	}
	fclose(stream);
	return result;
}

/* Writes the template, expanded, into a file of its own; its path. */
static const char *write_file(const struct act *act, const char *template)
{
	static int number;
	char name[32];

	snprintf(name, sizeof name, "%d.config.%d", getpid(), ++number);
	return scratch_file(name, expand(act, template));
}

/* Either a file or the variables: those would go before all that is in a file. */
static void add_settings(struct act *act, struct command *command)
{
	if (act->stock->settings) {
		snprintf(act->settings, sizeof act->settings, "KEEPALIVE_CONF=%s",
			 write_file(act, act->stock->settings));
		command->environment[0] = act->settings;
		return;
	}
	for (size_t i = 0; i < sizeof environment / sizeof *environment; i++)
		command->environment[i] = environment[i];
}

static void start(struct act *act)
{
	const struct stock *stock = act->stock;
	const char *argv[sizeof stock->argv / sizeof *stock->argv] = { NULL };
	struct command command = { .argv = argv, .user = stock->user };

	if (stock->prepare)
		stock->prepare();
	if (stock->config)
		snprintf(act->config, sizeof act->config, "%s", write_file(act, stock->config));
	for (int i = 0; stock->argv[i]; i++)
		argv[i] = expand(act, stock->argv[i]);
	add_settings(act, &command);
	if (act->shimmed && !stock->foreign_start)
		command.preload = shim_path();
	act->process = process_start(&command);
}

void stock_start_client(struct act *act, const struct stock *stock, bool shimmed, int port)
{
	*act = (struct act){ .stock = stock,
			     .shimmed = shimmed,
			     .connect_port = port,
			     .our_listener = -1,
			     .line = -1,
			     .passed = -1 };
	start(act);
}

static struct sockaddr_in loopback(int port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
				     .sin_port = htons((uint16_t)port),
				     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

int stock_listen(int *port)
{
	struct sockaddr_in address = loopback(0);
	socklen_t length = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, length), 0);
	ck_assert_int_eq(listen(fd, 8), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &length), 0);
	*port = ntohs(address.sin_port);
	return fd;
}

static int connect_from(const char *from, int port)
{
	struct sockaddr_in address = loopback(port), ours = loopback(0);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (from) {
		ck_assert_int_eq(inet_pton(AF_INET, from, &ours.sin_addr), 1);
		ck_assert_int_eq(bind(fd, (struct sockaddr *)&ours, sizeof ours), 0);
	}
	ck_assert_msg(!connect(fd, (struct sockaddr *)&address, sizeof address), "port %d: %m",
		      port);
	return fd;
}

int stock_connect(int port)
{
	return connect_from(NULL, port);
}

static void give_up(const struct act *act, const char *what, const char *text)
{
	ck_abort_msg("%s %s: %s \"%s\"; on stderr: %s", act->stock->name,
		     act->shimmed ? "with the shim" : "without the shim", what, text,
		     read_whole(act->process.errors));
}

static bool matches(const struct act *act, enum socket_role role, const struct seen *seen)
{
	switch (role) {
	case LISTENER:
		return seen->state == TCP_LISTEN && seen->local_port == act->listen_port;
	case OTHER_LISTENER:
		return seen->state == TCP_LISTEN && seen->local_port == act->other_port;
	case ACCEPTED:
		return seen->state == TCP_ESTABLISHED && seen->local_port == act->listen_port;
	case OTHER_ACCEPTED:
		return seen->state == TCP_ESTABLISHED && seen->local_port == act->other_port;
	default:
		return seen->state == TCP_ESTABLISHED && seen->remote_port == act->connect_port;
	}
}

/* How many sockets of `role` it and its children have now, copied to `found`. */
static int find(const struct act *act, enum socket_role role, struct seen *found)
{
	int seen = inspect_tree(act->process.pid, found, SEEN_MAX), count = 0;

	for (int i = 0; i < seen; i++)
		if (matches(act, role, &found[i]))
			found[count++] = found[i];
	return count;
}

static bool listens_or_ended(void *context)
{
	struct seen found[SEEN_MAX];
	struct act *act = context;

	return find(act, LISTENER, found) || has_ended(&act->process);
}

void stock_start_server(struct act *act, const struct stock *stock, bool shimmed)
{
	*act = (struct act){ .stock = stock, .shimmed = shimmed, .line = -1, .passed = -1 };
	act->our_listener = stock_listen(&act->connect_port);
	for (int i = 0; i < PORTS_TO_TRY; i++) {
		act->listen_port = free_port();
		act->other_port = free_port();
		start(act);
		if (!wait_until(listens_or_ended, act, PATIENCE))
			break;
		if (!has_ended(&act->process))
			return;
		process_stop(&act->process); /* somebody else has got the port meanwhile? */
	}
	give_up(act, "does not listen on", expand(act, "@LISTEN@"));
}

static bool readable(int fd)
{
	struct pollfd ask = { fd, POLLIN, 0 };

	return poll(&ask, 1, PATIENCE * 1000) == 1;
}

int stock_accept(const struct act *act)
{
	if (!readable(act->our_listener))
		give_up(act, "no connection, but", "");
	return accept4(act->our_listener, NULL, NULL, SOCK_CLOEXEC);
}

static void hear(const struct act *act, int fd, const char *word)
{
	char heard[8192];
	size_t length = 0;
	ssize_t got;

	while (length < sizeof heard && readable(fd)) {
		got = read(fd, heard + length, sizeof heard - length);
		if (got <= 0)
			break;
		length += (size_t)got;
		if (memmem(heard, length, word, strlen(word)))
			return;
	}
	give_up(act, "never heard", word);
}

static void take_step(struct act *act, const struct step *step)
{
	size_t length = strlen(step->text);

	switch (step->kind) {
	case NO_STEP:
		break;
	case INPUT:
		ck_assert_int_eq(write(act->process.input, step->text, length), (ssize_t)length);
		break;
	case PRINTS:
		if (!wait_for_word(act->process.output, step->text, PATIENCE))
			give_up(act, "never printed", step->text);
		break;
	case LOGS:
		if (!wait_for_word(act->process.errors, step->text, PATIENCE))
			give_up(act, "never logged", step->text);
		break;
	case SAY:
		ck_assert_int_eq(send(act->line, step->text, length, MSG_NOSIGNAL),
				 (ssize_t)length);
		break;
	case HEAR:
		hear(act, act->line, step->text);
		break;
	case PASSES:
		act->passed = stock_accept(act);
		hear(act, act->passed, step->text);
		break;
	}
}

void stock_talk(struct act *act)
{
	for (const struct step *step = act->stock->talk; step->kind; step++)
		take_step(act, step);
}

static int unless_left(int own, int otherwise)
{
	return own == LEFT ? otherwise : own;
}

static struct values wanted_values(const struct act *act, const struct stock_socket *row)
{
	const struct values *own = act->shimmed && act->stock->settings ? &row->with : &row->own;
	struct values values = kernel_values();

	if (act->shimmed && !act->stock->settings)
		values = (struct values){ 1, IDLE, INTERVAL, COUNT,
					  derive_user_timeout(IDLE, INTERVAL, COUNT) };
	return (struct values){ unless_left(own->keepalive, values.keepalive),
				unless_left(own->idle, values.idle),
				unless_left(own->interval, values.interval),
				unless_left(own->count, values.count),
				unless_left(own->user_timeout, values.user_timeout) };
}

/* The log of the test is the table of what was seen. */
static void show(const struct act *act, enum socket_role role, const struct values *values)
{
	printf("# %-28s %-8s %-7s keepalive %d, %d/%d/%d, user timeout %d\n", act->stock->name,
	       role_names[role], act->shimmed ? "with" : "without", values->keepalive, values->idle,
	       values->interval, values->count, values->user_timeout);
	fflush(stdout);
}

static void expect_role(const struct act *act, const struct stock_socket *row, int connections)
{
	struct values values = wanted_values(act, row);
	struct seen found[SEEN_MAX];
	char what[96];
	int count = find(act, row->role, found);

	snprintf(what, sizeof what, "%s, %s, %s the shim", act->stock->name, role_names[row->role],
		 act->shimmed ? "with" : "without");
	ck_assert_msg(count >= connections, "%s: %d found", what, count);
	for (int i = 0; i < count; i++)
		expect_values(&found[i], values, what);
	show(act, row->role, &values);
}

void stock_expect(const struct act *act, int connections)
{
	for (const struct stock_socket *row = act->stock->sockets; row->role; row++)
		if (row->role != LISTENER && row->role != OTHER_LISTENER)
			expect_role(act, row, connections);
		else if (!act->stock->one_visit)
			expect_role(act, row, 1);
}

void stock_end(struct act *act)
{
	const int ends[] = { act->our_listener, act->line, act->passed };

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (ends[i] >= 0)
			close(ends[i]);
	process_stop(&act->process);
}

int stock_traced_count(const char *path)
{
	static const char word[] = "TCP_KEEPCNT, [";
	char *trace = read_whole(path), *at = strstr(trace, word);
	int count = at ? atoi(at + strlen(word)) : LEFT;

	free(trace);
	return count;
}

/* The row with its words under strace, and nothing that is expected of its sockets. */
static struct stock traced(const struct stock *stock)
{
	static const char *const strace[] = { STRACE };
	struct stock row = *stock;
	size_t words = sizeof strace / sizeof *strace;

	memcpy(row.argv, strace, sizeof strace);
	memcpy(row.argv + words, stock->argv, sizeof row.argv - sizeof strace);
	memset(row.sockets, 0, sizeof row.sockets);
	return row;
}

static void run_client(const struct stock *stock, bool shimmed)
{
	struct act act;
	int listener, port;

	listener = stock_listen(&port);
	stock_start_client(&act, stock, shimmed, port);
	act.our_listener = listener;
	act.line = stock_accept(&act);
	stock_talk(&act);
	stock_expect(&act, 1);
	stock_end(&act);
}

/* The row with what the version at hand sets. */
static struct stock asked(const struct stock *stock)
{
	struct stock row = *stock, trace = traced(stock);

	run_client(&trace, false);
	row.sockets[0].own.count = stock_traced_count(scratch_path("trace"));
	return row;
}

void stock_run_client(const struct stock *stock, bool shimmed)
{
	const char *missing = stock_missing(stock);
	struct stock row = *stock;

	if (missing)
		SKIP("no %s here", missing);
	if (stock->sockets[0].own.count == ASKED) {
		if (!have_program("strace"))
			SKIP("no strace here, which says whether %s sets a count", stock->name);
		row = asked(stock);
	}
	run_client(&row, shimmed);
}

void stock_run_server(const struct stock *stock, bool shimmed)
{
	const char *missing = stock_missing(stock);
	struct act act;

	if (missing)
		SKIP("no %s here", missing);
	stock_start_server(&act, stock, shimmed);
	if (stock->one_visit && stock->sockets[0].role == LISTENER)
		expect_role(&act, &stock->sockets[0], 1);
	act.line = connect_from(stock->from, act.listen_port);
	stock_talk(&act);
	stock_expect(&act, 1);
	stock_end(&act);
}

enum { WAITING = 2, LATER = 1, VISITS = WAITING + LATER };

/* Connections that wait before the program starts, and one that comes when it runs. */
static void visit_often(struct act *act)
{
	int waiting[WAITING];

	kill(act->process.pid, SIGSTOP);
	for (int i = 0; i < WAITING; i++)
		waiting[i] = stock_connect(act->listen_port);
	kill(act->process.pid, SIGCONT);
	for (int i = 0; i < WAITING; i++) {
		act->line = waiting[i];
		stock_talk(act);
	}
	act->line = stock_connect(act->listen_port);
	stock_talk(act);
}

void stock_run_activated(const struct stock *stock, bool shimmed)
{
	const char *missing = stock_missing(stock);
	struct act act;

	if (missing)
		SKIP("no %s here", missing);
	stock_start_server(&act, stock, shimmed);
	visit_often(&act);
	stock_expect(&act, VISITS);
	stock_end(&act);
}

void stock_add(Suite *suite, const struct stock *stock, int index, const TTest *without,
	       const TTest *with)
{
	TCase *tcase = harness_case(suite, stock->name, 4 * PATIENCE);

	tcase_add_loop_test(tcase, without, index, index + 1);
	tcase_add_loop_test(tcase, with, index, index + 1);
}

void stock_compile_java(void)
{
	const char *const argv[] = { "javac",
				     "-J-XX:-UsePerfData",
				     "-d",
				     scratch(),
				     source_path("tests/programs/Echo.java"),
				     NULL };

	if (access(scratch_path("Echo.class"), F_OK))
		run_tool(argv, NULL);
}
