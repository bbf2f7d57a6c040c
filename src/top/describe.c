#include "describe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cells.h"
#include "clusterutils/model/image.h"
#include "clusterutils/output/print.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"

enum { EVENTS_SHOWN = 50, LABEL_COLUMNS = 18 };

struct writer {
	const struct feed *feed;
	const struct view_options *options;
	int64_t now;
	struct pager *page;
	struct arena scratch;
};

/* --- lines --- */

static void heading(struct writer *w, const char *text)
{
	pager_add(w->page, ROLE_PLAIN, "");
	pager_add(w->page, ROLE_STRONG, text);
}

static void line(struct writer *w, enum role role, const char *name, const char *text)
{
	pager_add(w->page, role, arena_printf(&w->scratch, "%-*s %s", LABEL_COLUMNS, name, text ? text : "-"));
}

/* A cell as the tables show it, with its meaning. */
static void cell_line(struct writer *w, const char *name, struct cell cell)
{
	static const struct column column = { .key = "", .header = "" };

	line(w, cell.role, name, cell_format(&cell, &column, w->now, &w->scratch));
}

static void labels_lines(struct writer *w, const char *title, const struct labels *labels)
{
	if (!labels || !labels->count)
		return;
	heading(w, title);
	for (size_t i = 0; i < labels->count; i++)
		pager_add(w->page, ROLE_PLAIN,
			arena_printf(&w->scratch, "  %s=%s", labels->items[i].key, labels->items[i].value));
}

static void gone(struct writer *w, const char *what, const char *name)
{
	pager_add(w->page, ROLE_WARNING, arena_printf(&w->scratch, "%s %s is no longer there", what, name));
}

static void age_line(struct writer *w, const struct meta *meta)
{
	cell_line(w, "Age", meta->created == TIME_NONE ? cell_unknown() : cell_time(meta->created));
	if (meta->deleted != TIME_NONE)
		cell_line(w, "Deleted since", cell_time(meta->deleted));
}

/* A table below a heading, as `top` prints it. */
static void table_lines(
	struct writer *w, const char *title, const struct view *view, const struct view_options *options)
{
	CLEANUP(table_release) struct table table = { 0 };
	struct print_options print = { .format = OUTPUT_TABLE, .now = w->now };
	AUTO_BUFFER text = { 0 };
	struct error ignored;

	if (view->build(&w->feed->cluster, options, &table, &ignored) < 0)
		return;
	heading(w, title);
	if (!table.row_count) {
		pager_add(w->page, ROLE_MUTED, "  none");
		return;
	}
	table.summary_count = 0;
	table_print(&table, &print, &text);
	pager_add_text(w->page, ROLE_PLAIN, buffer_text(&text));
}

/* --- events --- */

static void event_lines(struct writer *w, const char *kind, const char *namespace, const char *name)
{
	const struct cluster *cluster = &w->feed->cluster;
	size_t shown = 0;

	for (size_t i = 0; i < cluster_count(cluster, KIND_EVENT) && shown < EVENTS_SHOWN; i++) {
		const struct event *event = CLUSTER_ITEM(cluster, KIND_EVENT, struct event, i);
		struct cell seen = cell_time(event->last_seen);
		static const struct column column = { .key = "", .header = "" };

		if (!text_equal(event->object_kind, kind) || !text_equal(event->object_name, name) ||
			(*namespace && !text_equal(event->object_namespace, namespace)))
			continue;
		if (shown++ == 0)
			heading(w, "Events");
		pager_add(w->page, text_equal(event->type, "Warning") ? ROLE_WARNING : ROLE_PLAIN,
			arena_printf(&w->scratch, "  %-8s %-7s x%-4u %-20s %s",
				event->last_seen == TIME_NONE ? "?" : cell_format(&seen, &column, w->now, &w->scratch),
				event->type ? event->type : "", event->count ? event->count : 1,
				event->reason ? event->reason : "", event->message ? event->message : ""));
	}
}

/* --- one function a kind --- */

static const char *condition_text(enum condition_status status)
{
	static const char *const texts[] = { [CONDITION_ABSENT] = "-",
		[CONDITION_TRUE] = "True",
		[CONDITION_FALSE] = "False",
		[CONDITION_UNKNOWN] = "Unknown" };

	return texts[status];
}

static void condition_line(struct writer *w, const char *name, enum condition_status status, enum condition_status good)
{
	line(w, status == good || status == CONDITION_ABSENT ? ROLE_PLAIN : ROLE_BAD, name, condition_text(status));
}

