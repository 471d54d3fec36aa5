/* Each option by itself: what the program sets, what it reads then; and signals that wait. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hooks/describe.h"
#include "hooks/victim.h"
#include "lib/samples.h"

static void say_option(const char *whose, const struct sample *option, int fd)
{
	int value = -1;
	socklen_t length = sizeof value;

	if (getsockopt(fd, option->level, option->name, &value, &length))
		say("%s, %s: %s", whose, option->key, error_name(errno));
	else
		say("%s, %s: %d", whose, option->key, value);
}

/* The value in KEY=VALUE, if that is the option's; else -1. */
static int value_by_hand(const struct sample *option, const char *by_hand)
{
	size_t length = strlen(option->key);

	return by_hand && !strncmp(by_hand, option->key, length) && by_hand[length] == '='
		       ? atoi(by_hand + length + 1)
		       : -1;
}

/* The program's own value for each option, and over that what is to be set by hand. */
static void overrule_all(const char *whose, int fd, const char *by_hand, bool listening)
{
	bool connected = strstr(whose, "client") || strstr(whose, "accepted");

	for (size_t i = 0; i < samples_count; i++) {
		const struct sample *it = &samples[i];
		int over = value_by_hand(it, by_hand);

		if (listening || it->reads != READS_ON_LISTENERS)
			setsockopt(fd, it->level, it->name, &it->own, sizeof it->own);
		if (over >= 0 && (listening || it->reads != READS_ON_LISTENERS))
			setsockopt(fd, it->level, it->name, &over, sizeof over);
		if (!connected || strcmp(it->key, "max_segment")) /* reads what was negotiated */
			say_option(whose, it, fd);
	}
}

/*
 * overrule [KEY=VALUE]: sets every option on sockets of every kind; and one of them once more where
 * there is nobody else who does.
 */
void victim_overrule(char **arguments)
{
	int listening = raw_listener(AF_INET);
	int client = raw_client_of(listening), made = socket(AF_INET, SOCK_STREAM, 0);
	int own_listening = listener(AF_INET), own_client = client_of(own_listening);
	int accepted = accept(own_listening, NULL, NULL);

	overrule_all("made", made, *arguments, false);
	overrule_all("client", own_client, *arguments, false);
	overrule_all("accepted", accepted, *arguments, false);
	overrule_all("listener", own_listening, *arguments, true);
	overrule_all("past client", client, *arguments, false);
	overrule_all("past", raw_socket(AF_INET, SOCK_STREAM, 0), *arguments, false);
	need(listen(listening, 5), "listen");
	overrule_all("past listener", listening, *arguments, true);
}

/* Only what a connection does not negotiate. */
static void say_connection(const char *whose, int fd)
{
	for (size_t i = 0; i < samples_count; i++)
		if (samples[i].reads == READS_ANYWHERE)
			say_option(whose, &samples[i], fd);
}

/* values [own | usual]: a socket that did not come from socket(), with values that it was given. */
void victim_values(char **arguments)
{
	bool own = *arguments && !strcmp(*arguments, "own");
	int listening = raw_listener(AF_INET), fd = raw_socket(AF_INET, SOCK_STREAM, 0);

	if (*arguments)
		set(fd, SOL_SOCKET, SO_KEEPALIVE, 1); /* else nobody has chosen its timing */
	for (size_t i = 1; *arguments && i < samples_count; i++) {
		int value = own ? samples[i].own : samples[i].fresh;

		if (value && samples[i].reads == READS_ANYWHERE)
			setsockopt(fd, samples[i].level, samples[i].name, &value, sizeof value);
	}
	need(connect_to(fd, listening), "connect");
	say_connection("connected", fd);
}

static void say_connected(const char *whose, int fd, int listening)
{
	need(connect_to(fd, listening), "connect");
	say_connection(whose, fd);
}

/* handed: sockets from elsewhere that are connected after all, and after they went through a
 * message. */
void victim_handed(char **arguments)
{
	int listening = listener(AF_INET), past = raw_socket(AF_INET, SOCK_STREAM, 0);

	(void)arguments;
	CALL("past, connect to nothing", connect(past, NULL, 0));
	say_connected("past", past, listening);
	say_connected("handed", handed_over(socket(AF_INET, SOCK_STREAM, 0)), listening);
	say_connected("handed raw", handed_over(raw_socket(AF_INET, SOCK_STREAM, 0)), listening);
}

/* An own socket of each kind that there is. */
static int own_socket(int kind)
{
	int listening = kind == 0 ? -1 : listener(AF_INET), client;

	if (kind == 0)
		return need(socket(AF_INET, SOCK_STREAM, 0), "socket");
	if (kind == 1)
		return listening;
	client = client_of(listening);
	return kind == 2 ? client : need(accept(listening, NULL, NULL), "accept");
}

/* put-over: sockets that came past the C library get the numbers of own ones. */
void victim_put_over(char **arguments)
{
	static const char *const kinds[] = { "unused", "listener", "client", "accepted" };
	int listening = listener(AF_INET);
	char name[64];

	(void)arguments;
	for (int kind = 0; kind < 4; kind++) {
		int past = raw_socket(AF_INET, SOCK_STREAM, 0),
		    past_listening = raw_listener(AF_INET);
		int fd = need(dup2(past, own_socket(kind)), "dup2");

		need(connect_to(fd, listening), "connect");
		snprintf(name, sizeof name, "%s, connected", kinds[kind]);
		say_socket(name, fd);
		fd = need(dup3(past_listening, own_socket(kind), 0), "dup3");
		raw_client_of(fd);
		snprintf(name, sizeof name, "%s, accepted", kinds[kind]);
		say_socket(name, accept(fd, NULL, NULL));
	}
}

/* pending [NUMBER]: signals that wait while sockets are made; that one was raised before. */
void victim_pending(char **arguments)
{
	static const int watched[] = { SIGPIPE, SIGXFSZ, SIGTTOU, SIGTERM };
	sigset_t all, before, after;

	sigfillset(&all);
	need(sigprocmask(SIG_BLOCK, &all, NULL), "sigprocmask");
	if (*arguments)
		need(raise(atoi(*arguments)), "raise");
	need(sigpending(&before), "sigpending");
	CALL("socket", socket(AF_INET, SOCK_STREAM, 0));
	CALL("socket", socket(AF_INET, SOCK_STREAM, 0));
	need(sigpending(&after), "sigpending");
	for (size_t i = 0; i < sizeof watched / sizeof *watched; i++)
		say("signal %d: %d, %d", watched[i], sigismember(&before, watched[i]),
		    sigismember(&after, watched[i]));
	need(sigprocmask(SIG_BLOCK, NULL, &after), "sigprocmask");
	for (size_t i = 0; i < sizeof watched / sizeof *watched; i++)
		say("blocked: %d", sigismember(&after, watched[i]));
}

/* mask: which signals are held after a socket was made, of all and none that were before. */
void victim_mask(char **arguments)
{
	sigset_t mask;

	(void)arguments;
	for (int held = 0; held <= 1; held++) {
		int count = 0;

		if (held)
			sigfillset(&mask);
		else
			sigemptyset(&mask);
		need(sigprocmask(SIG_SETMASK, &mask, NULL), "sigprocmask");
		CALL("socket", socket(AF_INET, SOCK_STREAM, 0));
		need(sigprocmask(SIG_BLOCK, NULL, &mask), "sigprocmask");
		for (int signal = 1; signal < 32; signal++)
			count += sigismember(&mask, signal);
		say("held: %d", count);
	}
}
