/* Loads the configuration: environment, then file. */
#include "core/loader.h"

#include <errno.h>
#include <sys/stat.h>

enum { UNMAPPED_USER = 65534 }; /* shown in a user namespace for owners that it does not map */

/*
 * The default file lies in a directory of root's, so it is root's, even if a user namespace does
 * not map root.
 */
static bool is_owner_trusted(const struct file_facts *facts)
{
	return !facts->owner || facts->owner == facts->user ||
	       (!facts->named && facts->owner == UNMAPPED_USER);
}

/*
 * Only its owner may be able to write to it. Who is in a group cannot be found out here, and even
 * root's group is not safe: if the file has an access control list, the group bits show what the
 * users named in that list may do.
 */
enum problem file_refused(const struct file_facts *facts)
{
	if (!S_ISREG(facts->mode))
		return PROBLEM_NOT_A_FILE;
	if (!is_owner_trusted(facts))
		return PROBLEM_OWNER;
	if (facts->mode & S_IWOTH)
		return PROBLEM_WRITABLE;
	if (facts->mode & S_IWGRP)
		return PROBLEM_GROUP_WRITABLE;
	return facts->size > FILE_MAX ? PROBLEM_LARGE_FILE : PROBLEM_NONE;
}

enum problem file_open_problem(int error, bool named)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
		return named ? PROBLEM_NO_FILE : PROBLEM_NONE;
	case EACCES:
	case EPERM:
		return PROBLEM_NO_PERMISSION;
	default:
		return PROBLEM_UNREADABLE;
	}
}

/* Discards a file that was read only in part: a truncated rule could match too much. */
static enum problem discard(struct file_content *content, enum problem problem)
{
	file_content_clear(content);
	return problem;
}

static enum problem read_all(int fd, const struct loader *loader, struct loaded *loaded,
			     struct complaints *complaints)
{
	struct file_reader reader;
	size_t room, total = 0;
	long length = 1;

	file_reader_start(&reader, &loaded->file, loaded->path, loader->program, complaints);
	while (length > 0 && total <= FILE_MAX) {
		char *to = file_reader_room(&reader, &room);

		length = loader->system->read(fd, to, room);
		if (length > 0) {
			file_reader_filled(&reader, (size_t)length);
			total += (size_t)length;
		}
	}
	if (length < 0)
		return discard(&loaded->file, PROBLEM_UNREADABLE);
	if (length > 0)
		return discard(&loaded->file, PROBLEM_LARGE_FILE);
	file_reader_end(&reader);
	return PROBLEM_NONE;
}

static enum problem load_opened(int fd, bool named, const struct loader *loader,
				struct loaded *loaded, struct complaints *complaints)
{
	struct file_status status;
	enum problem problem = PROBLEM_UNREADABLE;

	if (loader->system->describe(fd, &status) >= 0)
		problem = file_refused(&(struct file_facts){ .named = named,
							     .mode = status.mode,
							     .owner = status.owner,
							     .user = loader->user,
							     .size = status.size });
	return problem ? problem : read_all(fd, loader, loaded, complaints);
}

static void load_file(bool named, const struct loader *loader, struct loaded *loaded,
		      struct complaints *complaints)
{
	struct complaint complaint = { .file = text_of(loaded->path) };
	int fd = loader->system->open(loaded->path);

	loaded->found = true;
	if (fd < 0) {
		complaint.problem = file_open_problem(-fd, named);
		loaded->found = complaint.problem != PROBLEM_NONE;
	} else {
		complaint.problem = load_opened(fd, named, loader, loaded, complaints);
		loader->system->close(fd);
	}
	if (complaint.problem)
		complain(complaints, &complaint);
}

bool configuration_load(struct loaded *loaded, const struct loader *loader,
			struct complaints *complaints)
{
	const char *named = loader->file;
	bool off;

	loaded->environment = (struct environment){ 0 };
	loaded->found = false;
	file_content_clear(&loaded->file);
	environment_read(&loaded->environment, loader->variables, complaints);
	if (!named)
		named = loaded->environment.file;
	loaded->path = named ? named : loader->default_file;
	off = environment_says_off(&loaded->environment);
	if (*loaded->path && (!off || loader->even_if_off))
		load_file(named != NULL, loader, loaded, complaints);
	return !off;
}

void configuration_policy(const struct loaded *loaded, struct policy *policy)
{
	policy->environment = loaded->environment.settings;
	policy->globals = loaded->file.globals;
	policy->rules = loaded->file.rules;
}
