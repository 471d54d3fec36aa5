/* keepalive run: what reaches the program, what is said of programs that nothing reaches. */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "cli/cli.h"
#include "core/option.h"
#include "lib/expect.h"
#include "lib/harness.h"
#include "lib/samples.h"

enum { NOBODY = 65534, WORDS_MAX = 24, OURS = 125, NOT_RUN = 126, NOT_FOUND = 127 };

/* How the command is called, where that is not as by everybody. */
struct way {
	const char *command; /* NULL: the one that was built */
	const char *user, *directory, *preload;
	const char *variables[4];
};

static struct command command_of(const struct way *way, const char *const *words, const char **argv)
{
	struct command command = { .argv = argv,
				   .user = way->user,
				   .directory = way->directory,
				   .preload = way->preload };
	int i;

	argv[0] = way->command ? way->command : build_path("keepalive");
	argv[1] = "run";
	for (i = 0; words[i]; i++) {
		ck_assert_int_lt(i + 3, WORDS_MAX);
		argv[i + 2] = words[i];
	}
	argv[i + 2] = NULL;
	for (size_t k = 0; k < COUNT(way->variables); k++)
		command.environment[k] = way->variables[k];
	return command;
}

static struct called run(struct way way, const char *const *words)
{
	const char *argv[WORDS_MAX];
	struct command command = command_of(&way, words, argv);
	struct called called;

	called.output = process_run_both(&command, &called.status, &called.errors);
	return called;
}

#define PLAIN ((struct way){ 0 })
#define RUN(way, ...) run(way, (const char *const[]){ __VA_ARGS__, NULL })

/* A program by itself, which is what the control runs are. */
static struct called by_itself(const char *preload, const char *const *argv)
{
	const struct command command = { .argv = argv, .preload = preload };
	struct called called;

	called.output = process_run_both(&command, &called.status, &called.errors);
	return called;
}
#define BY_ITSELF(...) by_itself(NULL, (const char *const[]){ __VA_ARGS__, NULL })
#define PRELOADED(...) by_itself(shim_path(), (const char *const[]){ __VA_ARGS__, NULL })

/* These live as long as the test does. */
static char *in_scratch(const char *name)
{
	return strdup(scratch_path("%s", name));
}

/* A path at which there is nothing yet. */
static char *new_mark(void)
{
	static int number;

	return strdup(scratch_path("%d.%d.mark", getpid(), ++number));
}

static bool is_there(const char *path)
{
	return !access(path, F_OK);
}

static void copy(const char *from, const char *to)
{
	struct called called = BY_ITSELF("cp", from, to);

	expect_status(&called, 0);
	ck_assert_int_eq(chmod(to, 0755), 0);
}

/* What the victim says of its socket. */
static void expect_socket_line(const struct called *called, struct values values)
{
	char line[80];

	snprintf(line, sizeof line, "socket: %d %d/%d/%d %d\n", values.keepalive, values.idle,
		 values.interval, values.count, values.user_timeout);
	expect_status(called, 0);
	ck_assert_msg(!strncmp(called->output, line, strlen(line)), "%s, expected %s%s",
		      called->output, line, called->errors);
}

static void expect_silent(const struct called *called)
{
	expect_status(called, 0);
	ck_assert_str_eq(called->errors, "");
}

static const char listening[] = "import socket, sys\n"
				"listener = socket.socket()\n"
				"listener.bind(('127.0.0.1', 0))\n"
				"listener.listen()\n"
				"sys.stdin.read()\n";

static struct seen listener_of(const struct command *command)
{
	struct process process = process_start(command);
	struct seen seen = expect_socket(process.pid, TCP_LISTEN, 0, false);

	process_stop(&process);
	return seen;
}

START_TEST(each_option)
{
	const char *const by_hand[] = { "python3", "-c", listening, NULL };
	const char *const words[] = {
		flag_of(&option_table[_i]), samples[_i].word, "python3", "-c", listening, NULL
	};
	const char *argv[WORDS_MAX];
	struct command command = command_of(&PLAIN, words, argv);
	struct seen control = listener_of(&(struct command){ .argv = by_hand }), seen;

	if (control.value[_i] == -ENOPROTOOPT)
		SKIP("this kernel has no %s", option_table[_i].kernel_name);
	ck_assert_int_ne(control.value[_i], samples[_i].configured);
	seen = listener_of(&command);
	for (int id = 0; id < OPTIONS; id++)
		if (id == _i)
			ck_assert_int_eq(seen.value[id], samples[id].configured);
		else if (id != OPTION_KEEPALIVE)
			ck_assert_int_eq(seen.value[id], control.value[id]);
	ck_assert_int_eq(seen.value[OPTION_KEEPALIVE], 1);
}
END_TEST

START_TEST(all_together)
{
	struct values fresh = kernel_values(), on = fresh;
	struct called called = BY_ITSELF(victim(), "socket");

	expect_socket_line(&called, fresh);
	on.keepalive = 1;
	called = RUN(PLAIN, victim(), "socket");
	expect_socket_line(&called, on);
	called = RUN(PLAIN, "--keepalive", "off", "--idle", "61", victim(), "socket");
	expect_socket_line(&called, fresh);
	called = RUN(PLAIN, "--idle=61", "--interval", "11", "--count", "7", "--user-timeout",
		     "auto", "--", victim(), "socket");
	expect_socket_line(&called, (struct values){ 1, 61, 11, 7, (61 + 11 * 7) * 1000 - 100 });
	ck_assert_str_eq(called.errors, "");
}
END_TEST

