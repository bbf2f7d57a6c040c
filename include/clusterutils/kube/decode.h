/* The bytes of one object -> the struct in the cluster. The only place that knows the JSON of Kubernetes' kinds. */
#pragma once

#include "clusterutils/model/cluster.h"
#include "clusterutils/util/arena.h"

/* Memory that is used again for each object. All zero is ready for use. */
struct decoder {
	struct arena scratch;
	struct arena sums; /* what is needed of one object until it is in the store */
};

void decoder_release(struct decoder *decoder);

/* Decodes an object, whose text is followed by a NUL, and puts it into the cluster. Where it is not valid, the cluster
 * is left as it was and the error names the object, the field and the cause:
 * "Pod web/shop-1: spec.containers[0].resources.requests.cpu: …". */
int decode_json(struct decoder *decoder, enum kind kind, const char *json, size_t length, struct cluster *cluster,
	struct error *err) MUST_USE;
