/* The options: one table that environment, file, shim, manual and tests go by. */
#ifndef KEEPALIVE_OPTION_H
#define KEEPALIVE_OPTION_H

#include "core/text.h"

/* A row of the table each, in the order in which they are set on a socket; the usual ones first. */
enum option_id {
	OPTION_KEEPALIVE,
	OPTION_IDLE,
	OPTION_INTERVAL,
	OPTION_COUNT,
	OPTION_USER_TIMEOUT,
	OPTION_RTO_MAX,
	OPTION_SYN_COUNT,
	OPTION_DEFER_ACCEPT,
	OPTION_MAX_SEGMENT,
	OPTION_WINDOW_CLAMP,
	OPTIONS,
};

/* What a bare number means. */
enum unit {
	UNIT_SWITCH, /* on or off */
	UNIT_SECONDS,
	UNIT_MILLISECONDS,
	UNIT_PIECES, /* probes, tries, bytes */
};

enum { OPTION_VARIABLES = 5, OPTION_NAME_SIZE = 28 };

/* When an option is of use. */
enum moment {
	MOMENT_ANY,
	MOMENT_BEFORE_CONNECTION, /* before connect() or listen(); reads as something else later */
	MOMENT_LISTENING,         /* means something else on a client: set in listen() alone */
};

/* Text is held inside the row, so that the table needs no relocation in each process. */
struct option {
	char key[16];
	/* Our own name, then the ancestors' in the order in which they count; "" ends them. */
	char variable[OPTION_VARIABLES][OPTION_NAME_SIZE];
	char kernel_name[20];
	char sysctl[24]; /* the file under /proc/sys/net/ipv4 that holds the kernel's value, or "" */
	int level;
	int name;
	enum unit unit;
	int minimum;
	int maximum;
	int fresh; /* what a new socket reads where no sysctl says otherwise */
	enum moment moment;
	bool derivable;   /* takes the word auto */
	bool zero_unsets; /* what it reads when fresh is not what makes it so again: 0 does */
	bool rounded;     /* may read as something else than what was set */
};

extern const struct option option_table[OPTIONS];

/* What was said of an option. "Not said" is a state of its own, never a number. */
enum value_state {
	VALUE_ABSENT,
	VALUE_KERNEL, /* leave the kernel's value, whatever comes after says */
	VALUE_SET,
	VALUE_AUTO,
};

struct value {
	enum value_state state;
	int number;        /* in the kernel option's unit; only with VALUE_SET */
	unsigned int line; /* of the file where it stands; 0: not in a file */
};

/* What can be wrong with what we read. */
enum problem {
	PROBLEM_NONE,
	PROBLEM_NOT_A_SWITCH,
	PROBLEM_NOT_A_TIME,
	PROBLEM_NOT_A_NUMBER,
	PROBLEM_FRACTION, /* a time that is no whole number of seconds, where those are needed */
	PROBLEM_RANGE,
	PROBLEM_UNKNOWN_KEY,
	PROBLEM_NO_KEY,
	PROBLEM_NO_EQUALS,
	PROBLEM_NO_VALUE,
	PROBLEM_NOT_AN_ADDRESS,
	PROBLEM_NOT_A_PORT,
	PROBLEM_NOT_A_ROLE,
	PROBLEM_NOT_A_USER,
	PROBLEM_SECTION,
	PROBLEM_IN_A_RULE_ONLY,
	PROBLEM_NOT_IN_A_RULE,
	PROBLEM_MEMORY,
	PROBLEM_LOG,
	PROBLEM_LOG_LEVEL,
	PROBLEM_LONG_LINE,
	PROBLEM_NO_FILE,
	PROBLEM_NO_PERMISSION,
	PROBLEM_UNREADABLE,
	PROBLEM_NOT_A_FILE,
	PROBLEM_OWNER,
	PROBLEM_WRITABLE,
	PROBLEM_GROUP_WRITABLE,
	PROBLEM_LARGE_FILE,

	/* Warnings: what was read is used as it is, but probably something else was meant. */
	PROBLEM_UNKNOWN_USER,
	PROBLEM_SHORT_TIME, /* a bare number of milliseconds below a second */
};

/* Reads on, off, yes, no, true, false, 1 or 0; fills *value only when it returns PROBLEM_NONE. */
enum problem switch_parse(struct text word, struct value *value);

/*
 * Reads a value: what switch_parse reads for a switch, else a number, or a time with or without its
 * unit (ms, s, min, h); `default`; `auto` where the option can be derived. Fills *value only when
 * it returns PROBLEM_NONE.
 */
enum problem option_parse(const struct option *option, struct text word, struct value *value);

/* Of a word that option_parse has read: returns a warning, or PROBLEM_NONE. */
enum problem option_doubt(const struct option *option, struct text word);

static inline bool problem_is_warning(enum problem problem)
{
	return problem >= PROBLEM_UNKNOWN_USER;
}

#endif
