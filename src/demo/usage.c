#include "usage.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/demo/demo.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/quote.h"
#include "clusterutils/util/text.h"
#include "clusterutils/util/timestamp.h"
#include "tree.h"

enum {
	FADE_SECONDS = 120, /* until the walk has left what was embedded */
	SPIKE_SECONDS = 90,
	ONE_IN = 50, /* of these stretches is a spike */
	GUESSED_CPU = 20000000,
	GUESSED_MEMORY = 48 << 20,
	SYSTEM_CPU = 180000000, /* of a node that tells no metrics */
};

/* --- chance --- */

static int64_t lattice(uint64_t key, int64_t i)
{
	return (int64_t)(demo_mix(key ^ ((uint64_t)i * UINT64_C(0x9E3779B97F4A7C15))) % 2001) - 1000;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a >= 0 ? a / b : -((-a + b - 1) / b);
}

int64_t demo_noise(uint64_t key, int64_t moment, int64_t seconds)
{
	int64_t i = floor_div(moment, seconds), at = (moment - i * seconds) * 1000 / seconds;
	int64_t smooth = at * at * (3000 - 2 * at) / 1000000; /* 3x^2 - 2x^3, in 1/1000 */

	return (lattice(key, i) * (1000 - smooth) + lattice(key, i + 1) * smooth) / 1000;
}

/* Turns of half a minute, of five and of half an hour together; from -1000 to 1000, and mostly near 0. */
static int64_t walk(uint64_t key, int64_t moment)
{
	return (350 * demo_noise(key, moment, 30) + 350 * demo_noise(key + 1, moment, 300) +
		       300 * demo_noise(key + 2, moment, 1800)) /
		1000;
}

static int64_t faded(int64_t value, int64_t seconds)
{
	int64_t away = seconds < 0 ? -seconds : seconds;

	return away < FADE_SECONDS ? value * away / FADE_SECONDS : value;
}

/* Up to 1500 more than 1000, now and then. */
static int64_t spike(uint64_t key, int64_t moment)
{
	int64_t i = floor_div(moment, SPIKE_SECONDS), at = moment - i * SPIKE_SECONDS;

	if (demo_mix(key ^ (uint64_t)i * 31) % ONE_IN)
		return 0;
	return at < SPIKE_SECONDS / 2 ? at * 3000 / SPIKE_SECONDS : (SPIKE_SECONDS - at) * 3000 / SPIKE_SECONDS;
}

/* --- loads --- */

struct container_load {
	char name[64];
	int64_t cpu, memory; /* around which it wanders */
	int64_t cpu_limit, memory_limit;
};

/* What a pod uses; kept by its controller's uid too, for the successors. */
struct load {
	char *name, *namespace;
	uint64_t key;
	int64_t from; /* the first moment of which there is a sample */
	bool is_measured;
	size_t count;
	struct container_load containers[DEMO_MAX_CONTAINERS];
};

struct node_load {
	char *name;
	uint64_t key;
	struct amounts system; /* beside the pods */
	struct amounts usage;  /* at the last sample */
	int64_t first_cpu;     /* at the beginning */
	bool is_measured, is_pressed;
	int64_t pressed_since;
};

struct demo_loads {
	struct index pods;   /* struct load, by name and namespace */
	struct index owners; /* struct load, by uid */
	struct index nodes;  /* struct node_load */
	int64_t sampled;     /* the moment of the last sample */
};

static struct index_key load_key(const void *item)
{
	const struct load *load = item;

	return (struct index_key){ load->name, load->namespace };
}

static struct index_key node_key(const void *item)
{
	return (struct index_key){ ((const struct node_load *)item)->name, NULL };
}

static void free_load(struct load *load)
{
	free(load->name);
	free(load->namespace);
	free(load);
}

