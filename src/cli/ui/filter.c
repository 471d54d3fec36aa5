/* Which sockets show lists: those that all conditions on the command line hold for. */
#include "cli/ui/filter.h"

#include <err.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/base/memory.h"
#include "cli/forecast/detection.h"
#include "cli/forecast/tally.h"
#include "cli/groups/owner.h"
#include "cli/ui/nearest.h"
#include "core/glob.h"

/* Takes the next word off a list; they are separated by commas. Returns false after the last. */
static bool next_word(struct text *list, struct text *word)
{
	size_t length = text_find(*list, ',');

	if (!list->length)
		return false;
	*word = text_head(*list, length);
	*list = text_tail(*list, length + (length < list->length));
	return true;
}

static bool is_named(struct text word, const char *name)
{
	return word.length == strlen(name) && !strncasecmp(word.at, name, word.length);
}

static int read_state(const struct verb *verb, struct text word)
{
	struct nearest nearest = nearest_to(word);

	for (int state = TCP_ESTABLISHED; state <= TCP_CLOSING; state++)
		if (is_named(word, tcp_state_name(state)))
			return state;
	for (int state = TCP_ESTABLISHED; state <= TCP_CLOSING; state++)
		nearest_try(&nearest, tcp_state_name(state));
	flags_wrong(verb, "--state: \"%.*s\" is not a state%s", (int)word.length, word.at,
		    nearest_suggestion(&nearest, "").at);
}

static void *one_more(void *at, size_t count, size_t size)
{
	return expect_memory(reallocarray(at, count + 1, size));
}

static void add_state(const struct verb *verb, struct filter *filter, struct text word)
{
	int state = read_state(verb, word);

	if (state == TCP_TIME_WAIT)
		flags_wrong(verb, "--state: connections in TIME-WAIT have no process, and are "
				  "not listed");
	filter->states |= 1U << state;
}

static void add_port(const struct verb *verb, struct filter *filter, struct text word)
{
	filter->port = one_more(filter->port, filter->ports, sizeof *filter->port);
	if (!port_range_read(word, &filter->port[filter->ports++]))
		flags_wrong(verb, "--port: \"%.*s\" is not a port or a range of ports, 1..65535",
			    (int)word.length, word.at);
}

static void add_peer(const struct verb *verb, struct filter *filter, struct text word)
{
	filter->peer = one_more(filter->peer, filter->peers, sizeof *filter->peer);
	if (!network_read(word, &filter->peer[filter->peers++]))
		flags_wrong(verb, "--peer: \"%.*s\" is not an address or a network",
			    (int)word.length, word.at);
}

static bool ends_in(struct text word, const char *end)
{
	size_t length = strlen(end);

	return word.length > length && text_equals(text_tail(word, word.length - length), end);
}

static struct named *add_name(const struct verb *verb, struct named *names, size_t count,
			      const char *flag, struct text word)
{
	if (!word.length || text_find(word, '/') < word.length)
		flags_wrong(verb, "--%s: \"%.*s\" is not a name", flag, (int)word.length, word.at);
	names = one_more(names, count, sizeof *names);
	names[count] = (struct named){ .pattern = word };
	return names;
}

static void add_program(const struct verb *verb, struct filter *filter, struct text word)
{
	filter->program = add_name(verb, filter->program, filter->programs++, "program", word);
}

static void add_unit(const struct verb *verb, struct filter *filter, struct text word)
{
	filter->unit = add_name(verb, filter->unit, filter->units++, "unit", word);
	if (ends_in(word, ".slice") || ends_in(word, ".socket"))
		flags_wrong(verb,
			    "--unit: %.*s: only services, scopes and containers have processes; "
			    "a slice can be an operand",
			    (int)word.length, word.at);
}

static const struct {
	int flag;
	const char *name;
	void (*add)(const struct verb *verb, struct filter *filter, struct text word);
} lists[] = {
	{ FLAG_STATE, "state", add_state }, { FLAG_PORT, "port", add_port },
	{ FLAG_PEER, "peer", add_peer },    { FLAG_PROGRAM, "program", add_program },
	{ FLAG_UNIT, "unit", add_unit },
};

bool filter_take(struct filter *filter, const struct verb *verb, int flag, const char *argument)
{
	struct text word, list;

	if (flag == FLAG_NEVER) {
		filter->never = true;
		return true;
	}
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		if (lists[i].flag != flag)
			continue;
		list = text_of(argument);
		if (!list.length)
			flags_wrong(verb, "--%s: empty", lists[i].name);
		while (next_word(&list, &word))
			lists[i].add(verb, filter, word);
		return true;
	}
	return false;
}

