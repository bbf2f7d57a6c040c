/* Where the demo's scheduler puts a pod: Ready, schedulable, tolerated taints, node selector, required node affinity,
 * the nodes of its volumes, room by requests; of those the one with the most room left, rather one that has the
 * images and no pod of the same controller. A likeness of kube-scheduler, enough for a demo: no preemption, no
 * topology spread constraints, no affinity between pods. */
#pragma once

#include "world.h"

/* The node, or NULL; `message` says then why, as kube-scheduler does. */
const struct node *demo_place(struct demo_world *world, struct demo_object *pod, struct buffer *message);

/* Whether a pod of this specification belongs on the node, whatever room there is: for DaemonSets. Taints that say
 * that a node is not to be used for now do not count. */
bool demo_place_suits(const cJSON *pod_spec, const struct node *node);
