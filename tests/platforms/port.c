/*
 * port: prints what the library does to a program, as far as that depends on the processor and on
 * what headers say there. Under the library and without it all but the values is the same.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { UNTOUCHED = EXDEV }; /* an error that none of these calls has */

static int value(int fd, int level, int name)
{
	int value = -1;
	socklen_t length = sizeof value;

	return getsockopt(fd, level, name, &value, &length) ? -errno : value;
}

static void print_socket(const char *title, int fd)
{
	printf("%s: %d %d %d %d %d\n", title, value(fd, SOL_SOCKET, SO_KEEPALIVE),
	       value(fd, IPPROTO_TCP, TCP_KEEPIDLE), value(fd, IPPROTO_TCP, TCP_KEEPINTVL),
	       value(fd, IPPROTO_TCP, TCP_KEEPCNT), value(fd, IPPROTO_TCP, TCP_USER_TIMEOUT));
}

static const char *what_became_of_errno(void)
{
	return errno == UNTOUCHED ? "untouched" : strerror(errno);
}

/* A place for a listener on the loopback network, and where it is. */
static struct sockaddr_in listen_at(int fd, in_addr_t host)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(host) };
	socklen_t length = sizeof at;

	if (bind(fd, (struct sockaddr *)&at, length))
		perror("bind");
	errno = UNTOUCHED;
	if (listen(fd, 8))
		perror("listen");
	printf("errno after listen: %s\n", what_became_of_errno());
	if (getsockname(fd, (struct sockaddr *)&at, &length))
		perror("getsockname");
	return at;
}

/* A connection to a new listener, and what all three have. */
static void talk(const char *title, in_addr_t host)
{
	struct sockaddr_in at;
	int listener, client, accepted;

	printf("%s\n", title);
	errno = UNTOUCHED;
	listener = socket(AF_INET, SOCK_STREAM, 0);
	client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
	printf("errno after socket: %s\n", what_became_of_errno());
	at = listen_at(listener, host);
	errno = UNTOUCHED;
	if (connect(client, (struct sockaddr *)&at, sizeof at))
		perror("connect");
	accepted = accept(listener, NULL, NULL);
	printf("errno after connect and accept: %s\n", what_became_of_errno());
	print_socket("listener", listener);
	print_socket("client", client);
	print_socket("accepted", accepted);
	close(accepted);
	close(client);
	close(listener);
}

static void connect_badly(const char *title, const void *address, socklen_t length)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	int result = connect(fd, address, length);

	printf("%s: %d, %s\n", title, result, strerror(errno));
	close(fd);
}

/*
 * Cancellation unwinds the stack, through the function of the library that calls the real one. With
 * -fexceptions, what cleans up here is found in that way alone. The thread is cancelled before the
 * call: not every qemu makes signal frames that can be unwound.
 */
static pthread_barrier_t cancelled;
static int cleaned;

static void clean(void *unused)
{
	(void)unused;
	cleaned = 1;
}

static void *wait_for_connection(void *listener)
{
	int before;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
	pthread_barrier_wait(&cancelled);
	pthread_setcancelstate(before, NULL);
	pthread_cleanup_push(clean, NULL);
	accept(*(int *)listener, NULL, NULL);
	pthread_cleanup_pop(0);
	return NULL;
}

static void cancel(void)
{
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	pthread_t thread;
	void *result = NULL;

	listen(listener, 1);
	pthread_barrier_init(&cancelled, NULL, 2);
	pthread_create(&thread, NULL, wait_for_connection, &listener);
	pthread_cancel(thread);
	pthread_barrier_wait(&cancelled);
	pthread_join(thread, &result);
	printf("cancelled: %s\n", result == PTHREAD_CANCELED && cleaned ? "cleaned up" : "no");
	close(listener);
}

int main(void)
{
	talk("127.0.0.1", INADDR_LOOPBACK);
	talk("127.0.0.2", INADDR_LOOPBACK + 1);
	connect_badly("a bad address", (void *)8, sizeof(struct sockaddr_in));
	connect_badly("no address", NULL, sizeof(struct sockaddr_in));
	cancel();
	return 0;
}
