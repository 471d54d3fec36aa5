/* The option table, and reading values. */
#include "core/option.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#ifndef TCP_RTO_MAX_MS
#define TCP_RTO_MAX_MS 44
#endif

#define INT_MAXIMUM 2147483647

/* The ranges that setsockopt() accepts. */
const struct option_row option_table[OPTIONS] = {
	[OPTION_KEEPALIVE] = {
		.key = "keepalive",
		.variable = { "KEEPALIVE", "DD_USE_KEEPALIVE" },
		.kernel_name = "SO_KEEPALIVE", .level = SOL_SOCKET, .name = SO_KEEPALIVE,
		.unit = UNIT_SWITCH, .minimum = 0, .maximum = 1, .fresh = 0,
	},
	[OPTION_IDLE] = {
		.key = "idle",
		.variable = { "KEEPALIVE_IDLE", "KEEPIDLE", "TCP_KEEPIDLE", "DD_TCP_KEEPALIVE_TIME" },
		.kernel_name = "TCP_KEEPIDLE", .level = IPPROTO_TCP, .name = TCP_KEEPIDLE,
		.unit = UNIT_SECONDS, .minimum = 1, .maximum = 32767, .fresh = 7200,
		.sysctl = "tcp_keepalive_time",
	},
	[OPTION_INTERVAL] = {
		.key = "interval",
		.variable = { "KEEPALIVE_INTERVAL", "KEEPINTVL", "TCP_KEEPINTVL",
			      "DD_TCP_KEEPALIVE_INTVL" },
		.kernel_name = "TCP_KEEPINTVL", .level = IPPROTO_TCP, .name = TCP_KEEPINTVL,
		.unit = UNIT_SECONDS, .minimum = 1, .maximum = 32767, .fresh = 75,
		.sysctl = "tcp_keepalive_intvl",
	},
	[OPTION_COUNT] = {
		.key = "count",
		.variable = { "KEEPALIVE_COUNT", "KEEPCNT", "TCP_KEEPCNT",
			      "DD_TCP_KEEPALIVE_PROBES" },
		.kernel_name = "TCP_KEEPCNT", .level = IPPROTO_TCP, .name = TCP_KEEPCNT,
		.unit = UNIT_PIECES, .minimum = 1, .maximum = 127, .fresh = 9,
		.sysctl = "tcp_keepalive_probes",
	},
	[OPTION_USER_TIMEOUT] = {
		.key = "user_timeout",
		.variable = { "KEEPALIVE_USER_TIMEOUT", "TCP_USER_TIMEOUT" },
		.kernel_name = "TCP_USER_TIMEOUT", .level = IPPROTO_TCP, .name = TCP_USER_TIMEOUT,
		.unit = UNIT_MILLISECONDS, .minimum = 1, .maximum = INT_MAXIMUM, .fresh = 0,
		.derivable = true,
	},
	[OPTION_RTO_MAX] = {
		.key = "rto_max",
		.variable = { "KEEPALIVE_RTO_MAX" },
		.kernel_name = "TCP_RTO_MAX_MS", .level = IPPROTO_TCP, .name = TCP_RTO_MAX_MS,
		.unit = UNIT_MILLISECONDS, .minimum = 1000, .maximum = 120000, .fresh = 120000,
		.sysctl = "tcp_rto_max_ms", .rounded = true,
	},
	[OPTION_SYN_COUNT] = {
		.key = "syn_count",
		.variable = { "KEEPALIVE_SYN_COUNT", "TCP_SYNCNT" },
		.kernel_name = "TCP_SYNCNT", .level = IPPROTO_TCP, .name = TCP_SYNCNT,
		.unit = UNIT_PIECES, .minimum = 1, .maximum = 127, .fresh = 6,
		.sysctl = "tcp_syn_retries",
	},
	[OPTION_DEFER_ACCEPT] = {
		.key = "defer_accept",
		.variable = { "KEEPALIVE_DEFER_ACCEPT", "TCP_DEFER_ACCEPT" },
		.kernel_name = "TCP_DEFER_ACCEPT", .level = IPPROTO_TCP, .name = TCP_DEFER_ACCEPT,
		.unit = UNIT_SECONDS, .minimum = 1, .maximum = 32767, .fresh = 0,
		.stage = STAGE_LISTENING,
	},
	[OPTION_MAX_SEGMENT] = {
		.key = "max_segment",
		.variable = { "KEEPALIVE_MAX_SEGMENT", "TCP_MAXSEG" },
		.kernel_name = "TCP_MAXSEG", .level = IPPROTO_TCP, .name = TCP_MAXSEG,
		.unit = UNIT_PIECES, .minimum = 88, .maximum = 32767, .fresh = 536,
		.stage = STAGE_BEFORE_CONNECTION, .zero_unsets = true,
	},
	[OPTION_WINDOW_CLAMP] = {
		.key = "window_clamp",
		.variable = { "KEEPALIVE_WINDOW_CLAMP", "TCP_WINDOW_CLAMP" },
		.kernel_name = "TCP_WINDOW_CLAMP", .level = IPPROTO_TCP, .name = TCP_WINDOW_CLAMP,
		.unit = UNIT_PIECES, .minimum = 1, .maximum = INT_MAXIMUM, .fresh = 0,
		.stage = STAGE_BEFORE_CONNECTION, .rounded = true,
	},
};

