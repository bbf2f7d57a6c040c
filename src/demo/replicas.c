/* Deployments and ReplicaSets of the demo. Source of the rules:
 * k8s.io/kubernetes/pkg/controller/{deployment,replicaset}, v0.34: rolling.go, and ActivePodsWithRanks for the order
 * in which pods go. */
#include <string.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "control.h"
#include "pod.h"
#include "tree.h"

#define DEPLOYMENT_COMPONENT  "deployment-controller"
#define REPLICA_SET_COMPONENT "replicaset-controller"
#define REVISION              "deployment.kubernetes.io/revision"

enum { MAX_AT_ONCE = 50, MAX_REPLICAS = 500 };

static int64_t wanted_replicas(struct demo_object *object)
{
	int64_t wanted = demo_tree_number(demo_object_tree(object), "spec replicas", 1);

	return wanted < 0 ? 0 : wanted > MAX_REPLICAS ? MAX_REPLICAS : wanted;
}

static struct demo_object *deployment_of(struct demo_world *world, struct demo_object *set)
{
	const cJSON *owner = cJSON_GetArrayItem(demo_tree_at(demo_object_tree(set), "metadata ownerReferences"), 0);
	const char *name = demo_tree_text(owner, "name");

	return name && text_equal(demo_tree_text(owner, "kind"), "Deployment")
		? demo_store_find(&world->store, KIND_DEPLOYMENT, set->namespace, name)
		: NULL;
}

/* --- ReplicaSets --- */

/* The embedded ones leave their template to the Deployment. */
static const cJSON *template_of(struct demo_world *world, struct demo_object *set)
{
	const cJSON *own = demo_tree_at(demo_object_tree(set), "spec template");
	struct demo_object *deployment = own ? NULL : deployment_of(world, set);

	return deployment ? demo_tree_at(demo_object_tree(deployment), "spec template") : own;
}

static bool goes_before(const struct pod *a, const struct pod *b)
{
	if (!a->node != !b->node)
		return !a->node;
	if (a->phase != b->phase)
		return a->phase == POD_PENDING;
	if (a->ready != b->ready)
		return !a->ready;
	if (a->meta.created != b->meta.created)
		return a->meta.created > b->meta.created;
	return strcmp(a->meta.name, b->meta.name) > 0;
}

static void delete_one(struct demo_world *world, struct demo_object *set)
{
	const struct pod *first = NULL;
	AUTO_FREE char *name = NULL;

	for (const struct pod *pod = demo_pods_of(world, set->uid); pod; pod = pod->by_owner.next)
		if (pod_is_active(pod) && pod->meta.deleted == TIME_NONE && (!first || goes_before(pod, first)))
			first = pod;
	if (!first)
		return;
	name = memory_copy_text(first->meta.name);
	demo_pod_delete(world, demo_object_of_pod(world, first), DEMO_GRACE_DEFAULT);
	demo_control_report(world, set, REPLICA_SET_COMPONENT, "SuccessfulDelete", "Deleted pod: %s", name);
}

static void create_one(struct demo_world *world, struct demo_object *set)
{
	const struct demo_object *pod = demo_pod_create(world, set, template_of(world, set), NULL, NULL);

	if (pod)
		demo_control_report(
			world, set, REPLICA_SET_COMPONENT, "SuccessfulCreate", "Created pod: %s", pod->name);
}

static void count_replicas(struct demo_world *world, struct demo_object *set)
{
	cJSON *status = demo_tree_object(demo_object_tree(set), "status");
	struct demo_tally tally = demo_tally_of(world, set->uid);
	bool changed = demo_count_set(status, "replicas", tally.active);

	changed = demo_count_set(status, "readyReplicas", tally.ready) || changed;
	changed = demo_count_set(status, "availableReplicas", tally.ready) || changed;
	if (changed)
		demo_commit(world, set);
}

