/* The formats of output/print.h, a file each. */
#pragma once

#include "clusterutils/output/print.h"

void print_text(const struct table *table, const struct print_options *options, struct buffer *out);
void print_data(const struct table *table, const struct print_options *options, struct buffer *out); /* JSON, YAML */
void print_csv(const struct table *table, const struct print_options *options, struct buffer *out);
