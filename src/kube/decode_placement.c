#include <stdint.h>
#include <string.h>

#include "decoders.h"

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

/* Lists begin with their count: room for as many items as the array has, in scratch memory. */
#define LIST_OF(r, type, array) \
	((type *)arena_new( \
		(r)->scratch, 1, sizeof(type) + value_count((r), (array)) * sizeof(((type *)NULL)->items[0])))
#define INTERN_LIST(r, list) \
	intern_block((r)->interner, (list), sizeof(*(list)) + (list)->count * sizeof((list)->items[0]))

/* --- selectors --- */

static const struct label_expression *read_expressions(struct reading *r, struct value *selector, size_t *ret_count)
{
	struct value array = value_member(r, selector, F("matchExpressions", 2));
	struct label_expression *items = ARENA_ARRAY(r->scratch, value_count(r, &array), struct label_expression);
	size_t count = 0;

	for (struct value item = value_first(r, &array); item.is_there; item = value_next(r, &item)) {
		const struct text_list *values = value_text_list(r, &item, F("values", 3));

		items[count++] = (struct label_expression){
			.key = or_empty(value_interned(r, &item, F("key", 1))),
			.op = or_empty(value_interned(r, &item, F("operator", 2))),
			.values = values ? values->items : NULL,
			.value_count = values ? values->count : 0,
		};
	}
	*ret_count = count;
	return count ? intern_block(r->interner, items, count * sizeof(*items)) : NULL;
}

const struct label_selector *decode_selector(struct reading *r, struct value *selector)
{
	const struct labels *labels;
	struct label_selector made;

	if (!selector->is_there)
		return NULL;
	labels = value_labels(r, selector, F("matchLabels", 1));
	made.match_labels = labels ? labels->items : NULL;
	made.label_count = labels ? labels->count : 0;
	made.match_expressions = read_expressions(r, selector, &made.expression_count);
	return intern_block(r->interner, &made, sizeof(made));
}

/* --- nodes --- */

static const struct node_requirements *read_requirements(struct reading *r, struct value *term, struct field field)
{
	static const char *const operators[] = { [NODE_IN] = "In",
		[NODE_NOT_IN] = "NotIn",
		[NODE_EXISTS] = "Exists",
		[NODE_DOES_NOT_EXIST] = "DoesNotExist",
		[NODE_GT] = "Gt",
		[NODE_LT] = "Lt",
		NULL };
	struct value array = value_member(r, term, field);
	struct node_requirements *list = LIST_OF(r, struct node_requirements, &array);

	for (struct value item = value_first(r, &array); item.is_there; item = value_next(r, &item))
		list->items[list->count++] = (struct node_requirement){
			.key = or_empty(value_interned(r, &item, F("key", 1))),
			.op = (uintptr_t)value_choice(r, &item, F("operator", 2), operators, NODE_OPERATOR_OTHER),
			.values = value_text_list(r, &item, F("values", 3)),
			.op_text = or_empty(value_interned(r, &item, F("operator", 2))),
		};
	return list->count ? INTERN_LIST(r, list) : NULL;
}

static struct node_term read_node_term(struct reading *r, struct value *term)
{
	return (struct node_term){
		.labels = read_requirements(r, term, F("matchExpressions", 1)),
		.fields = read_requirements(r, term, F("matchFields", 2)),
	};
}

const struct node_terms *decode_node_terms(struct reading *r, struct value *node_selector)
{
	struct value array = value_member(r, node_selector, F("nodeSelectorTerms", 1));
	struct node_terms *list;

	if (!node_selector->is_there)
		return NULL;
	list = LIST_OF(r, struct node_terms, &array);
	for (struct value item = value_first(r, &array); item.is_there; item = value_next(r, &item))
		list->items[list->count++] = read_node_term(r, &item);
	return INTERN_LIST(r, list);
}

