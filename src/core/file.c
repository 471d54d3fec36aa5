/* Reads the configuration file: lines, sections and keys. */
#include "core/file.h"

#include "core/conditions.h"
#include "core/keys.h"

void file_content_clear(struct file_content *content)
{
	content->globals = (struct settings){ 0 };
	content->logging.target = LOG_UNSET;
	content->logging.level = LEVEL_UNSET;
	content->sandboxed = (struct value){ 0 };
	content->rules.used = 0;
}

void file_reader_start(struct file_reader *reader, struct file_content *content, const char *path,
		       const struct program *program, struct errors *errors)
{
	/* The buffer is not cleared, to save time. */
	reader->content = content;
	reader->errors = errors;
	reader->path = text_of(path);
	reader->program = program;
	reader->line = 0;
	reader->begin = reader->at;
	reader->overlong = false;
	reader->in_section = false;
	reader->rule = NULL;
	reader->held = 0;
	file_content_clear(content);
}

/* Reports an error with file, line and column. `word` is part of the line, or empty. */
static void report_here(struct file_reader *reader, struct error error)
{
	error.file = reader->path;
	error.line = reader->line;
	error.column = 1;
	if (error.word.length)
		error.column += (unsigned int)(error.word.at - reader->begin);
	errors_add(reader->errors, &error);
}

/*
 * Reports an error that may have been a condition, and drops the rule: without the condition it
 * could match too much.
 */
static void report_and_drop(struct file_reader *reader, struct error error)
{
	error.rule_dropped = reader->in_section;
	report_here(reader, error);
	if (reader->rule)
		rule_drop(&reader->content->rules, reader->rule);
	reader->rule = NULL;
}

/* Stores the current rule if it is for this program. */
static void end_rule(struct file_reader *reader)
{
	struct rules *rules = &reader->content->rules;
	struct rule *rule = reader->rule;

	if (rule && reader->asked != reader->met)
		rule_drop(rules, rule);
	else if (rule && !rule_end(rules, rule, &reader->of_rule))
		report_and_drop(reader, (struct error){ .code = ERROR_MEMORY });
	reader->rule = NULL;
}

static bool take_word(struct text *text, const char *word)
{
	size_t length = text_of(word).length;

	if (text->length < length || !text_equals(text_head(*text, length), word))
		return false;
	*text = text_tail(*text, length);
	return true;
}

/* Returns the name in [rule NAME]; empty if the line is no such header. */
static struct text name_in_section(struct text line)
{
	struct text none = { line.at, 0 };

	if (!take_word(&line, "[") || !line.length || line.at[line.length - 1] != ']')
		return none;
	line = text_trim(text_head(line, line.length - 1));
	if (!take_word(&line, "rule") || !line.length || (line.at[0] != ' ' && line.at[0] != '\t'))
		return none;
	line = text_trim(line);
	return text_find(line, ']') == line.length ? line : none;
}

static void begin_section(struct file_reader *reader)
{
	end_rule(reader);
	reader->in_section = true;
	reader->of_rule = (struct settings){ 0 };
	reader->asked = reader->met = 0;
	reader->roles_set = false;
}

/*
 * A header that cannot be read begins a rule that is ignored: its settings must not apply to
 * everything.
 */
static void begin_nothing(struct file_reader *reader, struct error error)
{
	begin_section(reader);
	report_and_drop(reader, error);
}

static void read_section(struct file_reader *reader, struct text line)
{
	struct text name = name_in_section(line);

	begin_section(reader);
	if (!name.length) {
		report_and_drop(reader, (struct error){ .code = ERROR_SECTION, .word = line });
		return;
	}
	reader->rule = rule_begin(&reader->content->rules, name, reader->line);
	if (!reader->rule)
		report_and_drop(reader, (struct error){ .code = ERROR_MEMORY, .word = line });
}

/* Removes the first word of a list and returns it; empty at the end. */
static struct text next_word(struct text *list)
{
	struct text word;
	size_t length = 0;

	*list = text_trim(*list);
	while (length < list->length && list->at[length] != ' ' && list->at[length] != '\t')
		length++;
	word = text_head(*list, length);
	*list = text_tail(*list, length);
	return word;
}

static void read_condition(struct file_reader *reader, const struct condition_key *condition,
			   struct text key, struct text list)
{
	struct error error = { .key = key };

