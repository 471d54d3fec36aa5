/* Sets one option on one socket; the only file that sets any on the program's sockets. */
#include "shim/setting.h"

#include "shim/ask.h"
#include "shim/descriptors.h"
#include "shim/libc.h"

struct decision setting_base;

/* Written once, before the hooks read it. */
static const struct kernel_values *kernel;

/* setting_base in the layout that socket() needs: the options to set, one after the other. */
static struct setting_at_socket {
	int level;
	int name;
	int number;
	unsigned char id;
} at_socket[OPTIONS];
static int at_socket_count;

bool setting_is_for_listeners(size_t id)
{
	return option_table[id].stage == STAGE_LISTENING;
}

void setting_configure(const struct policy *policy)
{
	static const struct endpoint nowhere;

	kernel = &policy->kernel;
	policy_decide(policy, &nowhere, &setting_base);
	at_socket_count = 0;
	for (unsigned char id = 0; id < OPTIONS; id++) {
		const struct option_row *option = &option_table[id];

		if (setting_base.choice[id].configured && !setting_is_for_listeners(id))
			at_socket[at_socket_count++] =
				(struct setting_at_socket){ option->level, option->name,
							    setting_base.choice[id].number, id };
	}
}

bool setting_set(int fd, size_t id, const struct decision *decision, struct report *report)
{
	const struct option_row *option = &option_table[id];
	const struct choice *choice = &decision->choice[id];
	int number = !choice->configured && option->zero_unsets ? 0 : choice->number;

	if (real_setsockopt(fd, option->level, option->name, &number, sizeof number)) {
		report_refused(report, option, choice, errno_get());
		return false;
	}
	report_set(report, option, choice);
	return true;
}

__attribute__((noinline)) static void set_base_and_report(int fd)
{
	struct report report;

	report_begin(&report, "socket", fd, NULL);
	for (int i = 0; i < at_socket_count; i++)
		setting_set(fd, at_socket[i].id, &setting_base, &report);
	report_end(&report);
}

void setting_set_base(int fd)
{
	if (log_wants(LEVEL_ERROR)) {
		set_base_and_report(fd);
		return;
	}
	for (const struct setting_at_socket *it = at_socket; it < at_socket + at_socket_count; it++)
		real_setsockopt(fd, it->level, it->name, &it->number, sizeof it->number);
}

static bool is_set_by_program(int fd, size_t id)
{
	return descriptor_entry(fd) & descriptor_option(id);
}

bool setting_is_as_left(int fd, size_t id, const struct decision *decision)
{
	return !is_set_by_program(fd, id) &&
	       (option_table[id].rounded || ask_option(fd, id) == decision->choice[id].number);
}

bool setting_is_fresh(int fd, size_t id)
{
	return !is_set_by_program(fd, id) && ask_option(fd, id) == kernel->number[id];
}
