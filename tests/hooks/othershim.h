/* For the libraries that are preloaded besides: what they share. */
#ifndef TESTS_OTHERSHIM_H
#define TESTS_OTHERSHIM_H

/* glibc has it with _GNU_SOURCE only, with which it declares hooked functions its own way. */
#ifndef RTLD_NEXT
#define RTLD_NEXT ((void *)-1L)
#endif

/* Appends the line, which brings its newline, to the victim's report: for destructors. */
void report_line(const char *line) __attribute__((visibility("hidden")));

#endif
