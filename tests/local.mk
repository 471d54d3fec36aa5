# The tests. Each program prints TAP; a test that cannot run here is skipped with a reason.

TEST_EXTENSIONS = .test
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
TEST_LOG_DRIVER = $(LOG_DRIVER)
# The TAP results say what failed; the exit status would count it twice.
TEST_LOG_DRIVER_FLAGS = --ignore-exit
AM_TESTS_ENVIRONMENT = \
	TEST_SOURCE='$(abs_top_srcdir)'; export TEST_SOURCE; \
	TEST_BUILD='$(abs_top_builddir)'; export TEST_BUILD; \
	TEST_SYSCONFDIR='$(sysconfdir)'; export TEST_SYSCONFDIR;

# A test program tests/ROOM/NAME.test is one word in the list of its room: it is made of
# tests/ROOM/NAME.c and libtest.la.
AM_DEFAULT_SOURCE_EXT = .c
AM_CPPFLAGS = $(CORE_CPPFLAGS) -I$(top_srcdir)/tests -DBINDIR='"$(bindir)"'
LDADD = tests/libtest.la

# The core as ordinary code, for everything but the library.
noinst_LTLIBRARIES = libcore.la
libcore_la_SOURCES = $(core_sources)
libcore_la_CPPFLAGS = $(CORE_CPPFLAGS)

# Shows the sockets of running programs; built without the library check.
noinst_PROGRAMS = tests/lib/peek
tests_lib_peek_SOURCES = tests/lib/peek.c tests/lib/inspect.c tests/lib/inspect.h
tests_lib_peek_CPPFLAGS = $(AM_CPPFLAGS)
tests_lib_peek_LDADD = libcore.la

# Fuzz targets with oracles, for make fuzz and for a test.
fuzz_sources = \
	tests/fuzz/fuzz.h \
	tests/fuzz/fuzz_address.c \
	tests/fuzz/fuzz_environment.c \
	tests/fuzz/fuzz_pattern.c \
	tests/fuzz/fuzz_rules.c

test_programs =
check_PROGRAMS = $(test_programs)
check_LTLIBRARIES =
test_scripts = \
	tests/quickstart/quickstart.test \
	tests/release/configure.test \
	tests/release/install.test \
	tests/release/release.test \
	tests/release/version.test
TESTS = $(test_programs) $(test_scripts)
EXTRA_DIST += $(test_scripts) tests/README tests/release/tap.sh tests/unit/fixtures tests/compat/sockets.py

if HAVE_CHECK
check_LTLIBRARIES += tests/libtest.la
tests_libtest_la_SOURCES = \
	tests/cli/cli.c \
	tests/cli/cli.h \
	tests/cli/image.c \
	tests/cli/image.h \
	tests/cli/terminal.c \
	tests/cli/terminal.h \
	tests/hooks/describe.c \
	tests/hooks/describe.h \
	tests/hooks/drive.c \
	tests/hooks/drive.h \
	tests/hooks/trace.c \
	tests/hooks/trace.h \
	tests/lib/expect.c \
	tests/lib/expect.h \
	tests/lib/harness.c \
	tests/lib/harness.h \
	tests/lib/in_memory.h \
	tests/lib/inspect.c \
	tests/lib/inspect.h \
	tests/lib/process.c \
	tests/lib/process.h \
	tests/lib/messages.c \
	tests/lib/messages.h \
	tests/lib/samples.c \
	tests/lib/samples.h \
	tests/network/cut.c \
	tests/network/cut.h \
	tests/network/hang.c \
	tests/network/hang.h \
	tests/network/persist.c \
	tests/network/persist.h \
	tests/network/together.c \
	tests/network/together.h \
	tests/network/told.c \
	tests/network/told.h \
	tests/network/wire.c \
	tests/network/wire.h \
	tests/programs/stock.c \
	tests/programs/stock.h
tests_libtest_la_LIBADD = libcore.la $(CHECK_LIBS) $(PTY_LIBS) $(DL_LIBS)

test_programs += \
	tests/binary/built.test \
	tests/binary/link.test \
	tests/binary/memory.test \
	tests/compat/dropin.test \
	tests/unit/address.test \
	tests/unit/calendar.test \
	tests/unit/environment.test \
	tests/unit/file.test \
	tests/unit/generated.test \
	tests/unit/loader.test \
	tests/unit/option.test \
	tests/unit/plan.test \
	tests/unit/policy.test \
	tests/unit/samples.test \
	tests/unit/text.test
tests_unit_generated_test_SOURCES = tests/unit/generated.c $(fuzz_sources)
tests_unit_plan_test_SOURCES = tests/unit/plan.c src/bpf/decide.h src/bpf/plan.h src/cli/base/failure.c \
	src/cli/base/failure.h src/cli/groups/planning.c src/cli/groups/planning.h
tests_unit_plan_test_CPPFLAGS = $(AM_CPPFLAGS) -D_GNU_SOURCE
else
# A run of no test must not look like success.
check-local:
	@echo 'make check: nothing is tested: the unit testing framework check is missing' >&2
	@exit 1
endif

include tests/hooks/local.mk
include tests/programs/local.mk
include tests/network/local.mk
include tests/cli/local.mk
include tests/groups/local.mk
include tests/platforms/local.mk
include tests/mutants/local.mk
include tests/compilers/local.mk
include tests/lint/local.mk

