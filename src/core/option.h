/* The option table, used by environment, file, library, command and tests. */
#ifndef KEEPALIVE_OPTION_H
#define KEEPALIVE_OPTION_H

#include "core/text.h"

/* A row of the table each, in the order in which they are set on a socket; frequent ones first. */
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

/* The stage at which an option is set. */
enum stage {
	STAGE_ANY,
	STAGE_BEFORE_CONNECTION, /* before connect() or listen(); reads differently later */
	STAGE_LISTENING,         /* set at listen() only: it means something else on a client */
};

/* Strings are arrays in the row, so that the table needs no relocations in each process. */
struct option_row {
	char key[16];
	/* Our variable, then those of other libraries, by precedence; "" ends the list. */
	char variable[OPTION_VARIABLES][OPTION_NAME_SIZE];
	char kernel_name[20];
	char sysctl[24]; /* file in /proc/sys/net/ipv4 with the kernel's value, or "" */
	int level;
	int name;
	enum unit unit;
	int minimum;
	int maximum;
	int fresh; /* the value on a new socket if no sysctl says otherwise */
	enum stage stage;
	bool derivable;   /* accepts auto */
	bool zero_unsets; /* to unset it again, set 0, not the value on a new socket */
	bool rounded;     /* may read as another value than was set */
};

extern const struct option_row option_table[OPTIONS];

/* A value of an option. "Unset" is a state, never a number. */
enum value_state {
	VALUE_ABSENT,
	VALUE_KERNEL, /* leave the kernel's value; overrides earlier settings */
	VALUE_SET,
	VALUE_AUTO,
};

struct value {
	enum value_state state;
	int number;        /* in the unit of the kernel's option; only with VALUE_SET */
	unsigned int line; /* line of the file; 0: not from a file */
};

/* Errors in what is read. */
enum error_code {
	ERROR_NONE,
	ERROR_NOT_A_SWITCH,
	ERROR_NOT_A_TIME,
	ERROR_NOT_A_NUMBER,
	ERROR_FRACTION, /* a time that must be a whole number of seconds is not */
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

	/* Warnings: the value is used, but probably something else was meant. */
	ERROR_UNKNOWN_USER,
	ERROR_SHORT_TIME, /* a bare number of milliseconds below a second */
};

/* Reads on, off, yes, no, true, false, 1 or 0. Fills *value only if it returns ERROR_NONE. */
enum error_code switch_parse(struct text word, struct value *value);

/*
 * Reads a value: of a switch as switch_parse() does; else a number, or a time with or without its
 * unit (ms, s, min, h); `default`; `auto` if the option can be derived. Fills *value only if it
 * returns ERROR_NONE.
 */
enum error_code option_parse(const struct option_row *option, struct text word,
			     struct value *value);

/* Returns a warning about a word that option_parse() accepts; ERROR_NONE if there is none. */
enum error_code option_doubt(const struct option_row *option, struct text word);

static inline bool error_is_warning(enum error_code code)
{
	return code >= ERROR_UNKNOWN_USER;
}

#endif
