/* The built file itself: what it exports and imports, and how it was linked. */
#define _GNU_SOURCE
#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <string.h>

#include "lib/harness.h"

#ifndef PT_GNU_PROPERTY /* glibc 2.31 */
#define PT_GNU_PROPERTY 0x6474e553
#endif

/* The file, mapped as it is on disk: its segments begin where their offsets say. */
static struct image {
	const char *at;
	size_t size;
	const ElfW(Ehdr) * header;
	const ElfW(Phdr) * segment;
	const ElfW(Dyn) * dynamic;
} image;

static void map_file(void)
{
	image.at = map_whole(build_path(".libs/libkeepalive.so"), &image.size);
	image.header = (const void *)image.at;
	image.segment = (const void *)(image.at + image.header->e_phoff);
	for (int i = 0; i < image.header->e_phnum; i++)
		if (image.segment[i].p_type == PT_DYNAMIC)
			image.dynamic = (const void *)(image.at + image.segment[i].p_offset);
	ck_assert_ptr_nonnull(image.dynamic);
}

/* What lies in the file at an address of the loaded library. */
static const void *at_address(ElfW(Addr) address)
{
	for (int i = 0; i < image.header->e_phnum; i++) {
		const ElfW(Phdr) *segment = &image.segment[i];

		if (segment->p_type == PT_LOAD && address >= segment->p_vaddr &&
		    address < segment->p_vaddr + segment->p_filesz)
			return image.at + segment->p_offset + (address - segment->p_vaddr);
	}
	ck_abort_msg("address %#lx is not in the file", (unsigned long)address);
}

/* The dynamic entry with that tag, or NULL. */
static const ElfW(Dyn) * entry(ElfW(Sxword) tag)
{
	for (const ElfW(Dyn) *dynamic = image.dynamic; dynamic->d_tag != DT_NULL; dynamic++)
		if (dynamic->d_tag == tag)
			return dynamic;
	return NULL;
}

static const ElfW(Phdr) * segment(ElfW(Word) type)
{
	for (int i = 0; i < image.header->e_phnum; i++)
		if (image.segment[i].p_type == type)
			return &image.segment[i];
	return NULL;
}

/*
 * How many dynamic symbols there are: the hash table has the exported ones, which are the last. It
 * is four words (buckets, first symbol, words of the filter, its shift), the filter, the buckets
 * with their first symbols, and a word for each symbol, odd for the last of its bucket.
 */
static size_t symbol_count(void)
{
	const uint32_t *table = at_address(entry(DT_GNU_HASH)->d_un.d_ptr);
	const uint32_t *bucket = (const void *)((const ElfW(Addr) *)(table + 4) + table[2]);
	const uint32_t *chain = bucket + table[0];
	uint32_t last = 0;

	for (uint32_t i = 0; i < table[0]; i++)
		if (bucket[i] > last)
			last = bucket[i];
	ck_assert_uint_ge(last, table[1]);
	while (!(chain[last - table[1]] & 1))
		last++;
	return last + 1;
}

/*
 * The names in src/shim/imports, by which the build goes too. Where the library knows the way into
 * the kernel, syscall is not among those that this file has to import.
 */
enum { IMPORTS_MAX = 16 };

static size_t read_imports(const char **names)
{
	char *list = read_whole(source_path("src/shim/imports"));
	size_t count = 0;

	for (char *line = strtok(list, "\n"); line; line = strtok(NULL, "\n")) {
		if (*line == '#')
			continue;
		ck_assert_uint_lt(count, IMPORTS_MAX);
		names[count++] = line;
	}
	ck_assert_uint_gt(count, 0);
	return count;
}

/* Looks `name` up in a list; its place, or -1. */
static int place_in(const char *const *list, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(list[i], name))
			return (int)i;
	return -1;
}

START_TEST(exports_and_imports)
{
	static const char *const exports[] = {
		"_Fork",
		"accept",
		"accept4",
		"close",
		"connect",
		"dup",
		"dup2",
		"dup3",
		"fcntl",
		"fcntl64",
		"fork",
		"listen",
		"prctl",
		"seccomp_load",
		"sendmsg",
		"sendto",
		"setsockopt",
		"socket",
#if __SIZEOF_LONG__ == 4
		"__fcntl_time64",
		"__prctl_time64",
		"__sendmsg64",
		"__setsockopt64",
#endif
	};
	enum { EXPORTS = sizeof exports / sizeof *exports };
	const char *imports[IMPORTS_MAX];
	size_t listed = read_imports(imports);
	bool found[IMPORTS_MAX] = { false };
	const ElfW(Sym) *symbol = at_address(entry(DT_SYMTAB)->d_un.d_ptr);
	const char *strings = at_address(entry(DT_STRTAB)->d_un.d_ptr);
	size_t exported = 0;

	for (size_t i = 1; i < symbol_count(); i++) {
		const char *name = strings + symbol[i].st_name;

		if (symbol[i].st_shndx == SHN_UNDEF) {
			int place = place_in(imports, listed, name);

			ck_assert_msg(place >= 0, "imports %s", name);
			ck_assert_msg(ELF64_ST_BIND(symbol[i].st_info) == STB_WEAK,
				      "%s is not weak", name);
			found[place] = true;
		} else {
			ck_assert_msg(place_in(exports, EXPORTS, name) >= 0, "exports %s", name);
			ck_assert_int_eq(ELF64_ST_TYPE(symbol[i].st_info), STT_FUNC);
			exported++;
		}
	}
	ck_assert_uint_eq(exported, EXPORTS);
	for (size_t i = 0; i < listed; i++)
		ck_assert_msg(found[i] || !strcmp(imports[i], "syscall"), "does not import %s",
			      imports[i]);
}
END_TEST

