#include "clusterutils/util/duration.h"
#include "decoders.h"

static void read_moment(struct reading *r, const struct json *object, struct sample *sample)
{
	const char *window = json_raw(r, object, "window");
	int64_t nanoseconds;
	struct error ignored;

	sample->taken = json_time(r, object, "timestamp");
	if (window && duration_parse(window, &nanoseconds, &ignored) == 0)
		sample->window_seconds = nanoseconds / 1000000000;
}

static bool is_whole(const struct amounts *usage)
{
	return usage->cpu != RESOURCE_UNKNOWN && usage->memory != RESOURCE_UNKNOWN;
}

static const struct amounts unknown = { RESOURCE_UNKNOWN, RESOURCE_UNKNOWN };

/* A sample tells both or counts as none: sums keep one count of samples for both. */
struct sample decode_node_metrics(struct reading *r, const struct json *object)
{
	struct sample sample = { .usage = json_usage(r, object, "usage") };

	if (!is_whole(&sample.usage))
		sample.usage = unknown;
	read_moment(r, object, &sample);
	return sample;
}

/* The whole pod: the sum of its containers, unknown where there are none or one of them does not say. */
struct sample decode_pod_metrics(struct reading *r, const struct json *object)
{
	struct json containers = json_member(r, object, "containers");
	struct total cpu = { 0 }, memory = { 0 };
	struct sample sample = { .usage = unknown };
	bool known = json_count(r, &containers) > 0;

	for (struct json item = json_first(r, &containers); item.value; item = json_next(&item)) {
		struct amounts usage = json_usage(r, &item, "usage");

		known = known && is_whole(&usage);
		if (!known)
			continue;
		total_add(&cpu, usage.cpu);
		total_add(&memory, usage.memory);
	}
	if (known)
		sample.usage = (struct amounts){ total_value(&cpu), total_value(&memory) };
	read_moment(r, object, &sample);
	return sample;
}
