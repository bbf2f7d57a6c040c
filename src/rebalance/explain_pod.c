/* `rebalance --explain NAMESPACE/POD`. */
#include <math.h>
#include <string.h>

#include "clusterutils/rebalance/run.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "explain.h"
#include "plan_table.h"

/* Everything that is known of the pod; the cluster is as it is now, before the plan. */
struct pod_story {
	const struct planned *planned;
	struct plan *plan;
	const struct pod *pod;
	struct landings *landings;
	struct landing landing;
	struct sched_trial trial;
	const struct landing_option *options;
};

static void pod_story_release(struct pod_story *story)
{
	sched_trial_release(&story->trial);
	landings_free(story->landings);
}

static int find_pod(const struct planned *planned, const char *name, const struct pod **ret_pod, struct error *err)
{
	const char *slash = strchr(name, '/'), *namespace = invocation_namespace(planned->invocation);
	AUTO_BUFFER given = { 0 };

	if (slash) {
		buffer_add(&given, name, (size_t)(slash - name));
		namespace = buffer_text(&given);
		name = slash + 1;
	} else if (!namespace) {
		namespace = "default";
	}
	*ret_pod = (const struct pod *)(const void *)cluster_find(planned->cluster, KIND_POD, name, namespace);
	if (*ret_pod)
		return 0;
	return error_set(err, ERROR_NOT_FOUND, "pods \"%s\" not found in namespace \"%s\"", name, namespace);
}

/* --- what was decided --- */

static const struct pass_pod *pass_pod_of(const struct plan *plan, const struct pod *pod)
{
	for (size_t i = 0; i < plan->pass.pod_count; i++)
		if (plan->pass.pods[i].pod == pod)
			return &plan->pass.pods[i];
	return NULL;
}

static const struct plan_move *move_of(const struct plan *plan, const struct pod *pod)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->items[i].pod == pod)
			return &plan->items[i];
	return NULL;
}

static void print_pod(const struct pod_story *story, struct buffer *out)
{
	const struct owner *owner = cluster_workload_of(story->planned->cluster, story->pod);
	const struct pod *pod = story->pod;

	buffer_printf(out, "pod       %s/%s on %s, %s", pod->meta.namespace, pod->meta.name,
		pod->node ? pod->node : "no node", pod_phase_text((enum pod_phase)pod->phase));
	if (owner)
		buffer_printf(out, ", of %s/%s", owner->kind, owner->name);
	buffer_printf(out, ", priority %d\n", (int)pod->priority);
}

/* One line for each profile: each has protections of its own. */
static void print_protections(const struct pod_story *story, struct buffer *out)
{
	const struct policy_profile *profiles = story->plan->policy->profiles.items;
	struct pass *pass = &story->plan->pass;
	const struct pass_pod *pod = pass_pod_of(story->plan, story->pod);

	for (size_t i = 0; pod && i < story->plan->policy->profiles.count; i++) {
		AUTO_BUFFER reasons = { 0 };

		pass_begin(pass, profiles[i].name, profiles[i].evictor);
		buffer_printf(out, "profile   %s: ", profiles[i].name);
		if (pass_filter_reasons(pass, pod, &reasons))
			buffer_printf(out, "it may be evicted\n");
		else
			buffer_printf(out, "protected: %s\n",
				reasons.length ? buffer_text(&reasons) : "it asks not to be evicted");
	}
}

/* A strategy's last word on the pod: it may have been asked again. */
static bool is_last_word(const struct pod_story *story, size_t at)
{
	const struct pass *pass = &story->plan->pass;

	if (pass->decisions[at].pod != story->pod)
		return false;
	for (size_t i = at + 1; i < pass->decision_count; i++)
		if (pass->decisions[i].pod == story->pod &&
			text_equal(pass->decisions[i].strategy, pass->decisions[at].strategy))
			return false;
	return true;
}

