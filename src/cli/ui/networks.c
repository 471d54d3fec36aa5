/* Well-known networks that forget idle connections: the presets in conf/presets. */
#include "cli/ui/networks.h"

#include <string.h>

#include "cli/ui/nearest.h"

static const struct network_preset networks[] = {
#include "cli/ui/networks.inc"
};

enum { NETWORKS = sizeof networks / sizeof *networks };

const struct network_preset *network_find(const struct verb *verb, const char *name)
{
	struct nearest nearest = nearest_to(text_of(name));

	for (size_t i = 0; i < NETWORKS; i++)
		if (nearest_try(&nearest, networks[i].name))
			return &networks[i];
	nearest_try(&nearest, "list");
	flags_wrong(verb, "--network: \"%s\" is unknown%s (--network list prints them)", name,
		    nearest_suggestion(&nearest, "").at);
}

void networks_print(const struct style *style)
{
	static const struct column columns[] = {
		{ "NETWORK", NULL, SCOLS_JSON_STRING, false, false },
		{ "SECONDS", NULL, SCOLS_JSON_NUMBER, true, false },
		{ "CONNECTIONS", NULL, SCOLS_JSON_STRING, false, true },
		{ "SOURCE", NULL, SCOLS_JSON_STRING, false, true },
	};
	struct libscols_table *table = table_new("networks", style, columns, NULL, 4);

	for (size_t i = 0; i < NETWORKS; i++) {
		struct libscols_line *line = table_line(table);

		table_set(line, 0, "%s", networks[i].name);
		table_set(line, 1, "%d", networks[i].idle_timeout);
		table_set(line, 2, "%s", networks[i].what);
		table_set(line, 3, "%s", networks[i].source);
	}
	table_print(table, style);
}
