/* Lines of messages: what of a text reaches a terminal, and where it is cut. */
#define _GNU_SOURCE
#include <iconv.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "core/error.h"
#include "lib/harness.h"

enum { ALL = SIZE_MAX, LINE_SIZE = sizeof((struct line *)0)->at, LAST_CHARACTER = 0x10ffff };

/* `text` as a line has it, cut at `most`. */
static const char *shown(const char *text, size_t length, size_t most)
{
	static struct line line;

	line.length = 0;
	line_add_text(&line, (struct text){ text, length }, most);
	line.at[line.length] = 0;
	return line.at;
}

static size_t encode(uint32_t character, char *to)
{
	static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t length = character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;

	for (size_t i = length; i-- > 0; character >>= 6)
		to[i] = (char)(length > 1 && i ? 0x80 | (character & 0x3f)
					       : character | lead[length]);
	to[length] = 0;
	return length;
}

/* Controls, marks of direction, ends of lines and paragraphs, and what has no width. */
static bool is_dangerous(uint32_t character)
{
	static const uint32_t none[] = { 0x61c,  0x200e, 0x200f, 0x2028, 0x2029, 0x200b, 0x200c,
					 0x200d, 0x2060, 0xfeff, 0xad,   0x180e, 0x3164, 0xe0041 };

	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		if (character == none[i])
			return true;
	return character < 0x20 || (character >= 0x7f && character <= 0x9f) ||
	       (character >= 0x202a && character <= 0x202e) ||
	       (character >= 0x2066 && character <= 0x2069);
}

/* Those that a system gives a width, although they show nothing: a hyphen, letters to fill with,
 * marks of annotations.
 */
static bool is_blank(uint32_t character)
{
	return character == 0xad || character == 0x115f || character == 0x3164 ||
	       character == 0xffa0 || (character >= 0xfff9 && character <= 0xfffb);
}

/* Every character there is: the dangerous ones are not shown, letters and the like are. */
START_TEST(every_character)
{
	char text[8], mark[8];

	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		SKIP("the system has no locale C.UTF-8");
	for (uint32_t character = 0; character <= LAST_CHARACTER; character++) {
		bool surrogate = character >= 0xd800 && character <= 0xdfff;
		size_t length = encode(character, text);
		const char *got = shown(text, length, ALL);

		memset(mark, '?', length);
		mark[length] = 0;
		if (surrogate || is_dangerous(character) || iswcntrl((wint_t)character))
			ck_assert_msg(!strcmp(got, mark), "U+%04X is shown", character);
		else if (strcmp(got, text) != 0)
			ck_assert_msg(!strcmp(got, mark) && (is_blank(character) ||
							     wcwidth((wchar_t)character) <= 0),
				      "U+%04X is not shown", character);
	}
}
END_TEST

static iconv_t converter;

static bool is_valid_to_system(char *bytes, size_t length)
{
	char out[64], *to = out;
	size_t room = sizeof out;

	iconv(converter, NULL, NULL, NULL, NULL);
	return iconv(converter, &bytes, &length, &to, &room) != (size_t)-1;
}

static void check_validity(char *bytes, size_t length)
{
	uint32_t character;
	size_t done = 0;

	while (done < length) {
		struct text rest = { bytes + done, length - done };
		size_t took = text_character(rest, &character);

		if (!took)
			break;
		done += took;
	}
	ck_assert_msg((done == length) == is_valid_to_system(bytes, length),
		      "%02x %02x %02x %02x, %zu", bytes[0] & 255, bytes[1] & 255, bytes[2] & 255,
		      bytes[3] & 255, length);
}

/* What is UTF-8 is what iconv takes: all pairs of bytes, and longer ones of the edges of all
 * ranges. */
START_TEST(valid_as_iconv_has_it)
{
	static const unsigned char leads[] = {
		0x7f, 0xbf, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed,
		0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf7, 0xf8
	};
	static const unsigned char edges[] = { 0x41, 0x7f, 0x80, 0x8f, 0x90,
					       0x9f, 0xa0, 0xbf, 0xc0, 0xff };
	enum { LEADS = sizeof leads, EDGES = sizeof edges };
	char bytes[5] = "";

	converter = iconv_open("UTF-32LE", "UTF-8");
	if (converter == (iconv_t)-1)
		SKIP("the C library has no tables for conversion here");
	for (int pair = 0; pair < 256 * 256; pair++) {
		bytes[0] = (char)(pair / 256);
		bytes[1] = (char)(pair % 256);
		check_validity(bytes, 2);
	}
	for (int i = 0; i < LEADS * EDGES * EDGES * EDGES; i++) {
		bytes[0] = (char)leads[i % LEADS];
		bytes[1] = (char)edges[i / LEADS % EDGES];
		bytes[2] = (char)edges[i / LEADS / EDGES % EDGES];
		bytes[3] = (char)edges[i / LEADS / EDGES / EDGES];
		check_validity(bytes, 3);
		check_validity(bytes, 4);
	}
}
END_TEST

static const struct cut {
	const char *text;
	size_t most;
	const char *shown;
} cuts[] = {
	{ "abcdef", 6, "abcdef" },
	{ "abcdefg", 6, "abcdef..." },
	{ "", 0, "" },
	{ "a", 0, "..." },
	{ "a\xc3\xa9", 3, "a\xc3\xa9" },
	{ "a\xc3\xa9", 2, "a..." },
	{ "a\xc3\xa9z", 3, "a\xc3\xa9..." },
	{ "\xe2\x82\xac\xe2\x82\xac", 5, "\xe2\x82\xac..." },
	{ "\xf0\x9f\x98\x80", 3, "..." },
	{ "\xc3", 1, "?" },
	{ "\xe2\x82", 2, "??" },
	{ "a\xe2\x80\xae"
	  "b",
	  9, "a???b" },
	{ "a\xc2\x9b"
	  "31m",
	  9, "a??31m" },
	{ "\x1b[31m\n\t\x7f", 9, "?[31m???" },
};

