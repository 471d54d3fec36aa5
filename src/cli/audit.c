/* keepalive audit: which services and programs would hang if a peer vanished, and what to do. */
#include <err.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/sockets/proc.h"
#include "cli/ui/audited.h"
#include "cli/ui/metrics.h"
#include "cli/ui/operand.h"

enum { FLAG_PROMETHEUS = FLAG_OWN };

static const struct flag flags[] = {
	{ FLAG_PROMETHEUS, 0, "prometheus", "[=FILE]",
	  "print metrics, or replace FILE by them; reads nothing but netlink" },
	TABLE_FLAGS,
	{ 0 },
};

static struct services services;
static struct style style;
static const char *file; /* that --prometheus names; NULL: standard output */

/* Returns true if there is such a process, with or without sockets, or it was said that there is
 * none.
 */
static bool audit_process(void *context, const struct relative *who, const struct operand *operand)
{
	int *status = context;

	if (services_add(&services, who, true) != PROCESS_GONE)
		return true;
	if (operand->kind != OPERAND_PID)
		return false;
	warnx("%d: no such process", who->pid);
	*status = STATUS_FAILED;
	return true;
}

static int audit_operands(const struct verb *verb, char **words, size_t count)
{
	struct operand *operands = operands_read(verb, words, count);
	int status = STATUS_FINE;

	for (size_t i = 0; i < count; i++) {
		const char *error = operand_each(&operands[i], false, audit_process, &status);

		if (!error)
			continue;
		warnx("%s: %s", operands[i].word, error);
		status = STATUS_FAILED;
	}
	return status;
}

static void audit_everything(void)
{
	if (!services_add_all(&services))
		errx(STATUS_FAILED, "%s", proc_problem());
}

/* What keeps the answer from being the whole one. */
static void report_gaps(void)
{
	if (services.left_out)
		warnx("%zu process%s left out: only root and their own users may inspect them",
		      services.left_out, services.left_out == 1 ? " is" : "es are");
	if (services.hidden)
		warnx("/proc hides the processes of other users: those are left out, and all connections "
		      "in their network namespaces");
	if (services.incomplete)
		warnx("connections that no process has may be missing: the sockets of a network "
		      "namespace could not be listed");
}

static void read_command_line(const struct verb *verb, int argc, char **argv)
{
	const char *argument;
	int flag;

	while ((flag = flags_next(verb, argc, argv, &argument)) != FLAG_END) {
		if (style_take(&style, flag))
			continue;
		services.netlink = true;
		file = argument;
	}
	if (services.netlink && (style_is_bare(&style) || style.noheadings))
		flags_wrong(verb, "--prometheus cannot be used with the flags of tables");
	if (file && !*file)
		flags_wrong(verb, "--prometheus: no file");
}

static int print_metrics(void)
{
	if (!file)
		metrics_write(&services, stdout);
	else if (!metrics_may_replace(file))
		errx(STATUS_FAILED, "%s: it exists, and is not a regular file", file);
	else if (!metrics_replace(&services, file))
		err(STATUS_FAILED, "%s", file);
	return STATUS_FINE;
}

static int audit(const struct verb *verb, int argc, char **argv)
{
	const struct tally *total = &services.total;
	int status = STATUS_FINE;

	read_command_line(verb, argc, argv);
	if (optind < argc)
		status = audit_operands(verb, argv + optind, (size_t)(argc - optind));
	else
		audit_everything();
	services_sort(&services);
	if (!services.netlink)
		audited_print(&services, &style);
	report_gaps();
	if (services.netlink)
		return status ? status : print_metrics();
	return services_gaps(&services) || total->never || total->unknown || total->unread
		       ? STATUS_FAILED
		       : status;
}

const struct verb verb_audit = {
	.name = "audit",
	.usage = "[PID|PROGRAM|UNIT...] [FLAG...]",
	.summary = "find services that would not notice a dead peer",
	.details =
		"Prints a line for each service and program, the worst first: how many connections it has,\n"
		"how many of them never notice a dead peer, the longest time until it is noticed, and what\n"
		"can be done, with commands to paste. Without an operand the whole machine is looked at.\n"
		"\n"
		"With --prometheus it prints metrics for the textfile collector of node_exporter: what\n"
		"netlink reports. No socket is touched.\n"
		"\n"
		"Exit status: 0; 1 if a connection never notices a dead peer, or something could not be\n"
		"read, or a process does not exist; with --prometheus, if no metrics were written; 2 if the\n"
		"command line is wrong.\n",
	.flags = flags,
	.columns = audit_columns,
	.run = audit,
};
