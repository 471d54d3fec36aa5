/* What a program file is, as far as it decides whether a library can be preloaded into it. */
#ifndef KEEPALIVE_EXECUTABLE_H
#define KEEPALIVE_EXECUTABLE_H

#include <limits.h>
#include <stdbool.h>

struct root;

struct executable {
	char path[PATH_MAX];  /* the file that the kernel loads: of a script, its interpreter */
	bool is_elf;
	int elf_class;        /* ELFCLASS32 or ELFCLASS64 */
	int machine;          /* EM_X86_64... */
	bool is_dynamic;      /* a loader brings it in */
	char loader[128];     /* which one; "": its path is not known, or longer */
	bool is_musl;         /* and that is musl's */
	bool is_go;
	bool has_seccomp;     /* libseccomp, by which it can put itself into a sandbox */
	bool has_asan;        /* the sanitizer's library, which wants to be the first */
};

/*
 * Looks at a file, through `#!` lines too, as they are below `root` (NULL: as the kernel finds
 * them). False where it cannot be read, or is not a program that can be understood.
 */
bool executable_read(const char *path, const struct root *root, struct executable *executable);

/*
 * Reads the first line of a script, below `root` as above, into `line`, and finds the interpreter in it and what the kernel
 * gives that as its first argument, which may be empty. False where it is no script.
 */
enum { SCRIPT_LINE_SIZE = 257 };
bool executable_script_line(const char *path, const struct root *root, char line[SCRIPT_LINE_SIZE],
			    char **interpreter, char **argument);

/* True if a file of that name is AddressSanitizer's library. */
bool executable_is_asan(const char *name);

/*
 * Why the loader, run by us, would start this file in secure mode, in which it takes nothing of
 * LD_PRELOAD: "it is set-user-ID". NULL: it would not.
 */
const char *executable_secure(const char *path);

/*
 * Why a library would not be loaded into it, or not be of use, as the end of a sentence that begins
 * with the program's name. NULL: it would.
 */
const char *executable_obstacle(const struct executable *executable, const char *library);

/* What is said of a program that has libseccomp, unless somebody has decided on it. */
extern const char executable_sandbox[];

/*
 * Finds a program as execvp does: in PATH unless there is a slash in its name. False where there is
 * none.
 */
bool executable_find(const char *name, char path[PATH_MAX]);

/* The same below a root, in the directories that systemd looks in. */
bool executable_find_below(const struct root *root, const char *name, char path[PATH_MAX]);

#endif
