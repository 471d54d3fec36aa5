/* Names that others chose: of processes, of control groups. */
#include "cli/base/name.h"

#include "core/text.h"

void name_clean(char *name)
{
	while (*name) {
		size_t length = text_visible(text_of(name));

		if (!length)
			*name = '?';
		name += length ? length : 1;
	}
}
