/* Connections that no process was found to have: what would be overlooked otherwise. */
#include "cli/sockets/unclaimed.h"

#include <stdlib.h>

#include "cli/base/memory.h"
#include "cli/sockets/namespace.h"

/* A network namespace, and the sockets there that were not seen. */
struct place {
	pid_t process;
	ino_t namespace;
	bool told; /* all of them */
	struct numbers unseen;
};

static struct place place_of(const struct diag *diag)
{
	struct place place = { .process = diag->process,
			       .namespace = diag->namespace,
			       .told = diag->told };

	for (size_t i = 0; i < diag->count; i++)
		if (!diag->socket[i].seen)
			numbers_add(&place.unseen, diag->socket[i].inode);
	return place;
}

static struct place *find_places(size_t *count)
{
	struct place *places = NULL;
	size_t room = 0;

	for (*count = 0; diag_nth(*count); ++*count) {
		places = memory_for_more(places, *count, &room, sizeof *places);
		places[*count] = place_of(diag_nth(*count));
	}
	return places;
}

/*
 * That they are still there shows that they did not end, or go to another process, meanwhile.
 * Returns false if that cannot be seen.
 */
static bool visit_place(const struct place *place,
			void (*take)(void *context, const struct tcp_socket *socket), void *context)
{
	const struct diag *diag;

	if (!place->told || !place->unseen.root)
		return place->told;
	if (namespace_id(place->process) != place->namespace)
		return false;
	diag = diag_of(place->process);
	for (size_t i = 0; i < diag->count; i++) {
		struct tcp_socket socket = socket_from_netlink(diag, &diag->socket[i]);

		if (numbers_have(&place->unseen, socket.kernel.inode))
			take(context, &socket);
	}
	return diag->told;
}

bool unclaimed_visit(void (*take)(void *context, const struct tcp_socket *socket), void *context)
{
	size_t count;
	struct place *places = find_places(&count);
	bool all = true;

	diag_forget();
	for (size_t i = 0; i < count; i++) {
		all &= visit_place(&places[i], take, context);
		numbers_free(&places[i].unseen);
	}
	free(places);
	return all;
}
