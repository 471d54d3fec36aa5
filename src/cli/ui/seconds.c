/* The seconds of --watch. */
#include "cli/ui/seconds.h"

#include "core/text.h"

enum { SECONDS_USUAL = 1, SECONDS_MOST = 3600 };

int seconds_read(const struct verb *verb, const char *word)
{
	struct text text = text_of(word ? word : "");
	uint32_t seconds;

	if (!word)
		return SECONDS_USUAL;
	if (!text_number(&text, &seconds) || text.length || !seconds || seconds > SECONDS_MOST)
		flags_wrong(verb, "--watch: \"%s\" is not a number of seconds, 1..%d", word,
			    SECONDS_MOST);
	return (int)seconds;
}
