/* Stock programs as rows of tables: how each is started and spoken to, and what it sets itself. */
#ifndef TESTS_STOCK_H
#define TESTS_STOCK_H

#include "lib/expect.h"
#include "lib/harness.h"
#include "lib/process.h"

/*
 * What a program does not set: the kernel's value without the shim, ours with it. ASKED, as a
 * client's count: differs from version to version, so that the program at hand is asked; see
 * stock_traced_count.
 */
enum { LEFT = -1, ASKED = -2 };

#define NOTHING                                                                                    \
	{                                                                                          \
		LEFT, LEFT, LEFT, LEFT, LEFT                                                       \
	}
#define ON_ONLY                                                                                    \
	{                                                                                          \
		1, LEFT, LEFT, LEFT, LEFT                                                          \
	}
#define OFF_ONLY                                                                                   \
	{                                                                                          \
		0, LEFT, LEFT, LEFT, LEFT                                                          \
	}

/* Conversations. */
#define ECHOES                                                                                     \
	{                                                                                          \
		{ SAY, "hello\n" },                                                                \
		{                                                                                  \
			HEAR, "hello"                                                              \
		}                                                                                  \
	}
#define VIA_PROXY                                                                                  \
	{                                                                                          \
		{ SAY, "GET / HTTP/1.0\r\n\r\n" },                                                 \
		{                                                                                  \
			PASSES, "GET /"                                                            \
		}                                                                                  \
	}

/* An agent sets keepalive when it keeps a connection: some versions after the answer's end. */
#define NODE_SAYS_WHEN_KEPT                                                                        \
	"const keep = agent.keepSocketAlive;"                                                      \
	"agent.keepSocketAlive = (socket) =>"                                                      \
	" { const kept = keep.call(agent, socket); console.log('answered'); return kept; };"

/*
 * The activator is not under the shim; its listener and what waits there are nobody's choice.
 * `settings` is a line of the environment that it hands on: where the configuration file is.
 */
#define ACTIVATE_WITH(settings)                                                                    \
	"systemd-socket-activate", "-l", "127.0.0.1:@LISTEN@", "-E", "LD_PRELOAD=@SHIM@", "-E",    \
		settings
#define ACTIVATE                                                                                   \
	ACTIVATE_WITH("KEEPALIVE_CONF="), "-E", "KEEPALIVE_IDLE", "-E", "KEEPALIVE_INTERVAL",      \
		"-E", "KEEPALIVE_COUNT", "-E", "KEEPALIVE_USER_TIMEOUT"

/* A master that listens, and a worker that accepts and connects to us. */
#define NGINX_ARGV "nginx", "-p", "@SCRATCH@", "-c", "@CONFIG@"
#define NGINX_CONFIG(so_keepalive)                                                                 \
	"daemon off; pid @SCRATCH@/nginx.pid; error_log stderr; worker_processes 1;"               \
	"events { }"                                                                               \
	"http { access_log off; client_body_temp_path @SCRATCH@/body;"                             \
	" proxy_temp_path @SCRATCH@/proxy; fastcgi_temp_path @SCRATCH@/fastcgi;"                   \
	" uwsgi_temp_path @SCRATCH@/uwsgi; scgi_temp_path @SCRATCH@/scgi;"                         \
	" server { listen 127.0.0.1:@LISTEN@ " so_keepalive ";"                                    \
	" location / { proxy_pass http://127.0.0.1:@CONNECT@; } } }"

#define HAPROXY_ARGV "haproxy", "-db", "-f", "@CONFIG@"
#define HAPROXY_CONFIG(place)                                                                       \
	"defaults\n mode http\n timeout connect 300s\n timeout client 300s\n timeout server 300s\n" \
	"listen proxy\n bind " place "\n server one 127.0.0.1:@CONNECT@\n"

#define RSYNCD_CONFIG "use chroot = no\nlog file = /dev/null\n"

/* Echo.java, compiled by stock_compile_java; its quickest start, and no file left in /tmp. */
#define JAVA                                                                                       \
	"java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-cp",          \
		"@SCRATCH@", "Echo"

enum socket_role {
	NO_SOCKET,
	LISTENER,
	ACCEPTED,
	CLIENT,
	OTHER_LISTENER, /* the same, at a second port */
	OTHER_ACCEPTED,
};