static void print_decisions(const struct pod_story *story, struct buffer *out)
{
	const struct pass *pass = &story->plan->pass;
	const struct plan_move *move = move_of(story->plan, story->pod);
	bool is_asked = false;

	for (size_t i = 0; i < pass->decision_count; i++) {
		const struct decision *decision = &pass->decisions[i];

		if (!is_last_word(story, i))
			continue;
		is_asked = true;
		buffer_printf(out, "asked by  %s: %s: %s\n", decision->strategy, decision->reason,
			decision->refusal == PASS_ACCEPTED ? "it goes" : decision->refused_because);
	}
	if (!is_asked)
		buffer_printf(out, "asked by  no strategy\n");
	if (!move)
		buffer_printf(out, "verdict   stays\n");
	else if (move->landing.withheld == WITHHELD_NOT)
		buffer_printf(out, "verdict   move in wave %u, to %s\n", move->wave,
			move->landing.to ? move->landing.to->meta.name : "nowhere");
	else
		buffer_printf(out, "verdict   withheld (%s): %s\n", withheld_names[move->landing.withheld],
			move->landing.why);
}

static void print_landing(const struct pod_story *story, struct buffer *out)
{
	const struct landing *landing = &story->landing;
	AUTO_BUFFER message = { 0 };

	if (landing->to)
		buffer_printf(out, "landing   evicted now, before the plan, it would land on %s (%lld points)%s%s\n",
			landing->to->meta.name, (long long)landing->points, landing->why ? "; but " : "",
			landing->why ? landing->why : "");
	else if (landing->withheld != WITHHELD_NO_LANDING && landing->why)
		buffer_printf(out, "landing   %s\n", landing->why);
	if (story->trial.error) {
		buffer_printf(out, "scheduler fails: %s\n", story->trial.error);
	} else if (!story->trial.feasible_count) {
		sched_trial_message(&story->trial, &message);
		buffer_printf(out, "scheduler %s\n", buffer_text(&message));
	}
}

/* --- the nodes --- */

enum { NODE, FITS, POINTS, CPU, MEMORY, PODS, WHY, FIRST_SCORE };

static const struct column node_columns[] = {
	[NODE] = { "node", "NODE", 0, 0 },
	[FITS] = { "verdict", "VERDICT", 0, 0 },
	[POINTS] = { "points", "POINTS", COLUMN_RIGHT, 2 },
	[CPU] = { "cpu", "CPU% THEN", COLUMN_RIGHT, 3 },
	[MEMORY] = { "memory", "MEM% THEN", COLUMN_RIGHT, 3 },
	[PODS] = { "pods", "PODS% THEN", COLUMN_RIGHT, 4 },
	[WHY] = { "why", "WHY", 0, 1 },
};

/* The plugins that give points, in wide output. */
static const enum sched_plugin scorers[] = { SCHED_TAINT_TOLERATION, SCHED_NODE_AFFINITY, SCHED_NODE_RESOURCES_FIT,
	SCHED_BALANCED_ALLOCATION, SCHED_POD_TOPOLOGY_SPREAD, SCHED_INTER_POD_AFFINITY, SCHED_IMAGE_LOCALITY };

static const char *refusals_text(struct arena *arena, const struct sched_refusal *refusals, size_t count)
{
	AUTO_BUFFER text = { 0 };

	for (size_t i = 0; i < count; i++)
		buffer_printf(
			&text, "%s%s: %s", i ? "; " : "", sched_plugin_names[refusals[i].plugin], refusals[i].reason);
	return arena_text(arena, buffer_text(&text));
}

static struct cell percent_cell(double percent)
{
	return isnan(percent) ? cell_unknown() : cell_number((int64_t)round(percent));
}

