/* A view of `top`: a table built from the cluster store. Pure: the same cluster and options give the same table. */
#pragma once

#include "clusterutils/model/cluster.h"
#include "clusterutils/output/table.h"
#include "clusterutils/top/schema.h"
#include "power_sum.h"

enum { VIEW_MAX_KINDS = 8, GROUPING_MAX = 3 };

/* By which properties the nodes are grouped, outermost first. */
struct grouping {
	struct {
		const char *name;          /* "zone", "arch", "pool", or a label key */
		const char *const *labels; /* whose first value it is; NULL for the architecture */
		const char *own_label[2];  /* for a label key */
	} levels[GROUPING_MAX];
	size_t count; /* 0: flat */
};

struct view_options {
	struct grouping grouping;
	const char *const *zone_labels; /* NULL-ended */
	const char *node;               /* of this node alone; NULL for all */
	bool selected_nodes_only;       /* pods on nodes that were not read are not of interest */
	struct tariff tariff;
	int64_t now;
};

/* Not the whole cluster: what belongs to no node is no part of it. */
static inline bool view_is_selection(const struct view_options *options)
{
	return options->node || options->selected_nodes_only;
}

struct view {
	const char *name;                /* "nodes" */
	const char *summary;             /* for the help */
	enum kind main_kind;             /* which objects -l and --field-selector select */
	enum kind kinds[VIEW_MAX_KINDS]; /* what must be read; ends with KIND_COUNT where there is room */
	enum { VIEW_NO_POWER, VIEW_POWER_NOW, VIEW_POWER_ALL } power; /* read where there is somebody to ask */
	int (*build)(const struct cluster *cluster, const struct view_options *options, struct table *ret_table,
		struct error *err);
};

/* The table is initialised by the view; *ret_table is released by the caller when build returned 0. */
extern const struct view view_nodes, view_tiers, view_pods, view_images, view_events, view_power;

const struct view *const *views_all(void); /* NULL-ended, in the order of views.def */
const struct view *view_find(const char *name);

/* In which order the kubelet of options->node would evict pods when memory runs short: see evict_order.c. */
int evict_order_build(
	const struct cluster *cluster, const struct view_options *options, struct table *ret_table, struct error *err);

/* "zone,arch", "pool", "flat", a label key. Sentence and list of what there is where it is none. */
int grouping_parse(
	const char *text, const char *const *zone_labels, struct grouping *ret_grouping, struct error *err) MUST_USE;
const char *grouping_value(const struct grouping *grouping, size_t level, const struct node *node);
