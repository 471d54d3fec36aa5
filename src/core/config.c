/* The configuration: what file and environment say, and what comes of the two. */
#include "core/config.h"

/*
 * The kernel looks at the user timeout when a keepalive timer fires, so any value after tick
 * count - 1 up to tick count does the same. Timers fire late, never early (by up to an eighth of
 * their length), so the end of that span is the safe part of it; an exactly equal value can miss
 * the tick by a jiffy, of which the longest is 10 ms.
 */
enum { DERIVED_MARGIN_MS = 100 };

int derive_user_timeout(int idle, int interval, int count)
{
	int64_t seconds = idle + (int64_t)interval * count;
	int64_t milliseconds = seconds * 1000 - DERIVED_MARGIN_MS;
	int64_t maximum = option_table[OPTION_USER_TIMEOUT].maximum;

	return (int)(milliseconds < maximum ? milliseconds : maximum);
}

bool environment_says_off(const struct environment *environment)
{
	const struct value *value = &environment->settings.value[OPTION_KEEPALIVE];

	return value->state == VALUE_SET && !value->number;
}

/* log = off is the only word of it so far. */
static enum problem parse_log(struct text word, bool *silent)
{
	if (!text_equals(word, "off"))
		return PROBLEM_LOG;
	*silent = true;
	return PROBLEM_NONE;
}

/* Which option the variable is a name of, and the how manieth: 0 is our own. NULL: none. */
static const struct option *find_variable(struct text name, unsigned char *rank)
{
	for (size_t id = 0; id < OPTIONS; id++)
		for (unsigned char i = 0; i < OPTION_VARIABLES && option_table[id].variable[i][0]; i++)
			if (text_equals(name, option_table[id].variable[i])) {
				*rank = i;
				return &option_table[id];
			}
	return NULL;
}

static enum problem read_option_variable(struct environment *environment,
					 const struct option *option, unsigned char rank,
					 struct text word)
{
	size_t id = (size_t)(option - option_table);
	struct value value;
	enum problem problem;

	if (rank && option->derivable && text_equals(word, "-1"))
		word = text_of("auto"); /* as an ancestor wrote it */
	problem = option_parse(option, word, &value);
	if (problem)
		return problem;
	if (environment->settings.value[id].state == VALUE_ABSENT || rank < environment->rank[id]) {
		environment->settings.value[id] = value;
		environment->rank[id] = rank;
	}
	return PROBLEM_NONE;
}

static void read_variable(struct environment *environment, struct text name, const char *word,
			  struct complaints *complaints)
{
	struct complaint complaint = { .key = name, .word = text_trim(text_of(word)) };
	unsigned char rank;

	if (text_equals(name, "KEEPALIVE_CONF"))
		environment->file = word;
	else if (text_equals(name, "LISTEN_FDS"))
		environment->listen_fds = word;
	else if (text_equals(name, "LISTEN_PID"))
		environment->listen_pid = word;
	else if (!complaint.word.length)
		return;
	else if (text_equals(name, "KEEPALIVE_LOG"))
		complaint.problem = parse_log(complaint.word, &environment->settings.silent);
	else if ((complaint.option = find_variable(name, &rank)))
		complaint.problem = read_option_variable(environment, complaint.option, rank,
							 complaint.word);
	if (complaint.problem)
		complain(complaints, &complaint);
}

void environment_read(struct environment *environment, char *const *variables,
		      struct complaints *complaints)
{
	for (; variables && *variables; variables++) {
		struct text variable = { *variables, 0 };
		char first = variable.at[0];

		/* Most variables are somebody else's: a look at one letter tells. */
		if (first != 'K' && first != 'T' && first != 'D' && first != 'L')
			continue;
		while (variable.at[variable.length] && variable.at[variable.length] != '=')
			variable.length++;
		if (variable.at[variable.length])
			read_variable(environment, variable, variable.at + variable.length + 1,
				      complaints);
	}
}

void file_reader_start(struct file_reader *reader, struct settings *settings, const char *path,
		       struct complaints *complaints)
{
	/* Field by field: the buffer need not be cleared. */
	reader->settings = settings;
	reader->complaints = complaints;
	reader->path = text_of(path);
	reader->line = 0;
	reader->overlong = false;
	reader->in_section = false;
	reader->held = 0;
}

static void complain_of_line(struct file_reader *reader, struct complaint complaint)
{
	complaint.file = reader->path;
	complaint.line = reader->line;
	complaint.column = 1;
	if (complaint.word.length)
		complaint.column += (unsigned int)(complaint.word.at - reader->begin);
	complain(reader->complaints, &complaint);
}

/* Without the comment: from a # at the start or behind a blank. */
static struct text without_comment(struct text line)
{
	for (size_t i = 0; i < line.length; i++)
		if (line.at[i] == '#' && (!i || line.at[i - 1] == ' ' || line.at[i - 1] == '\t'))
			return text_head(line, i);
	return line;
}

