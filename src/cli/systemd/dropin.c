/* The drop-in of a unit that the command writes and removes: the file, whatever it says. */
#include "cli/systemd/dropin.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/base/memory.h"
#include "cli/systemd/dropin_text.h"
#include "cli/systemd/systemctl.h"
#include "cli/systemd/unit_name.h"
#include "cli/systemd/unit_places.h"

enum { DIRECTORY_MODE = 0755, FILE_MODE = 0644, SIGNALS = 3 };

static const int signals[SIGNALS] = { SIGHUP, SIGINT, SIGTERM };

bool dropin_place(struct dropin *dropin, const struct root *root, const char *unit, bool runtime)
{
	*dropin = (struct dropin){ .root = root, .unit = unit, .runtime = runtime };
	if (snprintf(dropin->directory, sizeof dropin->directory, "%s/%s.d",
		     unit_place_own(root, runtime), unit) < PATH_MAX &&
	    snprintf(dropin->path, sizeof dropin->path, "%s%s/" DROPIN_NAME, root->path,
		     dropin->directory) < PATH_MAX)
		return true;
	errno = ENAMETOOLONG;
	return false;
}

/* Returns the content of the file; NULL and errno if it is not regular or cannot be read. */
static char *read_entry(const struct root *root, const char *path)
{
	struct stat file;
	int fd = root_open(root, path, O_PATH | O_NOFOLLOW);
	bool regular = fd >= 0 && !fstat(fd, &file) && S_ISREG(file.st_mode);

	if (fd >= 0)
		close(fd);
	if (fd >= 0 && !regular)
		errno = ELOOP;
	return regular ? root_read(root, path) : NULL;
}

static enum dropin_state state_of(const char *content)
{
	if (content)
		return dropin_text_is_marked(content) ? DROPIN_OURS : DROPIN_FOREIGN;
	if (errno == ELOOP)
		return DROPIN_SPECIAL;
	return errno == ENOENT || errno == ENOTDIR ? DROPIN_NONE : DROPIN_CLOSED;
}

enum dropin_state dropin_look_at(const struct root *root, const char *path)
{
	char *content = read_entry(root, path);
	enum dropin_state state = state_of(content);

	free(content);
	return state;
}

const char *dropin_inner_path(const struct dropin *dropin)
{
	return dropin->path + strlen(dropin->root->path);
}

enum dropin_state dropin_look(const struct dropin *dropin)
{
	return dropin_look_at(dropin->root, dropin_inner_path(dropin));
}

/* Opens a directory, made if it is missing. Returns -1 and errno on failure. */
static int enter_directory(const struct root *root, int parent, const char *path, int *made)
{
	int fd = root_open(root, path, O_RDONLY | O_DIRECTORY);

	if (fd >= 0 || errno != ENOENT)
		return fd;
	/* Fails with EEXIST if a link that leads to nothing is in the way. */
	if (mkdirat(parent, strrchr(path, '/') + 1, DIRECTORY_MODE))
		return -1;
	++*made;
	fd = root_open(root, path, O_RDONLY | O_DIRECTORY);
	if (fd >= 0)
		fchmod(fd, DIRECTORY_MODE);
	return fd;
}

/* Opens the directory of the drop-in, made if it is missing. Returns -1 and errno on failure. */
static int enter(const struct dropin *dropin, int *made)
{
	char path[PATH_MAX];
	int fd = root_open(dropin->root, "", O_RDONLY | O_DIRECTORY), parent;
	const char *end = dropin->directory;

	while (fd >= 0 && *end) {
		end += 1 + strcspn(end + 1, "/");
		snprintf(path, sizeof path, "%.*s", (int)(end - dropin->directory),
			 dropin->directory);
		parent = fd;
		fd = enter_directory(dropin->root, parent, path, made);
		close(parent);
	}
	return fd;
}

/* Removes so many of the innermost directories, as long as they are empty. */
static void leave(const struct dropin *dropin, int made)
{
	char path[PATH_MAX];

	strcpy(path, dropin->directory);
	while (made > 0 && *path) {
		char *slash = strrchr(path, '/');
		int parent, code;

		*slash = 0;
		parent = root_open(dropin->root, path, O_PATH | O_DIRECTORY);
		code = parent < 0 || unlinkat(parent, slash + 1, AT_REMOVEDIR) ? errno : 0;
		if (parent >= 0)
			close(parent);
		/* The innermost may not have been made. */
		if (code && code != ENOENT)
			return;
		made -= !code;
	}
}

static bool write_all(int fd, const char *content)
{
	size_t length = strlen(content);

	while (length) {
		ssize_t written = write(fd, content, length);

		if (written < 0 && errno != EINTR)
			return false;
		content += written > 0 ? written : 0;
		length -= written > 0 ? (size_t)written : 0;
	}
	return !fchmod(fd, FILE_MODE) && !fsync(fd);
}

