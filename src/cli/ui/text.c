/* Text for people on a terminal. */
#include "cli/ui/text.h"

#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

#include "cli/ui/table.h"

enum { TEXT_WIDTH = 78, ESCAPED = 4 /* \xHH */ };

int text_width(int least, int most, int otherwise)
{
	struct winsize size;
	int width = otherwise;

	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col)
		width = size.ws_col;
	return width < least ? least : width > most ? most : width;
}

/* Returns the columns of the character at the start, and sets its length. */
static int character_columns(const char *text, size_t *length)
{
	mbstate_t state = { 0 };
	wchar_t character;
	int columns;

	*length = 1;
	if (!((unsigned char)*text & 0x80))
		return 1;
	*length = mbrtowc(&character, text, MB_CUR_MAX, &state);
	if (*length < 1 || *length > MB_CUR_MAX) {
		*length = 1;
		return ESCAPED;
	}
	columns = iswprint((wint_t)character) ? wcwidth(character) : -1;
	return columns < 0 ? ESCAPED * (int)*length : columns;
}

int text_columns(const char *text)
{
	int columns = 0;
	size_t length;

	for (; *text; text += length)
		columns += character_columns(text, &length);
	return columns;
}

size_t text_fitting(const char *text, int columns)
{
	size_t fitting = 0, length;

	while (text[fitting]) {
		columns -= character_columns(text + fitting, &length);
		if (columns < 0)
			break;
		fitting += length;
	}
	return fitting;
}

const char *text_ellipsis(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") ? "..." : "\xe2\x80\xa6";
}

bool text_draws_lines(void)
{
	const char *terminal = getenv("TERM");

	return isatty(STDOUT_FILENO) && terminal && strcmp(terminal, "dumb") &&
	       !strcmp(nl_langinfo(CODESET), "UTF-8");
}

void text_wrap(int indent, const char *text)
{
	int width = indent;

	while (*text) {
		int length = (int)strcspn(text, " ");

		if (width > indent && width + 1 + length > TEXT_WIDTH) {
			printf("\n%*s", indent, "");
			width = indent;
		} else if (width > indent) {
			putchar(' ');
			width++;
		}
		printf("%.*s", length, text);
		width += length;
		text += length;
		text += strspn(text, " ");
	}
	putchar('\n');
}

void text_paint(const char *text)
{
	printf(colours_wanted() ? "\033[31m%s\033[0m" : "%s", text);
}
