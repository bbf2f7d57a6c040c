/* The message of the event FailedScheduling. */
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "message.h"

struct said {
	const char *reason;
	size_t nodes;
	const char *line; /* "2 Insufficient cpu" */
};

void tally_add(struct tally *tally, const char *reason, size_t nodes)
{
	for (size_t i = 0; i < tally->count; i++)
		if (strcmp(tally->items[i].reason, reason) == 0) {
			tally->items[i].nodes += nodes;
			return;
		}
	ARRAY_GROW(tally->items, tally->count, tally->capacity);
	tally->items[tally->count++] = (struct said){ .reason = reason, .nodes = nodes };
}

static int by_line(const void *a, const void *b)
{
	return strcmp(((const struct said *)a)->line, ((const struct said *)b)->line);
}

void tally_print(struct tally *tally, size_t nodes, struct buffer *out)
{
	AUTO_ARENA scratch = { 0 };

	for (size_t i = 0; i < tally->count; i++)
		tally->items[i].line = arena_printf(&scratch, "%zu %s", tally->items[i].nodes, tally->items[i].reason);
	if (tally->count)
		qsort(tally->items, tally->count, sizeof(*tally->items), by_line);
	buffer_printf(out, "0/%zu nodes are available:", nodes);
	for (size_t i = 0; i < tally->count; i++)
		buffer_printf(out, "%s %s%s", i ? "," : "", tally->items[i].line, i + 1 == tally->count ? "." : "");
}

void tally_release(struct tally *tally)
{
	free(tally->items);
	*tally = (struct tally){ 0 };
}

void sched_trial_message(const struct sched_trial *trial, struct buffer *out)
{
	CLEANUP(tally_release) struct tally tally = { 0 };
	size_t passed_over = 0;

	if (trial->everywhere_count) {
		buffer_printf(out, "0/%zu nodes are available: %s.", trial->count, trial->everywhere[0].reason);
		return;
	}
	for (size_t i = 0; i < trial->count; i++) {
		const struct sched_verdict *verdict = &trial->verdicts[i];

		if (!trial_names(trial, verdict->node->meta.name)) {
			passed_over++;
			continue;
		}
		for (size_t k = 0; k < verdict->refusal_count; k++)
			if (verdict->refusals[k].plugin == verdict->refusals[0].plugin)
				tally_add(&tally, verdict->refusals[k].reason, 1);
	}
	if (passed_over)
		tally_add(&tally, "node(s) didn't satisfy plugin(s) [NodeAffinity]", passed_over);
	tally_print(&tally, trial->count, out);
}
