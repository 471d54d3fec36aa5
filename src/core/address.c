/* Internet addresses, networks and ports: read from text, and matched. */
#include "core/address.h"

#include <netinet/in.h>
#include <sys/socket.h>

enum { IPV4_BITS = 32, IPV6_BITS = 128, MAPPED_PREFIX_BITS = 96, GROUPS = 8 };

/* The upper half of ::ffff:0:0/96, shifted to its place in `low`. */
#define MAPPED_PREFIX 0xffffu

static bool take(struct text *text, char character)
{
	if (!text->length || text->at[0] != character)
		return false;
	*text = text_tail(*text, 1);
	return true;
}

/* Reads up to three digits, without a leading zero, which some programs read as octal. */
static bool read_byte(struct text *text, uint32_t *byte)
{
	struct text before = *text;

	if (!text_number(text, byte) || *byte > 255)
		return false;
	return before.at[0] != '0' || before.length - text->length == 1;
}

static bool read_ipv4(struct text *text, uint64_t *address)
{
	uint32_t byte;

	*address = 0;
	for (int i = 0; i < 4; i++) {
		if ((i && !take(text, '.')) || !read_byte(text, &byte))
			return false;
		*address = *address << 8 | byte;
	}
	return true;
}

static int hex_digit(char character)
{
	if (character >= '0' && character <= '9')
		return character - '0';
	if (character >= 'a' && character <= 'f')
		return character - 'a' + 10;
	if (character >= 'A' && character <= 'F')
		return character - 'A' + 10;
	return -1;
}

static bool read_group(struct text *text, uint16_t *group)
{
	size_t digits = 0;

	*group = 0;
	while (digits < 4 && digits < text->length && hex_digit(text->at[digits]) >= 0)
		*group = (uint16_t)(*group << 4 | hex_digit(text->at[digits++]));
	*text = text_tail(*text, digits);
	return digits > 0;
}

/* Only the last 32 bits may be written as an IPv4 address. */
static bool read_ipv4_groups(struct text *text, uint16_t *group)
{
	struct text attempt = *text;
	uint64_t address;

	if (!read_ipv4(&attempt, &address) || attempt.length)
		return false;
	group[0] = (uint16_t)(address >> 16);
	group[1] = (uint16_t)address;
	*text = attempt;
	return true;
}

/*
 * Reads groups until the end or a ::, which is left. Returns their number, or -1. `most` may be
 * negative.
 */
static int read_groups(struct text *text, uint16_t *group, int most)
{
	int count = 0;

	while (text->length && text->at[0] != ':') {
		if (count + 2 <= most && read_ipv4_groups(text, group + count))
			return count + 2;
		if (count >= most || !read_group(text, &group[count++]))
			return -1;
		if (!text->length || text->at[0] != ':' || (text->length > 1 && text->at[1] == ':'))
			break;
		*text = text_tail(*text, 1);
		if (!text->length)
			return -1; /* a single colon at the end */
	}
	return count;
}

static bool read_ipv6(struct text text, struct address *address)
{
	uint16_t head[GROUPS] = { 0 }, tail[GROUPS] = { 0 };
	int heads = read_groups(&text, head, GROUPS), tails = 0;
	bool gap = text.length >= 2 && text.at[0] == ':' && text.at[1] == ':';

	if (heads < 0)
		return false;
	if (gap) {
		text = text_tail(text, 2);
		tails = read_groups(&text, tail, GROUPS - 1 - heads);
	}
	if (text.length || tails < 0 || gap == (heads == GROUPS))
		return false;
	for (int i = 0; i < tails; i++)
		head[GROUPS - tails + i] = tail[i];
	address->high = address->low = 0;
	for (int i = 0; i < GROUPS / 2; i++) {
		address->high = address->high << 16 | head[i];
		address->low = address->low << 16 | head[GROUPS / 2 + i];
	}
	return true;
}

static bool is_mapped(const struct address *address)
{
	return !address->high && address->low >> 32 == MAPPED_PREFIX;
}

/* Returns a mask of the first `bits` of 64; `bits` may be less than 0 or more than 64. */
static uint64_t mask_of(int bits)
{
	if (bits <= 0)
		return 0;
	return bits >= 64 ? UINT64_MAX : ~(UINT64_MAX >> bits);
}

static void set_prefix(struct network *network, int bits)
{
	struct address *address = &network->address;

	address->is_ipv4 = is_mapped(address) && bits >= MAPPED_PREFIX_BITS;
	network->high_mask = mask_of(bits);
	network->low_mask = mask_of(bits - 64);
	if (address->is_ipv4) {
		address->low &= UINT32_MAX;
		network->low_mask &= UINT32_MAX;
	}
}

