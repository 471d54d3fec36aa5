/* The sockets that apply has dealt with: each is set once, however often it is seen. */
#include "cli/sockets/known.h"

enum { ROUNDS_KEPT = 60 };

static uintptr_t key_of(ino_t inode, bool connected)
{
	return 2 * (uintptr_t)inode + connected;
}

/*
 * Sockets that were not seen for that many rounds are gone: to keep them all would take ever more
 * memory, and their inodes are given to others in the end. One round alone may have missed some.
 */
void known_begin_round(struct known *known)
{
	if (++known->rounds % ROUNDS_KEPT)
		return;
	numbers_free(&known->before);
	known->before = known->recent;
	known->recent = (struct numbers){ 0 };
}

void known_add(struct known *known, ino_t inode, bool connected)
{
	numbers_add(&known->recent, key_of(inode, connected));
}

bool known_has(const struct known *known, ino_t inode, bool connected)
{
	uintptr_t key = key_of(inode, connected);

	return numbers_have(&known->recent, key) || numbers_have(&known->before, key);
}
