#include "summary.h"

#include <string.h>

#include "clusterutils/kube/json.h"
#include "clusterutils/util/text.h"
#include "clusterutils/util/timestamp.h"

static const struct amounts unknown = { RESOURCE_UNKNOWN, RESOURCE_UNKNOWN };

/* Whole numbers that a double holds exactly, which is all that cJSON keeps: nine million cores, eight pebibytes. */
static const double most = 9007199254740992.0;

/* --- numbers --- */

static int64_t read_number(const cJSON *object, const char *key)
{
	const cJSON *member = json_find(object, key);

	if (!cJSON_IsNumber(member) || !(member->valuedouble >= 0 && member->valuedouble <= most))
		return RESOURCE_UNKNOWN;
	return (int64_t)member->valuedouble;
}

/* A per cent, in thousandths. */
static int64_t read_percent(const cJSON *object, const char *key)
{
	const cJSON *member = json_find(object, key);

	if (!cJSON_IsNumber(member) || !(member->valuedouble >= 0 && member->valuedouble <= 100))
		return PRESSURE_UNKNOWN;
	return (int64_t)(member->valuedouble * 1000 + 0.5);
}

/* Both or none: sums keep one count of samples for both. */
static struct amounts read_usage(const cJSON *stats)
{
	struct amounts usage = {
		read_number(json_find(stats, "cpu"), "usageNanoCores"),
		read_number(json_find(stats, "memory"), "workingSetBytes"),
	};

	return usage.cpu == RESOURCE_UNKNOWN || usage.memory == RESOURCE_UNKNOWN ? unknown : usage;
}

static int64_t read_time(const cJSON *stats)
{
	const cJSON *time = json_find(json_find(stats, "cpu"), "time");
	int64_t seconds;
	int32_t nanoseconds;
	struct error ignored;

	if (!cJSON_IsString(time) || timestamp_parse(time->valuestring, &seconds, &nanoseconds, &ignored) < 0 ||
		seconds == TIMESTAMP_ZERO)
		return TIME_NONE;
	return seconds;
}

static struct pressure_level read_level(const cJSON *psi, const char *key)
{
	const cJSON *level = json_find(psi, key);

	return (struct pressure_level){
		.avg10 = read_percent(level, "avg10"),
		.avg60 = read_percent(level, "avg60"),
		.avg300 = read_percent(level, "avg300"),
		.total = read_number(level, "total"),
	};
}

static struct pressure read_pressure(const cJSON *stats)
{
	struct pressure pressure = { 0 };

	for (int i = 0; i < PRESSURE_RESOURCES; i++) {
		const cJSON *part = json_find(stats, pressure_resource_text((enum pressure_resource)i));
		const cJSON *psi = json_find(part, "psi");

		pressure.of[i].some = read_level(psi, "some");
		pressure.of[i].full = read_level(psi, "full");
	}
	return pressure;
}

/* --- pods --- */

/* Of its containers together; unknown where there are none or one of them does not say. */
static struct amounts read_containers_usage(const cJSON *pod)
{
	const cJSON *containers = json_find(pod, "containers");
	struct total cpu = { 0 }, memory = { 0 };
	bool is_known = cJSON_IsArray(containers) && containers->child;

	for (const cJSON *item = is_known ? containers->child : NULL; item; item = item->next) {
		struct amounts usage = read_usage(item);

		is_known = usage.cpu != RESOURCE_UNKNOWN;
		if (!is_known)
			break;
		total_add(&cpu, usage.cpu);
		total_add(&memory, usage.memory);
	}
	return is_known ? (struct amounts){ total_value(&cpu), total_value(&memory) } : unknown;
}

/* What its cgroup says, which the kubelet itself measures every ten seconds or so. The CPU of a container may come from
 * the runtime instead, and containerd averages it since anybody asked last: 0, or too much, where two have asked at
 * once. Containers count where the pod as a whole is not told. */
static struct amounts read_pod_usage(const cJSON *pod)
{
	struct amounts usage = read_usage(pod);

	return usage.cpu != RESOURCE_UNKNOWN ? usage : read_containers_usage(pod);
}

static const char *text_in(const cJSON *object, const char *key)
{
	const cJSON *member = json_find(object, key);

	return cJSON_IsString(member) ? member->valuestring : NULL;
}

