/* The user with which a process was started, from the auxiliary vector that the kernel passed to
 * it. */
#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cli/sockets/proc.h"
#include "cli/sockets/process.h"

/* A number of the auxiliary vector, whose words have 4 bytes in 32-bit programs. */
static uint64_t word_at(const unsigned char *vector, size_t size)
{
	uint64_t wide;
	uint32_t narrow;

	if (size == sizeof wide)
		return memcpy(&wide, vector, sizeof wide), wide;
	return memcpy(&narrow, vector, sizeof narrow), narrow;
}

/* Returns false if there is no such entry, or the words do not have that size. */
static bool find_entry(const unsigned char *vector, size_t length, size_t size, uint64_t key,
		       uint64_t *value)
{
	for (size_t i = 0; i + 2 * size <= length; i += 2 * size) {
		uint64_t here = word_at(vector + i, size);

		if (here == AT_NULL)
			break;
		if (here == key) {
			*value = word_at(vector + i + size, size);
			return true;
		}
	}
	return false;
}

/* With the wrong size an entry is found by chance at most, and not with a page size. */
static bool has_words_of(const unsigned char *vector, size_t length, size_t size)
{
	uint64_t page;

	return find_entry(vector, length, size, AT_PAGESZ, &page) && page >= 4096 &&
	       page <= 65536 && !(page & (page - 1));
}

bool process_user(pid_t pid, uint32_t *user)
{
	int fd = open(proc_path(pid, "auxv").at, O_RDONLY | O_CLOEXEC);
	unsigned char vector[2048];
	ssize_t length = fd < 0 ? -1 : read(fd, vector, sizeof vector);
	uint64_t value;
	size_t size;

	if (fd >= 0)
		close(fd);
	if (length <= 0)
		return false;
	size = has_words_of(vector, (size_t)length, 8) ? 8 : 4;
	if (!has_words_of(vector, (size_t)length, size) ||
	    !find_entry(vector, (size_t)length, size, AT_EUID, &value))
		return false;
	*user = (uint32_t)value;
	return true;
}
