#include "clusterutils/rebalance/pass.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/model/pod_resources.h"
#include "clusterutils/util/index.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "pass_evictor.h"
#include "places.h"

struct namespace_count {
	const char *name;
	uint32_t evicted;
};

static struct index_key key_of_node(const void *object)
{
	return (struct index_key){ ((const struct pass_node *)object)->node->meta.name, NULL };
}

static struct index_key key_of_reading(const void *object)
{
	return (struct index_key){ ((const struct node_reading *)object)->node, NULL };
}

static struct index_key key_of_count(const void *object)
{
	return (struct index_key){ ((const struct namespace_count *)object)->name, NULL };
}

struct made_selector {
	struct made_selector *next;
	struct selector selector;
	bool is_valid;
};

const struct selector *pass_selector(struct pass *pass, const struct label_selector *selector)
{
	void **place = pointer_map_at(&pass->selectors, POINTERS(selector));
	struct made_selector *made = *place;
	struct error ignored = { 0 };

	if (!made) {
		*place = made = ARENA_NEW(&pass->arena, struct made_selector);
		made->is_valid = selector_build(selector, &made->selector, &ignored) == 0;
		made->next = pass->made;
		pass->made = made;
	}
	return made->is_valid ? &made->selector : NULL;
}

static void release_selectors(struct pass *pass)
{
	for (struct made_selector *made = pass->made; made; made = made->next)
		if (made->is_valid)
			selector_release(&made->selector);
	pointer_map_release(&pass->selectors);
}

/* --- what is requested --- */

static size_t resource_position(const struct pass *pass, const char *name)
{
	size_t i = 0;

	while (i < pass->resource_count && strcmp(pass->resources[i], name) != 0)
		i++;
	return i;
}

static void note_resources(struct pass *pass, const struct resource_list *list)
{
	for (size_t i = 0; list && i < list->count; i++) {
		if (strcmp(list->items[i].name, "pods") == 0 ||
			resource_position(pass, list->items[i].name) < pass->resource_count)
			continue;
		ARRAY_GROW(pass->resources, pass->resource_count, pass->resource_capacity);
		pass->resources[pass->resource_count++] = list->items[i].name;
	}
}

/* Pods of one workload have one list of containers: its sum need be made once. */
static const struct resource_list *requests_of(struct pass *pass, const struct pod *pod, struct pointer_map *known)
{
	const struct resource_list *requests;
	void **place;

	if (pod->rare && pod->rare->has_resources) {
		requests = pod_requests(pod, 0, &pass->arena);
		note_resources(pass, requests);
		return requests;
	}
	place = pointer_map_at(known, POINTERS(pod->containers, pod->rare ? pod->rare->overhead : NULL));
	if (!*place) {
		requests = pod_requests(pod, 0, &pass->arena);
		note_resources(pass, requests);
		*place = (void *)(uintptr_t)requests;
	}
	return *place;
}

static void count_requests(struct pass *pass, struct pass_node *node, const struct resource_list *requests, bool adds)
{
	struct error ignored = { 0 };

	for (size_t i = 0; i < requests->count; i++) {
		size_t position = resource_position(pass, requests->items[i].name);

		/* Sums are far from what a quantity can hold: 512 bits. */
		if (position == pass->resource_count)
			continue;
		if ((adds ? quantity_add : quantity_subtract)(
			    &node->requested[position], &requests->items[i].quantity, &ignored) < 0)
			continue;
	}
}

/* --- beginning and end --- */

static bool is_ready(const struct node *node)
{
	return node->ready == CONDITION_TRUE || node->ready == CONDITION_ABSENT;
}

static int compare_nodes(const void *a, const void *b)
{
	return strcmp(((const struct pass_node *)a)->node->meta.name, ((const struct pass_node *)b)->node->meta.name);
}

static void add_nodes(struct pass *pass)
{
	pass->nodes = memory_new_array(cluster_node_count(pass->cluster), sizeof(*pass->nodes));
	for (size_t i = 0; i < cluster_node_count(pass->cluster); i++) {
		const struct node *node = cluster_node(pass->cluster, i)->node;

		if (!node)
			continue;
		pass->nodes[pass->node_count++].node = node;
		note_resources(pass, node->allocatable_resources);
	}
	qsort(pass->nodes, pass->node_count, sizeof(*pass->nodes), compare_nodes);
	for (size_t i = 0; i < pass->node_count; i++)
		index_add(&pass->nodes_by_name, &pass->nodes[i]);
}

