/*
 * The two large tables. This file is linked last, so that the small variables of all others share a
 * page with the start of the first table.
 */
#include "shim/tables.h"

struct tables tables;