/* Refused, with the flag and the word, and before the program runs. */
static void expect_refused(const char *flag, const char *word)
{
	const char *mark = new_mark();
	struct called called = RUN(PLAIN, flag, word, "touch", mark);
	char quoted[80];

	snprintf(quoted, sizeof quoted, strspn(word, " ") == strlen(word) ? "no value" : "\"%s\"",
		 word);
	expect_status(&called, OURS);
	ck_assert_msg(!strncmp(called.errors, "keepalive: --", 13), "%s", called.errors);
	expect_says(called.errors, joined(flag, ":"));
	expect_says(called.errors, quoted);
	ck_assert_msg(!is_there(mark), "%s %s: it ran", flag, word);
}

START_TEST(bad_values)
{
	static const char *const junk[] = {
		"", " ", "6O", "-1", "1 2", "0x10", "1e3", "auto?", "1m"
	};
	const struct option_row *option = &option_table[_i];
	const char *mark = new_mark();
	struct called called = RUN(PLAIN, flag_of(option), samples[_i].word, "touch", mark);

	expect_silent(&called);
	ck_assert(is_there(mark));
	for (size_t i = 0; i < COUNT(junk); i++)
		expect_refused(flag_of(option), junk[i]);
	expect_refused(flag_of(option), word_of(option->maximum + 1L));
	expect_refused(flag_of(option), "4294967297");
	if (option->minimum > 1)
		expect_refused(flag_of(option), word_of(option->minimum - 1));
	if (!option->derivable)
		expect_refused(flag_of(option), "auto");
}
END_TEST

