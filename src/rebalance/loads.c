#include "loads.h"

#include <math.h>
#include <string.h>

static int64_t capacity_of(const struct node_load *load, enum load_kind kind)
{
	switch (kind) {
	case LOAD_CPU:
	case LOAD_USED_CPU:
		return load->node->allocatable.cpu;
	case LOAD_MEMORY:
	case LOAD_USED_MEMORY:
		return load->node->allocatable.memory;
	case LOAD_PODS:
	case LOAD_KINDS:
		break;
	}
	return load->node->pod_capacity;
}

static int64_t amount_of(const struct node_load *load, enum load_kind kind)
{
	switch (kind) {
	case LOAD_CPU:
		return load->request.cpu;
	case LOAD_MEMORY:
		return load->request.memory;
	case LOAD_USED_CPU:
		return load->usage.cpu;
	case LOAD_USED_MEMORY:
		return load->usage.memory;
	case LOAD_PODS:
	case LOAD_KINDS:
		break;
	}
	return load->pods;
}

double node_load_percent(const struct node_load *load, enum load_kind kind)
{
	int64_t amount = amount_of(load, kind), capacity = capacity_of(load, kind);

	if (amount == RESOURCE_UNKNOWN || capacity == RESOURCE_UNKNOWN || capacity <= 0)
		return NAN;
	return (double)amount / (double)capacity * 100;
}

/* Sums of what a hostile cluster says must not overflow: beyond a pebibyte, or a million cores, it is no number that
 * anybody asks for. */
static int64_t known(int64_t amount)
{
	const int64_t most = INT64_C(1) << 50;

	if (amount == RESOURCE_UNKNOWN)
		return 0;
	return amount > most ? most : amount < -most ? -most : amount;
}

static void add(int64_t *sum, int sign, int64_t amount)
{
	*sum = (int64_t)((uint64_t)*sum + (uint64_t)(sign * amount));
}

static int64_t used_by(int64_t usage, int64_t request)
{
	return known(usage == RESOURCE_UNKNOWN ? request : usage);
}

void node_load_charge(struct node_load *load, const struct pod *pod, int sign, bool is_measured)
{
	add(&load->request.cpu, sign, known(pod->request.cpu));
	add(&load->request.memory, sign, known(pod->request.memory));
	load->pods += sign;
	if (is_measured)
		return;
	if (load->usage.cpu != RESOURCE_UNKNOWN)
		add(&load->usage.cpu, sign, used_by(pod->usage.cpu, pod->request.cpu));
	if (load->usage.memory != RESOURCE_UNKNOWN)
		add(&load->usage.memory, sign, used_by(pod->usage.memory, pod->request.memory));
}

double node_load_percent_of(const struct landing_rules *rules, const struct node_load *load, const char *resource)
{
	/* What a query of Prometheus says has this name in policies; it was taken for cpu. */
	if (strcmp(resource, "MetricResource") == 0)
		return rules->readings ? node_load_percent(load, LOAD_USED_CPU) : NAN;
	if (strcmp(resource, "cpu") == 0)
		return node_load_percent(load, rules->targets_are_usage ? LOAD_USED_CPU : LOAD_CPU);
	if (strcmp(resource, "memory") == 0)
		return node_load_percent(load, rules->targets_are_usage ? LOAD_USED_MEMORY : LOAD_MEMORY);
	return strcmp(resource, "pods") == 0 ? node_load_percent(load, LOAD_PODS) : NAN;
}

const struct param_percent *node_load_exceeded(const struct landing_rules *rules, const struct node_load *load)
{
	for (size_t i = 0; rules->targets && i < rules->targets->count; i++)
		if (node_load_percent_of(rules, load, rules->targets->items[i].resource) >
			rules->targets->items[i].percent)
			return &rules->targets->items[i];
	return NULL;
}

double node_load_fullness(const struct node_load *load)
{
	double most = NAN;

	for (enum load_kind kind = LOAD_CPU; kind <= LOAD_PODS; kind++) {
		double percent = node_load_percent(load, kind);

		if (isnan(most) || percent > most)
			most = percent;
	}
	return most;
}
