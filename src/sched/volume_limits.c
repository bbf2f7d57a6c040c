/* NodeVolumeLimits: how many volumes a CSI driver can attach to a node. Volumes that are on the node already cost
 * nothing more; a claim that is not bound counts for the provisioner of its class. Disks of GCE and AWS count for the
 * drivers that took their place. Not looked at: PersistentVolumes of types that the API server translates, of other
 * clouds. */
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "volumes.h"

static bool is_same(const struct attachable *a, const struct attachable *b)
{
	return strcmp(a->driver, b->driver) == 0 && strcmp(a->handle, b->handle) == 0;
}

/* A claim without a volume has a handle that no volume can have. */
static bool of_class(
	struct scheduler *scheduler, const struct claim *claim, struct arena *arena, struct attachable *ret_what)
{
	const struct storage_class *class;

	if (!claim->storage_class || !*claim->storage_class)
		return false;
	class = volumes_class(scheduler, claim->storage_class)->class;
	if (!class || !class->provisioner || !*class->provisioner)
		return false;
	*ret_what = (struct attachable){ class->provisioner,
		arena_printf(
			arena, "\001%s/%s", claim->meta.namespace ? claim->meta.namespace : "", claim->meta.name) };
	return true;
}

static bool of_claim(
	struct scheduler *scheduler, const struct claim *claim, struct arena *arena, struct attachable *ret_what)
{
	const struct meta *meta = claim->volume && *claim->volume
		? cluster_find(scheduler->cluster, KIND_PERSISTENT_VOLUME, claim->volume, NULL)
		: NULL;
	const struct volume *volume = (const struct volume *)(const void *)meta;

	if (!volume)
		return of_class(scheduler, claim, arena, ret_what);
	if (!volume->driver || !*volume->driver || !volume->handle || !*volume->handle)
		return false;
	*ret_what = (struct attachable){ volume->driver, volume->handle };
	return true;
}

static bool of_disk(const struct pod_volume *volume, struct attachable *ret_what)
{
	if ((volume->type != POD_VOLUME_GCE && volume->type != POD_VOLUME_AWS) || !volume->name)
		return false;
	*ret_what = (struct attachable){ volume->type == POD_VOLUME_GCE ? "pd.csi.storage.gke.io" : "ebs.csi.aws.com",
		volume->name };
	return true;
}

/* --- what is there --- */

static struct attached *find_attached(struct node_volumes *node, const struct attachable *what, bool is_made)
{
	for (size_t i = 0; i < node->count; i++)
		if (is_same(&node->items[i].what, what))
			return &node->items[i];
	if (!is_made)
		return NULL;
	ARRAY_GROW(node->items, node->count, node->capacity);
	node->items[node->count] = (struct attached){ .what = *what };
	return &node->items[node->count++];
}

void limits_read(struct scheduler *scheduler)
{
	const struct cluster *cluster = scheduler->cluster;

	for (size_t i = 0; i < cluster_count(cluster, KIND_CSI_NODE); i++) {
		const struct csi_node *csi = CLUSTER_ITEM(cluster, KIND_CSI_NODE, struct csi_node, i);
		const struct sched_node *node = scheduler_find_node(scheduler, csi->meta.name);

		if (node)
			scheduler->volumes->nodes[node->position].csi = csi;
	}
	for (size_t i = 0; i < cluster_count(cluster, KIND_VOLUME_ATTACHMENT); i++) {
		const struct volume_attachment *attachment =
			CLUSTER_ITEM(cluster, KIND_VOLUME_ATTACHMENT, struct volume_attachment, i);
		const struct sched_node *node = scheduler_find_node(scheduler, attachment->node);
		const struct meta *meta = attachment->volume
			? cluster_find(cluster, KIND_PERSISTENT_VOLUME, attachment->volume, NULL)
			: NULL;
		const struct volume *volume = (const struct volume *)(const void *)meta;

		if (node && *attachment->attacher && volume && volume->source == SOURCE_CSI && volume->handle)
			find_attached(&scheduler->volumes->nodes[node->position],
				&(struct attachable){ attachment->attacher, volume->handle }, true)
				->is_reported = true;
	}
}

/* Disks count on a node that has a CSINode alone. */
static bool of_volume(struct scheduler *scheduler, const struct sched_pod *pod, const struct pod_volume *volume,
	const struct node_volumes *node, struct attachable *ret_what)
{
	const char *namespace = pod->pod->meta.namespace, *name = volume->name;
	const struct claim_state *state;

	if (volume->type != POD_VOLUME_CLAIM && volume->type != POD_VOLUME_EPHEMERAL)
		return node->csi && of_disk(volume, ret_what);
	if (volume->type == POD_VOLUME_EPHEMERAL)
		name = arena_printf(&scheduler->arena, "%s-%s", pod->pod->meta.name, name ? name : "");
	state = name ? volumes_claim(scheduler, namespace, name) : NULL;
	return state && of_claim(scheduler, state->claim, &scheduler->arena, ret_what);
}