void demo_loads_free(struct demo_loads *loads)
{
	if (!loads)
		return;
	for (size_t i = 0; i < loads->pods.count; i++)
		free_load(loads->pods.items[i]);
	for (size_t i = 0; i < loads->owners.count; i++)
		free_load(loads->owners.items[i]);
	for (size_t i = 0; i < loads->nodes.count; i++) {
		struct node_load *node = loads->nodes.items[i];

		free(node->name);
		free(node);
	}
	index_release(&loads->pods);
	index_release(&loads->owners);
	index_release(&loads->nodes);
	free(loads);
}

/* --- where they come from --- */

static int64_t quantity_at(const cJSON *tree, const char *path, bool is_cpu, int64_t otherwise)
{
	const char *text = demo_tree_text(tree, path);
	struct quantity quantity;
	struct error ignored;

	if (!text || quantity_parse(text, &quantity, &ignored) < 0)
		return otherwise;
	return is_cpu ? quantity_nano(&quantity) : quantity_value(&quantity);
}

/* Without a sample and without a sibling: somewhat less than what they ask for. Of init containers sidecars alone. */
static void guess(struct load *load, const cJSON *containers, bool is_init)
{
	const cJSON *container;

	cJSON_ArrayForEach (container, containers) {
		struct container_load *own = &load->containers[load->count];
		const char *name = demo_tree_text(container, "name");

		if (load->count == DEMO_MAX_CONTAINERS)
			return;
		if (is_init && !text_equal(demo_tree_text(container, "restartPolicy"), "Always"))
			continue;
		load->count++;
		snprintf(own->name, sizeof(own->name), "%s", name ? name : "");
		own->cpu = quantity_at(container, "resources requests cpu", true, GUESSED_CPU) / 10 * 6;
		own->memory = quantity_at(container, "resources requests memory", false, GUESSED_MEMORY) / 10 * 8;
		own->cpu_limit = quantity_at(container, "resources limits cpu", true, INT64_MAX);
		own->memory_limit = quantity_at(container, "resources limits memory", false, INT64_MAX);
	}
}

static void take_sample(struct load *load, const cJSON *metrics)
{
	const cJSON *container;

	cJSON_ArrayForEach (container, demo_tree_at(metrics, "containers"))
		for (size_t i = 0; i < load->count; i++) {
			struct container_load *own = &load->containers[i];

			if (!text_equal(demo_tree_text(container, "name"), own->name))
				continue;
			own->cpu = quantity_at(container, "usage cpu", true, own->cpu);
			own->memory = quantity_at(container, "usage memory", false, own->memory);
		}
}

static void copy_containers(struct load *load, const struct load *from)
{
	load->count = from->count;
	memcpy(load->containers, from->containers, sizeof(load->containers));
}

static struct load *load_new(const char *name, const char *namespace)
{
	struct load *load = NEW(struct load);

	load->name = memory_copy_text(name);
	load->namespace = memory_copy_text(namespace);
	return load;
}

static struct load *load_of_pod(struct demo_world *world, const struct pod *pod)
{
	struct demo_loads *loads = world->loads;
	struct load *load = index_find(&loads->pods, pod->meta.name, pod->meta.namespace), *sibling = NULL;
	struct demo_object *object, *metrics;
	const struct owner *owner;

	if (load)
		return load;
	owner = meta_controller(&pod->meta);
	object = demo_store_find(&world->store, KIND_POD, pod->meta.namespace, pod->meta.name);
	metrics = demo_store_find(&world->store, KIND_POD_METRICS, pod->meta.namespace, pod->meta.name);
	load = load_new(pod->meta.name, pod->meta.namespace ? pod->meta.namespace : "");
	load->key = demo_hash(world->seed, pod->meta.name);
	load->from = metrics ? INT64_MIN : world->now + DEMO_SAMPLE_SECONDS;
	guess(load, demo_tree_at(demo_object_tree(object), "spec containers"), false);
	guess(load, demo_tree_at(demo_object_tree(object), "spec initContainers"), true);
	if (owner)
		sibling = index_find(&loads->owners, owner->uid, NULL);
	if (metrics)
		take_sample(load, demo_object_tree(metrics));
	else if (sibling && sibling->count == load->count)
		copy_containers(load, sibling);
	index_add(&loads->pods, load);
	if (owner && !sibling) {
		sibling = load_new(owner->uid, "");
		copy_containers(sibling, load);
		index_add(&loads->owners, sibling);
	}
	return load;
}

