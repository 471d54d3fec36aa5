/* The keys of the file that set something. */
#include "core/keys.h"

/*
 * Returns the settings that the current line changes: the rule's or the globals. Those of a dropped
 * rule are not kept.
 */
static struct settings *settings_here(struct file_reader *reader)
{
	return reader->in_section ? &reader->of_rule : &reader->content->globals;
}

const struct option_row *key_option(struct text key)
{
	for (size_t id = 0; id < OPTIONS; id++)
		if (text_equals(key, option_table[id].key))
			return &option_table[id];
	return NULL;
}

static enum error_code read_option(struct file_reader *reader, const struct option_row *option,
				   struct text word)
{
	struct value value;
	enum error_code code = option_parse(option, word, &value);

	if (code)
		return code;
	value.line = reader->line;
	settings_here(reader)->value[option - option_table] = value;
	return option_doubt(option, word);
}

static enum error_code read_override(struct file_reader *reader, struct text word)
{
	struct value value;
	enum error_code code = switch_parse(word, &value);

	value.line = reader->line;
	if (!code)
		settings_here(reader)->override = value;
	return code;
}

static enum error_code read_sandboxed(struct file_reader *reader, struct text word)
{
	return switch_parse(word, &reader->content->sandboxed);
}

static enum error_code read_log(struct file_reader *reader, struct text word)
{
	return log_parse(word, &reader->content->logging);
}

static enum error_code read_log_level(struct file_reader *reader, struct text word)
{
	return log_level_parse(word, &reader->content->logging);
}

/* The keys that are not options. */
static const struct other_key {
	char key[16];
	bool program_wide; /* applies to the whole program, so a rule cannot set it */
	enum error_code (*read)(struct file_reader *reader, struct text word);
} other_keys[] = {
	{ "override", false, read_override },
	{ "sandboxed", true, read_sandboxed },
	{ "log", true, read_log },
	{ "log_level", true, read_log_level },
};

static const struct other_key *find_other(struct text key)
{
	for (size_t i = 0; i < sizeof other_keys / sizeof *other_keys; i++)
		if (text_equals(key, other_keys[i].key))
			return &other_keys[i];
	return NULL;
}

const char *key_name(size_t i)
{
	const size_t others = sizeof other_keys / sizeof *other_keys;

	if (i < OPTIONS)
		return option_table[i].key;
	return i < OPTIONS + others ? other_keys[i - OPTIONS].key : NULL;
}

bool key_is_known(struct text key)
{
	return key_option(key) || find_other(key);
}

enum error_code key_read(struct file_reader *reader, struct text key, struct text word)
{
	const struct option_row *option = key_option(key);
	const struct other_key *other = find_other(key);

	if (option)
		return read_option(reader, option, word);
	if (other->program_wide && reader->in_section)
		return ERROR_NOT_IN_A_RULE;
	return other->read(reader, word);
}
