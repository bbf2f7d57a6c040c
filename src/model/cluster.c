#include "clusterutils/model/cluster.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cluster_hold.h"
#include "cluster_places.h"
#include "cluster_power.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "pod_order.h"

enum { MAX_CHAIN = 8 }; /* controllers above a pod; two in practice */

/* A sample whose pod has not been seen. */
struct early_sample {
	char *name, *namespace;
	struct sample sample;
};

static const struct sample no_sample = { .usage = { RESOURCE_UNKNOWN, RESOURCE_UNKNOWN }, .taken = TIME_NONE };

static struct index_key key_of_object(const void *object)
{
	const struct meta *meta = object;

	return (struct index_key){ meta->name, meta->namespace };
}

static struct index_key key_of_uid(const void *object)
{
	return (struct index_key){ ((const struct meta *)object)->uid, NULL };
}

static struct index_key key_of_node(const void *object)
{
	return (struct index_key){ ((const struct node_entry *)object)->name, NULL };
}

static struct index_key key_of_namespace(const void *object)
{
	return (struct index_key){ ((const struct namespace_entry *)object)->name, NULL };
}

static struct index_key key_of_owner(const void *object)
{
	return (struct index_key){ ((const struct owner_entry *)object)->uid, NULL };
}

static struct index_key key_of_tier(const void *object)
{
	const struct tier_entry *tier = object;

	return (struct index_key){ tier->class_name, tier->key };
}

static struct index_key key_of_sample(const void *object)
{
	const struct early_sample *early = object;

	return (struct index_key){ early->name, early->namespace };
}

void cluster_init(struct cluster *cluster)
{
	*cluster = (struct cluster){
		.newest_sample = TIME_NONE, .survey.heard = TIME_NONE, .pod_order = NEW(struct pod_order)
	};
	interner_init(&cluster->interner);
	for (size_t kind = 0; kind < KIND_COUNT; kind++)
		index_init(&cluster->objects[kind], key_of_object);
	index_init(&cluster->pods_by_uid, key_of_uid);
	index_init(&cluster->nodes, key_of_node);
	index_init(&cluster->namespaces, key_of_namespace);
	index_init(&cluster->owners, key_of_owner);
	index_init(&cluster->tiers, key_of_tier);
	index_init(&cluster->samples, key_of_sample);
	cluster_power_init(cluster);
}

static void early_sample_free(struct early_sample *early)
{
	free(early->name);
	free(early->namespace);
	free(early);
}

static void free_items(struct index *index)
{
	for (size_t i = 0; i < index->count; i++)
		free(index->items[i]);
	index_release(index);
}

void cluster_release(struct cluster *cluster)
{
	cluster_hold_release(cluster);
	for (size_t kind = 0; kind < KIND_COUNT; kind++) {
		for (size_t i = 0; i < cluster->objects[kind].count; i++)
			object_free(cluster->objects[kind].items[i]);
		index_release(&cluster->objects[kind]);
	}
	for (size_t i = 0; i < cluster->nodes.count; i++) {
		struct node_entry *entry = cluster->nodes.items[i];

		if (entry->node)
			object_free(&entry->node->meta);
		free(entry->pressure);
	}
	for (size_t i = 0; i < cluster->samples.count; i++)
		early_sample_free(cluster->samples.items[i]);
	index_release(&cluster->samples);
	index_release(&cluster->pods_by_uid);
	pod_order_release(cluster->pod_order);
	free(cluster->pod_order);
	free_items(&cluster->nodes);
	free_items(&cluster->namespaces);
	free_items(&cluster->owners);
	free_items(&cluster->tiers);
	cluster_power_release(cluster);
	interner_release(&cluster->interner);
}

/* --- pods: linked into the indexes, counted in the sums --- */

#define LINK(head, pod, member) \
	do { \
		(pod)->member.previous = NULL; \
		(pod)->member.next = (head); \
		if (head) \
			(head)->member.previous = (pod); \
		(head) = (pod); \
	} while (0)

#define UNLINK(head, pod, member) \
	do { \
		if ((pod)->member.next) \
			(pod)->member.next->member.previous = (pod)->member.previous; \
		if ((pod)->member.previous) \
			(pod)->member.previous->member.next = (pod)->member.next; \
		else \
			(head) = (pod)->member.next; \
	} while (0)

typedef void count_function(struct pod_usage *usage, const struct pod *pod);