static void add_option(const struct pod_story *story, const struct landing_option *option, struct table *table)
{
	const struct sched_verdict *verdict = option->verdict;
	struct row *row = table_add_row(table, ROW_ITEM, 0);
	bool is_good = verdict->is_feasible && option->withheld == WITHHELD_NOT;

	row->cells[NODE] = cell_text(verdict->node->meta.name);
	row->cells[FITS] = cell_with_role(cell_text(!verdict->is_feasible ? "no"
							  : is_good       ? "fits"
									  : "withheld"),
		!verdict->is_feasible ? ROLE_MUTED
			: is_good     ? ROLE_GOOD
				      : ROLE_WARNING);
	row->cells[POINTS] = verdict->is_feasible ? cell_number(verdict->total) : cell_none();
	row->cells[CPU] = percent_cell(node_load_percent(&option->after, LOAD_CPU));
	row->cells[MEMORY] = percent_cell(node_load_percent(&option->after, LOAD_MEMORY));
	row->cells[PODS] = percent_cell(node_load_percent(&option->after, LOAD_PODS));
	row->cells[WHY] = cell_text(verdict->is_feasible
			? option->why
			: refusals_text(&table->arena, verdict->refusals, verdict->refusal_count));
	for (size_t i = 0; i < ARRAY_LEN(scorers); i++)
		row->cells[FIRST_SCORE + i] =
			verdict->is_feasible && verdict->scores && verdict->scores[scorers[i]] != SCHED_NO_SCORE
			? cell_number(verdict->scores[scorers[i]])
			: cell_none();
	if (!verdict->is_feasible && !verdict->refusal_count && story->trial.everywhere_count)
		row->cells[WHY] =
			cell_text(refusals_text(&table->arena, story->trial.everywhere, story->trial.everywhere_count));
}

/* The best first; who takes it not last, by name. */
static void make_node_table(const struct pod_story *story, struct table *ret_table)
{
	struct column columns[FIRST_SCORE + ARRAY_LEN(scorers)];
	AUTO_FREE bool *is_shown = memory_new_array(story->trial.count + 1, sizeof(*is_shown));

	memcpy(columns, node_columns, sizeof(node_columns));
	for (size_t i = 0; i < ARRAY_LEN(scorers); i++)
		columns[FIRST_SCORE + i] = (struct column){ sched_plugin_names[scorers[i]],
			sched_plugin_names[scorers[i]], COLUMN_RIGHT | COLUMN_WIDE, 5 };
	table_init(ret_table, "PodExplanation", columns, ARRAY_LEN(columns));
	ret_table->resource = "node";
	for (size_t shown = 0; shown < story->trial.count; shown++) {
		size_t best = story->trial.count;

		for (size_t i = 0; i < story->trial.count; i++) {
			const struct sched_verdict *verdict = story->options[i].verdict;

			if (is_shown[i])
				continue;
			if (best == story->trial.count ||
				(verdict->is_feasible &&
					(!story->options[best].verdict->is_feasible ||
						verdict->total > story->options[best].verdict->total)))
				best = i;
		}
		is_shown[best] = true;
		add_option(story, &story->options[best], ret_table);
	}
}

/* --- printing --- */

static void add_nodes(const struct pod_story *story, struct document *document)
{
	document_begin_array(document, "nodes");
	for (size_t i = 0; i < story->trial.count; i++) {
		const struct landing_option *option = &story->options[i];
		const struct sched_verdict *verdict = option->verdict;

		document_begin_object(document, NULL);
		document_text(document, "name", verdict->node->meta.name);
		document_flag(document, "fits", verdict->is_feasible);
		document_begin_array(document, "refusals");
		for (size_t k = 0; k < verdict->refusal_count; k++) {
			document_begin_object(document, NULL);
			document_text(document, "plugin", sched_plugin_names[verdict->refusals[k].plugin]);
			document_text(document, "reason", verdict->refusals[k].reason);
			document_end(document);
		}
		document_end(document);
		if (verdict->is_feasible) {
			document_number(document, "points", verdict->total);
			document_begin_object(document, "scores");
			for (size_t k = 0; verdict->scores && k < SCHED_PLUGIN_COUNT; k++)
				if (verdict->scores[k] != SCHED_NO_SCORE)
					document_number(document, sched_plugin_names[k], verdict->scores[k]);
			document_end(document);
			document_text(document, "withheldBecause",
				option->withheld == WITHHELD_NOT ? NULL : withheld_names[option->withheld]);
			document_text(document, "why", option->why);
		}
		document_end(document);
	}
	document_end(document);
}