START_TEST(bad_values_of_others)
{
	static const char *const rows[][2] = {
		{ "--override", "maybe" }, { "--log", "relative" },    { "--log", "stdout" },
		{ "--log-level", "loud" }, { "--override", "on off" }, { "--sandboxed", "1.5" },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		expect_refused(rows[i][0], rows[i][1]);
}
END_TEST

START_TEST(file_by_relative_path)
{
	static const char become[] = "cd / && exec \"$0\" socket";
	struct values fresh = kernel_values(), ours = fresh;
	struct way way = { .variables = { "KEEPALIVE_CONF=far.conf" } };
	struct called called;

	scratch_file("near.conf", "idle = 71\n");
	ours.keepalive = fresh.keepalive = 1;
	ours.idle = 71;
	called = RUN(PLAIN, "--config", "near.conf", "sh", "-c", become, victim());
	expect_socket_line(&called, ours);
	ck_assert_str_eq(called.errors, "");
	/* A link stays one: it may come to lead somewhere else. */
	ck_assert_int_eq(symlink("near.conf", scratch_path("link.conf")), 0);
	called = RUN(PLAIN, "--config", "link.conf", "printenv", "KEEPALIVE_CONF");
	expect_says(called.output, "/link.conf\n");
	/* The flag is over the variable, and the variable alone does not get so far. */
	called = RUN(way, "--config", "near.conf", "sh", "-c", become, victim());
	expect_socket_line(&called, ours);
	way.variables[0] = "KEEPALIVE_CONF=near.conf";
	called = RUN(way, "sh", "-c", become, victim());
	expect_socket_line(&called, fresh);
	/* Nor does it where the flag says that there is none. */
	called = RUN(way, victim(), "socket");
	expect_socket_line(&called, ours);
	called = RUN(way, "--config", "", victim(), "socket");
	expect_socket_line(&called, fresh);
}
END_TEST

START_TEST(file_that_is_missing)
{
	const char *mark = new_mark();
	struct called called = RUN(PLAIN, "--config", "nowhere.conf", "touch", mark);

	expect_status(&called, OURS);
	ck_assert_str_eq(called.errors, "keepalive: nowhere.conf: No such file or directory\n");
	ck_assert(!is_there(mark));
}
END_TEST

START_TEST(log_file)
{
	const char *log = new_mark();
	struct called called = RUN(PLAIN, "--idle", "61", victim(), "socket");

	expect_silent(&called);
	ck_assert(!is_there(log));
	called = RUN(PLAIN, "--idle", "61", "--log", log, victim(), "socket");
	expect_silent(&called);
	expect_says(read_whole(log), "set keepalive 1, idle 61");
	log = new_mark();
	called = RUN(PLAIN, "--idle", "61", "--log", log, "--log-level", "error", victim(),
		     "socket");
	expect_silent(&called);
	ck_assert(!strstr(read_whole(log), "idle"));
}
END_TEST

START_TEST(override)
{
	static const char setting[] =
		"import socket\n"
		"s = socket.socket()\n"
		"s.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 99)\n"
		"print(s.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE))\n";
	struct called called = RUN(PLAIN, "--idle", "61", "python3", "-c", setting);

	expect_silent(&called);
	ck_assert_str_eq(called.output, "99\n");
	called = RUN(PLAIN, "--idle", "61", "--override", "on", "python3", "-c", setting);
	expect_silent(&called);
	ck_assert_str_eq(called.output, "61\n");
}
END_TEST

START_TEST(variables_are_below)
{
	const struct way way = { .variables = { "KEEPALIVE_IDLE=50", "KEEPIDLE=51",
						"KEEPALIVE_INTERVAL=22", "TCP_KEEPCNT=3" } };
	struct called called = RUN(way, victim(), "socket");

	expect_socket_line(&called, (struct values){ 1, 50, 22, 3, 0 });
	called = RUN(way, "--idle", "61", "--count", "8", victim(), "socket");
	expect_socket_line(&called, (struct values){ 1, 61, 22, 8, 0 });
	called = RUN(way, "--idle", "default", victim(), "socket");
	expect_socket_line(&called, (struct values){ 1, kernel_values().idle, 22, 3, 0 });
}
END_TEST

START_TEST(switched_off)
{
	static const struct way ways[] = { { .variables = { "KEEPALIVE=off" } },
					   { .variables = { "DD_USE_KEEPALIVE=0" } } };
	static const char *const said[] = { "keepalive: KEEPALIVE: keepalive is off",
					    "keepalive: DD_USE_KEEPALIVE: keepalive is off" };
	struct values on = kernel_values();

	on.keepalive = 1;
	for (size_t i = 0; i < COUNT(ways); i++) {
		struct called called = RUN(ways[i], victim(), "socket");

		expect_socket_line(&called, kernel_values());
		expect_says(called.errors, said[i]);
		called = RUN(ways[i], "--strict", victim(), "socket");
		expect_status(&called, OURS);
		expect_says(called.errors, said[i]);
		ck_assert_str_eq(called.output, "");
		called = RUN(ways[i], "--strict", "--keepalive", "on", victim(), "socket");
		expect_socket_line(&called, on);
		ck_assert_str_eq(called.errors, "");
	}
}
END_TEST

static void expect_preload(const struct called *called, const char *expected)
{
	expect_status(called, 0);
	ck_assert_msg(!strncmp(called->output, expected, strlen(expected)) &&
			      !strcmp(called->output + strlen(expected), "\n"),
		      "%s, expected %s", called->output, expected);
}

/* What was in LD_PRELOAD, and what is then; + stands for the library. */
static const char *const preloads[][2] = {
	{ NULL, "+" },
	{ "", "+" },
	{ "@/a.so", "@/a.so:+" },
	{ "@/b.so:@/a.so", "@/b.so:@/a.so:+" },
	{ "@/b.so @/a.so", "@/b.so @/a.so:+" },
	{ "@/libkeepalive.so", "@/libkeepalive.so" },
	{ "@/libkeepalive.so:@/a.so", "@/libkeepalive.so:@/a.so" },
	{ "@/a.so @/libkeepalive.so", "@/a.so @/libkeepalive.so" },
	{ "@/libkeepalive.so @/a.so", "@/libkeepalive.so @/a.so" },
	{ "@/notlibkeepalive.so", "@/notlibkeepalive.so:+" },
	{ "@/libkeepalive.so.0", "@/libkeepalive.so.0:+" },
	{ "@/libkeepalive.so/a.so", "@/libkeepalive.so/a.so:+" },
};

/* With the scratch directory for @, and another path for +. */
static char *filled_in(const char *text, const char *plus)
{
	char *result = strdup("");

	for (; *text; text++) {
		const char letter[] = { *text, 0 };

		result = joined(result, *text == '@' ? scratch() : *text == '+' ? plus : letter);
	}
	return result;
}

START_TEST(what_was_preloaded)
{
	const char *library = strdup(build_path(".libs/libkeepalive.so"));
	const char *before = preloads[_i][0] ? filled_in(preloads[_i][0], "") : NULL;
	const char *after = filled_in(preloads[_i][1], library);
	const struct way way = { .preload = before };
	struct called called;

	/* What has its name is the library; test_preloads.c has what comes of others. */
	ck_assert(!symlink(library, in_scratch("libkeepalive.so")) || errno == EEXIST);
	called = RUN(way, "printenv", "LD_PRELOAD");
	expect_preload(&called, after);
	called = RUN(way, build_path("keepalive"), "run", "printenv", "LD_PRELOAD");
	expect_preload(&called, after);
}
END_TEST

/* Each call adds its settings. */
START_TEST(twice)
{
	struct called called = RUN(PLAIN, "--idle", "61", "--", build_path("keepalive"), "run",
				   "--strict", "--count", "7", "--", victim(), "socket");
	struct values values = kernel_values();

	values.keepalive = 1;
	values.idle = 61;
	values.count = 7;
	expect_socket_line(&called, values);
	ck_assert_str_eq(called.errors, "");
}
END_TEST

START_TEST(path_that_cannot_be_said)
{
	static const char *const directories[] = { "a b", "a:b", "a\tb" };
	const char *directory = in_scratch(directories[_i]), *mark = new_mark();
	char *library = joined(directory, "/libkeepalive.so"),
	     *command = joined(directory, "/keepalive");
	struct called called;

	ck_assert(!mkdir(directory, 0755) || errno == EEXIST);
	copy(shim_path(), library);
	copy(build_path("keepalive"), command);
	called = RUN(PLAIN, "--library", library, "touch", mark);
	expect_status(&called, OURS);
	expect_says(called.errors, library);
	expect_says(called.errors, "space or colon");
	called = RUN((struct way){ .command = command }, "touch", mark);
	expect_status(&called, OURS);
	ck_assert(!is_there(mark));
	called = RUN((struct way){ .command = command }, "--library", shim_path(), "touch", mark);
	expect_silent(&called);
	ck_assert(is_there(mark));
}
END_TEST

START_TEST(library_by_relative_path)
{
	const char *library = shim_path();
	struct called called = RUN(PLAIN, "--library", strrchr(library, '/') + 1, "sh", "-c",
				   "cd / && printenv LD_PRELOAD");

	expect_preload(&called, library);
}
END_TEST

START_TEST(library_that_is_missing)
{
	struct called called =
		RUN(PLAIN, "--library", "nowhere/libkeepalive.so", victim(), "socket");

	expect_socket_line(&called, kernel_values());
	expect_says(called.errors,
		    "keepalive: nowhere/libkeepalive.so: the library does not exist");
	called = RUN(PLAIN, "--strict", "--library", "nowhere/libkeepalive.so", victim(), "socket");
	expect_status(&called, OURS);
	expect_says(called.errors,
		    "keepalive: nowhere/libkeepalive.so: the library does not exist");
	ck_assert_str_eq(called.output, "");
}
END_TEST

START_TEST(library_that_is_none)
{
	const char *library = strdup(scratch_file("text.so", "no library\n"));
	struct called called = RUN(PLAIN, "--library", library, victim(), "socket");

	expect_socket_line(&called, kernel_values());
	expect_says(called.errors, "the loader cannot read the library");
	called = RUN(PLAIN, "--strict", "--library", library, victim(), "socket");
	expect_status(&called, OURS);
	ck_assert_str_eq(called.output, "");
}
END_TEST

#define IN_PLACE(place)                                                                            \
	{                                                                                          \
		"bin/keepalive", { place "/libkeepalive.so" }, place "/libkeepalive.so", false     \
	}
/* Where command and libraries lie below a directory, and what LD_PRELOAD has to be then. */
static const struct {
	const char *command;
	const char *libraries[3];
	const char *preload;
	bool dst; /* it is for the loader to say what $LIB is */
} layouts[] = {
	{ "keepalive", { "libkeepalive.so" }, "libkeepalive.so", false },
	{ "keepalive",
	  { ".libs/libkeepalive.so", "libkeepalive.so" },
	  ".libs/libkeepalive.so",
	  false },
	{ "bin/keepalive", { "lib/libkeepalive.so" }, "lib/libkeepalive.so", false },
	{ "bin/keepalive", { "lib64/libkeepalive.so" }, "lib64/libkeepalive.so", false },
	{ "bin/keepalive",
	  { "lib/x86_64-linux-gnu/libkeepalive.so" },
	  "lib/x86_64-linux-gnu/libkeepalive.so",
	  false },
	{ "bin/keepalive",
	  { "lib/x86_64-linux-gnu/libkeepalive.so", "lib/i386-linux-gnu/libkeepalive.so" },
	  "$LIB/libkeepalive.so",
	  true },
	{ "bin/keepalive",
	  { "lib/x86_64-linux-gnu/libkeepalive.so", "lib32/libkeepalive.so" },
	  "$LIB/libkeepalive.so",
	  true },
	{ "bin/keepalive",
	  { "lib/x86_64-linux-gnu/libkeepalive.so", "lib/riscv64-linux-gnu/libkeepalive.so" },
	  "$LIB/libkeepalive.so",
	  true },
	IN_PLACE("lib/x86_64-linux-gnux32"),
	IN_PLACE("lib/i386-linux-gnu"),
	IN_PLACE("lib/aarch64-linux-gnu"),
	IN_PLACE("lib/arm-linux-gnueabihf"),
	IN_PLACE("lib/arm-linux-gnueabi"),
	IN_PLACE("lib/powerpc64le-linux-gnu"),
	IN_PLACE("lib/s390x-linux-gnu"),
	IN_PLACE("lib/riscv64-linux-gnu"),
	IN_PLACE("lib/mips64el-linux-gnuabi64"),
	IN_PLACE("lib/loongarch64-linux-gnu"),
	IN_PLACE("lib64/lp64d"),
	IN_PLACE("lib32"),
	IN_PLACE("libx32"),
};

/* Makes the directories of a path, and copies the file there. */
static void install(const char *from, const char *to)
{
	char *directory = strdup(to);
	struct called called;

	*strrchr(directory, '/') = 0;
	called = BY_ITSELF("mkdir", "-p", directory);
	expect_status(&called, 0);
	copy(from, to);
}

START_TEST(library_beside_the_command)
{
	char *directory = joined(scratch_path("layout.%d", _i), "/");
	char *command = joined(directory, layouts[_i].command), *link = joined(directory, "a-link");
	char *preload = joined(directory, layouts[_i].preload);
	struct way way = { .command = command };
	struct called called;
	struct values on = kernel_values();

	install(build_path("keepalive"), command);
	install(shim_path(), joined(directory, layouts[_i].libraries[0]));
	for (int i = 1; layouts[_i].libraries[i]; i++)
		install(source_path("COPYING"), joined(directory, layouts[_i].libraries[i]));
	called = RUN(way, "printenv", "LD_PRELOAD");
	expect_preload(&called, preload);
	ck_assert_int_eq(symlink(command, link), 0);
	way.command = link;
	called = RUN(way, "printenv", "LD_PRELOAD");
	expect_preload(&called, preload);
	on.keepalive = 1;
	called = by_itself(preload, (const char *const[]){ victim(), "socket", NULL });
	if (layouts[_i].dst && strstr(called.output, "socket: 0"))
		SKIP("$LIB is something else here");
	called = RUN(way, "--strict", victim(), "socket");
	expect_socket_line(&called, on);
	ck_assert_str_eq(called.errors, "");
}
END_TEST

static bool compile(const char *path, const char *const *compiler)
{
	const char *argv[WORDS_MAX] = { NULL };
	int count = 0;
	struct called called;

	if (!have_program(compiler[0]))
		return false;
	for (; compiler[count]; count++)
		argv[count] = compiler[count];
	argv[count++] = strdup(source_path("tests/cli/mark.c"));
	argv[count++] = "-o";
	argv[count] = path;
	called = by_itself(NULL, argv);
	return !called.status;
}
#define COMPILE(path, ...) compile(path, (const char *const[]){ __VA_ARGS__, NULL })

static bool make_plain(const char *path)
{
	return COMPILE(path, "gcc");
}

static bool make_musl(const char *path)
{
	return COMPILE(path, "musl-gcc");
}

static bool make_static(const char *path)
{
	return COMPILE(path, "gcc", "-static");
}

static bool make_static_pie(const char *path)
{
	return COMPILE(path, "gcc", "-static-pie");
}

static bool make_static_musl(const char *path)
{
	return COMPILE(path, "musl-gcc", "-static");
}

static bool make_asan(const char *path)
{
	return COMPILE(path, "gcc", "-fsanitize=address");
}

static bool make_static_asan(const char *path)
{
	return COMPILE(path, "gcc", "-fsanitize=address", "-static-libasan");
}

static bool make_asan_of_clang(const char *path)
{
	struct called called;
	char *directory;

	if (!have_program("clang"))
		return false;
	called = BY_ITSELF("clang", "-print-runtime-dir");
	called.output[strcspn(called.output, "\n")] = 0;
	directory = joined("-Wl,-rpath,", called.output);
	return COMPILE(path, "clang", "-fsanitize=address", "-shared-libasan", directory);
}

static bool make_go_with(const char *path, const char *cgo, const char *flags)
{
	const char *const argv[] = { "go", "build", "-o",
				     path, flags,   strdup(source_path("tests/cli/mark.go")),
				     NULL };
	const struct command command = {
		.argv = argv,
		.environment = { joined("GOCACHE=", scratch_path("go-cache")),
				 joined("GOPATH=", scratch_path("go")), cgo, "GO111MODULE=off",
				 "GOFLAGS=" },
	};
	int status;

	if (!have_program("go"))
		return false;
	free(process_run(&command, &status));
	return !status;
}

static bool make_go(const char *path)
{
	return make_go_with(path, "CGO_ENABLED=0", "-ldflags=-s -w");
}

static bool make_dynamic_go(const char *path)
{
	return make_go_with(path, "CGO_ENABLED=1", "-ldflags=-linkmode=external");
}

/* A script; the name of its interpreter is made of a format. */
__attribute__((format(printf, 2, 3))) static bool make_script(const char *path, const char *format,
							      ...)
{
	char line[256];
	va_list arguments;
	FILE *file = fopen(path, "w");

	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	ck_assert_ptr_nonnull(file);
	fprintf(file, "#!%s\n", line);
	return !fclose(file) && !chmod(path, 0755);
}

static const char *made(bool (*make)(const char *path), const char *name)
{
	const char *path = in_scratch(name);

	return make(path) ? path : NULL;
}

static bool make_script_of_static(const char *path)
{
	const char *program = made(make_static, "of-script");

	return program && make_script(path, "%s", program);
}

static bool make_script_of_env(const char *path)
{
	const char *program = made(make_static, "of-env");

	return program && make_script(path, "/usr/bin/env -S LC_ALL=C %s", program);
}

static bool make_script_of_script(const char *path)
{
	const char *inner = made(make_script_of_static, "inner");

	return inner && make_script(path, " %s more ", inner);
}

static bool make_script_of_plain(const char *path)
{
	const char *program = made(make_plain, "of-plain-script");

	return program && make_script(path, "%s", program);
}

static bool make_script_of_plain_env(const char *path)
{
	const char *program = made(make_plain, "of-plain-env");

	return program && make_script(path, "/usr/bin/env %s", program);
}

static const struct program {
	const char *name;
	bool (*make)(const char *path); /* false: it cannot be made here */
	const char *reason;             /* NULL: it runs under the library */
	bool aborts;                    /* by itself with the library */
} programs[] = {
	{ "plain", make_plain, NULL, false },
	{ "musl", make_musl, NULL, false },
	{ "static-asan", make_static_asan, NULL, false },
	{ "script-plain", make_script_of_plain, NULL, false },
	{ "script-env", make_script_of_plain_env, NULL, false },
	{ "static", make_static, "it is statically linked", false },
	{ "static-pie", make_static_pie, "it is statically linked", false },
	{ "static-musl", make_static_musl, "it is statically linked", false },
	{ "go", make_go, "it is written in Go", false },
	{ "dynamic-go", make_dynamic_go, "it is written in Go", false },
	{ "script-static", make_script_of_static, "it is statically linked", false },
	{ "script-env-static", make_script_of_env, "it is statically linked", false },
	{ "script-script", make_script_of_script, "it is statically linked", false },
	{ "asan", make_asan, "AddressSanitizer", true },
	{ "asan-of-clang", make_asan_of_clang, "AddressSanitizer", true },
};

/* That what is said is so: what it does with the library preloaded by hand. */
static void expect_by_hand(const struct program *program, const char *path)
{
	const char *mark = new_mark();
	struct called called = PRELOADED(path, mark);

	if (program->aborts) {
		ck_assert_int_ne(called.status, 0);
		ck_assert(!is_there(mark));
		return;
	}
	expect_status(&called, 0);
	ck_assert_str_eq(called.output, program->reason ? "keepalive 0\n" : "keepalive 1\n");
	ck_assert(is_there(mark));
}

static void expect_reason(const struct called *called, const char *name, const char *reason)
{
	char begin[400];

	snprintf(begin, sizeof begin, "keepalive: %s: %s", name, reason);
	ck_assert_msg(!strncmp(called->errors, begin, strlen(begin)), "\"%s\" is not \"%s\"",
		      called->errors, begin);
}

START_TEST(each_program)
{
	const struct program *program = &programs[_i];
	const char *path = in_scratch(program->name), *mark = new_mark();
	struct called called;

	if (!program->make(path))
		SKIP("%s cannot be made here", program->name);
	expect_by_hand(program, path);
	called = RUN(PLAIN, "--strict", path, mark);
	if (!program->reason) {
		expect_silent(&called);
		ck_assert_str_eq(called.output, "keepalive 1\n");
		ck_assert(is_there(mark));
		return;
	}
	expect_status(&called, OURS);
	expect_reason(&called, path, program->reason);
	ck_assert_str_eq(called.output, "");
	ck_assert(!is_there(mark));
	called = RUN(PLAIN, path, mark);
	expect_status(&called, 0);
	expect_reason(&called, path, program->reason);
	ck_assert_str_eq(called.output, "keepalive 0\n");
	ck_assert(is_there(mark));
}
END_TEST

/* Only root can attach BPF programs, and only root can look into a program that is set-user-ID. */
START_TEST(names_the_other_way)
{
	static const struct {
		const char *user;
		bool secure;
		const char *with, *without; /* BPF programs in the command */
	} ways[] = {
		{ NULL, false, "use keepalive attach on its control group",
		  "start it and use keepalive apply" },
		{ "nobody", false, "start it and use keepalive apply",
		  "start it and use keepalive apply" },
		{ "nobody", true, "root can use keepalive attach on its control group",
		  "root can use keepalive apply" },
	};
	const char *path = in_scratch("other-way"), *mark = new_mark(), *expected;
	struct way way = { .command = public_copy("keepalive"), .user = ways[_i].user };
	struct called called = BY_ITSELF(build_path("keepalive"), "attach", "/nowhere");
	bool with = !strstr(called.errors, "built without");

	if (getuid())
		SKIP("needs root, to be somebody else");
	if (ways[_i].secure ? !have_program("su") : !make_static(path))
		SKIP("no such program can be made here");
	called = ways[_i].secure ? RUN(way, "su", "--version") : RUN(way, path, mark);
	expected = with ? ways[_i].with : ways[_i].without;
	expect_says(called.errors, joined(joined(": ", expected), "\n"));
}
END_TEST

/* By its bare name, as the message then has it. */
START_TEST(program_in_path)
{
	const char *path = in_scratch("static-in-path"), *mark = new_mark();
	const struct way way = { .variables = { joined("PATH=nowhere:",
						       joined(scratch(), ":/usr/bin:/bin")) } };
	struct called called;

	if (!make_static(path))
		SKIP("no static program can be made here");
	called = RUN(way, "static-in-path", mark);
	expect_status(&called, 0);
	expect_reason(&called, "static-in-path", "it is statically linked");
	ck_assert(is_there(mark));
}
END_TEST

/* It has libseccomp: whether it uses it nobody knows, so that it runs, and is told of. */
START_TEST(sandboxed)
{
	static const char said[] = "it can enter a seccomp sandbox";
	const char *path = in_scratch("sandboxed");
	const struct way way = { .variables = { "KEEPALIVE_SANDBOXED=off" } };
	struct called called;

	if (!COMPILE(path, "gcc", "-Wl,--no-as-needed", "-l:libseccomp.so.2"))
		SKIP("no program with libseccomp can be made here");
	called = RUN(PLAIN, "--strict", path, new_mark());
	expect_status(&called, 0);
	expect_reason(&called, path, said);
	ck_assert_str_eq(called.output, "keepalive 1\n");
	called = RUN(way, path, new_mark());
	expect_silent(&called);
	called = RUN(PLAIN, "--sandboxed", "on", path, new_mark());
	expect_silent(&called);
	called = RUN(way, "--sandboxed", "on", "printenv", "KEEPALIVE_SANDBOXED");
	expect_silent(&called);
	ck_assert_str_eq(called.output, "on\n");
}
END_TEST

/* Its message says how it could be had; so it is then. */
START_TEST(asan_that_comes_first)
{
	const char *path = in_scratch("asan-first"), *mark = new_mark();
	struct called called;
	char *asan;

	if (!make_asan(path))
		SKIP("no program with AddressSanitizer can be made here");
	asan = BY_ITSELF("gcc", "-print-file-name=libasan.so").output;
	asan[strcspn(asan, "\n")] = 0;
	called = RUN((struct way){ .preload = asan }, "--strict", path, mark);
	expect_silent(&called);
	ck_assert_str_eq(called.output, "keepalive 1\n");
	called =
		RUN((struct way){ .preload = joined("nowhere.so:", asan) }, "--strict", path, mark);
	expect_status(&called, OURS);
}
END_TEST

static void patch(const char *path, off_t offset, const void *bytes, size_t size)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(pwrite(fd, bytes, size, offset), (ssize_t)size);
	close(fd);
}

