/* What the build refuses of a library: src/shim/link, with small libraries that each have one
 * fault. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/harness.h"
#include "lib/process.h"

struct fault {
	const char *title;
	const char *code;
	const char *flags[3];
	const char *message; /* NULL: no fault */
	const char *note;
};

static const struct fault faults[] = {
	{ "none", "int zero(void) { return 0; }", { 0 }, NULL, "" },
	{ "a listed symbol, weak",
	  "void dlsym(void);\n#pragma weak dlsym\nvoid call(void) { if (dlsym) dlsym(); }",
	  { 0 },
	  NULL,
	  "" },
	{ "a listed symbol, strong",
	  "void dlsym(void); void call(void) { dlsym(); }",
	  { 0 },
	  "undefined symbol: dlsym",
	  "" },
	{ "another symbol, weak",
	  "void other(void);\n#pragma weak other\nvoid call(void) { if (other) other(); }",
	  { 0 },
	  "undefined symbol: other",
	  "" },
	{ "another symbol, strong",
	  "void other(void); void call(void) { other(); }",
	  { 0 },
	  "undefined symbol: other",
	  "" },
	{ "another library", "", { "-Wl,--no-as-needed", "-lc" }, "dynamic entry: (NEEDED)", "" },
	{ "relocations in the code",
	  "void f(void) { }\n__asm__(\".text\\n.dc.a f\");",
	  { "-Wl,-z,notext" },
	  "dynamic entry: (TEXTREL)",
	  "" },
	{ "thread-local variables",
	  "static __thread int x; int *at(void) { return &x; }",
	  { "-ftls-model=initial-exec" },
	  "thread-local variables",
	  "" },
	{ "a note is missing", "", { 0 }, "no note: NONE", "NONE" },
};

enum { FAULTS = sizeof faults / sizeof *faults };

static int have_tools(void)
{
	return have_program("gcc") && have_program("readelf");
}

/* Links `fault` to a library; the status, and what was said, to be freed. */
static char *link_fault(const struct fault *fault, const char *readelf, const char *library,
			int *status)
{
	const char *argv[20] = {
		"sh",        source_path("src/shim/link"),
		library,     source_path("src/shim/imports"),
		fault->note, "gcc",
		"-shared",   "-nostdlib",
		"-fPIC",     "-o",
		library,     scratch_file("fault.c", fault->code),
	};
	struct command command = { .argv = argv, .environment = { readelf } };
	char *errors;

	for (size_t i = 0, end = 12; i < 3 && fault->flags[i]; i++)
		argv[end++] = fault->flags[i];
	free(process_run_both(&command, status, &errors));
	return errors;
}

START_TEST(refuses)
{
	const struct fault *fault = &faults[_i];
	const char *library = scratch_path("fault.so");
	char *errors;
	int status;

	if (!have_tools())
		SKIP("gcc or readelf is missing");
	errors = link_fault(fault, "READELF=readelf", library, &status);
	if (fault->message) {
		ck_assert_msg(strstr(errors, fault->message), "%s: %s", fault->title, errors);
		ck_assert_int_eq(status, 1);
		ck_assert_int_ne(access(library, F_OK), 0);
	} else {
		ck_assert_msg(!*errors, "%s: %s", fault->title, errors);
		ck_assert_int_eq(status, 0);
		ck_assert_int_eq(access(library, F_OK), 0);
	}
	free(errors);
}
END_TEST

/* What cannot be looked at is not fine. */
START_TEST(without_readelf)
{
	const char *library = scratch_path("fault.so");
	char *errors;
	int status;

	if (!have_tools())
		SKIP("gcc or readelf is missing");
	errors = link_fault(&faults[0], "READELF=/nonexistent/readelf", library, &status);
	ck_assert_msg(strstr(errors, "readelf failed"), "%s", errors);
	ck_assert_int_eq(status, 1);
	ck_assert_int_ne(access(library, F_OK), 0);
	free(errors);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("link");
	TCase *tcase = harness_case(suite, "faults", 20);

	tcase_add_loop_test(tcase, refuses, 0, FAULTS);
	tcase_add_test(tcase, without_readelf);
	return harness_run(suite);
}