/* A pod that was made anew under the same name is another one. */
static bool is_meant(const struct pod *pod, const cJSON *reference, const char *node)
{
	const char *uid = text_in(reference, "uid");

	return pod && text_equal(pod->node, node) && (!uid || !*uid || text_equal(pod->meta.uid, uid));
}

static void put_pod(struct summary *summary, const cJSON *pod)
{
	const cJSON *reference = json_find(pod, "podRef");
	const char *name = text_in(reference, "name"), *namespace = text_in(reference, "namespace");
	struct sample sample = { .usage = read_pod_usage(pod), .taken = read_time(pod) };
	const struct pod *known;

	if (!name || !namespace)
		return;
	known = (const struct pod *)(const void *)cluster_find(summary->cluster, KIND_POD, name, namespace);
	if (!is_meant(known, reference, summary->node))
		return;
	summary->cluster->stamp = summary->stamp;
	cluster_set_pod_sample(summary->cluster, name, namespace, &sample);
}

/* --- the object --- */

static int read_node(struct summary *summary, const cJSON *root, struct error *err)
{
	const cJSON *node = json_find(root, "node");
	const char *name = text_in(node, "nodeName");

	if (!cJSON_IsObject(node) || summary->is_whole)
		return error_set(err, ERROR_INVALID, "the answer is no summary of a node");
	if (name && *name && strcmp(name, summary->node) != 0)
		return error_set(err, ERROR_INVALID, "the kubelet of another node answers");
	summary->is_whole = true;
	summary->sample = (struct sample){ .usage = read_usage(node), .taken = read_time(node) };
	summary->pressure = read_pressure(node);
	return 0;
}

static const cJSON *parse(struct summary *summary, const char *json, size_t length, struct error *err)
{
	const cJSON *root = json_parse(&summary->scratch, json, length, err);

	if (!root)
		error_set(err, ERROR_INVALID, "the answer is no summary of a node: invalid JSON");
	return root;
}

/* Without a list of pods the whole comes as one object. */
static int on_object(void *context, const char *json, size_t length, uint64_t line, struct error *err)
{
	struct summary *summary = context;
	const cJSON *root = parse(summary, json, length, err);

	(void)line;
	if (!root)
		return -1;
	if (!summary->framer.is_list)
		return read_node(summary, root, err);
	put_pod(summary, root);
	return 0;
}

static int on_list_end(void *context, const char *envelope, size_t length, struct error *err)
{
	struct summary *summary = context;
	const cJSON *root = parse(summary, envelope, length, err);

	return root ? read_node(summary, root, err) : -1;
}

void summary_init(struct summary *summary, struct cluster *cluster, const char *node, uint32_t stamp, bool is_pods_only)
{
	static const struct framer_events events = {
		.items = "pods", .on_object = on_object, .on_list_end = on_list_end
	};

	*summary = (struct summary){ .cluster = cluster, .node = node, .stamp = stamp, .is_pods_only = is_pods_only };
	framer_init(&summary->framer, &events, summary);
}

void summary_release(struct summary *summary)
{
	framer_release(&summary->framer);
	arena_release(&summary->scratch);
}

int summary_feed(struct summary *summary, const char *bytes, size_t length, struct error *err)
{
	summary->length += length;
	if (summary->length > SUMMARY_MAX)
		return error_set(err, ERROR_INVALID, "the answer is larger than %d MiB", SUMMARY_MAX >> 20);
	return framer_feed(&summary->framer, bytes, length, err);
}

int summary_finish(struct summary *summary, struct error *err)
{
	struct cluster *cluster = summary->cluster;

	if (framer_finish(&summary->framer, err) < 0)
		return -1;
	if (!summary->is_whole)
		return error_set(err, ERROR_INVALID, "an empty answer");
	if (!cluster_find_node(cluster, summary->node))
		return 0; /* it has gone meanwhile */
	cluster->stamp = summary->stamp;
	if (!summary->is_pods_only)
		cluster_set_node_sample(cluster, summary->node, &summary->sample);
	cluster_set_node_pressure(
		cluster, summary->node, pressure_is_measured(&summary->pressure) ? &summary->pressure : NULL);
	return 0;
}
