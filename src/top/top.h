/* The flags of `top`, and where its live view begins. */
#pragma once

#include "clusterutils/command/command.h"
#include "power_source.h"
#include "view.h"

enum { MAX_ZONE_LABELS = 16 };

struct top_options {
	const char *view;
	const char *by;
	struct option_list zone_labels;
	const char *sort;
	const char *filter;
	const char *columns;
	const char *node;
	const char *source; /* "auto", "metrics", "kubelet" */
	struct power_flags power;
	bool once;
	bool batch;
	bool strict;
	bool no_colour, no_unicode, no_mouse, no_meters, no_bar;
	bool allow_actions;
	const char *theme;
	int64_t highlight;   /* nanoseconds; 0 for not at all */
	int64_t delay;       /* nanoseconds; 0 for once */
	uint64_t iterations; /* 0 for no end */
};

/* What the views are given, and where it lives. */
struct printing {
	struct view_options view;
	const char *zone_labels[MAX_ZONE_LABELS + 1];
	int64_t iterations;
	struct power_source power;
	bool asks_kubelets; /* in place of metrics.k8s.io */
};

/* Whether kubelets are to be asked for usage: what --source says. */
bool top_asks_kubelets(const struct invocation *invocation);

/* What must be read for the view, with the selectors that were given: at most VIEW_MAX_KINDS
 * and one more. Returns how many. */
size_t top_lists(const struct view *view, const struct invocation *invocation, struct sync_list *lists);

/* Prints frames of the source that is open. *ret_complete: nothing that was asked for was missing. */
int top_print(const struct invocation *invocation, struct session *session, const struct view *view,
	struct printing *printing, bool *ret_complete, struct error *err) MUST_USE;

/* Whether this run is for a person at a terminal, who is to see the live view. */
bool top_is_live(const struct invocation *invocation);

/* The columns that are asked for are the view's: known without reading anything. */
int top_check_columns(const struct top_options *top, const struct view *view, const struct printing *printing,
	struct error *err) MUST_USE;

int top_check_theme(const struct invocation *invocation, struct error *err) MUST_USE;

/* What is printed is of one context. */
int top_check_contexts(const struct invocation *invocation, struct error *err) MUST_USE;

/* *ret_no_terminal where the terminal cannot show it, with the reason in *err. */
int top_run_live(struct invocation *invocation, const struct view *first, struct printing *printing,
	uint64_t iterations, bool *ret_no_terminal, struct error *err) MUST_USE;
