/* Turns a policy into the plan of the BPF programs. */
#ifndef KEEPALIVE_PLANNING_H
#define KEEPALIVE_PLANNING_H

#include "bpf/plan.h"
#include "cli/base/failure.h"
#include "core/policy.h"

/* Fills *plan, which is all zeros. Returns false, with the reason, if the rules do not fit. */
bool plan_policy(struct plan *plan, const struct policy *policy, struct failure *failure);

/*
 * Notes what a plan and those before it have given to sockets, in the one that comes after it: the
 * last PLAN_FORMERS different decisions.
 */
void plan_follow(struct plan *plan, const struct plan *before);

#endif
