/* The image of a system with a service in it, in which units are enabled and disabled. */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/image.h"
#include "lib/harness.h"

const char *tree(void)
{
	static char path[200];

	snprintf(path, sizeof path, "%s", scratch_path("tree.%d", getpid()));
	return path;
}

const char *command(void)
{
	return public_copy("keepalive");
}

const char *at(const char *path)
{
	return scratch_path("tree.%d/%s", getpid(), path);
}

void make_folders(const char *path)
{
	char copy[512];

	snprintf(copy, sizeof copy, "%s", path);
	for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = 0;
		ck_assert(!mkdir(copy, 0755) || errno == EEXIST);
		*slash = '/';
	}
}

void put(const char *path, const void *content, size_t size, mode_t mode)
{
	int fd;

	make_folders(at(path));
	fd = open(at(path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	ck_assert_msg(fd >= 0, "%s: %s", path, strerror(errno));
	ck_assert_int_eq(write(fd, content, size), (ssize_t)size);
	close(fd);
}

void put_file(const struct file *file)
{
	const char *content = file->content;

	make_folders(at(file->path));
	if (content && !strncmp(content, "->", 2))
		ck_assert_int_eq(symlink(content + 2, at(file->path)), 0);
	else if (content)
		put(file->path, content, strlen(content), 0644);
}

void put_program(const char *path, bool native, bool dynamic)
{
	static const char loader[] = "/lib64/ld-linux-x86-64.so.2";
	struct {
		Elf64_Ehdr header;
		Elf64_Phdr segment;
		char loader[sizeof loader];
	} program;
	int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	memset(&program, 0, sizeof program);
	ck_assert_int_eq(read(self, &program.header, sizeof program.header), sizeof program.header);
	close(self);
	program.header.e_machine = native ? program.header.e_machine : EM_S390;
	program.header.e_phoff = sizeof program.header;
	program.header.e_phnum = 1;
	program.header.e_shoff = program.header.e_shnum = program.header.e_shstrndx = 0;
	program.segment.p_type = dynamic ? PT_INTERP : PT_NULL;
	program.segment.p_offset = offsetof(__typeof__(program), loader);
	program.segment.p_filesz = sizeof loader;
	memcpy(program.loader, loader, sizeof loader);
	put(path, &program, sizeof program, 0755);
}

void make_tree(const char *unit)
{
	char *library = read_whole(shim_path());
	struct stat file;

	ck_assert_int_eq(stat(shim_path(), &file), 0);
	put("opt/libkeepalive.so", library, (size_t)file.st_size, 0644);
	free(library);
	put_program("usr/bin/talk", true, true);
	make_folders(at(ETC));
	make_folders(at(RUN));
	if (unit)
		put(USR "talk.service", unit, strlen(unit), 0644);
}

struct called enable(const char *unit, const char *const *more)
{
	const char *arguments[20] = { "enable", unit, "--root", tree(), "--library", LIBRARY };

	for (int i = 0; more && more[i]; i++)
		arguments[6 + i] = more[i];
	return call(arguments);
}

struct called disable(const char *unit, const char *more)
{
	return CALL("disable", "--root", tree(), unit, more);
}

void expect_quiet(const struct called *called)
{
	expect_status(called, 0);
	ck_assert_str_eq(called->errors, "");
}

void expect_content(const char *path, const char *content)
{
	char *got = read_whole(at(path));

	ck_assert_str_eq(got, content);
	free(got);
}

/* All that is in the tree, a line each, directories with their times or without. */
static struct {
	bool folder_times;
	int lines;
	char *line[LISTING_MAX];
} listing;

static int list_entry(const char *path, const struct stat *file, int kind, struct FTW *place)
{
	bool times = kind != FTW_D || listing.folder_times;
	char target[512] = "", *content = kind == FTW_F ? read_whole(path) : strdup("");

	(void)place;
	if (kind == FTW_SL)
		ck_assert_int_gt(readlink(path, target, sizeof target - 1), 0);
	ck_assert_int_lt(listing.lines, LISTING_MAX);
	ck_assert_int_gt(asprintf(&listing.line[listing.lines++], "%s %o %u:%u %ld %ld.%09ld %s %s",
				  path, file->st_mode, file->st_uid, file->st_gid,
				  kind == FTW_F ? (long)file->st_ino : 0,
				  times ? (long)file->st_mtim.tv_sec : 0,
				  times ? file->st_mtim.tv_nsec : 0, target, content),
			 0);
	free(content);
	return 0;
}

static int by_line(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char *list(const char *directory, bool folder_times)
{
	char *all = strdup("");

	listing.folder_times = folder_times;
	listing.lines = 0;
	nftw(directory, list_entry, 16, FTW_PHYS);
	qsort(listing.line, (size_t)listing.lines, sizeof *listing.line, by_line);
	for (int i = 0; i < listing.lines; i++) {
		char *longer;

		ck_assert_int_gt(asprintf(&longer, "%s%s\n", all, listing.line[i]), 0);
		free(all);
		free(listing.line[i]);
		all = longer;
	}
	return all;
}

void expect_same_tree(const char *before, bool folder_times, const char *what)
{
	char *after = list(tree(), folder_times);

	ck_assert_msg(!strcmp(before, after), "%s: before:\n%s\nafter:\n%s", what, before, after);
	free(after);
}

void expect_mode(const char *path, mode_t mode)
{
	struct stat file;

	ck_assert_msg(!stat(at(path), &file), "%s: %s", path, strerror(errno));
	ck_assert_msg((file.st_mode & 07777) == mode, "%s: mode %o", path, file.st_mode);
}
