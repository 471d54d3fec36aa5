/* The image of a system with a service in it, in which units are enabled and disabled. */
#ifndef TESTS_CLI_IMAGE_H
#define TESTS_CLI_IMAGE_H

#include <sys/stat.h>

#include "cli/cli.h"

#define LIBRARY "/opt/libkeepalive.so"
#define COMMAND BINDIR "/keepalive"
#define ETC "etc/systemd/system/"
#define RUN "run/systemd/system/"
#define USR "usr/lib/systemd/system/"
#define NAME "50-libkeepalive.conf"
#define COPY "->" LIBRARY
#define TALK ETC "talk.service.d/" NAME

/* So that systemd-analyze finds all that the unit asks for. */
#define MARK "# Written by keepalive enable; keepalive disable"
#define UNIT "[Unit]\nDefaultDependencies=no\n[Service]\nExecStart=/usr/bin/talk\n"

#define SAYS(words) "[Service]\nEnvironment=" words "\n"

/* What stands above the settings, where the directory is new. */
#define HEAD(unit)                                                                                 \
	"# Written by keepalive enable; keepalive disable " unit " removes it.\n"                  \
	"# Directories made for it: 1\n[Service]\n"

#define OURS "Environment=LD_PRELOAD=" LIBRARY "\nEnvironment=KEEPALIVE_COUNT=3\n"

enum { FILES_MAX = 6, LISTING_MAX = 200 };

/* What is there beforehand. */
struct file {
	const char *path, *content; /* content "->...": a link */
};

/* The path of the image, and of something in it. */
const char *tree(void);
const char *at(const char *path);

/* A copy of the command that everybody may run. */
const char *command(void);

void make_folders(const char *path);
void put(const char *path, const void *content, size_t size, mode_t mode);
void put_file(const struct file *file);

/*
 * A program that is as much as its first bytes: for this machine or another one, with a loader or
 * none.
 */
void put_program(const char *path, bool native, bool dynamic);

/* A system with one service, which can be preloaded into. */
void make_tree(const char *unit);

struct called enable(const char *unit, const char *const *more);
#define ENABLE(unit, ...) enable(unit, (const char *const[]){ __VA_ARGS__, NULL })
struct called disable(const char *unit, const char *more);

void expect_quiet(const struct called *called);
void expect_content(const char *path, const char *content);

/* All that is in a directory, a line each, directories with their times or without. To be freed. */
char *list(const char *directory, bool folder_times);

void expect_same_tree(const char *before, bool folder_times, const char *what);
void expect_mode(const char *path, mode_t mode);

#endif
