/* Text for people on a terminal. */
#include "cli/ui/text.h"

#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/ui/table.h"

enum { TEXT_WIDTH = 78 };

int text_width(int least, int most, int otherwise)
{
	struct winsize size;
	int width = otherwise;

	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col)
		width = size.ws_col;
	return width < least ? least : width > most ? most : width;
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
