/* Turns a policy into the plan of the BPF programs. */
#ifndef KEEPALIVE_PLANNING_H
#define KEEPALIVE_PLANNING_H

#include "bpf/plan.h"
#include "cli/base/failure.h"
#include "core/policy.h"

/* Fills *plan, which is all zeros. Returns false, with the reason, if the rules do not fit. */
bool plan_policy(struct plan *plan, const struct policy *policy, struct failure *failure);

#endif
