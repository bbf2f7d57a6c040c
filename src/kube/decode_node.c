#include <stdint.h>

#include "clusterutils/util/text.h"
#include "decoders.h"

static const char *const effects[] = {
	[EFFECT_NONE] = "",
	[EFFECT_NO_SCHEDULE] = "NoSchedule",
	[EFFECT_PREFER_NO_SCHEDULE] = "PreferNoSchedule",
	[EFFECT_NO_EXECUTE] = "NoExecute",
	NULL,
};

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

const struct taint_list *decode_taints(struct reading *r, const struct json *spec)
{
	struct json array = json_member(r, spec, "taints");
	size_t room = json_count(r, &array);
	struct taint_list *list;

	if (!room)
		return NULL;
	list = arena_alloc(r->scratch, sizeof(*list) + room * sizeof(list->items[0]));
	list->count = 0;
	for (struct json item = json_first(r, &array); item.value; item = json_next(&item))
		list->items[list->count++] = (struct taint){
			.key = or_empty(json_interned(r, &item, "key")),
			.value = or_empty(json_interned(r, &item, "value")),
			.effect = (uintptr_t)json_choice(
				r, &item, "effect", effects, json_raw(r, &item, "effect") ? EFFECT_OTHER : EFFECT_NONE),
		};
	return intern_block(r->interner, list, sizeof(*list) + list->count * sizeof(list->items[0]));
}

const struct toleration_list *decode_tolerations(struct reading *r, const struct json *spec)
{
	static const char *const operators[] = { "Equal", "Exists", NULL };
	struct json array = json_member(r, spec, "tolerations");
	size_t room = json_count(r, &array);
	struct toleration_list *list;

	if (!room)
		return NULL;
	list = arena_alloc(r->scratch, sizeof(*list) + room * sizeof(list->items[0]));
	list->count = 0;
	for (struct json item = json_first(r, &array); item.value; item = json_next(&item)) {
		const char *op = or_empty(json_raw(r, &item, "operator"));

		list->items[list->count++] = (struct toleration){
			.key = or_empty(json_interned(r, &item, "key")),
			.value = or_empty(json_interned(r, &item, "value")),
			.op = (uint32_t)json_choice(
				r, &item, "operator", operators, *op ? TOLERATION_OTHER : TOLERATION_EQUAL),
			.effect = (uint32_t)json_choice(
				r, &item, "effect", effects, json_raw(r, &item, "effect") ? EFFECT_OTHER : EFFECT_NONE),
			.seconds = json_integer(r, &item, "tolerationSeconds", -(INT64_C(1) << 53), INT64_C(1) << 53,
				TOLERATION_FOREVER),
		};
	}
	return intern_block(r->interner, list, sizeof(*list) + list->count * sizeof(list->items[0]));
}

static enum condition_status *condition_of(struct node *node, const char *type)
{
	if (text_equal(type, "Ready"))
		return &node->ready;
	if (text_equal(type, "MemoryPressure"))
		return &node->memory_pressure;
	if (text_equal(type, "DiskPressure"))
		return &node->disk_pressure;
	if (text_equal(type, "PIDPressure"))
		return &node->pid_pressure;
	if (text_equal(type, "NetworkUnavailable"))
		return &node->network_unavailable;
	return NULL;
}

static void read_conditions(struct reading *r, const struct json *status, struct node *node)
{
	static const char *const values[] = {
		[CONDITION_ABSENT] = "", [CONDITION_TRUE] = "True", [CONDITION_FALSE] = "False", NULL
	};
	struct json conditions = json_member(r, status, "conditions");

	for (struct json item = json_first(r, &conditions); item.value; item = json_next(&item)) {
		enum condition_status *condition = condition_of(node, json_raw(r, &item, "type"));

		if (condition)
			*condition = (enum condition_status)json_choice(r, &item, "status", values, CONDITION_UNKNOWN);
	}
}

static void read_images(struct reading *r, const struct json *status, struct node *node)
{
	struct json images = json_member(r, status, "images");
	size_t room = json_count(r, &images);

	if (!room)
		return;
	node->images = ARENA_ARRAY(&node->meta.memory, room, struct node_image);
	for (struct json item = json_first(r, &images); item.value; item = json_next(&item)) {
		const struct text_list *names = json_text_list(r, &item, "names");

		if (names) /* an image without a name cannot be told apart from others */
			node->images[node->image_count++] = (struct node_image){ names,
				json_integer(r, &item, "sizeBytes", 0, INT64_C(1) << 53, 0) };
	}
}

static const char *internal_ip(struct reading *r, const struct json *status)
{
	struct json addresses = json_member(r, status, "addresses");

	for (struct json item = json_first(r, &addresses); item.value; item = json_next(&item))
		if (text_equal(json_raw(r, &item, "type"), "InternalIP"))
			return json_interned(r, &item, "address");
	return NULL;
}

struct meta *decode_node(struct reading *r, const struct json *object)
{
	struct node *node = OBJECT_NEW(struct node);
	struct json spec = json_member(r, object, "spec"), status = json_member(r, object, "status");
	struct json info = json_member(r, &status, "nodeInfo");
	const struct quantity *pods;

	r->memory = &node->meta.memory;
	json_meta(r, object, &node->meta);
	node->arch = json_interned(r, &info, "architecture");
	if (!node->arch)
		node->arch = labels_get(node->meta.labels, "kubernetes.io/arch");
	node->os_image = json_interned(r, &info, "osImage");
	node->kernel = json_interned(r, &info, "kernelVersion");
	node->kubelet = json_interned(r, &info, "kubeletVersion");
	node->internal_ip = internal_ip(r, &status);
	node->taints = decode_taints(r, &spec);
	node->unschedulable = json_flag(r, &spec, "unschedulable");
	node->allocatable_resources = json_resources(r, &status, "allocatable");
	node->allocatable = json_amounts(node->allocatable_resources);
	pods = resource_find(node->allocatable_resources, "pods");
	node->pod_capacity = pods ? quantity_value(pods) : RESOURCE_UNKNOWN;
	read_conditions(r, &status, node);
	read_images(r, &status, node);
	return &node->meta;
}
