/* The properties of a program file that decide whether a library can be preloaded into it. */
#include "cli/preload/executable.h"

#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "cli/base/root.h"

enum { SCRIPTS_DEEP = 4 };

static void read_interpreter(Elf *elf, const GElf_Phdr *header, struct executable *executable)
{
	size_t size;
	char *file = elf_rawfile(elf, &size);
	const char *name = file && header->p_offset < size ? file + header->p_offset : NULL;
	size_t most = name ? size - header->p_offset : 0;

	if (header->p_filesz < most)
		most = header->p_filesz;
	executable->is_dynamic = true;
	executable->is_musl = name && memmem(name, most, "/ld-musl-", 9);
	if (most < sizeof executable->loader)
		snprintf(executable->loader, sizeof executable->loader, "%.*s", (int)most,
			 name ? name : "");
}

static void read_segments(Elf *elf, struct executable *executable)
{
	size_t count = 0;
	GElf_Phdr header;

	elf_getphdrnum(elf, &count);
	for (size_t i = 0; i < count; i++)
		if (gelf_getphdr(elf, (int)i, &header) && header.p_type == PT_INTERP)
			read_interpreter(elf, &header, executable);
}

/* The library of gcc, or that of clang, which clang links only on request. */
bool executable_is_asan(const char *name)
{
	return !strncmp(name, "libasan.so", 10) || !strncmp(name, "libclang_rt.asan", 16);
}

static void read_needed(Elf *elf, Elf_Scn *section, const GElf_Shdr *header,
			struct executable *executable)
{
	Elf_Data *data = elf_getdata(section, NULL);
	GElf_Dyn entry;

	for (int i = 0; data && gelf_getdyn(data, i, &entry); i++) {
		const char *name = entry.d_tag == DT_NEEDED
					   ? elf_strptr(elf, header->sh_link, entry.d_un.d_val)
					   : NULL;

		if (name && executable_is_asan(name))
			executable->has_asan = true;
		if (name && !strncmp(name, "libseccomp.so", 13))
			executable->has_seccomp = true;
	}
}

static void read_sections(Elf *elf, struct executable *executable)
{
	Elf_Scn *section = NULL;
	size_t names;
	GElf_Shdr header;

	if (elf_getshdrstrndx(elf, &names))
		return;
	while ((section = elf_nextscn(elf, section))) {
		const char *name = gelf_getshdr(section, &header)
					   ? elf_strptr(elf, names, header.sh_name)
					   : NULL;

		if (!name)
			continue;
		if (!strcmp(name, ".go.buildinfo") || !strcmp(name, ".note.go.buildid"))
			executable->is_go = true;
		if (header.sh_type == SHT_DYNAMIC)
			read_needed(elf, section, &header, executable);
	}
}

static bool read_elf(int fd, struct executable *executable)
{
	GElf_Ehdr header;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (!elf || elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &header)) {
		elf_end(elf);
		return false;
	}
	executable->is_elf = true;
	executable->elf_class = gelf_getclass(elf);
	executable->machine = header.e_machine;
	read_segments(elf, executable);
	read_sections(elf, executable);
	elf_end(elf);
	return true;
}

/* In a #! line env starts a program that it finds in PATH. */
static const char *program_of_env(const char *interpreter, char *arguments)
{
	const char *slash = strrchr(interpreter, '/');
	char *word;

	if (!slash || strcmp(slash, "/env"))
		return NULL;
	for (word = strtok(arguments, " \t"); word; word = strtok(NULL, " \t"))
		if (word[0] != '-' && !strchr(word, '='))
			return word;
	return NULL;
}

/* Splits the first line of a file. Returns false if the file is no script. */
static bool read_script_line(int fd, char line[SCRIPT_LINE_SIZE], char **interpreter,
			     char **argument)
{
	ssize_t length = pread(fd, line, SCRIPT_LINE_SIZE - 1, 0);
	size_t end;

	if (length < 3 || line[0] != '#' || line[1] != '!')
		return false;
	line[length] = 0;
	end = strcspn(line, "\n");
	while (end > 2 && (line[end - 1] == ' ' || line[end - 1] == '\t'))
		end--;
	line[end] = 0;
	*interpreter = line + 2 + strspn(line + 2, " \t");
	end = strcspn(*interpreter, " \t");
	*argument = *interpreter + end;
	if (**argument)
		*(*argument)++ = 0;
	*argument += strspn(*argument, " \t");
	return **interpreter;
}

static int open_program(const char *path, const struct root *root)
{
	const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;

	return root ? root_open(root, path, flags) : open(path, flags);
}

