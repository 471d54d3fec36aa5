/* Whether standard output was written. */
#ifndef KEEPALIVE_PRINTED_H
#define KEEPALIVE_PRINTED_H

/* Returns `status`; STATUS_FAILED, after a message, if standard output could not be written. */
int printed(int status);

#endif
