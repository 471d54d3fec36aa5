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

/* Returns the length of a UTF-8 character with this first byte; 0 if there is none. */
static size_t length_of_character(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xc0 || first > 0xf7)
		return 0;
	return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

size_t text_character(struct text text, uint32_t *character)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char first = (unsigned char)text.at[0];
	size_t length = length_of_character(first);

	if (length > text.length)
		return 0;
	*character = length > 1 ? first & (0x7fu >> length) : first;
	for (size_t i = 1; i < length; i++) {
		if ((text.at[i] & 0xc0) != 0x80)
			return 0;
		*character = *character << 6 | ((uint32_t)text.at[i] & 0x3f);
	}
	/* Overlong, half of a surrogate pair, or beyond Unicode. */
	if (*character < least[length] || *character >> 11 == 0xd800 >> 11 || *character > 0x10ffff)
		return 0;
	return length;
}

/*
 * Control characters, ends of lines and paragraphs, annotation marks, and Unicode's
 * Default_Ignorable_Code_Point: characters without width, or that change the direction.
 */
static bool is_invisible(uint32_t character)
{
	static const uint32_t range[][2] = {
		{ 0x0, 0x1f },        { 0x7f, 0x9f },       { 0xad, 0xad },
		{ 0x34f, 0x34f },     { 0x61c, 0x61c },     { 0x115f, 0x1160 },
		{ 0x17b4, 0x17b5 },   { 0x180b, 0x180f },   { 0x200b, 0x200f },
		{ 0x2028, 0x202e },   { 0x2060, 0x206f },   { 0x3164, 0x3164 },
		{ 0xfe00, 0xfe0f },   { 0xfeff, 0xfeff },   { 0xffa0, 0xffa0 },
		{ 0xfff0, 0xfffb },   { 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a },
		{ 0xe0000, 0xe0fff },
	};

	for (size_t i = 0; i < sizeof range / sizeof *range; i++)
		if (character >= range[i][0] && character <= range[i][1])
			return true;
	return false;
}

size_t text_visible(struct text text)
{
	uint32_t character;
	size_t length = text_character(text, &character);

	return length && !is_invisible(character) ? length : 0;
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

/* Appends a character whole or, if it does not fit, '?' for each byte that there is room for. */
static void add_visible(struct line *line, const char *at, size_t length)
{
	bool fits = length < sizeof line->at - line->length;

	for (size_t i = 0; i < length; i++)
		add_character(line, fits ? at[i] : '?');
}

void line_add_text(struct line *line, struct text text, size_t most)
{
	size_t length;

	for (size_t i = 0; i < text.length; i += length) {
		size_t visible = text_visible(text_tail(text, i));

		length = visible ? visible : 1;
		if (length > most - i) {
			line_add(line, "...");
			return;
		}
		add_visible(line, visible ? text.at + i : "?", length);
	}
}

void line_end(struct line *line)
{
	line->at[line->length++] = '\n';
}
