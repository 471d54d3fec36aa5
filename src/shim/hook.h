/* What the exported functions have in common. */
#ifndef KEEPALIVE_HOOK_H
#define KEEPALIVE_HOOK_H

#define EXPORT __attribute__((visibility("default")))

/*
 * Functions that are called often have a short way: after the start-up, and with nothing to do but
 * a store, they only forward, so that the compiler keeps no argument for later. Everything else is
 * in a function of its own.
 */
#define APART static __attribute__((noinline))

#endif