static const char foreign[] = "it is for another architecture than the library";

START_TEST(library_of_another_architecture)
{
	const char *library = in_scratch("alpha.so"), *mark = new_mark();
	const Elf64_Half machine = EM_ALPHA;
	struct called called;

	copy(shim_path(), library);
	patch(library, offsetof(Elf64_Ehdr, e_machine), &machine, sizeof machine);
	called = RUN(PLAIN, "--strict", "--library", library, "touch", mark);
	expect_status(&called, OURS);
	expect_reason(&called, "touch", foreign);
	ck_assert(!is_there(mark));
	called = RUN(PLAIN, "--library", library, "touch", mark);
	expect_status(&called, 0);
	expect_reason(&called, "touch", foreign);
	ck_assert(is_there(mark));
}
END_TEST

static Elf32_Half own_machine(void)
{
	char *library = read_whole(shim_path());
	Elf32_Half machine;

	memcpy(&machine, library + offsetof(Elf64_Ehdr, e_machine), sizeof machine);
	return machine;
}

START_TEST(program_of_another_architecture)
{
	/* The second is that of x32. */
	const Elf32_Half machines[] = { EM_386, own_machine() };
	const char *path = strdup(scratch_path("foreign"));
	struct called called;

	if (sizeof(void *) == 4)
		SKIP("this is 32 bits itself");
	write_32bit_program(path, machines[_i], "/lib/ld-linux.so.2");
	called = RUN(PLAIN, "--strict", path);
	expect_status(&called, OURS);
	expect_reason(&called, path, foreign);
	called = RUN(PLAIN, path);
	expect_reason(&called, path, foreign);
	ck_assert_int_ne(called.status, OURS);
}
END_TEST

