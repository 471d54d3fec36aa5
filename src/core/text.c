/* Pieces of text without libc: what the parser reads, and one line of output. */
#include "core/text.h"

struct text text_of(const char *string)
{
	struct text text = { string, 0 };

	while (string[text.length])
		text.length++;
	return text;
}

bool text_equals(struct text text, const char *string)
{
	size_t i;

	for (i = 0; i < text.length && string[i] == text.at[i]; i++)
		if (!string[i])
			return false;
	return i == text.length && !string[i];
}

static bool is_blank(char character)
{
	return character == ' ' || character == '\t' || character == '\r';
}

struct text text_trim(struct text text)
{
	while (text.length && is_blank(text.at[0]))
		text = text_tail(text, 1);
	while (text.length && is_blank(text.at[text.length - 1]))
		text.length--;
	return text;
}

struct text text_head(struct text text, size_t length)
{
	return (struct text){ text.at, length };
}

struct text text_tail(struct text text, size_t length)
{
	return (struct text){ text.at + length, text.length - length };
}

size_t text_find(struct text text, char character)
{
	size_t i = 0;

	while (i < text.length && text.at[i] != character)
		i++;
	return i;
}

bool text_number(struct text *text, uint32_t *number)
{
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < text->length && text->at[i] >= '0' && text->at[i] <= '9'; i++) {
		value = value * 10 + (uint64_t)(text->at[i] - '0');
		if (value > UINT32_MAX)
			value = UINT32_MAX;
	}
	*text = text_tail(*text, i);
	*number = (uint32_t)value;
	return i > 0;
}

static void add_character(struct line *line, char character)
{
	if (line->length < sizeof line->at - 1)
		line->at[line->length++] = character;
}

void line_add(struct line *line, const char *string)
{
	while (*string)
		add_character(line, *string++);
}

void line_add_number(struct line *line, uint32_t number)
{
	char digits[10];
	size_t n = 0;

	do
		digits[n++] = (char)('0' + number % 10);
	while (number /= 10);
	while (n)
		add_character(line, digits[--n]);
}

void line_add_text(struct line *line, struct text text, size_t most)
{
	for (size_t i = 0; i < text.length && i < most; i++) {
		unsigned char character = (unsigned char)text.at[i];

		add_character(line, character < ' ' || character == 127 ? '?' : text.at[i]);
	}
	if (text.length > most)
		line_add(line, "...");
}

void line_end(struct line *line)
{
	line->at[line->length++] = '\n';
}
