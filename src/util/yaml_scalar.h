/* What a plain scalar stands for: the resolver of YAML 1.1 as client-go's YAML library applies it. */
#pragma once

#include "clusterutils/util/yaml.h"

/* Sets type, flag and number of a node whose text is set. */
void yaml_resolve_plain(struct yaml_node *node);
