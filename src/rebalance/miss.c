/* Why a pod landed elsewhere: the question is put to the scheduler again, with the pod taken away, as the cluster is
 * when it was bound. */
#include <string.h>

#include "clusterutils/sched/scheduler.h"
#include "clusterutils/util/memory.h"
#include "waves.h"

static const struct sched_verdict *verdict_of(const struct sched_trial *trial, const char *node)
{
	for (size_t i = 0; i < trial->count; i++)
		if (strcmp(trial->verdicts[i].node->meta.name, node) == 0)
			return &trial->verdicts[i];
	return NULL;
}

/* The plugin whose scores tell most against the loser. */
static enum sched_plugin worst_of(
	const struct sched_verdict *loser, const struct sched_verdict *winner, int64_t *ret_by)
{
	enum sched_plugin worst = SCHED_PLUGIN_COUNT;

	*ret_by = 0;
	for (int i = 0; i < SCHED_PLUGIN_COUNT; i++) {
		int64_t by;

		if (loser->scores[i] == SCHED_NO_SCORE || winner->scores[i] == SCHED_NO_SCORE)
			continue;
		by = winner->scores[i] - loser->scores[i];
		if (by > *ret_by) {
			*ret_by = by;
			worst = (enum sched_plugin)i;
		}
	}
	return worst;
}

static const char *compare(
	const struct sched_verdict *foreseen, const struct sched_verdict *actual, struct arena *arena)
{
	const char *name = foreseen->node->meta.name;
	enum sched_plugin worst;
	int64_t by;

	if (!foreseen->is_feasible)
		return arena_printf(arena, "%s does not take it any longer: %s", name,
			foreseen->refusal_count ? foreseen->refusals[0].reason : "no reason is known");
	if (!actual->is_feasible || !foreseen->scores || !actual->scores)
		return arena_printf(arena, "%s would take it, too", name);
	if (foreseen->total == actual->total)
		return arena_printf(arena, "%s was as good: the scheduler draws lots", name);
	if (foreseen->total > actual->total)
		return arena_printf(arena,
			"%s has %lld points by now, more than these %lld: it was different when the "
			"scheduler looked",
			name, (long long)foreseen->total, (long long)actual->total);
	worst = worst_of(foreseen, actual, &by);
	return arena_printf(arena, "%s had %lld points, fewer than these %lld, most of it by %s", name,
		(long long)foreseen->total, (long long)actual->total, sched_plugin_names[worst]);
}

const char *miss_explain(const struct cluster *cluster, const struct landing_rules *rules, const struct pod *pod,
	const char *foreseen, struct arena *arena)
{
	struct scheduler *scheduler = scheduler_new(cluster);
	AUTO_SCHED_TRIAL trial = { 0 };
	const struct sched_verdict *verdict, *actual;
	const char *why;

	scheduler_follow(scheduler, rules->minor);
	scheduler_remove(scheduler, pod);
	scheduler_try(scheduler, pod, SCHED_AS_NEW | SCHED_KEEP_SCORES | SCHED_SCORE_ALWAYS, &trial);
	verdict = verdict_of(&trial, foreseen);
	actual = pod->node ? verdict_of(&trial, pod->node) : NULL;
	if (!verdict)
		why = arena_printf(arena, "%s is gone", foreseen);
	else if (!actual || trial.error)
		why = "what the scheduler saw is not there any longer";
	else
		why = compare(verdict, actual, arena);
	scheduler_free(scheduler);
	return why;
}