/* Every sum that this pod is part of. */
static void count_pod(struct cluster *cluster, const struct pod *pod, count_function *count)
{
	struct tier_entry *tier = tier_entry_of(cluster, pod);

	if (!pod_is_active(pod))
		return;
	if (pod->node) {
		count(&node_entry_of(cluster, pod->node)->sum, pod);
		count(&tier->sum, pod);
	} else {
		count(&cluster->pending, pod);
		count(&tier->pending, pod);
	}
}

static void link_pod(struct cluster *cluster, struct pod *pod)
{
	struct namespace_entry *space = namespace_entry_of(cluster, pod->meta.namespace ? pod->meta.namespace : "");
	struct tier_entry *tier = tier_entry_of(cluster, pod);
	const struct owner *controller = meta_controller(&pod->meta);

	LINK(space->pods, pod, by_namespace);
	space->pod_count++;
	LINK(tier->pods, pod, by_tier);
	if (pod->node) {
		struct node_entry *entry = node_entry_of(cluster, pod->node);

		LINK(entry->pods, pod, by_node);
	}
	if (controller) {
		struct owner_entry *entry = owner_entry_of(cluster, controller->uid);

		LINK(entry->pods, pod, by_owner);
		entry->pod_count++;
	}
	index_add(&cluster->objects[KIND_POD], pod);
	if (*pod->meta.uid)
		index_add(&cluster->pods_by_uid, pod);
	count_pod(cluster, pod, pod_usage_add);
}

static void unlink_pod(struct cluster *cluster, struct pod *pod)
{
	struct namespace_entry *space = namespace_entry_of(cluster, pod->meta.namespace ? pod->meta.namespace : "");
	struct tier_entry *tier = tier_entry_of(cluster, pod);
	const struct owner *controller = meta_controller(&pod->meta);

	count_pod(cluster, pod, pod_usage_remove);
	UNLINK(space->pods, pod, by_namespace);
	space->pod_count--;
	leave_namespace_entry(cluster, space);
	UNLINK(tier->pods, pod, by_tier);
	leave_tier_entry(cluster, tier);
	if (pod->node) {
		struct node_entry *entry = node_entry_of(cluster, pod->node);

		UNLINK(entry->pods, pod, by_node);
		leave_node_entry(cluster, entry);
	}
	if (controller) {
		struct owner_entry *entry = owner_entry_of(cluster, controller->uid);

		UNLINK(entry->pods, pod, by_owner);
		entry->pod_count--;
		leave_owner_entry(cluster, entry);
	}
	index_remove(&cluster->objects[KIND_POD], pod->meta.name, pod->meta.namespace);
	if (*pod->meta.uid)
		index_remove(&cluster->pods_by_uid, pod->meta.uid, NULL);
}

static void take_early_sample(struct cluster *cluster, struct pod *pod)
{
	struct early_sample *early;

	if (!cluster->samples.count)
		return;
	early = index_remove(&cluster->samples, pod->meta.name, pod->meta.namespace);
	if (!early)
		return;
	pod->usage = early->sample.usage;
	pod->usage_stamp = early->sample.stamp;
	early_sample_free(early);
}

static int put_pod(struct cluster *cluster, struct pod *pod, struct error *err)
{
	struct pod *old = index_find(&cluster->objects[KIND_POD], pod->meta.name, pod->meta.namespace);
	const struct pod *twin = *pod->meta.uid ? index_find(&cluster->pods_by_uid, pod->meta.uid, NULL) : NULL;

	if (twin && twin != old) {
		error_set(err, ERROR_INVALID, "pods \"%s\": the uid %s is already that of pod \"%s\"", pod->meta.name,
			pod->meta.uid, twin->meta.name);
		object_free(&pod->meta);
		return -1;
	}
	if (old) {
		/* A new pod of the same name (of a StatefulSet) does not inherit what the old one used. */
		if (text_equal(old->meta.uid, pod->meta.uid) && pod->usage.cpu == RESOURCE_UNKNOWN) {
			pod->usage = old->usage;
			pod->usage_stamp = old->usage_stamp;
		}
		pod_order_replace(cluster->pod_order, old, pod);
		unlink_pod(cluster, old);
		cluster_let_go(cluster, &old->meta);
	} else {
		pod_order_add(cluster->pod_order, pod);
	}
	take_early_sample(cluster, pod);
	link_pod(cluster, pod);
	return 0;
}

