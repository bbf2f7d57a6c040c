#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "scheduler_private.h"

enum { MOST_POINTS = 100 };

const char *const sched_plugin_names[] = {
	[SCHED_NODE_UNSCHEDULABLE] = "NodeUnschedulable",
	[SCHED_NODE_NAME] = "NodeName",
	[SCHED_TAINT_TOLERATION] = "TaintToleration",
	[SCHED_NODE_AFFINITY] = "NodeAffinity",
	[SCHED_NODE_PORTS] = "NodePorts",
	[SCHED_NODE_RESOURCES_FIT] = "NodeResourcesFit",
	[SCHED_VOLUME_RESTRICTIONS] = "VolumeRestrictions",
	[SCHED_NODE_VOLUME_LIMITS] = "NodeVolumeLimits",
	[SCHED_VOLUME_BINDING] = "VolumeBinding",
	[SCHED_VOLUME_ZONE] = "VolumeZone",
	[SCHED_POD_TOPOLOGY_SPREAD] = "PodTopologySpread",
	[SCHED_INTER_POD_AFFINITY] = "InterPodAffinity",
	[SCHED_BALANCED_ALLOCATION] = "NodeResourcesBalancedAllocation",
	[SCHED_IMAGE_LOCALITY] = "ImageLocality",
	NULL,
};

static void ask_volumes(struct question *question)
{
	question->volumes = volumes_ask(question);
}

static void filter_volumes(struct question *question, const struct sched_node *node)
{
	if (question->volumes)
		volumes_filter(question, question->volumes, node);
}

/* The largest becomes 100, the others in proportion. */
static void normalize(struct question *question, int64_t *scores)
{
	int64_t most = 0;

	for (size_t i = 0; i < question->feasible_count; i++)
		most = scores[i] > most ? scores[i] : most;
	for (size_t i = 0; most && i < question->feasible_count; i++)
		scores[i] = MOST_POINTS * scores[i] / most;
}

static void normalize_reversed(struct question *question, int64_t *scores)
{
	normalize(question, scores);
	for (size_t i = 0; i < question->feasible_count; i++)
		scores[i] = MOST_POINTS - scores[i];
}

/* In the order of their filters. One entry filters for all four plugins of volumes. */
static const struct plugin {
	enum sched_plugin id;
	void (*ask)(struct question *question);                                   /* PreFilter */
	void (*filter)(struct question *question, const struct sched_node *node); /* NULL for none */
	bool (*ask_scores)(struct question *question); /* false: it gives none. NULL: it always does */
	int64_t (*score)(struct question *question, const struct sched_node *node);
	void (*normalize)(struct question *question, int64_t *scores); /* by position in question.feasible */
	int64_t weight;
} plugins[] = {
	{ SCHED_NODE_UNSCHEDULABLE, .filter = unschedulable_filter },
	{ SCHED_NODE_NAME, .filter = node_name_filter },
	{ SCHED_TAINT_TOLERATION, .filter = taints_filter, .score = taints_score, .normalize = normalize_reversed,
		.weight = 3 },
	{ SCHED_NODE_AFFINITY, affinity_ask, affinity_filter, affinity_ask_scores, affinity_score, normalize, 2 },
	{ SCHED_NODE_PORTS, .filter = ports_filter },
	{ SCHED_NODE_RESOURCES_FIT, .filter = resources_filter, .score = resources_score, .weight = 1 },
	{ SCHED_VOLUME_RESTRICTIONS, .ask = ask_volumes, .filter = filter_volumes },
	{ SCHED_POD_TOPOLOGY_SPREAD, spread_ask, spread_filter, spread_ask_scores, spread_score, spread_normalize, 2 },
	{ SCHED_INTER_POD_AFFINITY, inter_pod_ask, inter_pod_filter, inter_pod_ask_scores, inter_pod_score,
		inter_pod_normalize, 2 },
	{ SCHED_BALANCED_ALLOCATION, .ask_scores = balance_ask_scores, .score = balance_score, .weight = 1 },
	{ SCHED_IMAGE_LOCALITY, .ask_scores = images_ask_scores, .score = images_score, .weight = 1 },
};

/* --- what plugins say --- */

static void add_refusal(
	struct question *question, struct sched_refusal **list, size_t *count, struct sched_refusal refusal)
{
	/* Room for 1, 2, 4, …: full whenever the count is a power of two. */
	if ((*count & (*count - 1)) == 0) {
		struct sched_refusal *larger =
			ARENA_ARRAY(question->arena, *count ? 2 * *count : 1, struct sched_refusal);

		if (*count)
			memcpy(larger, *list, *count * sizeof(*larger));
		*list = larger;
	}
	(*list)[(*count)++] = refusal;
}