bool filter_is_of_processes(const struct filter *filter)
{
	return filter->programs || filter->units;
}

bool filter_is_set(const struct filter *filter)
{
	return filter_is_of_processes(filter) || filter->states || filter->ports || filter->peers ||
	       filter->never;
}

static bool has_program(const struct named *name, const struct process *process)
{
	return glob_match(name->pattern, text_of(process->program)) ||
	       glob_match(name->pattern, text_of(process->executable));
}

static bool is_unit(struct text pattern, const char *name)
{
	struct text text = text_of(name);

	if (!text.length)
		return false;
	if (glob_match(pattern, text))
		return true;
	return ends_in(text, ".service") &&
	       glob_match(pattern, text_head(text, text.length - strlen(".service")));
}

static bool find_program(const struct filter *filter, const struct process *process)
{
	bool any = false;

	for (size_t i = 0; i < filter->programs; i++)
		if (has_program(&filter->program[i], process))
			any = filter->program[i].found = true;
	return any;
}

static bool find_unit(const struct filter *filter, const struct process *process)
{
	struct owner owner;
	bool any = false;

	owner_of_process(&owner, process->pid);
	for (size_t i = 0; i < filter->units; i++)
		if (is_unit(filter->unit[i].pattern, owner.name) ||
		    is_unit(filter->unit[i].pattern, owner.unit))
			any = filter->unit[i].found = true;
	return any;
}

bool filter_has_process(const struct filter *filter, const struct process *process)
{
	return (!filter->programs || find_program(filter, process)) &&
	       (!filter->units || find_unit(filter, process));
}

static bool has_port(const struct filter *filter, uint16_t port)
{
	for (size_t i = 0; i < filter->ports; i++)
		if (port >= filter->port[i].first && port <= filter->port[i].last)
			return true;
	return false;
}

/* Those without a connection have no peer. */
static bool has_peer(const struct filter *filter, const struct diag_socket *kernel)
{
	if (kernel->state == TCP_LISTEN || kernel->state == TCP_CLOSE)
		return false;
	for (size_t i = 0; i < filter->peers; i++)
		if (network_holds(&filter->peer[i], &kernel->remote))
			return true;
	return false;
}

/* Only what audit counts, too: connect() ends by itself. Others are not to be read for this. */
static bool is_connection(const struct tcp_socket *socket)
{
	enum tally_kind kind = tally_kind(socket);

	return kind == TALLY_CONNECTION || kind == TALLY_LOOPBACK;
}

bool filter_has_socket(const struct filter *filter, const struct tcp_socket *socket)
{
	const struct diag_socket *kernel = &socket->kernel;

	if (!socket->addressed)
		return true;
	if (filter->states && !(filter->states & 1U << kernel->state))
		return false;
	if (filter->ports && !has_port(filter, kernel->local_port) &&
	    !has_port(filter, kernel->remote_port))
		return false;
	if (filter->never && !is_connection(socket))
		return false;
	return !filter->peers || has_peer(filter, kernel);
}

static bool may_be_never(long long end)
{
	return end == NEVER || end == DETECTION_UNKNOWN;
}

bool filter_has_entry(const struct filter *filter, const struct entry *entry)
{
	return !filter->never || may_be_never(entry->idle) || may_be_never(entry->data);
}

bool filter_is_unknown(const struct filter *filter, const struct entry *entry)
{
	if (!entry->socket.addressed && (filter->states || filter->ports || filter->peers))
		return true;
	return filter->never && entry->idle != NEVER && entry->data != NEVER;
}

unsigned int filter_options(const struct filter *filter)
{
	return filter->never ? DETECTION_IDLE_OPTIONS | DETECTION_DATA_OPTIONS : 0;
}

static bool report(const char *flag, const struct named *names, size_t count)
{
	bool fine = true;

	for (size_t i = 0; i < count; i++) {
		if (!names[i].found)
			warnx("--%s %.*s: no process found", flag, (int)names[i].pattern.length,
			      names[i].pattern.at);
		fine &= names[i].found;
	}
	return fine;
}

bool filter_report(const struct filter *filter)
{
	bool programs = report("program", filter->program, filter->programs);

	return report("unit", filter->unit, filter->units) && programs;
}