/* --- usage --- */

static int64_t bounded(int64_t amount, int64_t limit)
{
	if (limit != INT64_MAX && amount > limit / 100 * 97)
		amount = limit / 100 * 97;
	return amount > 0 ? amount : 0;
}

static struct amounts container_usage(const struct demo_world *world, const struct load *load, size_t i, int64_t moment)
{
	const struct container_load *own = &load->containers[i];
	int64_t away = moment - world->start, cpu, memory;

	cpu = 1000 + faded(walk(load->key + 8 * i, moment) * 6 / 10 + spike(load->key, moment), away);
	memory = 1000 + faded(walk(load->key + 8 * i + 4, moment) / 10 + spike(load->key, moment) / 20, away);
	return (struct amounts){ bounded(own->cpu / 1000 * cpu, own->cpu_limit),
		bounded(own->memory / 1000 * memory, own->memory_limit) };
}

/* By the first of its containers; those that ended before them do not matter. */
static bool is_running(const struct pod *pod)
{
	for (uint16_t i = 0; i < pod->status_count; i++)
		if (pod->statuses[i].role == CONTAINER_APP)
			return pod->phase == POD_RUNNING && pod->statuses[i].state == CONTAINER_RUNNING;
	return false;
}

static struct amounts pods_usage(struct demo_world *world, const struct node_entry *entry, int64_t moment)
{
	struct amounts sum = { 0, 0 };

	for (const struct pod *pod = entry->pods; pod; pod = pod->by_node.next) {
		const struct load *load = load_of_pod(world, pod);

		for (size_t i = 0; is_running(pod) && i < load->count; i++) {
			struct amounts usage = container_usage(world, load, i, moment);

			sum.cpu += usage.cpu;
			sum.memory += usage.memory;
		}
	}
	return sum;
}

static void sample_node(
	struct demo_world *world, const struct node_entry *entry, struct node_load *node, int64_t moment)
{
	const struct amounts *all = &entry->node->allocatable;
	struct amounts usage = pods_usage(world, entry, moment);

	usage.cpu += node->system.cpu / 1000 * (1000 + faded(walk(node->key, moment) / 3, moment - world->start));
	usage.memory += node->system.memory;
	if (node->is_pressed && all->memory != RESOURCE_UNKNOWN && usage.memory < all->memory / 100 * 96)
		usage.memory = all->memory / 1000 * (965 + walk(node->key + 5, moment) / 100);
	if (all->cpu != RESOURCE_UNKNOWN)
		usage.cpu = bounded(usage.cpu, all->cpu);
	if (all->memory != RESOURCE_UNKNOWN)
		usage.memory = bounded(usage.memory, all->memory);
	node->usage = usage;
}

static struct node_load *add_node(struct demo_world *world, const struct node_entry *entry)
{
	struct demo_object *metrics = demo_store_find(&world->store, KIND_NODE_METRICS, NULL, entry->name);
	struct node_load *node = NEW(struct node_load);
	struct amounts pods;

	node->name = memory_copy_text(entry->name);
	node->key = demo_hash(world->seed, entry->name);
	index_add(&world->loads->nodes, node);
	pods = pods_usage(world, entry, world->start);
	node->is_measured = metrics != NULL;
	node->usage = (struct amounts){ pods.cpu + SYSTEM_CPU, pods.memory + (INT64_C(400) << 20) };
	if (metrics) {
		const cJSON *tree = demo_object_tree(metrics);

		node->usage.cpu = quantity_at(tree, "usage cpu", true, node->usage.cpu);
		node->usage.memory = quantity_at(tree, "usage memory", false, node->usage.memory);
	}
	node->first_cpu = node->usage.cpu;
	node->system = (struct amounts){ bounded(node->usage.cpu - pods.cpu, INT64_MAX),
		bounded(node->usage.memory - pods.memory, INT64_MAX) };
	return node;
}

