/* The syntax of unit files (systemd.syntax) and of the words in them. */
#include "cli/systemd/syntax.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/base/memory.h"
#include "core/text.h"

char *blanks_strip(char *text)
{
	size_t length;

	text += strspn(text, BLANKS);
	length = strlen(text);
	while (length && strchr(BLANKS, text[length - 1]))
		text[--length] = 0;
	return text;
}

struct unit_file {
	const char *section;
	bool inside;        /* the section that is wanted */
	char *text;         /* a line, with those that continue it */
	unsigned int begin; /* the line where it begins; 0: there is none */
	assignment_take *take;
	void *context;
};

static void take_line(struct unit_file *file)
{
	char *text = blanks_strip(file->text);
	size_t length = strlen(text);
	char *equals;

	if (*text == '[') {
		size_t name = strlen(file->section);

		file->inside = length == name + 2 && text[length - 1] == ']' &&
			       !memcmp(text + 1, file->section, name);
		return;
	}
	equals = strchr(text, '=');
	if (!equals || !file->inside)
		return;
	*equals = 0;
	file->take(file->context, blanks_strip(text), blanks_strip(equals + 1), file->begin);
}

static bool ends_in_backslash(const char *text)
{
	bool escaped = false;

	for (; *text; text++)
		escaped = !escaped && *text == '\\';
	return escaped;
}

/* A comment between lines that continue each other is left out, an empty line ends them. */
static void add_line(struct unit_file *file, const char *line, size_t length, unsigned int number)
{
	const char *first = line + strspn(line, " \t");

	if (*first == '#' || *first == ';')
		return;
	if (!file->begin)
		file->begin = number;
	strncat(file->text, line, length);
	if (ends_in_backslash(file->text)) {
		file->text[strlen(file->text) - 1] = ' ';
		return;
	}
	take_line(file);
	*file->text = 0;
	file->begin = 0;
}

void unit_file_parse(const char *content, const char *section, assignment_take *take, void *context)
{
	struct unit_file file = { .section = section, .take = take, .context = context };
	unsigned int number = 0;

	if (!strncmp(content, "\xef\xbb\xbf", 3))
		content += 3;
	file.text = expect_memory(calloc(1, strlen(content) + 1));
	while (*content) {
		size_t length = strcspn(content, "\n");
		size_t end = length;

		if (end && content[end - 1] == '\r')
			end--;
		add_line(&file, content, end, ++number);
		content += length + (content[length] == '\n');
	}
	if (file.begin)
		take_line(&file);
	free(file.text);
}

static char *put_utf8(char *to, uint32_t code)
{
	if (code < 0x80) {
		*to++ = (char)code;
		return to;
	}
	if (code < 0x800) {
		*to++ = (char)(0xc0 | code >> 6);
	} else {
		if (code < 0x10000) {
			*to++ = (char)(0xe0 | code >> 12);
		} else {
			*to++ = (char)(0xf0 | code >> 18);
			*to++ = (char)(0x80 | (code >> 12 & 0x3f));
		}
		*to++ = (char)(0x80 | (code >> 6 & 0x3f));
	}
	*to++ = (char)(0x80 | (code & 0x3f));
	return to;
}

/* Reads so many digits and moves *at after them. Returns 0, which is no valid code, if they are not
 * digits. */
static uint32_t read_code(const char **at, int digits, unsigned int base)
{
	static const char all[] = "0123456789abcdef";
	uint64_t code = 0;

	for (; digits; digits--) {
		char lower = **at >= 'A' && **at <= 'F' ? (char)(**at - 'A' + 'a') : **at;
		const char *digit = lower ? memchr(all, lower, base) : NULL;

		if (!digit)
			return 0;
		code = code * base + (uint64_t)(digit - all);
		++*at;
	}
	return code <= 0x10ffff ? (uint32_t)code : 0;
}

/* Reads what comes after a backslash into *to. Returns false if systemd does not know it. */
static bool read_escape(const char **at, char **to)
{
	static const char letters[] = "abfnrtv\\\"'s", meaning[] = "\a\b\f\n\r\t\v\\\"' ";
	const char *letter = **at ? strchr(letters, **at) : NULL;
	uint32_t code;

	if (letter) {
		*(*to)++ = meaning[letter - letters];
		++*at;
		return true;
	}
	switch (**at) {
	case 'x':
		++*at;
		code = read_code(at, 2, 16);
		break;
	case 'u':
	case 'U':
		++*at;
		code = read_code(at, (*at)[-1] == 'u' ? 4 : 8, 16);
		*to = put_utf8(*to, code);
		return code;
	default:
		code = read_code(at, 3, 8);
	}
	*(*to)++ = (char)code;
	return code && code < 256;
}

enum syntax_word word_read(const char **at, char *word)
{
	char quote = 0;

	*at += strspn(*at, BLANKS);
	if (!**at)
		return WORD_NONE;
	while (**at && (quote || !strchr(BLANKS, **at))) {
		char character = *(*at)++;

		if (quote ? character == quote : character == '"' || character == '\'')
			quote = quote ? 0 : character;
		else if (character != '\\')
			*word++ = character;
		else if (!read_escape(at, &word))
			return WORD_WRONG;
	}
	*word = 0;
	return quote ? WORD_WRONG : WORD_READ;
}

char *word_quote(const char *word)
{
	bool plain = *word && !strpbrk(word, BLANKS "\"'\\");
	char *quoted = expect_memory(malloc(2 * strlen(word) + 3)), *to = quoted;

	if (!plain)
		*to++ = '"';
	for (; *word; word++) {
		static const char special[] = "\"\\\n\t", letters[] = "\"\\nt";
		const char *found = strchr(special, *word);

		if (found)
			*to++ = '\\';
		*to++ = found ? letters[found - special] : *word;
	}
	if (!plain)
		*to++ = '"';
	*to = 0;
	return quoted;
}

char *word_without_specifiers(const char *word)
{
	char *doubled = expect_memory(malloc(2 * strlen(word) + 1)), *to = doubled;

	for (; *word; word++) {
		*to++ = *word;
		if (*word == '%')
			*to++ = '%';
	}
	*to = 0;
	return doubled;
}

bool word_is_value(const char *word)
{
	struct text text = text_of(word);
	uint32_t character;
	size_t length;

	for (; text.length; text = text_tail(text, length)) {
		length = text_character(text, &character);
		if (!length || character == 0x7f ||
		    (character < 0x20 && character != '\t' && character != '\n'))
			return false;
	}
	return true;
}
