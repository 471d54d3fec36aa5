# Our own host programs, for calls that no stock program makes, with and without the library.

victim_sources = \
	tests/hooks/describe.c \
	tests/hooks/describe.h \
	tests/hooks/victim.c \
	tests/hooks/victim.h \
	tests/hooks/victim_calls.c \
	tests/hooks/victim_cancel.c \
	tests/hooks/victim_crowd.c \
	tests/hooks/victim_descriptors.c \
	tests/hooks/victim_each.c \
	tests/hooks/victim_errors.c \
	tests/hooks/victim_fastopen.c \
	tests/hooks/victim_foreign.c \
	tests/hooks/matrix.h \
	tests/hooks/victim_kinds.c \
	tests/hooks/victim_matrix.c \
	tests/hooks/victim_numbers.c \
	tests/hooks/victim_options.c \
	tests/hooks/victim_rules.c \
	tests/hooks/victim_stack.c \
	tests/hooks/victim_threads.c \
	tests/hooks/victim_uring.c \
	tests/lib/samples.c \
	tests/lib/samples.h

if HAVE_CHECK
check_PROGRAMS += tests/hooks/victim
tests_hooks_victim_SOURCES = $(victim_sources)
tests_hooks_victim_CPPFLAGS = $(AM_CPPFLAGS)
# As in C++, a cancelled thread is unwound through the library's functions.
tests_hooks_victim_CFLAGS = $(AM_CFLAGS) -fexceptions
tests_hooks_victim_LDADD = -lpthread
if HAVE_LIBURING
tests_hooks_victim_CPPFLAGS += -DHAVE_LIBURING
tests_hooks_victim_CFLAGS += $(LIBURING_CFLAGS)
tests_hooks_victim_LDADD += $(LIBURING_LIBS)
endif

# A program with its own library. -no-install avoids libtool's wrapper script, into which the library would be
# preloaded instead.
SHARED_LDFLAGS = -avoid-version -shared -rpath /nowhere
check_LTLIBRARIES += tests/hooks/libearly.la
tests_hooks_libearly_la_SOURCES = \
	tests/hooks/describe.c \
	tests/hooks/describe.h \
	tests/hooks/early.h \
	tests/hooks/early_library.c \
	tests/lib/samples.c \
	tests/lib/samples.h
tests_hooks_libearly_la_LDFLAGS = $(SHARED_LDFLAGS)
tests_hooks_libearly_la_LIBADD = -lpthread
check_PROGRAMS += tests/hooks/early
tests_hooks_early_LDFLAGS = -no-install
tests_hooks_early_LDADD = tests/hooks/libearly.la

# Other libraries that are preloaded together with ours.
SHIM_TEST_LDFLAGS = -module $(SHARED_LDFLAGS)
othershim_common = tests/hooks/othershim.h tests/hooks/othershim_report.c
check_LTLIBRARIES += \
	tests/hooks/othershim.la \
	tests/hooks/othershim_dlsym.la \
	tests/hooks/othershim_malloc.la \
	tests/hooks/othershim_null.la \
	tests/hooks/othershim_odd.la \
	tests/hooks/othershim_old.la \
	tests/hooks/othershim_sysv.la
tests_hooks_othershim_la_SOURCES = tests/hooks/othershim.c $(othershim_common)
tests_hooks_othershim_la_LDFLAGS = $(SHIM_TEST_LDFLAGS)
tests_hooks_othershim_la_LIBADD = $(DL_LIBS)
tests_hooks_othershim_dlsym_la_SOURCES = tests/hooks/othershim_dlsym.c $(othershim_common)
tests_hooks_othershim_dlsym_la_LDFLAGS = $(SHIM_TEST_LDFLAGS)
tests_hooks_othershim_dlsym_la_LIBADD = $(DL_LIBS)
tests_hooks_othershim_malloc_la_SOURCES = tests/hooks/othershim_malloc.c $(othershim_common)
tests_hooks_othershim_malloc_la_LDFLAGS = $(SHIM_TEST_LDFLAGS)
tests_hooks_othershim_malloc_la_LIBADD = $(DL_LIBS)
tests_hooks_othershim_null_la_SOURCES = tests/hooks/othershim_null.c $(othershim_common)
tests_hooks_othershim_null_la_LDFLAGS = $(SHIM_TEST_LDFLAGS)
tests_hooks_othershim_null_la_LIBADD = $(DL_LIBS)
tests_hooks_othershim_odd_la_SOURCES = tests/hooks/othershim_odd.c $(othershim_common)
tests_hooks_othershim_odd_la_LDFLAGS = $(SHIM_TEST_LDFLAGS)
tests_hooks_othershim_odd_la_LIBADD = $(DL_LIBS)
# With the old kind of hash table.
tests_hooks_othershim_old_la_LDFLAGS = $(SHIM_TEST_LDFLAGS) -Wl,--hash-style=sysv
tests_hooks_othershim_old_la_LIBADD = $(DL_LIBS)
tests_hooks_othershim_sysv_la_SOURCES = tests/hooks/othershim.c $(othershim_common)
tests_hooks_othershim_sysv_la_LDFLAGS = $(SHIM_TEST_LDFLAGS) -Wl,--hash-style=sysv
tests_hooks_othershim_sysv_la_LIBADD = $(DL_LIBS)

