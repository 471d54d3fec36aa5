/* Addresses, networks, ports: reading, matching, writing; and patterns for names. */
#include <arpa/inet.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "core/address.h"
#include "core/file.h"
#include "core/glob.h"
#include "lib/harness.h"

/* An address from the system's own reading of it. */
static struct address address_of(const char *text, uint16_t *port)
{
	struct sockaddr_in ipv4 = { .sin_family = AF_INET, .sin_port = htons(5432) };
	struct sockaddr_in6 ipv6 = { .sin6_family = AF_INET6, .sin6_port = htons(5432) };
	struct address address;
	bool done;

	if (inet_pton(AF_INET, text, &ipv4.sin_addr) == 1) {
		done = address_from_socket((struct sockaddr *)&ipv4, sizeof ipv4, &address, port);
	} else {
		ck_assert_int_eq(inet_pton(AF_INET6, text, &ipv6.sin6_addr), 1);
		done = address_from_socket((struct sockaddr *)&ipv6, sizeof ipv6, &address, port);
	}
	ck_assert(done);
	ck_assert_uint_eq(*port, 5432);
	return address;
}

static const struct match {
	const char *network, *address;
	bool holds;
} matches[] = {
	{ "10.0.0.0/8", "10.255.1.2", true },
	{ "10.0.0.0/8", "11.0.0.0", false },
	{ "10.0.0.0/8", "9.255.255.255", false },
	{ "10.1.2.3/8", "10.9.9.9", true }, /* what lies after the prefix does not count */
	{ "10.0.0.1", "10.0.0.1", true },
	{ "10.0.0.1", "10.0.0.2", false },
	{ "10.0.0.1/32", "10.0.0.1", true },
	{ "10.0.0.0/31", "10.0.0.1", true },
	{ "10.0.0.0/31", "10.0.0.2", false },
	{ "0.0.0.0/0", "255.255.255.255", true },
	{ "0.0.0.0/0", "::1", false },
	{ "128.0.0.0/1", "128.0.0.1", true },
	{ "128.0.0.0/1", "127.0.0.1", false },
	{ "10.0.0.0/8", "::ffff:10.1.2.3", true },
	{ "::ffff:10.0.0.0/104", "10.1.2.3", true },
	{ "::ffff:10.0.0.0/104", "::ffff:10.1.2.3", true },
	{ "::ffff:10.0.0.0/104", "11.1.2.3", false },
	{ "::ffff:10.0.0.1", "10.0.0.1", true },
	{ "::ffff:0:0/96", "1.2.3.4", true },
	{ "::/0", "2001:db8::1", true },
	{ "::/0", "10.0.0.1", false },
	{ "::/0", "::ffff:10.0.0.1", false },
	{ "::1", "::1", true },
	{ "::1", "::2", false },
	{ "::", "::", true },
	{ "fd00::/8", "fdff::1", true },
	{ "fd00::/8", "fe00::1", false },
	{ "2001:db8::/32", "2001:db8:ffff::1", true },
	{ "2001:db8::/32", "2001:db9::", false },
	{ "2001:db8::/64", "2001:db8::ffff:ffff:ffff:ffff", true },
	{ "2001:db8::/64", "2001:db8:0:1::", false },
	{ "2001:db8::/65", "2001:db8::7fff:0:0:0", true },
	{ "2001:db8::/65", "2001:db8::8000:0:0:0", false },
	{ "2001:DB8::A/128", "2001:db8::a", true },
	{ "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8", true },
	{ "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304", true },
	{ "1::8", "1:0:0:0:0:0:0:8", true },
	{ "::2:3", "0:0:0:0:0:0:2:3", true },
	{ "1:2::", "1:2:0:0:0:0:0:0", true },
};

START_TEST(network_match)
{
	const struct match *it = &matches[_i];
	struct network network;
	uint16_t port;
	struct address address = address_of(it->address, &port);

	ck_assert_msg(network_read(text_of(it->network), &network), "%s", it->network);
	ck_assert_msg(network_holds(&network, &address) == it->holds, "%s, %s", it->network,
		      it->address);
}
END_TEST

/* An IPv4 address is the same one in whatever way a socket has it. */
START_TEST(mapped_is_ipv4)
{
	uint16_t port;
	struct address ipv4 = address_of("10.1.2.3", &port),
		       mapped = address_of("::ffff:10.1.2.3", &port);
	struct address other = address_of("::fffe:10.1.2.3", &port);

	ck_assert(mapped.is_ipv4 && ipv4.is_ipv4 && !other.is_ipv4);
	ck_assert_uint_eq(mapped.low, 0x0a010203);
	ck_assert_uint_eq(ipv4.low, 0x0a010203);
	ck_assert_uint_eq(mapped.high, 0);
	ck_assert(!address_of("1::ffff:10.1.2.3", &port).is_ipv4);
}
END_TEST

