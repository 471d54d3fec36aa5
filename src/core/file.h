/* The configuration file. */
#ifndef KEEPALIVE_FILE_H
#define KEEPALIVE_FILE_H

#include "core/error.h"
#include "core/logging.h"
#include "core/rules.h"
#include "core/system.h"

enum { FILE_MAX = 1024 * 1024, FILE_LINE_MAX = 4095, PROGRAM_NAMES = 2 };

/* The content of a file for one program: rules for other programs are not kept. */
struct file_content {
	struct settings globals; /* the keys above the first rule */
	struct logging logging;
	struct value sandboxed; /* on: the library acts even if the program sandboxes itself */
	struct rules rules;
};

/* The program for which the rules are read. */
struct program {
	/*
	 * Returns PROGRAM_NAMES names, some of which may be empty. Called only if a rule asks for
	 * the name: to find it takes longer than the rest of the start-up.
	 */
	const struct text *(*names)(void);
	bool user_known;
	uint32_t user; /* the effective user at start */
	const struct system *system;
};

/* The conditions that concern the program; a bit each. */
enum program_condition { PROGRAM_NAME, PROGRAM_USER };

/*
 * Reads a file in pieces of any size. The caller writes to the memory that file_reader_room()
 * returns, calls file_reader_filled() with the number of bytes, and file_reader_end() after the
 * last piece. A line that cannot be read is reported and ignored. If its rule could then match too
 * much, the whole rule is ignored.
 */
struct file_reader {
	struct file_content *content;
	struct errors *errors;
	struct text path;
	const struct program *program;

	unsigned int line;
	const char *begin; /* of the current line */
	bool overlong;     /* in a line that is too long: its rest is skipped */

	bool in_section;   /* after the first section header */
	struct rule *rule; /* the current rule; NULL: none, or ignored */
	struct settings of_rule;
	unsigned int asked; /* the program conditions that the rule has */
	unsigned int met;   /* those that hold */
	bool roles_set;

	size_t held;
	char at[FILE_LINE_MAX + 1]; /* a line and its newline */
};

/* Sets everything to "unset". The memory of content->rules stays. */
void file_content_clear(struct file_content *content);

/* Returns the line without its comment and the blanks around it. */
struct text file_line_content(struct text line);

/* Starts a file. The memory of content->rules must be set; the rest of *content is overwritten. */
void file_reader_start(struct file_reader *reader, struct file_content *content, const char *path,
		       const struct program *program, struct errors *errors);
char *file_reader_room(struct file_reader *reader, size_t *room); /* never 0 bytes */
void file_reader_filled(struct file_reader *reader, size_t length);
void file_reader_end(struct file_reader *reader);

#endif
