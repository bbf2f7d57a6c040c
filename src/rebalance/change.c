#include "change.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/model/label_rules.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"

/* Given by the node lifecycle controller to a node that is cordoned. */
static const char cordon_taint[] = "node.kubernetes.io/unschedulable";
static const char hostname_label[] = "kubernetes.io/hostname";

/* --- as it is written --- */

static const char *const type_names[] = {
	[CHANGE_CORDON] = "cordon",
	[CHANGE_UNCORDON] = "uncordon",
	[CHANGE_TAINT] = "taint",
	[CHANGE_REMOVE] = "remove",
	[CHANGE_ADD] = "add",
	[CHANGE_TARGET] = "target",
	[CHANGE_THRESHOLD] = "threshold",
};

static int refuse_text(const struct change *change, const char *form, struct error *err)
{
	return error_set(err, ERROR_USAGE, "\"%s\" is no change: it must be %s=%s", change->text,
		type_names[change->type], form);
}

static int parse_taint(const char *value, struct arena *arena, struct change *change, struct error *err)
{
	const char *colon = strchr(value, ':'), *last = strrchr(value, ':'), *equals;
	AUTO_BUFFER problems = { 0 };

	if (!colon || colon == last || colon == value)
		return refuse_text(change, "NODE:KEY[=VALUE]:EFFECT", err);
	change->node = arena_copy(arena, value, (size_t)(colon - value));
	equals = memchr(colon + 1, '=', (size_t)(last - colon - 1));
	change->key = arena_copy(arena, colon + 1, (size_t)((equals ? equals : last) - colon - 1));
	change->value = equals ? arena_copy(arena, equals + 1, (size_t)(last - equals - 1)) : "";
	for (enum taint_effect effect = EFFECT_NO_SCHEDULE; effect <= EFFECT_NO_EXECUTE; effect++)
		if (strcmp(last + 1, taint_effect_text(effect)) == 0)
			change->effect = effect;
	if (!change->effect)
		return error_set(err, ERROR_USAGE,
			"\"%s\" is no change: %s is not an effect (NoSchedule, PreferNoSchedule, NoExecute)",
			change->text, last + 1);
	if (label_key_problems(change->key, &problems) || label_value_problems(change->value, &problems))
		return error_set(err, ERROR_USAGE, "\"%s\" is no change: %s", change->text, buffer_text(&problems));
	return 0;
}

/* RFC 1123, as the API server wants it. */
static bool is_node_name(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	size_t length = strlen(name);

	if (length > 253 || strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-.") != length || strstr(name, "..") ||
		strstr(name, ".-") || strstr(name, "-."))
		return false;
	return length && strchr(letters, name[0]) && strchr(letters, name[length - 1]);
}

static int parse_add(const char *value, struct arena *arena, struct change *change, struct error *err)
{
	const char *like = strstr(value, ":like=");

	if (!like || like == value || !like[strlen(":like=")])
		return refuse_text(change, "NEW:like=OLD", err);
	change->node = arena_copy(arena, value, (size_t)(like - value));
	change->like = arena_text(arena, like + strlen(":like="));
	if (!is_node_name(change->node))
		return error_set(err, ERROR_USAGE, "\"%s\" is no change: \"%s\" cannot be the name of a node",
			change->text, change->node);
	return 0;
}

static int parse_percent(const char *value, struct arena *arena, struct change *change, struct error *err)
{
	const char *colon = strchr(value, ':');
	char *end;

	if (!colon || colon == value || !colon[1])
		return refuse_text(change, "RESOURCE:PERCENT", err);
	change->resource = arena_copy(arena, value, (size_t)(colon - value));
	change->percent = strtod(colon + 1, &end);
	if (*end || !isfinite(change->percent) || change->percent < 0 || change->percent > 100)
		return error_set(err, ERROR_USAGE, "\"%s\" is no change: %s is not a percentage from 0 to 100",
			change->text, colon + 1);
	return 0;
}