int cluster_put(struct cluster *cluster, enum kind kind, struct meta *object, struct error *err)
{
	struct node_entry *entry;

	object->stamp = cluster->stamp;
	object->hold = cluster->hold;
	switch (kind) {
	case KIND_POD:
		return put_pod(cluster, (struct pod *)(void *)object, err);
	case KIND_NODE:
		entry = node_entry_of(cluster, object->name);
		if (entry->node)
			cluster_let_go(cluster, &entry->node->meta);
		entry->node = (struct node *)(void *)object;
		return 0;
	default:
		cluster_let_go(cluster, index_remove(&cluster->objects[kind], object->name, object->namespace));
		index_add(&cluster->objects[kind], object);
		return 0;
	}
}

void cluster_remove(struct cluster *cluster, enum kind kind, const char *name, const char *namespace)
{
	struct node_entry *entry;
	struct pod *pod;

	switch (kind) {
	case KIND_POD:
		pod = index_find(&cluster->objects[KIND_POD], name, namespace);
		if (!pod)
			return;
		pod_order_remove(cluster->pod_order, pod);
		unlink_pod(cluster, pod);
		cluster_let_go(cluster, &pod->meta);
		return;
	case KIND_NODE:
		entry = index_find(&cluster->nodes, name, NULL);
		if (!entry || !entry->node)
			return;
		cluster_let_go(cluster, &entry->node->meta);
		entry->node = NULL;
		entry->sample = no_sample;
		free(entry->pressure);
		entry->pressure = NULL;
		leave_node_entry(cluster, entry);
		return;
	default:
		cluster_let_go(cluster, index_remove(&cluster->objects[kind], name, namespace));
	}
}

/* --- metrics --- */

static void note_time(struct cluster *cluster, const struct sample *sample)
{
	if (sample->taken > cluster->newest_sample)
		cluster->newest_sample = sample->taken;
	if (sample->window_seconds > cluster->sample_window_seconds)
		cluster->sample_window_seconds = sample->window_seconds;
}

void cluster_set_node_sample(struct cluster *cluster, const char *node, const struct sample *sample)
{
	struct node_entry *entry = node_entry_of(cluster, node);

	entry->sample = *sample;
	entry->sample.stamp = cluster->stamp;
	cluster->has_node_samples = true;
	note_time(cluster, sample);
}

void cluster_set_node_pressure(struct cluster *cluster, const char *node, const struct pressure *pressure)
{
	struct node_entry *entry = node_entry_of(cluster, node);

	free(entry->pressure);
	entry->pressure = NULL;
	if (!pressure)
		return;
	entry->pressure = NEW(struct pressure);
	*entry->pressure = *pressure;
	entry->pressure->stamp = cluster->stamp;
}

static void set_usage(struct cluster *cluster, struct pod *pod, const struct amounts *usage)
{
	count_pod(cluster, pod, pod_usage_remove);
	pod->usage = *usage;
	pod->usage_stamp = cluster->stamp;
	count_pod(cluster, pod, pod_usage_add);
}

void cluster_set_pod_sample(
	struct cluster *cluster, const char *name, const char *namespace, const struct sample *sample)
{
	struct pod *pod = index_find(&cluster->objects[KIND_POD], name, namespace);
	struct early_sample *early;

	cluster->has_pod_samples = true;
	note_time(cluster, sample);
	if (pod) {
		set_usage(cluster, pod, &sample->usage);
		return;
	}
	early = index_find(&cluster->samples, name, namespace);
	if (!early) {
		early = NEW(struct early_sample);
		early->name = memory_copy_text(name);
		early->namespace = memory_copy_text(namespace ? namespace : "");
		index_add(&cluster->samples, early);
	}
	early->sample = *sample;
	early->sample.stamp = cluster->stamp;
}

uint32_t cluster_new_stamp(struct cluster *cluster)
{
	if (++cluster->last_stamp == 0)
		cluster->last_stamp = 1;
	return cluster->last_stamp;
}

/* --- sweeping: from the end, for what is removed changes places with the last --- */

static bool is_inside(const char *namespace, const char *own)
{
	return !namespace || text_equal(namespace, own ? own : "");
}

static void sweep_nodes(struct cluster *cluster)
{
	for (size_t i = cluster->nodes.count; i-- > 0;) {
		struct node_entry *entry = cluster->nodes.items[i];

		if (entry->node && entry->node->meta.stamp != cluster->stamp)
			cluster_remove(cluster, KIND_NODE, entry->name, NULL);
	}
}

static void sweep_objects(struct cluster *cluster, enum kind kind, const char *namespace)
{
	const struct index *objects = &cluster->objects[kind];

	for (size_t i = objects->count; i-- > 0;) {
		const struct meta *object = objects->items[i];

		if (object->stamp != cluster->stamp && is_inside(namespace, object->namespace))
			cluster_remove(cluster, kind, object->name, object->namespace);
	}
}

