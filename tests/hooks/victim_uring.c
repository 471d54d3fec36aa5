/* Sockets that io_uring makes, of which no hook hears. */
#include "hooks/victim.h"

#ifdef HAVE_LIBURING
#include <liburing.h>
#include <netinet/in.h>
#include <string.h>

#include "hooks/describe.h"

/* IORING_OP_SOCKET, for which a liburing that is older than this operation has no name. */
enum { OP_SOCKET = 45 };

/* Does what was prepared; its result, or ends the victim where the kernel knows no such thing. */
static int submit(struct io_uring *ring, const char *what)
{
	struct io_uring_cqe *done = NULL;
	int result;

	need(io_uring_submit(ring), "io_uring_submit");
	result = io_uring_wait_cqe(ring, &done);
	if (!result) {
		result = done->res;
		io_uring_cqe_seen(ring, done);
	}
	if (result < 0)
		skip("io_uring: %s: %s", what, error_name(-result));
	return result;
}

void victim_uring(char **arguments)
{
	int listening = listener(AF_INET), past = raw_listener(AF_INET), client, result;
	struct io_uring ring;

	(void)arguments;
	result = io_uring_queue_init(4, &ring, 0);
	if (result)
		skip("io_uring: %s", error_name(-result));
	io_uring_prep_rw(OP_SOCKET, io_uring_get_sqe(&ring), AF_INET, NULL, 0, SOCK_STREAM);
	client = submit(&ring, "socket");
	say_socket("made", client);
	need(connect_to(client, listening), "connect");
	say_socket("connected", client);
	io_uring_prep_accept(io_uring_get_sqe(&ring), listening, NULL, NULL, 0);
	say_socket("accepted", submit(&ring, "accept"));
	raw_client_of(past);
	io_uring_prep_accept(io_uring_get_sqe(&ring), past, NULL, NULL, 0);
	say_socket("accepted of past", submit(&ring, "accept"));
	io_uring_queue_exit(&ring);
}
#else
void victim_uring(char **arguments)
{
	(void)arguments;
	skip("built without liburing");
}
#endif