/* Those of pods that are gone. */
static void sweep_loads(struct demo_world *world)
{
	struct index *pods = &world->loads->pods;

	for (size_t i = pods->count; i-- > 0;) { /* a removal moves the last into the gap */
		struct load *load = pods->items[i];

		if (demo_store_find(&world->store, KIND_POD, load->namespace, load->name))
			continue;
		index_remove(pods, load->name, load->namespace);
		free_load(load);
	}
}

static struct demo_loads *loads_of(struct demo_world *world)
{
	const struct cluster *cluster = demo_store_cluster(&world->store);

	if (!world->loads) {
		world->loads = NEW(struct demo_loads);
		index_init(&world->loads->pods, load_key);
		index_init(&world->loads->owners, load_key);
		index_init(&world->loads->nodes, node_key);
		world->loads->sampled = world->start;
		for (size_t i = 0; i < cluster_node_count(cluster); i++)
			if (cluster_node(cluster, i)->node)
				add_node(world, cluster_node(cluster, i));
	}
	return world->loads;
}

static void sample(struct demo_world *world, struct demo_object *object, int64_t number, const char *text)
{
	const struct cluster *cluster = demo_store_cluster(&world->store);
	struct demo_loads *loads = loads_of(world);

	loads->sampled = world->now;
	sweep_loads(world);
	for (size_t i = 0; i < cluster_node_count(cluster); i++) {
		const struct node_entry *entry = cluster_node(cluster, i);
		struct node_load *node = entry->node ? index_find(&loads->nodes, entry->name, NULL) : NULL;

		if (entry->node)
			sample_node(world, entry, node ? node : add_node(world, entry), world->now);
	}
	demo_after(world, DEMO_SAMPLE_SECONDS, sample, object, number, text);
}

void demo_usage_begin(struct demo_world *world)
{
	loads_of(world);
	demo_after(world, DEMO_SAMPLE_SECONDS, sample, NULL, 0, "");
}

int64_t demo_usage_node_cpu(struct demo_world *world, const char *name, int64_t moment)
{
	const struct node_load *node = index_find(&loads_of(world)->nodes, name, NULL);

	if (!node)
		return RESOURCE_UNKNOWN;
	if (moment >= world->start)
		return node->usage.cpu;
	return node->first_cpu / 1000 * (1000 + faded(walk(node->key + 3, moment) / 4, moment - world->start));
}

void demo_usage_press(struct demo_world *world, const char *name, bool is_pressed)
{
	struct node_load *node = index_find(&loads_of(world)->nodes, name, NULL);

	if (!node)
		return;
	node->is_pressed = is_pressed;
	node->pressed_since = world->now;
}

/* --- as kubelets tell it --- */

static int64_t taken_at(const struct demo_world *world, uint64_t key)
{
	uint64_t chance = demo_mix(key + (uint64_t)(world->loads->sampled / DEMO_SAMPLE_SECONDS));

	return world->loads->sampled - (int64_t)(chance % 7);
}

bool demo_usage_of_node(struct demo_world *world, const char *name, struct demo_node_usage *ret_usage)
{
	const struct demo_loads *loads = loads_of(world);
	const struct node_load *node = index_find(&loads->nodes, name, NULL);

	if (!node || !node->is_measured)
		return false;
	*ret_usage = (struct demo_node_usage){
		.usage = node->usage,
		.key = node->key,
		.taken = taken_at(world, node->key),
		.sampled = loads->sampled,
		.pressed_for = node->is_pressed ? loads->sampled - node->pressed_since : -1,
	};
	return true;
}

