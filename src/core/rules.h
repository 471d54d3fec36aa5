/* Rules: settings with conditions, in one piece of memory of fixed size. */
#ifndef KEEPALIVE_RULES_H
#define KEEPALIVE_RULES_H

#include "core/address.h"
#include "core/option.h"

enum role { ROLE_UNKNOWN = 0, ROLE_CLIENT = 1, ROLE_SERVER = 2, ROLE_BOTH = 3 };

/* What is known of a connection or listener when rules are applied to it. */
struct endpoint {
	enum role role;
	bool remote_known;
	struct address remote;
	uint16_t remote_port;
	uint16_t local_port; /* of a server; 0: unknown */
};

/* Settings of one place, or merged from several. */
struct settings {
	struct value value[OPTIONS];
	struct value override;
};

enum condition_kind { CONDITION_REMOTE, CONDITION_REMOTE_PORT, CONDITION_LOCAL_PORT };

struct condition {
	enum condition_kind kind;
	union {
		struct network network;
		struct port_range ports;
	};
};

struct setting {
	unsigned char option; /* OPTIONS: override */
	struct value value;
};

/* A rule in memory: this structure, its name, its conditions, its settings. */
struct rule {
	_Alignas(8) uint32_t size; /* of the whole rule */
	unsigned int line;
	unsigned char roles; /* the roles for which it applies */
	unsigned char kinds; /* the kinds of its conditions, a bit each */
	uint16_t name_length;
	uint32_t conditions;
	uint32_t settings;
};

/* The memory that the library has for rules. */
enum { RULE_MEMORY_SIZE = 512 * 1024 };

/* The memory belongs to the caller, is aligned to 8 bytes, and must not move. */
struct rules {
	unsigned char *memory;
	size_t size;
	size_t used;
};

/*
 * To build a rule, call rule_begin(), rule_add_condition() any number of times, then rule_end()
 * with the settings, or rule_drop(). They return NULL or false if the memory is too small.
 */
struct rule *rule_begin(struct rules *rules, struct text name, unsigned int line);
void rule_drop(struct rules *rules, struct rule *rule);
bool rule_add_condition(struct rules *rules, struct rule *rule, const struct condition *condition);
bool rule_end(struct rules *rules, struct rule *rule, const struct settings *settings);

struct text rule_name(const struct rule *rule);

/* Return the first of rule->conditions, and of rule->settings. */
const struct condition *rule_conditions(const struct rule *rule);
const struct setting *rule_settings(const struct rule *rule);

/* Returns the rule after `rule`, the first after NULL; NULL after the last. */
const struct rule *rule_next(const struct rules *rules, const struct rule *rule);

/*
 * Overrides *settings with those of the rules that match `endpoint`, in order. origin[], by option,
 * with [OPTIONS] for override: set to the rule where a rule sets the option.
 */
void rules_apply(const struct rules *rules, const struct endpoint *endpoint,
		 struct settings *settings, const struct rule **origin);

/*
 * The stages at which a rule may apply that does not apply to all sockets, a bit each: connect(),
 * connect() because of its destination, listen(), and accept() for what is unknown at listen().
 */
enum {
	RULES_AT_CONNECT = 1,
	RULES_BY_DESTINATION = 2,
	RULES_AT_LISTEN = 4,
	RULES_AT_ACCEPT = 8,
};
unsigned int rules_stages(const struct rules *rules);

/* Returns true if a rule sets the option (OPTIONS: override) to that state and number. */
bool rules_say(const struct rules *rules, size_t option, enum value_state state, int number);

#endif
