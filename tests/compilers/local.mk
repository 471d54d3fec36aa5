# make check-compilers: the library built by several compilers, with the flags of distributions and
# with contrary ones, under the suite's own tests of it. Takes minutes and the packages in
# tests/compilers/packages. COMPILERS names some of the combinations: gcc-11-O2 clang-lto.
COMPILERS =
EXTRA_DIST += tests/compilers/packages tests/compilers/run

check-compilers: all $(check_PROGRAMS) $(check_LTLIBRARIES) $(check_DATA)
	@$(srcdir)/tests/compilers/run '$(abs_top_srcdir)' '$(abs_builddir)' $(COMPILERS)

.PHONY: check-compilers
