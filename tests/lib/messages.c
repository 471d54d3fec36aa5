/* What was said in a configuration, and reported, as text to compare. */
#include "lib/messages.h"

#include <stdio.h>

static void take(void *context, const struct error *error)
{
	struct messages *messages = context;
	struct line line = { 0 };
	int length;

	error_write(error, &line);
	length = snprintf(messages->at + messages->length, sizeof messages->at - messages->length,
			  "%.*s\n", (int)line.length, line.at);
	messages->length += (size_t)length;
}

struct errors collect_messages(struct messages *messages)
{
	return (struct errors){ take, messages, 0 };
}

const char *values_text(const struct settings *settings)
{
	static char texts[8][512];
	static unsigned int next;
	char *text = texts[next++ % 8];
	size_t length = 0;

	*text = 0;
	for (size_t id = 0; id <= OPTIONS; id++) {
		const struct value *value =
			id < OPTIONS ? &settings->value[id] : &settings->override;
		const char *word = value->state == VALUE_KERNEL ? "default" : "auto";

		if (value->state == VALUE_ABSENT)
			continue;
		length += (size_t)snprintf(text + length, sizeof texts[0] - length, "%s%s ",
					   length ? ", " : "",
					   id < OPTIONS ? option_table[id].key : "override");
		length += (size_t)(value->state == VALUE_SET
					   ? snprintf(text + length, sizeof texts[0] - length, "%d",
						      value->number)
					   : snprintf(text + length, sizeof texts[0] - length, "%s",
						      word));
	}
	return text;
}
