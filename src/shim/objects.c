/* The shared objects of the process, looked through without dlsym. */
#define _GNU_SOURCE
#include "shim/objects.h"

#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/text.h"

#pragma weak dl_iterate_phdr

/* Where the library itself begins, as the linker laid it out. */
extern const char __ehdr_start[] __attribute__((visibility("hidden")));

enum { VERSION_HIDDEN = 0x8000 };

/* What of an object's dynamic section is needed to find a symbol. */
struct object {
	const ElfW(Sym) *symbols;
	const char *names;
	const uint32_t *hash;        /* of the GNU kind, which all have had since 2006 */
	const ElfW(Half) *versions;  /* NULL: none */
};

/* For a name behind us, or for the object that holds an address. */
struct search {
	const char *name;
	const void *address;
	bool behind_us;
	void *found;
};

/* Most loaders put addresses into the dynamic section; the kernel's own object has offsets. */
static const void *at(const struct dl_phdr_info *info, ElfW(Addr) value)
{
	return (const void *)(value < info->dlpi_addr ? info->dlpi_addr + value : value);
}

static struct object read_dynamic(const struct dl_phdr_info *info, const ElfW(Dyn) *entry)
{
	struct object object = { 0 };

	for (; entry->d_tag != DT_NULL; entry++) {
		const void *there = at(info, entry->d_un.d_ptr);

		if (entry->d_tag == DT_SYMTAB)
			object.symbols = there;
		else if (entry->d_tag == DT_STRTAB)
			object.names = there;
		else if (entry->d_tag == DT_GNU_HASH)
			object.hash = there;
		else if (entry->d_tag == DT_VERSYM)
			object.versions = there;
	}
	return object;
}

static uint32_t hash_of(const char *name)
{
	uint32_t hash = 5381;

	while (*name)
		hash = hash * 33 + (unsigned char)*name++;
	return hash;
}

/* A function that is defined here, in the version that is linked to by default. */
static bool is_meant(const struct object *object, uint32_t index, const char *name)
{
	const ElfW(Sym) *symbol = &object->symbols[index];

	return symbol->st_shndx != SHN_UNDEF && ELF32_ST_TYPE(symbol->st_info) == STT_FUNC &&
	       !(object->versions && object->versions[index] & VERSION_HIDDEN) &&
	       text_equals(text_of(name), object->names + symbol->st_name);
}

/*
 * The table: numbers of buckets, of the first symbol in it, of words in its filter, a shift; the
 * filter, the buckets, and for each symbol its hash, whose lowest bit ends a bucket.
 */
static const ElfW(Sym) *find_symbol(const struct object *object, const char *name)
{
	uint32_t buckets = object->hash[0], first = object->hash[1];
	const uint32_t *bucket = object->hash + 4 + object->hash[2] * (sizeof(ElfW(Addr)) / 4);
	const uint32_t *chain = bucket + buckets;
	uint32_t hash = hash_of(name), index = buckets ? bucket[hash % buckets] : 0;

	if (index < first)
		return NULL;
	for (;; index++) {
		uint32_t of_symbol = chain[index - first];

		if ((of_symbol | 1) == (hash | 1) && is_meant(object, index, name))
			return &object->symbols[index];
		if (of_symbol & 1)
			return NULL;
	}
}

static void look_into(const struct dl_phdr_info *info, const ElfW(Phdr) *dynamic,
		      struct search *search)
{
	struct object object = read_dynamic(info, (const void *)(info->dlpi_addr + dynamic->p_vaddr));
	const ElfW(Sym) *symbol;

	if (!object.symbols || !object.names || !object.hash)
		return;
	symbol = find_symbol(&object, search->name);
	if (symbol)
		search->found = (void *)(info->dlpi_addr + symbol->st_value);
}

static bool is_ours(const struct dl_phdr_info *info)
{
	return info->dlpi_addr == (uintptr_t)__ehdr_start;
}

static int visit_for_name(struct dl_phdr_info *info, size_t size, void *context)
{
	struct search *search = context;

	(void)size;
	for (int i = 0; search->behind_us && i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_DYNAMIC)
			look_into(info, &info->dlpi_phdr[i], search);
	search->behind_us |= is_ours(info);
	return search->found != NULL;
}

void *objects_next(const char *name)
{
	struct search search = { .name = name };

	if (dl_iterate_phdr)
		dl_iterate_phdr(visit_for_name, &search);
	return search.found;
}

/* Ends at the object that holds the address, or at ours, whichever comes first. */
static int visit_for_address(struct dl_phdr_info *info, size_t size, void *context)
{
	struct search *search = context;
	uintptr_t offset = (uintptr_t)search->address - info->dlpi_addr;

	(void)size;
	if (is_ours(info))
		search->behind_us = true;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];

		if (segment->p_type == PT_LOAD && offset - segment->p_vaddr < segment->p_memsz) {
			search->behind_us = false; /* it is in front, or our own */
			return 1;
		}
	}
	return search->behind_us;
}

bool objects_is_behind(const void *address)
{
	struct search search = { .address = address };

	return !dl_iterate_phdr || !dl_iterate_phdr(visit_for_address, &search) || search.behind_us;
}
