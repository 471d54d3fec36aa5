/* The memory functions in the built file, called: each does its work, and none calls itself. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <stdint.h>
#include <string.h>

#include "lib/harness.h"

enum { ROOM = 8192 };

/* Ends and odd lengths of the words and vectors in which a compiler may copy, and a page. */
static const size_t lengths[] = { 0, 1, 3, 8, 15, 16, 17, 31, 64, 65, 255, 4096, 4099 };

enum { LENGTHS = sizeof lengths / sizeof *lengths };

static unsigned char source[ROOM], target[ROOM], expected[ROOM];

static void fill(void)
{
	for (size_t i = 0; i < ROOM; i++) {
		source[i] = (unsigned char)(i * 7 + i / 256);
		target[i] = expected[i] = (unsigned char)~source[i];
	}
}

/* A hidden function's address in the library, by the symbols that strip removes; 0 if not found. */
static ElfW(Addr) address_of(const char *name)
{
	const ElfW(Ehdr) *header = map_whole(shim_path(), NULL);
	const char *file = (const char *)header;
	const ElfW(Shdr) *sections = (const void *)(file + header->e_shoff);

	for (int i = 0; i < header->e_shnum; i++) {
		const ElfW(Sym) *symbols = (const void *)(file + sections[i].sh_offset);
		const char *strings = file + sections[sections[i].sh_link].sh_offset;

		if (sections[i].sh_type != SHT_SYMTAB)
			continue;
		for (size_t s = 0; s < sections[i].sh_size / sizeof *symbols; s++)
			if (!strcmp(strings + symbols[s].st_name, name))
				return symbols[s].st_value;
	}
	return 0;
}

/* The function in the loaded library; NULL if the file has no symbol of that name. */
static void *function(const char *name)
{
	ElfW(Addr) address = address_of(name);
	void *library = dlopen(shim_path(), RTLD_NOW | RTLD_LOCAL);
	struct link_map *map;

	ck_assert_msg(library, "%s", dlerror());
	ck_assert_int_eq(dlinfo(library, RTLD_DI_LINKMAP, &map), 0);
	return address ? (void *)(map->l_addr + address) : NULL;
}

START_TEST(copies)
{
	void *(*copy)(void *, const void *, size_t) = function("memcpy");

	if (!copy)
		SKIP("the file has no symbol memcpy");
	for (int i = 0; i < LENGTHS; i++)
		for (size_t at = 0; at < 20; at++) {
			fill();
			memcpy(expected + at, source + 20 - at, lengths[i]);
			ck_assert_ptr_eq(copy(target + at, source + 20 - at, lengths[i]),
					 target + at);
			ck_assert_mem_eq(target, expected, ROOM);
		}
}
END_TEST

START_TEST(moves)
{
	void *(*move)(void *, const void *, size_t) = function("memmove");

	if (!move)
		SKIP("the file has no symbol memmove");
	for (int i = 0; i < LENGTHS; i++)
		for (size_t at = 0; at <= 40; at++) {
			fill();
			memmove(expected + at, expected + 20, lengths[i]);
			ck_assert_ptr_eq(move(target + at, target + 20, lengths[i]), target + at);
			ck_assert_mem_eq(target, expected, ROOM);
		}
}
END_TEST

START_TEST(sets)
{
	void *(*set)(void *, int, size_t) = function("memset");

	if (!set)
		SKIP("the file has no symbol memset");
	for (int i = 0; i < LENGTHS; i++)
		for (int byte = 0; byte < 0x300; byte += 0x55) {
			fill();
			memset(expected + 5, byte, lengths[i]);
			ck_assert_ptr_eq(set(target + 5, byte, lengths[i]), target + 5);
			ck_assert_mem_eq(target, expected, ROOM);
		}
}
END_TEST

START_TEST(compares)
{
	int (*compare)(const void *, const void *, size_t) = function("memcmp");

	if (!compare)
		SKIP("the file has no symbol memcmp");
	for (int i = 0; i < LENGTHS; i++) {
		memset(source, 0x7f, ROOM);
		memset(target, 0x7f, ROOM);
		target[lengths[i]] = 0x80; /* greater, as bytes are without sign */
		ck_assert_int_eq(compare(source, target, lengths[i]), 0);
		ck_assert_int_lt(compare(source, target, lengths[i] + 1), 0);
		ck_assert_int_gt(compare(target, source, lengths[i] + 1), 0);
		ck_assert_int_lt(compare(source, target, ROOM), 0);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("memory");
	TCase *tcase = harness_case(suite, "functions", 10);

	tcase_add_test(tcase, copies);
	tcase_add_test(tcase, moves);
	tcase_add_test(tcase, sets);
	tcase_add_test(tcase, compares);
	return harness_run(suite);
}
