# Programs from Debian's packages, unmodified, with and without the library.

EXTRA_DIST += tests/stock/Echo.java

if HAVE_CHECK
check_LTLIBRARIES += tests/libstock.la
tests_libstock_la_SOURCES = tests/stock/stock.c tests/stock/stock.h
tests_libstock_la_CPPFLAGS = $(TEST_CPPFLAGS)
tests_libstock_la_CFLAGS = $(TEST_CFLAGS)
tests_libstock_la_LIBADD = tests/libsupport.la

STOCK_TESTS = tests/stock/activation.test tests/stock/clients.test tests/stock/daemons.test \
	tests/stock/sandboxed.test tests/stock/servers.test
check_PROGRAMS += $(STOCK_TESTS)
TESTS += $(STOCK_TESTS)

tests_stock_activation_test_SOURCES = tests/stock/test_activation.c
tests_stock_activation_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_stock_activation_test_CFLAGS = $(TEST_CFLAGS)
tests_stock_activation_test_LDADD = tests/libstock.la

tests_stock_clients_test_SOURCES = tests/stock/test_clients.c
tests_stock_clients_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_stock_clients_test_CFLAGS = $(TEST_CFLAGS)
tests_stock_clients_test_LDADD = tests/libstock.la

tests_stock_daemons_test_SOURCES = tests/stock/test_daemons.c
tests_stock_daemons_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_stock_daemons_test_CFLAGS = $(TEST_CFLAGS)
tests_stock_daemons_test_LDADD = tests/libstock.la

if HAVE_LIBSECCOMP
check_PROGRAMS += tests/stock/filtered
tests_stock_filtered_SOURCES = tests/stock/filtered.c
tests_stock_filtered_CFLAGS = $(AM_CFLAGS) $(LIBSECCOMP_CFLAGS)
tests_stock_filtered_LDADD = $(LIBSECCOMP_LIBS)
endif

tests_stock_sandboxed_test_SOURCES = tests/stock/test_sandboxed.c
tests_stock_sandboxed_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_stock_sandboxed_test_CFLAGS = $(TEST_CFLAGS)
tests_stock_sandboxed_test_LDADD = tests/libstock.la

tests_stock_servers_test_SOURCES = tests/stock/test_servers.c
tests_stock_servers_test_CPPFLAGS = $(TEST_CPPFLAGS)
tests_stock_servers_test_CFLAGS = $(TEST_CFLAGS)
tests_stock_servers_test_LDADD = tests/libstock.la
endif
