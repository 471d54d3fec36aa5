/* Start-up: reads environment and file once, before the program's main. */
#include "shim/start.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>

#include "core/environment.h"
#include "core/file.h"
#include "core/policy.h"
#include "shim/diagnose.h"
#include "shim/guard.h"
#include "shim/kernel.h"
#include "shim/libc.h"
#include "shim/log.h"
#include "shim/sandbox.h"
#include "shim/sockets.h"
#include "shim/status.h"
#include "shim/tables.h"

#define DEFAULT_FILE SYSCONFDIR "/libkeepalive.conf"
#define SYSCTL_FOLDER "/proc/sys/net/ipv4/"

enum {
	STDIN = 0,
	LISTEN_FDS_START = 3,
	PROGRAM_NAME_MAX = 256,
	PATH_SIZE = 1024,
};

atomic_int start_state;

/* The thread that runs the start-up. */
static atomic_uintptr_t starter;

/* A descriptor, or the error as a negative number. */
static int open_to_read(const char *path)
{
	/* O_NONBLOCK: a FIFO is refused, not waited for. */
	return (int)kernel_call(SYS_openat, AT_FDCWD, (long)path,
				O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0, 0);
}

static long read_from(int fd, char *to, size_t room)
{
	long length;

	do
		length = kernel_call(SYS_read, fd, (long)to, (long)room, 0, 0);
	while (length == -EINTR);
	return length;
}

static void close_own(int fd)
{
	kernel_call(SYS_close, fd, 0, 0, 0, 0);
}

static enum problem problem_of_file(int fd, bool named)
{
	struct file_status file;

	if (!file_status(fd, &file))
		return PROBLEM_UNREADABLE;
	return file_refused(&(struct file_facts){
		.named = named,
		.mode = file.mode,
		.owner = file.owner,
		.user = user_at_start(),
		.size = file.size,
	});
}

/* All that is read. */
struct read {
	struct environment environment;
	struct file_content file;
};

/* The names that rules can call this program by, and that the log does. Written once. */
static char executable[PROGRAM_NAME_MAX];
static struct text names[PROGRAM_NAMES];

static struct text base_name(struct text path)
{
	size_t slash;

	while ((slash = text_find(path, '/')) < path.length)
		path = text_tail(path, slash + 1);
	return path;
}

/* The kernel adds this to the name of an executable that was replaced while it runs. */
static struct text without_deleted(struct text name)
{
	static const char deleted[] = " (deleted)";
	size_t length = sizeof deleted - 1;

	if (name.length > length && text_equals(text_tail(name, name.length - length), deleted))
		name.length -= length;
	return name;
}

static const struct text *find_program_names(void)
{
	const char *called = program_as_called();
	char path[PATH_SIZE];
	long length = kernel_call(SYS_readlinkat, AT_FDCWD, (long)"/proc/self/exe", (long)path,
				  sizeof path, 0);
	struct text name =
		base_name(without_deleted((struct text){ path, length > 0 ? (size_t)length : 0 }));

	for (size_t i = 0; i < name.length && i < sizeof executable; i++)
		executable[i] = name.at[i];
	names[0] = (struct text){ executable, name.length < sizeof executable ? name.length : 0 };
	if (called)
		names[1] = base_name(text_of(called));
	return names;
}

static const struct text *program_names_once(void)
{
	return names[0].length || names[1].length ? names : find_program_names();
}

/* Half a file is no file: a rule may lack its conditions. */
static enum problem read_nothing(struct file_content *content, enum problem problem)
{
	content->globals = (struct settings){ 0 };
	content->logging = (struct logging){ 0 };
	content->rules.used = 0;
	return problem;
}

static enum problem read_open_file(int fd, const char *path, struct file_content *content,
				   struct complaints *complaints)
{
	struct file_reader reader;
	size_t room, total = 0;
	long length = 1;

	file_reader_start(&reader, content, path, program_names_once, complaints);
	while (length > 0 && total <= FILE_MAX) {
		char *to = file_reader_room(&reader, &room);

		length = read_from(fd, to, room);
		if (length > 0) {
			file_reader_filled(&reader, (size_t)length);
			total += (size_t)length;
		}
	}
	if (length < 0)
		return read_nothing(content, PROBLEM_UNREADABLE);
	if (length > 0)
		return read_nothing(content, PROBLEM_LARGE_FILE);
	file_reader_end(&reader);
	return PROBLEM_NONE;
}

/* `named` by KEEPALIVE_CONF, or NULL: the default file, which need not be there. */
static void read_file(const char *named, struct file_content *content,
		      struct complaints *complaints)
{
	const char *path = named ? named : DEFAULT_FILE;
	struct complaint complaint = { .file = text_of(path) };
	int fd;

