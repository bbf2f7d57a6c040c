#include <string.h>

#include "decoders.h"

static const char *const phases[] = {
	[VOLUME_PENDING] = "Pending",
	[VOLUME_AVAILABLE] = "Available",
	[VOLUME_BOUND] = "Bound",
	[VOLUME_RELEASED] = "Released",
	[VOLUME_FAILED] = "Failed",
	[VOLUME_LOST] = "Lost",
	NULL,
};

static const char *const policies[] = {
	[RECLAIM_RETAIN] = "Retain",
	[RECLAIM_DELETE] = "Delete",
	[RECLAIM_RECYCLE] = "Recycle",
	NULL,
};

static int64_t storage(const struct resource_list *list)
{
	const struct quantity *quantity = resource_find(list, "storage");

	return quantity ? quantity_value(quantity) : RESOURCE_UNKNOWN;
}

static const char *const modes[] = { "ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod", NULL };

/* A set of enum access_mode, whose bits stand in the order of the names. */
static unsigned access_of(struct reading *r, struct value *spec, struct field field)
{
	const struct text_list *names = value_text_list(r, spec, field);
	unsigned access = 0;

	for (size_t i = 0; names && i < names->count; i++) {
		size_t mode = 0;

		while (modes[mode] && strcmp(modes[mode], names->items[i]) != 0)
			mode++;
		access |= 1U << mode;
	}
	return access;
}

/* The class, by the annotation that was there before the field. */
static const char *class_of(struct reading *r, struct value *spec, struct field field)
{
	struct value annotations = value_member(r, r->meta, F("annotations", 12));
	const char *beta = value_entry_interned(r, &annotations, "volume.beta.kubernetes.io/storage-class");

	return beta ? beta : value_interned(r, spec, field);
}

/* The hosts of a volume that lives on some: the first required term on kubernetes.io/hostname with In. */
static const struct text_list *read_hosts(struct reading *r, struct value *spec)
{
	struct value affinity = value_member(r, spec, F("nodeAffinity", 9));
	struct value required = value_member(r, &affinity, F("required", 1));
	struct value terms = value_member(r, &required, F("nodeSelectorTerms", 1));

	for (struct value term = value_first(r, &terms); term.is_there; term = value_next(r, &term)) {
		struct value expressions = value_member(r, &term, F("matchExpressions", 1));

		for (struct value item = value_first(r, &expressions); item.is_there; item = value_next(r, &item))
			if (value_is(r, &item, F("key", 1), "kubernetes.io/hostname") &&
				value_is(r, &item, F("operator", 2), "In"))
				return value_text_list(r, &item, F("values", 3));
	}
	return NULL;
}

static void read_csi(struct reading *r, struct value *csi, struct volume *volume)
{
	struct value attributes = value_member(r, csi, F("volumeAttributes", 5));

	volume->source = SOURCE_CSI;
	volume->driver = value_interned(r, csi, F("driver", 1));
	volume->handle = value_own(r, csi, F("volumeHandle", 2));
	volume->server = value_entry_interned(r, &attributes, "server");
	volume->path = value_entry_own(r, &attributes, "share");
}

static void read_source(struct reading *r, struct value *spec, struct volume *volume)
{
	struct value source = value_member(r, spec, INLINE(2));
	struct value nfs = value_member(r, &source, F("nfs", 5)), csi = value_member(r, &source, F("csi", 22));
	struct value local = value_member(r, &source, F("local", 20));
	struct value host = value_member(r, &source, F("hostPath", 3));

	if (nfs.is_there) {
		volume->source = SOURCE_NFS;
		volume->server = value_interned(r, &nfs, F("server", 1));
		volume->path = value_own(r, &nfs, F("path", 2));
	} else if (csi.is_there) {
		read_csi(r, &csi, volume);
	} else if (local.is_there) {
		volume->source = SOURCE_LOCAL;
		volume->path = value_own(r, &local, F("path", 1));
	} else if (host.is_there) {
		volume->source = SOURCE_HOST_PATH;
		volume->path = value_own(r, &host, F("path", 1));
	}
}

struct meta *decode_volume(struct reading *r, struct value *object)
{
	struct volume *volume = OBJECT_NEW(struct volume);
	struct value spec = value_member(r, object, SPEC), status = value_member(r, object, STATUS);
	struct value claim = value_member(r, &spec, F("claimRef", 4));
	struct value affinity = value_member(r, &spec, F("nodeAffinity", 9));
	struct value required = value_member(r, &affinity, F("required", 1));