/* Gives the written file its name: in place of ours, or only if there is none. */
static bool name_file(int directory, const char *temporary, bool replace)
{
	if (replace)
		return !renameat(directory, temporary, directory, DROPIN_NAME);
	return !linkat(directory, temporary, directory, DROPIN_NAME, 0) &&
	       !unlinkat(directory, temporary, 0);
}

/* Writes under a name that systemd ignores, as it begins with a dot, until the file is whole. */
static bool write_file(int directory, const char *content, bool replace)
{
	char temporary[64];
	int fd, code;

	snprintf(temporary, sizeof temporary, "." DROPIN_NAME ".%d", getpid());
	fd = openat(directory, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
	if (fd < 0)
		return false;
	if (write_all(fd, content) && name_file(directory, temporary, replace)) {
		close(fd);
		fsync(directory);
		return true;
	}
	code = errno;
	close(fd);
	unlinkat(directory, temporary, 0);
	errno = code;
	return false;
}

/* Blocks signals, so that ^C leaves no half-written file. */
static void hold_signals(sigset_t *before)
{
	sigset_t set;

	sigemptyset(&set);
	for (int i = 0; i < SIGNALS; i++)
		sigaddset(&set, signals[i]);
	sigprocmask(SIG_BLOCK, &set, before);
}

bool dropin_plan(const struct dropin *dropin, const char *ours, struct dropin_change *change)
{
	const char *section = unit_section(dropin->unit);
	char *content = read_entry(dropin->root, dropin_inner_path(dropin)), *others;

	*change = (struct dropin_change){ .state = state_of(content), .before = content };
	if (change->state == DROPIN_CLOSED)
		warn("%s", dropin->path);
	else if (change->state == DROPIN_SPECIAL)
		warnx("%s is not a regular file: it stays unchanged", dropin->path);
	if (change->state == DROPIN_CLOSED || change->state == DROPIN_SPECIAL)
		return false;
	change->directories = content ? dropin_text_directories(content) : 0;
	others = dropin_text_others(content ? content : "", section);
	if (ours)
		change->after = dropin_text_with(others, ours, section);
	else if (*others)
		change->after = expect_memory(strdup(others));
	free(others);
	return true;
}

static char *with_comment(const struct dropin *dropin, const struct dropin_change *change, int made)
{
	char flags[32], *comment, *whole;

	snprintf(flags, sizeof flags, "%s%s", dropin->root->is_user ? " --user" : "",
		 dropin->runtime ? " --runtime" : "");
	comment = dropin_text_comment(dropin->unit, flags, change->directories + made);
	whole = text_new("%s%s", comment, change->after);
	free(comment);
	return whole;
}

/* `marked`: the comment is to be on top. */
static bool write_into(const struct dropin *dropin, const struct dropin_change *change, bool marked)
{
	int made = 0, directory = enter(dropin, &made), code;
	char *whole =
		marked ? with_comment(dropin, change, made) : expect_memory(strdup(change->after));
	bool written = directory >= 0 && ((change->before && !strcmp(change->before, whole)) ||
					  write_file(directory, whole, change->before != NULL));

	code = errno;
	free(whole);
	if (directory >= 0)
		close(directory);
	if (!written)
		leave(dropin, made);
	errno = code;
	return written;
}

static bool remove_file(const struct dropin *dropin, int made)
{
	int directory = root_open(dropin->root, dropin->directory, O_RDONLY | O_DIRECTORY);
	bool removed = directory >= 0 && !unlinkat(directory, DROPIN_NAME, 0);
	int code = errno;

	if (removed)
		fsync(directory);
	if (directory >= 0)
		close(directory);
	if (removed)
		leave(dropin, made);
	errno = code;
	return removed;
}

bool dropin_carry_out(const struct dropin *dropin, const struct dropin_change *change, bool marked)
{
	sigset_t signals_before;
	bool done;

	hold_signals(&signals_before);
	done = change->after ? write_into(dropin, change, marked)
			     : remove_file(dropin, change->directories);
	if (!done)
		warn("%s", dropin->path);
	sigprocmask(SIG_SETMASK, &signals_before, NULL);
	return done;
}

void dropin_print_changes(const struct dropin_change *change)
{
	dropin_text_print_changes(change->before ? change->before : "",
				  change->after ? change->after : "");
}

bool dropin_announce(const struct dropin *dropin)
{
	if (dropin->root->is_image)
		return true;
	if (!systemd_runs()) {
		puts("systemd does not run here: the change takes effect when systemd starts the "
		     "service");
		return true;
	}
	return systemctl_reload();
}