	if (!*path)
		return;
	fd = open_to_read(path);
	if (fd < 0) {
		complaint.problem = file_open_problem(-fd, named != NULL);
	} else {
		complaint.problem = problem_of_file(fd, named != NULL);
		if (!complaint.problem)
			complaint.problem = read_open_file(fd, path, content, complaints);
		close_own(fd);
	}
	if (complaint.problem)
		complain(complaints, &complaint);
}

/* False where the shim is to do nothing. */
static bool read_everything(struct read *read, struct complaints *complaints)
{
	*read = (struct read){ .file.rules = { tables.rule_memory, RULE_MEMORY_SIZE, 0 } };
	environment_read(&read->environment, environment_variables(), complaints);
	if (environment_says_off(&read->environment))
		return false;
	read_file(read->environment.file, &read->file, complaints);
	return true;
}

/* The kernel's value of an option, where a sysctl has it and can be read. */
static void read_sysctl(const struct option *option, int *number)
{
	char path[sizeof SYSCTL_FOLDER + sizeof option->sysctl] = SYSCTL_FOLDER;
	char content[16];
	struct text text = { content, 0 };
	uint32_t value;
	long length;
	int fd;

	for (size_t i = 0; i < sizeof option->sysctl; i++)
		path[sizeof SYSCTL_FOLDER - 1 + i] = option->sysctl[i];
	fd = open_to_read(path);
	if (fd < 0)
		return;
	length = read_from(fd, content, sizeof content);
	close_own(fd);
	if (length <= 0)
		return;
	text.length = (size_t)length;
	if (text_number(&text, &value) && value <= INT32_MAX)
		*number = (int)value;
}

static void read_kernel_values(struct kernel_values *kernel)
{
	for (size_t id = 0; id < OPTIONS; id++)
		if (option_table[id].sysctl[0])
			read_sysctl(&option_table[id], &kernel->number[id]);
}

static uint32_t number_of(const char *string)
{
	struct text text = text_of(string);
	uint32_t number;

	return text_number(&text, &number) && !text.length ? number : 0;
}

/* inetd gives the connection as fd 0; socket activation passes descriptors to one process. */
static void adopt_inherited(const struct environment *environment)
{
	uint32_t count;

	socket_inherited(STDIN);
	if (!environment->listen_fds || !environment->listen_pid ||
	    number_of(environment->listen_pid) != (uint32_t)kernel_call(SYS_getpid, 0, 0, 0, 0, 0))
		return;
	count = number_of(environment->listen_fds);
	for (uint32_t i = 0; i < count && socket_inherited(LISTEN_FDS_START + (int)i); i++)
		continue;
}

static struct text program_name(void)
{
	const struct text *both = program_names_once();

	return both[both[0].length ? 0 : 1];
}

/* A log that was asked for gets what stderr gets. */
static void start_log(const struct read *read)
{
	struct logging logging = read->file.logging;

	logging_merge(&logging, &read->environment.logging);
	if (logging.target > LOG_OFF)
		log_start(&logging, program_name());
}

static bool may_act_in_sandbox(const struct read *read)
{
	const struct value *environment = &read->environment.sandboxed;

	return (environment->state ? environment : &read->file.sandboxed)->number;
}

static bool may_complain(const struct read *read)
{
	enum log_target target = read->environment.logging.target;

	return (target ? target : read->file.logging.target) != LOG_OFF;
}

static bool start(void)
{
	static struct policy policy;
	struct complaints silent = { 0 };
	struct read read;

	real_find_all();
	if (!read_everything(&read, &silent))
		return false;
	start_log(&read);
	/* Only now is it known whether anything may be said: read once more, aloud. */
	if (silent.count && may_complain(&read)) {
		struct complaints aloud = diagnose_complaints();

		aloud.context = &aloud;
		read_everything(&read, &aloud);
		diagnose_rest(&aloud);
	}
	policy.environment = read.environment.settings;
	policy.globals = read.file.globals;
	policy.rules = read.file.rules;
	if (!policy_acts(&policy))
		return false;
	kernel_values_default(&policy.kernel);
	if (policy_needs_kernel_values(&policy) || read.environment.listen_fds)
		read_kernel_values(&policy.kernel); /* not for everybody: three system calls each */
	sockets_configure(&policy);
	sandbox_configure(may_act_in_sandbox(&read));
	adopt_inherited(&read.environment);
	return true;
}

bool start_up(void)
{
	int expected = START_NOT_YET;
	int saved = errno_get();
	bool active;

	if (!atomic_compare_exchange_strong(&start_state, &expected, START_RUNNING))
		return expected == START_ACTIVE;
	atomic_store(&starter, thread_number());
	guard_begin();
	active = start();
	atomic_store_explicit(&start_state, active ? START_ACTIVE : START_OFF,
			      memory_order_release);
	guard_end();
	errno_set(saved);
	return active;
}

void start_after_fork(void)
{
	if (atomic_load(&start_state) == START_RUNNING && atomic_load(&starter) != thread_number())
		atomic_store(&start_state, START_NOT_YET);
}

__attribute__((constructor)) static void start_with_the_program(void)
{
	start_up();
}
