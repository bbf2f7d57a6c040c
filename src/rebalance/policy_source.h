/* Where the policy comes from: --policy FILE, --policy - or --policy cm/NAMESPACE/NAME; where none is given, that of
 * the descheduler that is installed in the cluster, and where none is, policy_builtin().
 *
 *	struct policy_search search;
 *	struct policy_found found = { 0 };
 *
 *	if (policy_source_begin(&search, invocation, session, given, err) < 0)
 *		return -1;
 *	session_read(…);		the lists, in the same pass over a dump
 *	if (policy_source_finish(&search, &found, err) < 0)
 *		…
 *
 * An installed descheduler is known by what its manifests give its ConfigMap: the Helm chart the label
 * app.kubernetes.io/name=descheduler, kubernetes/base the place kube-system/descheduler-policy-configmap and no label.
 * Of those only what has a policy counts: a key policy.yaml, or one key alone that speaks of a DeschedulerPolicy.
 * Source: sigs.k8s.io/descheduler charts/descheduler, kubernetes/base, v0.36.0. */
#pragma once

#include "clusterutils/command/command.h"
#include "clusterutils/kube/access.h"
#include "clusterutils/kube/config_map.h"
#include "clusterutils/rebalance/policy.h"

enum policy_origin {
	POLICY_OF_FILE,
	POLICY_OF_STDIN,
	POLICY_OF_CONFIG_MAP, /* that was named */
	POLICY_INSTALLED,     /* ConfigMap of the descheduler in the cluster */
	POLICY_BUILT_IN,
};

/* All of it lives in its arena, and is clean text but for the policy's own. */
struct policy_found {
	enum policy_origin origin;
	const char *name; /* as messages show it: "cm/kube-system/descheduler, key policy.yaml", "built in" */
	const char *file; /* before a line number: "policy.yaml", "cm/kube-system/descheduler" */
	const char *text;
	size_t length;
	const char *warning; /* one sentence: why an installed one was not looked for; NULL for none */
	struct arena arena;
};

/* What is under way. Stays in place until policy_source_finish or policy_search_release. */
struct policy_search {
	struct config_maps named, labelled;
	bool is_asked;
	struct policy_found found; /* where nothing needs to be asked */
};

/* Whether this --policy (NULL for none given) is to be looked for in a cluster, or a dump, or the demo. */
bool policy_source_needs_cluster(const char *given);

/* Fails with ERROR_USAGE where a ConfigMap cannot be called so. policy_source_begin checks it too; this is for before a
 * session is opened. */
int policy_source_check(const char *given, struct error *err) MUST_USE;

/* What that takes, for --print-rbac: how many rights were added. */
size_t policy_source_rights(const char *given, struct right *ret_rights);

/* Reads a file at once, and asks for a ConfigMap. The session may be NULL where no cluster is needed. Fails with
 * ERROR_USAGE where there is no such file, where the name of a ConfigMap cannot be one, and where both the policy and
 * --from are standard input. */
int policy_source_begin(struct policy_search *search, const struct invocation *invocation,
	const struct session *session, const char *given, struct error *err) MUST_USE;

/* Waits for the answer. Fails where the named ConfigMap is not there, may not be read or has no policy, and with
 * ERROR_USAGE where several deschedulers are installed. Releases the search. */
int policy_source_finish(struct policy_search *search, struct policy_found *ret_found, struct error *err) MUST_USE;

/* Both at once. */
int policy_source_load(const struct invocation *invocation, const struct session *session, const char *given,
	struct policy_found *ret_found, struct error *err) MUST_USE;

/* Gives up. One that is all zero, or was finished, may be released, too. */
void policy_search_release(struct policy_search *search);
void policy_found_release(struct policy_found *found);
#define AUTO_POLICY_FOUND CLEANUP(policy_found_release) struct policy_found
