/* The demo's controllers: what makes pods, and keeps count of them.
 *
 * Each looks at what there is and does the next step towards what is wanted, as the real ones do; looking twice does
 * no harm. They are told of pods and of objects that were written, and look a second later. */
#pragma once

#include "clusterutils/model/pod.h"
#include "world.h"

/* Of what began before the demo did: only the schedules of CronJobs. */
void demo_control_begin(struct demo_world *world);

/* A pod became ready or unready, ended or began to end; or is about to be removed. */
void demo_control_pod_changed(struct demo_world *world, struct demo_object *pod);
void demo_control_pod_gone(struct demo_world *world, struct demo_object *pod);

/* An object was made or written to from outside; `before` is its old tree, NULL for a new one. */
void demo_control_written(struct demo_world *world, struct demo_object *object, const cJSON *before);

/* Removes the object, and what it owns after it. Of pods see pod.h. */
void demo_control_delete(struct demo_world *world, struct demo_object *object);

/* Looks at the object in a second. */
void demo_control_wake(struct demo_world *world, const struct demo_object *object);

/* --- among the controllers --- */

/* The pods of a controller. */
struct demo_tally {
	int64_t active, ready; /* active: neither ended nor about to */
	int64_t stopping;
	int64_t succeeded, failed;
};
struct demo_tally demo_tally_of(struct demo_world *world, const char *uid);
const struct pod *demo_pods_of(struct demo_world *world, const char *uid); /* linked by by_owner.next */
struct demo_object *demo_object_of_pod(struct demo_world *world, const struct pod *pod);

/* status.NAME, left out where it is 0, as Go does. True where that changed it. */
bool demo_count_set(cJSON *status, const char *name, int64_t count);

void demo_control_report(struct demo_world *world, struct demo_object *about, const char *component, const char *reason,
	const char *format, ...) PRINTF_LIKE(5, 6);

demo_action demo_deployment_look, demo_replica_set_look, demo_stateful_set_look, demo_daemon_set_look, demo_job_look,
	demo_budget_look;

/* Its template has changed, or it is new: `before` is the template it had, NULL for none. */
void demo_deployment_roll(struct demo_world *world, struct demo_object *deployment, const cJSON *before);
void demo_set_roll(struct demo_world *world, struct demo_object *set); /* StatefulSet, DaemonSet */
void demo_cron_job_begin(struct demo_world *world, struct demo_object *cron_job);
void demo_job_begin(struct demo_world *world, struct demo_object *job);
void demo_job_ended(struct demo_world *world, struct demo_object *job); /* for its CronJob */

/* The disruption controller looks at the budgets of the pod's namespace at once. */
void demo_budgets_look(struct demo_world *world, const char *namespace);
bool demo_budget_selects(struct demo_world *world, const struct demo_object *budget, const struct demo_object *pod);
