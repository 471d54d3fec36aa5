/* What audit found, as metrics in Prometheus' text format. */
#include "cli/ui/metrics.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READABLE = 0644, SECOND_MS = 1000 };

/* A metric of each service: its name, what it is, and its value; below 0: it is not known. */
struct metric {
	const char *name, *help;
	double (*value)(const struct tally *tally);
};

static double loopback(const struct tally *tally)
{
	return (double)tally->loopback;
}

static double listeners(const struct tally *tally)
{
	return (double)tally->listeners;
}

static double unanswered(const struct tally *tally)
{
	return (double)tally->unanswered;
}

static double silence(const struct tally *tally)
{
	if (!tally->connections || tally->heard < tally->connections)
		return -1;
	return (double)tally->silent / SECOND_MS;
}

static double unread(const struct tally *tally)
{
	return (double)tally->unread;
}

static const struct metric metrics[] = {
	{ "keepalive_loopback_connections", "TCP connections to this host itself.", loopback },
	{ "keepalive_listeners", "TCP listeners that other hosts may reach.", listeners },
	{ "keepalive_unanswered_connections",
	  "Connections on which probes or data were sent again and not answered yet.", unanswered },
	{ "keepalive_silence_seconds",
	  "Longest time since the last packet from a peer, over all connections.", silence },
	{ "keepalive_unread_sockets",
	  "TCP sockets that netlink did not report: new, not bound, or in a network namespace that "
	  "could not be asked.",
	  unread },
};

/* A backslash, a double quote and the end of a line are escaped; names have no other such thing. */
static void write_label(FILE *to, const char *before, const char *name, const char *value)
{
	if (!*value)
		return;
	fprintf(to, "%s%s=\"", before, name);
	for (; *value; value++) {
		if (*value == '\\' || *value == '"')
			fputc('\\', to);
		fputc(*value, to);
	}
	fputc('"', to);
}

/* Writes the labels that say whose it is; what is in no unit and no container has its program
 * alone. */
static void write_labels(FILE *to, const struct service_row *row)
{
	static const char *const names[] = { [OWNER_NONE] = "unit",
					     [OWNER_UNIT] = "unit",
					     [OWNER_USER_UNIT] = "user_unit",
					     [OWNER_SESSION] = "unit",
					     [OWNER_CONTAINER] = "container" };

	write_label(to, "", names[row->owner.kind], row->owner.name);
	write_label(to, *row->owner.name ? "," : "", "program", row->program);
}

static void write_head(FILE *to, const char *name, const char *help)
{
	fprintf(to, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static void write_metric(FILE *to, const struct services *services, const struct metric *metric)
{
	write_head(to, metric->name, metric->help);
	for (size_t i = 0; i < services->count; i++) {
		double value = metric->value(&services->row[i].tally);

		if (value < 0)
			continue;
		fprintf(to, "%s{", metric->name);
		write_labels(to, &services->row[i]);
		fprintf(to, "} %.15g\n", value);
	}
}

static void write_connections(FILE *to, const struct service_row *row, const char *keepalive,
			      size_t count)
{
	fputs("keepalive_connections{", to);
	write_labels(to, row);
	write_label(to, *row->program ? "," : "", "keepalive", keepalive);
	fprintf(to, "} %zu\n", count);
}

void metrics_write(const struct services *services, FILE *to)
{
	write_head(to, "keepalive_connections",
		   "TCP connections to other hosts, by whether keepalive is on; unknown while a "
		   "timer for data hides it. Without a program: of no process that could be seen.");
	for (size_t i = 0; i < services->count; i++) {
		const struct service_row *row = &services->row[i];
		const struct tally *tally = &row->tally;

		write_connections(to, row, "on", tally->on);
		write_connections(to, row, "off", tally->off);
		write_connections(to, row, "unknown", tally->connections - tally->on - tally->off);
	}
	for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++)
		write_metric(to, services, &metrics[i]);
	write_head(to, "keepalive_unread_processes", "Processes whose sockets could not be seen.");
	fprintf(to, "keepalive_unread_processes %zu\n", services->denied + services->left_out);
	write_head(to, "keepalive_complete",
		   "Whether all processes and network namespaces could be looked at.");
	fprintf(to, "keepalive_complete %d\n", !services_gaps(services));
}

static bool write_file(const struct services *services, int fd)
{
	FILE *to = fchmod(fd, READABLE) ? NULL : fdopen(fd, "w");

	if (!to) {
		close(fd);
		return false;
	}
	metrics_write(services, to);
	if (ferror(to)) {
		fclose(to);
		return false;
	}
	return !fclose(to);
}

bool metrics_may_replace(const char *path)
{
	struct stat file;

	return lstat(path, &file) || S_ISREG(file.st_mode);
}

/* Signals wait, as nobody else would remove the temporary file. */
static void hold_signals(sigset_t *before)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, before);
	/* A limit of the size is an error like a full disk. */
	signal(SIGXFSZ, SIG_IGN);
}

bool metrics_replace(const struct services *services, const char *path)
{
	char *temporary = text_new("%s.XXXXXX", path);
	sigset_t before;
	int fd, error;
	bool done;

	hold_signals(&before);
	fd = mkostemp(temporary, O_CLOEXEC);
	done = fd >= 0 && write_file(services, fd) && !rename(temporary, path);
	error = errno;
	if (!done && fd >= 0)
		unlink(temporary);
	sigprocmask(SIG_SETMASK, &before, NULL);
	free(temporary);
	errno = error;
	return done;
}
