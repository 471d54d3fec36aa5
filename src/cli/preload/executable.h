/* The properties of a program file that decide whether a library can be preloaded into it. */
#ifndef KEEPALIVE_EXECUTABLE_H
#define KEEPALIVE_EXECUTABLE_H

#include <limits.h>
#include <stdbool.h>

struct root;

struct executable {
	char path[PATH_MAX]; /* the file that the kernel loads: of a script, its interpreter */
	bool is_elf;
	int elf_class;    /* ELFCLASS32 or ELFCLASS64 */
	int machine;      /* EM_X86_64... */
	bool is_dynamic;  /* it has a loader */
	char loader[128]; /* its path; "": not known, or longer */
	bool is_musl;     /* the loader is that of musl */
	bool is_go;
	bool has_seccomp; /* libseccomp, with which it can sandbox itself */
	bool has_asan;    /* AddressSanitizer's library, which must be the first */
};

/*
 * Reads a program file, or the interpreter of a script, below `root` (NULL: as the kernel finds
 * them). Returns false if it cannot be read or is not an ELF program.
 */
bool executable_read(const char *path, const struct root *root, struct executable *executable);

/*
 * Reads the first line of a script, below `root` as above, into `line`, and splits it into the
 * interpreter and the argument that the kernel passes to it first, which may be empty. Returns
 * false if the file is no script.
 */
enum { SCRIPT_LINE_SIZE = 257 };
bool executable_script_line(const char *path, const struct root *root, char line[SCRIPT_LINE_SIZE],
			    char **interpreter, char **argument);

/* Returns true if a file of that name is AddressSanitizer's library. */
bool executable_is_asan(const char *name);

/*
 * Returns the reason why the loader, run by us, would start this file in secure mode, in which it
 * ignores LD_PRELOAD: "it is set-user-ID". NULL if it would not.
 */
const char *executable_secure(const char *path);

/*
 * Returns the reason why a library would not be loaded into the program, or would be of no use
 * there, as the end of a sentence that begins with the program's name. NULL if there is none.
 */
const char *executable_obstacle(const struct executable *executable, const char *library);

/* The warning about a program that has libseccomp, unless --sandboxed is set. */
extern const char executable_sandbox[];

/*
 * Finds a program as execvp does: in PATH unless there is a slash in its name. Returns false if
 * there is none.
 */
bool executable_find(const char *name, char path[PATH_MAX]);

/* The same below a root, in the directories that systemd looks in. */
bool executable_find_below(const struct root *root, const char *name, char path[PATH_MAX]);

#endif
