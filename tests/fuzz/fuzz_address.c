/* Addresses and networks: read as inet_pton reads, written as inet_ntop writes, matched bit by bit.
 */
#include <arpa/inet.h>
#include <stdbool.h>
#include <string.h>

#include "core/address.h"
#include "fuzz/fuzz.h"

enum { TEXT_SIZE = 128, BYTES = 16 };

static void put(char *text, const char *piece)
{
	if (strlen(text) + strlen(piece) < TEXT_SIZE)
		strcat(text, piece);
}

/* Pieces of addresses in any order. */
static void make_of_pieces(struct bytes *bytes, char *text)
{
	static const char *const pieces[] = {
		":",       ":",       ":",    "::",  ".",   ".",       "0",  "1",       "9",
		"10",      "ffff",    "FFFF", "abc", "255", "256",     "00", "01",      "12345",
		"1.2.3.4", "0.0.0.0", "%1",   "-",   " ",   "1:2:3:4", "g",  "::ffff:",
	};
	unsigned int count = number_below(bytes, 20);

	while (count--)
		put(text, pieces[number_below(bytes, sizeof pieces / sizeof *pieces)]);
}

/* Eight groups or six and an IPv4 address, with a gap here and there, as well written as any. */
static void make_groups(struct bytes *bytes, char *text)
{
	unsigned int groups = number_below(bytes, 16) ? 8 : number_below(bytes, 10);
	bool ipv4 = !number_below(bytes, 4);
	char group[24];

	for (unsigned int i = 0; i < groups; i++) {
		if (ipv4 && i + 2 == groups) {
			snprintf(group, sizeof group, "%u.%u.%u.%u", number_below(bytes, 256),
				 number_below(bytes, 256), number_below(bytes, 256),
				 number_below(bytes, 256));
			i++;
		} else {
			unsigned int high = number_below(bytes, 8) ? 0 : number_below(bytes, 256);

			snprintf(group, sizeof group, number_below(bytes, 2) ? "%x" : "%X",
				 high << 8 | number_below(bytes, 256));
		}
		put(text, group);
		if (i + 1 < groups)
			put(text, number_below(bytes, 12) ? ":" : "::");
	}
}

static void make_ipv4(struct bytes *bytes, char *text)
{
	char piece[16];

	for (int i = 0; i < 4; i++) {
		snprintf(piece, sizeof piece, "%u%s", number_below(bytes, 256), i < 3 ? "." : "");
		put(text, piece);
	}
}

/* Takes a character out, puts one in or in place of another, or says a part twice. */
static void mutate(struct bytes *bytes, char *text)
{
	static const char characters[] = ":.0123456789abcdefABCDEFgx% ";
	size_t length = strlen(text), at = length ? number_below(bytes, 256) % length : 0;
	char character = characters[number_below(bytes, sizeof characters - 1)];
	char tail[TEXT_SIZE];

	strcpy(tail, text + at);
	switch (number_below(bytes, 4)) {
	case 0:
		if (length)
			memmove(text + at, tail + 1, strlen(tail));
		break;
	case 1:
		text[at] = 0;
		put(text, (char[]){ character, 0 });
		put(text, tail);
		break;
	case 2:
		if (length)
			text[at] = character;
		break;
	default:
		put(text, tail);
	}
}

static void make_address(struct bytes *bytes, char *text)
{
	static void (*const make[])(struct bytes * bytes, char *text) = { make_of_pieces,
									  make_groups, make_ipv4 };
	unsigned int changes;

	*text = 0;
	make[number_below(bytes, 3)](bytes, text);
	for (changes = number_below(bytes, 4); changes; changes--)
		mutate(bytes, text);
}

/* As 16 bytes, IPv4 as IPv4-mapped; how many bits its own kind has, or 0 if it is no address. */
static int read_by_oracle(const char *text, unsigned char *address)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (inet_pton(AF_INET6, text, address) == 1)
		return 128;
	memcpy(address, mapped, sizeof mapped);
	return inet_pton(AF_INET, text, address + sizeof mapped) == 1 ? 32 : 0;
}

static bool is_mapped(const unsigned char *address)
{
	for (int i = 0; i < 12; i++)
		if (address[i] != (i < 10 ? 0 : 0xff))
			return false;
	return true;
}

static bool bit_of(const unsigned char *address, int bit)
{
	return address[bit / 8] >> (7 - bit % 8) & 1;
}