void limits_count(struct scheduler *scheduler, const struct sched_pod *pod, int by)
{
	const struct pod_volumes *volumes = pod->pod->placement->volumes;
	struct node_volumes *node = &scheduler->volumes->nodes[pod->node->position];

	for (size_t i = 0; i < volumes->count; i++) {
		struct attachable what;

		if (of_volume(scheduler, pod, &volumes->items[i], node, &what))
			find_attached(node, &what, true)->users += (size_t)by;
	}
}

/* --- a question --- */

static bool is_counted(const struct asked_volume *asked)
{
	return asked->claim_name || asked->volume->type == POD_VOLUME_GCE || asked->volume->type == POD_VOLUME_AWS;
}

void limits_ask(struct question *question, struct volume_question *volumes)
{
	const struct pod *pod = question->pod;

	volumes->attachables = ARENA_ARRAY(question->arena, volumes->count, struct attachable);
	for (size_t i = 0; i < volumes->count && !volumes->uncountable; i++) {
		const struct asked_volume *asked = &volumes->asked[i];
		struct attachable what;

		volumes->counts = volumes->counts || is_counted(asked);
		if (!asked->claim_name)
			continue;
		if (!asked->state) {
			volumes->is_missing = true;
			volumes->uncountable = arena_printf(question->arena,
				"looking up PVC %s/%s: persistentvolumeclaim \"%s\" not found", pod->meta.namespace,
				asked->claim_name, asked->claim_name);
		} else if (asked->is_ephemeral && !volumes_owns(pod, asked->state->claim)) {
			volumes->uncountable = arena_printf(question->arena,
				"PVC %s/%s was not created for pod %s/%s (pod is not owner)", pod->meta.namespace,
				asked->claim_name, pod->meta.namespace, pod->meta.name);
		} else if (of_claim(question->scheduler, asked->state->claim, question->arena, &what)) {
			volumes->attachables[volumes->attachable_count++] = what;
		}
	}
}

static bool is_listed(const struct attachable *list, size_t count, const struct attachable *what)
{
	for (size_t i = 0; i < count; i++)
		if (is_same(&list[i], what))
			return true;
	return false;
}

/* Those of the pod, and of its disks, that no pod of the node has. */
static size_t find_new(const struct volume_question *volumes, struct node_volumes *node, struct arena *arena,
	struct attachable **ret_new)
{
	struct attachable *list = ARENA_ARRAY(arena, volumes->attachable_count + volumes->count, struct attachable);
	size_t count = 0;

	for (size_t i = 0; i < volumes->attachable_count + volumes->count; i++) {
		const struct attached *there;
		struct attachable what;

		if (i < volumes->attachable_count)
			what = volumes->attachables[i];
		else if (!of_disk(volumes->asked[i - volumes->attachable_count].volume, &what))
			continue;
		there = find_attached(node, &what, false);
		if (!(there && there->users) && !is_listed(list, count, &what))
			list[count++] = what;
	}
	*ret_new = list;
	return count;
}

static bool is_exceeded(const struct node_volumes *node, const struct csi_node_driver *driver,
	const struct attachable *list, size_t count)
{
	int64_t total = 0;
	bool adds = false;

	if (driver->limit < 0)
		return false;
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].driver, driver->name) == 0) {
			total++;
			adds = true;
		}
	for (size_t i = 0; i < node->count; i++)
		total += strcmp(node->items[i].what.driver, driver->name) == 0 &&
			(node->items[i].users || node->items[i].is_reported);
	return adds && total > driver->limit;
}

void limits_filter(struct question *question, const struct volume_question *volumes, const struct sched_node *node)
{
	struct node_volumes *there = &question->scheduler->volumes->nodes[node->position];
	struct attachable *list;
	size_t count;

	if (!volumes->counts)
		return;
	if (volumes->uncountable) {
		question_refuse(question, node, SCHED_NODE_VOLUME_LIMITS, volumes->is_missing, volumes->uncountable);
		return;
	}
	if (!there->csi || !there->csi->driver_count)
		return;
	count = find_new(volumes, there, question->arena, &list);
	for (size_t i = 0; i < there->csi->driver_count; i++)
		if (is_exceeded(there, &there->csi->drivers[i], list, count)) {
			question_refuse(
				question, node, SCHED_NODE_VOLUME_LIMITS, false, "node(s) exceed max volume count");
			return;
		}
}
