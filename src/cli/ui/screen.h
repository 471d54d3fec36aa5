/* A terminal whose screen is drawn again and again, its keys, and the signals that belong to it. */
#ifndef KEEPALIVE_SCREEN_H
#define KEEPALIVE_SCREEN_H

#include <stdbool.h>

/* What screen_wait returns besides keys. */
enum { SCREEN_TIME = 0, SCREEN_REDRAW = -1 };

/* Returns true if standard output is a terminal that can be drawn on. */
bool screen_is_there(void);

/* Takes the terminal; it is given back at the end of the process, and when that is stopped. */
void screen_enter(void);
void screen_leave(void);

/* Draws lines of text from the top, and clears what else is there. What is too wide is cut. */
void screen_draw(const char *text);

/* Returns how many lines it has. */
int screen_lines(void);

/*
 * Waits that long. Returns the key that was pressed; SCREEN_TIME if none was; SCREEN_REDRAW if the
 * size changed, or the process was stopped meanwhile. Signals that end the process end it here.
 */
int screen_wait(int milliseconds);

#endif
