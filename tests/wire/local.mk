# A virtual wire that is cut: a hung program is freed, and the same without the library is not.

EXTRA_DIST += tests/wire/hang.py tests/wire/Read.java

if HAVE_CHECK
check_LTLIBRARIES += tests/libwire.la
tests_libwire_la_SOURCES = \
	tests/wire/cut.c \
	tests/wire/cut.h \
	tests/wire/hang.c \
	tests/wire/hang.h \
	tests/wire/together.c \
	tests/wire/together.h \
	tests/wire/told.c \
	tests/wire/told.h \
	tests/wire/wire.c \
	tests/wire/wire.h
tests_libwire_la_CPPFLAGS = $(TEST_CPPFLAGS)
tests_libwire_la_CFLAGS = $(TEST_CFLAGS)
tests_libwire_la_LIBADD = tests/libsupport.la

WIRE_TESTS = tests/wire/programs.test tests/wire/situations.test tests/wire/unreachable.test
WIRE_LONG_TESTS = tests/wire/unscaled.test
check_PROGRAMS += $(WIRE_TESTS) $(WIRE_LONG_TESTS)
TESTS += $(WIRE_TESTS)

tests_wire_programs_test_SOURCES = tests/wire/test_programs.c
tests_wire_programs_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_wire_programs_test_CFLAGS = $(TEST_CFLAGS)
tests_wire_programs_test_LDADD = tests/libwire.la

tests_wire_situations_test_SOURCES = tests/wire/test_situations.c
tests_wire_situations_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_wire_situations_test_CFLAGS = $(TEST_CFLAGS)
tests_wire_situations_test_LDADD = tests/libwire.la

tests_wire_unreachable_test_SOURCES = tests/wire/test_unreachable.c
tests_wire_unreachable_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_wire_unreachable_test_CFLAGS = $(TEST_CFLAGS)
tests_wire_unreachable_test_LDADD = tests/libwire.la

tests_wire_unscaled_test_SOURCES = tests/wire/test_unscaled.c
tests_wire_unscaled_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_wire_unscaled_test_CFLAGS = $(TEST_CFLAGS)
tests_wire_unscaled_test_LDADD = tests/libwire.la

if CLI
WIRE_TESTS += tests/wire/explain.test
tests_wire_explain_test_SOURCES = tests/wire/persist.c tests/wire/persist.h \
	tests/wire/test_explain.c
tests_wire_explain_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_wire_explain_test_CFLAGS = $(TEST_CFLAGS)
tests_wire_explain_test_LDADD = tests/libwire.la
endif
endif

# All of them, the one that takes minutes included; it fails where one of them could run nothing.
check-wire: all
	@test -n '$(WIRE_TESTS)' || { echo 'check-wire: check is missing here' >&2; exit 1; }
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(WIRE_TESTS) $(WIRE_LONG_TESTS)'
	@for test in $(WIRE_TESTS) $(WIRE_LONG_TESTS); do \
		grep -q '^:test-result: PASS' "$${test%.test}.trs" || \
			{ echo "$$test: everything was skipped" >&2; exit 1; }; \
	done

.PHONY: check-wire
