/*
 * The conditions of a rule. Those of the program are evaluated here, once; those of a connection
 * become part of the rule.
 */
#include "core/conditions.h"

#include "core/glob.h"
#include "core/users.h"

static void ask(struct file_reader *reader, enum program_condition condition, bool holds)
{
	reader->asked |= 1u << condition;
	if (holds)
		reader->met |= 1u << condition;
}

static enum error_code read_program(struct file_reader *reader, struct text word)
{
	const struct text *name = reader->program->names();
	bool matches = false;

	for (size_t i = 0; i < PROGRAM_NAMES; i++)
		matches |= name[i].length && glob_match(word, name[i]);
	ask(reader, PROGRAM_NAME, matches);
	return ERROR_NONE;
}

static enum error_code read_uid(struct file_reader *reader, struct text word)
{
	const struct program *program = reader->program;
	uint32_t user;
	enum error_code code = user_read(word, program->system, &user);

	ask(reader, PROGRAM_USER, !code && program->user_known && user == program->user);
	return code;
}

static enum error_code read_role(struct file_reader *reader, struct text word)
{
	enum role role = text_equals(word, "client") ? ROLE_CLIENT : ROLE_SERVER;

	if (role == ROLE_SERVER && !text_equals(word, "server"))
		return ERROR_NOT_A_ROLE;
	if (reader->rule)
		reader->rule->roles =
			(unsigned char)(role | (reader->roles_set ? reader->rule->roles : 0));
	reader->roles_set = true;
	return ERROR_NONE;
}

static enum error_code add_condition(struct file_reader *reader, const struct condition *condition)
{
	if (reader->rule && !rule_add_condition(&reader->content->rules, reader->rule, condition))
		return ERROR_MEMORY;
	return ERROR_NONE;
}

static enum error_code read_remote(struct file_reader *reader, struct text word)
{
	struct condition condition = { .kind = CONDITION_REMOTE };

	if (!network_read(word, &condition.network))
		return ERROR_NOT_AN_ADDRESS;
	return add_condition(reader, &condition);
}

static enum error_code read_ports(struct file_reader *reader, struct text word,
				  enum condition_kind kind)
{
	struct condition condition = { .kind = kind };

	if (!port_range_read(word, &condition.ports))
		return ERROR_NOT_A_PORT;
	return add_condition(reader, &condition);
}

static enum error_code read_remote_port(struct file_reader *reader, struct text word)
{
	return read_ports(reader, word, CONDITION_REMOTE_PORT);
}

static enum error_code read_local_port(struct file_reader *reader, struct text word)
{
	return read_ports(reader, word, CONDITION_LOCAL_PORT);
}

static const struct condition_key condition_keys[] = {
	{ "program", read_program },
	{ "uid", read_uid },
	{ "role", read_role },
	{ "remote", read_remote },
	{ "remote_port", read_remote_port },
	{ "local_port", read_local_port },
};

const struct condition_key *condition_find(struct text key)
{
	for (size_t i = 0; i < sizeof condition_keys / sizeof *condition_keys; i++)
		if (text_equals(key, condition_keys[i].key))
			return &condition_keys[i];
	return NULL;
}

const char *condition_name(size_t i)
{
	return i < sizeof condition_keys / sizeof *condition_keys ? condition_keys[i].key : NULL;
}