void demo_replica_set_look(struct demo_world *world, struct demo_object *set, int64_t number, const char *text)
{
	int64_t missing = wanted_replicas(set) - demo_tally_of(world, set->uid).active;
	const struct demo_object *deployment;

	(void)number;
	(void)text;
	for (int64_t i = 0; i < missing && i < MAX_AT_ONCE; i++)
		create_one(world, set);
	for (int64_t i = 0; i < -missing && i < MAX_AT_ONCE; i++)
		delete_one(world, set);
	count_replicas(world, set);
	if (missing > MAX_AT_ONCE || -missing > MAX_AT_ONCE)
		demo_control_wake(world, set);
	deployment = deployment_of(world, set);
	if (deployment)
		demo_after(world, 0, demo_deployment_look, deployment, 0, "");
}

/* --- Deployments --- */

static uint64_t revision_of(struct demo_object *object)
{
	const cJSON *annotations = demo_tree_at(demo_object_tree(object), "metadata annotations");
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(annotations, REVISION));
	uint64_t revision = 0;

	if (text)
		text_to_uint(text, UINT32_MAX, &revision);
	return revision;
}

/* Its ReplicaSets, the newest first; *ret_count at most `max`. */
static void sets_of(struct demo_world *world, struct demo_object *deployment, struct demo_object **sets, size_t max,
	size_t *ret_count)
{
	const struct index *all = &world->store.objects[KIND_REPLICA_SET];

	*ret_count = 0;
	for (size_t i = 0; i < all->count && *ret_count < max; i++) {
		struct demo_object *set = all->items[i];
		size_t at;

		if (!text_equal(set->namespace, deployment->namespace) || deployment_of(world, set) != deployment)
			continue;
		for (at = (*ret_count)++; at && revision_of(sets[at - 1]) < revision_of(set); at--)
			sets[at] = sets[at - 1];
		sets[at] = set;
	}
}

