/* A view of `top`: a table built from the cluster store. Pure: the same cluster and options give the same table. */
#pragma once

#include "clusterutils/model/cluster.h"
#include "clusterutils/output/table.h"
#include "clusterutils/top/schema.h"
#include "power_sum.h"

struct frame_id;
struct glyphs;
struct history;
struct names;

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

/* Whose pods are of interest. All that is zero: everyone's. */
struct scope {
	const struct grouping *grouping; /* of the nodes whose first level_count values are these; NULL for all */
	const char *levels[GROUPING_MAX];
	size_t level_count;
	const char *tier;          /* of this priority class ("" for none), and with this value; NULL for all */
	const struct names *nodes; /* of these: ids of rows; NULL for all */
	const char *prefix;        /* of those ids, where there are several clusters; NULL for none */
	int32_t priority;
};

/* Of the row of a node, a group or a tier; *ret_node is for view_options.node. Texts live in the arena. */
void scope_of(const struct frame_id *id, const struct grouping *grouping, struct arena *arena, struct scope *ret_scope,
	const char **ret_node);
bool scope_has_pod(const struct scope *scope, const struct cluster *cluster, const struct pod *pod);

struct view_options {
	struct grouping grouping;
	struct scope scope;             /* of pods */
	const char *const *zone_labels; /* NULL-ended */
	const char *node;               /* of this node alone; NULL for all */
	const char *pod;                /* "NAMESPACE/NAME": the containers of this one */
	const struct history *history;  /* how busy the nodes were, for the screen; NULL for none */
	const struct glyphs *glyphs;    /* of the screen */
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
extern const struct view view_containers; /* of options->pod; no tab of its own */
extern const struct view view_nodes, view_tiers, view_pods, view_images, view_events, view_power;

bool view_shows_usage(const struct view *view); /* what nodes or pods use */
const struct view *const *views_all(void);      /* NULL-ended, in the order of views.def */
const struct view *view_find(const char *name);

/* In which order the kubelet of options->node would evict pods when memory runs short: see evict_order.c. */
int evict_order_build(
	const struct cluster *cluster, const struct view_options *options, struct table *ret_table, struct error *err);

/* "zone,arch", "pool", "flat", a label key. Sentence and list of what there is where it is none. */
int grouping_parse(
	const char *text, const char *const *zone_labels, struct grouping *ret_grouping, struct error *err) MUST_USE;
const char *grouping_value(const struct grouping *grouping, size_t level, const struct node *node);