/* A word is as long as it says, whatever comes after it. */
START_TEST(bounds)
{
	uint16_t port;
	struct address near = address_of("10.0.0.1", &port);
	struct port_range range;
	struct network network;

	ck_assert(network_read((struct text){ "10.0.0.0/8", 8 }, &network));
	ck_assert(!network_holds(&network, &near));
	ck_assert(network_read((struct text){ "10.0.0.0/80", 10 }, &network));
	ck_assert(network_holds(&network, &near));
	ck_assert(!network_read((struct text){ "10.0.0.0/8", 9 }, &network));
	ck_assert(!network_read((struct text){ "10.0.0.0", 7 }, &network));
	ck_assert(!network_read((struct text){ "1::2", 2 }, &network));
	ck_assert(network_read((struct text){ "1::2", 3 }, &network));
	ck_assert(port_range_read((struct text){ "80-90", 2 }, &range));
	ck_assert_int_eq(range.last, 80);
	ck_assert(!port_range_read((struct text){ "80-90", 3 }, &range));
	ck_assert(port_range_read((struct text){ "80-905", 5 }, &range));
	ck_assert_int_eq(range.last, 90);
}
END_TEST

START_TEST(network_refused)
{
	static const char *const words[] = {
		"",
		"10",
		"10.0.0",
		"10.0.0.0.0",
		"10.0.0.256",
		"10.0.0.-1",
		"10.0.0.",
		".10.0.0.0",
		"10.0.0.0/",
		"10.0.0.0/33",
		"10.0.0.0/-1",
		"10.0.0.0/8/8",
		"10.0.0.0/8x",
		"010.0.0.0",
		"10.00.0.0",
		"10.0.0.0 ",
		"0x0a.0.0.0",
		"10.0.0.1000",
		":",
		":::",
		"1:",
		":1",
		"1::2::3",
		"1:2:3:4:5:6:7",
		"1:2:3:4:5:6:7:8:9",
		"12345::",
		"g::",
		"G::",
		"@::",
		"::/129",
		"::/",
		"::1%eth0",
		"[::1]",
		"1:2:3:4:5:6:7:8::",
		"::1:2:3:4:5:6:7:8",
		"1:2:3:4:5:6:7:1.2.3.4",
		"::1.2.3",
		"1.2.3.4::",
		"1.2.3.4::/32",
		"1::1.2.3.4:5",
		"1:2.3.4.5::",
		"1.2.3.4:5:6:7:8:9:a",
		"1:2:3:4:5:6:7:8::1:2:3:4:5:6:7:8:9:a:b:c:d:e:f",
		"localhost",
		"*",
		"10.0.0.0/8,fd00::/8",
		"10.0.0.1-10.0.0.9",
		"/8",
		"::1.2.3.4.5",
	};
	struct network network;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		ck_assert_msg(!network_read(text_of(words[i]), &network), "%s", words[i]);
}
END_TEST

/* What is written is what the system writes. */
START_TEST(address_written)
{
	static const char *const addresses[] = {
		"0.0.0.0",
		"10.20.30.40",
		"255.255.255.255",
		"::",
		"::1",
		"1::",
		"2001:db8::1",
		"2001:db8:0:1:1:1:1:1",
		"2001:0:0:1::1",
		"1:2:3:4:5:6:7:8",
		"fe80::a:b:c:d",
		"0:1:2:3:4:5:6:7",
		"1:0:0:4::",
		"ff02::1:ff00:0",
	};
	char wanted[INET6_ADDRSTRLEN + 16], system[INET6_ADDRSTRLEN];
	unsigned char bytes[16];

	for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
		int domain = strchr(addresses[i], ':') ? AF_INET6 : AF_INET;
		struct line line = { 0 };
		uint16_t port;
		struct address address = address_of(addresses[i], &port);

		inet_pton(domain, addresses[i], bytes);
		inet_ntop(domain, bytes, system, sizeof system);
		snprintf(wanted, sizeof wanted, domain == AF_INET ? "%s:5432" : "[%s]:5432",
			 system);
		line_add_address(&line, &address, port);
		line.at[line.length] = 0;
		ck_assert_str_eq(line.at, wanted);
		line.length = 0;
		line_add_address(&line, &address, 0);
		line.at[line.length] = 0;
		ck_assert_str_eq(line.at, system);
	}
}
END_TEST

START_TEST(address_of_socket)
{
	struct sockaddr_in ipv4 = { .sin_family = AF_INET };
	struct sockaddr_in6 ipv6 = { .sin6_family = AF_INET6 };
	struct sockaddr other = { .sa_family = AF_UNIX };
	struct address address;
	uint16_t port;

	ck_assert(!address_from_socket(NULL, 128, &address, &port));
	ck_assert(!address_from_socket((struct sockaddr *)&ipv4, sizeof ipv4 - 1, &address, &port));
	ck_assert(!address_from_socket((struct sockaddr *)&ipv6, 23, &address, &port));
	ck_assert(address_from_socket((struct sockaddr *)&ipv6, 24, &address, &port));
	ck_assert(!address_from_socket(&other, sizeof other, &address, &port));
}
END_TEST

