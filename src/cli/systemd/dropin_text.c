/* The text of a drop-in: the lines that are keepalive's own, and those that somebody else wrote. */
#include "cli/systemd/dropin_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/base/memory.h"
#include "cli/preload/library.h"
#include "cli/systemd/attach_line.h"
#include "cli/systemd/syntax.h"

#define MARK "# Written by keepalive enable; keepalive disable"
#define DIRECTORIES_MARK "# Directories made for it: "
#define KEY "Environment"
#define PRELOAD "LD_PRELOAD="

enum { DIRECTORIES_MOST = 6 };

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

bool dropin_text_is_marked(const char *content)
{
	return begins(content, MARK);
}

int dropin_text_directories(const char *content)
{
	const char *mark = strstr(content, "\n" DIRECTORIES_MARK);
	int made = mark ? atoi(mark + strlen("\n" DIRECTORIES_MARK)) : 0;

	return made < 0 || made > DIRECTORIES_MOST ? 0 : made;
}

static bool is_our_comment(const char *line)
{
	return begins(line, MARK) || begins(line, DIRECTORIES_MARK);
}

/* LD_PRELOAD without the library; NULL if nothing else is in it. */
static char *preload_of_others(const char *word)
{
	char *words = expect_memory(strdup(word + strlen(PRELOAD))), *rest = words, *entry;
	char *others = expect_memory(malloc(strlen(word) + 1)), *to = stpcpy(others, PRELOAD);

	while ((entry = strsep(&rest, " :")))
		if (*entry && !preload_has_library(entry))
			to += sprintf(to, "%s%s", to[-1] == '=' ? "" : ":", entry);
	free(words);
	if (to[-1] != '=')
		return others;
	free(others);
	return NULL;
}

char *dropin_text_other_word(const char *word, bool marked)
{
	bool preload = begins(word, PRELOAD) && preload_has_library(word + strlen(PRELOAD));

	/* In a file of enable the others are copies of what the unit has elsewhere. */
	if (preload && !marked)
		return preload_of_others(word);
	if (preload || begins(word, "KEEPALIVE=") ||
	    (begins(word, "KEEPALIVE_") && strchr(word, '=')))
		return NULL;
	return expect_memory(strdup(word));
}

static void append(FILE *to, const char *text, size_t length)
{
	fwrite(text, 1, length, to);
}

/* Text that is written to memory. */
static FILE *open_text(char **text, size_t *size)
{
	return expect_memory(open_memstream(text, size));
}

/* A line with those that continue it, in one; comments between them left out. To be freed. */
static char *join_lines(const char *text, size_t length)
{
	char *line = expect_memory(strndup(text, length)), *from = line, *to = line;

	while (*from) {
		size_t piece = strcspn(from, "\n"), next = piece + (from[piece] == '\n');
		bool continued = piece && from[piece - 1] == '\\';
		const char *first = from + strspn(from, " \t");

		if (*first != '#' && *first != ';') {
			memmove(to, from, piece);
			to += piece;
			if (continued)
				to[-1] = ' ';
		}
		from += next;
	}
	*to = 0;
	return line;
}

/* Writes the words of Environment= that are not ours, quoted again. Returns false if none is ours.
 */
static bool write_other_words(FILE *to, const char *value, bool marked)
{
	char *word = expect_memory(malloc(strlen(value) + 1)), *kept;
	enum syntax_word read;
	bool any_ours = false;
	size_t size;
	FILE *others = open_text(&kept, &size);

	while ((read = word_read(&value, word)) == WORD_READ) {
		char *other = dropin_text_other_word(word, marked);
		char *quoted = other ? word_quote(other) : NULL;

		any_ours |= !other || strcmp(other, word);
		if (quoted)
			fprintf(others, "%s%s", ftell(others) ? " " : "", quoted);
		free(quoted);
		free(other);
	}
	fclose(others);
	any_ours &= read == WORD_NONE;
	if (any_ours && *kept)
		fprintf(to, KEY "=%s\n", kept);
	free(kept);
	free(word);
	return any_ours;
}

