/* Whether SystemCallFilter= of a service lets the library's system calls through. */
#include <stdlib.h>
#include <string.h>

#include "cli/base/memory.h"
#include "cli/systemd/obstacles.h"
#include "cli/systemd/syntax.h"

/* The sets of systemd.exec(5) that have the calls of sockets in them. */
static const char *const sets[] = { "@network-io", "@system-service", "@known" };

/* The result of the lines so far, for one system call. */
struct filter {
	const char *call;
	enum { NO_FILTER, ALLOWS, DENIES } kind; /* the first line decides what a list is for */
	bool listed;
	char *action; /* of the call alone, after a colon; NULL: that of the whole filter */
	const struct assignment *assignment; /* the last line that decided on it */
};

static bool names(const char *word, size_t length, const char *call)
{
	if (length == strlen(call) && !strncmp(word, call, length))
		return true;
	for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
		if (length == strlen(sets[i]) && !strncmp(word, sets[i], length))
			return true;
	return false;
}

static void take_word(struct filter *filter, const struct assignment *assignment, const char *word,
		      bool inverted)
{
	size_t length = strcspn(word, ":");

	if (!names(word, length, filter->call))
		return;
	filter->listed = inverted == (filter->kind == DENIES);
	filter->assignment = assignment;
	free(filter->action);
	filter->action = word[length] ? expect_memory(strdup(word + length + 1)) : NULL;
}

static void take_line(struct filter *filter, const struct assignment *assignment)
{
	const char *value = assignment_value(assignment);
	bool inverted = *value == '~';
	char *word;

	if (!*value) {
		filter->kind = NO_FILTER;
		filter->listed = false;
		return;
	}
	if (filter->kind == NO_FILTER) {
		filter->kind = inverted ? DENIES : ALLOWS;
		filter->assignment = assignment;
	}
	value += inverted;
	word = expect_memory(malloc(strlen(value) + 1));
	while (word_read(&value, word) == WORD_READ)
		take_word(filter, assignment, word, inverted);
	free(word);
}

/* A list of allowed calls may set an error for a call, which is then refused too. */
static bool denies(const struct filter *filter)
{
	if (filter->kind == ALLOWS)
		return !filter->listed || filter->action;
	return filter->kind == DENIES && filter->listed;
}

static bool kills(const struct obstacles *obstacles, const struct filter *filter)
{
	const struct assignment *assignment =
		assignments_find(&obstacles->unit->settings, "SystemCallErrorNumber");
	const char *action = assignment ? assignment_value(assignment) : "";

	if (filter->listed && filter->action)
		action = filter->action;
	return !*action || !strcmp(action, "kill");
}

static bool look_for(struct obstacles *obstacles, const char *call)
{
	static const char key[] = "SystemCallFilter=";
	const struct assignments *settings = &obstacles->unit->settings;
	struct filter filter = { .call = call };
	bool denied;

	for (size_t i = 0; i < settings->count; i++)
		if (!strncmp(settings->at[i].word, key, strlen(key)))
			take_line(&filter, &settings->at[i]);
	denied = denies(&filter);
	if (denied && kills(obstacles, &filter))
		obstacle(obstacles, WAY_LIBRARY | CERTAIN, filter.assignment,
			 "SystemCallFilter= would kill the service as soon as the library calls "
			 "%s()",
			 call);
	else if (denied)
		obstacle(obstacles, WAY_LIBRARY | CERTAIN, filter.assignment,
			 "SystemCallFilter= refuses %s() to the service: the library cannot set "
			 "anything",
			 call);
	free(filter.action);
	return denied;
}

void obstacles_of_filter(struct obstacles *obstacles)
{
	if (!look_for(obstacles, "setsockopt"))
		look_for(obstacles, "getsockopt");
}