int change_parse(const char *text, struct arena *arena, struct change *ret_change, struct error *err)
{
	const char *equals = strchr(text, '=');

	*ret_change = (struct change){ .text = arena_text(arena, text) };
	for (size_t i = 0; equals && i < ARRAY_LEN(type_names); i++) {
		if (strlen(type_names[i]) != (size_t)(equals - text) ||
			memcmp(text, type_names[i], (size_t)(equals - text)) != 0)
			continue;
		ret_change->type = (enum change_type)i;
		switch (ret_change->type) {
		case CHANGE_TAINT:
			return parse_taint(equals + 1, arena, ret_change, err);
		case CHANGE_ADD:
			return parse_add(equals + 1, arena, ret_change, err);
		case CHANGE_TARGET:
		case CHANGE_THRESHOLD:
			return parse_percent(equals + 1, arena, ret_change, err);
		case CHANGE_CORDON:
		case CHANGE_UNCORDON:
		case CHANGE_REMOVE:
			break;
		}
		ret_change->node = arena_text(arena, equals + 1);
		return *ret_change->node ? 0 : refuse_text(ret_change, "NODE", err);
	}
	return error_set(err, ERROR_USAGE,
		"\"%s\" is no change: cordon=, uncordon=, taint=, remove=, add=, target= or threshold=", text);
}

void displacements_release(struct displacements *displacements)
{
	free(displacements->items);
	*displacements = (struct displacements){ 0 };
}

/* --- copies: what they point to stays with the old object, which the store holds --- */

static void copy_meta(struct meta *meta, const struct meta *old, struct arena memory, const char *name)
{
	*meta = *old;
	meta->memory = memory;
	meta->name = arena_text(&meta->memory, name);
	meta->uid = arena_printf(&meta->memory, "%s%s", old->uid, strcmp(name, old->name) == 0 ? "" : name);
}

static struct node *copy_node(const struct node *old, const char *name)
{
	struct node *node = OBJECT_NEW(struct node);
	struct arena memory = node->meta.memory;

	*node = *old;
	copy_meta(&node->meta, &old->meta, memory, name);
	return node;
}

static struct pod *copy_pod(const struct pod *old, const char *name, const char *node)
{
	struct pod *pod = OBJECT_NEW(struct pod);
	struct arena memory = pod->meta.memory;

	*pod = *old;
	copy_meta(&pod->meta, &old->meta, memory, name);
	pod->node = node;
	pod->slot = 0;
	pod->by_node = pod->by_namespace = pod->by_owner = pod->by_tier = (struct pod_link){ 0 };
	return pod;
}

/* Only uids can stand in the way, and those of copies are the old one's or longer than any. */
static void put(struct cluster *cluster, enum kind kind, struct meta *object)
{
	struct error ignored = { 0 };

	if (cluster_put(cluster, kind, object, &ignored) < 0)
		return;
}

/* --- taints --- */

static bool is_taint(const struct taint *taint, const char *key, enum taint_effect effect)
{
	return taint->effect == (uintptr_t)effect && strcmp(taint->key, key) == 0;
}

/* The list without the key and effect, and with `more` at its end; NULL for none. */
static const struct taint_list *with_taint(struct cluster *cluster, const struct taint_list *old, const char *key,
	enum taint_effect effect, const struct taint *more)
{
	size_t count = old ? old->count : 0;
	AUTO_FREE struct taint_list *list = memory_new(sizeof(*list) + (count + 1) * sizeof(list->items[0]));

	for (size_t i = 0; i < count; i++)
		if (!is_taint(&old->items[i], key, effect))
			list->items[list->count++] = old->items[i];
	if (more)
		list->items[list->count++] = *more;
	return list->count
		? intern_block(&cluster->interner, list, sizeof(*list) + list->count * sizeof(list->items[0]))
		: NULL;
}

static void taint_node(struct cluster *cluster, struct node *node, const char *key, const char *value,
	enum taint_effect effect, bool is_set)
{
	const struct taint taint = { intern_text(&cluster->interner, key), intern_text(&cluster->interner, value),
		effect };

	node->taints = with_taint(cluster, node->taints, key, effect, is_set ? &taint : NULL);
}

/* --- pods that cannot stay --- */

static bool comes_back(const struct pod *pod)
{
	const struct owner *owner = meta_controller(&pod->meta);

	return owner && !pod->mirror && pod_is_active(pod) && pod->meta.deleted == TIME_NONE &&
		strcmp(owner->kind, "DaemonSet") != 0;
}

static void displace(struct cluster *cluster, const struct pod *pod, struct displacements *displaced)
{
	const char *from = pod->node;
	struct pod *again;

	if (!comes_back(pod)) {
		cluster_remove(cluster, KIND_POD, pod->meta.name, pod->meta.namespace);
		return;
	}
	again = copy_pod(pod, pod->meta.name, NULL);
	again->phase = POD_PENDING;
	again->ready = false;
	again->started = TIME_NONE;
	again->status_count = 0;
	put(cluster, KIND_POD, &again->meta);
	if (!displaced)
		return;
	ARRAY_GROW(displaced->items, displaced->count, displaced->capacity);
	displaced->items[displaced->count++] = (struct displaced){ again, from };
}

