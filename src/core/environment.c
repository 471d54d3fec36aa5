/* The configuration's variables. */
#include "core/environment.h"

bool environment_says_off(const struct environment *environment)
{
	const struct value *value = &environment->settings.value[OPTION_KEEPALIVE];

	return value->state == VALUE_SET && !value->number;
}

/*
 * Returns the option that the variable sets; NULL if there is none. *rank: which of its variables
 * it is; 0 is our own.
 */
static const struct option_row *find_variable(struct text name, unsigned char *rank)
{
	for (size_t id = 0; id < OPTIONS; id++)
		for (unsigned char i = 0; i < OPTION_VARIABLES && option_table[id].variable[i][0];
		     i++)
			if (text_equals(name, option_table[id].variable[i])) {
				*rank = i;
				return &option_table[id];
			}
	return NULL;
}

static enum error_code read_option(struct environment *environment, const struct option_row *option,
				   unsigned char rank, struct text word)
{
	size_t id = (size_t)(option - option_table);
	struct value value;
	enum error_code code;

	if (rank && option->derivable && text_equals(word, "-1"))
		word = text_of("auto"); /* the ancestor's word for it */
	code = option_parse(option, word, &value);
	if (code)
		return code;
	if (environment->settings.value[id].state == VALUE_ABSENT || rank < environment->rank[id]) {
		environment->settings.value[id] = value;
		environment->rank[id] = rank;
	}
	return option_doubt(option, word);
}

/* If a variable is set twice the first one counts, as for getenv(). */
static enum error_code read_switch(struct value *setting, struct text word)
{
	struct value value;
	enum error_code code = switch_parse(word, &value);

	if (!code && setting->state == VALUE_ABSENT)
		*setting = value;
	return code;
}

static enum error_code read_override(struct environment *environment, struct text word)
{
	return read_switch(&environment->settings.override, word);
}

static enum error_code read_sandboxed(struct environment *environment, struct text word)
{
	return read_switch(&environment->sandboxed, word);
}

static enum error_code read_logging(struct environment *environment, struct text word,
				    enum error_code (*parse)(struct text word,
							     struct logging *logging))
{
	struct logging logging = { 0 };
	enum error_code code = parse(word, &logging);

	logging_merge(&logging, &environment->logging);
	environment->logging = logging;
	return code;
}

static enum error_code read_log(struct environment *environment, struct text word)
{
	return read_logging(environment, word, log_parse);
}

static enum error_code read_log_level(struct environment *environment, struct text word)
{
	return read_logging(environment, word, log_level_parse);
}

/* Our variables that are not options, without KEEPALIVE_CONF, which may also be empty. */
static const struct other_variable {
	char name[OPTION_NAME_SIZE];
	enum error_code (*read)(struct environment *environment, struct text word);
} other_variables[] = {
	{ "KEEPALIVE_OVERRIDE", read_override },
	{ "KEEPALIVE_SANDBOXED", read_sandboxed },
	{ "KEEPALIVE_LOG", read_log },
	{ "KEEPALIVE_LOG_LEVEL", read_log_level },
	{ "KEEPALIVE_CONF", NULL },
};

enum { OTHERS = sizeof other_variables / sizeof *other_variables };

const char *environment_name(size_t i)
{
	if (i < OPTIONS)
		return option_table[i].variable[0];
	return i < OPTIONS + OTHERS ? other_variables[i - OPTIONS].name : NULL;
}

static const struct other_variable *find_other(struct text name)
{
	for (size_t i = 0; i < OTHERS; i++)
		if (text_equals(name, other_variables[i].name))
			return &other_variables[i];
	return NULL;
}

/* Reads a variable that has a value. */
static void read_value(struct environment *environment, struct text name, struct text word,
		       struct errors *errors)
{
	const struct other_variable *other = find_other(name);
	struct error error = { .key = name, .word = word };
	unsigned char rank;

	if (other)
		error.code = other->read(environment, word);
	else if ((error.option = find_variable(name, &rank)))
		error.code = read_option(environment, error.option, rank, word);
	if (error.code)
		errors_add(errors, &error);
}

static void keep_first(const char **kept, const char *content)
{
	if (!*kept)
		*kept = content;
}

static void read_variable(struct environment *environment, struct text name, const char *content,
			  struct errors *errors)
{
	struct text word = text_trim(text_of(content));

	if (text_equals(name, "KEEPALIVE_CONF"))
		keep_first(&environment->file, content);
	else if (text_equals(name, "LISTEN_FDS"))
		keep_first(&environment->listen_fds, content);
	else if (text_equals(name, "LISTEN_PID"))
		keep_first(&environment->listen_pid, content);
	else if (word.length)
		read_value(environment, name, word, errors);
}

void environment_read(struct environment *environment, char *const *variables,
		      struct errors *errors)
{
	for (; variables && *variables; variables++) {
		struct text variable = { *variables, 0 };
		char first = variable.at[0];

		/* Most variables are not ours: their first letter shows that. */
		if (first != 'K' && first != 'T' && first != 'D' && first != 'L')
			continue;
		while (variable.at[variable.length] && variable.at[variable.length] != '=')
			variable.length++;
		if (variable.at[variable.length])
			read_variable(environment, variable, variable.at + variable.length + 1,
				      errors);
	}
}