/* A link of scripts that leads nowhere: the kernel says so. */
START_TEST(script_of_itself)
{
	const char *path = in_scratch("of-itself");
	struct called called;

	ck_assert(make_script(path, "%s", path));
	called = RUN(PLAIN, "--strict", path);
	expect_status(&called, NOT_RUN);
	expect_says(called.errors, path);
	ck_assert(make_script(path, "/nowhere/sh"));
	called = RUN(PLAIN, "--strict", path);
	expect_status(&called, NOT_FOUND);
	expect_says(called.errors, path);
}
END_TEST

static const struct mode {
	mode_t mode;
	uid_t owner;
	gid_t group;
	const char *capabilities;
	const char *user;
	const char *reason;
} modes[] = {
	{ 0755, NOBODY, 0, NULL, NULL, NULL },
	{ 04755, 0, 0, NULL, NULL, NULL },
	{ 06755, 0, 0, NULL, NULL, NULL },
	{ 04755, NOBODY, 0, NULL, NULL, "it is set-user-ID" },
	{ 04755, 0, 0, NULL, "nobody", "it is set-user-ID" },
	{ 04755, NOBODY, NOBODY, NULL, "nobody", NULL },
	{ 02755, 0, NOBODY, NULL, NULL, "it is set-group-ID" },
	{ 02745, 0, NOBODY, NULL, NULL, NULL },
	{ 0755, 0, 0, "cap_net_raw=ep", "nobody", "it has file capabilities" },
	{ 0755, 0, 0, "cap_net_raw=p", "nobody", "it has file capabilities" },
	{ 0755, 0, 0, "cap_net_raw=ep", NULL, NULL },
};

