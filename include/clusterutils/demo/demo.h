/* The built-in demo cluster: an API server in memory whose cluster lives.
 *
 * Objects. YAML documents from demo/, turned into JSON and embedded when the program is built (demo/embed.c). At the
 * first moment every list gives exactly these, in their order.
 *
 * Answers. LIST, GET, WATCH, /version, discovery and lists of metrics.k8s.io, and an in-cluster Prometheus behind
 * /api/v1/namespaces/monitoring/services/http:prometheus-server:80/proxy (src/demo/prometheus.h). Pages are not cut:
 * `limit` is answered with all, as the API allows. What it does not know is a Status of 404, 405, 406, 415 or 422.
 *
 * Time. A second of the cluster is one of clock_now(), from the moment the transport was made; before the first second
 * is over nothing has changed. The state after k seconds depends on the seed, on k and on what was written when,
 * never on how often the transport was stepped. What was missed is caught up in bounded pieces, one a step; answers
 * wait for it. Metrics and watts have a new sample every DEMO_SAMPLE_SECONDS.
 *
 * Writes. As a server does them: PATCH (merge; strategic as merge, so lists are replaced; JSON patch), POST, DELETE and
 * pods/NAME/eviction with their preconditions and dryRun=All. Controllers follow: an evicted or deleted pod terminates
 * within seconds, its controller makes a successor, which is placed, pulls its image and runs. No validation beyond
 * what the program's own decoders refuse. */
#pragma once

#include <stdint.h>

#include "clusterutils/kube/transport.h"

extern const unsigned char demo_data[]; /* JSON, one object a line */
extern const unsigned long demo_data_size;

/* The moment in which it begins: 2026-03-01T12:00:00Z. */
static const int64_t demo_now = 1772366400;

enum { DEMO_SEED = 1, DEMO_SAMPLE_SECONDS = 15 };

/* Begins at clock_now(): for the demo's own time set the clock to demo_now first. */
struct transport *demo_transport_new(uint64_t seed);
