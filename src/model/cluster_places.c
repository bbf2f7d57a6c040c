#include "cluster_places.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/memory.h"

/* --- made at first sight --- */

/* Names are interned: the one of the last pod is known by its pointer. */
struct node_entry *node_entry_of(struct cluster *cluster, const char *name)
{
	struct node_entry *entry = cluster->recent.node;

	if (entry && entry->name == name)
		return entry;
	entry = index_find(&cluster->nodes, name, NULL);
	if (!entry) {
		entry = NEW(struct node_entry);
		entry->name = intern_text(&cluster->interner, name);
		entry->sample = (struct sample){ .usage = { RESOURCE_UNKNOWN, RESOURCE_UNKNOWN }, .taken = TIME_NONE };
		index_add(&cluster->nodes, entry);
	}
	return cluster->recent.node = entry;
}

struct namespace_entry *namespace_entry_of(struct cluster *cluster, const char *name)
{
	struct namespace_entry *entry = cluster->recent.space;

	if (entry && entry->name == name)
		return entry;
	entry = index_find(&cluster->namespaces, name, NULL);
	if (!entry) {
		entry = NEW(struct namespace_entry);
		entry->name = intern_text(&cluster->interner, name);
		index_add(&cluster->namespaces, entry);
	}
	return cluster->recent.space = entry;
}

struct owner_entry *owner_entry_of(struct cluster *cluster, const char *uid)
{
	struct owner_entry *entry = cluster->recent.owner;

	if (entry && entry->uid == uid)
		return entry;
	entry = index_find(&cluster->owners, uid, NULL);
	if (!entry) {
		entry = NEW(struct owner_entry);
		entry->uid = intern_text(&cluster->interner, uid);
		index_add(&cluster->owners, entry);
	}
	return cluster->recent.owner = entry;
}

struct tier_entry *tier_entry_of(struct cluster *cluster, const struct pod *pod)
{
	const char *class_name = pod->priority_class ? pod->priority_class : "";
	struct tier_entry *entry = cluster->recent.tier;
	char key[sizeof(entry->key)];

	if (entry && entry->priority == pod->priority && strcmp(entry->class_name, class_name) == 0)
		return entry;
	snprintf(key, sizeof(key), "%d", (int)pod->priority);
	entry = index_find(&cluster->tiers, class_name, key);
	if (!entry) {
		entry = NEW(struct tier_entry);
		entry->class_name = intern_text(&cluster->interner, class_name);
		entry->priority = pod->priority;
		memcpy(entry->key, key, sizeof(key));
		index_add(&cluster->tiers, entry);
	}
	return cluster->recent.tier = entry;
}

/* --- left when nothing needs them any longer --- */

static void leave(struct cluster *cluster, struct index *index, const char *first, const char *second)
{
	cluster->recent = (struct cluster_recent){ 0 };
	free(index_remove(index, first, second));
}

void leave_node_entry(struct cluster *cluster, struct node_entry *entry)
{
	if (!entry->node && !entry->pods && !entry->pressure && entry->sample.taken == TIME_NONE &&
		entry->sample.usage.cpu == RESOURCE_UNKNOWN && entry->sample.usage.memory == RESOURCE_UNKNOWN)
		leave(cluster, &cluster->nodes, entry->name, NULL);
}

void leave_namespace_entry(struct cluster *cluster, struct namespace_entry *entry)
{
	if (!entry->pods)
		leave(cluster, &cluster->namespaces, entry->name, NULL);
}

void leave_owner_entry(struct cluster *cluster, struct owner_entry *entry)
{
	if (!entry->pods)
		leave(cluster, &cluster->owners, entry->uid, NULL);
}

void leave_tier_entry(struct cluster *cluster, struct tier_entry *entry)
{
	if (!entry->pods)
		leave(cluster, &cluster->tiers, entry->class_name, entry->key);
}