	if (!reader->in_section) {
		begin_nothing(reader, (struct error){ .code = ERROR_IN_A_RULE_ONLY, .word = key });
		return;
	}
	if (!list.length)
		error.code = ERROR_NO_VALUE;
	while (!error.code && (error.word = next_word(&list)).length) {
		error.code = condition->read(reader, error.word);
		if (error_is_warning(error.code)) {
			report_here(reader, error);
			error.code = ERROR_NONE;
		}
	}
	if (error.code)
		report_and_drop(reader, error);
}

static void read_setting(struct file_reader *reader, struct text key, struct text word)
{
	struct error error = { .key = key, .word = word, .option = key_option(key) };

	error.code = word.length ? key_read(reader, key, word) : ERROR_NO_VALUE;
	if (error.code == ERROR_NOT_IN_A_RULE)
		error = (struct error){ .code = ERROR_NOT_IN_A_RULE, .word = key };
	if (error.code)
		report_here(reader, error);
}

/* Returns true if the text could be a section header. */
static bool has_bracket(struct text text)
{
	return text_find(text, '[') < text.length || text_find(text, ']') < text.length;
}

/* Reports a line that cannot be read; `begin` is the part that could be a section header. */
static void reject(struct file_reader *reader, struct error error, struct text begin)
{
	if (has_bracket(begin))
		begin_nothing(reader, error);
	else
		report_and_drop(reader, error);
}

static void read_pair(struct file_reader *reader, struct text key, struct text word)
{
	const struct condition_key *condition = condition_find(key);

	if (condition)
		read_condition(reader, condition, key, word);
	else if (key_is_known(key))
		read_setting(reader, key, word);
	else if (key.length)
		reject(reader, (struct error){ .code = ERROR_UNKNOWN_KEY, .word = key }, key);
	else
		report_and_drop(reader, (struct error){ .code = ERROR_NO_KEY, .word = word });
}

/* A comment begins with a # at the start of the line or after a blank. */
struct text file_line_content(struct text line)
{
	size_t i;

	for (i = 0; i < line.length; i++)
		if (line.at[i] == '#' && (!i || line.at[i - 1] == ' ' || line.at[i - 1] == '\t'))
			break;
	return text_trim(text_head(line, i));
}

/* Removes the byte order mark that some editors write at the start of a file. */
static struct text without_byte_order_mark(struct text line)
{
	take_word(&line, "\xef\xbb\xbf");
	return line;
}

static void read_line(struct file_reader *reader, struct text line)
{
	size_t equals;

	if (reader->line == 1)
		line = without_byte_order_mark(line);
	line = file_line_content(line);
	equals = text_find(line, '=');
	if (!line.length)
		return;
	if (line.at[0] == '[')
		read_section(reader, line);
	else if (equals == line.length)
		reject(reader, (struct error){ .code = ERROR_NO_EQUALS, .word = line }, line);
	else
		read_pair(reader, text_trim(text_head(line, equals)),
			  text_trim(text_tail(line, equals + 1)));
}

char *file_reader_room(struct file_reader *reader, size_t *room)
{
	*room = sizeof reader->at - reader->held;
	return reader->at + reader->held;
}

static void take_line(struct file_reader *reader, struct text line)
{
	if (!reader->overlong) {
		reader->line++;
		reader->begin = line.at;
		read_line(reader, line);
	}
	reader->overlong = false;
}

/* Handles the start of a line that is too long. Comments may have any length. */
static void read_long_line(struct file_reader *reader, struct text begin)
{
	if (reader->line == 1)
		begin = text_trim(without_byte_order_mark(begin));
	if (!begin.length || begin.at[0] != '#')
		reject(reader, (struct error){ .code = ERROR_LONG_LINE },
		       text_head(begin, text_find(begin, '=')));
}

void file_reader_filled(struct file_reader *reader, size_t length)
{
	struct text left = { reader->at, reader->held + length };
	size_t searched = reader->held, newline;

	while ((newline = searched + text_find(text_tail(left, searched), '\n')) < left.length) {
		take_line(reader, text_head(left, newline));
		left = text_tail(left, newline + 1);
		searched = 0;
	}
	if (left.length == sizeof reader->at) {
		if (!reader->overlong) {
			reader->line++;
			read_long_line(reader, text_trim(left));
		}
		reader->overlong = true;
		left.length = 0;
	}
	for (size_t i = 0; left.at != reader->at && i < left.length; i++)
		reader->at[i] = left.at[i];
	reader->held = left.length;
}

void file_reader_end(struct file_reader *reader)
{
	if (reader->held)
		take_line(reader, (struct text){ reader->at, reader->held });
	reader->held = 0;
	end_rule(reader);
}
