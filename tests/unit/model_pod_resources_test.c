#include "clusterutils/model/pod_resources.h"

#include <stdio.h>
#include <string.h>

#include "clusterutils/model/intern.h"
#include "clusterutils/util/memory.h"
#include "suite.h"

enum { MOST_CONTAINERS = 4, MOST_RESOURCES = 8 };

static struct arena arena;
static struct interner interner;

static void start(void)
{
	arena_init(&arena);
	interner_init(&interner);
}

static void end(void)
{
	arena_release(&arena);
	interner_release(&interner);
}

/* "cpu=100m memory=1Gi", sorted by name; NULL gives NULL. */
static const struct resource_list *list_of(const char *text)
{
	struct resource_list *list;
	char name[64], number[64];
	struct error err;
	int length;

	if (!text)
		return NULL;
	list = arena_new(&arena, 1, sizeof(*list) + MOST_RESOURCES * sizeof(list->items[0]));
	for (; sscanf(text, " %63[^=]=%63s%n", name, number, &length) == 2; text += length) {
		struct resource *resource = &list->items[list->count++];

		ck_assert_uint_le(list->count, MOST_RESOURCES);
		resource->name = intern_text(&interner, name);
		ck_assert_msg(list->count == 1 || strcmp(resource[-1].name, name) < 0, "%s is not sorted", text);
		ck_assert_int_eq(quantity_parse(number, &resource->quantity, &err), 0);
	}
	return list;
}

static const char *text_of(const struct resource_list *list)
{
	char number[QUANTITY_TEXT_SIZE], *text = arena_text(&arena, "");

	for (size_t i = 0; i < list->count; i++)
		text = arena_printf(&arena, "%s%s%s=%s", text, i ? " " : "", list->items[i].name,
			quantity_text(&list->items[i].quantity, number));
	return text;
}

struct container_row {
	enum container_role role;
	const char *requests, *limits;
	bool has_resources; /* in the status */
	const char *status_requests, *status_limits, *allocated;
};

struct pod_row {
	const char *what;
	struct container_row containers[MOST_CONTAINERS];
	size_t count;
	struct {
		const char *overhead, *requests, *limits;
		bool has_resources, infeasible;
	} rare;
	unsigned options;
	const char *requests, *limits; /* wanted */
};

static struct pod *pod_of(const struct pod_row *row)
{
	struct pod *pod = ARENA_NEW(&arena, struct pod);
	struct container_list *list = arena_new(&arena, 1, sizeof(*list) + row->count * sizeof(list->items[0]));

	pod->statuses = ARENA_ARRAY(&arena, row->count, struct container_status);
	list->count = row->count;
	pod->status_count = (uint16_t)row->count;
	for (size_t i = 0; i < row->count; i++) {
		const struct container_row *container = &row->containers[i];
		char name[] = { 'c', (char)('0' + i), '\0' };
		struct container_resources *resources;

		list->items[i] = (struct container){ .name = intern_text(&interner, name),
			.requests = list_of(container->requests),
			.limits = list_of(container->limits),
			.role = container->role };
		resources = ARENA_NEW(&arena, struct container_resources);
		resources->requests = list_of(container->status_requests);
		resources->limits = list_of(container->status_limits);
		resources->allocated = list_of(container->allocated);
		/* statuses come in an order of their own */
		pod->statuses[row->count - 1 - i] = (struct container_status){ .name = intern_text(&interner, name),
			.role = (uint8_t)container->role,
			.resources = container->has_resources ? resources : NULL };
	}
	pod->containers = list;
	pod->rare = ARENA_NEW(&arena, struct pod_rare);
	pod->rare->overhead = list_of(row->rare.overhead);
	pod->rare->has_resources = row->rare.has_resources;
	pod->rare->requests = list_of(row->rare.requests);
	pod->rare->limits = list_of(row->rare.limits);
	pod->rare->resize_infeasible = row->rare.infeasible;
	return pod;
}