static bool is_nosuid(void)
{
	struct statvfs system;

	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 || statvfs(scratch(), &system) ||
	       system.f_flag & ST_NOSUID;
}

static bool prepare(const struct mode *mode, const char *path)
{
	struct called called;

	copy(victim(), path);
	if (chown(path, mode->owner, mode->group) || chmod(path, mode->mode))
		return false;
	if (!mode->capabilities)
		return true;
	called = BY_ITSELF("setcap", mode->capabilities, path);
	return !called.status;
}

/* By the group of "nobody", which is not that of everybody's nobody. */
START_TEST(secure_mode)
{
	const struct mode *mode = &modes[_i];
	const char *path = strdup(scratch_path("mode.%d", _i));
	struct way way = { .command = public_copy("keepalive"), .user = mode->user };
	struct called called;

	if (getuid())
		SKIP("only root can give files away");
	if (is_nosuid())
		SKIP("these bits count for nothing here");
	if (!prepare(mode, path))
		SKIP("the file cannot be made so here");
	called = RUN(way, path, "socket");
	expect_status(&called, 0);
	expect_says(called.output, mode->reason ? "secure mode: 1" : "secure mode: 0");
	expect_says(called.output, mode->reason ? "socket: 0 " : "socket: 1 ");
	if (mode->reason)
		expect_reason(&called, path, mode->reason);
	else
		ck_assert_str_eq(called.errors, "");
	called = RUN(way, "--strict", path, "socket");
	ck_assert_int_eq(called.status, mode->reason ? OURS : 0);
	ck_assert(!mode->reason || !*called.output);
	/* Nobody gets anything in secure mode who has sworn off it. */
	if (!have_program("setpriv"))
		return;
	called = by_itself(NULL, (const char *const[]){ "setpriv", "--no-new-privs",
							public_copy("keepalive"), "run", "--strict",
							path, "socket", NULL });
	expect_status(&called, 0);
	expect_says(called.output, "secure mode: 0");
	expect_says(called.output, "socket: 1 ");
}
END_TEST