/* A pod of which the last sample knows. */
static const struct load *sampled_load(const struct demo_world *world, const struct pod *pod)
{
	const struct load *load = index_find(&world->loads->pods, pod->meta.name, pod->meta.namespace);

	return load && is_running(pod) && load->from <= world->loads->sampled ? load : NULL;
}

size_t demo_usage_of_pod(const struct demo_world *world, const struct pod *pod,
	struct demo_container_usage ret_containers[DEMO_MAX_CONTAINERS], int64_t *ret_taken)
{
	const struct load *load = sampled_load(world, pod);

	if (!load)
		return 0;
	*ret_taken = taken_at(world, load->key);
	for (size_t i = 0; i < load->count; i++)
		ret_containers[i] = (struct demo_container_usage){ load->containers[i].name,
			container_usage(world, load, i, world->loads->sampled) };
	return load->count;
}

/* --- as metrics.k8s.io tells it --- */

bool demo_usage_is_old(const struct demo_world *world)
{
	return !world->loads || world->loads->sampled == world->start;
}

/* When the kubelet was asked, and over which time it says the mean is. */
static void add_moment(const struct demo_world *world, uint64_t key, struct buffer *out)
{
	uint64_t chance = demo_mix(key + (uint64_t)(world->loads->sampled / DEMO_SAMPLE_SECONDS));
	char text[TIMESTAMP_SIZE];

	buffer_printf(out, "},\"timestamp\":\"%s\",\"window\":\"%d.%03ds\"", timestamp_text(taken_at(world, key), text),
		11 + (int)(chance / 7 % 7), (int)(chance / 49 % 1000));
}

static void add_usage(const struct amounts *usage, struct buffer *out)
{
	buffer_printf(out, "\"usage\":{\"cpu\":\"%" PRId64 "n\",\"memory\":\"%" PRId64 "Ki\"}}", usage->cpu,
		usage->memory / 1024);
}

static bool print_node(struct demo_world *world, const char *name, struct buffer *out)
{
	const struct node_load *node = index_find(&world->loads->nodes, name, NULL);

	if (!node || !node->is_measured || !demo_store_find(&world->store, KIND_NODE, NULL, name))
		return false;
	buffer_printf(out,
		"{\"apiVersion\":\"metrics.k8s.io/v1beta1\",\"kind\":\"NodeMetrics\",\"metadata\":{\"name\":\"%s\"",
		name);
	add_moment(world, node->key, out);
	buffer_add_char(out, ',');
	add_usage(&node->usage, out);
	return true;
}

static bool print_pod(struct demo_world *world, const char *namespace, const char *name, struct buffer *out)
{
	const struct pod *pod =
		(const void *)cluster_find(demo_store_cluster(&world->store), KIND_POD, name, namespace);
	const struct load *load = pod ? sampled_load(world, pod) : NULL; /* made by samples alone */
	const struct node_load *node = pod && pod->node ? index_find(&world->loads->nodes, pod->node, NULL) : NULL;

	if (!load || !node || !node->is_measured)
		return false;
	buffer_printf(out,
		"{\"apiVersion\":\"metrics.k8s.io/v1beta1\",\"kind\":\"PodMetrics\",\"metadata\":{\"name\":\"%s\","
		"\"namespace\":\"%s\"",
		name, namespace);
	add_moment(world, load->key, out);
	buffer_add_text(out, ",\"containers\":[");
	for (size_t i = 0; i < load->count; i++) {
		struct amounts usage = container_usage(world, load, i, world->loads->sampled);

		buffer_printf(out, "%s{\"name\":", i ? "," : "");
		quote_json(out, load->containers[i].name, strlen(load->containers[i].name));
		buffer_add_char(out, ',');
		add_usage(&usage, out);
	}
	buffer_add_text(out, "]}");
	return true;
}

bool demo_usage_print(
	struct demo_world *world, enum kind kind, const char *namespace, const char *name, struct buffer *out)
{
	buffer_clear(out);
	return kind == KIND_NODE_METRICS ? print_node(world, name, out) : print_pod(world, namespace, name, out);
}
