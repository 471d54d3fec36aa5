/* The configuration file. */
#ifndef KEEPALIVE_FILE_H
#define KEEPALIVE_FILE_H

#include "core/complaint.h"
#include "core/logging.h"
#include "core/rules.h"

enum { FILE_MAX = 1024 * 1024, FILE_LINE_MAX = 4095, PROGRAM_NAMES = 2 };

/* What a file says to one program: rules for other programs are not kept. */
struct file_content {
	struct settings globals; /* the keys above the first rule */
	struct logging logging;
	struct value sandboxed; /* on: the library goes on in a program's own sandbox */
	struct rules rules;
};

/*
 * Gives the names that the program has, PROGRAM_NAMES of them, which may be empty. Called only
 * where a rule asks: to find them out costs a process more than all the rest of its start-up.
 */
typedef const struct text *program_names(void);

/*
 * Reads a file that its caller brings in pieces of any size: fill what file_reader_room gives,
 * say how much that was, and call file_reader_end behind the last piece. Lines that cannot be
 * read are complained of and ignored; where that could make a rule hold for more than it was
 * meant for, the whole rule is.
 */
struct file_reader {
	struct file_content *content;
	struct complaints *complaints;
	struct text path;
	program_names *program;

	unsigned int line;
	const char *begin; /* of the line that is being read */
	bool overlong;     /* in a line that did not fit: its rest is passed over */

	bool in_section;        /* below the first section */
	struct rule *rule;      /* that is being read; NULL: none, or dropped already */
	struct settings of_rule;
	bool program_given;     /* it has a condition on the program */
	bool program_matches;   /* and that holds */
	bool roles_given;

	size_t held;
	char at[FILE_LINE_MAX + 1]; /* with its newline */
};

/* A file that may be the configuration, as open() and fstat() saw it. */
struct file_facts {
	bool named;            /* somebody named it: else it is the default file, which need not exist */
	unsigned int mode;     /* st_mode */
	unsigned int owner;    /* st_uid */
	unsigned int user;     /* who reads it */
	unsigned long long size;
};

/* Why a file is not to be read, and why it could not be opened (errno); else PROBLEM_NONE. */
enum problem file_refused(const struct file_facts *facts);
enum problem file_open_problem(int error, bool named);

/* The memory of content->rules is to be set before; all else of *content is begun anew. */
void file_reader_start(struct file_reader *reader, struct file_content *content, const char *path,
		       program_names *program, struct complaints *complaints);
char *file_reader_room(struct file_reader *reader, size_t *room); /* never 0 bytes */
void file_reader_filled(struct file_reader *reader, size_t length);
void file_reader_end(struct file_reader *reader);

#endif
