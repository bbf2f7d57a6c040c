#include "clusterutils/model/usage.h"

/* Two's complement by hand: sign-extend, then add the halves with carry. */
void total_add(struct total *total, int64_t amount)
{
	uint64_t low = total->low + (uint64_t)amount;
	uint64_t high = (uint64_t)total->high + (amount < 0 ? UINT64_MAX : 0) + (low < total->low);

	total->low = low;
	total->high = (int64_t)high;
}

void total_merge(struct total *total, const struct total *other)
{
	uint64_t low = total->low + other->low;
	uint64_t high = (uint64_t)total->high + (uint64_t)other->high + (low < total->low);

	total->low = low;
	total->high = (int64_t)high;
}

void total_subtract(struct total *total, int64_t amount)
{
	struct total negative = { .high = amount > 0 ? -1 : 0, .low = 0 - (uint64_t)amount };

	if (amount == INT64_MIN)
		negative.high = 0;
	total_merge(total, &negative);
}

int64_t total_value(const struct total *total)
{
	int64_t value = (int64_t)total->low;

	if (total->high == (value < 0 ? -1 : 0) && value > INT64_MIN + 1)
		return value;
	return total->high < 0 ? INT64_MIN + 2 : INT64_MAX;
}

static void add_known(struct total *total, int64_t amount, int sign)
{
	if (amount == RESOURCE_UNKNOWN)
		return;
	if (sign > 0)
		total_add(total, amount);
	else
		total_subtract(total, amount);
}

static void count_pod(struct pod_usage *usage, const struct pod *pod, int sign)
{
	usage->pods += sign;
	if (pod->usage.cpu == RESOURCE_UNKNOWN)
		usage->unsampled += sign;
	add_known(&usage->request_cpu, pod->request.cpu, sign);
	add_known(&usage->request_memory, pod->request.memory, sign);
	add_known(&usage->limit_cpu, pod->limit.cpu, sign);
	add_known(&usage->limit_memory, pod->limit.memory, sign);
	add_known(&usage->usage_cpu, pod->usage.cpu, sign);
	add_known(&usage->usage_memory, pod->usage.memory, sign);
}

void pod_usage_add(struct pod_usage *usage, const struct pod *pod)
{
	count_pod(usage, pod, 1);
}

void pod_usage_remove(struct pod_usage *usage, const struct pod *pod)
{
	count_pod(usage, pod, -1);
}

void pod_usage_merge(struct pod_usage *usage, const struct pod_usage *other)
{
	usage->pods += other->pods;
	usage->unsampled += other->unsampled;
	total_merge(&usage->request_cpu, &other->request_cpu);
	total_merge(&usage->request_memory, &other->request_memory);
	total_merge(&usage->limit_cpu, &other->limit_cpu);
	total_merge(&usage->limit_memory, &other->limit_memory);
	total_merge(&usage->usage_cpu, &other->usage_cpu);
	total_merge(&usage->usage_memory, &other->usage_memory);
}

void node_usage_add(struct node_usage *sum, const struct node *node, const struct amounts *sample)
{
	sum->nodes++;
	if (node->pod_capacity != RESOURCE_UNKNOWN)
		sum->pod_capacity = node->pod_capacity > INT64_MAX - sum->pod_capacity
			? INT64_MAX
			: sum->pod_capacity + node->pod_capacity;
	add_known(&sum->allocatable_cpu, node->allocatable.cpu, 1);
	add_known(&sum->allocatable_memory, node->allocatable.memory, 1);
	if (sample->cpu == RESOURCE_UNKNOWN)
		return;
	sum->sampled++;
	add_known(&sum->usage_cpu, sample->cpu, 1);
	add_known(&sum->usage_memory, sample->memory, 1);
}