static void conditions_lines(struct writer *w, const struct node *node)
{
	heading(w, "Conditions");
	condition_line(w, "  Ready", node->ready, CONDITION_TRUE);
	condition_line(w, "  MemoryPressure", node->memory_pressure, CONDITION_FALSE);
	condition_line(w, "  DiskPressure", node->disk_pressure, CONDITION_FALSE);
	condition_line(w, "  PIDPressure", node->pid_pressure, CONDITION_FALSE);
	condition_line(w, "  NetworkUnavail.", node->network_unavailable, CONDITION_FALSE);
}

/* "  cpu some          0.42  0.31  0.20": per cent of the last 10, 60 and 300 seconds. */
static void level_line(struct writer *w, const char *name, const char *what, const struct pressure_level *level)
{
	const int64_t values[] = { level->avg10, level->avg60, level->avg300 };
	AUTO_BUFFER text = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		if (values[i] == PRESSURE_UNKNOWN)
			buffer_printf(&text, "%8s", "?");
		else
			buffer_printf(&text, "%5lld.%02lld", (long long)(values[i] / 1000),
				(long long)(values[i] % 1000 / 10));
	}
	line(w, ROLE_PLAIN, arena_printf(&w->scratch, "  %s %s", name, what), buffer_text(&text));
}

static void pressure_lines(struct writer *w, const struct pressure *pressure)
{
	if (!pressure)
		return;
	heading(w, "Pressure: % of the time that tasks waited");
	line(w, ROLE_MUTED, "", "     10s     60s    300s");
	for (int i = 0; i < PRESSURE_RESOURCES; i++) {
		const char *name = pressure_resource_text((enum pressure_resource)i);

		level_line(w, name, "some", &pressure->of[i].some);
		level_line(w, name, "full", &pressure->of[i].full);
	}
}

static void survey_line(struct writer *w, const struct survey *survey)
{
	if (!survey->is_asked)
		return;
	line(w, survey->error.code ? ROLE_BAD : ROLE_PLAIN, "kubelets",
		arena_printf(&w->scratch, "%zu of %zu answered%s%s", survey->answered, survey->nodes,
			survey->error.code ? ": " : "", survey->error.code ? survey->error.message : ""));
}

static void resources_lines(struct writer *w, const struct resource_list *list)
{
	char text[QUANTITY_TEXT_SIZE];

	heading(w, "Allocatable");
	for (size_t i = 0; list && i < list->count; i++)
		line(w, ROLE_PLAIN, arena_printf(&w->scratch, "  %s", list->items[i].name),
			quantity_text(&list->items[i].quantity, text));
}

static void taints_lines(struct writer *w, const struct taint_list *taints)
{
	if (!taints || !taints->count)
		return;
	heading(w, "Taints");
	for (size_t i = 0; i < taints->count; i++) {
		const struct taint *taint = &taints->items[i];

		pager_add(w->page, ROLE_PLAIN,
			arena_printf(&w->scratch, "  %s%s%s:%s", taint->key, *taint->value ? "=" : "", taint->value,
				taint_effect_text((enum taint_effect)taint->effect)));
	}
}

static void describe_node(struct writer *w, const struct frame_id *id)
{
	const struct node_entry *entry = cluster_find_node(&w->feed->cluster, id->name);
	const struct node *node = entry ? entry->node : NULL;
	struct view_options options = *w->options;
	struct node_usage usage = { 0 };

	if (!node) {
		gone(w, "node", id->name);
		return;
	}
	node_usage_add(&usage, node, &entry->sample.usage);
	line(w, ROLE_STRONG, "Node", id->name);
	line(w, ROLE_PLAIN, "State", node_state_text(node_state(node)));
	line(w, ROLE_PLAIN, "Schedulable", node->unschedulable ? "no: cordoned" : "yes");
	line(w, ROLE_PLAIN, "Architecture", node->arch);
	line(w, ROLE_PLAIN, "Operating system", node->os_image);
	line(w, ROLE_PLAIN, "Kernel", node->kernel);
	line(w, ROLE_PLAIN, "Kubelet", node->kubelet);
	line(w, ROLE_PLAIN, "Internal IP", node->internal_ip);
	age_line(w, &node->meta);
	cell_line(w, "CPU% use|req|lim", cell_cpu_share(&usage, &entry->sum));
	cell_line(w, "MEM% use|req|lim", cell_memory_share(&usage, &entry->sum));
	cell_line(w, "Pods", cell_count(entry->sum.pods, node->pod_capacity));
	pressure_lines(w, entry->pressure);
	conditions_lines(w, node);
	taints_lines(w, node->taints);
	resources_lines(w, node->allocatable_resources);
	options.node = id->name;
	options.scope = (struct scope){ 0 };
	options.pod = NULL;
	table_lines(w, "Pods", &view_pods, &options);
	event_lines(w, "Node", "", id->name);
	labels_lines(w, "Labels", node->meta.labels);
}

