/* What a command may do in a cluster: the least Role that it needs, and whether we have it.
 * Source: k8s.io/api/authorization/v1 (SelfSubjectAccessReview) and k8s.io/api/rbac/v1, v0.34. */
#pragma once

#include "clusterutils/kube/transport.h"
#include "clusterutils/util/buffer.h"

enum { RIGHT_MAX_VERBS = 4 };

struct right {
	const char *group;      /* "" for the core group */
	const char *resource;   /* "pods", "pods/eviction" */
	bool is_cluster_scoped; /* the resource has no namespace */
	const char *verbs[RIGHT_MAX_VERBS + 1];

	/* Set by access_review. */
	bool is_allowed;          /* all of the verbs */
	const char *missing_verb; /* the first that is not */
};

/* Adds the Role that has these rights, as YAML for kubectl apply: a ClusterRole; with a namespace a Role there, and a
 * ClusterRole for what has no namespace. */
void access_print_role(
	const struct right *rights, size_t count, const char *name, const char *namespace, struct buffer *out);

/* Asks the server for each verb, side by side. Fails where it does not answer; a right that we lack is no failure. */
int access_review(struct transport *transport, struct right *rights, size_t count, const char *namespace,
	struct error *err) MUST_USE;
