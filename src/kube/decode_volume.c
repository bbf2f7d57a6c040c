#include "clusterutils/util/text.h"
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

/* The hosts of a volume that lives on some: the first required term on kubernetes.io/hostname with In. */
static const struct text_list *read_hosts(struct reading *r, const struct json *spec)
{
	struct json affinity = json_member(r, spec, "nodeAffinity"), required = json_member(r, &affinity, "required");
	struct json terms = json_member(r, &required, "nodeSelectorTerms");

	for (struct json term = json_first(r, &terms); term.value; term = json_next(&term)) {
		struct json expressions = json_member(r, &term, "matchExpressions");

		for (struct json item = json_first(r, &expressions); item.value; item = json_next(&item))
			if (text_equal(json_raw(r, &item, "key"), "kubernetes.io/hostname") &&
				text_equal(json_raw(r, &item, "operator"), "In"))
				return json_text_list(r, &item, "values");
	}
	return NULL;
}

static void read_source(struct reading *r, const struct json *spec, struct volume *volume)
{
	struct json nfs = json_member(r, spec, "nfs"), csi = json_member(r, spec, "csi");
	struct json local = json_member(r, spec, "local"), host = json_member(r, spec, "hostPath");
	struct json attributes = json_member(r, &csi, "volumeAttributes");

	if (nfs.value) {
		volume->source = SOURCE_NFS;
		volume->server = json_interned(r, &nfs, "server");
		volume->path = json_own(r, &nfs, "path");
	} else if (csi.value) {
		volume->source = SOURCE_CSI;
		volume->driver = json_interned(r, &csi, "driver");
		volume->server = json_interned(r, &attributes, "server");
		volume->path = json_own(r, &attributes, "share");
	} else if (local.value) {
		volume->source = SOURCE_LOCAL;
		volume->path = json_own(r, &local, "path");
	} else if (host.value) {
		volume->source = SOURCE_HOST_PATH;
		volume->path = json_own(r, &host, "path");
	}
}

struct meta *decode_volume(struct reading *r, const struct json *object)
{
	struct volume *volume = OBJECT_NEW(struct volume);
	struct json spec = json_member(r, object, "spec"), status = json_member(r, object, "status");
	struct json claim = json_member(r, &spec, "claimRef");

	r->memory = &volume->meta.memory;
	json_meta(r, object, &volume->meta);
	volume->capacity = storage(json_resources(r, &spec, "capacity"));
	volume->storage_class = json_interned(r, &spec, "storageClassName");
	volume->claim_namespace = json_interned(r, &claim, "namespace");
	volume->claim_name = json_own(r, &claim, "name");
	volume->reclaim =
		(enum reclaim_policy)json_choice(r, &spec, "persistentVolumeReclaimPolicy", policies, RECLAIM_RETAIN);
	volume->phase = (enum volume_phase)json_choice(r, &status, "phase", phases, VOLUME_PENDING);
	volume->hosts = read_hosts(r, &spec);
	read_source(r, &spec, volume);
	return &volume->meta;
}

struct meta *decode_claim(struct reading *r, const struct json *object)
{
	struct claim *claim = OBJECT_NEW(struct claim);
	struct json spec = json_member(r, object, "spec"), status = json_member(r, object, "status");
	struct json resources = json_member(r, &spec, "resources");

	r->memory = &claim->meta.memory;
	json_meta(r, object, &claim->meta);
	claim->request = storage(json_resources(r, &resources, "requests"));
	claim->storage_class = json_interned(r, &spec, "storageClassName");
	claim->volume = json_own(r, &spec, "volumeName");
	if (claim->volume && !*claim->volume)
		claim->volume = NULL;
	claim->phase = (enum volume_phase)json_choice(r, &status, "phase", phases, VOLUME_PENDING);
	return &claim->meta;
}

struct meta *decode_storage_class(struct reading *r, const struct json *object)
{
	struct storage_class *class = OBJECT_NEW(struct storage_class);
	struct json meta = json_member(r, object, "metadata"), annotations = json_member(r, &meta, "annotations");

	r->memory = &class->meta.memory;
	json_meta(r, object, &class->meta);
	class->provisioner = json_interned(r, object, "provisioner");
	class->is_default =
		text_equal(json_raw(r, &annotations, "storageclass.kubernetes.io/is-default-class"), "true");
	class->waits_for_first_consumer = text_equal(json_raw(r, object, "volumeBindingMode"), "WaitForFirstConsumer");
	class->reclaim = (enum reclaim_policy)json_choice(r, object, "reclaimPolicy", policies, RECLAIM_DELETE);
	return &class->meta;
}
