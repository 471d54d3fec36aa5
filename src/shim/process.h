/* What the program was started with. Makes no system call; may be called at any time. */
#ifndef KEEPALIVE_PROCESS_H
#define KEEPALIVE_PROCESS_H

/* Returns the program's environment; NULL if there is none, or in secure mode. */
char *const *environment_variables(void);

/* Returns the program's first argument; NULL if unknown. */
const char *program_as_called(void);

/* Returns the effective user at start; USER_UNKNOWN, which owns no file, if unknown. */
#define USER_UNKNOWN ((unsigned int)-1)
unsigned int user_at_start(void);

#endif
