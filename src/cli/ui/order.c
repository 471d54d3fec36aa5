/* The order of rows in the table of show. */
#include "cli/ui/order.h"

#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>

#include "cli/base/memory.h"
#include "cli/forecast/detection.h"
#include "cli/ui/rows.h"

/* Where a value comes in either direction. */
enum rank { RANK_VALUE, RANK_NEVER, RANK_EMPTY, RANK_UNKNOWN };

/* What rows are sorted by. */
struct key {
	enum rank rank;
	long long number;
	const char *text;
	const struct address *address;
	size_t place; /* of the row before the sort */
};

static bool is_descending; /* qsort() has no context */

static struct key number_key(long long number)
{
	return (struct key){ .rank = number < 0 ? RANK_EMPTY : RANK_VALUE, .number = number };
}

static struct key text_key(const char *text)
{
	return (struct key){ .text = text ? text : "", .rank = text ? RANK_VALUE : RANK_EMPTY };
}

/* By address, then by port. */
static struct key end_key(const struct address *address, uint16_t port)
{
	return (struct key){ .address = address, .number = port };
}

static struct key time_key(long long end)
{
	if (end == NEVER)
		return (struct key){ .rank = RANK_NEVER };
	return number_key(end);
}

/* By idle, interval and count; off is never. */
static struct key keepalive_key(const int *value)
{
	if (!value[OPTION_KEEPALIVE])
		return (struct key){ .rank = RANK_NEVER };
	if (value[OPTION_KEEPALIVE] < 0)
		return (struct key){ .rank = RANK_EMPTY };
	if (value[OPTION_IDLE] == VALUE_UNKNOWN || value[OPTION_INTERVAL] == VALUE_UNKNOWN ||
	    value[OPTION_COUNT] == VALUE_UNKNOWN)
		return (struct key){ .rank = RANK_UNKNOWN };
	return number_key((long long)(value[OPTION_IDLE] & INT_MAX) << 24 |
			  (value[OPTION_INTERVAL] & 0xffff) << 8 | (value[OPTION_COUNT] & 0xff));
}

static struct key process_key(const struct holder *holder, int id)
{
	if (!holder)
		return (struct key){ .rank = RANK_EMPTY };
	if (id == COLUMN_PROGRAM)
		return text_key(holder->process.program);
	if (id == COLUMN_REACH)
		return text_key(holder->reach);
	return number_key(id == COLUMN_PID ? holder->process.pid : holder->library == ANSWER_YES);
}

static struct key known_key(const struct entry *entry, int id)
{
	const struct tcp_socket *socket = &entry->socket;
	const struct diag_socket *kernel = &socket->kernel;

	switch (id) {
	case COLUMN_PROGRAM:
	case COLUMN_PID:
	case COLUMN_SHIM:
	case COLUMN_REACH:
		return process_key(entry->holder, id);
	case COLUMN_FD:
		return number_key(entry->holder ? socket->fd : -1);
	case COLUMN_STATE:
		return text_key(tcp_state_name(kernel->state));
	case COLUMN_LOCAL:
		return end_key(&kernel->local, kernel->local_port);
	case COLUMN_PEER:
		return end_key(&kernel->remote, kernel->remote_port);
	case COLUMN_TIMER:
	case COLUMN_LEFT:
		return number_key(kernel->timer > TIMER_NONE ? kernel->left : -1);
	case COLUMN_UNACKED:
		return number_key(kernel->state == TCP_LISTEN ? -1 : kernel->unacknowledged);
	case COLUMN_DETECT_IDLE:
		return time_key(entry->idle);
	case COLUMN_DETECT_DATA:
		return time_key(entry->data);
	case COLUMN_PROTOCOL:
		return number_key(socket->protocol);
	case COLUMN_USER:
		return number_key(kernel->user);
	case COLUMN_INODE:
		return number_key((long long)kernel->inode);
	case COLUMN_OPTIONS + OPTION_KEEPALIVE:
		return keepalive_key(socket->value);
	default:
		return number_key(socket->value[id - COLUMN_OPTIONS]);
	}
}

static int compare_numbers(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* IPv4 comes before IPv6. */
static int compare_addresses(const struct address *a, const struct address *b)
{
	if (a->is_ipv4 != b->is_ipv4)
		return a->is_ipv4 ? -1 : 1;
	if (a->high != b->high)
		return compare_numbers(a->high, b->high);
	return compare_numbers(a->low, b->low);
}

static int compare_values(const struct key *a, const struct key *b)
{
	int result = 0;

	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	if (a->text)
		result = strcmp(a->text, b->text);
	else if (a->address)
		result = compare_addresses(a->address, b->address);
	if (result)
		return result;
	return a->number < b->number ? -1 : a->number > b->number;
}

static int compare(const void *one, const void *other)
{
	const struct key *a = one, *b = other;
	bool turned = is_descending && a->rank < RANK_EMPTY && b->rank < RANK_EMPTY;
	int result = turned ? compare_values(b, a) : compare_values(a, b);

	return result ? result : compare_numbers(a->place, b->place);
}

static struct key key_of(const struct view *view, const struct entry *entry)
{
	if (rows_cell_is_unknown(view, entry, view->sort))
		return (struct key){ .rank = RANK_UNKNOWN };
	return known_key(entry, view->sort);
}

void order_sort(const struct view *view, struct entries *entries)
{
	size_t count = entries->count;
	struct entry *sorted;
	struct key *keys;

	if (view->sort < 0 || !count)
		return;
	keys = expect_memory(calloc(count, sizeof *keys));
	for (size_t i = 0; i < count; i++) {
		keys[i] = key_of(view, &entries->at[i]);
		keys[i].place = i;
	}
	is_descending = view->descending;
	qsort(keys, count, sizeof *keys, compare);
	sorted = expect_memory(calloc(count, sizeof *sorted));
	for (size_t i = 0; i < count; i++)
		sorted[i] = entries->at[keys[i].place];
	free(keys);
	free(entries->at);
	entries->at = sorted;
	entries->room = count;
}
