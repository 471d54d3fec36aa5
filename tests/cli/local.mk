# The command, as an operator calls it.

EXTRA_DIST += tests/cli/mark.c tests/cli/mark.go tests/cli/server.go tests/cli/zoo.py

if HAVE_CHECK
if CLI
check_LTLIBRARIES += tests/libcli.la
tests_libcli_la_SOURCES = tests/cli/cli.c tests/cli/cli.h
tests_libcli_la_CPPFLAGS = $(TEST_CPPFLAGS)
tests_libcli_la_CFLAGS = $(TEST_CFLAGS)
tests_libcli_la_LIBADD = tests/libsupport.la

CLI_TESTS = tests/cli/apply.test tests/cli/apply_dry.test tests/cli/check.test \
	tests/cli/churn.test tests/cli/docs.test tests/cli/edited.test tests/cli/enable.test \
	tests/cli/explain.test tests/cli/launchers.test tests/cli/named.test \
	tests/cli/namespaces.test tests/cli/obstacles.test tests/cli/operands.test \
	tests/cli/predict.test tests/cli/preloads.test tests/cli/processes.test \
	tests/cli/refused.test tests/cli/root.test tests/cli/run.test tests/cli/show.test \
	tests/cli/usage.test tests/cli/words.test
check_PROGRAMS += $(CLI_TESTS)
TESTS += $(CLI_TESTS)

tests_cli_apply_test_SOURCES = tests/cli/test_apply.c
tests_cli_apply_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cli_apply_test_CFLAGS = $(TEST_CFLAGS)
tests_cli_apply_test_LDADD = tests/libcli.la tests/libstock.la

check_PROGRAMS += tests/cli/churn
tests_cli_churn_SOURCES = tests/cli/churn.c
tests_cli_churn_CPPFLAGS = $(AM_TEST_CPPFLAGS)
tests_cli_churn_test_SOURCES = tests/cli/test_churn.c
tests_cli_churn_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cli_churn_test_CFLAGS = $(TEST_CFLAGS)
tests_cli_churn_test_LDADD = tests/libcli.la

check_PROGRAMS += tests/cli/rebind tests/cli/refuse
tests_cli_rebind_SOURCES = tests/cli/rebind.c
tests_cli_rebind_CPPFLAGS = $(AM_TEST_CPPFLAGS)
tests_cli_refuse_SOURCES = tests/cli/refuse.c
tests_cli_refuse_CPPFLAGS = $(AM_TEST_CPPFLAGS)
tests_cli_refused_test_SOURCES = tests/cli/test_refused.c
tests_cli_refused_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cli_refused_test_CFLAGS = $(TEST_CFLAGS)
tests_cli_refused_test_LDADD = tests/libcli.la

tests_cli_namespaces_test_SOURCES = tests/cli/test_namespaces.c
tests_cli_namespaces_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cli_namespaces_test_CFLAGS = $(TEST_CFLAGS)
tests_cli_namespaces_test_LDADD = tests/libcli.la

tests_cli_processes_test_SOURCES = tests/cli/test_processes.c src/cli/sockets/process_user.c src/cli/sockets/ending.c src/cli/base/memory.c \
	src/cli/base/pids.c src/cli/sockets/process.c src/cli/sockets/refusal.c
tests_cli_processes_test_CPPFLAGS = $(TEST_CPPFLAGS) -D_GNU_SOURCE
tests_cli_processes_test_CFLAGS = $(TEST_CFLAGS)
tests_cli_processes_test_LDADD = $(TEST_LDADD)

tests_cli_run_test_SOURCES = tests/cli/test_run.c
tests_cli_run_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cli_run_test_CFLAGS = $(TEST_CFLAGS)
tests_cli_run_test_LDADD = tests/libcli.la

tests_cli_check_test_SOURCES = tests/cli/test_check.c
tests_cli_check_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cli_check_test_CFLAGS = $(TEST_CFLAGS)
tests_cli_check_test_LDADD = tests/libcli.la