/* All of a node, or those that one of its taints drives out. */
static void displace_from(
	struct cluster *cluster, const char *name, const struct taint_list *taints, struct displacements *displaced)
{
	const struct node_entry *entry = cluster_find_node(cluster, name);
	AUTO_FREE const struct pod **pods = NULL;
	size_t count = 0, capacity = 0;

	for (const struct pod *pod = entry ? entry->pods : NULL; pod; pod = pod->by_node.next) {
		if (taints && !taint_first_untolerated(taints, pod->tolerations, 1U << EFFECT_NO_EXECUTE))
			continue;
		ARRAY_GROW(pods, count, capacity);
		pods[count++] = pod;
	}
	for (size_t i = 0; i < count; i++)
		displace(cluster, pods[i], displaced);
}

/* --- nodes --- */

static const struct labels *with_hostname(struct cluster *cluster, const struct labels *old, const char *name)
{
	size_t size = sizeof(*old) + (old ? old->count : 0) * sizeof(old->items[0]);
	AUTO_FREE struct labels *labels = memory_new(size);

	if (!old)
		return NULL;
	memcpy(labels, old, size);
	for (size_t i = 0; i < labels->count; i++)
		if (strcmp(labels->items[i].key, hostname_label) == 0)
			labels->items[i].value = intern_text(&cluster->interner, name);
	return intern_block(&cluster->interner, labels, size);
}

/* What the node lifecycle controller would take away again: the new node is well. */
static const struct taint_list *without_conditions(struct cluster *cluster, const struct taint_list *taints)
{
	for (size_t i = 0; taints && i < taints->count;) {
		if (!text_starts_with(taints->items[i].key, "node.kubernetes.io/")) {
			i++;
			continue;
		}
		taints = with_taint(
			cluster, taints, taints->items[i].key, (enum taint_effect)taints->items[i].effect, NULL);
	}
	return taints;
}

static void copy_drivers(struct cluster *cluster, const char *name, const char *like)
{
	const struct meta *old = cluster_find(cluster, KIND_CSI_NODE, like, NULL);
	struct csi_node *node;
	struct arena memory;

	if (!old)
		return;
	node = OBJECT_NEW(struct csi_node);
	memory = node->meta.memory;
	*node = *(const struct csi_node *)(const void *)old;
	copy_meta(&node->meta, old, memory, name);
	put(cluster, KIND_CSI_NODE, &node->meta);
}

/* The DaemonSets start their pods there, too; the node's use is theirs. */
static void copy_daemons(struct cluster *cluster, const char *name, const struct node_entry *like)
{
	struct sample sample = like->sample;

	sample.usage = (struct amounts){ 0, 0 };
	for (const struct pod *pod = like->pods; pod; pod = pod->by_node.next) {
		const struct owner *owner = meta_controller(&pod->meta);
		AUTO_BUFFER copy = { 0 };

		if (!owner || strcmp(owner->kind, "DaemonSet") != 0 || !pod_is_active(pod))
			continue;
		buffer_printf(&copy, "%s-%s", pod->meta.name, name);
		sample.usage.cpu += pod->usage.cpu == RESOURCE_UNKNOWN ? 0 : pod->usage.cpu;
		sample.usage.memory += pod->usage.memory == RESOURCE_UNKNOWN ? 0 : pod->usage.memory;
		put(cluster, KIND_POD, &copy_pod(pod, buffer_text(&copy), intern_text(&cluster->interner, name))->meta);
	}
	if (like->sample.usage.cpu != RESOURCE_UNKNOWN)
		cluster_set_node_sample(cluster, name, &sample);
}

static void add_node(struct cluster *cluster, const char *name, const char *like)
{
	const struct node_entry *old = cluster_find_node(cluster, like);
	struct node *node = copy_node(old->node, name);

	node->meta.labels = with_hostname(cluster, node->meta.labels, name);
	node->taints = without_conditions(cluster, node->taints);
	node->unschedulable = false;
	node->ready = CONDITION_TRUE;
	node->memory_pressure = node->disk_pressure = node->pid_pressure = node->network_unavailable = CONDITION_FALSE;
	node->image_count = 0;
	node->internal_ip = NULL;
	put(cluster, KIND_NODE, &node->meta);
	copy_drivers(cluster, name, like);
	copy_daemons(cluster, name, cluster_find_node(cluster, like));
}

