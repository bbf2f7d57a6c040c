/* What CSI drivers say of themselves: CSINode, CSIDriver, CSIStorageCapacity, VolumeAttachment. */
#include "decoders.h"

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

struct meta *decode_csi_node(struct reading *r, struct value *object)
{
	struct csi_node *node = OBJECT_NEW(struct csi_node);
	struct value spec = value_member(r, object, SPEC), drivers = value_member(r, &spec, F("drivers", 1));
	struct value annotations = value_member(r, r->meta, F("annotations", 12));
	size_t room = value_count(r, &drivers);

	r->memory = &node->meta.memory;
	decode_meta(r, &node->meta);
	node->migrated = value_entry_interned(r, &annotations, "storage.alpha.kubernetes.io/migrated-plugins");
	node->drivers = ARENA_ARRAY(r->memory, room, struct csi_node_driver);
	for (struct value item = value_first(r, &drivers); item.is_there; item = value_next(r, &item)) {
		struct value allocatable = value_member(r, &item, F("allocatable", 4));

		node->drivers[node->driver_count++] = (struct csi_node_driver){
			.name = or_empty(value_interned(r, &item, F("name", 1))),
			.limit = (int32_t)value_integer(r, &allocatable, F("count", 1), 0, INT32_MAX, -1),
		};
	}
	return &node->meta;
}

struct meta *decode_csi_driver(struct reading *r, struct value *object)
{
	struct csi_driver *driver = OBJECT_NEW(struct csi_driver);
	struct value spec = value_member(r, object, SPEC);

	r->memory = &driver->meta.memory;
	decode_meta(r, &driver->meta);
	driver->tracks_capacity = value_flag(r, &spec, F("storageCapacity", 4));
	return &driver->meta;
}

struct meta *decode_csi_capacity(struct reading *r, struct value *object)
{
	struct csi_capacity *capacity = OBJECT_NEW(struct csi_capacity);
	struct value topology = value_member(r, object, F("nodeTopology", 2));

	r->memory = &capacity->meta.memory;
	decode_meta(r, &capacity->meta);
	capacity->topology = decode_selector(r, &topology);
	capacity->storage_class = or_empty(value_interned(r, object, F("storageClassName", 3)));
	capacity->capacity = value_bytes(r, object, F("capacity", 4));
	capacity->largest = value_bytes(r, object, F("maximumVolumeSize", 5));
	return &capacity->meta;
}

struct meta *decode_volume_attachment(struct reading *r, struct value *object)
{
	struct volume_attachment *attachment = OBJECT_NEW(struct volume_attachment);
	struct value spec = value_member(r, object, SPEC), source = value_member(r, &spec, F("source", 2));

	r->memory = &attachment->meta.memory;
	decode_meta(r, &attachment->meta);
	attachment->attacher = or_empty(value_interned(r, &spec, F("attacher", 1)));
	attachment->volume = value_own(r, &source, F("persistentVolumeName", 1));
	attachment->node = or_empty(value_interned(r, &spec, F("nodeName", 3)));
	return &attachment->meta;
}