# make bench: the cost of the library, of attach and of show, as ratios of measurements in the same run.
EXTRA_PROGRAMS = tests/bench/bench tests/bench/crowd tests/bench/hold tests/bench/load \
	tests/bench/turns tests/bench/ways
worker_sources = tests/bench/worker.c tests/bench/worker.h
tests_bench_bench_SOURCES = tests/bench/bench.c $(worker_sources)
tests_bench_bench_LDADD =
tests_bench_crowd_LDADD =
tests_bench_hold_LDADD =
tests_bench_turns_SOURCES = tests/bench/turns.c $(worker_sources)
tests_bench_turns_LDADD =
tests_bench_load_SOURCES = tests/bench/load.c $(worker_sources)
tests_bench_load_LDADD =
tests_bench_ways_SOURCES = tests/bench/ways.c $(worker_sources)
tests_bench_ways_LDADD =
EXTRA_LTLIBRARIES = tests/bench/nothing.la
tests_bench_nothing_la_SOURCES = tests/bench/nothing.c
tests_bench_nothing_la_LDFLAGS = -module -avoid-version -shared -rpath /nowhere
# An empty library that is linked like ours, and one that only reads a file.
EXTRA_LTLIBRARIES += tests/bench/empty.la tests/bench/reader.la
tests_bench_empty_la_SOURCES = tests/bench/empty.c
tests_bench_empty_la_CFLAGS = -std=c11 $(WARNINGS) $(SHIM_CFLAGS)
tests_bench_empty_la_LDFLAGS = -module -avoid-version -shared -rpath /nowhere \
	-XCClinker -nostdlib -XCClinker -nostartfiles $(SHIM_LDFLAGS)
tests_bench_reader_la_SOURCES = tests/bench/reader.c
tests_bench_reader_la_CFLAGS = $(tests_bench_empty_la_CFLAGS)
tests_bench_reader_la_LDFLAGS = $(tests_bench_empty_la_LDFLAGS)
CLEANFILES += $(EXTRA_PROGRAMS) $(EXTRA_LTLIBRARIES)
EXTRA_DIST += tests/bench/audit tests/bench/groups tests/bench/servers tests/bench/sockets tests/summary

bench: all $(EXTRA_PROGRAMS) tests/bench/nothing.la tests/bench/empty.la tests/bench/reader.la
	@ancestor=/usr/lib/libkeepalive.so; \
	test "`readlink -f $$ancestor.0`" = $$ancestor || ancestor=; \
	tests/bench/bench $(abs_builddir)/.libs/libkeepalive.so \
		$(abs_builddir)/tests/bench/.libs/nothing.so \
		$(abs_builddir)/tests/bench/.libs/empty.so \
		$(abs_builddir)/tests/bench/.libs/reader.so $$ancestor
	@$(srcdir)/tests/bench/servers $(abs_builddir)/.libs/libkeepalive.so
	@$(srcdir)/tests/bench/groups $(abs_builddir)/.libs/libkeepalive.so $(abs_builddir)
	@$(srcdir)/tests/bench/sockets $(abs_builddir)

# make bench-audit: what keepalive audit takes with 50,000 connections, and what a server loses beside it.
bench-audit: all tests/bench/crowd tests/bench/load
	@$(srcdir)/tests/bench/audit $(abs_builddir)

.PHONY: bench bench-audit

# make fuzz: each target with libFuzzer and the sanitizers, FUZZ_SECONDS in all. The corpus for files starts
# with the fixtures and samples. Inputs that fail are left in tests/fuzz/found of the build directory.
FUZZ_SECONDS = 600
FUZZ_TARGETS = address environment file pattern rules
EXTRA_DIST += tests/fuzz/entry.c tests/fuzz/fuzz_file.c
CLEANFILES += $(FUZZ_TARGETS:%=tests/fuzz/%)

$(FUZZ_TARGETS:%=tests/fuzz/%): $(fuzz_sources) \
		tests/fuzz/entry.c tests/fuzz/fuzz_file.c $(core_sources)
	@$(MKDIR_P) tests/fuzz
	$(AM_V_CCLD)target=$(@F); clang -std=gnu11 -g -O1 -D_DEFAULT_SOURCE -I$(srcdir)/src \
		-I$(srcdir)/tests -DFUZZ_TARGET=fuzz_$$target \
		-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -o $@ \
		$(srcdir)/tests/fuzz/entry.c $(srcdir)/tests/fuzz/fuzz_$$target.c \
		$(filter %.c,$(addprefix $(srcdir)/,$(core_sources)))

fuzz: $(FUZZ_TARGETS:%=tests/fuzz/%)
	@set -- $(FUZZ_TARGETS); seconds=$$(( $(FUZZ_SECONDS) / $$# )); \
	for target; do \
		echo "fuzz: $$target, $$seconds s"; \
		length=256; seeds=; \
		if test $$target = file; then \
			length=1048576; seeds="$(srcdir)/tests/unit/fixtures $(srcdir)/conf"; \
		fi; \
		$(MKDIR_P) tests/fuzz/corpus/$$target tests/fuzz/found && \
		tests/fuzz/$$target -max_total_time=$$seconds -timeout=10 -max_len=$$length \
			-len_control=50 -print_final_stats=1 -verbosity=1 \
			-artifact_prefix=tests/fuzz/found/$$target- tests/fuzz/corpus/$$target $$seeds || \
			exit 1; \
	done

clean-local:
	rm -rf tests/fuzz/corpus tests/fuzz/found mutants coverage compilers

.PHONY: fuzz
