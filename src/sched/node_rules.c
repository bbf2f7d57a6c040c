/* The plugins that look at the node alone: NodeUnschedulable, NodeName, TaintToleration, NodeAffinity, NodePorts. */
#include <stdlib.h>
#include <string.h>

#include "clusterutils/sched/node_affinity.h"
#include "clusterutils/util/text.h"
#include "scheduler_private.h"

static bool is_tolerated(const struct taint *taint, const struct toleration_list *tolerations)
{
	for (size_t i = 0; tolerations && i < tolerations->count; i++)
		if (toleration_tolerates(&tolerations->items[i], taint))
			return true;
	return false;
}

bool is_schedulable(const struct pod *pod, const struct sched_node *node)
{
	static const struct taint cordoned = { "node.kubernetes.io/unschedulable", "", EFFECT_NO_SCHEDULE };

	return !node->node->unschedulable || is_tolerated(&cordoned, pod->tolerations);
}

void unschedulable_filter(struct question *question, const struct sched_node *node)
{
	if (!is_schedulable(question->pod, node))
		question_refuse(question, node, SCHED_NODE_UNSCHEDULABLE, true, "node(s) were unschedulable");
}

void node_name_filter(struct question *question, const struct sched_node *node)
{
	const char *asked = question->options & SCHED_AS_NEW ? NULL : question->pod->node;

	if (asked && strcmp(asked, node->node->meta.name) != 0)
		question_refuse(question, node, SCHED_NODE_NAME, true, "node(s) didn't match the requested node name");
}

/* --- TaintToleration --- */

void taints_filter(struct question *question, const struct sched_node *node)
{
	if (!scheduler_tolerates(question->scheduler, question->pod, node))
		question_refuse(question, node, SCHED_TAINT_TOLERATION, true, "node(s) had untolerated taint(s)");
}

/* How many taints of PreferNoSchedule it does not tolerate: the fewer, the better. A toleration of another effect
 * tolerates none of them anyhow. */
int64_t taints_score(struct question *question, const struct sched_node *node)
{
	const struct taint_list *taints = node->node->taints;
	int64_t count = 0;

	for (size_t i = 0; taints && i < taints->count; i++)
		count += taints->items[i].effect == EFFECT_PREFER_NO_SCHEDULE &&
			!is_tolerated(&taints->items[i], question->pod->tolerations);
	return count;
}

/* --- NodeAffinity --- */

static bool names_nodes(const struct node_requirement *requirement)
{
	return requirement->op == NODE_IN && strcmp(requirement->key, "metadata.name") == 0;
}

static bool has_name(const struct text_list *names, const char *name)
{
	for (size_t i = 0; names && i < names->count; i++)
		if (strcmp(names->items[i], name) == 0)
			return true;
	return false;
}

/* Adds the names that all requirements of the term have in common. False where it says nothing of names. */
static bool add_names(const struct node_term *term, const char **names, size_t *count)
{
	const struct node_requirements *fields = term->fields;
	size_t first = 0;

	while (fields && first < fields->count && !names_nodes(&fields->items[first]))
		first++;
	if (!fields || first == fields->count)
		return false;
	for (size_t i = 0; fields->items[first].values && i < fields->items[first].values->count; i++) {
		const char *name = fields->items[first].values->items[i];
		bool is_common = true;

		for (size_t k = first + 1; k < fields->count; k++)
			if (names_nodes(&fields->items[k]) && !has_name(fields->items[k].values, name))
				is_common = false;
		for (size_t k = 0; is_common && k < *count; k++)
			is_common = strcmp(names[k], name) != 0;
		if (is_common)
			names[(*count)++] = name;
	}
	return true;
}

static size_t count_values(const struct node_terms *terms)
{
	size_t count = 0;

	for (size_t i = 0; i < terms->count; i++)
		for (size_t k = 0; terms->items[i].fields && k < terms->items[i].fields->count; k++)
			if (terms->items[i].fields->items[k].values)
				count += terms->items[i].fields->items[k].values->count;
	return count;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void affinity_ask(struct question *question)
{
	const struct node_terms *terms = question->pod->placement ? question->pod->placement->required_nodes : NULL;
	const char **names;
	size_t count = 0;

	if (!terms || !terms->count)
		return;
	names = ARENA_ARRAY(question->arena, count_values(terms) + 1, const char *);
	for (size_t i = 0; i < terms->count; i++)
		if (!add_names(&terms->items[i], names, &count))
			return;
	if (!count) {
		question_refuse(question, NULL, SCHED_NODE_AFFINITY, true, "pod affinity terms conflict");
		return;
	}
	qsort(names, count, sizeof(*names), by_text);
	question->trial->nodes = names;
	question->trial->node_count = count;
}

void affinity_filter(struct question *question, const struct sched_node *node)
{
	if (!scheduler_selects(question->scheduler, question->pod, node))
		question_refuse(
			question, node, SCHED_NODE_AFFINITY, true, "node(s) didn't match Pod's node affinity/selector");
}

bool affinity_ask_scores(struct question *question)
{
	if (!question->pod->placement || !question->pod->placement->preferred_nodes)
		return false;
	if (!node_affinity_preferred_is_valid(question->pod))
		question_fail(question, "running PreScore plugin \"NodeAffinity\": a preferred term cannot be parsed");
	return true;
}

int64_t affinity_score(struct question *question, const struct sched_node *node)
{
	return node_affinity_preferred(question->pod, node->node);
}

/* --- NodePorts --- */

/* "" is every address, and 0.0.0.0 as well; :: is an address like any other. */
static const char *address(const struct host_port *port)
{
	return *port->ip ? port->ip : "0.0.0.0";
}

static bool clash(const struct host_port *a, const struct host_port *b)
{
	return a->port == b->port && a->protocol == b->protocol &&
		(strcmp(address(a), "0.0.0.0") == 0 || strcmp(address(b), "0.0.0.0") == 0 ||
			strcmp(address(a), address(b)) == 0);
}

static bool any_clash(const struct host_ports *wanted, const struct host_ports *used)
{
	for (size_t i = 0; i < wanted->count; i++)
		for (size_t k = 0; k < used->count; k++)
			if (clash(&wanted->items[i], &used->items[k]))
				return true;
	return false;
}

void ports_filter(struct question *question, const struct sched_node *node)
{
	const struct placement *placement = question->pod->placement;

	for (size_t i = 0; placement && placement->ports && i < node->count; i++) {
		const struct placement *other = node->pods[i]->pod->placement;

		if (other && other->ports && any_clash(placement->ports, other->ports)) {
			question_refuse(question, node, SCHED_NODE_PORTS, false,
				"node(s) didn't have free ports for the requested pod ports");
			return;
		}
	}
}
