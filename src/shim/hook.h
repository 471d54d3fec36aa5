/* What the exported functions have in common. */
#ifndef KEEPALIVE_HOOK_H
#define KEEPALIVE_HOOK_H

#define EXPORT __attribute__((visibility("default")))

/*
 * What a hook does besides forwarding (forward.h): a function of its own, so that a hook that only
 * forwards has no argument to keep.
 */
#define APART static __attribute__((noinline))

#endif