/* Returns the value of a key in a line; NULL if it is another line. */
static char *value_of(char *line, const char *key)
{
	char *at = line + strspn(line, " \t");

	if (!begins(at, key))
		return NULL;
	at += strlen(key);
	at += strspn(at, " \t");
	return *at == '=' ? at + 1 : NULL;
}

/* Returns the length of a line with those that continue it, and the end of the last. */
static size_t line_length(const char *text)
{
	size_t length = 0;
	bool continued;

	do {
		const char *first = text + length + strspn(text + length, " \t");
		bool comment = *first == '#' || *first == ';';
		size_t piece = strcspn(text + length, "\n");

		continued = piece && text[length + piece - 1] == '\\' && (length || !comment);
		continued |= length && comment;
		length += piece;
		length += text[length] == '\n';
	} while (continued && text[length]);
	return length;
}

/* Returns true if there are only blanks and the heads of sections. */
static bool is_blank(const char *text)
{
	for (; *text; text += line_length(text)) {
		const char *first = text + strspn(text, " \t\r\n");

		text = first;
		if (*text && *text != '[')
			return false;
		if (!*text)
			break;
	}
	return true;
}

/* At the head of a section: whether it is the one of that name. */
static void look_at_section(const char *line, const char *section, bool *inside)
{
	size_t length = strlen(section);

	line += strspn(line, " \t");
	if (*line == '[')
		*inside = begins(line + 1, section) && line[1 + length] == ']';
}

static bool is_our_command(char *line)
{
	const char *value = value_of(line, "ExecStartPre");

	return value && attach_line_is_ours(value);
}

char *dropin_text_others(const char *content, const char *section)
{
	bool inside = false, marked = dropin_text_is_marked(content);
	size_t size;
	char *others;
	FILE *to = open_text(&others, &size);

	while (*content) {
		size_t length = line_length(content);
		char *line = join_lines(content, length), *value = value_of(line, KEY);

		look_at_section(line, section, &inside);
		if (!is_our_comment(content) && !(inside && is_our_command(line)) &&
		    !(inside && value && write_other_words(to, value, marked)))
			append(to, content, length);
		free(line);
		content += length;
	}
	fclose(to);
	if (is_blank(others))
		*others = 0;
	return others;
}

char *dropin_text_with(const char *others, const char *ours, const char *section)
{
	bool inside = false;
	size_t size, length = strlen(others);
	char *whole;
	FILE *to = open_text(&whole, &size);

	for (const char *line = others; *line; line += line_length(line))
		look_at_section(line, section, &inside);
	fprintf(to, "%s%s", others, length && others[length - 1] != '\n' ? "\n" : "");
	if (!inside)
		fprintf(to, "[%s]\n", section);
	fputs(ours, to);
	fclose(to);
	return whole;
}

char *dropin_text_comment(const char *unit, const char *flags, int directories)
{
	char made[64] = "";

	if (directories)
		snprintf(made, sizeof made, DIRECTORIES_MARK "%d\n", directories);
	return text_new(MARK "%s %s removes it.\n%s", flags, unit, made);
}

static bool has_line(const char *text, const char *line, size_t length)
{
	for (; *text; text += strcspn(text, "\n"), text += *text == '\n')
		if (strcspn(text, "\n") == length && !memcmp(text, line, length))
			return true;
	return false;
}

/* Prints the lines of one text that the other does not have. */
static void print_lines(const char *sign, const char *text, const char *other)
{
	for (; *text; text += strcspn(text, "\n"), text += *text == '\n') {
		size_t length = strcspn(text, "\n");

		if (length && !is_our_comment(text) && !has_line(other, text, length))
			printf("%s %.*s\n", sign, (int)length, text);
	}
}

void dropin_text_print_changes(const char *before, const char *after)
{
	print_lines("-", before, after);
	print_lines("+", after, before);
}
