# The tests. Each program prints TAP; a test that cannot run here is skipped and says why.

TEST_EXTENSIONS = .test
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
TEST_LOG_DRIVER = $(LOG_DRIVER)
# The results alone say what failed; an exit status besides would count it twice.
TEST_LOG_DRIVER_FLAGS = --ignore-exit
AM_TESTS_ENVIRONMENT = \
	TEST_SOURCE='$(abs_top_srcdir)'; export TEST_SOURCE; \
	TEST_BUILD='$(abs_top_builddir)'; export TEST_BUILD; \
	TEST_SYSCONFDIR='$(sysconfdir)'; export TEST_SYSCONFDIR;

AM_TEST_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests

# The core as ordinary code, for what is not the library itself.
noinst_LTLIBRARIES = libcore.la
libcore_la_SOURCES = $(core_sources)

# Shows the sockets of running programs: for quickstart, which does without check.
noinst_PROGRAMS = tests/support/peek
tests_support_peek_SOURCES = tests/support/peek.c tests/support/inspect.c tests/support/inspect.h
tests_support_peek_CPPFLAGS = $(AM_TEST_CPPFLAGS)
tests_support_peek_LDADD = libcore.la

check_PROGRAMS =
check_LTLIBRARIES =
TESTS =

if HAVE_CHECK
check_LTLIBRARIES += tests/libsupport.la
tests_libsupport_la_SOURCES = \
	tests/support/expect.c \
	tests/support/expect.h \
	tests/support/harness.c \
	tests/support/harness.h \
	tests/support/inspect.c \
	tests/support/inspect.h \
	tests/support/process.c \
	tests/support/process.h
tests_libsupport_la_CPPFLAGS = $(AM_TEST_CPPFLAGS)
tests_libsupport_la_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_libsupport_la_LIBADD = libcore.la $(CHECK_LIBS)

TEST_CPPFLAGS = $(AM_TEST_CPPFLAGS)
TEST_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
TEST_LDADD = tests/libsupport.la

check_PROGRAMS += tests/unit/option.test
tests_unit_option_test_SOURCES = tests/unit/test_option.c
tests_unit_option_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_unit_option_test_CFLAGS = $(TEST_CFLAGS)
tests_unit_option_test_LDADD = $(TEST_LDADD)
TESTS += tests/unit/option.test

# What the tests of the core share.
check_LTLIBRARIES += tests/libsaid.la
tests_libsaid_la_SOURCES = tests/unit/said.c tests/unit/said.h
tests_libsaid_la_CPPFLAGS = $(TEST_CPPFLAGS)

check_PROGRAMS += tests/unit/address.test
tests_unit_address_test_SOURCES = tests/unit/test_address.c
tests_unit_address_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_unit_address_test_CFLAGS = $(TEST_CFLAGS)
tests_unit_address_test_LDADD = $(TEST_LDADD)
TESTS += tests/unit/address.test

check_PROGRAMS += tests/unit/environment.test
tests_unit_environment_test_SOURCES = tests/unit/test_environment.c
tests_unit_environment_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_unit_environment_test_CFLAGS = $(TEST_CFLAGS)
tests_unit_environment_test_LDADD = tests/libsaid.la $(TEST_LDADD)
TESTS += tests/unit/environment.test

check_PROGRAMS += tests/unit/file.test
tests_unit_file_test_SOURCES = tests/unit/test_file.c
tests_unit_file_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_unit_file_test_CFLAGS = $(TEST_CFLAGS)
tests_unit_file_test_LDADD = tests/libsaid.la $(TEST_LDADD)
TESTS += tests/unit/file.test

check_PROGRAMS += tests/unit/policy.test
tests_unit_policy_test_SOURCES = tests/unit/test_policy.c
tests_unit_policy_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_unit_policy_test_CFLAGS = $(TEST_CFLAGS)
tests_unit_policy_test_LDADD = tests/libsaid.la $(TEST_LDADD)
TESTS += tests/unit/policy.test

