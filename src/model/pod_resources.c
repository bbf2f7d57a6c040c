#include "clusterutils/model/pod_resources.h"

#include <string.h>

#include "clusterutils/util/text.h"

enum { DEFAULT_MILLI_CPU = 100, DEFAULT_MEMORY = 200 << 20 };

/* Requests and limits follow one rule, but for what the status tells about them. */
enum side { REQUESTS, LIMITS };

/* One sum in the making. */
struct sum {
	const struct pod *pod;
	enum side side;
	unsigned options;
	const struct resource_list *defaults; /* for containers that do not name a resource; NULL for none */
	struct arena *arena;
	struct resource_sums in_status; /* the container at hand, by its status */
	struct resource_sums complete;  /* and with the defaults */
	struct resource_sums total;
};

static const struct resource_list *of_container(const struct container *container, enum side side)
{
	return side == REQUESTS ? container->requests : container->limits;
}

/* Names are interned: equal where the pointers are. */
static const struct container_status *find_status(const struct pod *pod, const char *name)
{
	for (size_t i = 0; i < pod->status_count; i++)
		if (pod->statuses[i].name == name)
			return &pod->statuses[i];
	return NULL;
}

/* While a resize is under way the container still has what the status tells, and may get what it asks for. */
static const struct resource_list *with_status(
	struct sum *sum, const struct container *container, const struct container_status *status)
{
	const struct pod_rare *rare = sum->pod->rare;

	resource_sums_clear(&sum->in_status);
	if (!rare || !rare->resize_infeasible)
		resource_sums_max(&sum->in_status, of_container(container, sum->side));
	resource_sums_max(
		&sum->in_status, sum->side == REQUESTS ? status->resources->requests : status->resources->limits);
	if (sum->side == REQUESTS)
		resource_sums_max(&sum->in_status, status->resources->allocated);
	return sum->in_status.list;
}

static const struct resource_list *container_amount(struct sum *sum, const struct container *container)
{
	const struct resource_list *amount = of_container(container, sum->side);
	const struct container_status *status = NULL;

	if (sum->options & POD_RESOURCES_STATUS && container->role != CONTAINER_INIT)
		status = find_status(sum->pod, container->name);
	if (status && status->resources)
		amount = with_status(sum, container, status);
	if (!sum->defaults)
		return amount;
	resource_sums_clear(&sum->complete);
	resource_sums_add(&sum->complete, amount);
	resource_sums_complete(&sum->complete, sum->defaults);
	return sum->complete.list;
}

/* Init containers run one after the other, each beside the sidecars started before it. */
static void add_containers(struct sum *sum)
{
	const struct container_list *containers = sum->pod->containers;
	struct resource_sums sidecars, running, peak;

	resource_sums_init(&sidecars, sum->arena);
	resource_sums_init(&running, sum->arena);
	resource_sums_init(&peak, sum->arena);
	for (size_t i = 0; i < containers->count; i++)
		if (containers->items[i].role == CONTAINER_APP)
			resource_sums_add(&sum->total, container_amount(sum, &containers->items[i]));
	for (size_t i = 0; i < containers->count; i++) {
		const struct container *container = &containers->items[i];
		const struct resource_list *amount;

		if (container->role == CONTAINER_APP)
			continue;
		amount = container_amount(sum, container);
		if (container->role == CONTAINER_SIDECAR) {
			resource_sums_add(&sum->total, amount);
			resource_sums_add(&sidecars, amount);
			resource_sums_max(&peak, sidecars.list);
		} else {
			resource_sums_clear(&running);
			resource_sums_add(&running, amount);
			resource_sums_add(&running, sidecars.list);
			resource_sums_max(&peak, running.list);
		}
	}
	resource_sums_max(&sum->total, peak.list);
}

/* The part of a list that the test lets pass; NULL for nothing. */
static const struct resource_list *filter(const struct sum *sum, const struct resource_list *list,
	bool (*passes)(const struct sum *sum, const char *name))
{
	struct resource_list *kept;

	if (!list)
		return NULL;
	kept = arena_alloc(sum->arena, sizeof(*kept) + list->count * sizeof(kept->items[0]));
	kept->count = 0;
	for (size_t i = 0; i < list->count; i++)
		if (passes(sum, list->items[i].name))
			kept->items[kept->count++] = list->items[i];
	return kept->count > 0 ? kept : NULL;
}

static bool is_pod_level(const struct sum *sum, const char *name)
{
	(void)sum;
	return strcmp(name, "cpu") == 0 || strcmp(name, "memory") == 0 || text_starts_with(name, "hugepages-");
}

static bool is_not_zero_in_total(const struct sum *sum, const char *name)
{
	const struct quantity *quantity = resource_find(sum->total.list, name);

	return quantity && quantity->sign != 0;
}