static const struct node_terms *read_preferred_nodes(struct reading *r, struct value *affinity)
{
	struct value array = value_member(r, affinity, F("preferredDuringSchedulingIgnoredDuringExecution", 2));
	struct node_terms *list = LIST_OF(r, struct node_terms, &array);

	for (struct value item = value_first(r, &array); item.is_there; item = value_next(r, &item)) {
		struct value preference = value_member(r, &item, F("preference", 2));
		struct node_term term = read_node_term(r, &preference);

		term.weight = (intptr_t)value_integer(r, &item, F("weight", 1), INT32_MIN, INT32_MAX, 0);
		list->items[list->count++] = term;
	}
	return list->count ? INTERN_LIST(r, list) : NULL;
}

/* --- other pods --- */

static struct pod_term read_pod_term(struct reading *r, struct value *term)
{
	struct value selector = value_member(r, term, F("labelSelector", 1));
	struct value namespaces = value_member(r, term, F("namespaceSelector", 4));

	return (struct pod_term){
		.selector = decode_selector(r, &selector),
		.namespace_selector = decode_selector(r, &namespaces),
		.namespaces = value_text_list(r, term, F("namespaces", 2)),
		.match_label_keys = value_text_list(r, term, F("matchLabelKeys", 5)),
		.mismatch_label_keys = value_text_list(r, term, F("mismatchLabelKeys", 6)),
		.topology_key = or_empty(value_interned(r, term, F("topologyKey", 3))),
	};
}

static const struct pod_terms *read_required_pods(struct reading *r, struct value *affinity)
{
	struct value array = value_member(r, affinity, F("requiredDuringSchedulingIgnoredDuringExecution", 1));
	struct pod_terms *list = LIST_OF(r, struct pod_terms, &array);

	for (struct value item = value_first(r, &array); item.is_there; item = value_next(r, &item))
		list->items[list->count++] = read_pod_term(r, &item);
	return list->count ? INTERN_LIST(r, list) : NULL;
}

static const struct pod_terms *read_preferred_pods(struct reading *r, struct value *affinity)
{
	struct value array = value_member(r, affinity, F("preferredDuringSchedulingIgnoredDuringExecution", 2));
	struct pod_terms *list = LIST_OF(r, struct pod_terms, &array);

	for (struct value item = value_first(r, &array); item.is_there; item = value_next(r, &item)) {
		struct value preference = value_member(r, &item, F("podAffinityTerm", 2));
		struct pod_term term = read_pod_term(r, &preference);

		term.weight = (intptr_t)value_integer(r, &item, F("weight", 1), INT32_MIN, INT32_MAX, 0);
		list->items[list->count++] = term;
	}
	return list->count ? INTERN_LIST(r, list) : NULL;
}

static void read_affinity(struct reading *r, struct value *spec, struct placement *placement)
{
	struct value affinity = value_member(r, spec, F("affinity", 18));
	struct value nodes = value_member(r, &affinity, F("nodeAffinity", 1));
	struct value required = value_member(r, &nodes, F("requiredDuringSchedulingIgnoredDuringExecution", 1));
	struct value pods = value_member(r, &affinity, F("podAffinity", 2));
	struct value anti = value_member(r, &affinity, F("podAntiAffinity", 3));

	if (!affinity.is_there)
		return;
	placement->required_nodes = decode_node_terms(r, &required);
	placement->preferred_nodes = read_preferred_nodes(r, &nodes);
	placement->required_pods = read_required_pods(r, &pods);
	placement->preferred_pods = read_preferred_pods(r, &pods);
	placement->required_anti_pods = read_required_pods(r, &anti);
	placement->preferred_anti_pods = read_preferred_pods(r, &anti);
}

