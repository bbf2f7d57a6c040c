/* VolumeRestrictions and VolumeZone: disks that one pod alone may write to, claims of one pod alone, and volumes whose
 * labels name their zone. */
#include <string.h>

#include "clusterutils/util/text.h"
#include "volumes.h"

/* --- VolumeRestrictions --- */

static bool is_disk(const struct pod_volume *volume)
{
	return volume->type == POD_VOLUME_GCE || volume->type == POD_VOLUME_AWS || volume->type == POD_VOLUME_ISCSI ||
		volume->type == POD_VOLUME_RBD;
}

void restrictions_ask(struct question *question, struct volume_question *volumes)
{
	for (size_t i = 0; i < volumes->count; i++) {
		const struct asked_volume *asked = &volumes->asked[i];

		volumes->has_disks = volumes->has_disks || is_disk(asked->volume);
		if (!asked->claim_name || asked->is_ephemeral)
			continue;
		if (!asked->state) {
			question_refuse(question, NULL, SCHED_VOLUME_RESTRICTIONS, true,
				arena_printf(
					question->arena, "persistentvolumeclaim \"%s\" not found", asked->claim_name));
			return;
		}
		if (asked->state->claim->access & ACCESS_READ_WRITE_ONCE_POD && asked->state->users)
			volumes->has_conflict = true;
	}
}

static bool overlap(const struct text_list *a, const struct text_list *b)
{
	for (size_t i = 0; a && i < a->count; i++)
		for (size_t k = 0; b && k < b->count; k++)
			if (strcmp(a->items[i], b->items[k]) == 0)
				return true;
	return false;
}

static bool clash(const struct pod_volume *a, const struct pod_volume *b)
{
	if (a->type != b->type || !is_disk(a) || !text_equal(a->name, b->name))
		return false;
	if (a->type == POD_VOLUME_AWS)
		return true;
	if (a->type == POD_VOLUME_RBD && !overlap(a->detail, b->detail))
		return false;
	return !(a->read_only && b->read_only);
}

static bool has_clash(const struct volume_question *volumes, const struct sched_node *node)
{
	for (size_t i = 0; volumes->has_disks && i < volumes->count; i++)
		for (size_t k = 0; is_disk(volumes->asked[i].volume) && k < node->count; k++) {
			const struct placement *placement = node->pods[k]->pod->placement;
			const struct pod_volumes *others = placement ? placement->volumes : NULL;

			for (size_t n = 0; others && n < others->count; n++)
				if (clash(volumes->asked[i].volume, &others->items[n]))
					return true;
		}
	return false;
}

void restrictions_filter(
	struct question *question, const struct volume_question *volumes, const struct sched_node *node)
{
	if (has_clash(volumes, node))
		question_refuse(question, node, SCHED_VOLUME_RESTRICTIONS, false, "node(s) had no available disk");
	else if (volumes->has_conflict)
		question_refuse(question, node, SCHED_VOLUME_RESTRICTIONS, false,
			"node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already "
			"in-use by another pod");
}

/* --- VolumeZone --- */

static const char *const zone_labels[] = { "failure-domain.beta.kubernetes.io/zone",
	"failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/zone", "topology.kubernetes.io/region" };
/* The same, as nodes of today have it. */
static const char *const zone_labels_now[] = { "topology.kubernetes.io/zone", "topology.kubernetes.io/region",
	"topology.kubernetes.io/zone", "topology.kubernetes.io/region" };

enum { ZONE_LABELS = 4 };

struct zone_rule {
	size_t label;
	const char *values; /* "a__b" */
};

/* Values are parted by two underscores; one that is empty makes the whole list void. */
static bool is_list(const char *values)
{
	for (;;) {
		const char *end = strstr(values, "__");
		size_t length = end ? (size_t)(end - values) : strlen(values);

		if (strspn(values, " \t\r\n") >= length)
			return false;
		if (!end)
			return true;
		values = end + 2;
	}
}

static bool list_has(const char *values, const char *value)
{
	size_t wanted = strlen(value);

	for (;;) {
		const char *end = strstr(values, "__");
		size_t length = end ? (size_t)(end - values) : strlen(values);

		if (length == wanted && memcmp(values, value, length) == 0)
			return true;
		if (!end)
			return false;
		values = end + 2;
	}
}

static void add_zones(struct volume_question *volumes, const struct volume *volume)
{
	for (size_t i = 0; i < ZONE_LABELS; i++) {
		const char *values = labels_get(volume->meta.labels, zone_labels[i]);

		if (values && is_list(values))
			volumes->zones[volumes->zone_count++] = (struct zone_rule){ i, values };
	}
}

/* Why there is no volume to look at; NULL where that is as it should be. */
static const char *unbound_problem(struct question *question, const struct claim *claim)
{
	const struct storage_class *class;

	if (!claim->storage_class || !*claim->storage_class)
		return "PersistentVolumeClaim had no pv name and storageClass name";
	class = volumes_class(question->scheduler, claim->storage_class)->class;
	if (!class)
		return arena_printf(
			question->arena, "storageclass.storage.k8s.io \"%s\" not found", claim->storage_class);
	if (!class->has_binding_mode)
		return arena_printf(
			question->arena, "VolumeBindingMode not set for StorageClass \"%s\"", claim->storage_class);
	return class->waits_for_first_consumer ? NULL : "PersistentVolume had no name";
}

static const char *zone_problem(
	struct question *question, struct volume_question *volumes, const struct asked_volume *asked)
{
	const struct claim *claim = asked->state ? asked->state->claim : NULL;
	const struct meta *volume;

	if (!*asked->claim_name)
		return "PersistentVolumeClaim had no name";
	if (!claim)
		return arena_printf(question->arena, "persistentvolumeclaim \"%s\" not found", asked->claim_name);
	if (!claim->volume || !*claim->volume)
		return unbound_problem(question, claim);
	volume = cluster_find(question->scheduler->cluster, KIND_PERSISTENT_VOLUME, claim->volume, NULL);
	if (!volume)
		return arena_printf(question->arena, "persistentvolume \"%s\" not found", claim->volume);
	add_zones(volumes, (const struct volume *)(const void *)volume);
	return NULL;
}

void zones_ask(struct question *question, struct volume_question *volumes)
{
	volumes->zones = ARENA_ARRAY(question->arena, volumes->count * ZONE_LABELS, struct zone_rule);
	for (size_t i = 0; i < volumes->count; i++) {
		const char *problem = volumes->asked[i].claim_name && !volumes->asked[i].is_ephemeral
			? zone_problem(question, volumes, &volumes->asked[i])
			: NULL;

		if (problem) {
			question_refuse(question, NULL, SCHED_VOLUME_ZONE, true, problem);
			return;
		}
	}
}

static bool has_zone(const struct node *node)
{
	for (size_t i = 0; i < ZONE_LABELS; i++)
		if (labels_get(node->meta.labels, zone_labels[i]))
			return true;
	return false;
}

void zones_filter(struct question *question, const struct volume_question *volumes, const struct sched_node *node)
{
	if (!volumes->zone_count || !has_zone(node->node))
		return;
	for (size_t i = 0; i < volumes->zone_count; i++) {
		size_t label = volumes->zones[i].label;
		const char *value = labels_get(node->node->meta.labels, zone_labels[label]);

		if (!value)
			value = labels_get(node->node->meta.labels, zone_labels_now[label]);
		if (!value || !list_has(volumes->zones[i].values, value)) {
			question_refuse(
				question, node, SCHED_VOLUME_ZONE, true, "node(s) had no available volume zone");
			return;
		}
	}
}
