/* Well-known networks that forget idle connections: the presets in conf/presets; and proxies. */
#include "cli/ui/networks.h"

#include <string.h>

#include "cli/ui/nearest.h"

static const struct network_preset networks[] = {
#include "cli/ui/networks.inc"
	/* No settings hold the idle timers of these, so there are no presets for them. */
	{ "envoy", 3600, "through Envoy, as a proxy for TCP or HTTP",
	  "envoyproxy.io/docs/envoy/latest/faq/configuration/timeouts", true },
	{ "istio", 3600, "through the sidecars and gateways of Istio, which are Envoy",
	  "istio.io/latest/docs/reference/config/networking/destination-rule", true },
	{ "nginx", 60, "through nginx, as a proxy for HTTP that waits for an answer",
	  "nginx.org/en/docs/http/ngx_http_proxy_module.html", true },
	{ "nginx-stream", 600, "through the stream module of nginx",
	  "nginx.org/en/docs/stream/ngx_stream_proxy_module.html", true },
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
		{ "KIND", NULL, SCOLS_JSON_STRING, false, false },
		{ "CONNECTIONS", NULL, SCOLS_JSON_STRING, false, true },
		{ "SOURCE", NULL, SCOLS_JSON_STRING, false, true },
	};
	struct libscols_table *table = table_new("networks", style, columns, NULL, 5);

	for (size_t i = 0; i < NETWORKS; i++) {
		struct libscols_line *line = table_line(table);

		table_set(line, 0, "%s", networks[i].name);
		table_set(line, 1, "%d", networks[i].idle_timeout);
		table_set(line, 2, "%s", networks[i].proxy ? "proxy" : "network");
		table_set(line, 3, "%s", networks[i].what);
		table_set(line, 4, "%s", networks[i].source);
	}
	table_print(table, style);
}
