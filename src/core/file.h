/* The configuration file. */
#ifndef KEEPALIVE_FILE_H
#define KEEPALIVE_FILE_H

#include "core/error.h"
#include "core/logging.h"
#include "core/rules.h"
#include "core/system.h"

enum { FILE_MAX = 1024 * 1024, FILE_LINE_MAX = 4095, PROGRAM_NAMES = 2 };

/* What a file says to one program: rules for other programs are not kept. */
struct file_content {
	struct settings globals; /* the keys above the first rule */
	struct logging logging;
	struct value sandboxed; /* on: the library goes on in a program's own sandbox */
	struct rules rules;
};

/* The program that the rules are read for. */
struct program {
	/*
	 * Returns its PROGRAM_NAMES names, which may be empty. Called only where a rule asks:
	 * finding them costs a process more than the rest of its start-up.
	 */
	const struct text *(*names)(void);
	bool user_known;
	uint32_t user; /* the effective user with which it was started */
	const struct system *system;
};

/* The conditions about the program, a bit each. */
enum program_condition { PROGRAM_NAME, PROGRAM_USER };

/*
 * Reads a file that its caller brings in pieces of any size: fill what file_reader_room gives,
 * say how much that was, and call file_reader_end behind the last piece. Lines that cannot be
 * read are reported and ignored; where that could make a rule hold for more than it was
 * meant for, the whole rule is.
 */
struct file_reader {
	struct file_content *content;
	struct errors *errors;
	struct text path;
	const struct program *program;

	unsigned int line;
	const char *begin; /* of the line that is being read */
	bool overlong;     /* in a line that did not fit: its rest is passed over */

	bool in_section;   /* below the first section */
	struct rule *rule; /* that is being read; NULL: none, or dropped already */
	struct settings of_rule;
	unsigned int asked; /* the conditions about the program that it has */
	unsigned int met;   /* those of them that hold */
	bool roles_set;

	size_t held;
	char at[FILE_LINE_MAX + 1]; /* with its newline */
};

/* Sets everything to "not set". The memory of content->rules stays. */
void file_content_clear(struct file_content *content);

/* What a line says: without its comment, and without the blanks around it. */
struct text file_line_content(struct text line);

/* The memory of content->rules is to be set before; all else of *content is begun anew. */
void file_reader_start(struct file_reader *reader, struct file_content *content, const char *path,
		       const struct program *program, struct errors *errors);
char *file_reader_room(struct file_reader *reader, size_t *room); /* never 0 bytes */
void file_reader_filled(struct file_reader *reader, size_t length);
void file_reader_end(struct file_reader *reader);

#endif
