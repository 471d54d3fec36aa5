/* Loads the configuration: environment, then file. */
#include "core/loader.h"

#include <errno.h>
#include <sys/stat.h>

enum { UNMAPPED_USER = 65534 }; /* the owner in a user namespace that does not map the real one */

/*
 * The default file is in a directory that only root can write to, so root owns it, even if a user
 * namespace does not map root.
 */
static bool is_owner_trusted(const struct file_facts *facts)
{
	return !facts->owner || facts->owner == facts->user ||
	       (!facts->named && facts->owner == UNMAPPED_USER);
}

/*
 * Nobody but its owner may be able to write to it. The members of a group cannot be looked up here,
 * and even root's group is not safe: if the file has an access control list, the group bits show
 * what the users in that list may do.
 */
enum error_code file_refused(const struct file_facts *facts)
{
	if (!S_ISREG(facts->mode))
		return ERROR_NOT_A_FILE;
	if (!is_owner_trusted(facts))
		return ERROR_OWNER;
	if (facts->mode & S_IWOTH)
		return ERROR_WRITABLE;
	if (facts->mode & S_IWGRP)
		return ERROR_GROUP_WRITABLE;
	return facts->size > FILE_MAX ? ERROR_LARGE_FILE : ERROR_NONE;
}

enum error_code file_open_error(int error, bool named)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
		return named ? ERROR_NO_FILE : ERROR_NONE;
	case EACCES:
	case EPERM:
		return ERROR_NO_PERMISSION;
	default:
		return ERROR_UNREADABLE;
	}
}

/* Discards a file that was read only in part: a truncated rule could match too much. */
static enum error_code discard(struct file_content *content, enum error_code code)
{
	file_content_clear(content);
	return code;
}

static enum error_code read_all(int fd, const struct loader *loader, struct loaded *loaded,
				struct errors *errors)
{
	struct file_reader reader;
	size_t room, total = 0;
	long length = 1;

	file_reader_start(&reader, &loaded->file, loaded->path, loader->program, errors);
	while (length > 0 && total <= FILE_MAX) {
		char *to = file_reader_room(&reader, &room);

		length = loader->system->read(fd, to, room);
		if (length > 0) {
			file_reader_filled(&reader, (size_t)length);
			total += (size_t)length;
		}
	}
	if (length < 0)
		return discard(&loaded->file, ERROR_UNREADABLE);
	if (length > 0)
		return discard(&loaded->file, ERROR_LARGE_FILE);
	file_reader_end(&reader);
	return ERROR_NONE;
}

static enum error_code load_opened(int fd, bool named, const struct loader *loader,
				   struct loaded *loaded, struct errors *errors)
{
	struct file_status status;
	enum error_code code = ERROR_UNREADABLE;

	if (loader->system->describe(fd, &status) >= 0)
		code = file_refused(&(struct file_facts){ .named = named,
							  .mode = status.mode,
							  .owner = status.owner,
							  .user = loader->user,
							  .size = status.size });
	return code ? code : read_all(fd, loader, loaded, errors);
}

static void load_file(bool named, const struct loader *loader, struct loaded *loaded,
		      struct errors *errors)
{
	struct error error = { .file = text_of(loaded->path) };
	int fd = loader->system->open(loaded->path);

	loaded->found = true;
	if (fd < 0) {
		error.code = file_open_error(-fd, named);
		loaded->found = error.code != ERROR_NONE;
	} else {
		error.code = load_opened(fd, named, loader, loaded, errors);
		loader->system->close(fd);
	}
	if (error.code)
		errors_add(errors, &error);
}

bool configuration_load(struct loaded *loaded, const struct loader *loader, struct errors *errors)
{
	const char *named = loader->file;
	bool off;

	loaded->environment = (struct environment){ 0 };
	loaded->found = false;
	file_content_clear(&loaded->file);
	environment_read(&loaded->environment, loader->variables, errors);
	if (!named)
		named = loaded->environment.file;
	loaded->path = named ? named : loader->default_file;
	off = environment_says_off(&loaded->environment);
	if (*loaded->path && (!off || loader->even_if_off))
		load_file(named != NULL, loader, loaded, errors);
	return !off;
}

void configuration_policy(const struct loaded *loaded, struct policy *policy)
{
	policy->environment = loaded->environment.settings;
	policy->globals = loaded->file.globals;
	policy->rules = loaded->file.rules;
}
