/* What the command hands to the BPF programs: the whole configuration as data. */
#ifndef KEEPALIVE_PLAN_H
#define KEEPALIVE_PLAN_H

#include "core/rules.h"

/* Every rule takes a line, and so does each of its conditions and settings. */
enum { PLAN_LINES = 2048 };

/* Decisions of earlier plans that are known: a listener may have its values from one of them. */
enum { PLAN_FORMERS = 4 };

enum line_kind {
	LINE_RULE,
	LINE_REMOTE, /* conditions: those of a rule come before its settings */
	LINE_REMOTE_PORT,
	LINE_LOCAL_PORT,
	LINE_SETTING,
};

enum plan_family { FAMILY_UNKNOWN, FAMILY_IPV6, FAMILY_IPV4 };

struct plan_line {
	union {
		struct {
			uint64_t high, low, high_mask, low_mask;
		} network; /* LINE_REMOTE */
		struct {
			uint16_t first, last;
		} ports; /* LINE_REMOTE_PORT, LINE_LOCAL_PORT */
		struct {
			uint32_t option; /* OPTIONS: override */
			int32_t state, number;
		} setting; /* LINE_SETTING */
		struct {
			uint32_t roles, kinds; /* as in struct rule */
		} rule;                        /* LINE_RULE */
	};
	uint32_t kind;
	uint32_t family; /* LINE_REMOTE */
};

struct plan_value {
	int32_t state; /* enum value_state */
	int32_t number;
};

/* What the programs need of a row of the option table. */
struct plan_option {
	int32_t level, name;
	int32_t minimum, maximum;
	int32_t kernel;            /* value of a new socket in the plan's network namespace */
	int32_t fresh;             /* the same where no sysctl is changed */
	uint8_t accepts_zero;      /* although it is below the minimum */
	uint8_t before_connection; /* makes no difference later */
	uint8_t zero_unsets;       /* 0, not `kernel`, is set to unset it */
};

struct plan {
	struct plan_option option[OPTIONS];
	struct plan_value globals[OPTIONS + 1];
	struct plan_value environment[OPTIONS + 1];
	struct plan_value whole[OPTIONS]; /* the decision for every socket, if is_simple */
	struct plan_value former[PLAN_FORMERS][OPTIONS]; /* those of plans that were replaced */
	uint64_t network; /* cookie of the network namespace whose values `kernel` are; 0: none */
	uint32_t number;  /* another one each time; never 0 */
	uint32_t lines;
	int32_t page_size;  /* of memory */
	uint32_t by_remote; /* a rule asks for the remote end of accepted connections */
	uint32_t is_simple; /* no rules, no override: one decision for all sockets */
	uint32_t formers;   /* number of entries in `former` */
	struct plan_line line[PLAN_LINES];
};

/*
 * What is remembered with a socket; a connection begins with a copy of its listener's. Programs
 * that replace others use their map if this has the same size: give it another size when its
 * meaning changes.
 */
struct plan_socket {
	uint32_t own;     /* the options that the program has set, a bit each */
	uint32_t decided; /* number of the plan; 0: not yet */
	uint32_t decided_before;
	uint32_t unused;
	struct plan_value value[OPTIONS + 1];  /* as decided; VALUE_SET or anything else */
	struct plan_value before[OPTIONS + 1]; /* the same as decided before, or by the listener */
};

#endif