static void add_pods(struct pass *pass)
{
	AUTO_POINTER_MAP known = { 0 };
	const struct pod *const *pods = cluster_pods_in_order(pass->cluster);

	pass->pod_count = cluster_count(pass->cluster, KIND_POD);
	pass->pods = memory_new_array(pass->pod_count, sizeof(*pass->pods));
	for (size_t i = 0; i < pass->pod_count; i++) {
		struct pass_pod *pod = &pass->pods[i];

		pod->pod = pods[i];
		pod->requests = requests_of(pass, pods[i], &known);
		pod->node = pods[i]->node ? index_find(&pass->nodes_by_name, pods[i]->node, NULL) : NULL;
		if (pod->node)
			pod->node->pod_count++;
	}
}

static void put_pods_on_nodes(struct pass *pass)
{
	for (size_t i = 0; i < pass->node_count; i++) {
		struct pass_node *node = &pass->nodes[i];

		node->pods = ARENA_ARRAY(&pass->arena, node->pod_count, struct pass_pod *);
		node->requested = ARENA_ARRAY(&pass->arena, pass->resource_count, struct quantity);
		node->pod_count = 0;
	}
	for (size_t i = 0; i < pass->pod_count; i++) {
		struct pass_pod *pod = &pass->pods[i];

		if (!pod->node)
			continue;
		pod->node->pods[pod->node->pod_count++] = pod;
		if (!pod_is_active(pod->pod))
			continue;
		pod->node->active_count++;
		count_requests(pass, pod->node, pod->requests, true);
	}
}

void pass_init(struct pass *pass, const struct cluster *cluster, int64_t now)
{
	*pass = (struct pass){
		.cluster = cluster, .now = now, .limits = { PASS_UNLIMITED, PASS_UNLIMITED, PASS_UNLIMITED }
	};
	index_init(&pass->nodes_by_name, key_of_node);
	index_init(&pass->readings_by_node, key_of_reading);
	index_init(&pass->evicted_by_namespace, key_of_count);
	add_nodes(pass);
	add_pods(pass);
	put_pods_on_nodes(pass);
	pass->places = places_memory_new();
	pass->listed_set = node_set_new(pass);
	pass->listed = memory_new_array(pass->node_count, sizeof(struct pass_node *));
	pass_select_nodes(pass, NULL);
}

void pass_release(struct pass *pass)
{
	evictor_state_free(pass->evictor_state);
	index_release(&pass->nodes_by_name);
	release_selectors(pass);
	index_release(&pass->evicted_by_namespace);
	index_release(&pass->readings_by_node);
	places_memory_free(pass->places);
	free(pass->left);
	free(pass->resources);
	free(pass->pods);
	free(pass->nodes);
	free(pass->listed);
	free(pass->classes);
	free(pass->decisions);
	free(pass->notes);
	arena_release(&pass->arena);
	*pass = (struct pass){ 0 };
}

static void list_node(struct pass *pass, struct pass_node *node)
{
	node->is_listed = true;
	node_set_add(&pass->listed_set, pass, node);
	pass->listed[pass->listed_count++] = node;
}

static void list_none(struct pass *pass)
{
	for (size_t i = 0; i < pass->node_count; i++)
		pass->nodes[i].is_listed = false;
	pass->listed_set = node_set_new(pass);
	pass->listed_count = 0;
}

void pass_select_nodes(struct pass *pass, const struct selector *selector)
{
	list_none(pass);
	for (size_t i = 0; i < pass->node_count; i++)
		if (is_ready(pass->nodes[i].node) &&
			(!selector || selector_matches(selector, pass->nodes[i].node->meta.labels)))
			list_node(pass, &pass->nodes[i]);
}

void pass_list_nodes(struct pass *pass, const char *const *names, size_t count)
{
	list_none(pass);
	for (size_t i = 0; i < count; i++) {
		struct pass_node *node = pass_node_named(pass, names[i]);

		if (node && !node->is_listed)
			list_node(pass, node);
	}
}

/* --- looking --- */

struct pass_node *pass_node_named(const struct pass *pass, const char *name)
{
	return name ? index_find(&pass->nodes_by_name, name, NULL) : NULL;
}

const struct quantity *pass_requested(const struct pass *pass, const struct pass_node *node, const char *resource)
{
	static const struct quantity nothing;
	size_t position = resource_position(pass, resource);

	return position < pass->resource_count ? &node->requested[position] : &nothing;
}

bool pass_pod_is_active(const struct pass_pod *pod)
{
	return !pod->is_gone && pod_is_active(pod->pod);
}

