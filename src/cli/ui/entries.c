/* The sockets that show lists, each with all that its cells are made of. */
#include "cli/ui/entries.h"

#include <stdlib.h>

#include "cli/base/memory.h"
#include "cli/forecast/detection.h"

struct holder *entries_add_holder(struct entries *entries, const struct process *process)
{
	struct holder *holder = expect_memory(calloc(1, sizeof *holder));

	holder->process = *process;
	holder->process.pidfd = -1;
	entries->holder = memory_for_more(entries->holder, entries->holders, &entries->holder_room,
					  sizeof(struct holder *));
	entries->holder[entries->holders++] = holder;
	return holder;
}

struct entry *entries_add(struct entries *entries, const struct tcp_socket *socket,
			  const struct holder *holder)
{
	struct entry *entry;

	entries->at =
		memory_for_more(entries->at, entries->count, &entries->room, sizeof *entries->at);
	entry = &entries->at[entries->count++];
	entry->socket = *socket;
	entry->socket.process = NULL;
	entry->socket.diag = NULL;
	entry->holder = holder;
	entry->idle = detection_idle(socket);
	entry->data = detection_data(socket);
	if (socket_is_ending(socket) && entry->data != DETECTION_UNKNOWN)
		entry->idle = entry->data;
	return entry;
}

void entries_free(struct entries *entries)
{
	for (size_t i = 0; i < entries->holders; i++)
		free(entries->holder[i]);
	free(entries->holder);
	free(entries->at);
	*entries = (struct entries){ 0 };
}
