/* Writes to the demo's API server. */
#pragma once

#include "clusterutils/kube/transport.h"
#include "world.h"

void demo_write_create(struct demo_world *world, struct request *request, enum kind kind, const char *namespace);
void demo_write_patch(struct demo_world *world, struct request *request, struct demo_object *object);
void demo_write_delete(struct demo_world *world, struct request *request, struct demo_object *object);
void demo_write_evict(struct demo_world *world, struct request *request, struct demo_object *pod);
