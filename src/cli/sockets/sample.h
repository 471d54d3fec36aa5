/* What the kernel tells of one connection at one time, counters included. */
#ifndef KEEPALIVE_SAMPLE_H
#define KEEPALIVE_SAMPLE_H

#include "cli/sockets/diag.h"

/* From TCP_INFO. Times are milliseconds before the sample, and mean nothing before the first. */
struct figures {
	unsigned int retransmits; /* of the retransmission timer, since the last acknowledgement */
	unsigned int probes;      /* of keepalive or the persist timer, unanswered */
	unsigned int retransmissions; /* all segments that were sent again */
	unsigned int segments;        /* received, of any kind */
	unsigned int data_segments;   /* received, with data */
	unsigned int delivered;     /* segments that the peer has acknowledged; 0: no SYN either */
	long since_data, since_ack; /* since the last received data, and the last valid ACK */
	long unsent;                /* bytes written and not sent yet */
	long window; /* what the peer lets us send; -1: not known (before Linux 5.4) */
	/* Bytes. A SYN and a FIN count as one in `acknowledged` and `received`, not in `sent`. */
	uint64_t sent, acknowledged, received;
};

struct sample {
	struct diag_socket socket;
	uint64_t cookie; /* the kernel's number of the socket: no other gets it */
	long unread;     /* bytes received that the program has not read; a FIN counts as one */
	bool complete;   /* the figures are known: Linux 4.19 and later */
	struct figures figures;
};

/* Reads a message about a TCP socket. Returns false if it is none. */
bool sample_read(const struct nlmsghdr *message, struct sample *sample);

/* Fills in what a descriptor of the socket tells; the rest stays. Returns false if it is none. */
bool sample_from_descriptor(int own, struct sample *sample);

#endif
