/* Users by name or number, without a C library. */
#include "core/users.h"

enum { FIELD_NAME, FIELD_PASSWORD, FIELD_USER };

/* The state of the search in /etc/passwd. A line is NAME:PASSWORD:USER:... */
struct search {
	struct text name;
	size_t matched; /* bytes of the name; more than its length: another name */
	int field;
	bool has_number;
	uint32_t number;
};

static void begin_line(struct search *search)
{
	search->matched = 0;
	search->field = FIELD_NAME;
	search->has_number = false;
	search->number = 0;
}

static void take_byte_of_name(struct search *search, char byte)
{
	const struct text *name = &search->name;

	if (search->matched < name->length && name->at[search->matched] == byte)
		search->matched++;
	else
		search->matched = name->length + 1;
}

static void take_digit(struct search *search, char byte)
{
	uint64_t number = search->number * UINT64_C(10) + (uint64_t)(byte - '0');

	search->has_number = byte >= '0' && byte <= '9' && number <= UINT32_MAX;
	search->number = (uint32_t)number;
}

/* Returns true when the line with the name is read up to its number. */
static bool take_byte(struct search *search, char byte)
{
	if (byte == '\n') {
		begin_line(search);
	} else if (byte == ':') {
		if (search->field == FIELD_USER && search->has_number &&
		    search->matched == search->name.length)
			return true;
		search->field++;
	} else if (search->field == FIELD_NAME) {
		take_byte_of_name(search, byte);
	} else if (search->field == FIELD_USER) {
		take_digit(search, byte);
	}
	return false;
}

static bool search_in(int fd, const struct system *system, struct search *search)
{
	char buffer[1024];
	long length;

	while ((length = system->read(fd, buffer, sizeof buffer)) > 0)
		for (long i = 0; i < length; i++)
			if (take_byte(search, buffer[i]))
				return true;
	return false;
}

static enum error_code find_by_name(struct text name, const struct system *system, uint32_t *user)
{
	struct search search = { .name = name };
	int fd = system->open("/etc/passwd");
	bool found;

	if (fd < 0)
		return ERROR_UNKNOWN_USER;
	begin_line(&search);
	found = search_in(fd, system, &search);
	system->close(fd);
	*user = found ? search.number : *user;
	return found ? ERROR_NONE : ERROR_UNKNOWN_USER;
}

enum error_code user_read(struct text word, const struct system *system, uint32_t *user)
{
	struct text rest = word;
	uint32_t number;

	if (!text_number(&rest, &number))
		return find_by_name(word, system, user);
	if (rest.length || number == UINT32_MAX)
		return ERROR_NOT_A_USER;
	*user = number;
	return ERROR_NONE;
}
