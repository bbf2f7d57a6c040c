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

struct sample decode_node_metrics(struct reading *r, const struct json *object)
{
	struct sample sample = { .usage = json_usage(r, object, "usage") };

	read_moment(r, object, &sample);
	return sample;
}

/* The whole pod: the sum of its containers, unknown where one of them does not say. */
struct sample decode_pod_metrics(struct reading *r, const struct json *object)
{
	struct json containers = json_member(r, object, "containers");
	struct total cpu = { 0 }, memory = { 0 };
	struct sample sample = { 0 };
	bool known = containers.value;

	for (struct json item = json_first(r, &containers); item.value; item = json_next(&item)) {
		struct amounts usage = json_usage(r, &item, "usage");

		if (usage.cpu == RESOURCE_UNKNOWN || usage.memory == RESOURCE_UNKNOWN) {
			known = false;
			break;
		}
		total_add(&cpu, usage.cpu);
		total_add(&memory, usage.memory);
	}
	sample.usage.cpu = known ? total_value(&cpu) : RESOURCE_UNKNOWN;
	sample.usage.memory = known ? total_value(&memory) : RESOURCE_UNKNOWN;
	read_moment(r, object, &sample);
	return sample;
}