/* One of the machine's, for those who are not root. */
START_TEST(secure_mode_of_su)
{
	const struct way way = { .command = public_copy("keepalive"), .user = "nobody" };
	struct called called;
	struct stat file;

	if (stat("/usr/bin/su", &file) || !(file.st_mode & S_ISUID) || file.st_uid)
		SKIP("su is missing, or not set-user-ID");
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
		SKIP("no new privileges are to be had");
	called = RUN(way, "su", "--version");
	expect_status(&called, 0);
	expect_reason(&called, "su", "it is set-user-ID");
	expect_says(called.output, "su ");
	called = RUN(way, "--strict", "su", "--version");
	expect_status(&called, OURS);
	ck_assert_str_eq(called.output, "");
}
END_TEST

static const struct {
	const char *words[5];
	int status;
	const char *said;
} exits[] = {
	{ { "true" }, 0, NULL },
	{ { "sh", "-c", "exit 7" }, 7, NULL },
	{ { "sh", "-c", "exit 125" }, 125, NULL },
	{ { "sh", "-c", "exit 255" }, 255, NULL },
	{ { "sh", "-c", "kill -TERM $$" }, 128 + 15, NULL },
	{ { "sh", "-c", "kill -KILL $$" }, 128 + 9, NULL },
	{ { "/" }, NOT_RUN, "keepalive: /: Permission denied" },
	{ { "./libkeepalive.conf" }, NOT_RUN, "keepalive: ./libkeepalive.conf: Permission denied" },
	{ { "no-such-program" }, NOT_FOUND, "keepalive: no-such-program: No such file" },
	{ { "/no/such/program" }, NOT_FOUND, "keepalive: /no/such/program: No such file" },
	{ { "/etc/passwd/program" }, NOT_RUN, "keepalive: /etc/passwd/program: Not a directory" },
	{ { "" }, NOT_FOUND, "keepalive: : No such file" },
	{ { "--", "-x" }, NOT_FOUND, "keepalive: -x: No such file" },
	{ { "--idle", "5" }, OURS, "missing operand" },
	{ { "--idle" }, OURS, "--idle needs an argument" },
	{ { "--strict=yes", "true" }, OURS, "--strict takes no argument" },
	{ { "--no-such-option", "true" }, OURS, "unknown flag --no-such-option" },
	{ { "-q", "true" }, OURS, "unknown flag -q" },
	{ { "-2", "true" }, OURS, "unknown flag -2" },
};