static const struct spread_constraints *read_spread(struct reading *r, struct value *spec)
{
	static const char *const actions[] = { "DoNotSchedule", "ScheduleAnyway", NULL };
	static const char *const policies[] = { "", "Honor", "Ignore", NULL };
	struct value array = value_member(r, spec, F("topologySpreadConstraints", 33));
	struct spread_constraints *list = LIST_OF(r, struct spread_constraints, &array);

	for (struct value item = value_first(r, &array); item.is_there; item = value_next(r, &item)) {
		struct value selector = value_member(r, &item, F("labelSelector", 4));

		list->items[list->count++] = (struct spread_constraint){
			.selector = decode_selector(r, &selector),
			.match_label_keys = value_text_list(r, &item, F("matchLabelKeys", 8)),
			.topology_key = or_empty(value_interned(r, &item, F("topologyKey", 2))),
			.max_skew = (intptr_t)value_integer(r, &item, F("maxSkew", 1), INT32_MIN, INT32_MAX, 0),
			.min_domains = (intptr_t)value_integer(r, &item, F("minDomains", 5), INT32_MIN, INT32_MAX, 0),
			.action = (uint32_t)value_choice(
				r, &item, F("whenUnsatisfiable", 3), actions, SPREAD_ACTION_OTHER),
			.node_affinity_policy =
				(uint16_t)value_choice(r, &item, F("nodeAffinityPolicy", 6), policies, SPREAD_UNSET),
			.node_taints_policy =
				(uint16_t)value_choice(r, &item, F("nodeTaintsPolicy", 7), policies, SPREAD_UNSET),
		};
	}
	return list->count ? INTERN_LIST(r, list) : NULL;
}

/* --- ports --- */

static size_t count_ports(struct reading *r, struct value *containers)
{
	size_t count = 0;

	for (struct value item = value_first(r, containers); item.is_there; item = value_next(r, &item)) {
		struct value ports = value_member(r, &item, F("ports", 6));

		count += value_count(r, &ports);
	}
	return count;
}

static void add_ports(struct reading *r, struct value *containers, bool is_init, struct host_ports *list)
{
	static const char *const protocols[] = { "TCP", "UDP", "SCTP", NULL };

	for (struct value item = value_first(r, containers); item.is_there; item = value_next(r, &item)) {
		struct value ports = value_member(r, &item, F("ports", 6));

		if (is_init && !value_is(r, &item, F("restartPolicy", 24), "Always"))
			continue;
		for (struct value port = value_first(r, &ports); port.is_there; port = value_next(r, &port)) {
			int64_t number = value_integer(r, &port, F("hostPort", 2), INT32_MIN, INT32_MAX, 0);
			bool has_protocol = value_raw(r, &port, F("protocol", 4)).length > 0;

			if (number <= 0)
				continue;
			list->items[list->count++] = (struct host_port){
				.ip = or_empty(value_interned(r, &port, F("hostIP", 5))),
				.port = (uint32_t)number,
				.protocol = has_protocol
					? (uint32_t)value_choice(r, &port, F("protocol", 4), protocols, PORT_OTHER)
					: PORT_TCP,
			};
		}
	}
}

static const struct host_ports *read_ports(struct reading *r, struct value *spec)
{
	struct value inits = value_member(r, spec, F("initContainers", 20));
	struct value apps = value_member(r, spec, F("containers", 2));
	size_t room = count_ports(r, &inits) + count_ports(r, &apps);
	struct host_ports *list;

	if (!room)
		return NULL;
	list = arena_new(r->scratch, 1, sizeof(*list) + room * sizeof(list->items[0]));
	add_ports(r, &apps, false, list);
	add_ports(r, &inits, true, list);
	return list->count ? INTERN_LIST(r, list) : NULL;
}

/* --- volumes --- */

static const char *rbd_name(struct reading *r, struct value *rbd)
{
	const char *pool = value_interned(r, rbd, F("pool", 4)), *image = value_interned(r, rbd, F("image", 2));

	return intern_text(r->interner, arena_printf(r->scratch, "%s/%s", pool ? pool : "rbd", or_empty(image)));
}

