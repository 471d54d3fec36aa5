#include <stddef.h>
#include "cli/verb.h"
static int stub(const struct verb *verb, int argc, char **argv) { (void)verb, (void)argc, (void)argv; return 1; }
const struct verb verb_disable = { "disable", "", "", "", NULL, true, true, false, STATUS_USAGE, stub };
