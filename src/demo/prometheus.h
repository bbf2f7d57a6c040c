/* The demo's Prometheus, behind the API server's proxy: /api/v1/query and /api/v1/query_range, of a metric's name
 * with or without matchers, and increase, rate and avg_over_time of one with a range.
 *
 * Series, with the labels of easimon's shelly-exporter: shelly_meter_power_current_watts, a gauge;
 * shelly_meter_power_watthours_total, its integral; shelly_meter_overpower_watts, which stays 0 while nothing is
 * wrong. Whatever else is asked for is an empty vector.
 *
 * Source of the answers' shape: Prometheus 3.x, HTTP API, "Instant queries" and "Range queries". */
#pragma once

#include "clusterutils/kube/transport.h"
#include "world.h"

/* False where the path is none of the proxy's. */
bool demo_prometheus_serve(struct demo_world *world, struct request *request);
