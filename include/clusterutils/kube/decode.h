/* The bytes of one object -> the struct in the cluster. One decoder a kind serves both wire formats (src/kube/value.h):
 * equal objects give equal structs. */
#pragma once

#include "clusterutils/kube/wire.h"
#include "clusterutils/model/cluster.h"
#include "clusterutils/util/arena.h"

enum { RESOURCE_VERSION_SIZE = 64 };

/* Which object it is, whatever its kind. Texts live until the decoder's next call. */
struct identity {
	const char *name, *namespace; /* NULL where absent */
	const char *uid;              /* "" where absent */
	const char *resource_version; /* "" where absent */
	bool ends_initial_events;     /* annotation k8s.io/initial-events-end: "true", of a bookmark */
};

/* Memory that is used again for each object. All zero is ready for use. */
struct decoder {
	struct arena scratch;
	struct arena sums;                            /* what is needed of one object until it is in the store */
	char resource_version[RESOURCE_VERSION_SIZE]; /* of the last object decoded; "" where it has none */
};

void decoder_release(struct decoder *decoder);

/* Decodes an object and puts it into the cluster. JSON text is followed by a NUL; protobuf is the bare message, without
 * the k8s envelope. Where it is not valid, the cluster is left as it was and the error names the object, the field and
 * the cause: "Pod web/shop-1: spec.containers[0].resources.requests.cpu: …". */
int decode_object(struct decoder *decoder, enum kind kind, enum wire wire, const char *bytes, size_t length,
	struct cluster *cluster, struct error *err) MUST_USE;

/* The metadata alone: of an object that is deleted, of a bookmark. */
int decode_identity(struct decoder *decoder, enum wire wire, const char *bytes, size_t length,
	struct identity *ret_identity, struct error *err) MUST_USE;