/* The role, requests and limits of a container; and those of its status, while its pod is resized. */
#define APP(asks, may) \
	{ \
		.role = CONTAINER_APP, .requests = (asks), .limits = (may) \
	}
#define INIT(asks, may) \
	{ \
		.role = CONTAINER_INIT, .requests = (asks), .limits = (may) \
	}
#define SIDECAR(asks, may) \
	{ \
		.role = CONTAINER_SIDECAR, .requests = (asks), .limits = (may) \
	}
#define RESIZED(kind, asks, may, has, asked, might, given) \
	{ \
		.role = (kind), .requests = (asks), .limits = (may), .has_resources = (has), \
		.status_requests = (asked), .status_limits = (might), .allocated = (given) \
	}

static const struct pod_row rows[] = {
	{ .what = "nothing", .requests = "", .limits = "" },
	{ .what = "app containers add up",
		.containers = { APP("cpu=100m memory=1Gi", "cpu=1"), APP("cpu=0.5 gpu=1", "memory=2Gi") },
		.count = 2,
		.requests = "cpu=600m gpu=1 memory=1Gi",
		.limits = "cpu=1 memory=2Gi" },
	{ .what = "a sum keeps the format of its first term",
		.containers = { APP("memory=1G", NULL), APP("memory=1Gi", NULL), APP("cpu=1e3", NULL) },
		.count = 3,
		.requests = "cpu=1e3 memory=2073741824",
		.limits = "" },
	{ .what = "the largest init container counts, for each resource alone",
		.containers = { INIT("cpu=2 memory=1Mi", NULL), INIT("cpu=1 memory=9Mi", NULL),
			APP("cpu=500m memory=2Mi", NULL) },
		.count = 3,
		.requests = "cpu=2 memory=9Mi",
		.limits = "" },
	{ .what = "a sidecar runs beside the app containers",
		.containers = { SIDECAR("cpu=1", "cpu=2"), APP("cpu=1", "cpu=2") },
		.count = 2,
		.requests = "cpu=2",
		.limits = "cpu=4" },
	{ .what = "and beside the init containers after it",
		.containers = { SIDECAR("cpu=1", NULL), INIT("cpu=5", NULL), APP("cpu=1", NULL) },
		.count = 3,
		.requests = "cpu=6",
		.limits = "" },
	{ .what = "but not beside those before it",
		.containers = { INIT("cpu=5", NULL), SIDECAR("cpu=1", NULL), APP("cpu=1", NULL) },
		.count = 3,
		.requests = "cpu=5",
		.limits = "" },
	{ .what = "overhead is requested, and added to limits that are set",
		.containers = { APP("cpu=1", "cpu=2 memory=0") },
		.count = 1,
		.rare = { .overhead = "cpu=250m memory=8Mi" },
		.requests = "cpu=1250m memory=8Mi",
		.limits = "cpu=2250m memory=0" },
	{ .what = "overhead can be left out",
		.containers = { APP("cpu=1", "cpu=2") },
		.count = 1,
		.rare = { .overhead = "cpu=250m" },
		.options = POD_RESOURCES_SKIP_OVERHEAD,
		.requests = "cpu=1",
		.limits = "cpu=2" },
	{ .what = "the pod as a whole replaces what it names, if it may",
		.containers = { APP("cpu=3 gpu=1 memory=1Gi", "cpu=4") },
		.count = 1,
		.rare = { .has_resources = true,
			.requests = "cpu=2 gpu=9 hugepages-2Mi=4Mi hugepagesize=1",
			.limits = "gpu=9 memory=3Gi",
			.overhead = "cpu=1" },
		.requests = "cpu=3 gpu=1 hugepages-2Mi=4Mi memory=1Gi",
		.limits = "cpu=5 memory=3Gi" },
	{ .what = "resources of the pod as a whole can be left out",
		.containers = { APP("cpu=3", "cpu=4") },
		.count = 1,
		.rare = { .has_resources = true, .requests = "cpu=2", .limits = "cpu=9" },
		.options = POD_RESOURCES_SKIP_POD_LEVEL,
		.requests = "cpu=3",
		.limits = "cpu=4" },
	{ .what = "the status does not count unasked",
		.containers = { RESIZED(CONTAINER_APP, "cpu=1", "cpu=1", true, "cpu=9", "cpu=9", "cpu=9") },
		.count = 1,
		.requests = "cpu=1",
		.limits = "cpu=1" },
	{ .what = "while a pod is resized the largest counts",
		.containers = { RESIZED(CONTAINER_APP, "cpu=1 memory=5Mi", "cpu=4", true, "cpu=2 memory=1Mi",
			"cpu=3 gpu=1", "cpu=500m memory=7Mi") },
		.count = 1,
		.options = POD_RESOURCES_STATUS,
		.requests = "cpu=2 memory=7Mi",
		.limits = "cpu=4 gpu=1" },
	{ .what = "unless it cannot be resized",
		.containers = { RESIZED(CONTAINER_APP, "cpu=9", "cpu=9", true, "cpu=2", "cpu=3", "cpu=1 memory=1Mi") },
		.count = 1,
		.rare = { .infeasible = true },
		.options = POD_RESOURCES_STATUS,
		.requests = "cpu=2 memory=1Mi",
		.limits = "cpu=3" },
	{ .what = "allocated resources alone do not count",
		.containers = { RESIZED(CONTAINER_APP, "cpu=1", "cpu=1", false, "cpu=9", "cpu=9", "cpu=9") },
		.count = 1,
		.rare = { .infeasible = true },
		.options = POD_RESOURCES_STATUS,
		.requests = "cpu=1",
		.limits = "cpu=1" },
	{ .what = "of init containers only a sidecar's status counts",
		.containers = { RESIZED(CONTAINER_INIT, "cpu=1", NULL, true, "cpu=9", NULL, NULL),
			RESIZED(CONTAINER_SIDECAR, "cpu=1", NULL, true, "cpu=2", NULL, NULL), APP("cpu=1", NULL) },
		.count = 3,
		.options = POD_RESOURCES_STATUS,
		.requests = "cpu=3",
		.limits = "" },
	{ .what = "a container that names none counts the default",
		.containers = { SIDECAR("cpu=0", NULL), INIT("memory=1Gi", NULL), APP(NULL, NULL),
			APP("memory=1Mi", NULL) },
		.count = 4,
		.options = POD_RESOURCES_NON_ZERO,
		.requests = "cpu=200m memory=1224Mi",
		.limits = "" },
	{ .what = "unless the pod as a whole names it",
		.containers = { APP(NULL, NULL), APP(NULL, NULL) },
		.count = 2,
		.rare = { .has_resources = true, .requests = "cpu=1" },
		.options = POD_RESOURCES_NON_ZERO,
		.requests = "cpu=1 memory=419430400",
		.limits = "" },
	{ .what = "or another container does, where the pod as a whole requests something",
		.containers = { APP("memory=1Mi", NULL), APP(NULL, NULL) },
		.count = 2,
		.rare = { .has_resources = true, .requests = "hugepages-1Gi=1Gi" },
		.options = POD_RESOURCES_NON_ZERO,
		.requests = "cpu=200m hugepages-1Gi=1Gi memory=1Mi",
		.limits = "" },
	{ .what = "a sum out of range is its larger term",
		.containers = { APP("cpu=6e139", "cpu=9e139"), APP("cpu=7e139", "cpu=-9e139"), APP(NULL, "cpu=8e139") },
		.count = 3,
		.requests = "cpu=70e138",
		.limits = "cpu=80e138" },
};

