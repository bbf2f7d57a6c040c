/* Objects from the API into the cluster store: several kinds side by side. */
#pragma once

#include "clusterutils/kube/path.h"
#include "clusterutils/kube/transport.h"
#include "clusterutils/model/cluster.h"

/* What is to be read. */
struct sync_list {
	enum kind kind;
	const char *namespace;      /* NULL for all */
	const char *label_selector; /* NULL for none; judged by the server */
	const char *field_selector;

	/* Set by sync_run. */
	bool is_failed;
	struct error error;         /* why it failed */
	uint64_t objects;           /* read into the store */
	uint64_t invalid;           /* left out, because they are not valid */
	struct error first_invalid; /* what was wrong with the first of those */
};

/* Reads all lists. A list that fails says so in its place, and the others are read all the same: whether that is an
 * error is for the caller to say. */
void sync_run(struct transport *transport, struct sync_list *lists, size_t count, struct cluster *cluster);