static bool is_not_in_total(const struct sum *sum, const char *name)
{
	return !resource_find(sum->total.list, name);
}

/* What counts of spec.resources. */
static const struct resource_list *pod_level(const struct sum *sum)
{
	const struct pod_rare *rare = sum->pod->rare;

	if (!rare || !rare->has_resources || sum->options & POD_RESOURCES_SKIP_POD_LEVEL)
		return NULL;
	return filter(sum, sum->side == REQUESTS ? rare->requests : rare->limits, is_pod_level);
}

static void make_total(struct sum *sum)
{
	const struct resource_list *overhead = sum->pod->rare ? sum->pod->rare->overhead : NULL;

	resource_sums_clear(&sum->total);
	if (sum->pod->containers)
		add_containers(sum);
	resource_sums_replace(&sum->total, pod_level(sum));
	if (sum->options & POD_RESOURCES_SKIP_OVERHEAD)
		return;
	/* Overhead makes no limit where there is none. */
	if (sum->side == LIMITS)
		overhead = filter(sum, overhead, is_not_zero_in_total);
	resource_sums_add(&sum->total, overhead);
}

static void sum_init(struct sum *sum, const struct pod *pod, enum side side, unsigned options, struct arena *arena)
{
	*sum = (struct sum){ .pod = pod, .side = side, .options = options, .arena = arena };
	resource_sums_init(&sum->in_status, arena);
	resource_sums_init(&sum->complete, arena);
	resource_sums_init(&sum->total, arena);
}

static const struct resource_list *make_defaults(struct arena *arena)
{
	struct resource_list *list = arena_alloc(arena, sizeof(*list) + 2 * sizeof(list->items[0]));

	list->count = 2;
	list->items[0].name = "cpu";
	list->items[0].quantity = quantity_of_milli(DEFAULT_MILLI_CPU, QUANTITY_DECIMAL_SI);
	list->items[1].name = "memory";
	list->items[1].quantity = quantity_of(DEFAULT_MEMORY, QUANTITY_DECIMAL_SI);
	return list;
}

const struct resource_list *pod_requests(const struct pod *pod, unsigned options, struct arena *arena)
{
	const struct resource_list *defaults;
	struct sum sum;

	sum_init(&sum, pod, REQUESTS, options, arena);
	if (options & POD_RESOURCES_NON_ZERO) {
		defaults = make_defaults(arena);
		/* Where the pod as a whole requests something, defaults are for what nothing in it names. */
		if (pod_level(&sum)) {
			make_total(&sum);
			defaults = filter(&sum, defaults, is_not_in_total);
		}
		sum.defaults = defaults;
	}
	make_total(&sum);
	return resource_sums_list(&sum.total);
}

const struct resource_list *pod_limits(const struct pod *pod, unsigned options, struct arena *arena)
{
	struct sum sum;

	sum_init(&sum, pod, LIMITS, options, arena);
	make_total(&sum);
	return resource_sums_list(&sum.total);
}

/* The sums that the quality of service depends on: of what is positive. Zero stands for none. */
struct compute {
	struct quantity cpu;
	struct quantity memory;
};

static bool add_positive(struct quantity *sum, const struct resource_list *list, const char *name)
{
	const struct quantity *quantity = resource_find(list, name);
	struct error ignored;

	if (!quantity || quantity->sign <= 0)
		return false;
	if (quantity_add(sum, quantity, &ignored) && quantity_compare(sum, quantity) < 0)
		*sum = *quantity;
	return true;
}

/* Whether the list names both. */
static bool add_compute(struct compute *sum, const struct resource_list *list)
{
	bool has_cpu = add_positive(&sum->cpu, list, "cpu");

	return add_positive(&sum->memory, list, "memory") && has_cpu;
}

enum pod_qos pod_qos_of_spec(const struct pod *pod)
{
	struct compute requests = { 0 }, limits = { 0 };
	bool is_limited = true;

	if (pod->rare && pod->rare->has_resources) {
		add_compute(&requests, pod->rare->requests);
		is_limited = add_compute(&limits, pod->rare->limits);
	} else {
		for (size_t i = 0; pod->containers && i < pod->containers->count; i++) {
			add_compute(&requests, pod->containers->items[i].requests);
			is_limited &= add_compute(&limits, pod->containers->items[i].limits);
		}
	}
	if (requests.cpu.sign + requests.memory.sign + limits.cpu.sign + limits.memory.sign == 0)
		return QOS_BEST_EFFORT;
	if (is_limited && quantity_compare(&requests.cpu, &limits.cpu) == 0 &&
		quantity_compare(&requests.memory, &limits.memory) == 0)
		return QOS_GUARANTEED;
	return QOS_BURSTABLE;
}
