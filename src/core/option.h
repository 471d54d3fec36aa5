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
enum stage {
	STAGE_ANY,
	STAGE_BEFORE_CONNECTION, /* before connect() or listen(); reads as something else later */
	STAGE_LISTENING,         /* means something else on a client: set in listen() alone */
};

/* Text is held inside the row, so that the table needs no relocation in each process. */
struct option_row {
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
	enum stage stage;
	bool derivable;   /* takes the word auto */
	bool zero_unsets; /* what it reads when fresh is not what makes it so again: 0 does */
	bool rounded;     /* may read as something else than what was set */
};

extern const struct option_row option_table[OPTIONS];

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
enum error_code {
	ERROR_NONE,
	ERROR_NOT_A_SWITCH,
	ERROR_NOT_A_TIME,
	ERROR_NOT_A_NUMBER,
	ERROR_FRACTION, /* a time that is no whole number of seconds, where those are needed */
	ERROR_RANGE,
	ERROR_UNKNOWN_KEY,
	ERROR_NO_KEY,
	ERROR_NO_EQUALS,
	ERROR_NO_VALUE,
	ERROR_NOT_AN_ADDRESS,
	ERROR_NOT_A_PORT,
	ERROR_NOT_A_ROLE,
	ERROR_NOT_A_USER,
	ERROR_SECTION,
	ERROR_IN_A_RULE_ONLY,
	ERROR_NOT_IN_A_RULE,
	ERROR_MEMORY,
	ERROR_LOG,
	ERROR_LOG_LEVEL,
	ERROR_LONG_LINE,
	ERROR_NO_FILE,
	ERROR_NO_PERMISSION,
	ERROR_UNREADABLE,
	ERROR_NOT_A_FILE,
	ERROR_OWNER,
	ERROR_WRITABLE,
	ERROR_GROUP_WRITABLE,
	ERROR_LARGE_FILE,

	/* Warnings: what was read is used as it is, but probably something else was meant. */
	ERROR_UNKNOWN_USER,
	ERROR_SHORT_TIME, /* a bare number of milliseconds below a second */
};

/* Reads on, off, yes, no, true, false, 1 or 0; fills *value only when it returns ERROR_NONE. */
enum error_code switch_parse(struct text word, struct value *value);

/*
 * Reads a value: what switch_parse reads for a switch, else a number, or a time with or without its
 * unit (ms, s, min, h); `default`; `auto` where the option can be derived. Fills *value only when
 * it returns ERROR_NONE.
 */
enum error_code option_parse(const struct option_row *option, struct text word, struct value *value);

/* Of a word that option_parse has read: returns a warning, or ERROR_NONE. */
enum error_code option_doubt(const struct option_row *option, struct text word);

static inline bool error_is_warning(enum error_code code)
{
	return code >= ERROR_UNKNOWN_USER;
}

#endif
