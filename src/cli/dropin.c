/* The drop-in of a unit that the command writes and removes: the file, whatever it says. */
#include "cli/dropin.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/systemctl.h"
#include "cli/verb.h"

/* Its first line, by which it is known, and the line that says how many folders came with it. */
#define MARK "# Written by keepalive enable; keepalive disable"
#define FOLDERS_MARK "\n# Folders made for it: "

enum { FOLDERS_MOST = 4, FOLDER_MODE = 0755, FILE_MODE = 0644, SIGNALS = 3 };

static const int signals[SIGNALS] = { SIGHUP, SIGINT, SIGTERM };

void dropin_place(struct dropin *dropin, const struct root *root, const char *unit, bool runtime)
{
	*dropin = (struct dropin){ .root = root, .unit = unit, .runtime = runtime };
	snprintf(dropin->folder, sizeof dropin->folder, "/%s/systemd/system/%s.d",
		 runtime ? "run" : "etc", unit);
	if (snprintf(dropin->path, sizeof dropin->path, "%s%s/" DROPIN_NAME, root->path,
		     dropin->folder) >= PATH_MAX)
		errx(STATUS_FAILED, "%s: %s", root->path, strerror(ENAMETOOLONG));
}

/* The content of a file that may be ours; NULL where it is none or cannot be read. */
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

enum dropin_state dropin_look_at(const struct root *root, const char *path)
{
	char *content = read_entry(root, path);
	bool ours = content && !strncmp(content, MARK, strlen(MARK));

	free(content);
	if (ours)
		return DROPIN_OURS;
	if (content || errno == ELOOP)
		return DROPIN_FOREIGN;
	return errno == ENOENT || errno == ENOTDIR ? DROPIN_NONE : DROPIN_CLOSED;
}

/* The same path, from the root of the tree on. */
static const char *inner_path(const struct dropin *dropin)
{
	return dropin->path + strlen(dropin->root->path);
}

enum dropin_state dropin_look(const struct dropin *dropin)
{
	return dropin_look_at(dropin->root, inner_path(dropin));
}

/* How many folders came with the one that is there. */
static int folders_made_before(const struct dropin *dropin)
{
	char *content = read_entry(dropin->root, inner_path(dropin));
	const char *said = content ? strstr(content, FOLDERS_MARK) : NULL;
	int made = said ? atoi(said + strlen(FOLDERS_MARK)) : 0;

	free(content);
	return made < 0 || made > FOLDERS_MOST ? 0 : made;
}

/* Makes a folder unless it is there, and opens it; -1 and errno. */
static int enter_folder(const struct root *root, int parent, const char *path, int *made)
{
	int fd = root_open(root, path, O_RDONLY | O_DIRECTORY);

	if (fd >= 0 || errno != ENOENT)
		return fd;
	/* A link that leads to nothing is in the way here. */
	if (mkdirat(parent, strrchr(path, '/') + 1, FOLDER_MODE))
		return -1;
	++*made;
	fd = root_open(root, path, O_RDONLY | O_DIRECTORY);
	if (fd >= 0)
		fchmod(fd, FOLDER_MODE);
	return fd;
}

/* Opens the folder of the drop-in, what is missing of it made; -1 and errno. */
static int enter(const struct dropin *dropin, int *made)
{
	char path[PATH_MAX];
	int fd = root_open(dropin->root, "", O_RDONLY | O_DIRECTORY), parent;
	const char *end = dropin->folder;

	while (fd >= 0 && *end) {
		end += 1 + strcspn(end + 1, "/");
		snprintf(path, sizeof path, "%.*s", (int)(end - dropin->folder), dropin->folder);
		parent = fd;
		fd = enter_folder(dropin->root, parent, path, made);
		close(parent);
	}
	return fd;
}

