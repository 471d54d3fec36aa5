/* Three hosts on a virtual wire of the test's own, to cut and to heal, and what passes over it. */
#define _GNU_SOURCE
#include "network/wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/process.h"

enum { PACKET_MAX = 256, DESCRIPTORS_MAX = 256, CAPTURE_BYTES = 8 << 20, SEGMENTS_MAX = 16384 };

/* Descriptors of the network namespaces: what keeps the hosts there. */
static int hosts[HOSTS];

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool done = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return done;
}

/* Everybody stays who he is: servers that refuse to run as root are not to see one. */
static bool map_ourselves(uid_t uid, gid_t gid)
{
	char uids[48], gids[48];

	snprintf(uids, sizeof uids, "%u %u 1", uid, uid);
	snprintf(gids, sizeof gids, "%u %u 1", gid, gid);
	return write_file("/proc/self/setgroups", "deny") &&
	       write_file("/proc/self/uid_map", uids) && write_file("/proc/self/gid_map", gids);
}

/* Puts us into a new network namespace; an ordinary user may do that in a user namespace. */
static bool new_host(void)
{
	uid_t uid = getuid();
	gid_t gid = getgid();

	if (!unshare(CLONE_NEWNET))
		return true;
	return !unshare(CLONE_NEWUSER | CLONE_NEWNET) && map_ourselves(uid, gid);
}

/* What we may do in our namespaces, the programs that this process executes may do too. */
static void pass_rights_on(void)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2];

	syscall(SYS_capget, &header, data);
	for (int i = 0; i < 2; i++)
		data[i].inheritable = data[i].permitted;
	syscall(SYS_capset, &header, data);
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_ADMIN, 0, 0);
}

void wire_enter(enum host host)
{
	ck_assert_msg(!setns(hosts[host], CLONE_NEWNET), "setns: %m");
}

void wire_tool(enum host host, const char *const *argv)
{
	int status = -1;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (!pid) {
		setns(hosts[host], CLONE_NEWNET);
		for (int i = 0; i < HOSTS; i++)
			fcntl(hosts[i], F_SETFD, 0); /* for /proc/self/fd/... in a tool's input */
		pass_rights_on();
		setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
		execvp(argv[0], (char **)(uintptr_t)argv);
		_exit(127);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(status == 0, "%s %s: status %d", argv[0], argv[1], status);
}

void wire_ip(enum host host, const char *lines)
{
	static int number;
	char name[32];

	snprintf(name, sizeof name, "%d.%d.ip", getpid(), number++);
	wire_tool(host, (const char *const[]){ "ip", "-batch", scratch_file(name, lines), NULL });
}

void wire_sysctl(enum host host, const char *name, const char *value)
{
	char path[128];
	int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	snprintf(path, sizeof path, "/proc/sys/net/%s", name);
	wire_enter(host);
	ck_assert_msg(write_file(path, value), "%s: %m", path);
	setns(home, CLONE_NEWNET);
	close(home);
}

const char *wire_lay(const char *const *programs)
{
	static char reason[300];
	char lines[512];

	if (!have_program("ip"))
		return "no ip here";
	for (; *programs; programs++) {
		if (!have_program(*programs)) {
			snprintf(reason, sizeof reason, "no %s here", *programs);
			return reason;
		}
	}
	for (int i = 0; i < HOSTS; i++) {
		if (!new_host())
			return "no network namespace may be made here";
		hosts[i] = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
		ck_assert_int_ge(hosts[i], 0);
	}
	/* What the routes at the end are for: without its cable a router tells the senders. */
	snprintf(lines, sizeof lines,
		 "link add name client type veth peer name wire netns /proc/self/fd/%d\n"
		 "link add name server type veth peer name wire netns /proc/self/fd/%d\n"
		 "addr add 10.77.1.1/24 dev client\naddr add 10.77.2.1/24 dev server\n"
		 "link set client up\nlink set server up\n"
		 "route add blackhole 10.77.1.0/24 metric 999\n",
		 hosts[CLIENT], hosts[SERVER]);
	wire_ip(MIDDLE, lines);
	wire_sysctl(MIDDLE, "ipv4/ip_forward", "1");
	wire_ip(CLIENT,
		"link set lo up\naddr add " CLIENT_ADDRESS "/24 dev wire\nlink set wire up\n"
		"route add default via 10.77.1.1\n");
	wire_ip(SERVER,
		"link set lo up\naddr add " SERVER_ADDRESS "/24 dev wire\nlink set wire up\n"
		"route add default via 10.77.2.1\n");
	wire_enter(CLIENT);
	return NULL;
}

void wire_cut(void)
{
	wire_ip(MIDDLE,
		"route add blackhole " CLIENT_ADDRESS "\nroute add blackhole " SERVER_ADDRESS "\n");
}

void wire_heal(void)
{
	wire_ip(MIDDLE,
		"route del blackhole " CLIENT_ADDRESS "\nroute del blackhole " SERVER_ADDRESS "\n");
}

void wire_pull(void)
{
	wire_ip(MIDDLE, "link set client down\n");
}

int wire_listen(enum host host, int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int fd;

	wire_enter(host);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_msg(!bind(fd, (struct sockaddr *)&address, sizeof address), "bind: %m");
	ck_assert_int_eq(listen(fd, 256), 0);
	return fd;
}

int wire_connect(enum host host, const char *to, int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int fd;

	wire_enter(host);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	inet_pton(AF_INET, to, &address.sin_addr);
	ck_assert_msg(!connect(fd, (struct sockaddr *)&address, sizeof address), "connect: %m");
	return fd;
}

void wire_forget(int fd)
{
	int on = 1;

	ck_assert_msg(!setsockopt(fd, IPPROTO_TCP, TCP_REPAIR, &on, sizeof on), "TCP_REPAIR: %m");
	close(fd);
}

/* What was captured stays in the socket until it is read, and after that here, by descriptor. */
struct capture {
	int count;
	struct segment segment[SEGMENTS_MAX];
};

static struct capture *captures[DESCRIPTORS_MAX];

int capture_begin(enum host host, bool loopback)
{
	struct sockaddr_ll place = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	int on = 1, bytes = CAPTURE_BYTES, fd;

	wire_enter(host);
	/* The kind that sees what is sent, too, and gives the packet without the frame around it.
	 */
	fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	ck_assert_msg(fd >= 0 && fd < DESCRIPTORS_MAX, "capture: %m");
	place.sll_ifindex = (int)if_nametoindex(loopback ? "lo" : "wire");
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
	ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on), 0);
	ck_assert_msg(!bind(fd, (struct sockaddr *)&place, sizeof place), "capture: %m");
	captures[fd] = calloc(1, sizeof **captures);
	ck_assert_ptr_nonnull(captures[fd]);
	return fd;
}

