# Rules, override and the log, on stock programs and on victims; the samples that are installed.

if HAVE_CHECK
RULES_TESTS = tests/rules/fastopen.test tests/rules/log.test tests/rules/options.test tests/rules/programs.test \
	tests/rules/samples.test tests/rules/victims.test
check_PROGRAMS += $(RULES_TESTS)
TESTS += $(RULES_TESTS)

tests_rules_fastopen_test_SOURCES = tests/rules/test_fastopen.c
tests_rules_fastopen_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_rules_fastopen_test_CFLAGS = $(TEST_CFLAGS)
tests_rules_fastopen_test_LDADD = tests/victims/libdrive.la

tests_rules_log_test_SOURCES = tests/rules/test_log.c
tests_rules_log_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_rules_log_test_CFLAGS = $(TEST_CFLAGS)
tests_rules_log_test_LDADD = tests/victims/libdrive.la

tests_rules_options_test_SOURCES = tests/rules/test_options.c
tests_rules_options_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_rules_options_test_CFLAGS = $(TEST_CFLAGS)
tests_rules_options_test_LDADD = tests/victims/libdrive.la

tests_rules_programs_test_SOURCES = tests/rules/test_programs.c
tests_rules_programs_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_rules_programs_test_CFLAGS = $(TEST_CFLAGS)
tests_rules_programs_test_LDADD = tests/libstock.la

tests_rules_samples_test_SOURCES = tests/rules/test_samples.c
tests_rules_samples_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_rules_samples_test_CFLAGS = $(TEST_CFLAGS)
tests_rules_samples_test_LDADD = tests/libsaid.la $(TEST_LDADD)

tests_rules_victims_test_SOURCES = tests/rules/test_victims.c
tests_rules_victims_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_rules_victims_test_CFLAGS = $(TEST_CFLAGS)
tests_rules_victims_test_LDADD = tests/victims/libdrive.la
endif