tests_cli_usage_test_SOURCES = tests/cli/test_usage.c
tests_cli_usage_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cli_usage_test_CFLAGS = $(TEST_CFLAGS)
tests_cli_usage_test_LDADD = tests/libcli.la

tests_cli_launchers_test_SOURCES = tests/cli/test_launchers.c
tests_cli_launchers_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cli_launchers_test_CFLAGS = $(TEST_CFLAGS)
tests_cli_launchers_test_LDADD = tests/libcli.la

tests_cli_preloads_test_SOURCES = tests/cli/test_preloads.c
tests_cli_preloads_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cli_preloads_test_CFLAGS = $(TEST_CFLAGS)
tests_cli_preloads_test_LDADD = tests/libcli.la

tests_cli_root_test_SOURCES = tests/cli/test_root.c
tests_cli_root_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cli_root_test_CFLAGS = $(TEST_CFLAGS)
tests_cli_root_test_LDADD = tests/libcli.la

tests_cli_words_test_SOURCES = tests/cli/test_words.c
tests_cli_words_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cli_words_test_CFLAGS = $(TEST_CFLAGS)
tests_cli_words_test_LDADD = tests/libcli.la

tests_cli_show_test_SOURCES = tests/cli/test_show.c
tests_cli_show_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cli_show_test_CFLAGS = $(TEST_CFLAGS)
tests_cli_show_test_LDADD = tests/libcli.la $(PTY_LIBS)

tests_cli_docs_test_SOURCES = tests/cli/test_docs.c
tests_cli_docs_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cli_docs_test_CFLAGS = $(TEST_CFLAGS)
tests_cli_docs_test_LDADD = tests/libcli.la

tests_cli_edited_test_SOURCES = tests/cli/test_edited.c tests/cli/image.c tests/cli/image.h
tests_cli_edited_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cli_edited_test_CFLAGS = $(TEST_CFLAGS)
tests_cli_edited_test_LDADD = tests/libcli.la

tests_cli_obstacles_test_SOURCES = tests/cli/test_obstacles.c tests/cli/image.c tests/cli/image.h
tests_cli_obstacles_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cli_obstacles_test_CFLAGS = $(TEST_CFLAGS)
tests_cli_obstacles_test_LDADD = tests/libcli.la

tests_cli_enable_test_SOURCES = tests/cli/test_enable.c tests/cli/image.c tests/cli/image.h
tests_cli_enable_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cli_enable_test_CFLAGS = $(TEST_CFLAGS)
tests_cli_enable_test_LDADD = tests/libcli.la

tests_cli_operands_test_SOURCES = tests/cli/test_operands.c
tests_cli_operands_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cli_operands_test_CFLAGS = $(TEST_CFLAGS)
tests_cli_operands_test_LDADD = tests/libcli.la tests/libstock.la

tests_cli_named_test_SOURCES = tests/cli/test_named.c
tests_cli_named_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cli_named_test_CFLAGS = $(TEST_CFLAGS)
tests_cli_named_test_LDADD = tests/libcli.la

tests_cli_apply_dry_test_SOURCES = tests/cli/test_apply_dry.c
tests_cli_apply_dry_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cli_apply_dry_test_CFLAGS = $(TEST_CFLAGS)
tests_cli_apply_dry_test_LDADD = tests/libcli.la

tests_cli_explain_test_SOURCES = tests/cli/test_explain.c
tests_cli_explain_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cli_explain_test_CFLAGS = $(TEST_CFLAGS)
tests_cli_explain_test_LDADD = $(TEST_LDADD)

tests_cli_predict_test_SOURCES = tests/cli/test_predict.c src/cli/forecast/predict.c src/cli/forecast/predict.h
tests_cli_predict_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_cli_predict_test_CFLAGS = $(TEST_CFLAGS)
tests_cli_predict_test_LDADD = $(TEST_LDADD)
endif
endif