static void pod_rare_lines(struct writer *w, const struct pod *pod)
{
	if (!pod->rare)
		return;
	if (pod->rare->message)
		line(w, ROLE_WARNING, "Message", pod->rare->message);
	if (pod->rare->nominated_node)
		line(w, ROLE_PLAIN, "Nominated node", pod->rare->nominated_node);
}

static void describe_pod(struct writer *w, const struct frame_id *id)
{
	const struct pod *pod =
		(const struct pod *)(const void *)cluster_find(&w->feed->cluster, KIND_POD, id->name, id->namespace);
	struct view_options options = *w->options;
	const struct owner *workload;

	if (!pod) {
		gone(w, "pod", id->name);
		return;
	}
	workload = cluster_workload_of(&w->feed->cluster, pod);
	line(w, ROLE_STRONG, "Pod", id->name);
	line(w, ROLE_PLAIN, "Namespace", id->namespace);
	cell_line(w, "Status", cell_pod_status(pod, &w->scratch));
	line(w, ROLE_PLAIN, "Node", pod->node);
	line(w, ROLE_PLAIN, "Workload",
		workload ? arena_printf(&w->scratch, "%s/%s", workload->kind, workload->name) : NULL);
	line(w, ROLE_PLAIN, "Priority",
		arena_printf(&w->scratch, "%d%s%s%s", (int)pod->priority, pod->priority_class ? " (" : "",
			pod->priority_class ? pod->priority_class : "", pod->priority_class ? ")" : ""));
	cell_line(w, "CPU use|req|lim", cell_pod_cpu(pod));
	cell_line(w, "MEM use|req|lim", cell_pod_memory(pod));
	age_line(w, &pod->meta);
	if (pod->reason)
		line(w, ROLE_WARNING, "Reason", pod->reason);
	pod_rare_lines(w, pod);
	options.pod = arena_printf(&w->scratch, "%s/%s", id->namespace, id->name);
	table_lines(w, "Containers", &view_containers, &options);
	labels_lines(w, "Node selector", pod->node_selector);
	event_lines(w, "Pod", id->namespace, id->name);
	labels_lines(w, "Labels", pod->meta.labels);
}

static void describe_event(struct writer *w, const struct frame_id *id)
{
	const struct event *event = (const struct event *)(const void *)cluster_find(
		&w->feed->cluster, KIND_EVENT, id->name, *id->namespace ? id->namespace : NULL);

	if (!event) {
		gone(w, "event", id->name);
		return;
	}
	line(w, text_equal(event->type, "Warning") ? ROLE_WARNING : ROLE_PLAIN, "Type", event->type);
	line(w, ROLE_PLAIN, "Reason", event->reason);
	line(w, ROLE_PLAIN, "Object",
		arena_printf(&w->scratch, "%s %s%s%s", event->object_kind ? event->object_kind : "?",
			event->object_namespace ? event->object_namespace : "", event->object_namespace ? "/" : "",
			event->object_name ? event->object_name : "?"));
	line(w, ROLE_PLAIN, "Reporter", event->reporter);
	cell_line(w, "Last seen", event->last_seen == TIME_NONE ? cell_unknown() : cell_time(event->last_seen));
	line(w, ROLE_PLAIN, "Count", arena_printf(&w->scratch, "%u", event->count ? event->count : 1));
	heading(w, "Message");
	pager_add(w->page, ROLE_PLAIN, event->message ? event->message : "-");
}

/* The row itself, and the pods that it stands for. */
/* What Enter on the row would show. */
static void pods_of(struct writer *w, const struct frame_id *id)
{
	struct view_options options = *w->options;

	options.pod = NULL;
	options.scope = (struct scope){ 0 };
	scope_of(id, &options.grouping, &w->scratch, &options.scope, &options.node);
	table_lines(w, "Pods", &view_pods, &options);
}

static void describe_tier(struct writer *w, const struct frame_id *id)
{
	const struct priority_class *class = (const struct priority_class *)(const void *)cluster_find(
		&w->feed->cluster, KIND_PRIORITY_CLASS, id->name, NULL);

	line(w, ROLE_STRONG, "Priority class", id->name);
	line(w, ROLE_PLAIN, "Value", id->namespace);
	line(w, ROLE_PLAIN, "Preempts", class ? class->never_preempts ? "never" : "lower priorities" : "?");
	line(w, ROLE_PLAIN, "Default", class && class->global_default ? "yes: of pods that name none" : "no");
	pods_of(w, id);
}

static void describe_group(struct writer *w, const struct frame_id *id)
{
	line(w, ROLE_STRONG, "Group", *id->name ? id->name : "(none)");
	pods_of(w, id);
}

static bool has_image(const struct node *node, const char *name, struct arena *arena)
{
	for (size_t i = 0; i < node->image_count; i++)
		for (size_t j = 0; node->images[i].names && j < node->images[i].names->count; j++)
			if (text_equal(image_normalize(node->images[i].names->items[j], arena), name))
				return true;
	return false;
}

