# make check-compilers: builds the library with several compilers, with the flags of distributions and with
# contrary ones, and runs the suite's tests of the library. Takes minutes, and the packages in
# tests/compilers/packages. COMPILERS selects combinations, for example gcc-11-O2 clang-lto.
COMPILERS =
EXTRA_DIST += tests/compilers/packages tests/compilers/run

check-compilers: all $(check_PROGRAMS) $(check_LTLIBRARIES) $(check_DATA)
	@$(srcdir)/tests/compilers/run '$(abs_top_srcdir)' '$(abs_builddir)' $(COMPILERS)

.PHONY: check-compilers
