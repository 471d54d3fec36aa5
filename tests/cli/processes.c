/* Processes as show and apply open them: whether a number is still that of the one that was found.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/sockets/process.h"
#include "lib/harness.h"

static pid_t start_child(void)
{
	pid_t child = fork();

	ck_assert_int_ge(child, 0);
	while (!child)
		pause();
	return child;
}

static void end_child(pid_t child)
{
	ck_assert(!kill(child, SIGKILL));
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
}

/* What counts is whom the kernel started it as. */
START_TEST(user_at_the_start)
{
	pid_t child = start_child();
	uint32_t user = 12345;

	ck_assert(process_user(child, &user));
	ck_assert_uint_eq(user, (uint32_t)getauxval(AT_EUID));
	end_child(child);
	user = 12345;
	ck_assert(!process_user(child, &user));
	ck_assert_uint_eq(user, 12345);
}
END_TEST

START_TEST(found_in_the_tree)
{
	pid_t child = start_child();
	struct relative *tree = process_tree(getpid());

	ck_assert_int_eq(tree[0].pid, getpid());
	ck_assert_int_eq(tree[1].pid, child);
	ck_assert_int_eq(tree[1].parent, getpid());
	ck_assert_int_eq(tree[2].pid, 0);
	free(tree);
	end_child(child);
}
END_TEST

/* A number that has another parent than it had is another process's. */
START_TEST(of_another_parent)
{
	pid_t child = start_child();
	struct process process;

	ck_assert_int_eq(process_open_child(&process, &(struct relative){ child, getpid() }),
			 PROCESS_FINE);
	process_close(&process);
	ck_assert_int_eq(process_open_child(&process, &(struct relative){ child, getppid() }),
			 PROCESS_GONE);
	ck_assert_int_eq(process.pidfd, -1);
	/* What the user has named is what it is. */
	ck_assert_int_eq(process_open_child(&process, &(struct relative){ child, 0 }),
			 PROCESS_FINE);
	process_close(&process);
	end_child(child);
	ck_assert_int_eq(process_open_child(&process, &(struct relative){ child, getpid() }),
			 PROCESS_GONE);
}
END_TEST

/* It has ended, and is only still to be waited for. */
START_TEST(that_has_ended)
{
	pid_t child = start_child();
	struct process process;
	siginfo_t end;

	ck_assert(!kill(child, SIGKILL));
	ck_assert(!waitid(P_PID, (id_t)child, &end, WEXITED | WNOWAIT));
	ck_assert_int_eq(process_open(&process, child), PROCESS_GONE);
	ck_assert_int_eq(waitpid(child, NULL, 0), child);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("processes");
	TCase *tests = harness_case(suite, "processes", 20);

	tcase_add_test(tests, user_at_the_start);
	tcase_add_test(tests, found_in_the_tree);
	tcase_add_test(tests, of_another_parent);
	tcase_add_test(tests, that_has_ended);
	return harness_run(suite);
}