START_TEST(cut_between_characters)
{
	const struct cut *it = &cuts[_i];

	ck_assert_str_eq(shown(it->text, strlen(it->text), it->most), it->shown);
}
END_TEST

/* A character whose last bytes are not part of the text is none. */
START_TEST(end_of_text)
{
	static const char *const characters[] = { "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80" };
	uint32_t character;

	for (size_t i = 0; i < sizeof characters / sizeof *characters; i++)
		for (size_t length = 1; length <= i + 2; length++) {
			struct text text = { characters[i], length };

			ck_assert_uint_eq(text_character(text, &character),
					  length == i + 2 ? length : 0);
			ck_assert_uint_eq(text_visible(text), length == i + 2 ? length : 0);
		}
}
END_TEST

/* Where a character does not fit into the line, nothing of it is in the line. */
START_TEST(end_of_line)
{
	static const char *const characters[] = { "x", "\xc3\xa9", "\xe2\x82\xac",
						  "\xf0\x9f\x98\x80" };

	for (size_t i = 0; i < sizeof characters / sizeof *characters; i++)
		for (size_t before = 0; before < 4; before++) {
			char text[2 * LINE_SIZE] = "";
			struct line line = { 0 };
			size_t length = strlen(characters[i]);
			size_t fitting = (LINE_SIZE - 1 - before) / length;

			memset(text, 'b', before);
			while (strlen(text) < LINE_SIZE + 8)
				strcat(text, characters[i]);
			line_add_text(&line, text_of(text), ALL);
			ck_assert_uint_eq(line.length, LINE_SIZE - 1);
			ck_assert_int_eq(memcmp(line.at, text, before + fitting * length), 0);
			for (size_t at = before + fitting * length; at < line.length; at++)
				ck_assert_int_eq(line.at[at], '?');
			line_end(&line);
			ck_assert_uint_eq(line.length, LINE_SIZE);
			ck_assert_int_eq(line.at[LINE_SIZE - 1], '\n');
		}
}
END_TEST

/* 32 bits are read, and what is more comes as the most. */
START_TEST(numbers)
{
	static const struct {
		const char *text;
		uint32_t number;
		size_t left;
	} row[] = {
		{ "0", 0, 0 },
		{ "4294967294", 4294967294, 0 },
		{ "4294967295", 4294967295, 0 },
		{ "4294967296", 4294967295, 0 },
		{ "99999999999999999999x", 4294967295, 1 },
		{ "12:", 12, 1 },
		{ "12/", 12, 1 },
	};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct text text = text_of(row[i].text);
		struct line line = { 0 };
		uint32_t number;
		char wanted[16];

		ck_assert(text_number(&text, &number));
		ck_assert_uint_eq(number, row[i].number);
		ck_assert_uint_eq(text.length, row[i].left);
		line_add_number(&line, number);
		line.at[line.length] = 0;
		snprintf(wanted, sizeof wanted, "%u", number);
		ck_assert_str_eq(line.at, wanted);
	}
}
END_TEST

/* How much of a path, a key and a word a message has: what is one byte longer is cut. */
START_TEST(lengths_in_messages)
{
	enum { PATH_MOST = 250, WORD_MOST = 60 };
	static const char dots[] = "...";
	char path[PATH_MOST + 2] = "", word[WORD_MOST + 2] = "", wanted[512];

	for (size_t more = 0; more <= 1; more++) {
		struct error error = { .code = ERROR_NOT_A_TIME, .line = 7 };
		struct line line = { 0 };

		memset(path, 'p', PATH_MOST + more);
		memset(word, 'w', WORD_MOST + more);
		error.file = text_of(path);
		error.key = error.word = text_of(word);
		error_write(&error, &line);
		line.at[line.length] = 0;
		snprintf(wanted, sizeof wanted,
			 "%.*s%s:7: %.*s%s: \"%.*s%s\" is not a time (units: ms, s, min, h)",
			 PATH_MOST, path, more ? dots : "", WORD_MOST, word, more ? dots : "",
			 WORD_MOST, word, more ? dots : "");
		ck_assert_str_eq(line.at, wanted);
	}
}
END_TEST

/* Each code has words of its own. */
START_TEST(every_problem)
{
	struct line said[ERROR_LARGE_FILE + 1] = { 0 };

	for (enum error_code code = ERROR_NONE + 1; code <= ERROR_LARGE_FILE; code++) {
		struct error error = { .code = code, .option = option_table + 1 };

		error_write_reason(&error, &said[code]);
		ck_assert_uint_ge(said[code].length, 8);
		ck_assert_uint_lt(said[code].length, 63);
		for (enum error_code other = ERROR_NONE + 1; other < code; other++)
			ck_assert_str_ne(said[code].at, said[other].at);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("text");
	TCase *tcase = harness_case(suite, "text", 60);

	tcase_add_test(tcase, every_character);
	tcase_add_test(tcase, valid_as_iconv_has_it);
	tcase_add_loop_test(tcase, cut_between_characters, 0, sizeof cuts / sizeof *cuts);
	tcase_add_test(tcase, end_of_text);
	tcase_add_test(tcase, end_of_line);
	tcase_add_test(tcase, numbers);
	tcase_add_test(tcase, lengths_in_messages);
	tcase_add_test(tcase, every_problem);
	return harness_run(suite);
}