START_TEST(ports)
{
	static const char *const refused[] = { "",     "0",        "65536",     "-1",
					       "80-",  "-80",      "80-79",     "x",
					       "80x",  "80-x",     "80-90-95",  "80,81",
					       "0-80", "80-65536", "4294967376" };
	struct port_range range;

	ck_assert(port_range_read(text_of("5432"), &range));
	ck_assert_int_eq(range.first, 5432);
	ck_assert_int_eq(range.last, 5432);
	ck_assert(port_range_read(text_of("1-65535"), &range));
	ck_assert_int_eq(range.first, 1);
	ck_assert_int_eq(range.last, 65535);
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		ck_assert_msg(!port_range_read(text_of(refused[i]), &range), "%s", refused[i]);
}
END_TEST

static const struct glob_case {
	const char *pattern, *name;
	bool matches;
} globs[] = {
	{ "psql", "psql", true },
	{ "psql", "psqlx", false },
	{ "psql", "psq", false },
	{ "", "", true },
	{ "", "x", false },
	{ "*", "", true },
	{ "*", "anything", true },
	{ "?", "", false },
	{ "?", "x", true },
	{ "?", "xy", false },
	{ "python3*", "python3.11", true },
	{ "python3*", "python2", false },
	{ "*ql", "psql", true },
	{ "*ql", "mysqld", false },
	{ "*q*", "psql", true },
	{ "a*b*c", "aXXbYYc", true },
	{ "a*b*c", "aXXbYY", false },
	{ "**", "x", true },
	{ "p[gs]ql", "psql", true },
	{ "p[gs]ql", "pgql", true },
	{ "p[gs]ql", "pxql", false },
	{ "[a-c]", "b", true },
	{ "[a-c]", "d", false },
	{ "[!a-c]", "d", true },
	{ "[^a-c]", "b", false },
	{ "[]]", "]", true },
	{ "[a", "[a", true },
	{ "[a", "a", false },
	{ "[a-]", "-", true },
	{ "[]", "[]", true },
	{ "*[0-9]", "java17", true },
	{ "*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false },
	{ "x*", "", false },
	{ "*.??", "a.so", true },
};

START_TEST(glob)
{
	const struct glob_case *it = &globs[_i];

	ck_assert_msg(glob_match(text_of(it->pattern), text_of(it->name)) == it->matches, "%s, %s",
		      it->pattern, it->name);
}
END_TEST

/* Patterns that make a match slow: what they repeat after a star, and of what the name is. */
static const struct hostile {
	const char *repeated;
	char name;
} hostiles[] = {
	{ "[", '[' },  { "[[]", '[' }, { "[!b-", 'a' }, { "[a]", 'a' }, { "*[a]", 'a' },
	{ "*[", '[' }, { "*", 'a' },   { "?", 'a' },    { "a-[", 'a' }, { "[a*", '[' },
};

enum { LINE = FILE_LINE_MAX, NAME = 255, TRIES = 25 };

/* Nanoseconds of this thread for the match of a pattern and a name, the least of several tries. */
static long time_of_match(const struct hostile *hostile, size_t pattern_length, size_t name_length)
{
	static char pattern[LINE], name[NAME];
	long least = LONG_MAX;

	memset(name, hostile->name, name_length);
	pattern[0] = '*';
	for (size_t i = 1; i < pattern_length; i++)
		pattern[i] = hostile->repeated[(i - 1) % strlen(hostile->repeated)];
	pattern[pattern_length - 1] = 'x';
	for (int i = 0; i < TRIES; i++) {
		struct timespec begin, end;
		long taken;

		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
		ck_assert(!glob_match((struct text){ pattern, pattern_length },
				      (struct text){ name, name_length }));
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
		taken = (end.tv_sec - begin.tv_sec) * 1000000000 + end.tv_nsec - begin.tv_nsec;
		if (taken < least)
			least = taken;
	}
	return least;
}

/*
 * The longest pattern that fits into a line, against the longest name: twice both lengths take four
 * times the steps, and not eight.
 */
START_TEST(glob_is_bounded)
{
	const struct hostile *hostile = &hostiles[_i];
	long half = time_of_match(hostile, LINE / 2, NAME / 2);
	long whole = time_of_match(hostile, LINE, NAME);

	ck_assert_msg(whole < 6 * half, "\"%s\": %ld ns and %ld ns", hostile->repeated, half,
		      whole);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("address");
	TCase *tcase = harness_case(suite, "address", 10);

	tcase_add_loop_test(tcase, network_match, 0, sizeof matches / sizeof *matches);
	tcase_add_test(tcase, mapped_is_ipv4);
	tcase_add_test(tcase, bounds);
	tcase_add_test(tcase, network_refused);
	tcase_add_test(tcase, address_written);
	tcase_add_test(tcase, address_of_socket);
	tcase_add_test(tcase, ports);
	tcase_add_loop_test(tcase, glob, 0, sizeof globs / sizeof *globs);
	tcase_add_loop_test(tcase, glob_is_bounded, 0, sizeof hostiles / sizeof *hostiles);
	return harness_run(suite);
}
