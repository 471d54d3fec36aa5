# Programs that do what no stock program does, with and without the library.

victim_sources = \
	tests/victims/describe.c \
	tests/victims/describe.h \
	tests/victims/victim.c \
	tests/victims/victim.h \
	tests/victims/victim_calls.c \
	tests/victims/victim_cancel.c \
	tests/victims/victim_crowd.c \
	tests/victims/victim_descriptors.c \
	tests/victims/victim_each.c \
	tests/victims/victim_errors.c \
	tests/victims/victim_fastopen.c \
	tests/victims/victim_foreign.c \
	tests/victims/matrix.h \
	tests/victims/victim_kinds.c \
	tests/victims/victim_matrix.c \
	tests/victims/victim_numbers.c \
	tests/victims/victim_options.c \
	tests/victims/victim_rules.c \
	tests/victims/victim_stack.c \
	tests/victims/victim_threads.c \
	tests/victims/victim_uring.c

if HAVE_CHECK
check_PROGRAMS += tests/victims/victim
tests_victims_victim_SOURCES = $(victim_sources)
tests_victims_victim_CPPFLAGS = $(AM_TEST_CPPFLAGS)
# Exceptions as in C++: a thread that is cancelled is then unwound through the library's functions.
tests_victims_victim_CFLAGS = $(AM_CFLAGS) -fexceptions
tests_victims_victim_LDADD = -lpthread
if HAVE_LIBURING
tests_victims_victim_CPPFLAGS += -DHAVE_LIBURING
tests_victims_victim_CFLAGS += $(LIBURING_CFLAGS)
tests_victims_victim_LDADD += $(LIBURING_LIBS)
endif

# A program with a library of its own. The wrapper script that libtool makes for such programs is
# no program to preload anything into: no-install leaves it out.
SHARED_LDFLAGS = -avoid-version -shared -rpath /nowhere
check_LTLIBRARIES += tests/victims/libearly.la
tests_victims_libearly_la_SOURCES = \
	tests/victims/describe.c \
	tests/victims/describe.h \
	tests/victims/early.h \
	tests/victims/early_library.c
tests_victims_libearly_la_CPPFLAGS = $(AM_TEST_CPPFLAGS)
tests_victims_libearly_la_LDFLAGS = $(SHARED_LDFLAGS)
tests_victims_libearly_la_LIBADD = -lpthread
check_PROGRAMS += tests/victims/early
tests_victims_early_SOURCES = tests/victims/early.c
tests_victims_early_CPPFLAGS = $(AM_TEST_CPPFLAGS)
tests_victims_early_LDFLAGS = -no-install
tests_victims_early_LDADD = tests/victims/libearly.la

# Libraries that are preloaded besides.
othershim_common = tests/victims/othershim.h tests/victims/othershim_report.c
check_LTLIBRARIES += tests/victims/othershim.la
tests_victims_othershim_la_SOURCES = tests/victims/othershim.c $(othershim_common)
tests_victims_othershim_la_CPPFLAGS = $(AM_TEST_CPPFLAGS)
tests_victims_othershim_la_LDFLAGS = -module $(SHARED_LDFLAGS)
tests_victims_othershim_la_LIBADD = $(DL_LIBS)
# The same as the first, with that hash table.
check_LTLIBRARIES += tests/victims/othershim_sysv.la
tests_victims_othershim_sysv_la_SOURCES = tests/victims/othershim.c $(othershim_common)
tests_victims_othershim_sysv_la_CPPFLAGS = $(AM_TEST_CPPFLAGS)
tests_victims_othershim_sysv_la_LDFLAGS = -module $(SHARED_LDFLAGS) -Wl,--hash-style=sysv
tests_victims_othershim_sysv_la_LIBADD = $(DL_LIBS)
check_LTLIBRARIES += tests/victims/othershim_old.la
tests_victims_othershim_old_la_SOURCES = tests/victims/othershim_old.c
tests_victims_othershim_old_la_LDFLAGS = -module $(SHARED_LDFLAGS) -Wl,--hash-style=sysv
tests_victims_othershim_old_la_LIBADD = $(DL_LIBS)
check_LTLIBRARIES += tests/victims/othershim_odd.la
tests_victims_othershim_odd_la_SOURCES = tests/victims/othershim_odd.c $(othershim_common)
tests_victims_othershim_odd_la_CPPFLAGS = $(AM_TEST_CPPFLAGS)
tests_victims_othershim_odd_la_LDFLAGS = -module $(SHARED_LDFLAGS)
tests_victims_othershim_odd_la_LIBADD = $(DL_LIBS)
check_LTLIBRARIES += tests/victims/othershim_dlsym.la
tests_victims_othershim_dlsym_la_SOURCES = tests/victims/othershim_dlsym.c $(othershim_common)
tests_victims_othershim_dlsym_la_CPPFLAGS = $(AM_TEST_CPPFLAGS)
tests_victims_othershim_dlsym_la_LDFLAGS = -module $(SHARED_LDFLAGS)
tests_victims_othershim_dlsym_la_LIBADD = $(DL_LIBS)
check_LTLIBRARIES += tests/victims/othershim_malloc.la
tests_victims_othershim_malloc_la_SOURCES = tests/victims/othershim_malloc.c $(othershim_common)
tests_victims_othershim_malloc_la_CPPFLAGS = $(AM_TEST_CPPFLAGS)
tests_victims_othershim_malloc_la_LDFLAGS = -module $(SHARED_LDFLAGS)
tests_victims_othershim_malloc_la_LIBADD = $(DL_LIBS)
check_LTLIBRARIES += tests/victims/othershim_null.la
tests_victims_othershim_null_la_SOURCES = tests/victims/othershim_null.c $(othershim_common)
tests_victims_othershim_null_la_CPPFLAGS = $(AM_TEST_CPPFLAGS)
tests_victims_othershim_null_la_LDFLAGS = -module $(SHARED_LDFLAGS)
tests_victims_othershim_null_la_LIBADD = $(DL_LIBS)

