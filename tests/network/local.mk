# Connections over a virtual wire that is cut: hung programs return with the library, and hang without.

EXTRA_DIST += tests/network/ends.py tests/network/hang.py tests/network/line.go tests/network/Read.java tests/network/serve.c

if HAVE_CHECK
network_tests = \
	tests/network/programs.test \
	tests/network/situations.test \
	tests/network/unreachable.test
network_long_tests = tests/network/unscaled.test
if CLI
network_tests += tests/network/attached.test tests/network/events.test tests/network/explain.test
endif
test_programs += $(network_tests)
check_PROGRAMS += $(network_long_tests)
endif

# Runs all of them, also the one that takes minutes. Fails if one of them skipped everything.
check-wire: all
	@test -n '$(network_tests)' || { echo 'check-wire: check is missing here' >&2; exit 1; }
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(network_tests) $(network_long_tests)'
	@for test in $(network_tests) $(network_long_tests); do \
		grep -q '^:test-result: PASS' "$${test%.test}.trs" || \
			{ echo "$$test: everything was skipped" >&2; exit 1; }; \
	done

.PHONY: check-wire
