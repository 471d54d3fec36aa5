/* Why a connection has ended, as far as what the kernel told of it before and after shows it. */
#ifndef KEEPALIVE_CAUSE_H
#define KEEPALIVE_CAUSE_H

#include "cli/sockets/counters.h"
#include "cli/sockets/sample.h"
#include "core/option.h"

enum cause {
	CAUSE_NONE,            /* it never was a connection */
	CAUSE_KEEPALIVE,       /* probes on an idle connection were not answered */
	CAUSE_USER_TIMEOUT,    /* the user timeout, in any situation */
	CAUSE_RETRANSMISSIONS, /* data was not acknowledged */
	CAUSE_PERSIST,         /* data could not be sent, and probes of the persist timer failed */
	CAUSE_NO_ANSWER,       /* connect(): no SYN was answered */
	CAUSE_REFUSED,         /* connect(): the answer was a reset */
	CAUSE_UNREACHABLE,     /* connect(): the network reported that */
	CAUSE_RESET,           /* the peer reset it */
	CAUSE_ABORTED,         /* this machine ended it, and no timer did (ss -K) */
	CAUSE_CLOSED,          /* the program closed it, or both sides did */
	CAUSE_UNKNOWN,
	CAUSES
};

/* What the connection was doing, by the words of explain. */
enum activity {
	ACTIVITY_UNKNOWN,
	ACTIVITY_IDLE,
	ACTIVITY_DATA,
	ACTIVITY_PERSIST,
	ACTIVITY_CONNECT
};

/* What is known of a connection that has ended. */
struct evidence {
	const struct sample *before; /* at the last look; NULL: it began after that */
	const struct sample *after;
	long interval;    /* milliseconds between two looks */
	long age;         /* at most as old, in milliseconds */
	long persisting;  /* the persist timer ran for that long at least, in milliseconds */
	bool open;        /* the program has not closed it */
	int syn;          /* 1 if the figures count a SYN as acknowledged, else 0; -1: not known */
	const int *value; /* of the options; below 0: not known. NULL: none is */
	int syn_retries;  /* net.ipv4.tcp_syn_retries there; below 0: not known */
	int syn_linear;   /* net.ipv4.tcp_syn_linear_timeouts; 0 if the kernel has none */
	struct counters since; /* what happened there since the last look */
	bool closed_unread;    /* one of its closed_unread may be this one */
	bool failed;           /* one of its failed_attempts may be this one */
};

struct conclusion {
	enum cause cause;
	enum activity activity;
	bool closing; /* the program had closed it before */
	bool unread;  /* it is one of closed_unread */
	bool failed;  /* it is one of failed_attempts */
	bool stuck;   /* what was sent again did not leave this machine */
	long silent;  /* milliseconds since the peer was heard of; -1: never, or not known */
};

struct conclusion conclude(const struct evidence *evidence);

#endif
