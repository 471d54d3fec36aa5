/* Names that others chose: of processes, of control groups. */
#ifndef KEEPALIVE_NAME_H
#define KEEPALIVE_NAME_H

/* Puts a question mark in place of what may not reach a terminal, JSON or a metric. */
void name_clean(char *name);

#endif