static void add_asked(const struct pod_story *story, struct document *document)
{
	const struct pass *pass = &story->plan->pass;

	document_begin_array(document, "askedBy");
	for (size_t i = 0; i < pass->decision_count; i++) {
		if (!is_last_word(story, i))
			continue;
		document_begin_object(document, NULL);
		document_text(document, "strategy", pass->decisions[i].strategy);
		document_text(document, "reason", pass->decisions[i].reason);
		document_text(document, "refusedBecause", pass->decisions[i].refused_because);
		document_end(document);
	}
	document_end(document);
}

static void add_protections(const struct pod_story *story, struct document *document)
{
	const struct policy_profile *profiles = story->plan->policy->profiles.items;
	const struct pass_pod *pod = pass_pod_of(story->plan, story->pod);

	document_begin_array(document, "profiles");
	for (size_t i = 0; pod && i < story->plan->policy->profiles.count; i++) {
		AUTO_BUFFER reasons = { 0 };
		bool may_go;

		pass_begin(&story->plan->pass, profiles[i].name, profiles[i].evictor);
		may_go = pass_filter_reasons(&story->plan->pass, pod, &reasons);
		document_begin_object(document, NULL);
		document_text(document, "name", profiles[i].name);
		document_flag(document, "mayBeEvicted", may_go);
		document_text(document, "protectedBecause", may_go ? NULL : buffer_text(&reasons));
		document_end(document);
	}
	document_end(document);
}

static void print_document(const struct pod_story *story, enum document_format format, struct buffer *out)
{
	const struct plan_move *move = move_of(story->plan, story->pod);
	struct document document;

	document_init(&document, format, out);
	document_begin_object(&document, NULL);
	document_text(&document, "apiVersion", "clusterutils/v1");
	document_text(&document, "kind", "PodExplanation");
	document_text(&document, "namespace", story->pod->meta.namespace);
	document_text(&document, "name", story->pod->meta.name);
	document_text(&document, "node", story->pod->node);
	document_text(&document, "verdict",
		!move                                            ? "stays"
			: move->landing.withheld == WITHHELD_NOT ? "move"
								 : "withheld");
	document_text(&document, "landing", story->landing.to ? story->landing.to->meta.name : NULL);
	document_text(&document, "why", move ? move->landing.why : story->landing.why);
	add_asked(story, &document);
	add_protections(story, &document);
	add_nodes(story, &document);
	document_end(&document);
	document_finish(&document);
}

static int print(const struct pod_story *story, struct error *err)
{
	const struct print_options options = invocation_print_options(story->planned->invocation);
	CLEANUP(table_release) struct table table = { 0 };
	AUTO_BUFFER out = { 0 };

	if (options.format == OUTPUT_JSON || options.format == OUTPUT_YAML) {
		print_document(story, options.format == OUTPUT_JSON ? DOCUMENT_JSON : DOCUMENT_YAML, &out);
		return invocation_write(&out, err);
	}
	make_node_table(story, &table);
	if (options.format == OUTPUT_CSV || options.format == OUTPUT_NAME) {
		table_print(&table, &options, &out);
		return invocation_write(&out, err);
	}
	print_pod(story, &out);
	print_protections(story, &out);
	print_decisions(story, &out);
	print_landing(story, &out);
	print_section(NULL, &table, &options, &out);
	return invocation_write(&out, err);
}

int explain_one(const struct planned *planned, struct plan *plan, const char *name, struct error *err)
{
	CLEANUP(pod_story_release) struct pod_story story = { .planned = planned, .plan = plan };

	if (find_pod(planned, name, &story.pod, err) < 0)
		return -1;
	story.landings = landings_new(planned->cluster, &plan->options.rules, planned->now);
	landings_ask(story.landings, story.pod, LANDING_MOVE, &story.landing);
	story.options = landings_options(story.landings, story.pod, LANDING_MOVE, &story.trial);
	return print(&story, err);
}
