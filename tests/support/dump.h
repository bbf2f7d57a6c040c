/* All that the store knows of the objects of a kind, field by field, as text: two clusters hold equal structs where
 * their texts are equal, and the first line that differs says which field is not. */
#pragma once

#include "clusterutils/model/cluster.h"
#include "clusterutils/util/buffer.h"

/* In the order in which the objects were put. Texts stand in quotes, NULL without; lists one item a line. */
void dump_kind(const struct cluster *cluster, enum kind kind, struct buffer *out);
