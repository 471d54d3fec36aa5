/* Rules: settings that hold where conditions do. Kept in one piece of memory of fixed size. */
#ifndef KEEPALIVE_RULES_H
#define KEEPALIVE_RULES_H

#include "core/address.h"
#include "core/option.h"

enum role { ROLE_UNKNOWN = 0, ROLE_CLIENT = 1, ROLE_SERVER = 2, ROLE_BOTH = 3 };

/* What is known of a connection or listener, where rules are asked about it. */
struct endpoint {
	enum role role;
	bool remote_known;
	struct address remote;
	uint16_t remote_port;
	uint16_t local_port; /* of a server; 0: not known */
};

/* What was said in one place, or comes of several. */
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

/* A rule as it lies in memory: this, its name, its conditions, its settings. */
struct rule {
	_Alignas(8) uint32_t size; /* of all of it */
	unsigned int line;
	unsigned char roles; /* those for which it holds */
	unsigned char kinds; /* of its conditions, a bit each */
	uint16_t name_length;
	uint32_t conditions;
	uint32_t settings;
};

/* What the library has for rules. */
enum { RULE_MEMORY_SIZE = 512 * 1024 };

/* The memory is the caller's, aligned to 8 bytes, and not to be moved. */
struct rules {
	unsigned char *memory;
	size_t size;
	size_t used;
};

/*
 * Building: rule_begin, then any number of conditions, then rule_end with the settings, or
 * rule_drop. A NULL or false is: the memory does not suffice.
 */
struct rule *rule_begin(struct rules *rules, struct text name, unsigned int line);
void rule_drop(struct rules *rules, struct rule *rule);
bool rule_add_condition(struct rules *rules, struct rule *rule, const struct condition *condition);
bool rule_end(struct rules *rules, struct rule *rule, const struct settings *settings);

struct text rule_name(const struct rule *rule);

/* Walks all rules in their order: from NULL to NULL. */
const struct rule *rule_next(const struct rules *rules, const struct rule *rule);

/*
 * Puts what the rules say of `endpoint` over what is in *settings, the later over the earlier; and
 * into origin[], by option, with [OPTIONS] for override, the rule that it comes from, where it
 * comes from one.
 */
void rules_apply(const struct rules *rules, const struct endpoint *endpoint,
		 struct settings *settings, const struct rule **origin);

/*
 * When a rule can come to hold that does not hold for every socket, a bit each: at connect(), and
 * that by its destination; at listen(); at accept(), for what was not known at listen().
 */
enum {
	RULES_AT_CONNECT = 1,
	RULES_BY_DESTINATION = 2,
	RULES_AT_LISTEN = 4,
	RULES_AT_ACCEPT = 8,
};
unsigned int rules_stages(const struct rules *rules);

/* True if any rule says that of an option, with OPTIONS for override. */
bool rules_say(const struct rules *rules, size_t option, enum value_state state, int number);

#endif