/* The source is a union: the member that is there names it. False for what does not matter to a node. */
static bool read_volume(struct reading *r, struct value *item, struct pod_volume *ret_volume)
{
	static const struct {
		struct field field, name, read_only;
		enum pod_volume_type type;
	} sources[] = {
		{ { "persistentVolumeClaim", 10 }, { "claimName", 1 }, { "readOnly", 2 }, POD_VOLUME_CLAIM },
		{ { "emptyDir", 2 }, { 0 }, { 0 }, POD_VOLUME_EMPTY_DIR },
		{ { "hostPath", 1 }, { 0 }, { 0 }, POD_VOLUME_HOST_PATH },
		{ { "ephemeral", 29 }, { 0 }, { 0 }, POD_VOLUME_EPHEMERAL },
		{ { "csi", 28 }, { "driver", 1 }, { "readOnly", 2 }, POD_VOLUME_CSI },
		{ { "gcePersistentDisk", 3 }, { "pdName", 1 }, { "readOnly", 4 }, POD_VOLUME_GCE },
		{ { "awsElasticBlockStore", 4 }, { "volumeID", 1 }, { "readOnly", 4 }, POD_VOLUME_AWS },
		{ { "iscsi", 8 }, { "iqn", 2 }, { "readOnly", 6 }, POD_VOLUME_ISCSI },
		{ { "rbd", 11 }, { 0 }, { "readOnly", 8 }, POD_VOLUME_RBD },
	};
	struct value source = value_member(r, item, INLINE(2));

	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		struct value member = value_member(r, &source, sources[i].field);

		if (!member.is_there)
			continue;
		*ret_volume = (struct pod_volume){ .type = sources[i].type };
		if (sources[i].name.name)
			ret_volume->name = value_interned(r, &member, sources[i].name);
		if (sources[i].read_only.name)
			ret_volume->read_only = value_flag(r, &member, sources[i].read_only);
		if (sources[i].type == POD_VOLUME_EPHEMERAL)
			ret_volume->name = value_interned(r, item, F("name", 1));
		if (sources[i].type == POD_VOLUME_RBD) {
			ret_volume->name = rbd_name(r, &member);
			ret_volume->detail = value_text_list(r, &member, F("monitors", 1));
		}
		return true;
	}
	return false;
}

static const struct pod_volumes *read_volumes(struct reading *r, struct value *spec)
{
	struct value array = value_member(r, spec, F("volumes", 1));
	struct pod_volumes *list = LIST_OF(r, struct pod_volumes, &array);

	for (struct value item = value_first(r, &array); item.is_there; item = value_next(r, &item))
		if (read_volume(r, &item, &list->items[list->count]))
			list->count++;
	return list->count ? INTERN_LIST(r, list) : NULL;
}

/* --- all of it --- */

static const struct text_list *read_names(struct reading *r, struct value *spec, struct field field)
{
	struct value array = value_member(r, spec, field);
	struct text_list *list = LIST_OF(r, struct text_list, &array);

	for (struct value item = value_first(r, &array); item.is_there; item = value_next(r, &item))
		list->items[list->count++] = or_empty(value_interned(r, &item, F("name", 1)));
	return list->count ? INTERN_LIST(r, list) : NULL;
}

const struct placement *decode_placement(struct reading *r, struct value *spec)
{
	static const struct placement nothing;
	struct placement placement = {
		.spread = read_spread(r, spec),
		.ports = read_ports(r, spec),
		.volumes = read_volumes(r, spec),
		.resource_claims = read_names(r, spec, F("resourceClaims", 39)),
		.scheduling_gates = read_names(r, spec, F("schedulingGates", 38)),
		.scheduler = value_interned(r, spec, F("schedulerName", 19)),
	};

	if (placement.scheduler && strcmp(placement.scheduler, "default-scheduler") == 0)
		placement.scheduler = NULL;
	read_affinity(r, spec, &placement);
	return memcmp(&placement, &nothing, sizeof(nothing)) == 0
		? NULL
		: intern_block(r->interner, &placement, sizeof(placement));
}
