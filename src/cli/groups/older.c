/* The maps of BPF programs of ours that are about to be replaced. */
#include "cli/groups/older.h"

#include <bpf/bpf.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/groups/planning.h"
#include "keepalive.skel.h"

enum { MAPS_MOST = 8 };

static bool is_like(int map, enum bpf_map_type type, uint32_t value_size)
{
	struct bpf_map_info info = { 0 };
	uint32_t size = sizeof info;

	return !bpf_obj_get_info_by_fd(map, &info, &size) && info.type == (uint32_t)type &&
	       info.value_size == value_size;
}

int older_map(int program, enum bpf_map_type type, uint32_t value_size)
{
	uint32_t maps[MAPS_MOST];
	struct bpf_prog_info info = { .nr_map_ids = MAPS_MOST, .map_ids = (uintptr_t)maps };
	uint32_t size = sizeof info;

	if (bpf_obj_get_info_by_fd(program, &info, &size))
		return -1;
	for (uint32_t i = 0; i < info.nr_map_ids && i < MAPS_MOST; i++) {
		int map = bpf_map_get_fd_by_id(maps[i]);

		if (map >= 0 && is_like(map, type, value_size))
			return map;
		if (map >= 0)
			close(map);
	}
	return -1;
}

void older_plan(int program, struct plan *after)
{
	struct keepalive_bpf__bss *data = malloc(sizeof *data);
	int map = older_map(program, BPF_MAP_TYPE_ARRAY, sizeof *data), first = 0;

	if (data && map >= 0 && !bpf_map_lookup_elem(map, &first, data))
		plan_follow(after, (const struct plan *)(uintptr_t)&data->plan);
	if (map >= 0)
		close(map);
	free(data);
}
