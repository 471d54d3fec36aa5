/* What the program was started with. Without a system call; may be called at any time. */
#ifndef KEEPALIVE_PROCESS_H
#define KEEPALIVE_PROCESS_H

/* The program's environment; NULL where there is none, or where the program runs in secure mode. */
char *const *environment_variables(void);

/* The name under which the program was started: its path, or a script's; NULL: not known. */
const char *program_as_called(void);

/* The effective user when the program was started; USER_UNKNOWN, who owns no file, if that cannot be told. */
#define USER_UNKNOWN ((unsigned int)-1)
unsigned int user_at_start(void);

#endif