/* False where it is no TCP over IPv4. */
static bool dissect(const unsigned char *packet, size_t length, struct segment *segment)
{
	const struct iphdr *outer = (const void *)packet;
	const struct tcphdr *inner = (const void *)(packet + outer->ihl * 4);

	if (length < sizeof *outer + sizeof *inner || outer->version != 4 ||
	    outer->protocol != IPPROTO_TCP)
		return false;
	segment->near = ntohs(segment->sent ? inner->source : inner->dest);
	segment->far = ntohs(segment->sent ? inner->dest : inner->source);
	segment->sequence = ntohl(inner->seq);
	segment->acknowledged = ntohl(inner->ack_seq);
	segment->flags = packet[outer->ihl * 4 + 13];
	segment->window = ntohs(inner->window);
	segment->bytes = ntohs(outer->tot_len);
	segment->length = ntohs(outer->tot_len) - outer->ihl * 4 - inner->doff * 4;
	return true;
}

static double time_of(struct msghdr *message)
{
	struct cmsghdr *control = CMSG_FIRSTHDR(message);
	struct timespec time = { 0 };

	ck_assert_ptr_nonnull(control);
	memcpy(&time, CMSG_DATA(control), sizeof time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static bool capture_one(int fd, struct segment *segment, bool *is_segment)
{
	_Alignas(8) unsigned char packet[PACKET_MAX], control[128];
	struct sockaddr_ll from;
	struct iovec part = { packet, sizeof packet };
	struct msghdr message = { .msg_name = &from,
				  .msg_namelen = sizeof from,
				  .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof control };
	ssize_t length = recvmsg(fd, &message, 0);

	if (length < 0)
		return false;
	*segment = (struct segment){ .sent = from.sll_pkttype == PACKET_OUTGOING,
				     .time = time_of(&message) };
	*is_segment = dissect(packet, (size_t)length, segment);
	return true;
}

const struct segment *capture_read(int fd, int *count)
{
	struct capture *capture = captures[fd];
	struct segment segment;
	bool is_segment;
	struct tpacket_stats lost = { 0 };
	socklen_t length = sizeof lost;

	getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &lost, &length);
	/* It happens in a flood, where an ordinary user's buffer is small. */
	if (lost.tp_drops)
		printf("# %u packets were not captured\n", lost.tp_drops);
	while (capture_one(fd, &segment, &is_segment)) {
		if (!is_segment)
			continue;
		ck_assert_int_lt(capture->count, SEGMENTS_MAX);
		capture->segment[capture->count++] = segment;
	}
	*count = capture->count;
	return capture->segment;
}

/* Tells probes from the rest; *next is the sequence number that the host has not used yet. */
static void note_sent(struct silence *silence, const struct segment *segment, uint32_t *next)
{
	uint32_t end = segment->sequence + (uint32_t)segment->length +
		       ((segment->flags & (FLAG_SYN | FLAG_FIN)) != 0);
	double after = segment->time - silence->since;

	if (!*next)
		*next = segment->sequence;
	if (segment->flags & FLAG_RST) {
		silence->reset = after;
	} else if (!segment->length && segment->sequence == *next - 1 &&
		   !(segment->flags & (FLAG_SYN | FLAG_FIN))) {
		ck_assert_int_lt(silence->probes, PROBES_MAX);
		silence->probe[silence->probes++] = after;
	} else if (end != segment->sequence) {
		ck_assert_int_lt(silence->sent, PROBES_MAX);
		silence->other[silence->sent++] = after;
		if ((int32_t)(end - *next) > 0)
			*next = end;
	}
}

struct silence silence_of(int capture, int near, int far)
{
	struct silence silence = { 0 };
	uint32_t next = 0;
	int count;
	const struct segment *segments = capture_read(capture, &count);

	for (int i = 0; i < count; i++) {
		const struct segment *segment = &segments[i];

		if ((near && segment->near != near) || (far && segment->far != far))
			continue;
		if (segment->sent)
			note_sent(&silence, segment, &next);
		else if (segment->flags & FLAG_RST)
			silence.refused = true;
		else
			silence = (struct silence){ .since = segment->time,
						    .answered = silence.answered + silence.probes };
	}
	return silence;
}
