# Programs in control groups with our BPF programs, under the running kernel.

host_sources = tests/groups/host.c tests/hooks/describe.c tests/hooks/describe.h tests/lib/samples.c tests/lib/samples.h
EXTRA_DIST += tests/groups/client.go

if HAVE_CHECK
if CLI
check_PROGRAMS += tests/groups/host
tests_groups_host_SOURCES = $(host_sources)
tests_groups_host_LDADD =
if HAVE_LIBURING
tests_groups_host_CPPFLAGS = $(AM_CPPFLAGS) -DHAVE_LIBURING
tests_groups_host_CFLAGS = $(AM_CFLAGS) $(LIBURING_CFLAGS)
tests_groups_host_LDADD += $(LIBURING_LIBS)
endif

group_tests = tests/groups/attach.test tests/groups/beside.test
test_programs += $(group_tests)
room_sources = tests/groups/room.c tests/groups/room.h
tests_groups_attach_test_SOURCES = tests/groups/attach.c $(room_sources)
tests_groups_beside_test_SOURCES = tests/groups/beside.c $(room_sources)

# The host program built in ways that a library cannot be preloaded into; empty if the compiler cannot.
odd_hosts = tests/groups/client tests/groups/host-32 tests/groups/host-musl tests/groups/host-static
check_DATA += $(odd_hosts)
MOSTLYCLEANFILES += $(odd_hosts)
HOST_FLAGS = -std=gnu11 -O2 -static -I$(top_srcdir)/tests
host_files = `for file in $(host_sources); do case $$file in *.c) echo $(top_srcdir)/$$file;; esac; done`

tests/groups/client: tests/groups/client.go
	$(AM_V_GEN)$(MKDIR_P) tests/groups && cache=`mktemp -d` && \
	{ GOCACHE=$$cache CGO_ENABLED=0 GO111MODULE=off go build -o $@ $(srcdir)/tests/groups/client.go \
		2>/dev/null || : >$@; }; rm -rf "$$cache"
tests/groups/host-static: $(host_sources)
	$(AM_V_CCLD)$(MKDIR_P) tests/groups && \
	{ $(CC) $(HOST_FLAGS) -o $@ $(host_files) 2>/dev/null || : >$@; }
tests/groups/host-musl: $(host_sources)
	$(AM_V_CCLD)$(MKDIR_P) tests/groups && \
	{ $${MUSL_GCC:-musl-gcc} $(HOST_FLAGS) -o $@ $(host_files) 2>/dev/null || : >$@; }
# quickstart configures again when packages have come.
$(odd_hosts): config.status
# Debian's 32-bit compiler does not look for the kernel's headers where they are.
tests/groups/host-32: $(host_sources)
	$(AM_V_CCLD)$(MKDIR_P) tests/groups && \
	{ $(CC) $(HOST_FLAGS) -m32 -idirafter /usr/include/`$(CC) -print-multiarch` -o $@ $(host_files) \
		2>/dev/null || : >$@; }
endif
endif