void question_refuse(struct question *question, const struct sched_node *node, enum sched_plugin plugin,
	bool is_unresolvable, const char *reason)
{
	struct sched_trial *trial = question->trial;
	struct sched_refusal refusal = { plugin, is_unresolvable, reason };
	struct sched_verdict *verdict = node ? &trial->verdicts[node->position] : NULL;

	if (verdict)
		add_refusal(question, &verdict->refusals, &verdict->refusal_count, refusal);
	else
		add_refusal(question, &trial->everywhere, &trial->everywhere_count, refusal);
}

bool question_is_refused(const struct question *question, enum sched_plugin plugin)
{
	for (size_t i = 0; i < question->trial->everywhere_count; i++)
		if (question->trial->everywhere[i].plugin == plugin)
			return true;
	return false;
}

void question_fail(struct question *question, const char *reason)
{
	if (!question->trial->error)
		question->trial->error = reason;
}

/* --- the cycle --- */

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool trial_names(const struct sched_trial *trial, const char *name)
{
	return !trial->nodes || bsearch(&name, trial->nodes, trial->node_count, sizeof(*trial->nodes), by_text);
}

static void filter_node(struct question *question, const struct sched_node *node)
{
	struct sched_verdict *verdict = &question->trial->verdicts[node->position];
	bool is_wanted = question->trial->everywhere_count == 0 && trial_names(question->trial, node->node->meta.name);

	verdict->node = node->node;
	if (!is_wanted && !(question->options & SCHED_ALL_REASONS))
		return;
	for (size_t i = 0; i < ARRAY_LEN(plugins); i++) {
		if (!plugins[i].filter || question_is_refused(question, plugins[i].id))
			continue;
		plugins[i].filter(question, node);
		if (verdict->refusal_count && !(question->options & SCHED_ALL_REASONS))
			return;
	}
	verdict->is_feasible = is_wanted && !verdict->refusal_count;
	if (verdict->is_feasible)
		question->feasible[question->feasible_count++] = node;
}

static void score_by(struct question *question, const struct plugin *plugin, int64_t *scores)
{
	for (size_t i = 0; i < question->feasible_count; i++)
		scores[i] = plugin->score(question, question->feasible[i]);
	if (plugin->normalize)
		plugin->normalize(question, scores);
	for (size_t i = 0; i < question->feasible_count; i++) {
		struct sched_verdict *verdict = &question->trial->verdicts[question->feasible[i]->position];

		verdict->total += plugin->weight * scores[i];
		if (verdict->scores)
			verdict->scores[plugin->id] = plugin->weight * scores[i];
	}
}

static void keep_scores(struct question *question)
{
	for (size_t i = 0; i < question->feasible_count; i++) {
		struct sched_verdict *verdict = &question->trial->verdicts[question->feasible[i]->position];

		verdict->scores = ARENA_ARRAY(question->arena, SCHED_PLUGIN_COUNT, int64_t);
		for (size_t k = 0; k < SCHED_PLUGIN_COUNT; k++)
			verdict->scores[k] = SCHED_NO_SCORE;
	}
}

static void score(struct question *question)
{
	int64_t *scores = ARENA_ARRAY(question->arena, question->feasible_count, int64_t);

	if (question->options & SCHED_KEEP_SCORES)
		keep_scores(question);
	for (size_t i = 0; i < ARRAY_LEN(plugins); i++)
		if (plugins[i].score && (!plugins[i].ask_scores || plugins[i].ask_scores(question)))
			score_by(question, &plugins[i], scores);
}

void scheduler_try(struct scheduler *scheduler, const struct pod *pod, unsigned options, struct sched_trial *ret_trial)
{
	struct question question = { .scheduler = scheduler,
		.pod = pod,
		.self = scheduler_find_pod(scheduler, pod),
		.options = options,
		.trial = ret_trial,
		.arena = &ret_trial->arena };

	*ret_trial = (struct sched_trial){ .count = scheduler->node_count };
	ret_trial->verdicts = ARENA_ARRAY(question.arena, scheduler->node_count, struct sched_verdict);
	question.feasible = ARENA_ARRAY(question.arena, scheduler->node_count, const struct sched_node *);
	for (size_t i = 0; i < ARRAY_LEN(plugins); i++)
		if (plugins[i].ask)
			plugins[i].ask(&question);
	for (size_t i = 0; i < scheduler->node_count; i++)
		filter_node(&question, &scheduler->nodes[i]);
	ret_trial->feasible_count = question.feasible_count;
	if (question.feasible_count > 1 || (question.feasible_count && (options & SCHED_SCORE_ALWAYS)))
		score(&question);
}

void sched_trial_release(struct sched_trial *trial)
{
	arena_release(&trial->arena);
}

const struct sched_verdict *sched_trial_best(const struct sched_trial *trial)
{
	const struct sched_verdict *best = NULL;

	for (size_t i = 0; i < trial->count; i++)
		if (trial->verdicts[i].is_feasible && (!best || trial->verdicts[i].total > best->total))
			best = &trial->verdicts[i];
	return trial->error ? NULL : best;
}
