/* A pod's way into the demo's world and out of it. In between it is the kubelet's (kubelet.h). */
#pragma once

#include "world.h"

/* A pod of a controller's template. Its name is `name`, or made of the owner's (NULL). With a node it is that node's
 * at once, as a DaemonSet's pods are. */
struct demo_object *demo_pod_create(
	struct demo_world *world, struct demo_object *owner, const cJSON *template, const char *name, const char *node);

/* What the API server's admission adds to a pod that is to be created. */
void demo_pod_default(struct demo_world *world, cJSON *pod);

/* A pod that was just added: the scheduler finds it, or the kubelet of the node that it names. */
void demo_pod_begin(struct demo_world *world, struct demo_object *pod);

/* Ends it, gracefully where it runs. The object may be gone afterwards. */
void demo_pod_delete(struct demo_world *world, struct demo_object *pod, int64_t grace_seconds);
enum { DEMO_GRACE_DEFAULT = -1 };

/* The scheduler looks again at whatever waits for a node: something has become free. */
void demo_pods_retry(struct demo_world *world);
void demo_pods_begin(struct demo_world *world); /* of what waited before the demo began */

bool demo_pod_is_stopping(struct demo_object *pod); /* deletionTimestamp, or Succeeded or Failed */
bool demo_pod_is_ready(struct demo_object *pod);

/* status.conditions: sets one, with the moment where it changes. reason NULL for none. */
void demo_condition_set(
	struct demo_world *world, struct demo_object *object, const char *type, bool is_true, const char *reason);
