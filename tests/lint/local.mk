# make lint: formatting, scripts, manuals, length of lines and files, words. Takes seconds, and the
# packages in tests/lint/packages.
EXTRA_DIST += tests/lint/lint tests/lint/packages

lint:
	@$(srcdir)/tests/lint/lint

.PHONY: lint