static bool runs_image(const struct pod *pod, const char *name, struct arena *arena)
{
	for (size_t i = 0; i < pod->containers->count; i++)
		if (text_equal(name, image_normalize(pod->containers->items[i].image, arena)))
			return true;
	return false;
}

static void describe_image(struct writer *w, const struct frame_id *id)
{
	const struct cluster *cluster = &w->feed->cluster;

	line(w, ROLE_STRONG, "Image", id->name);
	heading(w, "Nodes that report it");
	for (size_t i = 0; i < cluster_node_count(cluster); i++) {
		const struct node_entry *entry = cluster_node(cluster, i);

		if (entry->node && has_image(entry->node, id->name, &w->scratch))
			pager_add(w->page, ROLE_PLAIN,
				arena_printf(&w->scratch, "  %-24s %s", entry->name,
					entry->node->arch ? entry->node->arch : "?"));
	}
	heading(w, "Pods that run it");
	for (size_t i = 0; i < cluster_count(cluster, KIND_POD); i++) {
		const struct pod *pod = cluster_pod(cluster, i);

		if (pod_is_active(pod) && runs_image(pod, id->name, &w->scratch))
			pager_add(w->page, ROLE_PLAIN,
				arena_printf(&w->scratch, "  %s/%s on %s", pod->meta.namespace, pod->meta.name,
					pod->node ? pod->node : "no node yet"));
	}
}

static void meter_lines(struct writer *w, const struct meter *meter)
{
	line(w, ROLE_STRONG, "Meter", meter->name);
	line(w, ROLE_PLAIN, "Source", meter_class_text(meter->class));
	cell_line(w, "Watts now", cell_watts(meter->power));
	cell_line(w, "Average of 1 h", cell_watts(meter->average));
	cell_line(w, "kWh today", cell_energy(meter->today));
	cell_line(w, "kWh this month", cell_energy(meter->month));
	cell_line(w, "Measured", meter->taken == TIME_NONE ? cell_unknown() : cell_time(meter->taken));
	line(w, ROLE_PLAIN, "Query", meter->query);
	heading(w, "Feeds");
	for (size_t i = 0; i < meter->node_count; i++)
		pager_add(w->page, ROLE_PLAIN, arena_printf(&w->scratch, "  %s", meter->nodes[i]));
}

static void describe_meter(struct writer *w, const struct frame_id *id)
{
	const struct metering *metering = &w->feed->cluster.metering;
	bool is_there = false;

	for (size_t i = 0; i < metering->count; i++) {
		if (!text_equal(metering->meters[i].name, id->name))
			continue;
		meter_lines(w, &metering->meters[i]);
		is_there = true;
	}
	if (!is_there)
		gone(w, "meter", id->name);
	if (metering->warning)
		line(w, ROLE_WARNING, "Warning", metering->warning);
}

static void describe_context(struct writer *w, const struct frame_id *id)
{
	const struct feed *feed = w->feed;

	(void)id;
	line(w, ROLE_STRONG, "Context", feed->name);
	line(w, ROLE_PLAIN, "Server", feed->server && *feed->server->version ? feed->server->version : "?");
	if (feed->state == FEED_FAILED)
		line(w, ROLE_BAD, "Error", feed->error.message);
	for (size_t i = 0; i < feed->list_count; i++) {
		const struct sync_list *list = &feed->lists[i];
		static const char *const states[] = { [SYNC_READING] = "reading",
			[SYNC_CURRENT] = "live",
			[SYNC_STALE] = "stale",
			[SYNC_FAILED] = "failed" };

		line(w, list->state == SYNC_FAILED ? ROLE_BAD : ROLE_PLAIN, kind_info(list->kind)->resource,
			arena_printf(&w->scratch, "%s, %llu read%s%s",
				list->is_paused ? "not looked at" : states[list->state],
				(unsigned long long)list->objects, list->error.code ? ": " : "",
				list->error.code ? list->error.message : ""));
	}
	survey_line(w, &feed->cluster.survey);
}

void describe(const struct feed *feed, const struct frame_id *id, const struct view_options *options, int64_t now,
	struct pager *page)
{
	static const struct {
		const char *kind;
		void (*describe)(struct writer *w, const struct frame_id *id);
	} kinds[] = {
		{ "node", describe_node },
		{ "pod", describe_pod },
		{ "event", describe_event },
		{ "tier", describe_tier },
		{ "group", describe_group },
		{ "image", describe_image },
		{ "context", describe_context },
		{ "meter", describe_meter },
	};
	struct writer w = { .feed = feed, .options = options, .now = now, .page = page };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].kind, id->kind) == 0)
			kinds[i].describe(&w, id);
	arena_release(&w.scratch);
}