static bool equals_ignoring_case(struct text text, const char *lower)
{
	char copy[8] = "";

	if (text.length >= sizeof copy)
		return false;
	for (size_t i = 0; i < text.length; i++) {
		bool upper = text.at[i] >= 'A' && text.at[i] <= 'Z';

		copy[i] = (char)(upper ? text.at[i] - 'A' + 'a' : text.at[i]);
	}
	return text_equals(text_head((struct text){ copy, 0 }, text.length), lower);
}

enum error_code switch_parse(struct text word, struct value *value)
{
	static const char words[][2][6] = {
		{ "off", "on" },
		{ "no", "yes" },
		{ "false", "true" },
		{ "0", "1" },
	};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		for (int on = 0; on <= 1; on++)
			if (equals_ignoring_case(word, words[i][on])) {
				*value = (struct value){ VALUE_SET, on, 0 };
				return ERROR_NONE;
			}
	return ERROR_NOT_A_SWITCH;
}

/* Returns the seconds in a unit of a second or more; 0 if it is no such unit. */
static uint32_t unit_seconds(struct text unit)
{
	if (text_equals(unit, "s"))
		return 1;
	if (text_equals(unit, "min"))
		return 60;
	if (text_equals(unit, "h"))
		return 60 * 60;
	return 0;
}

/* Converts `number` from `unit` to the option's unit, with 64 bits, so that nothing overflows. */
static enum error_code convert_time(enum unit own, uint32_t number, struct text unit,
				    uint64_t *amount)
{
	uint32_t seconds = unit_seconds(unit);

	if (seconds) {
		*amount = (uint64_t)number * seconds * (own == UNIT_SECONDS ? 1 : 1000);
		return ERROR_NONE;
	}
	if (!text_equals(unit, "ms"))
		return ERROR_NOT_A_TIME;
	/* UINT32_MAX also stands for all greater numbers, so its digits mean nothing. */
	if (own == UNIT_SECONDS && number % 1000 && number < UINT32_MAX)
		return ERROR_FRACTION;
	*amount = own == UNIT_SECONDS ? number / 1000 : number;
	return ERROR_NONE;
}

static enum error_code parse_amount(const struct option_row *option, struct text word,
				    uint64_t *amount)
{
	bool is_time = option->unit != UNIT_PIECES;
	uint32_t number;

	if (!text_number(&word, &number))
		return is_time ? ERROR_NOT_A_TIME : ERROR_NOT_A_NUMBER;
	word = text_trim(word);
	*amount = number;
	if (!word.length)
		return ERROR_NONE;
	return is_time ? convert_time(option->unit, number, word, amount) : ERROR_NOT_A_NUMBER;
}

enum error_code option_parse(const struct option_row *option, struct text word, struct value *value)
{
	enum error_code code;
	uint64_t amount;

	if (text_equals(word, "default")) {
		*value = (struct value){ VALUE_KERNEL, 0, 0 };
		return ERROR_NONE;
	}
	if (option->unit == UNIT_SWITCH)
		return switch_parse(word, value);
	if (option->derivable && text_equals(word, "auto")) {
		*value = (struct value){ VALUE_AUTO, 0, 0 };
		return ERROR_NONE;
	}
	code = parse_amount(option, word, &amount);
	if (code)
		return code;
	if (!amount) {
		*value = (struct value){ VALUE_KERNEL, 0, 0 };
		return ERROR_NONE;
	}
	if (amount < (uint64_t)option->minimum || amount > (uint64_t)option->maximum)
		return ERROR_RANGE;
	*value = (struct value){ VALUE_SET, (int)amount, 0 };
	return ERROR_NONE;
}

enum error_code option_doubt(const struct option_row *option, struct text word)
{
	enum { SECOND = 1000 };
	uint32_t number;

	if (option->unit == UNIT_MILLISECONDS && text_number(&word, &number) && !word.length &&
	    number && number < SECOND)
		return ERROR_SHORT_TIME;
	return ERROR_NONE;
}
