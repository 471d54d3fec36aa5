# make mutants: breaks the library in MUTANTS small ways, chosen by SEED, and shows which of them the tests
# find. LONGEST leaves out tests that take more seconds. Takes 15 minutes to an hour.
EXTRA_DIST += tests/mutants/mutants

mutants: all
	@MUTANTS='$(MUTANTS)' SEED='$(SEED)' LONGEST='$(LONGEST)' \
		$(srcdir)/tests/mutants/mutants '$(abs_top_srcdir)' \
		'$(abs_builddir)'

.PHONY: mutants

# make coverage: shows which lines of the library the tests run.
EXTRA_DIST += tests/coverage/coverage tests/coverage/dump.c

coverage: all
	@$(srcdir)/tests/coverage/coverage '$(abs_top_srcdir)' '$(abs_builddir)'

.PHONY: coverage
