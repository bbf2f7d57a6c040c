/* A kubelet's stats/summary, as it arrives -> the samples and the pressure of its node in the store.
 *
 * One object {node, pods}: each pod is handed on as soon as it is there, so that memory is bounded by the largest of
 * them and not by the answer. A kubelet speaks for its own node and the pods that the store has there, and for nothing
 * else. A number that is missing, negative, no number or too large is unknown; what has no form fails the answer, and
 * then nothing is told of the node itself.
 *
 * Source: Summary of k8s.io/kubelet/pkg/apis/stats/v1alpha1, v0.36.3. */
#pragma once

#include "clusterutils/kube/framer.h"
#include "clusterutils/model/cluster.h"

enum {
	SUMMARY_MAX = 16 << 20, /* bytes of one answer; 250 pods of five containers make about 3 MiB */
};

/* Stays in its place from summary_init to summary_release. */
struct summary {
	struct cluster *cluster;
	const char *node;
	uint32_t stamp;    /* of what is put into the store */
	bool is_pods_only; /* what the node uses as a whole is not wanted */
	struct framer framer;
	struct arena scratch;
	size_t length;
	bool is_whole;
	struct sample sample;
	struct pressure pressure;
};

/* `node` stays in place as long. */
void summary_init(
	struct summary *summary, struct cluster *cluster, const char *node, uint32_t stamp, bool is_pods_only);
void summary_release(struct summary *summary);
int summary_feed(struct summary *summary, const char *bytes, size_t length, struct error *err) MUST_USE;

/* The answer is over: puts the node's own. */
int summary_finish(struct summary *summary, struct error *err) MUST_USE;
