/* What explain prints, section by section, for people and for programs. */
#ifndef KEEPALIVE_EXPLANATION_H
#define KEEPALIVE_EXPLANATION_H

#include "cli/forecast/notes.h"
#include "cli/forecast/predict.h"
#include "cli/ui/configuration.h"
#include "cli/ui/idle_timeout.h"
#include "cli/ui/table.h"
#include "cli/ui/timeline.h"

enum { SITUATIONS = 4 };

struct explanation {
	struct style style;
	const struct situation *situations;
	int idle_timeout; /* of a firewall or load balancer in between, in seconds; 0: none */
	struct decision decision;
	struct timing timing;
	struct prediction prediction[SITUATIONS];
	struct notes notes;
	struct verdict verdict; /* on idle_timeout */
	int printed;            /* how many tables: in JSON they are members of one document */
};

/* Prints the settings and their sources. */
void explanation_print_settings(struct explanation *explanation,
				const struct configuration *configuration);

/* Prints for programs what happens in each situation. */
void explanation_print_events(struct explanation *explanation);

/* Prints whether the connection outlives idle_timeout, if there is one. */
void explanation_print_verdict(struct explanation *explanation);

void explanation_print_notes(struct explanation *explanation);

#endif
