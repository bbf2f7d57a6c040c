#include "summary.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "clusterutils/demo/demo.h"
#include "clusterutils/util/quote.h"
#include "clusterutils/util/text.h"
#include "clusterutils/util/timestamp.h"
#include "usage.h"

enum {
	UPTIME_SECONDS = 40 * 86400, /* of every node, at the beginning */
	MOST_PRESSURE = 42000,
};

/* KubeletPSI is off by default before 1.34. */
static const char old_kubelet[] = "v1.33.", without_psi[] = "jakku";

/* --- pressure, in thousandths of a per cent --- */

static int64_t around(int64_t value, uint64_t key, int64_t moment, int64_t seconds)
{
	return value * (2000 + demo_noise(key, moment, seconds)) / 2000;
}

/* Grows with the square of what is used above a fifth. */
static int64_t of_cpu(const struct demo_node_usage *node, const struct amounts *all)
{
	int64_t share = all->cpu > 1000 ? node->usage.cpu / (all->cpu / 1000) : 0;

	return share > 200 ? (share - 200) * (share - 200) / 16 : 0;
}

static int64_t rising(const struct demo_node_usage *node, int64_t each_second, int64_t calm)
{
	int64_t pressure = calm + 6000 + node->pressed_for * each_second;

	if (node->pressed_for < 0)
		return calm;
	return pressure < MOST_PRESSURE ? pressure : MOST_PRESSURE;
}

static void add_milli(struct buffer *out, const char *name, int64_t value)
{
	buffer_printf(out, "\"%s\":", name);
	buffer_add_milli(out, value / 10 * 10);
	buffer_add_char(out, ',');
}

static void add_level(struct buffer *out, const char *name, const int64_t *averages, int64_t total)
{
	buffer_printf(out, "\"%s\":{", name);
	add_milli(out, "avg10", averages[0]);
	add_milli(out, "avg60", averages[1]);
	add_milli(out, "avg300", averages[2]);
	buffer_printf(out, "\"total\":%" PRId64 "}", total);
}

/* `averages` of some; of full it is so many hundredths of them. */
static void add_psi(struct buffer *out, const struct demo_world *world, const struct demo_node_usage *node,
	const struct node_entry *entry, const int64_t averages[3], int64_t full_hundredths)
{
	int64_t some[3] = { 0 }, full[3] = { 0 };
	int64_t seconds = node->sampled - world->start + UPTIME_SECONDS;
	bool is_measured = !text_equal(entry->name, without_psi);

	if (entry->node->kubelet && text_starts_with(entry->node->kubelet, old_kubelet))
		return;
	for (int i = 0; i < 3 && is_measured; i++) {
		some[i] = averages[i];
		full[i] = averages[i] * full_hundredths / 100;
	}
	buffer_add_text(out, ",\"psi\":{");
	add_level(out, "full", full, is_measured ? seconds * 20 * full_hundredths : 0);
	buffer_add_char(out, ',');
	add_level(out, "some", some, is_measured ? seconds * (int64_t)(2000 + node->key % 3000) : 0);
	buffer_add_char(out, '}');
}

/* --- the summary --- */

static void add_usage(const struct amounts *usage, int64_t taken, struct buffer *out)
{
	char time[TIMESTAMP_SIZE];

	timestamp_text(taken, time);
	buffer_printf(out,
		"\"cpu\":{\"time\":\"%s\",\"usageNanoCores\":%" PRId64
		"},\"memory\":{\"time\":\"%s\",\"workingSetBytes\":%" PRId64 "}",
		time, usage->cpu, time, usage->memory / 1024 * 1024);
}

static void add_node(const struct demo_world *world, const struct node_entry *entry, const struct demo_node_usage *node,
	struct buffer *out)
{
	const int64_t at = node->sampled, calm = 150;
	const int64_t busy = of_cpu(node, &entry->node->allocatable);
	const int64_t cpu[] = { around(busy, node->key + 20, at, 10), around(busy, node->key + 21, at, 60),
		around(busy, node->key + 22, at, 300) };
	const int64_t memory[] = { rising(node, 900, around(calm, node->key + 23, at, 10)),
		rising(node, 500, around(calm, node->key + 24, at, 60)),
		rising(node, 100, around(calm, node->key + 25, at, 300)) };
	const int64_t io[] = { memory[0] / 3 + around(5 * calm, node->key + 26, at, 10),
		memory[1] / 3 + around(5 * calm, node->key + 27, at, 60),
		memory[2] / 3 + around(5 * calm, node->key + 28, at, 300) };
	char time[TIMESTAMP_SIZE];

