#include "decoders.h"

static void read_moment(struct reading *r, struct value *object, struct sample *sample)
{
	sample->taken = value_time(r, object, F("timestamp", 2));
	sample->window_seconds = value_duration(r, object, F("window", 3)) / 1000000000;
}

static bool is_whole(const struct amounts *usage)
{
	return usage->cpu != RESOURCE_UNKNOWN && usage->memory != RESOURCE_UNKNOWN;
}

static const struct amounts unknown = { RESOURCE_UNKNOWN, RESOURCE_UNKNOWN };

/* A sample tells both or counts as none: sums keep one count of samples for both. */
struct sample decode_node_metrics(struct reading *r, struct value *object)
{
	struct sample sample = { .usage = value_usage(r, object, F("usage", 4)) };

	if (!is_whole(&sample.usage))
		sample.usage = unknown;
	read_moment(r, object, &sample);
	return sample;
}

/* The whole pod: the sum of its containers, unknown where there are none or one of them does not say. */
struct sample decode_pod_metrics(struct reading *r, struct value *object)
{
	struct value containers = value_member(r, object, F("containers", 4));
	struct total cpu = { 0 }, memory = { 0 };
	struct sample sample = { .usage = unknown };
	bool known = value_count(r, &containers) > 0;

	for (struct value item = value_first(r, &containers); item.is_there; item = value_next(r, &item)) {
		struct amounts usage = value_usage(r, &item, F("usage", 2));

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
