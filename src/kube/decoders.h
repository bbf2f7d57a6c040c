/* One decoder a kind, in decode_*.c. Each makes the object of what it can read; errors are noted in the reading. */
#pragma once

#include "clusterutils/kube/decode.h"
#include "clusterutils/model/namespace.h"
#include "clusterutils/model/service.h"
#include "value.h"

struct meta *decode_pod(struct reading *reading, struct value *object, struct arena *sums);
const struct placement *decode_placement(struct reading *reading, struct value *spec);
struct meta *decode_node(struct reading *reading, struct value *object);
struct meta *decode_workload(struct reading *reading, struct value *object, enum kind kind);
struct meta *decode_priority_class(struct reading *reading, struct value *object);
struct meta *decode_disruption_budget(struct reading *reading, struct value *object);
struct meta *decode_volume(struct reading *reading, struct value *object);
struct meta *decode_claim(struct reading *reading, struct value *object);
struct meta *decode_storage_class(struct reading *reading, struct value *object);
struct meta *decode_namespace(struct reading *reading, struct value *object);
struct meta *decode_service(struct reading *reading, struct value *object);
struct meta *decode_csi_node(struct reading *reading, struct value *object);
struct meta *decode_csi_driver(struct reading *reading, struct value *object);
struct meta *decode_csi_capacity(struct reading *reading, struct value *object);
struct meta *decode_volume_attachment(struct reading *reading, struct value *object);
struct meta *decode_event(struct reading *reading, struct value *object);

/* Metrics are no objects of the store: they are read into the place of the node or pod that they are of. */
struct sample decode_node_metrics(struct reading *reading, struct value *object);
struct sample decode_pod_metrics(struct reading *reading, struct value *object);

/* Fields that several kinds have. */
void decode_meta(struct reading *reading, struct meta *ret_meta); /* of reading->meta */
const struct toleration_list *decode_tolerations(struct reading *reading, struct value *spec);
const struct node_terms *decode_node_terms(struct reading *reading, struct value *node_selector);
const struct label_selector *decode_selector(struct reading *reading, struct value *selector); /* NULL for none */
const struct taint_list *decode_taints(struct reading *reading, struct value *spec);
