/* What the victims have in common: their report, and sockets made with and without the hooks. */
#ifndef TESTS_VICTIM_H
#define TESTS_VICTIM_H

#include <errno.h>
#include <stdbool.h>
#include <sys/socket.h>

/* Written to VICTIM_REPORT, or stdout where that is not set, when the victim ends. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* "name: " and how the socket is configured, or the error in errno where `fd` is negative. */
void say_socket(const char *name, int fd);

/*
 * CALL("name", call) makes a call that returns -1 for failure, and says what came of it; what a
 * call that succeeded leaves in errno has to be what was there before.
 */
#define CALL(name, call) (errno = SENTINEL, say_call(name, call))
enum { SENTINEL = 4321 };
void say_call(const char *name, long result);

/* What errno was when main() began. */
extern int errno_at_main;

/* Writes the report so far: before a fork, before an exec. */
void flush_report(void);

/* Ends the victim: it cannot show here what it is to show. */
_Noreturn void skip(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* `result`, if it is not negative; else ends the victim with the error, and with failure. */
int need(int result, const char *what);

/* The system calls themselves, as a program makes them that goes past its C library. */
int raw_socket(int domain, int type, int protocol);
int raw_connect(int fd, const struct sockaddr *address, socklen_t length);
int raw_listen(int fd, int backlog);
int raw_accept(int fd);

/* Sets an option that holds an int; has to succeed. */
void set(int fd, int level, int name, int value);

/* The address a socket is bound to. */
struct place {
	struct sockaddr_storage address;
	socklen_t length;
};
struct place place_of(int fd);

/* An address as it is written, with a port that the kernel picks. */
struct place read_place(const char *text);

/* Binds to the loopback address, at a port that the kernel picks. */
void bind_loopback(int fd, int family);

/*
 * A socket that listens on the loopback address, made by the C library or past it; of the other
 * family where the machine has no IPv6.
 */
int listener(int family);
int raw_listener(int family);

/* The same for so many connections, not blocking. */
int raw_listener_for(int backlog);

/* A client that is connected to it, likewise. */
int client_of(int listening);
int raw_client_of(int listening);

/* connect() to where the other socket listens. */
int connect_to(int fd, int listening);

/* True if the kernel refuses MSG_FASTOPEN. */
bool fastopen_is_off(int family);

/* True if that thread of ours, by its id, is in a system call that it waits for. */
bool is_blocked(int thread);

/* Hand a descriptor over in a message of UNIX sockets. */
void send_descriptor(int through, int fd);
int receive_descriptor(int through);

/* The same socket as another process would hand it over; the sender's descriptor is gone. */
int handed_over(int fd);

/* The same socket as another process would hand it over; the sender's descriptor is gone. */
int handed_over(int fd);

/* The subcommands. Each gets the rest of the command line. */
void victim_kinds(char **arguments);
void victim_raw(char **arguments);
void victim_errors(char **arguments);
void victim_addresses(char **arguments);
void victim_flags(char **arguments);
void victim_options(char **arguments);
void victim_inherit(char **arguments);
void victim_own(char **arguments);
void victim_threads(char **arguments);
void victim_signals(char **arguments);
void victim_children(char **arguments);
void victim_cancel(char **arguments);
void victim_reuse(char **arguments);
void victim_closed(char **arguments);
void victim_background(char **arguments);
void victim_limits(char **arguments);
void victim_beyond(char **arguments);
void victim_foreign(char **arguments);
void victim_backlog(char **arguments);
void victim_received(char **arguments);
void victim_duplicated(char **arguments);
void victim_activated(char **arguments);
void victim_chosen_later(char **arguments);
void victim_destination(char **arguments);
void victim_fastopen(char **arguments);
void victim_fastopen_cancel(char **arguments);
void victim_fastopen_errors(char **arguments);
void victim_fastopen_nowhere(char **arguments);
void victim_multipath(char **arguments);
void victim_override(char **arguments);
void victim_cancel_log(char **arguments);
void victim_log_end(char **arguments);
void victim_matrix(char **arguments);
void victim_same(char **arguments);
void victim_chosen(char **arguments);
void victim_vforked(char **arguments);
void victim_muted_late(char **arguments);
void victim_reused_number(char **arguments);
void victim_uring(char **arguments);
void victim_calls(char **arguments);
void victim_filter(char **arguments);
void victim_refused(char **arguments);
void victim_sandboxed(char **arguments);
void victim_own_sandbox(char **arguments);
void victim_stack(char **arguments);
void victim_crowd(char **arguments);
void victim_left(char **arguments);
void victim_logged(char **arguments);
void victim_replaced(char **arguments);
void victim_overrule(char **arguments);
void victim_pending(char **arguments);
void victim_values(char **arguments);
void victim_handed(char **arguments);
void victim_put_over(char **arguments);
void victim_mask(char **arguments);

#endif