void pass_begin(struct pass *pass, const char *profile, const struct evictor_args *evictor)
{
	pass->profile = profile;
	if (pass->evictor == evictor && pass->evictor_state)
		return;
	evictor_state_free(pass->evictor_state);
	pass->evictor = evictor;
	pass->evictor_state = evictor_state_new(pass);
	for (size_t i = 0; i < pass->pod_count; i++)
		pass->pods[i].verdict = 0;
}

void pass_begin_strategy(struct pass *pass, const char *strategy)
{
	pass->strategy = strategy;
}

bool texts_have(const struct param_texts *texts, const char *text)
{
	for (size_t i = 0; i < texts->count; i++)
		if (text_equal(texts->items[i], text))
			return true;
	return false;
}

bool pod_filter_has(struct pod_filter filter, const struct pod *pod)
{
	const char *namespace = pod->meta.namespace ? pod->meta.namespace : "";

	return (!filter.namespaces ||
		       ((!filter.namespaces->include.count || texts_have(&filter.namespaces->include, namespace)) &&
			       !texts_have(&filter.namespaces->exclude, namespace))) &&
		(!filter.labels || selector_matches(&filter.labels->selector, pod->meta.labels));
}

bool pass_term_selects(struct pass *pass, const struct pod_term *term, const struct pod *of, const struct pod *other)
{
	const struct selector *selector;
	bool is_in_namespace = !term->namespaces && text_equal(of->meta.namespace, other->meta.namespace);

	for (size_t i = 0; term->namespaces && i < term->namespaces->count; i++)
		is_in_namespace = is_in_namespace || text_equal(term->namespaces->items[i], other->meta.namespace);
	selector = is_in_namespace ? pass_selector(pass, term->selector) : NULL;
	return selector && selector_matches(selector, other->meta.labels);
}

struct pass_pod **pass_candidates(struct pass *pass, const struct pass_node *node, enum pass_phases phases,
	struct pod_filter filter, size_t *ret_count)
{
	struct pass_pod **pods = ARENA_ARRAY(&pass->arena, node->pod_count, struct pass_pod *);
	size_t count = 0;

	for (size_t i = 0; i < node->pod_count; i++) {
		struct pass_pod *pod = node->pods[i];

		if ((phases == PASS_ANY_PHASE || pass_pod_is_active(pod)) && pod_filter_has(filter, pod->pod) &&
			pass_is_evictable(pass, pod) && pass_may_leave(pass, pod))
			pods[count++] = pod;
	}
	*ret_count = count;
	return pods;
}

/* --- evicting --- */

static struct namespace_count *count_of(struct pass *pass, const char *namespace)
{
	const char *name = namespace ? namespace : "";
	struct namespace_count *count = index_find(&pass->evicted_by_namespace, name, NULL);

	if (!count) {
		count = ARENA_NEW(&pass->arena, struct namespace_count);
		count->name = name;
		index_add(&pass->evicted_by_namespace, count);
	}
	return count;
}

static int compare_pod_places(const void *a, const void *b)
{
	const struct pass_pod *x = *(struct pass_pod *const *)a, *y = *(struct pass_pod *const *)b;

	return x < y ? -1 : x > y;
}

static void leave_node(struct pass *pass, struct pass_pod *pod)
{
	struct pass_node *node = pod->node;
	struct pass_pod **place;

	pod->is_gone = true;
	if (!node)
		return;
	/* They stand in the order of names, which is that of the pass. */
	place = bsearch(&pod, node->pods, node->pod_count, sizeof(*node->pods), compare_pod_places);
	if (place) {
		size_t after = node->pod_count - (size_t)(place - node->pods) - 1;

		memmove(place, place + 1, after * sizeof(*place));
		node->pod_count--;
	}
	node->evicted++;
	if (!pod_is_active(pod->pod))
		return;
	node->active_count--;
	count_requests(pass, node, pod->requests, false);
	node->has_room = false;
	ARRAY_GROW(pass->left, pass->left_count, pass->left_capacity);
	pass->left[pass->left_count++] = node;
}

/* Upstream: PodEvictor.EvictPod, in its order. A limit counts the eviction that would be the next. */
static enum pass_refusal judge(struct pass *pass, const struct pass_pod *pod, const char **ret_because)
{
	const struct pass_node *node = pod->node;

