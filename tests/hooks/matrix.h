/* The tables that the victim `matrix` and its driver go through: every row with every other. */
#ifndef TESTS_MATRIX_H
#define TESTS_MATRIX_H

/* How the number was used before. */
enum before {
	BEFORE_NOTHING,
	BEFORE_FILE,
	BEFORE_UDP,
	BEFORE_UNIX,
	BEFORE_UNIX_LISTENER,
	BEFORE_UNUSED,
	BEFORE_CLIENT,
	BEFORE_LISTENER,
	BEFORE_ACCEPTED,
	BEFORE_RECEIVED_CLIENT,
	BEFORE_RECEIVED_LISTENER,
	BEFORE_SWITCHED_OFF,
	BEFORES,
};

/* How it was given up. */
enum freed { FREED_BY_CLOSE, FREED_BY_COPY, FREEDS };

/* How the socket comes to have it. FREED_BY_COPY goes with the copies alone. */
enum came { CAME_RAW, CAME_RECEIVED, CAME_COPIED, CAME_OWN, CAME_OWN_SET, CAMES };

/* What is done with it. */
enum done {
	DONE_CONNECT,
	DONE_FASTOPEN,
	DONE_LISTEN,
	DONE_ACCEPT,
	DONE_WAITING,
	DONE_LATER,
	DONE_OVERRIDE,
	DONES
};

static const char *const before_name[BEFORES] = {
	"nothing",
	"file",
	"udp",
	"unix",
	"unix listener",
	"unused",
	"client",
	"listener",
	"accepted",
	"received client",
	"received listener",
	"switched off",
};
static const char *const freed_name[FREEDS] = { "closed", "replaced" };
static const char *const came_name[CAMES] = { "raw", "received", "copied", "own", "own, set" };
static const char *const done_name[DONES] = { "connect", "fast open", "listen",  "accept",
					      "waiting", "later",     "override" };

/* A socket is put in the place of another by copies only. */
static inline int matrix_has(int freed, int came)
{
	return freed == FREED_BY_CLOSE || came >= CAME_COPIED;
}

/* What the program sets itself on the sockets of CAME_OWN_SET. */
enum { MATRIX_OWN_IDLE = 300 };

#endif