check_LTLIBRARIES += tests/victims/libdrive.la
tests_victims_libdrive_la_SOURCES = \
	tests/victims/describe.c \
	tests/victims/describe.h \
	tests/victims/drive.c \
	tests/victims/drive.h \
	tests/victims/trace.c \
	tests/victims/trace.h
tests_victims_libdrive_la_CPPFLAGS = $(TEST_CPPFLAGS)
tests_victims_libdrive_la_CFLAGS = $(TEST_CFLAGS)
tests_victims_libdrive_la_LIBADD = $(TEST_LDADD)
DRIVE_LDADD = tests/victims/libdrive.la

check_PROGRAMS += tests/victims/kinds.test
tests_victims_kinds_test_SOURCES = tests/victims/test_kinds.c
tests_victims_kinds_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_victims_kinds_test_CFLAGS = $(TEST_CFLAGS)
tests_victims_kinds_test_LDADD = $(DRIVE_LDADD)
TESTS += tests/victims/kinds.test

check_PROGRAMS += tests/victims/hooks.test
tests_victims_hooks_test_SOURCES = tests/victims/test_hooks.c
tests_victims_hooks_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_victims_hooks_test_CFLAGS = $(TEST_CFLAGS)
tests_victims_hooks_test_LDADD = $(DRIVE_LDADD)
TESTS += tests/victims/hooks.test

check_PROGRAMS += tests/victims/threads.test
tests_victims_threads_test_SOURCES = tests/victims/test_threads.c
tests_victims_threads_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_victims_threads_test_CFLAGS = $(TEST_CFLAGS)
tests_victims_threads_test_LDADD = $(DRIVE_LDADD)
TESTS += tests/victims/threads.test

check_PROGRAMS += tests/victims/start.test
tests_victims_start_test_SOURCES = tests/victims/test_start.c
tests_victims_start_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_victims_start_test_CFLAGS = $(TEST_CFLAGS)
tests_victims_start_test_LDADD = $(DRIVE_LDADD)
TESTS += tests/victims/start.test

check_PROGRAMS += tests/victims/settings.test
tests_victims_settings_test_SOURCES = tests/victims/test_settings.c
tests_victims_settings_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_victims_settings_test_CFLAGS = $(TEST_CFLAGS)
tests_victims_settings_test_LDADD = $(DRIVE_LDADD)
TESTS += tests/victims/settings.test

check_PROGRAMS += tests/victims/stderr.test
tests_victims_stderr_test_SOURCES = tests/victims/test_stderr.c
tests_victims_stderr_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_victims_stderr_test_CFLAGS = $(TEST_CFLAGS)
tests_victims_stderr_test_LDADD = $(DRIVE_LDADD)
TESTS += tests/victims/stderr.test

check_PROGRAMS += tests/victims/foreign.test
tests_victims_foreign_test_SOURCES = tests/victims/test_foreign.c
tests_victims_foreign_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_victims_foreign_test_CFLAGS = $(TEST_CFLAGS)
tests_victims_foreign_test_LDADD = $(DRIVE_LDADD)
TESTS += tests/victims/foreign.test

check_PROGRAMS += tests/victims/matrix.test
tests_victims_matrix_test_SOURCES = tests/victims/test_matrix.c tests/victims/matrix.h
tests_victims_matrix_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_victims_matrix_test_CFLAGS = $(TEST_CFLAGS)
tests_victims_matrix_test_LDADD = $(DRIVE_LDADD)
TESTS += tests/victims/matrix.test