static void sweep_node_samples(struct cluster *cluster)
{
	for (size_t i = cluster->nodes.count; i-- > 0;) {
		struct node_entry *entry = cluster->nodes.items[i];

		if (entry->pressure && entry->pressure->stamp != cluster->stamp) {
			free(entry->pressure);
			entry->pressure = NULL;
		}
		if (entry->sample.stamp == cluster->stamp)
			continue;
		entry->sample = no_sample;
		leave_node_entry(cluster, entry);
	}
}

static void sweep_pod_samples(struct cluster *cluster, const char *namespace)
{
	static const struct amounts unknown = { RESOURCE_UNKNOWN, RESOURCE_UNKNOWN };

	for (size_t i = 0; i < cluster->objects[KIND_POD].count; i++) {
		struct pod *pod = cluster->objects[KIND_POD].items[i];

		if (pod->usage_stamp != cluster->stamp && is_inside(namespace, pod->meta.namespace))
			set_usage(cluster, pod, &unknown);
	}
	for (size_t i = cluster->samples.count; i-- > 0;) {
		struct early_sample *early = cluster->samples.items[i];

		if (early->sample.stamp == cluster->stamp || !is_inside(namespace, early->namespace))
			continue;
		index_remove(&cluster->samples, early->name, early->namespace);
		early_sample_free(early);
	}
}

void cluster_sweep(struct cluster *cluster, enum kind kind, const char *namespace)
{
	switch (kind) {
	case KIND_NODE:
		sweep_nodes(cluster);
		break;
	case KIND_NODE_METRICS:
		sweep_node_samples(cluster);
		break;
	case KIND_POD_METRICS:
		sweep_pod_samples(cluster, namespace);
		break;
	default:
		sweep_objects(cluster, kind, namespace);
	}
}

/* --- looking --- */

const struct meta *cluster_find(const struct cluster *cluster, enum kind kind, const char *name, const char *namespace)
{
	const struct node_entry *entry;

	if (kind != KIND_NODE)
		return index_find(&cluster->objects[kind], name, namespace);
	entry = index_find(&cluster->nodes, name, NULL);
	return entry && entry->node ? &entry->node->meta : NULL;
}

const struct pod *cluster_find_pod_by_uid(const struct cluster *cluster, const char *uid)
{
	return index_find(&cluster->pods_by_uid, uid, NULL);
}

const struct node_entry *cluster_find_node(const struct cluster *cluster, const char *name)
{
	return index_find(&cluster->nodes, name, NULL);
}

size_t cluster_count(const struct cluster *cluster, enum kind kind)
{
	return cluster->objects[kind].count;
}

const struct meta *cluster_item(const struct cluster *cluster, enum kind kind, size_t i)
{
	return cluster->objects[kind].items[i];
}

const struct pod *cluster_pod(const struct cluster *cluster, size_t i)
{
	return cluster->objects[KIND_POD].items[i];
}

const struct pod *const *cluster_pods_in_order(const struct cluster *cluster)
{
	const struct index *pods = &cluster->objects[KIND_POD];

	return pod_order_get(cluster->pod_order, pods->items, pods->count);
}

size_t cluster_node_count(const struct cluster *cluster)
{
	return cluster->nodes.count;
}

const struct node_entry *cluster_node(const struct cluster *cluster, size_t i)
{
	return cluster->nodes.items[i];
}

const struct owner *cluster_workload_of(const struct cluster *cluster, const struct pod *pod)
{
	const struct owner *owner = meta_controller(&pod->meta);

	for (int step = 0; owner && step < MAX_CHAIN; step++) {
		const struct meta *object;
		const struct owner *above;
		enum kind kind;

		if (!kind_find(owner->api_version, owner->kind, &kind))
			break;
		object = cluster_find(cluster, kind, owner->name, pod->meta.namespace);
		above = object ? meta_controller(object) : NULL;
		if (!above)
			break;
		owner = above;
	}
	return owner;
}

const struct priority_class *cluster_default_priority_class(const struct cluster *cluster)
{
	const struct index *classes = &cluster->objects[KIND_PRIORITY_CLASS];
	const struct priority_class *found = NULL;

	for (size_t i = 0; i < classes->count; i++) {
		const struct priority_class *class = classes->items[i];

		if (class->global_default && (!found || class->value < found->value))
			found = class;
	}
	return found;
}
