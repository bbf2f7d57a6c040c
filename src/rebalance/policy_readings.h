/* What the Prometheus queries of a policy say of the nodes.
 *
 * A descheduler asks the policy's URL itself; here its Service is asked through the API server, with the user's own
 * credentials: so the URL must be that of a Service, and the policy's token is not needed. */
#pragma once

#include "clusterutils/command/command.h"
#include "clusterutils/rebalance/plan.h"

struct policy_readings {
	struct node_readings *items; /* one for each query */
	size_t count;
	struct arena arena;
};

/* Asks and waits. What goes wrong is each query's problem, and no failure. */
void policy_readings_read(const struct session *session, const struct policy *policy, struct policy_readings *ret);
void policy_readings_release(struct policy_readings *readings);
#define AUTO_POLICY_READINGS CLEANUP(policy_readings_release) struct policy_readings

/* "http://NAME.NAMESPACE.svc.cluster.local:PORT/PREFIX" -> "NAMESPACE/NAME:PORT/PREFIX", as prometheus_path takes it.
 * Fails with ERROR_USAGE for any other host. */
int policy_readings_service(const char *url, struct buffer *ret_service, struct error *err) MUST_USE;