check_PROGRAMS += tests/built/built.test
tests_built_built_test_SOURCES = tests/built/test_built.c
tests_built_built_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_built_built_test_CFLAGS = $(TEST_CFLAGS)
tests_built_built_test_LDADD = $(TEST_LDADD)
TESTS += tests/built/built.test

check_PROGRAMS += tests/dropin/dropin.test
tests_dropin_dropin_test_SOURCES = tests/dropin/test_dropin.c
tests_dropin_dropin_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_dropin_dropin_test_CFLAGS = $(TEST_CFLAGS)
tests_dropin_dropin_test_LDADD = $(TEST_LDADD)
TESTS += tests/dropin/dropin.test
endif

EXTRA_DIST += tests/unit/fixtures tests/dropin/sockets.py

include tests/victims/local.mk
include tests/stock/local.mk
include tests/rules/local.mk
include tests/wire/local.mk
include tests/cli/local.mk
include tests/environments/local.mk

# make bench: what the library costs, as ratios, each measured side by side in one run.
EXTRA_PROGRAMS = tests/bench/bench
tests_bench_bench_SOURCES = tests/bench/bench.c
EXTRA_LTLIBRARIES = tests/bench/nothing.la
tests_bench_nothing_la_SOURCES = tests/bench/nothing.c
tests_bench_nothing_la_LDFLAGS = -module -avoid-version -shared -rpath /nowhere
# An empty library that is linked as ours is.
EXTRA_LTLIBRARIES += tests/bench/empty.la
tests_bench_empty_la_SOURCES = tests/bench/empty.c
tests_bench_empty_la_CFLAGS = -std=c11 $(WARNINGS) $(SHIM_CFLAGS)
tests_bench_empty_la_LDFLAGS = -module -avoid-version -shared -rpath /nowhere \
	-XCClinker -nostdlib -XCClinker -nostartfiles $(SHIM_LDFLAGS)
CLEANFILES += $(EXTRA_PROGRAMS) $(EXTRA_LTLIBRARIES)
EXTRA_DIST += tests/bench/servers tests/summary

bench: all tests/bench/bench tests/bench/nothing.la tests/bench/empty.la
	@ancestor=/usr/lib/libkeepalive.so.0; test -r $$ancestor || ancestor=; \
	tests/bench/bench $(abs_builddir)/.libs/libkeepalive.so \
		$(abs_builddir)/tests/bench/.libs/nothing.so \
		$(abs_builddir)/tests/bench/.libs/empty.so $$ancestor
	@$(srcdir)/tests/bench/servers $(abs_builddir)/.libs/libkeepalive.so

.PHONY: bench

# make fuzz: the reading of files under libFuzzer and the sanitizers, FUZZ_SECONDS long, from the
# fixtures and samples on. What it finds is left in tests/fuzz/ of the build folder.
FUZZ_SECONDS = 600
EXTRA_DIST += tests/fuzz/fuzz_file.c
CLEANFILES += tests/fuzz/file

tests/fuzz/file: $(srcdir)/tests/fuzz/fuzz_file.c $(core_sources)
	@$(MKDIR_P) tests/fuzz
	$(AM_V_CCLD)clang -std=gnu11 -g -O1 -D_DEFAULT_SOURCE -I$(srcdir)/src \
		-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -o $@ \
		$(srcdir)/tests/fuzz/fuzz_file.c $(filter %.c,$(addprefix $(srcdir)/,$(core_sources)))

fuzz: tests/fuzz/file
	@$(MKDIR_P) tests/fuzz/corpus
	tests/fuzz/file -max_total_time=$(FUZZ_SECONDS) -timeout=10 -max_len=1048576 -len_control=50 \
		-print_final_stats=1 -verbosity=1 -artifact_prefix=tests/fuzz/ tests/fuzz/corpus \
		$(srcdir)/tests/unit/fixtures $(srcdir)/conf

clean-local:
	rm -rf tests/fuzz

.PHONY: fuzz