bool network_read(struct text word, struct network *network)
{
	size_t slash = text_find(word, '/');
	struct text address = text_head(word, slash), bits = text_tail(word, slash);
	bool ipv4 = text_find(address, ':') == address.length;
	uint32_t most = ipv4 ? IPV4_BITS : IPV6_BITS, prefix = most;

	*network = (struct network){ 0 };
	if (take(&bits, '/') && (!text_number(&bits, &prefix) || bits.length || prefix > most))
		return false;
	if (ipv4) {
		if (!read_ipv4(&address, &network->address.low) || address.length)
			return false;
		network->address.low |= (uint64_t)MAPPED_PREFIX << 32;
		prefix += MAPPED_PREFIX_BITS;
	} else if (!read_ipv6(address, &network->address)) {
		return false;
	}
	set_prefix(network, (int)prefix);
	return true;
}

bool port_range_read(struct text word, struct port_range *range)
{
	uint32_t first, last;

	if (!text_number(&word, &first))
		return false;
	last = first;
	if (take(&word, '-') && !text_number(&word, &last))
		return false;
	if (word.length || !first || first > last || last > UINT16_MAX)
		return false;
	*range = (struct port_range){ (uint16_t)first, (uint16_t)last };
	return true;
}

static uint64_t number_of(const unsigned char *bytes, int count)
{
	uint64_t number = 0;

	for (int i = 0; i < count; i++)
		number = number << 8 | bytes[i];
	return number;
}

bool address_from_socket(const struct sockaddr *socket_address, size_t length,
			 struct address *address, uint16_t *port)
{
	const struct sockaddr_in *ipv4 = (const void *)socket_address;
	const struct sockaddr_in6 *ipv6 = (const void *)socket_address;

	if (!socket_address || length < sizeof *ipv4)
		return false;
	*address = (struct address){ 0 };
	if (socket_address->sa_family == AF_INET) {
		address->low = number_of((const void *)&ipv4->sin_addr, 4);
		address->is_ipv4 = true;
		*port = (uint16_t)number_of((const void *)&ipv4->sin_port, 2);
		return true;
	}
	/* Older structures end before the scope. */
	if (socket_address->sa_family != AF_INET6 ||
	    length < offsetof(struct sockaddr_in6, sin6_scope_id))
		return false;
	address->high = number_of((const unsigned char *)&ipv6->sin6_addr, 8);
	address->low = number_of((const unsigned char *)&ipv6->sin6_addr + 8, 8);
	address->is_ipv4 = is_mapped(address);
	if (address->is_ipv4)
		address->low &= UINT32_MAX;
	*port = (uint16_t)number_of((const void *)&ipv6->sin6_port, 2);
	return true;
}

static void add_ipv4(struct line *line, uint32_t address)
{
	for (int shift = 24; shift >= 0; shift -= 8) {
		line_add_number(line, address >> shift & 255);
		line_add(line, shift ? "." : "");
	}
}

static void add_hex(struct line *line, uint16_t group)
{
	char digits[5] = "";
	int length = 0;

	for (int shift = 12; shift >= 0; shift -= 4)
		if (group >> shift || !shift)
			digits[length++] = "0123456789abcdef"[group >> shift & 15];
	line_add(line, digits);
}

/*
 * Returns the start of the longest run of zero groups and sets its length; runs of one do not
 * count.
 */
static int longest_gap(const uint16_t *group, int *length)
{
	int best = -1;

	*length = 1;
	for (int i = 0; i < GROUPS; i++) {
		int run = 0;

		while (i + run < GROUPS && !group[i + run])
			run++;
		if (run > *length) {
			best = i;
			*length = run;
		}
	}
	return best;
}

static void add_ipv6(struct line *line, const struct address *address)
{
	uint16_t group[GROUPS];
	int length, gap;

	for (int i = 0; i < GROUPS; i++)
		group[i] = (uint16_t)((i < 4 ? address->high : address->low) >> (48 - i % 4 * 16));
	gap = longest_gap(group, &length);
	for (int i = 0; i < GROUPS; i++) {
		if (i == gap) {
			line_add(line, "::");
			i += length - 1;
			continue;
		}
		if (i && i != gap + length)
			line_add(line, ":");
		add_hex(line, group[i]);
	}
}

void line_add_address(struct line *line, const struct address *address, uint16_t port)
{
	bool brackets = port && !address->is_ipv4;

	line_add(line, brackets ? "[" : "");
	if (address->is_ipv4)
		add_ipv4(line, (uint32_t)address->low);
	else
		add_ipv6(line, address);
	line_add(line, brackets ? "]" : "");
	if (port) {
		line_add(line, ":");
		line_add_number(line, port);
	}
}
