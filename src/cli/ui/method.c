/* The ways in which enable gives a service its settings, and which of them it takes. */
#include "cli/ui/method.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/groups/programs.h"
#include "cli/systemd/systemctl.h"
#include "cli/systemd/unit_name.h"
#include "cli/ui/flags.h"

enum method method_read(const struct verb *verb, const char *word)
{
	if (!strcmp(word, "library"))
		return METHOD_LIBRARY;
	if (!strcmp(word, "kernel"))
		return METHOD_KERNEL;
	if (!strcmp(word, "both"))
		return METHOD_BOTH;
	flags_wrong(verb, "--method: \"%s\" is not library, kernel or both", word);
}

static bool is_built(struct failure *failure)
{
	struct programs programs = { 0 };

	if (!programs_open(&programs, failure))
		return false;
	programs_close(&programs);
	return true;
}

bool method_kernel_is_built(void)
{
	struct failure failure;

	return is_built(&failure);
}

/* Whether BPF programs can be attached for units of that root at all. */
static bool kernel_is_possible(const struct root *root, struct failure *failure)
{
	struct group group = { .fd = -1 };

	if (root->is_user)
		return fail(failure, "only root can attach BPF programs");
	if (!is_built(failure))
		return false;
	if (root->is_image || !systemd_runs())
		return true;
	if (!group_at(&group, "/", failure))
		return false;
	group_close(&group);
	return true;
}

void method_begin(struct obstacles *obstacles, enum method wanted)
{
	static const unsigned int ways[] = { [METHOD_AUTO] = WAYS,
					     [METHOD_LIBRARY] = WAY_LIBRARY,
					     [METHOD_KERNEL] = WAY_KERNEL,
					     [METHOD_BOTH] = WAYS };
	struct failure failure;

	obstacles->open = ways[wanted];
	obstacles->told = wanted == METHOD_AUTO ? WAY_LIBRARY : ways[wanted];
	if (wanted == METHOD_LIBRARY || kernel_is_possible(obstacles->unit->root, &failure))
		return;
	if (wanted != METHOD_AUTO)
		errx(STATUS_FAILED, "%s: nothing was written", failure.text);
	obstacles->open = WAY_LIBRARY;
}

__attribute__((noreturn)) static void refuse(const struct obstacles *obstacles, enum method wanted)
{
	struct failure failure;

	if (wanted == METHOD_AUTO && !obstacles->hopeless &&
	    !kernel_is_possible(obstacles->unit->root, &failure))
		warnx("keepalive attach could do without the library, but %s", failure.text);
	errx(STATUS_FAILED, "nothing was written");
}

static enum method decide_by_itself(struct obstacles *obstacles, const char *command)
{
	bool closed = !(obstacles->open & WAY_LIBRARY);

	if (!closed && !obstacles->unreached)
		return METHOD_LIBRARY;
	if (obstacles->open & WAY_KERNEL) {
		obstacles->told = WAY_KERNEL;
		obstacles_of_kernel(obstacles, command);
	}
	if (obstacles->open & WAY_KERNEL)
		return closed || !obstacles->reached ? METHOD_KERNEL : METHOD_BOTH;
	if (closed)
		refuse(obstacles, METHOD_AUTO);
	return METHOD_LIBRARY;
}

enum method method_decide(struct obstacles *obstacles, enum method wanted, const char *command)
{
	if (wanted == METHOD_AUTO)
		return decide_by_itself(obstacles, command);
	if (method_has_kernel(wanted))
		obstacles_of_kernel(obstacles, command);
	if (!obstacles->open || (wanted == METHOD_BOTH && obstacles->open != WAYS))
		refuse(obstacles, wanted);
	return wanted;
}

void method_print(const char *unit, enum method method, enum method wanted,
		  const struct attach_subject *subject)
{
	if (method == METHOD_BOTH)
		printf("%s: by the library and by BPF programs in the kernel (keepalive attach)",
		       unit);
	else
		printf("%s: by BPF programs in the kernel (keepalive attach)", unit);
	if (wanted == METHOD_AUTO && !unit_is_socket(unit))
		printf(", as the library does not reach %s",
		       method == METHOD_BOTH ? "all of it" : "it");
	printf("\nrules for programs and users are decided once: program %s, user %s\n",
	       subject->program ? subject->program : "not known",
	       subject->user ? subject->user : "not known");
}
