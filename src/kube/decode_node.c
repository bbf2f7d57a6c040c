#include <stdint.h>

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

const struct taint_list *decode_taints(struct reading *r, struct value *spec)
{
	struct value taints = value_member(r, spec, F("taints", 5));
	size_t room = value_count(r, &taints);
	struct taint_list *list;

	if (!room)
		return NULL;
	list = arena_alloc(r->scratch, sizeof(*list) + room * sizeof(list->items[0]));
	list->count = 0;
	for (struct value item = value_first(r, &taints); item.is_there; item = value_next(r, &item))
		list->items[list->count++] = (struct taint){
			.key = or_empty(value_interned(r, &item, F("key", 1))),
			.value = or_empty(value_interned(r, &item, F("value", 2))),
			.effect = (uintptr_t)value_choice(r, &item, F("effect", 3), effects, EFFECT_OTHER),
		};
	return intern_block(r->interner, list, sizeof(*list) + list->count * sizeof(list->items[0]));
}

const struct toleration_list *decode_tolerations(struct reading *r, struct value *spec)
{
	static const char *const operators[] = { "", "Equal", "Exists", NULL };
	static const enum toleration_operator of_position[] = { TOLERATION_EQUAL, TOLERATION_EQUAL, TOLERATION_EXISTS,
		TOLERATION_OTHER };
	const int64_t most = INT64_C(1) << 53;
	struct value tolerations = value_member(r, spec, F("tolerations", 22));
	struct raw_text span = value_span(r, &tolerations);
	const void *known = value_recall(r, MEMO_TOLERATIONS, span);
	size_t room = known ? 0 : value_count(r, &tolerations);
	struct toleration_list *list;

	if (!room)
		return known;
	list = arena_alloc(r->scratch, sizeof(*list) + room * sizeof(list->items[0]));
	list->count = 0;
	for (struct value item = value_first(r, &tolerations); item.is_there; item = value_next(r, &item))
		list->items[list->count++] = (struct toleration){
			.key = or_empty(value_interned(r, &item, F("key", 1))),
			.value = or_empty(value_interned(r, &item, F("value", 3))),
			.op = of_position[value_choice(r, &item, F("operator", 2), operators, 3)],
			.effect = (uint32_t)value_choice(r, &item, F("effect", 4), effects, EFFECT_OTHER),
			.seconds = value_integer(r, &item, F("tolerationSeconds", 5), -most, most, TOLERATION_FOREVER),
		};
	return value_remember(r, MEMO_TOLERATIONS, span,
		intern_block(r->interner, list, sizeof(*list) + list->count * sizeof(list->items[0])));
}

static void read_conditions(struct reading *r, struct value *status, struct node *node)
{
	static const char *const types[] = { "Ready", "MemoryPressure", "DiskPressure", "PIDPressure",
		"NetworkUnavailable", NULL };
	enum condition_status *const places[] = { &node->ready, &node->memory_pressure, &node->disk_pressure,
		&node->pid_pressure, &node->network_unavailable };
	static const char *const values[] = {
		[CONDITION_ABSENT] = "", [CONDITION_TRUE] = "True", [CONDITION_FALSE] = "False", NULL
	};
	struct value conditions = value_member(r, status, F("conditions", 4));

	for (struct value item = value_first(r, &conditions); item.is_there; item = value_next(r, &item)) {
		int type = value_choice(r, &item, F("type", 1), types, -1);

		if (type >= 0)
			*places[type] = (enum condition_status)value_choice(
				r, &item, F("status", 2), values, CONDITION_UNKNOWN);
	}
}

static void read_images(struct reading *r, struct value *status, struct node *node)
{
	struct value images = value_member(r, status, F("images", 8));
	size_t room = value_count(r, &images);

	if (!room)
		return;
	node->images = ARENA_ARRAY(&node->meta.memory, room, struct node_image);
	for (struct value item = value_first(r, &images); item.is_there; item = value_next(r, &item)) {
		const struct text_list *names = value_text_list(r, &item, F("names", 1));

		if (names) /* an image without a name cannot be told apart from others */
			node->images[node->image_count++] = (struct node_image){ names,
				value_integer(r, &item, F("sizeBytes", 2), 0, INT64_C(1) << 53, 0) };
	}
}

static const char *internal_ip(struct reading *r, struct value *status)
{
	struct value addresses = value_member(r, status, F("addresses", 5));

	for (struct value item = value_first(r, &addresses); item.is_there; item = value_next(r, &item))
		if (value_is(r, &item, F("type", 1), "InternalIP"))
			return value_interned(r, &item, F("address", 2));
	return NULL;
}

struct meta *decode_node(struct reading *r, struct value *object)
{
	struct node *node = OBJECT_NEW(struct node);
	struct value spec = value_member(r, object, SPEC), status = value_member(r, object, STATUS);
	struct value info = value_member(r, &status, F("nodeInfo", 7));
	const struct quantity *pods;

	r->memory = &node->meta.memory;
	decode_meta(r, &node->meta);
	node->arch = value_interned(r, &info, F("architecture", 10));
	if (!node->arch)
		node->arch = labels_get(node->meta.labels, "kubernetes.io/arch");
	node->os_image = value_interned(r, &info, F("osImage", 5));
	node->kernel = value_interned(r, &info, F("kernelVersion", 4));
	node->kubelet = value_interned(r, &info, F("kubeletVersion", 7));
	node->internal_ip = internal_ip(r, &status);
	node->taints = decode_taints(r, &spec);
	node->unschedulable = value_flag(r, &spec, F("unschedulable", 4));
	node->allocatable_resources = value_resources(r, &status, F("allocatable", 2));
	node->allocatable = value_amounts(node->allocatable_resources);
	pods = resource_find(node->allocatable_resources, "pods");
	node->pod_capacity = pods ? quantity_value(pods) : RESOURCE_UNKNOWN;
	read_conditions(r, &status, node);
	read_images(r, &status, node);
	return &node->meta;
}