test_programs += \
	tests/hooks/calls.test \
	tests/hooks/fastopen.test \
	tests/hooks/faults.test \
	tests/hooks/foreign.test \
	tests/hooks/hooks.test \
	tests/hooks/kinds.test \
	tests/hooks/loaders.test \
	tests/hooks/log.test \
	tests/hooks/matrix.test \
	tests/hooks/options.test \
	tests/hooks/others.test \
	tests/hooks/reading.test \
	tests/hooks/rules.test \
	tests/hooks/settings.test \
	tests/hooks/start.test \
	tests/hooks/stderr.test \
	tests/hooks/threads.test

# Programs that automake has no rules for. Those without a C library get no flags that could need one.
odd_programs = \
	tests/hooks/libnolibc.so \
	tests/hooks/nolibc \
	tests/hooks/nolibc-library
NOLIBC_FLAGS = -std=gnu11 -O2 -ffreestanding -fno-stack-protector -I$(top_srcdir)/tests \
	-nostdlib -nostartfiles
NOLIBC_LIBRARY = -DWITH_LIBRARY -Ltests/hooks -lnolibc \
	-Wl,-rpath,$(abs_builddir)/tests/hooks
nolibc_source = $(top_srcdir)/tests/hooks/nolibc.c

tests/hooks/libnolibc.so: tests/hooks/nolibc_library.c tests/hooks/nolibc.h
	$(AM_V_CCLD)$(MKDIR_P) tests/hooks && \
	$(CC) $(NOLIBC_FLAGS) -fPIC -shared -o $@ $(top_srcdir)/tests/hooks/nolibc_library.c

tests/hooks/nolibc: tests/hooks/nolibc.c tests/hooks/nolibc.h
	$(AM_V_CCLD)$(MKDIR_P) tests/hooks && \
	$(CC) $(NOLIBC_FLAGS) -fPIE -pie -o $@ $(nolibc_source)

tests/hooks/nolibc-library: tests/hooks/nolibc.c tests/hooks/nolibc.h tests/hooks/libnolibc.so
	$(AM_V_CCLD)$(CC) $(NOLIBC_FLAGS) -fPIE -pie -o $@ $(nolibc_source) $(NOLIBC_LIBRARY)

if HAVE_MUSL
odd_programs += \
	tests/hooks/nolibc-musl \
	tests/hooks/nolibc-library-musl \
	tests/hooks/victim-musl

tests/hooks/nolibc-musl: tests/hooks/nolibc.c tests/hooks/nolibc.h
	$(AM_V_CCLD)$(MKDIR_P) tests/hooks && \
	$(MUSL_GCC) $(NOLIBC_FLAGS) -fPIE -pie -o $@ $(nolibc_source)

tests/hooks/nolibc-library-musl: tests/hooks/nolibc.c tests/hooks/nolibc.h \
		tests/hooks/libnolibc.so
	$(AM_V_CCLD)$(MUSL_GCC) $(NOLIBC_FLAGS) -fPIE -pie -o $@ $(nolibc_source) $(NOLIBC_LIBRARY)

# The same victim built with musl; the same file of the library is preloaded.
tests/hooks/victim-musl: $(victim_sources)
	$(AM_V_CCLD)$(MKDIR_P) tests/hooks && \
	$(MUSL_GCC) -std=gnu11 -O2 -I$(top_srcdir)/tests -o $@ \
		`for file in $(victim_sources); do \
			case $$file in *.c) echo $(top_srcdir)/$$file;; esac; \
		done`
endif

check_DATA = $(odd_programs)
MOSTLYCLEANFILES = $(odd_programs)
endif

EXTRA_DIST += tests/hooks/expected tests/hooks/nolibc.c tests/hooks/nolibc.h \
	tests/hooks/nolibc_library.c
