/* What explain prints, section by section: for programs as tables. */
#ifndef KEEPALIVE_EXPLANATION_H
#define KEEPALIVE_EXPLANATION_H

#include "cli/forecast/judge.h"
#include "cli/forecast/notes.h"
#include "cli/ui/configuration.h"
#include "cli/ui/picture.h"
#include "cli/ui/table.h"

enum { SITUATIONS = 4, SITUATION_IDLE = 0, SITUATION_DATA = 1 };

struct explanation {
	struct style style;
	const struct situation *situations;
	int chosen; /* the situation that is drawn; the others are left to --details */
	bool details;
	struct wish wish;
	const char *network; /* of wish.idle_timeout; NULL: not named */
	struct decision decision;
	struct timing timing;
	struct prediction prediction[SITUATIONS];
	struct notes notes;
	struct verdict verdict; /* on wish.idle_timeout */

	/* What is suggested, if anything is. */
	bool suggests, possible;
	struct timing suggestion;
	enum impossible impossible;
	int least; /* the shortest time for the impossible wish, in seconds */

	int printed; /* how many tables: in JSON they are members of one document */
};

/* Print the settings and their sources; the events of one situation, or of all; the notes. */
void explanation_print_settings(struct explanation *explanation,
				const struct configuration *configuration);
void explanation_print_events(struct explanation *explanation, int situation);
void explanation_print_all_events(struct explanation *explanation);
void explanation_print_notes(struct explanation *explanation);

/* Returns true if warnings are left to --details, so that a suggestion fits the screen. */
bool explanation_leaves_out_warnings(const struct explanation *explanation);

/* Prints the other tables that only programs read: wishes and suggestion. */
void explanation_print_bare(struct explanation *explanation);

/*
 * Draws a situation; on a terminal that has them with lines and colours. Writes the one that was
 * chosen as SVG; ends the process, after a message, if that fails.
 */
void drawing_print(const struct explanation *explanation, int situation);
void drawing_write_svg(const struct explanation *explanation, const char *path);

/* Prints when a dead peer is noticed, and whether that is as wished. */
void verdict_print(const struct explanation *explanation);

/* Prints the settings that are suggested, why, and how to set them; or why there are none. */
void suggestion_print(const struct explanation *explanation);

/* Appends the notes that the verdict on an idle timeout needs. */
void verdict_note(struct notes *notes, const struct verdict *verdict);

#endif
