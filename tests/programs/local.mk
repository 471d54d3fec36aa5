# Unmodified programs of Debian's packages, with and without the library.

EXTRA_DIST += tests/programs/Echo.java

if HAVE_CHECK
test_programs += \
	tests/programs/activation.test \
	tests/programs/clients.test \
	tests/programs/daemons.test \
	tests/programs/rules.test \
	tests/programs/sandboxed.test \
	tests/programs/servers.test
if HAVE_LIBSECCOMP
check_PROGRAMS += tests/programs/filtered
tests_programs_filtered_CFLAGS = $(AM_CFLAGS) $(LIBSECCOMP_CFLAGS)
tests_programs_filtered_LDADD = $(LIBSECCOMP_LIBS)
endif
endif
