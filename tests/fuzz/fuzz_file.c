/* Whatever bytes a file may have, in whatever pieces they come, it is read safely. */
#include "core/loader.h"
#include "fuzz/fuzz.h"
#include "lib/in_memory.h"

static const struct text *names(void)
{
	static const struct text both[PROGRAM_NAMES] = { { "psql", 4 }, { "a[b", 3 } };

	return both;
}

/* Nothing but characters that a terminal may be given. */
static void check_visible(struct text text)
{
	size_t length;

	for (; text.length; text = text_tail(text, length)) {
		length = text_visible(text);
		if (!length)
			DIFFERS("a message has a byte that nobody sees: %02x", text.at[0] & 255);
	}
}

/* Every message that can come of it is made, too. */
static void take(void *context, const struct error *error)
{
	struct line line = { 0 };

	(void)context;
	error_write(error, &line);
	check_visible((struct text){ line.at, line.length });
	line_end(&line);
}

static void decide(const struct file_content *content)
{
	static const struct endpoint endpoints[] = {
		{ 0 },
		{ .role = ROLE_CLIENT },
		{ .role = ROLE_CLIENT,
		  .remote_known = true,
		  .remote = { 0, 0x7f000001, true },
		  .remote_port = 80 },
		{ .role = ROLE_SERVER, .local_port = 8080 },
		{ .role = ROLE_SERVER,
		  .remote_known = true,
		  .remote = { 0, 1, false },
		  .local_port = 1 },
	};
	struct policy policy = { .globals = content->globals, .rules = content->rules };
	struct decision decision;

	kernel_values_default(&policy.kernel);
	for (size_t i = 0; i < sizeof endpoints / sizeof *endpoints; i++) {
		policy_decide(&policy, &endpoints[i], &decision);
		for (size_t id = 0; id < OPTIONS; id++) {
			const struct choice *choice = &decision.choice[id];

			/* What is set is in its range, whatever the file said. */
			if (choice->configured && (choice->number < option_table[id].minimum ||
						   choice->number > option_table[id].maximum))
				DIFFERS("%s is out of its range", option_table[id].key);
		}
	}
	policy_acts(&policy);
	policy_overrides(&policy);
	policy_needs_kernel_values(&policy);
	rules_stages(&policy.rules);
}

int fuzz_file(const uint8_t *data, size_t size)
{
	enum { LITTLE = 2048 };
	static const size_t pieces[] = { 1, 7, 4095, 4096, 1024 * 1024 };
	static _Alignas(uint64_t) unsigned char memory[512 * 1024];
	struct loaded loaded = { .file.rules = { memory, sizeof memory, 0 } };
	struct errors errors = { .take = take };

	in_memory.piece = 1024;
	if (size) {
		in_memory.piece = pieces[data[0] % (sizeof pieces / sizeof *pieces)];
		if (data[0] & 0x80)
			loaded.file.rules.size = LITTLE; /* so that it does not suffice */
	}
	in_memory.users = (struct file_in_memory){ (const char *)data, size, 0 };
	load_in_memory(&loaded, NULL, (const char *)data, size, (struct program){ .names = names },
		       &errors);
	decide(&loaded.file);
	return 0;
}