	if (!*pod->pod->meta.uid) {
		*ret_because = "the pod has no uid";
		return PASS_REFUSED;
	}
	if (pod->is_gone) {
		*ret_because = "the pod has been evicted before";
		return PASS_REFUSED;
	}
	if (pass->limits.total != PASS_UNLIMITED && pass->evicted + 1 > pass->limits.total) {
		*ret_because = "maximum number of evicted pods per a descheduling cycle reached";
		return PASS_TOTAL_FULL;
	}
	if (pod->pod->node && pass->limits.per_node != PASS_UNLIMITED &&
		(node ? node->evicted : 0) + 1 > pass->limits.per_node) {
		*ret_because = "maximum number of evicted pods per node reached";
		return PASS_NODE_FULL;
	}
	if (pass->limits.per_namespace != PASS_UNLIMITED &&
		count_of(pass, pod->pod->meta.namespace)->evicted + 1 > pass->limits.per_namespace) {
		*ret_because = "maximum number of evicted pods per namespace reached";
		return PASS_NAMESPACE_FULL;
	}
	return PASS_ACCEPTED;
}

bool pass_is_asked(const struct pass *pass, const struct pod *pod)
{
	return !pass->gate.context || pass->gate.is_asked(pass->gate.context, pod, pass->strategy);
}

enum pass_refusal pass_evict(struct pass *pass, struct pass_pod *pod, const char *format, ...)
{
	struct decision decision = {
		.pod = pod->pod, .node = pod->pod->node, .strategy = pass->strategy, .profile = pass->profile
	};
	va_list args;

	va_start(args, format);
	decision.reason = arena_vprintf(&pass->arena, format, args);
	va_end(args);
	decision.refusal = judge(pass, pod, &decision.refused_because);
	if (decision.refusal == PASS_ACCEPTED && pass->gate.context &&
		!pass->gate.is_open(pass->gate.context, &decision, &decision.refused_because))
		decision.refusal = PASS_REFUSED;
	ARRAY_GROW(pass->decisions, pass->decision_count, pass->decision_capacity);
	pass->decisions[pass->decision_count++] = decision;
	if (decision.refusal != PASS_ACCEPTED)
		return decision.refusal;
	pass->evicted++;
	count_of(pass, pod->pod->meta.namespace)->evicted++;
	leave_node(pass, pod);
	return PASS_ACCEPTED;
}

const struct node_reading *pass_reading(struct pass *pass, const char *node)
{
	if (pass->indexed_readings != pass->readings) {
		index_release(&pass->readings_by_node);
		for (size_t i = 0; i < pass->reading_count; i++)
			if (!index_find(&pass->readings_by_node, pass->readings[i].node, NULL))
				index_add(&pass->readings_by_node, (void *)(uintptr_t)&pass->readings[i]);
		pass->indexed_readings = pass->readings;
	}
	return index_find(&pass->readings_by_node, node, NULL);
}

void pass_classify(struct pass *pass, const struct node_class *class)
{
	struct node_class *added;

	ARRAY_GROW(pass->classes, pass->class_count, pass->class_capacity);
	added = &pass->classes[pass->class_count++];
	*added = *class;
	added->strategy = pass->strategy;
	added->profile = pass->profile;
}

void pass_note(struct pass *pass, const char *format, ...)
{
	va_list args;

	ARRAY_GROW(pass->notes, pass->note_count, pass->note_capacity);
	va_start(args, format);
	pass->notes[pass->note_count++] =
		(struct pass_note){ pass->strategy, pass->profile, arena_vprintf(&pass->arena, format, args) };
	va_end(args);
}

/* --- order --- */

static int by_priority(const void *a, const void *b)
{
	const struct pass_pod *x = *(struct pass_pod *const *)a, *y = *(struct pass_pod *const *)b;
	bool x_stays = x->pod->marks & MARK_PREFER_NO_EVICTION, y_stays = y->pod->marks & MARK_PREFER_NO_EVICTION;

	if (x->pod->has_priority != y->pod->has_priority)
		return x->pod->has_priority ? 1 : -1;
	if (x->pod->priority != y->pod->priority)
		return x->pod->priority < y->pod->priority ? -1 : 1;
	if (x->pod->qos != y->pod->qos)
		return x->pod->qos > y->pod->qos ? -1 : 1; /* BestEffort is the last of the enum */
	if (x_stays != y_stays)
		return x_stays ? 1 : -1;
	return x < y ? -1 : x > y; /* one array, in order of names */
}

void pass_sort_by_priority(struct pass_pod **pods, size_t count)
{
	qsort(pods, count, sizeof(struct pass_pod *), by_priority);
}
