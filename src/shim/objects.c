/* Looks up functions in the shared objects of the process, without dlsym(). */
#define _GNU_SOURCE
#include "shim/objects.h"

#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/text.h"

#pragma weak dl_iterate_phdr

/* The start of the library; defined by the linker. */
extern const char __ehdr_start[] __attribute__((visibility("hidden")));

enum { VERSION_HIDDEN = 0x8000 };

/* The parts of an object's dynamic section that are needed to find a symbol. */
struct object {
	const ElfW(Sym) * symbols;
	const char *names;
	const uint32_t *hash;        /* the GNU hash table, which all have had since 2006 */
	const ElfW(Half) * versions; /* NULL: none */
};

/* A search for names after our object, or for the object that contains an address. */
struct search {
	const char *const *names;
	void **found, **guessed;
	uint32_t unclear; /* a bit for each name: whatever follows is a guess */
	int count, left;
	const void *address;
	bool after_us;
};

static bool holds(const struct dl_phdr_info *info, uintptr_t address)
{
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];

		if (segment->p_type == PT_LOAD &&
		    address - info->dlpi_addr - segment->p_vaddr < segment->p_memsz)
			return true;
	}
	return false;
}

/* Most loaders put addresses into the dynamic section; the vDSO has offsets. */
static const void *at(const struct dl_phdr_info *info, ElfW(Addr) value)
{
	return (const void *)(holds(info, value) ? value : info->dlpi_addr + value);
}

static struct object read_dynamic(const struct dl_phdr_info *info, const ElfW(Dyn) * entry)
{
	struct object object = { 0 };

	for (; entry->d_tag != DT_NULL; entry++)
		if (entry->d_tag == DT_SYMTAB)
			object.symbols = at(info, entry->d_un.d_ptr);
		else if (entry->d_tag == DT_STRTAB)
			object.names = at(info, entry->d_un.d_ptr);
		else if (entry->d_tag == DT_GNU_HASH)
			object.hash = at(info, entry->d_un.d_ptr);
		else if (entry->d_tag == DT_VERSYM)
			object.versions = at(info, entry->d_un.d_ptr);
	return object;
}

static uint32_t hash_of(const char *name)
{
	uint32_t hash = 5381;

	while (*name)
		hash = hash * 33 + (unsigned char)*name++;
	return hash;
}

/* Assembly code may leave out the type. */
static bool can_be_called(const ElfW(Sym) * symbol)
{
	const unsigned int type = ELF32_ST_TYPE(symbol->st_info);

	return type == STT_FUNC || type == STT_NOTYPE || type == STT_GNU_IFUNC;
}

/* Returns true for a defined function, in the version that the linker takes by default. */
static bool is_meant(const struct object *object, uint32_t index, const char *name)
{
	const ElfW(Sym) *symbol = &object->symbols[index];

	return symbol->st_shndx != SHN_UNDEF && can_be_called(symbol) &&
	       !(object->versions && object->versions[index] & VERSION_HIDDEN) &&
	       text_equals(text_of(name), object->names + symbol->st_name);
}

/*
 * The GNU hash table: number of buckets, index of the first symbol, number of filter words, shift;
 * then the filter, the buckets, and the hash of each symbol, whose lowest bit marks the end of a
 * bucket. The filter has two bits for each name in the object; most objects have none of ours.
 */
static const ElfW(Sym) * find_symbol(const struct object *object, const char *name)
{
	enum { BITS = 8 * sizeof(ElfW(Addr)) };
	uint32_t buckets = object->hash[0], first = object->hash[1], words = object->hash[2];
	const ElfW(Addr) *filter = (const void *)(object->hash + 4);
	const uint32_t *bucket = (const void *)(filter + words);
	const uint32_t *chain = bucket + buckets;
	uint32_t hash = hash_of(name), index = buckets ? bucket[hash % buckets] : 0;
	ElfW(Addr) bits =
		(ElfW(Addr))1 << hash % BITS | (ElfW(Addr))1 << (hash >> object->hash[3]) % BITS;

	if (!index || index < first || (words && (filter[hash / BITS % words] & bits) != bits))
		return NULL;
	for (;; index++) {
		uint32_t of_symbol = chain[index - first];

		if ((of_symbol | 1) == (hash | 1) && is_meant(object, index, name))
			return &object->symbols[index];
		if (of_symbol & 1)
			return NULL;
	}
}

/* An IFUNC, whose address a function of the object returns, is left to the loader. */
static void look_for(const struct dl_phdr_info *info, const struct object *object,
		     struct search *search, int i)
{
	const ElfW(Sym) *symbol = find_symbol(object, search->names[i]);
	const uint32_t bit = UINT32_C(1) << i;

	if (!symbol)
		return;
	if (ELF32_ST_TYPE(symbol->st_info) == STT_GNU_IFUNC) {
		search->unclear |= bit;
		return;
	}
	(search->unclear & bit ? search->guessed : search->found)[i] =
		(void *)(info->dlpi_addr + symbol->st_value);
	search->left--;
}

static void look_into(const struct dl_phdr_info *info, const ElfW(Phdr) * dynamic,
		      struct search *search)
{
	struct object object =
		read_dynamic(info, (const void *)(info->dlpi_addr + dynamic->p_vaddr));

	if (!object.symbols || !object.names || !object.hash)
		search->unclear = ~UINT32_C(0);
	else
		for (int i = 0; i < search->count; i++)
			if (!search->found[i] && !search->guessed[i])
				look_for(info, &object, search, i);
}

static bool is_ours(const struct dl_phdr_info *info)
{
	return info->dlpi_addr == (uintptr_t)__ehdr_start;
}

static int visit_for_names(struct dl_phdr_info *info, size_t size, void *context)
{
	struct search *search = context;

	(void)size;
	for (int i = 0; search->after_us && i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_DYNAMIC)
			look_into(info, &info->dlpi_phdr[i], search);
	search->after_us |= is_ours(info);
	return !search->left;
}

void objects_next(const char *const *names, void **found, void **guessed, int count)
{
	struct search search = {
		.names = names, .found = found, .guessed = guessed, .count = count, .left = count
	};

	for (int i = 0; i < count; i++)
		found[i] = guessed[i] = NULL;
	if (dl_iterate_phdr)
		dl_iterate_phdr(visit_for_names, &search);
}

/* Stops at the object that contains the address, or at ours, whichever comes first. */
static int visit_for_address(struct dl_phdr_info *info, size_t size, void *context)
{
	struct search *search = context;

	(void)size;
	if (holds(info, (uintptr_t)search->address))
		return 1; /* before ours, or our own */
	search->after_us = is_ours(info);
	return search->after_us;
}

bool objects_is_after_us(const void *address)
{
	struct search search = { .address = address };

	return !dl_iterate_phdr || !dl_iterate_phdr(visit_for_address, &search) || search.after_us;
}