bool executable_script_line(const char *path, const struct root *root, char line[SCRIPT_LINE_SIZE],
			    char **interpreter, char **argument)
{
	int fd = open_program(path, root);
	bool read = fd >= 0 && read_script_line(fd, line, interpreter, argument);

	if (fd >= 0)
		close(fd);
	return read;
}

/* Finds the program that the first line of a script names. Returns false if the file is no script.
 */
static bool interpreter_of(int fd, const struct root *root, char path[PATH_MAX])
{
	char line[SCRIPT_LINE_SIZE], *interpreter, *argument;
	const char *other;

	if (!read_script_line(fd, line, &interpreter, &argument))
		return false;
	other = program_of_env(interpreter, argument);
	if (other &&
	    (root ? executable_find_below(root, other, path) : executable_find(other, path)))
		return true;
	snprintf(path, PATH_MAX, "%s", interpreter);
	return true;
}

static bool read_file(const char *path, const struct root *root, int deep,
		      struct executable *executable)
{
	char interpreter[PATH_MAX];
	bool read = false;
	int fd;

	*executable = (struct executable){ 0 };
	if (!root)
		snprintf(executable->path, sizeof executable->path, "%s", path);
	else if (!root_resolve(root, path, executable->path))
		return false;
	fd = open_program(path, root);
	if (fd < 0)
		return false;
	if (interpreter_of(fd, root, interpreter))
		read = deep && read_file(interpreter, root, deep - 1, executable);
	else
		read = read_elf(fd, executable);
	close(fd);
	return read;
}

bool executable_read(const char *path, const struct root *root, struct executable *executable)
{
	return read_file(path, root, SCRIPTS_DEEP, executable);
}

const char *executable_secure(const char *path)
{
	struct statvfs system;
	struct stat file;

	/* The kernel ignores these bits on such a file system, or with no_new_privs. */
	if (stat(path, &file) || statvfs(path, &system) || system.f_flag & ST_NOSUID ||
	    prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
		return NULL;
	if (file.st_mode & S_ISUID && file.st_uid != getuid())
		return "it is set-user-ID";
	if (file.st_mode & S_ISGID && file.st_mode & S_IXGRP && file.st_gid != getgid())
		return "it is set-group-ID";
	if (getuid() && getxattr(path, "security.capability", NULL, 0) > 0)
		return "it has file capabilities";
	return NULL;
}

const char executable_sandbox[] =
	"it can enter a seccomp sandbox: in a sandbox that may kill it, the library sets nothing, "
	"unless --sandboxed is on";

const char *executable_obstacle(const struct executable *executable, const char *library)
{
	struct executable of_library;

	if (executable->is_go)
		return "it is written in Go, and the library does not see its sockets";
	if (!executable->is_dynamic)
		return "it is statically linked";
	if (executable->has_asan)
		return "AddressSanitizer ends a program with another preloaded library, "
		       "unless its own is first in LD_PRELOAD";
	if (!executable_read(library, NULL, &of_library))
		return "the loader cannot read the library";
	if (of_library.elf_class != executable->elf_class ||
	    of_library.machine != executable->machine)
		return "it is for another architecture than the library";
	return NULL;
}

bool executable_find(const char *name, char path[PATH_MAX])
{
	const char *directories = getenv("PATH");
	size_t length;

	if (strchr(name, '/'))
		return snprintf(path, PATH_MAX, "%s", name) < PATH_MAX && !access(path, X_OK);
	for (directories = directories ? directories : "/bin:/usr/bin"; *name;
	     directories += length + 1) {
		struct stat file;

		length = strcspn(directories, ":");
		if (snprintf(path, PATH_MAX, "%.*s%s%s", (int)length, directories,
			     length ? "/" : "", name) < PATH_MAX &&
		    !stat(path, &file) && S_ISREG(file.st_mode) && !access(path, X_OK))
			return true;
		if (!directories[length])
			break;
	}
	return false;
}

bool executable_find_below(const struct root *root, const char *name, char path[PATH_MAX])
{
	static const char *const directories[] = { "/usr/local/sbin/", "/usr/local/bin/",
						   "/usr/sbin/",       "/usr/bin/",
						   "/sbin/",           "/bin/" };
	char tried[PATH_MAX];

	if (*name == '/')
		return root_resolve(root, name, path);
	for (size_t i = 0; i < sizeof directories / sizeof *directories; i++)
		if (snprintf(tried, sizeof tried, "%s%s", directories[i], name) < PATH_MAX &&
		    root_resolve(root, tried, path))
			return true;
	return false;
}
