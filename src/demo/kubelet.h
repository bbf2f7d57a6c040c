/* What the demo's kubelets do with a pod that is theirs: pull, start, watch it crash or finish. */
#pragma once

#include "world.h"

/* Binds the pod to the node (it may already name it), and takes it from there: images that the node has not got are
 * pulled, at the speed of its link; containers start; the pod becomes ready, or finishes where it is to end. */
void demo_kubelet_bind(struct demo_world *world, struct demo_object *pod, const char *node);

/* Its first container has been crashing for long, and will start again, and crash, after so many seconds. */
void demo_kubelet_crash_on(struct demo_world *world, const struct demo_object *pod, int64_t seconds);

/* Its first container ends with an error, `times` times in all, with a longer pause after each. */
void demo_kubelet_crash(struct demo_world *world, struct demo_object *pod, int64_t times);
