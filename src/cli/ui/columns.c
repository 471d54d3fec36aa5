/* The columns of show. */
#include "cli/ui/columns.h"

#include <ctype.h>

#include "cli/ui/words.h"

static char option_names[OPTIONS][sizeof option_table[0].key];

struct column show_columns[COLUMNS + 1] = {
	[COLUMN_PROGRAM] = { "PROGRAM", "name by which the program was started", SCOLS_JSON_STRING,
			     false, true },
	[COLUMN_PID] = { "PID", "process id", SCOLS_JSON_NUMBER, true, false },
	[COLUMN_FD] = { "FD", "file descriptor", SCOLS_JSON_NUMBER, true, false },
	[COLUMN_STATE] = { "STATE", "state of the connection", SCOLS_JSON_STRING, false, false },
	[COLUMN_LOCAL] = { "LOCAL", "local address and port", SCOLS_JSON_STRING, false, false },
	[COLUMN_PEER] = { "PEER", "address and port of the peer", SCOLS_JSON_STRING, false, false },
	[COLUMN_TIMER] = { "TIMER", "timer that runs in the kernel", SCOLS_JSON_STRING, false,
			   false },
	[COLUMN_LEFT] = { "LEFT", "time until the timer expires; without unit: ms",
			  SCOLS_JSON_NUMBER, true, false },
	[COLUMN_UNACKED] = { "UNACKED", "bytes that the peer has not acknowledged",
			     SCOLS_JSON_NUMBER, true, false },
	[COLUMN_DETECT_IDLE] = { "DETECT_IDLE",
				 "time to detect a dead peer, if idle; without unit: ms",
				 SCOLS_JSON_NUMBER, true, false },
	[COLUMN_DETECT_DATA] = { "DETECT_DATA", "the same with unacknowledged data",
				 SCOLS_JSON_NUMBER, true, false },
	[COLUMN_SHIM] = { "SHIM", "whether the library is loaded", SCOLS_JSON_NUMBER, false,
			  false },
	[COLUMN_REACH] = { "REACH", "what sets options: library, kernel, both, none",
			   SCOLS_JSON_STRING, false, false },
	[COLUMN_PROTOCOL] = { "PROTOCOL", "tcp or mptcp", SCOLS_JSON_STRING, false, false },
	[COLUMN_USER] = { "USER", "user id of the socket's owner", SCOLS_JSON_NUMBER, true, false },
	[COLUMN_INODE] = { "INODE", "the socket's inode", SCOLS_JSON_NUMBER, true, false },
};

const int show_columns_usual[SHOW_COLUMNS_USUAL] = {
	COLUMN_PROGRAM,
	COLUMN_PID,
	COLUMN_FD,
	COLUMN_STATE,
	COLUMN_LOCAL,
	COLUMN_PEER,
	COLUMN_OPTIONS + OPTION_KEEPALIVE,
	COLUMN_OPTIONS + OPTION_IDLE,
	COLUMN_OPTIONS + OPTION_INTERVAL,
	COLUMN_OPTIONS + OPTION_COUNT,
	COLUMN_OPTIONS + OPTION_USER_TIMEOUT,
	COLUMN_TIMER,
	COLUMN_LEFT,
	COLUMN_UNACKED,
	COLUMN_DETECT_IDLE,
	COLUMN_DETECT_DATA,
	COLUMN_SHIM,
	COLUMN_REACH,
};

void show_columns_name(void)
{
	for (int id = 0; id < OPTIONS; id++) {
		const struct option_row *option = &option_table[id];

		for (size_t i = 0; option->key[i]; i++)
			option_names[id][i] = (char)toupper((unsigned char)option->key[i]);
		show_columns[COLUMN_OPTIONS + id] =
			(struct column){ option_names[id], option_words(option), SCOLS_JSON_NUMBER,
					 option->unit != UNIT_SWITCH, false };
	}
}
