/* The syntax of environment files, which EnvironmentFile= names. */
#ifndef KEEPALIVE_ENVIRONMENT_FILE_H
#define KEEPALIVE_ENVIRONMENT_FILE_H

#include "cli/systemd/syntax.h"

/* Calls `take` for each variable in the content of such a file, its value unquoted. */
void environment_file_parse(const char *content, assignment_take *take, void *context);

#endif