static void scale(struct demo_world *world, struct demo_object *deployment, struct demo_object *set, int64_t replicas)
{
	int64_t before = wanted_replicas(set);

	if (before == replicas)
		return;
	demo_tree_set_number(demo_tree_object(demo_object_tree(set), "spec"), "replicas", replicas);
	demo_commit(world, set);
	demo_control_report(world, deployment, DEPLOYMENT_COMPONENT, "ScalingReplicaSet",
		"Scaled %s replica set %s from %lld to %lld", replicas > before ? "up" : "down", set->name,
		(long long)before, (long long)replicas);
	demo_control_wake(world, set);
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* One step of a rolling update: up by what may surge, down by what is surely not needed. A quarter of the replicas
 * each, the first rounded up, the second down. */
static void roll(struct demo_world *world, struct demo_object *deployment, struct demo_object **sets, size_t count)
{
	int64_t wanted = wanted_replicas(deployment), total = 0, spare, surge;
	struct demo_tally fresh = demo_tally_of(world, sets[0]->uid);
	bool recreates = text_equal(demo_tree_text(deployment->tree, "spec strategy type"), "Recreate");

	for (size_t i = 0; i < count; i++)
		total += wanted_replicas(sets[i]);
	if (recreates)
		spare = total;
	else
		spare = total - (wanted - wanted / 4) - (wanted_replicas(sets[0]) - fresh.ready);
	for (size_t i = count; i-- > 1 && spare > 0;) {
		int64_t has = wanted_replicas(sets[i]), less = least(has, spare);

		if (less > 0)
			scale(world, deployment, sets[i], has - less);
		spare -= less;
		total -= less > 0 ? less : 0;
	}
	if (recreates && total > wanted_replicas(sets[0]))
		return;
	surge = wanted + (wanted + 3) / 4 - total;
	scale(world, deployment, sets[0], least(wanted, wanted_replicas(sets[0]) + (surge > 0 ? surge : 0)));
}

static void count_all(struct demo_world *world, struct demo_object *deployment, struct demo_object **sets, size_t count)
{
	cJSON *tree = demo_object_tree(deployment), *status = demo_tree_object(tree, "status");
	int64_t replicas = 0, ready = 0, wanted = wanted_replicas(deployment);
	bool changed;

	for (size_t i = 0; i < count; i++) {
		struct demo_tally tally = demo_tally_of(world, sets[i]->uid);

		replicas += tally.active;
		ready += tally.ready;
	}
	changed = demo_count_set(status, "observedGeneration", demo_tree_number(tree, "metadata generation", 0));
	changed = demo_count_set(status, "replicas", replicas) || changed;
	changed = demo_count_set(status, "readyReplicas", ready) || changed;
	changed = demo_count_set(status, "availableReplicas", ready) || changed;
	changed = demo_count_set(status, "unavailableReplicas", wanted > ready ? wanted - ready : 0) || changed;
	changed = demo_count_set(status, "updatedReplicas", count ? demo_tally_of(world, sets[0]->uid).active : 0) ||
		changed;
	if (changed)
		demo_commit(world, deployment);
}

void demo_deployment_look(struct demo_world *world, struct demo_object *deployment, int64_t number, const char *text)
{
	struct demo_object *sets[20];
	size_t count;

	(void)number;
	(void)text;
	sets_of(world, deployment, sets, ARRAY_LEN(sets), &count);
	demo_object_tree(deployment);
	if (count)
		roll(world, deployment, sets, count);
	count_all(world, deployment, sets, count);
}

static cJSON *set_tree(struct demo_object *deployment, const char *hash, uint64_t revision)
{
	const cJSON *tree = demo_object_tree(deployment);
	cJSON *set = demo_tree_parse(
		"{'apiVersion':'apps/v1','kind':'ReplicaSet','metadata':{'ownerReferences':[{"
		"'apiVersion':'apps/v1','kind':'Deployment','controller':true}]},'spec':{'replicas':0}}");
	cJSON *metadata = demo_tree_object(set, "metadata"), *spec = demo_tree_object(set, "spec");
	cJSON *owner = cJSON_GetArrayItem(demo_tree_at(metadata, "ownerReferences"), 0);
	const cJSON *labels = demo_tree_at(tree, "spec template metadata labels");
	AUTO_BUFFER text = { 0 };

	buffer_printf(&text, "%.200s-%s", deployment->name, hash);
	demo_tree_set_text(metadata, "name", buffer_text(&text));
	demo_tree_set_text(metadata, "namespace", deployment->namespace);
	demo_tree_set_text(owner, "name", deployment->name);
	demo_tree_set_text(owner, "uid", deployment->uid);
	buffer_clear(&text);
	buffer_printf(&text, "%llu", (unsigned long long)revision);
	demo_tree_set_text(demo_tree_object(metadata, "annotations"), REVISION, buffer_text(&text));
	if (cJSON_IsObject(labels)) {
		demo_tree_set(metadata, "labels", demo_tree_copy(labels));
		demo_tree_set(demo_tree_object(spec, "selector"), "matchLabels", demo_tree_copy(labels));
	}
	demo_tree_set_text(demo_tree_object(metadata, "labels"), "pod-template-hash", hash);
	demo_tree_set_text(demo_tree_object(spec, "selector matchLabels"), "pod-template-hash", hash);
	if (demo_tree_at(tree, "spec template"))
		demo_tree_set(spec, "template", demo_tree_copy(demo_tree_at(tree, "spec template")));
	return set;
}

/* Older sets keep the template that they had: until now it stood in the Deployment alone. */
static void keep_template(struct demo_world *world, struct demo_object *deployment, const cJSON *before)
{
	struct demo_object *sets[20];
	size_t count;

	sets_of(world, deployment, sets, ARRAY_LEN(sets), &count);
	for (size_t i = 0; before && i < count; i++)
		if (!demo_tree_at(demo_object_tree(sets[i]), "spec template"))
			demo_tree_set(demo_tree_object(sets[i]->tree, "spec"), "template", demo_tree_copy(before));
}

void demo_deployment_roll(struct demo_world *world, struct demo_object *deployment, const cJSON *before)
{
	uint64_t revision = revision_of(deployment) + 1;
	AUTO_BUFFER hash = { 0 };
	struct demo_object *set;
	struct error err;

	keep_template(world, deployment, before);
	demo_add_suffix(world, &hash, 10);
	set = demo_create(world, KIND_REPLICA_SET, set_tree(deployment, buffer_text(&hash), revision), &err);
	if (!set)
		return;
	buffer_clear(&hash);
	buffer_printf(&hash, "%llu", (unsigned long long)revision);
	demo_tree_set_text(
		demo_tree_object(demo_object_tree(deployment), "metadata annotations"), REVISION, buffer_text(&hash));
	demo_commit(world, deployment);
}
