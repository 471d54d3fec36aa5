# make lint: formatting, scripts, manuals, length of lines and files, words, includes. Takes seconds, and the
# packages in tests/lint/packages.
EXTRA_DIST += tests/lint/lint tests/lint/packages tests/lint/rooms

lint:
	@$(srcdir)/tests/lint/lint

.PHONY: lint
