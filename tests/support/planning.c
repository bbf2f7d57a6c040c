#include "planning.h"

#include <check.h>
#include <string.h>

#include "clusterutils/util/text.h"

struct plan_options planning_options(void)
{
	return (struct plan_options){ .scope = { .max_moves = PASS_UNLIMITED,
					      .max_per_node = PASS_UNLIMITED,
					      .max_per_namespace = PASS_UNLIMITED } };
}

void planning_begin(struct cluster *cluster)
{
	cluster_init(cluster);
	cluster->details = CLUSTER_PLACEMENT | CLUSTER_CONDITIONS;
}

void planning_policy(const char *text, struct policy *ret_policy)
{
	const struct policy_source source = { .file = "policy.yaml", .text = text, .length = strlen(text) };
	struct error err = { 0 };

	if (policy_load(&source, POLICY_LENIENT, ret_policy, &err) < 0)
		ck_abort_msg("%s", err.message);
}

const char *planning_text(const struct plan *plan, struct buffer *out)
{
	buffer_clear(out);
	for (size_t i = 0; i < plan->count; i++) {
		const struct plan_move *item = &plan->items[i];
		const struct node *to = item->landing.to;

		buffer_printf(out, "%s %s", item->pod->meta.name, item->from ? item->from : "-");
		if (item->landing.withheld == WITHHELD_NOT)
			buffer_printf(out, ">%s\n", to ? to->meta.name : "-");
		else
			buffer_printf(out, " %s\n", withheld_names[item->landing.withheld]);
	}
	return buffer_text(out);
}

const struct pod *planning_pod(const struct cluster *cluster, const char *name)
{
	for (size_t i = 0; i < cluster_count(cluster, KIND_POD); i++)
		if (text_equal(cluster_pod(cluster, i)->meta.name, name))
			return cluster_pod(cluster, i);
	ck_abort_msg("the cluster has no pod %s", name);
}

const struct plan_move *planning_item(const struct plan *plan, const char *pod)
{
	for (size_t i = 0; i < plan->count; i++)
		if (text_equal(plan->items[i].pod->meta.name, pod))
			return &plan->items[i];
	return NULL;
}

const struct plan_node *planning_node(const struct plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->node_count; i++)
		if (text_equal(plan->nodes[i].before.node->meta.name, name))
			return &plan->nodes[i];
	ck_abort_msg("the plan has no node %s", name);
}

size_t planning_count(const struct plan *plan, enum withheld withheld, const char *to)
{
	size_t count = 0;

	for (size_t i = 0; i < plan->count; i++) {
		const struct landing *landing = &plan->items[i].landing;

		count += landing->withheld == withheld &&
			(!to || (landing->to && text_equal(landing->to->meta.name, to)));
	}
	return count;
}