START_TEST(pod_counts_as_upstream_does)
{
	const struct pod_row *row = &rows[_i];
	const struct pod *pod;

	start();
	pod = pod_of(row);
	ck_assert_msg(strcmp(text_of(pod_requests(pod, row->options, &arena)), row->requests) == 0,
		"%s: requests are %s", row->what, text_of(pod_requests(pod, row->options, &arena)));
	ck_assert_msg(strcmp(text_of(pod_limits(pod, row->options, &arena)), row->limits) == 0, "%s: limits are %s",
		row->what, text_of(pod_limits(pod, row->options, &arena)));
	end();
}
END_TEST

START_TEST(pod_without_rare_parts_counts)
{
	struct pod bare = { 0 };
	const struct pod_row row = { .containers = { APP("cpu=1", "cpu=1") }, .count = 1 };
	struct pod *pod;

	start();
	ck_assert_str_eq(text_of(pod_requests(&bare, POD_RESOURCES_STATUS | POD_RESOURCES_NON_ZERO, &arena)), "");
	ck_assert_str_eq(text_of(pod_limits(&bare, 0, &arena)), "");
	ck_assert_int_eq(pod_qos_of_spec(&bare), QOS_BEST_EFFORT);
	pod = pod_of(&row);
	pod->rare = NULL;
	ck_assert_str_eq(text_of(pod_requests(pod, POD_RESOURCES_STATUS, &arena)), "cpu=1");
	ck_assert_str_eq(text_of(pod_limits(pod, POD_RESOURCES_STATUS, &arena)), "cpu=1");
	ck_assert_int_eq(pod_qos_of_spec(pod), QOS_BURSTABLE);
	end();
}
END_TEST