struct stock_socket {
	enum socket_role role;
	struct values own;  /* what the program sets itself, and keeps under the shim */
	struct values with; /* in a row with settings: what it has in the end under the shim */
};

enum step_kind {
	NO_STEP,
	INPUT,  /* write to its stdin */
	PRINTS, /* wait for its stdout */
	LOGS,   /* wait for its stderr */
	SAY,    /* write to the connection between it and us */
	HEAR,   /* wait for what comes from there */
	PASSES, /* take the connection that it makes as a proxy, and wait for what comes there */
};

/* A conversation is over when all options that the program sets have been set. */
struct step {
	enum step_kind kind;
	const char *text;
};

/*
 * In argv, config and settings stand for: @LISTEN@ the port to listen on, @OTHER@ a second one,
 * @CONNECT@ the one to connect to, @SCRATCH@ the scratch directory, @CONFIG@ the file that `config`
 * is written to, @USER@ our name, @ORDINARY@ YES unless we are root, then NO, @SHIM@ the library's
 * path (nothing, where the run is without it).
 */
struct stock {
	const char *name;
	const char *argv[32];
	const char *config;
	const char *settings;  /* the library's configuration file; NULL: the environment says it */
	const char *from;      /* the address that we connect from; NULL: 127.0.0.1 */
	const char *needs;     /* another program that must be there */
	void (*prepare)(void); /* once before each start, as we are */
	const char *user;      /* whom to run it as, where we are root */
	bool foreign_start;    /* not itself under the shim: what it starts has @SHIM@ */
	bool one_visit;        /* the listener is gone once there is a connection */
	struct step talk[8];
	struct stock_socket sockets[4];
};

/* A program that runs, and our ends of its connections. */
struct act {
	const struct stock *stock;
	bool shimmed;
	struct process process;
	char config[128];   /* the file's path */
	char settings[160]; /* KEEPALIVE_CONF= and the file's path */
	int listen_port;
	int other_port;
	int connect_port;
	int our_listener; /* where it may connect to; -1: none */
	int line;         /* the connection between it and us; -1: none */
	int passed;       /* the connection that a proxy made to us; -1: none */
};

/* What has to be there to run it; NULL: nothing is missing. */
const char *stock_missing(const struct stock *stock);

/* Starts a program that connects to `port`, the listener of somebody else. */
void stock_start_client(struct act *act, const struct stock *stock, bool shimmed, int port);

/* Starts a program that listens, on a port that is free, and waits until it does. */
void stock_start_server(struct act *act, const struct stock *stock, bool shimmed);

/* A connection to a port of ours or of a program. */
int stock_connect(int port);

/* A listener of ours, at a port that the kernel picks; the connection that comes to the act's. */
int stock_listen(int *port);
int stock_accept(const struct act *act);

/* Goes through the conversation of the row; fails the test where an answer does not come. */
void stock_talk(struct act *act);

/* Holds its sockets against the row, `connections` of each role at least but of LISTENER. */
void stock_expect(const struct act *act, int connections);

/* Ends what runs, and closes our ends. */
void stock_end(struct act *act);

/* All of it, for a client that connects to us, and for a server that we connect to once. */
void stock_run_client(const struct stock *stock, bool shimmed);
void stock_run_server(const struct stock *stock, bool shimmed);

/*
 * The count that a program sets itself without the shim, or LEFT. The socket cannot say it where
 * that is the kernel's own value, so a trace of its system calls does: by strace, which must be
 * there, with STRACE before the program's own words.
 */
#define STRACE "strace", "-f", "-o", "@SCRATCH@/trace", "-e", "trace=setsockopt"
int stock_traced_count(const char *path);

/*
 * All of it, for a server that is started by the first visit: connections that wait before it
 * runs, and one that comes then.
 */
void stock_run_activated(const struct stock *stock, bool shimmed);

/*
 * Adds the tests of a row, named as the row is: both take its index as _i, one without the shim,
 * one with it.
 */
void stock_add(Suite *suite, const struct stock *stock, int index, const TTest *without,
	       const TTest *with);

/* To be a row's `prepare`: compiles Echo.java unless that has been done. */
void stock_compile_java(void);

#endif
