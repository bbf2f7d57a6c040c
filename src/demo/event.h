/* What the demo's components tell of what they do: core/v1 Events, as the real ones word them. */
#pragma once

#include "world.h"

/* Components. The kubelet's events name the node. */
#define DEMO_SCHEDULER  "default-scheduler"
#define DEMO_KUBELET    "kubelet"
#define DEMO_CONTROLLER "controller-manager"

struct demo_report {
	const struct demo_object *about;
	const char *type;      /* "Normal", "Warning" */
	const char *reason;    /* "Scheduled" */
	const char *component; /* "kubelet" */
	const char *host;      /* NULL for none */
	const char *container; /* for the fieldPath; NULL for none */
};

/* Adds the event, or counts one of the same words about the same object up. */
void demo_report(struct demo_world *world, const struct demo_report *report, const char *format, ...) PRINTF_LIKE(3, 4);

/* Events live an hour, as the API server keeps them. */
enum { DEMO_EVENT_SECONDS = 3600 };
void demo_events_begin(struct demo_world *world);
