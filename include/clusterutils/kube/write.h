/* The one door through which the cluster is changed: evict, patch, create, delete.
 *
 * Each write is one request that is started, moves on with the transport's steps and is done; many may be under way. It
 * names the object that was looked at: an eviction or deletion carries the uid, so that a successor of the same name is
 * never hit. Nothing is sent twice: what an answer of 429 or a lost connection means is for the planner of the change.
 *
 * Source: k8s.io/api/policy/v1 (Eviction), k8s.io/kubernetes/pkg/registry/core/pod/storage/eviction.go, v0.34. */
#pragma once

#include "clusterutils/kube/collect.h"
#include "clusterutils/kube/path.h"
#include "clusterutils/kube/transport.h"
#include "clusterutils/util/buffer.h"

struct write_options {
	const char *field_manager; /* at most 128 characters; "clusterutils-rebalance" */
	bool dry_run;              /* the server checks and answers, and changes nothing */
};

enum write_outcome {
	WRITE_UNDER_WAY,
	WRITE_DONE,
	WRITE_GONE,        /* there is no such object, or another one has its name */
	WRITE_BLOCKED,     /* a PodDisruptionBudget does not allow it now */
	WRITE_BUSY,        /* the server asks to come again later: see request.api_status.retry_after_seconds */
	WRITE_TERMINATING, /* its namespace is being deleted: come again, until it is gone */
	WRITE_CONFLICT,    /* it was changed meanwhile, or exists already */
	WRITE_FORBIDDEN,
	WRITE_FAILED, /* request.error tells; after a lost connection it may have happened all the same */
};

enum patch_type { PATCH_MERGE, PATCH_STRATEGIC, PATCH_JSON }; /* strategic: not for custom resources */

/* Stays in place until it is done. */
struct write {
	struct request request;
	struct buffer body, answer; /* the answer: the object as it is now, as JSON; empty after an eviction */
	struct collector collector;
	char path[PATH_SIZE];
	bool is_eviction;
};

void write_release(struct write *write); /* only when it is done */

void write_evict(struct write *write, struct transport *transport, const struct write_options *options,
	const char *namespace, const char *name, const char *uid, int64_t grace_seconds);

/* `patch` is JSON: an object, or for PATCH_JSON an array of operations, of which a "test" comes first. */
void write_patch(struct write *write, struct transport *transport, const struct write_options *options, enum kind kind,
	const char *namespace, const char *name, enum patch_type type, const char *patch);

/* `object` is JSON of that kind. */
void write_create(struct write *write, struct transport *transport, const struct write_options *options, enum kind kind,
	const char *namespace, const char *object);

void write_delete(struct write *write, struct transport *transport, const struct write_options *options, enum kind kind,
	const char *namespace, const char *name, const char *uid, int64_t grace_seconds);

enum write_outcome write_outcome(const struct write *write);

/* Steps the transport until it is done. */
enum write_outcome write_wait(struct write *write, struct transport *transport);

#define WRITE_GRACE_DEFAULT INT64_C(-1) /* as the pod itself says */