/* Removes so many of the innermost folders, as long as they are empty. */
static void leave(const struct dropin *dropin, int made)
{
	char path[PATH_MAX];

	strcpy(path, dropin->folder);
	while (made > 0 && *path) {
		char *slash = strrchr(path, '/');
		int parent, problem;

		*slash = 0;
		parent = root_open(dropin->root, path, O_PATH | O_DIRECTORY);
		problem = parent < 0 || unlinkat(parent, slash + 1, AT_REMOVEDIR) ? errno : 0;
		if (parent >= 0)
			close(parent);
		/* The innermost may not have come to be. */
		if (problem && problem != ENOENT)
			return;
		made -= !problem;
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

/* Gives the written file its name alone: in place of ours, or where there is none. */
static bool name_file(int folder, const char *temporary, bool replace)
{
	if (replace)
		return !renameat(folder, temporary, folder, DROPIN_NAME);
	return !linkat(folder, temporary, folder, DROPIN_NAME, 0) &&
	       !unlinkat(folder, temporary, 0);
}

/* Where systemd does not look: a name that begins with a dot. */
static bool write_file(int folder, const char *content, bool replace)
{
	char temporary[64];
	int fd, problem;

	snprintf(temporary, sizeof temporary, "." DROPIN_NAME ".%d", getpid());
	fd = openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
	if (fd < 0)
		return false;
	if (write_all(fd, content) && name_file(folder, temporary, replace)) {
		close(fd);
		fsync(folder);
		return true;
	}
	problem = errno;
	close(fd);
	unlinkat(folder, temporary, 0);
	errno = problem;
	return false;
}

static char *with_comment(const struct dropin *dropin, const char *content, int made)
{
	char *whole, folders[64] = "";

	if (made)
		snprintf(folders, sizeof folders, FOLDERS_MARK "%d", made);
	if (asprintf(&whole, MARK "%s %s removes it.%s\n%s", dropin->runtime ? " --runtime" : "",
		     dropin->unit, folders, content) < 0)
		err(STATUS_FAILED, NULL);
	return whole;
}

static bool is_written(const struct dropin *dropin, const char *content)
{
	char *there = read_entry(dropin->root, inner_path(dropin));
	bool same = there && !strcmp(there, content);

	free(there);
	return same;
}

/* So that nobody's ^C leaves half of it behind. */
static void hold_signals(sigset_t *before)
{
	sigset_t set;

	sigemptyset(&set);
	for (int i = 0; i < SIGNALS; i++)
		sigaddset(&set, signals[i]);
	sigprocmask(SIG_BLOCK, &set, before);
}

static bool write_into(const struct dropin *dropin, const char *content, bool replace)
{
	int made = 0, before = replace ? folders_made_before(dropin) : 0;
	int folder = enter(dropin, &made), problem;
	char *whole = with_comment(dropin, content, before + made);
	bool written = folder >= 0 && ((replace && is_written(dropin, whole)) ||
				       write_file(folder, whole, replace));

	problem = errno;
	free(whole);
	if (folder >= 0)
		close(folder);
	if (!written)
		leave(dropin, made);
	errno = problem;
	return written;
}

bool dropin_write(const struct dropin *dropin, const char *content)
{
	enum dropin_state state = dropin_look(dropin);
	sigset_t signals_before;
	bool written;

	if (state == DROPIN_FOREIGN) {
		warnx("%s was not written by keepalive: it stays as it is", dropin->path);
		return false;
	}
	hold_signals(&signals_before);
	written = state != DROPIN_CLOSED && write_into(dropin, content, state == DROPIN_OURS);
	if (!written)
		warn("%s", dropin->path);
	sigprocmask(SIG_SETMASK, &signals_before, NULL);
	return written;
}

bool dropin_remove(const struct dropin *dropin)
{
	int made = folders_made_before(dropin);
	int folder = root_open(dropin->root, dropin->folder, O_RDONLY | O_DIRECTORY);

	if (folder < 0 || unlinkat(folder, DROPIN_NAME, 0)) {
		warn("%s", dropin->path);
		if (folder >= 0)
			close(folder);
		return false;
	}
	fsync(folder);
	close(folder);
	leave(dropin, made);
	return true;
}

bool dropin_announce(const struct dropin *dropin)
{
	const char *at = strchr(dropin->unit, '@');

	if (dropin->root->is_image)
		return true;
	if (!systemd_runs()) {
		puts("systemd does not run here: it takes effect when that starts the service");
		return true;
	}
	if (!systemctl_reload())
		return false;
	if (at && !strcmp(at, "@.service"))
		printf("to take effect: systemctl restart '%.*s*.service'\n",
		       (int)(at - dropin->unit + 1), dropin->unit);
	else
		printf("to take effect: systemctl restart %s\n", dropin->unit);
	return true;
}
