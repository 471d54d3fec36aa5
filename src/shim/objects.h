/* Looks up functions in the shared objects of the process, without dlsym(). */
#ifndef KEEPALIVE_OBJECTS_H
#define KEEPALIVE_OBJECTS_H

#include <stdbool.h>

enum { OBJECT_NAMES = 32 };

/*
 * Finds for each name, at most OBJECT_NAMES, the function in the first object that was loaded after
 * ours. This is the result of dlsym(RTLD_NEXT), but cheaper for many names. An object without a GNU
 * hash table cannot be searched, and for an STT_GNU_IFUNC only the loader knows the function: a
 * function found after one of these goes into guessed[] instead of found[]. NULL: none found. Takes
 * the loader's lock; for start-up only.
 */
void objects_next(const char *const *names, void **found, void **guessed, int count);

/*
 * Returns false if the address is in our object or one that was loaded before it: a function there
 * could call us back without end. For start-up only.
 */
bool objects_is_after_us(const void *address);

#endif