static void change_node(const struct change *change, struct cluster *cluster, struct displacements *displaced)
{
	struct node *node = copy_node(cluster_find_node(cluster, change->node)->node, change->node);

	if (change->type == CHANGE_TAINT) {
		taint_node(cluster, node, change->key, change->value, change->effect, true);
	} else {
		node->unschedulable = change->type == CHANGE_CORDON;
		taint_node(cluster, node, cordon_taint, "", EFFECT_NO_SCHEDULE, node->unschedulable);
	}
	put(cluster, KIND_NODE, &node->meta);
	if (change->effect == EFFECT_NO_EXECUTE)
		displace_from(cluster, change->node, node->taints, displaced);
}

/* --- policies --- */

static struct param_percent *find_percent(const struct param_percents *percents, const char *resource)
{
	for (size_t i = 0; percents && i < percents->count; i++)
		if (strcmp(percents->items[i].resource, resource) == 0)
			/* A policy's settings lie in its arena; that they are const is for those who only read. */
			return (struct param_percent *)(uintptr_t)&percents->items[i];
	return NULL;
}

static struct param_percent *percent_of(const struct policy_step *step, const char *name, const char *resource)
{
	const struct param *param = param_find(step->strategy->params, name);

	if (!param || param->type != PARAM_PERCENTS)
		return NULL;
	return find_percent((const void *)((const char *)step->args + param->offset), resource);
}

/* One strategy; upstream refuses a threshold above the target. */
static int change_step(const struct change *change, const struct policy_step *step, bool *is_changed, struct error *err)
{
	struct param_percent *target = percent_of(step, "targetThresholds", change->resource);
	struct param_percent *threshold = percent_of(step, "thresholds", change->resource);
	struct param_percent *changed = change->type == CHANGE_TARGET ? target : threshold;

	if (!changed)
		return 0;
	if (target && threshold &&
		(change->type == CHANGE_TARGET ? threshold->percent > change->percent
					       : change->percent > target->percent))
		return error_set(err, ERROR_USAGE, "\"%s\" cannot be: %s has a threshold of %g and a target of %g",
			change->text, step->strategy->name, threshold->percent, target->percent);
	*is_changed = true;
	changed->percent = change->percent;
	return 0;
}

static int change_policy(const struct change *change, struct policy *policy, struct error *err)
{
	const struct policy_profile *profiles = policy->profiles.items;
	bool is_changed = false;

	for (size_t i = 0; i < policy->profiles.count; i++)
		for (size_t k = 0; k < profiles[i].balance_count; k++)
			if (change_step(change, &profiles[i].balance[k], &is_changed, err) < 0)
				return -1;
	if (is_changed)
		return 0;
	return error_set(err, ERROR_USAGE, "\"%s\" changes nothing: no strategy of the policy has %s of %s",
		change->text, change->type == CHANGE_TARGET ? "a target" : "a threshold", change->resource);
}

/* --- all of it --- */

static bool has_node(const struct cluster *cluster, const char *name)
{
	return cluster_find(cluster, KIND_NODE, name, NULL) != NULL;
}

static int check_change(const struct change *change, const struct cluster *cluster, struct error *err)
{
	const char *needed = change->type == CHANGE_ADD ? change->like : change->node;

	if (needed && !has_node(cluster, needed))
		return error_set(err, ERROR_NOT_FOUND, "nodes \"%s\" not found", needed);
	if (change->type == CHANGE_ADD && has_node(cluster, change->node))
		return error_set(
			err, ERROR_USAGE, "\"%s\" is no change: there is a node \"%s\"", change->text, change->node);
	return 0;
}

int change_apply(const struct change *change, struct cluster *cluster, struct policy *policy,
	struct displacements *displaced, struct error *err)
{
	if (check_change(change, cluster, err) < 0)
		return -1;
	switch (change->type) {
	case CHANGE_CORDON:
	case CHANGE_UNCORDON:
	case CHANGE_TAINT:
		change_node(change, cluster, displaced);
		return 0;
	case CHANGE_REMOVE:
		cluster_remove(cluster, KIND_CSI_NODE, change->node, NULL);
		displace_from(cluster, change->node, NULL, displaced);
		cluster_remove(cluster, KIND_NODE, change->node, NULL);
		return 0;
	case CHANGE_ADD:
		add_node(cluster, change->node, change->like);
		return 0;
	case CHANGE_TARGET:
	case CHANGE_THRESHOLD:
		break;
	}
	return change_policy(change, policy, err);
}