START_TEST(linked_to_nothing)
{
	ck_assert_ptr_null(entry(DT_NEEDED));
	ck_assert_ptr_null(entry(DT_VERNEED));
	ck_assert_ptr_null(entry(DT_VERSYM));
	ck_assert_ptr_null(entry(DT_RPATH));
	ck_assert_ptr_null(entry(DT_RUNPATH));
	ck_assert_ptr_null(entry(DT_TEXTREL));
	ck_assert_ptr_null(entry(36)); /* DT_RELR, which musl 1.2.3 does not know */
	ck_assert_ptr_null(segment(PT_INTERP));
	ck_assert_ptr_null(segment(PT_TLS));
}
END_TEST

START_TEST(hardened)
{
	ck_assert_ptr_nonnull(entry(DT_FLAGS_1));
	ck_assert_uint_eq(entry(DT_FLAGS_1)->d_un.d_val & (DF_1_NOW | DF_1_NODELETE),
			  DF_1_NOW | DF_1_NODELETE);
	ck_assert_ptr_nonnull(segment(PT_GNU_RELRO));
	ck_assert_ptr_nonnull(segment(PT_GNU_STACK));
	ck_assert_uint_eq(segment(PT_GNU_STACK)->p_flags & PF_X, 0);
	for (int i = 0; i < image.header->e_phnum; i++)
		ck_assert_uint_ne(image.segment[i].p_flags & (PF_W | PF_X), PF_W | PF_X);
}
END_TEST

START_TEST(control_flow_notes)
{
#if defined(__CET__)
	const uint32_t type = GNU_PROPERTY_X86_FEATURE_1_AND;
	const uint32_t wanted = GNU_PROPERTY_X86_FEATURE_1_IBT | GNU_PROPERTY_X86_FEATURE_1_SHSTK;
#elif defined(__ARM_FEATURE_BTI_DEFAULT)
	const uint32_t type = GNU_PROPERTY_AARCH64_FEATURE_1_AND;
	const uint32_t wanted =
		GNU_PROPERTY_AARCH64_FEATURE_1_BTI | GNU_PROPERTY_AARCH64_FEATURE_1_PAC;
#endif
#if defined(__CET__) || defined(__ARM_FEATURE_BTI_DEFAULT)
	const ElfW(Phdr) *notes = segment(PT_GNU_PROPERTY);
	const uint32_t *word;

	ck_assert_ptr_nonnull(notes);
	/* A note's header of three words and "GNU", then type, size and value of the property. */
	word = (const void *)(image.at + notes->p_offset);
	ck_assert_uint_ge(notes->p_filesz, 28);
	ck_assert_uint_eq(word[2], NT_GNU_PROPERTY_TYPE_0);
	ck_assert_uint_eq(word[4], type);
	ck_assert_uint_eq(word[6] & wanted, wanted);
#else
	SKIP("the compiler makes no control-flow notes for this machine");
#endif
}
END_TEST

/* It leaves "Linker: LLD 14.0.6" in the section for comments; GNU ld leaves nothing. */
static bool linked_by_lld(void)
{
	const char *linker = memmem(image.at, image.size, "Linker: ", 8);

	return linker && strstr(linker, "LLD");
}

START_TEST(two_segments)
{
	int count = 0;

	for (int i = 0; i < image.header->e_phnum; i++)
		count += image.segment[i].p_type == PT_LOAD;
	if (count > 2 && linked_by_lld())
		SKIP("LLD has no way to make two segments");
	ck_assert_int_eq(count, 2);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("built");
	TCase *tcase = harness_case(suite, "file", 10);

	tcase_add_checked_fixture(tcase, map_file, NULL);
	tcase_add_test(tcase, exports_and_imports);
	tcase_add_test(tcase, linked_to_nothing);
	tcase_add_test(tcase, hardened);
	tcase_add_test(tcase, control_flow_notes);
	tcase_add_test(tcase, two_segments);
	return harness_run(suite);
}
