# Tests of the command, called as by an operator.

EXTRA_DIST += tests/cli/jobs.py tests/cli/mark.c tests/cli/mark.go tests/cli/peers.py tests/cli/proxy.py \
	tests/cli/server.go tests/cli/zoo.py

if HAVE_CHECK
if CLI
test_programs += \
	tests/cli/apply.test \
	tests/cli/apply_dry.test \
	tests/cli/attach.test \
	tests/cli/audit.test \
	tests/cli/cause.test \
	tests/cli/check.test \
	tests/cli/churn.test \
	tests/cli/docs.test \
	tests/cli/edited.test \
	tests/cli/enable.test \
	tests/cli/events.test \
	tests/cli/explain.test \
	tests/cli/filter.test \
	tests/cli/judge.test \
	tests/cli/launchers.test \
	tests/cli/method.test \
	tests/cli/named.test \
	tests/cli/namespaces.test \
	tests/cli/obstacles.test \
	tests/cli/operands.test \
	tests/cli/owner.test \
	tests/cli/place.test \
	tests/cli/predict.test \
	tests/cli/preloads.test \
	tests/cli/processes.test \
	tests/cli/reason.test \
	tests/cli/refused.test \
	tests/cli/root.test \
	tests/cli/run.test \
	tests/cli/show.test \
	tests/cli/suggest.test \
	tests/cli/table.test \
	tests/cli/usage.test \
	tests/cli/watch.test \
	tests/cli/words.test
# Programs whose sockets the command looks at.
check_PROGRAMS += tests/cli/busy tests/cli/rebind tests/cli/refuse
tests_cli_busy_LDADD =
tests_cli_rebind_LDADD =
tests_cli_refuse_LDADD =
# Tests of single parts of the command.
tests_cli_cause_test_SOURCES = tests/cli/cause.c src/cli/forecast/cause.c src/cli/forecast/cause.h \
	src/cli/forecast/predict.c src/cli/forecast/predict.h
tests_cli_judge_test_SOURCES = tests/cli/judge.c src/cli/forecast/judge.c src/cli/forecast/judge.h \
	src/cli/forecast/predict.c src/cli/forecast/predict.h
tests_cli_owner_test_SOURCES = tests/cli/owner.c src/cli/base/name.c src/cli/groups/owner.c \
	src/cli/groups/owner.h
tests_cli_predict_test_SOURCES = tests/cli/predict.c src/cli/forecast/predict.c src/cli/forecast/predict.h
tests_cli_processes_test_SOURCES = tests/cli/processes.c src/cli/base/memory.c src/cli/base/name.c \
	src/cli/base/pids.c src/cli/sockets/ending.c src/cli/sockets/proc.c src/cli/sockets/process.c \
	src/cli/sockets/process_user.c
tests_cli_processes_test_CPPFLAGS = $(AM_CPPFLAGS) -D_GNU_SOURCE
tests_cli_place_test_SOURCES = tests/cli/place.c src/cli/ui/place.c src/cli/forecast/cause.c \
	src/cli/forecast/predict.c src/cli/sockets/connections.c src/cli/sockets/counters.c \
	src/cli/base/memory.c
tests_cli_place_test_LDADD = $(LDADD) libcore.la
tests_cli_place_test_CPPFLAGS = $(AM_CPPFLAGS) -D_GNU_SOURCE
tests_cli_reason_test_SOURCES = tests/cli/reason.c src/cli/groups/reason.c src/cli/groups/reason.h
endif
endif