static const struct option *find_key(struct text key)
{
	for (size_t id = 0; id < OPTIONS; id++)
		if (text_equals(key, option_table[id].key))
			return &option_table[id];
	return NULL;
}

static void read_pair(struct file_reader *reader, struct text key, struct text word)
{
	struct complaint complaint = { .key = key, .word = word, .option = find_key(key) };
	struct value value;

	if (!key.length)
		complaint.problem = PROBLEM_NO_KEY;
	else if (!complaint.option && !text_equals(key, "log"))
		complaint = (struct complaint){ .problem = PROBLEM_UNKNOWN_KEY, .word = key };
	else if (!word.length)
		complaint.problem = PROBLEM_NO_VALUE;
	else if (!complaint.option)
		complaint.problem = parse_log(word, &reader->settings->silent);
	else
		complaint.problem = option_parse(complaint.option, word, &value);
	if (complaint.problem)
		complain_of_line(reader, complaint);
	else if (complaint.option)
		reader->settings->value[complaint.option - option_table] = value;
}

/* Without the mark that some editors put before the first line of UTF-8. */
static struct text without_byte_order_mark(struct text line)
{
	bool marked = line.length >= 3 && text_equals(text_head(line, 3), "\xef\xbb\xbf");

	return marked ? text_tail(line, 3) : line;
}

static void read_line(struct file_reader *reader, struct text line)
{
	size_t equals;

	if (reader->line == 1)
		line = without_byte_order_mark(line);
	line = text_trim(without_comment(line));
	if (!line.length)
		return;
	if (line.at[0] == '[') {
		reader->in_section = true;
		complain_of_line(reader, (struct complaint){ .problem = PROBLEM_SECTION, .word = line });
		return;
	}
	if (reader->in_section)
		return;
	equals = text_find(line, '=');
	if (equals == line.length)
		complain_of_line(reader, (struct complaint){ .problem = PROBLEM_NO_EQUALS, .word = line });
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

void file_reader_filled(struct file_reader *reader, size_t length)
{
	struct text left = { reader->at, reader->held + length };
	size_t newline;

	while ((newline = text_find(left, '\n')) < left.length) {
		take_line(reader, text_head(left, newline));
		left = text_tail(left, newline + 1);
	}
	if (left.length == sizeof reader->at) {
		if (!reader->overlong) {
			reader->line++;
			complain_of_line(reader, (struct complaint){ .problem = PROBLEM_LONG_LINE });
		}
		reader->overlong = true;
		left.length = 0;
	}
	for (reader->held = 0; reader->held < left.length; reader->held++)
		reader->at[reader->held] = left.at[reader->held];
}

void file_reader_end(struct file_reader *reader)
{
	if (reader->held)
		take_line(reader, (struct text){ reader->at, reader->held });
	reader->held = 0;
}

void kernel_values_default(struct kernel_values *kernel)
{
	for (size_t id = 0; id < OPTIONS; id++)
		kernel->number[id] = option_table[id].fresh;
}

void config_merge(const struct settings *environment, const struct settings *file,
		  struct value *result)
{
	for (size_t id = 0; id < OPTIONS; id++) {
		result[id] = environment->value[id];
		if (result[id].state == VALUE_ABSENT)
			result[id] = file->value[id];
	}
	if (result[OPTION_KEEPALIVE].state == VALUE_ABSENT)
		result[OPTION_KEEPALIVE] = (struct value){ VALUE_SET, 1 };
}

bool config_needs_kernel_values(const struct value *result)
{
	return result[OPTION_USER_TIMEOUT].state == VALUE_AUTO &&
	       (result[OPTION_IDLE].state != VALUE_SET ||
		result[OPTION_INTERVAL].state != VALUE_SET ||
		result[OPTION_COUNT].state != VALUE_SET);
}

static int set_or_kernel(const struct value *result, const struct kernel_values *kernel, size_t id)
{
	return result[id].state == VALUE_SET ? result[id].number : kernel->number[id];
}

void config_derive(struct value *result, const struct kernel_values *kernel)
{
	struct value *timeout = &result[OPTION_USER_TIMEOUT];

	if (timeout->state == VALUE_AUTO)
		*timeout = (struct value){
			VALUE_SET, derive_user_timeout(set_or_kernel(result, kernel, OPTION_IDLE),
						       set_or_kernel(result, kernel, OPTION_INTERVAL),
						       set_or_kernel(result, kernel, OPTION_COUNT))
		};
}

bool config_acts(const struct value *result)
{
	return !(result[OPTION_KEEPALIVE].state == VALUE_SET && !result[OPTION_KEEPALIVE].number);
}