START_TEST(what_is_shared_stays_untouched)
{
	const struct pod_row row = { .containers = { APP("cpu=1", "cpu=2"), SIDECAR("cpu=1", "cpu=2") },
		.count = 2,
		.rare = { .overhead = "cpu=1", .has_resources = true, .requests = "cpu=7" } };
	const struct pod *pod;

	start();
	pod = pod_of(&row);
	for (unsigned options = 0; options < 16; options++) {
		pod_requests(pod, options, &arena);
		pod_limits(pod, options, &arena);
	}
	ck_assert_str_eq(text_of(pod->containers->items[0].requests), "cpu=1");
	ck_assert_str_eq(text_of(pod->containers->items[1].limits), "cpu=2");
	ck_assert_str_eq(text_of(pod->rare->overhead), "cpu=1");
	ck_assert_str_eq(text_of(pod->rare->requests), "cpu=7");
	end();
}
END_TEST

/* An init container must not cost memory of its own for everything that is summed up beside it. */
START_TEST(thousands_of_init_containers_take_little_memory)
{
	enum { COUNT = 5000, ENOUGH = 2 << 20 };
	AUTO_ARENA own = { 0 };
	const struct arena_chunk *chunk;
	struct container_list *list;
	struct resource_list *wide;
	struct pod pod = { 0 };

	start();
	wide = arena_new(&arena, 1, sizeof(*wide) + 1000 * sizeof(wide->items[0]));
	for (wide->count = 0; wide->count < 1000; wide->count++) {
		wide->items[wide->count].name = arena_printf(&arena, "r%04zu", wide->count);
		wide->items[wide->count].quantity = quantity_of(1, QUANTITY_DECIMAL_SI);
	}
	list = arena_new(&arena, 1, sizeof(*list) + COUNT * sizeof(list->items[0]));
	list->count = COUNT;
	for (size_t i = 0; i < COUNT; i++)
		list->items[i] = (struct container){ .name = "c",
			.requests = i == 0 ? wide : list_of("cpu=1"),
			.role = i == 0 ? CONTAINER_SIDECAR : CONTAINER_INIT };
	pod.containers = list;
	arena_alloc(&own, ENOUGH);
	arena_reset(&own);
	chunk = own.chunks;
	ck_assert_uint_eq(pod_requests(&pod, POD_RESOURCES_NON_ZERO, &own)->count, 1002);
	ck_assert_ptr_eq(own.chunks, chunk);
	end();
}
END_TEST