check_PROGRAMS += tests/victims/others.test
tests_victims_others_test_SOURCES = tests/victims/test_others.c
tests_victims_others_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_victims_others_test_CFLAGS = $(TEST_CFLAGS)
tests_victims_others_test_LDADD = $(DRIVE_LDADD)
TESTS += tests/victims/others.test

check_PROGRAMS += tests/victims/calls.test
tests_victims_calls_test_SOURCES = tests/victims/test_calls.c
tests_victims_calls_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_victims_calls_test_CFLAGS = $(TEST_CFLAGS)
tests_victims_calls_test_LDADD = $(DRIVE_LDADD)
TESTS += tests/victims/calls.test

check_PROGRAMS += tests/victims/faults.test
tests_victims_faults_test_SOURCES = tests/victims/test_faults.c
tests_victims_faults_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_victims_faults_test_CFLAGS = $(TEST_CFLAGS)
tests_victims_faults_test_LDADD = $(DRIVE_LDADD)
TESTS += tests/victims/faults.test

check_PROGRAMS += tests/victims/reading.test
tests_victims_reading_test_SOURCES = tests/victims/test_reading.c
tests_victims_reading_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_victims_reading_test_CFLAGS = $(TEST_CFLAGS)
tests_victims_reading_test_LDADD = $(DRIVE_LDADD)
TESTS += tests/victims/reading.test

check_PROGRAMS += tests/victims/loaders.test
tests_victims_loaders_test_SOURCES = tests/victims/test_loaders.c
tests_victims_loaders_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_victims_loaders_test_CFLAGS = $(TEST_CFLAGS)
tests_victims_loaders_test_LDADD = $(DRIVE_LDADD)
TESTS += tests/victims/loaders.test

# Programs that automake has no rules for. Those without a C library take no flags that might ask
# for something out of one.
odd_programs = \
	tests/victims/libnolibc.so \
	tests/victims/nolibc \
	tests/victims/nolibc-library
NOLIBC_FLAGS = -std=gnu11 -O2 -ffreestanding -fno-stack-protector -I$(top_srcdir)/tests \
	-nostdlib -nostartfiles
NOLIBC_LIBRARY = -DWITH_LIBRARY -Ltests/victims -lnolibc \
	-Wl,-rpath,$(abs_builddir)/tests/victims
nolibc_source = $(top_srcdir)/tests/victims/nolibc.c

tests/victims/libnolibc.so: tests/victims/nolibc_library.c tests/victims/nolibc.h
	$(AM_V_CCLD)$(MKDIR_P) tests/victims && \
	$(CC) $(NOLIBC_FLAGS) -fPIC -shared -o $@ $(top_srcdir)/tests/victims/nolibc_library.c

tests/victims/nolibc: tests/victims/nolibc.c tests/victims/nolibc.h
	$(AM_V_CCLD)$(MKDIR_P) tests/victims && \
	$(CC) $(NOLIBC_FLAGS) -fPIE -pie -o $@ $(nolibc_source)

tests/victims/nolibc-library: tests/victims/nolibc.c tests/victims/nolibc.h tests/victims/libnolibc.so
	$(AM_V_CCLD)$(CC) $(NOLIBC_FLAGS) -fPIE -pie -o $@ $(nolibc_source) $(NOLIBC_LIBRARY)

if HAVE_MUSL
odd_programs += \
	tests/victims/nolibc-musl \
	tests/victims/nolibc-library-musl \
	tests/victims/victim-musl

tests/victims/nolibc-musl: tests/victims/nolibc.c tests/victims/nolibc.h
	$(AM_V_CCLD)$(MKDIR_P) tests/victims && \
	$(MUSL_GCC) $(NOLIBC_FLAGS) -fPIE -pie -o $@ $(nolibc_source)

tests/victims/nolibc-library-musl: tests/victims/nolibc.c tests/victims/nolibc.h \
		tests/victims/libnolibc.so
	$(AM_V_CCLD)$(MUSL_GCC) $(NOLIBC_FLAGS) -fPIE -pie -o $@ $(nolibc_source) $(NOLIBC_LIBRARY)

# The same victim for another C library, with the same file of the library in it.
tests/victims/victim-musl: $(victim_sources)
	$(AM_V_CCLD)$(MKDIR_P) tests/victims && \
	$(MUSL_GCC) -std=gnu11 -O2 -I$(top_srcdir)/tests -o $@ \
		`for file in $(victim_sources); do \
			case $$file in *.c) echo $(top_srcdir)/$$file;; esac; \
		done`
endif

check_DATA = $(odd_programs)
MOSTLYCLEANFILES = $(odd_programs)
endif

EXTRA_DIST += tests/victims/expected tests/victims/nolibc.c tests/victims/nolibc.h \
	tests/victims/nolibc_library.c