	r->memory = &volume->meta.memory;
	decode_meta(r, &volume->meta);
	volume->capacity = storage(value_resources(r, &spec, F("capacity", 1)));
	volume->storage_class = class_of(r, &spec, F("storageClassName", 6));
	volume->claim_namespace = value_interned(r, &claim, F("namespace", 2));
	volume->claim_name = value_own(r, &claim, F("name", 3));
	volume->claim_uid = value_own(r, &claim, F("uid", 4));
	volume->nodes = decode_node_terms(r, &required);
	volume->attributes_class = value_interned(r, &spec, F("volumeAttributesClassName", 10));
	volume->access = access_of(r, &spec, F("accessModes", 3));
	volume->is_block = value_is(r, &spec, F("volumeMode", 8), "Block");
	volume->reclaim = (enum reclaim_policy)value_choice(
		r, &spec, F("persistentVolumeReclaimPolicy", 5), policies, RECLAIM_RETAIN);
	volume->phase = (enum volume_phase)value_choice(r, &status, F("phase", 1), phases, VOLUME_PENDING);
	volume->hosts = read_hosts(r, &spec);
	read_source(r, &spec, volume);
	return &volume->meta;
}

struct meta *decode_claim(struct reading *r, struct value *object)
{
	struct claim *claim = OBJECT_NEW(struct claim);
	struct value spec = value_member(r, object, SPEC), status = value_member(r, object, STATUS);
	struct value resources = value_member(r, &spec, F("resources", 2));
	struct value selector = value_member(r, &spec, F("selector", 4));
	struct value annotations = value_member(r, r->meta, F("annotations", 12));

	r->memory = &claim->meta.memory;
	decode_meta(r, &claim->meta);
	claim->request = storage(value_resources(r, &resources, F("requests", 2)));
	claim->storage_class = class_of(r, &spec, F("storageClassName", 5));
	claim->attributes_class = value_interned(r, &spec, F("volumeAttributesClassName", 9));
	claim->selector = decode_selector(r, &selector);
	claim->selected_node = value_entry_interned(r, &annotations, "volume.kubernetes.io/selected-node");
	claim->access = access_of(r, &spec, F("accessModes", 1));
	claim->is_block = value_is(r, &spec, F("volumeMode", 6), "Block");
	claim->is_bind_completed = value_entry_interned(r, &annotations, "pv.kubernetes.io/bind-completed") != NULL;
	claim->volume = value_own(r, &spec, F("volumeName", 3));
	claim->phase = (enum volume_phase)value_choice(r, &status, F("phase", 1), phases, VOLUME_PENDING);
	return &claim->meta;
}

/* Terms of labels, as those of a volume: a term's expressions must all match, and each is one of several values. */
static const struct node_terms *read_topologies(struct reading *r, struct value *class)
{
	struct value array = value_member(r, class, F("allowedTopologies", 8));
	size_t room = value_count(r, &array);
	struct node_terms *terms;

	if (!room)
		return NULL;
	terms = arena_new(r->scratch, 1, sizeof(*terms) + room * sizeof(terms->items[0]));
	for (struct value term = value_first(r, &array); term.is_there; term = value_next(r, &term)) {
		struct value expressions = value_member(r, &term, F("matchLabelExpressions", 1));
		size_t count = value_count(r, &expressions);
		struct node_requirements *list =
			arena_new(r->scratch, 1, sizeof(*list) + count * sizeof(list->items[0]));

		for (struct value item = value_first(r, &expressions); item.is_there; item = value_next(r, &item)) {
			const char *key = value_interned(r, &item, F("key", 1));

			list->items[list->count++] = (struct node_requirement){ key ? key : "", NODE_IN,
				value_text_list(r, &item, F("values", 2)), "In" };
		}
		terms->items[terms->count++].labels = list->count
			? intern_block(r->interner, list, sizeof(*list) + list->count * sizeof(list->items[0]))
			: NULL;
	}
	return intern_block(r->interner, terms, sizeof(*terms) + terms->count * sizeof(terms->items[0]));
}

struct meta *decode_storage_class(struct reading *r, struct value *object)
{
	struct storage_class *class = OBJECT_NEW(struct storage_class);
	struct value annotations = value_member(r, r->meta, F("annotations", 12));

	r->memory = &class->meta.memory;
	decode_meta(r, &class->meta);
	class->provisioner = value_interned(r, object, F("provisioner", 2));
	class->is_default = value_entry_is(r, &annotations, "storageclass.kubernetes.io/is-default-class", "true");
	class->waits_for_first_consumer = value_is(r, object, F("volumeBindingMode", 7), "WaitForFirstConsumer");
	class->has_binding_mode =
		class->waits_for_first_consumer || value_is(r, object, F("volumeBindingMode", 7), "Immediate");
	class->topologies = read_topologies(r, object);
	class->reclaim = (enum reclaim_policy)value_choice(r, object, F("reclaimPolicy", 4), policies, RECLAIM_DELETE);
	return &class->meta;
}
