/* Meters of power, read from a Prometheus into the store: once, or for as long as one looks.
 *
 * Made to run beside a sync on the same transport: power_turn starts what is due and takes in what is done, and never
 * waits. No question is asked more often than every POWER_POLL_MS, what changes slowly less often, and two at a time.
 * Where Prometheus stops answering the meters stay as they were, and metering.error says why.
 *
 * The default series are those of easimon/shelly-exporter v3.0.0. Its shelly_meter_overpower_watts is not the draw but
 * what a plug measured above its limit, mostly 0: a query of one's own that has no series, or is 0 all the time, is
 * held against the default. */
#pragma once

#include "clusterutils/kube/transport.h"
#include "clusterutils/model/cluster.h"

enum {
	POWER_POLL_MS = 15000,
	POWER_HISTORY_SECONDS = 3600,
	POWER_HISTORY_STEP = 60,
	POWER_MAX_METERS = 4096, /* the rest is left out, with a warning */
};

#define POWER_QUERY  "shelly_meter_power_current_watts"
#define ENERGY_QUERY "shelly_meter_power_watthours_total"

/* Which nodes a meter feeds that is not called as one of them. */
struct power_scope {
	const char *meter;
	const char *const *nodes;
	size_t node_count;
};

struct power_options {
	const char *path;   /* of the service: see prometheus_path */
	const char *query;  /* PromQL, gives watts; NULL for POWER_QUERY */
	const char *energy; /* a counter of watt hours with the same labels; NULL for ENERGY_QUERY */
	enum meter_class class;
	const struct power_scope *scopes;
	size_t scope_count;
	bool is_detailed; /* besides what is drawn now: energy, and when it was measured */
};

struct power;

/* The options and the store stay in place until power_free. A meter is called as its series' label name, node,
 * node_name, instance (without the port) or address says, and feeds the node of that name unless a scope says more.
 * Several series of one name, the channels of a plug, are one meter. */
struct power *power_new(struct transport *transport, const struct power_options *options, struct cluster *cluster);
void power_free(struct power *power); /* NULL-safe; gives up what is under way */

/* Returns the milliseconds until it wants to be called again, at most timeout_ms. */
int power_turn(struct power *power, int timeout_ms);

/* Whether the store's meters have changed since it was last asked. */
bool power_has_changed(struct power *power);

/* Every question has been answered, or has failed, at least once. */
bool power_is_complete(const struct power *power);

/* Waits until it is complete: not longer than PROMETHEUS_TIMEOUT_MS where Prometheus does not answer at all. */
void power_complete(struct power *power);

/* For CLEANUP. */
static inline void power_release(struct power **power)
{
	power_free(*power);
	*power = NULL;
}
