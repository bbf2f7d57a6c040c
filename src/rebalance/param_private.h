/* What the files of the param tables share. */
#pragma once

#include <stddef.h>

#include "clusterutils/rebalance/param.h"

enum { PARAM_LITERAL_SIZE = 40 };

/* A number as Go's encoding/json writes it: the shortest digits that give it back. */
const char *param_number_text(double number, char buffer[PARAM_LITERAL_SIZE]);

/* The same of a YAML number, NULL where the node is none. Digits alone stay as they are. */
const char *param_literal(const struct yaml_node *node, char buffer[PARAM_LITERAL_SIZE]);

size_t param_distance(const char *a, const char *b);

/* A selector while it is read: what its table fills. */
struct param_label_requirement {
	unsigned line;
	const char *key, *op;
	struct param_texts values;
};

struct param_label_source {
	unsigned line;
	struct param_text_map labels;
	struct param_objects expressions; /* of struct param_label_requirement */
};
