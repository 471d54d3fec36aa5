/* The configuration: what file and environment say, and what comes of the two. */
#ifndef KEEPALIVE_CONFIG_H
#define KEEPALIVE_CONFIG_H

#include "core/complaint.h"

/* What was said in one place. */
struct settings {
	struct value value[OPTIONS];
	bool silent; /* log = off: nothing at all is to be said, complaints included */
};

/* The environment's part. The strings are the environment's own and live as long as it does. */
struct environment {
	struct settings settings;
	unsigned char rank[OPTIONS]; /* which of the option's names gave the value */
	const char *file;            /* KEEPALIVE_CONF; NULL: not there; "": no file wanted */
	const char *listen_fds;      /* of socket activation; NULL: not there */
	const char *listen_pid;
};

/* KEEPALIVE=off, or what an ancestor had for it: the shim is to do nothing and to read nothing. */
bool environment_says_off(const struct environment *environment);

/*
 * Reads the variables that are ours or an ancestor's. An empty one counts as not there. One that
 * cannot be read is complained of and ignored, as if it were not there.
 */
void environment_read(struct environment *environment, char *const *variables,
		      struct complaints *complaints);

enum { FILE_MAX = 1024 * 1024, FILE_LINE_MAX = 4095 };

/*
 * Reads a file that its caller brings in pieces of any size: fill what file_reader_room gives,
 * say how much that was, and call file_reader_end behind the last piece. Lines that cannot be
 * read are complained of and ignored.
 */
struct file_reader {
	struct settings *settings;
	struct complaints *complaints;
	struct text path;
	unsigned int line;
	bool overlong;   /* in a line that did not fit: its rest is passed over */
	bool in_section; /* below a section that is not known: its keys are passed over */
	const char *begin; /* of the line that is being read */
	size_t held;
	char at[FILE_LINE_MAX + 1]; /* with its newline */
};

void file_reader_start(struct file_reader *reader, struct settings *settings, const char *path,
		       struct complaints *complaints);
char *file_reader_room(struct file_reader *reader, size_t *room); /* never 0 bytes */
void file_reader_filled(struct file_reader *reader, size_t length);
void file_reader_end(struct file_reader *reader);

/* What sockets have where nobody set anything: by option, in the option's unit. */
struct kernel_values {
	int number[OPTIONS];
};

/* As Linux has them where no sysctl was changed. */
void kernel_values_default(struct kernel_values *kernel);

/* Puts environment over file over what holds where nobody says anything: keepalive on. */
void config_merge(const struct settings *environment, const struct settings *file,
		  struct value *result);

/* True if config_derive will look at the kernel's values. */
bool config_needs_kernel_values(const struct value *result);

/* Derives what is `auto`. Each value that is then not VALUE_SET is not to be touched. */
void config_derive(struct value *result, const struct kernel_values *kernel);

/* False where `result` says that sockets are to be left as the program makes them. */
bool config_acts(const struct value *result);

/*
 * The user timeout, in milliseconds, with which an idle peer that is gone is given up at the probe
 * tick at idle + interval x count (seconds), as it would be without a user timeout.
 */
int derive_user_timeout(int idle, int interval, int count);

#endif