static const struct {
	struct pod_row pod;
	enum pod_qos qos;
} services[] = {
	{ { .containers = { APP(NULL, NULL) }, .count = 1 }, QOS_BEST_EFFORT },
	{ { .containers = { APP("cpu=0 gpu=1", "gpu=1 memory=0") }, .count = 1 }, QOS_BEST_EFFORT },
	{ { .containers = { APP("cpu=1 memory=1Gi", "cpu=1000m gpu=1 memory=1024Mi") }, .count = 1 }, QOS_GUARANTEED },
	{ { .containers = { APP("cpu=1 memory=1Gi", "cpu=1 memory=1Gi"), APP(NULL, NULL) }, .count = 2 },
		QOS_BURSTABLE },
	{ { .containers = { APP("cpu=1 memory=1Gi", "cpu=1 memory=1Gi"), INIT("cpu=1", "cpu=1") }, .count = 2 },
		QOS_BURSTABLE },
	{ { .containers = { APP("cpu=1", "cpu=1 memory=1Gi") }, .count = 1 }, QOS_BURSTABLE },
	{ { .containers = { APP(NULL, "cpu=1 memory=1Gi") }, .count = 1 }, QOS_BURSTABLE },
	{ { .containers = { APP("cpu=1 memory=1Gi", "cpu=2 memory=1Gi") }, .count = 1 }, QOS_BURSTABLE },
	{ { .containers = { APP("memory=1", NULL) }, .count = 1 }, QOS_BURSTABLE },
	{ { .containers = { APP("memory=1", "cpu=0 memory=1") }, .count = 1 }, QOS_BURSTABLE },
	/* in sum the same, though no container asks for what it is limited to */
	{ { .containers = { APP("cpu=1 memory=1", "cpu=2 memory=2"), APP("cpu=2 memory=2", "cpu=1 memory=1") },
		  .count = 2 },
		QOS_GUARANTEED },
	{ { .containers = { APP("cpu=1", NULL) },
		  .count = 1,
		  .rare = { .has_resources = true, .requests = "cpu=1 memory=1", .limits = "cpu=1 memory=1" } },
		QOS_GUARANTEED },
	{ { .containers = { APP("cpu=1 memory=1", "cpu=1 memory=1") },
		  .count = 1,
		  .rare = { .has_resources = true, .requests = "cpu=1" } },
		QOS_BURSTABLE },
	{ { .containers = { APP("cpu=1", NULL) }, .count = 1, .rare = { .has_resources = true } }, QOS_BEST_EFFORT },
};

START_TEST(service_is_of_the_specification)
{
	start();
	ck_assert_int_eq(pod_qos_of_spec(pod_of(&services[_i].pod)), services[_i].qos);
	end();
}
END_TEST

START_TEST(pods_are_active_until_they_end)
{
	static const bool active[] = { [POD_PENDING] = true,
		[POD_RUNNING] = true,
		[POD_SUCCEEDED] = false,
		[POD_FAILED] = false,
		[POD_UNKNOWN] = true };

	for (size_t phase = 0; phase < ARRAY_LEN(active); phase++) {
		struct pod pod = { .phase = (uint8_t)phase };

		ck_assert_int_eq(pod_is_active(&pod), active[phase]);
	}
}
END_TEST

START_TEST(restarts_are_of_what_stays)
{
	struct container_status statuses[] = { { .restarts = 1000, .role = CONTAINER_INIT },
		{ .restarts = 20, .role = CONTAINER_SIDECAR }, { .restarts = 3, .role = CONTAINER_APP },
		{ .restarts = UINT32_MAX, .role = CONTAINER_APP } };
	struct pod pod = { .statuses = statuses };

	ck_assert_uint_eq(pod_restarts(&pod), 0);
	pod.status_count = 3;
	ck_assert_uint_eq(pod_restarts(&pod), 23);
	pod.status_count = 4;
	ck_assert_uint_eq(pod_restarts(&pod), UINT32_MAX);
}
END_TEST

TEST_MAIN("model/pod_resources", TEST_TABLE(pod_counts_as_upstream_does, rows), TEST(pod_without_rare_parts_counts),
	TEST(what_is_shared_stays_untouched), TEST(thousands_of_init_containers_take_little_memory),
	TEST_TABLE(service_is_of_the_specification, services), TEST(pods_are_active_until_they_end),
	TEST(restarts_are_of_what_stays))