	timestamp_text(node->taken, time);
	buffer_printf(out, "{\"node\":{\"nodeName\":\"%s\",\"cpu\":{\"time\":\"%s\",\"usageNanoCores\":%" PRId64,
		entry->name, time, node->usage.cpu);
	add_psi(out, world, node, entry, cpu, 0);
	buffer_printf(out, "},\"memory\":{\"time\":\"%s\",\"workingSetBytes\":%" PRId64, time,
		node->usage.memory / 1024 * 1024);
	add_psi(out, world, node, entry, memory, 60);
	buffer_printf(out, "},\"io\":{\"time\":\"%s\"", time);
	add_psi(out, world, node, entry, io, 70);
	buffer_add_text(out, "}},\"pods\":[");
}

static bool add_pod(const struct demo_world *world, const struct pod *pod, bool is_first, struct buffer *out)
{
	struct demo_container_usage containers[DEMO_MAX_CONTAINERS];
	struct amounts sum = { 0, 0 };
	int64_t taken;
	size_t count = demo_usage_of_pod(world, pod, containers, &taken);

	if (!count)
		return false;
	buffer_printf(out, "%s{\"podRef\":{\"name\":\"%s\",\"namespace\":\"%s\",\"uid\":\"%s\"},\"containers\":[",
		is_first ? "" : ",", pod->meta.name, pod->meta.namespace, pod->meta.uid);
	for (size_t i = 0; i < count; i++) {
		buffer_printf(out, "%s{\"name\":", i ? "," : "");
		quote_json(out, containers[i].name, strlen(containers[i].name));
		buffer_add_char(out, ',');
		add_usage(&containers[i].usage, taken, out);
		buffer_add_char(out, '}');
		sum.cpu += containers[i].usage.cpu;
		sum.memory += containers[i].usage.memory / 1024 * 1024; /* as each of them is told */
	}
	buffer_add_text(out, "],");
	add_usage(&sum, taken, out);
	buffer_add_char(out, '}');
	return true;
}

static void answer(struct demo_world *world, struct request *request, const struct node_entry *entry)
{
	struct demo_node_usage usage;
	AUTO_BUFFER out = { 0 };
	bool is_first = true;

	if (!demo_usage_of_node(world, entry->name, &usage)) {
		demo_refuse(request, &(struct demo_refusal){ .code = 503, .reason = "ServiceUnavailable" },
			"error trying to reach service: dial tcp %s:10250: i/o timeout",
			entry->node->internal_ip ? entry->node->internal_ip : entry->name);
		return;
	}
	add_node(world, entry, &usage, &out);
	for (const struct pod *pod = entry->pods; pod; pod = pod->by_node.next)
		if (add_pod(world, pod, is_first, &out))
			is_first = false;
	buffer_add_text(&out, "]}");
	demo_answer_whole(request, 200, out.bytes, out.length);
}

bool demo_summary_serve(struct demo_world *world, struct request *request)
{
	static const char nodes[] = "/api/v1/nodes/", summary[] = "/proxy/stats/summary";
	const struct node_entry *entry;
	const char *name;
	char node[256];
	size_t length;

	if (!text_starts_with(request->path, nodes) || !text_ends_with(request->path + strlen(nodes), summary))
		return false;
	name = request->path + strlen(nodes);
	length = strlen(name) - strlen(summary);
	snprintf(node, sizeof(node), "%.*s", (int)(length < sizeof(node) ? length : sizeof(node) - 1), name);
	if (!text_equal(request->verb, "GET")) {
		demo_refuse_method(request);
		return true;
	}
	demo_world_begin(world);
	entry = cluster_find_node(demo_store_cluster(&world->store), node);
	if (entry && entry->node)
		answer(world, request, entry);
	else
		demo_refuse_not_found(request, KIND_NODE, node);
	return true;
}
