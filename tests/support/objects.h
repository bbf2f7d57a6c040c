/* A cluster made of short JSON, and a table as lines of text: what tests of decoders and views are written in. */
#pragma once

#include "clusterutils/model/cluster.h"
#include "clusterutils/output/table.h"
#include "clusterutils/util/buffer.h"

#define AUTO_CLUSTER CLEANUP(cluster_release) struct cluster
#define AUTO_TABLE   CLEANUP(table_release) struct table

/* Decodes an object, written with ' for ". The first returns what decode_object does; the second ends the test where the
 * object is not valid. */
int objects_try(struct cluster *cluster, enum kind kind, const char *text, struct error *err) MUST_USE;
void objects_put(struct cluster *cluster, enum kind kind, const char *text);

/* The cells of the columns whose keys are given ("node state cpu"), a line a row, a blank between cells. Rows are
 * indented by their depth; '+' begins a subtotal and '=' the total. */
void objects_rows(const struct table *table, const char *keys, int64_t now, struct buffer *out);

/* The cell, or the end of the test where the table has no such row or column. */
const struct cell *objects_cell(const struct table *table, size_t row, const char *key);