START_TEST(exit_status)
{
	struct called called;

	scratch_file("libkeepalive.conf", "");
	called = run(PLAIN, exits[_i].words);
	expect_status(&called, exits[_i].status);
	if (exits[_i].said)
		expect_says(called.errors, exits[_i].said);
	else
		ck_assert_str_eq(called.errors, "");
}
END_TEST

START_TEST(words_of_the_program)
{
	struct called called = RUN(PLAIN, "echo", "--idle", "6O", "--strict", "--", "-h");

	expect_silent(&called);
	ck_assert_str_eq(called.output, "--idle 6O --strict -- -h\n");
	called = RUN(PLAIN, "--idle", "60", "--", "echo", "--", "--help");
	expect_silent(&called);
	ck_assert_str_eq(called.output, "-- --help\n");
	called = RUN(PLAIN, "--", "printf", "%s|", "a b", "", "c");
	expect_silent(&called);
	ck_assert_str_eq(called.output, "a b||c|");
}
END_TEST

/* Descriptors, signals, limits: as without it. SigQ counts what all processes of the user have
 * queued. */
START_TEST(nothing_else_changes)
{
	static const char script[] =
		"ls /proc/self/fd; grep -E '^(Sig[^Q]|Shd|Cap|NoNew|Seccomp)' /proc/self/status;"
		"cat /proc/self/limits; umask; pwd;"
		"env | grep -v -e ^LD_PRELOAD= -e ^KEEPALIVE_IDLE= -e ^_=";
	struct called control = BY_ITSELF("sh", "-c", script);
	struct called called = RUN(PLAIN, "--idle", "61", "sh", "-c", script);

	expect_silent(&called);
	expect_says(called.output, "SigIgn");
	expect_says(called.output, "PATH=");
	ck_assert_msg(!strcmp(called.output, control.output), "%.2000s, expected %.2000s",
		      called.output, control.output);
}
END_TEST

START_TEST(becomes_the_program)
{
	const char *const words[] = { "--idle", "61", "sh", "-c", "echo $$; cat", NULL };
	const char *argv[WORDS_MAX];
	struct command command = command_of(&PLAIN, words, argv);
	struct process process = process_start(&command);
	char expected[64];

	snprintf(expected, sizeof expected, "%d\nto stdin\n", process.pid);
	ck_assert_int_eq(write(process.input, "to stdin\n", 9), 9);
	close(process.input);
	process.input = -1;
	ck_assert_int_eq(process_wait(&process, 20), 0);
	ck_assert_str_eq(read_whole(process.output), expected);
	ck_assert_str_eq(read_whole(process.errors), "");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("run");
	TCase *tcase = harness_case(suite, "settings", 60);

	tcase_add_loop_test(tcase, each_option, 0, OPTIONS);
	tcase_add_test(tcase, all_together);
	tcase_add_loop_test(tcase, bad_values, 0, OPTIONS);
	tcase_add_test(tcase, bad_values_of_others);
	tcase_add_test(tcase, file_by_relative_path);
	tcase_add_test(tcase, file_that_is_missing);
	tcase_add_test(tcase, log_file);
	tcase_add_test(tcase, override);
	tcase_add_test(tcase, variables_are_below);
	tcase_add_test(tcase, switched_off);
	tcase = harness_case(suite, "library", 60);
	tcase_add_loop_test(tcase, what_was_preloaded, 0, COUNT(preloads));
	tcase_add_test(tcase, twice);
	tcase_add_loop_test(tcase, path_that_cannot_be_said, 0, 3);
	tcase_add_test(tcase, library_by_relative_path);
	tcase_add_test(tcase, library_that_is_missing);
	tcase_add_test(tcase, library_that_is_none);
	tcase_add_loop_test(tcase, library_beside_the_command, 0, COUNT(layouts));
	tcase = harness_case(suite, "programs", 300);
	tcase_add_loop_test(tcase, each_program, 0, COUNT(programs));
	tcase_add_loop_test(tcase, names_the_other_way, 0, 3);
	tcase_add_test(tcase, program_in_path);
	tcase_add_test(tcase, sandboxed);
	tcase_add_test(tcase, asan_that_comes_first);
	tcase_add_test(tcase, library_of_another_architecture);
	tcase_add_loop_test(tcase, program_of_another_architecture, 0, 2);
	tcase_add_test(tcase, script_of_itself);
	tcase_add_loop_test(tcase, secure_mode, 0, COUNT(modes));
	tcase_add_test(tcase, secure_mode_of_su);
	tcase = harness_case(suite, "exec", 60);
	tcase_add_loop_test(tcase, exit_status, 0, COUNT(exits));
	tcase_add_test(tcase, words_of_the_program);
	tcase_add_test(tcase, nothing_else_changes);
	tcase_add_test(tcase, becomes_the_program);
	return harness_run(suite);
}