/* IPv4-mapped is IPv4, and a network is IPv4 if all of it is. */
static bool holds_by_oracle(const unsigned char *network, int bits, const unsigned char *address)
{
	if ((is_mapped(network) && bits >= 96) != is_mapped(address))
		return false;
	for (int bit = 0; bit < bits; bit++)
		if (bit_of(network, bit) != bit_of(address, bit))
			return false;
	return true;
}

/* By way of a socket's address, as the kernel gives it. */
static struct address address_of(const unsigned char *bytes, bool as_ipv4)
{
	struct sockaddr_in6 ipv6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in ipv4 = { .sin_family = AF_INET };
	struct address address;
	uint16_t port;

	memcpy(&ipv6.sin6_addr, bytes, BYTES);
	memcpy(&ipv4.sin_addr, bytes + 12, 4);
	if (!(as_ipv4 ? address_from_socket((void *)&ipv4, sizeof ipv4, &address, &port)
		      : address_from_socket((void *)&ipv6, sizeof ipv6, &address, &port)))
		DIFFERS("an address of a socket was not taken");
	return address;
}

/* What is written reads as the same address, and is what the system writes. */
static void check_writing(const unsigned char *bytes)
{
	struct address address = address_of(bytes, is_mapped(bytes));
	char system[INET6_ADDRSTRLEN];
	unsigned char again[BYTES];
	struct line line = { 0 };

	line_add_address(&line, &address, 0);
	line.at[line.length] = 0;
	if (!read_by_oracle(line.at, again) || memcmp(again, bytes, BYTES) != 0)
		DIFFERS("%s is not the address that was written", line.at);
	if (is_mapped(bytes))
		inet_ntop(AF_INET, bytes + 12, system, sizeof system);
	else
		inet_ntop(AF_INET6, bytes, system, sizeof system);
	/* On purpose: an IPv6 address has no dots, where the system has some in ::1.2.3.4. */
	if (strcmp(line.at, system) != 0 && (is_mapped(bytes) || !strchr(system, '.')))
		DIFFERS("%s is written where the system writes %s", line.at, system);
}

/* An address that is in the network, or close to it, or anywhere. */
static void make_neighbour(struct bytes *bytes, const unsigned char *network,
			   unsigned char *address)
{
	unsigned int bit = number_below(bytes, 128);

	memcpy(address, network, BYTES);
	switch (number_below(bytes, 4)) {
	case 0:
		break;
	case 1:
		for (int i = 0; i < BYTES; i++)
			address[i] = (unsigned char)number_below(bytes, 256);
		break;
	default:
		address[bit / 8] ^= (unsigned char)(1u << bit % 8);
	}
}

static void check_matching(struct bytes *bytes, const char *text, const unsigned char *oracle,
			   int most)
{
	unsigned int bits = number_below(bytes, (unsigned int)most + 4);
	char word[TEXT_SIZE + 16];
	unsigned char neighbour[BYTES];
	struct network network;
	struct address address;
	bool taken;

	snprintf(word, sizeof word, "%s/%u", text, bits);
	taken = network_read(text_of(word), &network);
	if (taken != ((int)bits <= most))
		DIFFERS("%s: taken %d", word, taken);
	if (!taken)
		return;
	make_neighbour(bytes, oracle, neighbour);
	address = address_of(neighbour, is_mapped(neighbour) && number_below(bytes, 2));
	if (network_holds(&network, &address) !=
	    holds_by_oracle(oracle, (int)bits + 128 - most, neighbour))
		DIFFERS("%s and an address: %d", word, network_holds(&network, &address));
	check_writing(neighbour);
}

int fuzz_address(const uint8_t *data, size_t size)
{
	struct bytes bytes = { data, size };
	unsigned char oracle[BYTES];
	struct network network;
	struct address address;
	char text[TEXT_SIZE];
	bool taken;
	int most;

	make_address(&bytes, text);
	most = read_by_oracle(text, oracle);
	taken = network_read(text_of(text), &network);
	if (taken != (most > 0))
		DIFFERS("\"%s\": taken %d, by the system %d", text, taken, most);
	if (!taken)
		return 0;
	address = address_of(oracle, is_mapped(oracle));
	if (!network_holds(&network, &address))
		DIFFERS("%s does not hold itself", text);
	check_writing(oracle);
	check_matching(&bytes, text, oracle, most);
	return 0;
}
