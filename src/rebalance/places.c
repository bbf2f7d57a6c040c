#include "places.h"

#include <stdlib.h>
#include <string.h>

#include "clusterutils/sched/node_affinity.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"

enum { FEW = 6, WORD_BITS = 64 };

/* A few by their number, more as a set of bits: pods that name their node are many. */
struct pass_places {
	uint64_t *bits; /* NULL where they are few */
	size_t words;
	uint32_t few[FEW]; /* ascending */
	size_t count;
};

/* The nodes of one value of a label, ascending. */
struct bucket {
	const char *key, *value;
	uint32_t *nodes;
	size_t count, capacity;
};

struct label_key {
	const char *key;
};

struct places_memory {
	struct pointer_map places; /* by nodeSelector, affinity, tolerations */
	struct pointer_map fits;   /* by these and requests */
	struct pointer_map demands;
	struct index buckets; /* by key and value */
	struct index keys;    /* whose buckets there are */
};

static struct index_key key_of_bucket(const void *object)
{
	const struct bucket *bucket = object;

	return (struct index_key){ bucket->key, bucket->value };
}

static struct index_key key_of_label(const void *object)
{
	return (struct index_key){ ((const struct label_key *)object)->key, NULL };
}

struct places_memory *places_memory_new(void)
{
	struct places_memory *memory = NEW(struct places_memory);

	index_init(&memory->buckets, key_of_bucket);
	index_init(&memory->keys, key_of_label);
	return memory;
}

void places_memory_free(struct places_memory *memory)
{
	if (!memory)
		return;
	for (size_t i = 0; i < memory->buckets.count; i++)
		free(((struct bucket *)memory->buckets.items[i])->nodes);
	index_release(&memory->buckets);
	index_release(&memory->keys);
	pointer_map_release(&memory->places);
	pointer_map_release(&memory->fits);
	pointer_map_release(&memory->demands);
	free(memory);
}

/* --- sets of nodes --- */

static size_t words_for(const struct pass *pass)
{
	return (pass->node_count + WORD_BITS - 1) / WORD_BITS;
}

struct node_set node_set_new(struct pass *pass)
{
	return (struct node_set){ ARENA_ARRAY(&pass->arena, words_for(pass), uint64_t), ++pass->last_set };
}

static size_t place_of(const struct pass *pass, const struct pass_node *node)
{
	return (size_t)(node - pass->nodes);
}

void node_set_add(struct node_set *set, const struct pass *pass, const struct pass_node *node)
{
	size_t place = place_of(pass, node);

	set->bits[place / WORD_BITS] |= UINT64_C(1) << place % WORD_BITS;
}

bool node_set_has(const struct node_set *set, const struct pass *pass, const struct pass_node *node)
{
	size_t place = place_of(pass, node);

	return set->bits[place / WORD_BITS] >> place % WORD_BITS & 1;
}

/* --- places --- */

static void add_place(struct pass *pass, struct pass_places *places, uint32_t place)
{
	if (!places->bits && places->count == FEW) {
		places->words = words_for(pass);
		places->bits = ARENA_ARRAY(&pass->arena, places->words, uint64_t);
		for (size_t i = 0; i < FEW; i++)
			places->bits[places->few[i] / WORD_BITS] |= UINT64_C(1) << places->few[i] % WORD_BITS;
	}
	if (places->bits)
		places->bits[place / WORD_BITS] |= UINT64_C(1) << place % WORD_BITS;
	else
		places->few[places->count] = place;
	places->count++;
}

static size_t lowest_bit(uint64_t word)
{
	size_t bit = 0;

	for (unsigned half = WORD_BITS / 2; half; half /= 2) {
		if (word & ((UINT64_C(1) << half) - 1))
			continue;
		word >>= half;
		bit += half;
	}
	return bit;
}

size_t places_next(const struct pass_places *places, size_t from)
{
	if (!places->bits) {
		for (size_t i = 0; i < places->count; i++)
			if (places->few[i] >= from)
				return places->few[i];
		return SIZE_MAX;
	}
	for (size_t word = from / WORD_BITS; word < places->words; word++) {
		uint64_t bits = places->bits[word];

		if (word == from / WORD_BITS)
			bits &= ~UINT64_C(0) << from % WORD_BITS;
		if (bits)
			return word * WORD_BITS + lowest_bit(bits);
	}
	return SIZE_MAX;
}

bool pass_places_have(const struct pass *pass, const struct pass_places *places, const struct pass_node *node)
{
	size_t place = place_of(pass, node);

	if (places->bits)
		return places->bits[place / WORD_BITS] >> place % WORD_BITS & 1;
	for (size_t i = 0; i < places->count; i++)
		if (places->few[i] == place)
			return true;
	return false;
}

static void make_buckets(struct pass *pass, const char *key)
{
	struct places_memory *memory = pass->places;
	struct label_key *made = ARENA_NEW(&pass->arena, struct label_key);

	made->key = key;
	index_add(&memory->keys, made);
	for (size_t i = 0; i < pass->node_count; i++) {
		const char *value = labels_get(pass->nodes[i].node->meta.labels, key);
		struct bucket *bucket = value ? index_find(&memory->buckets, key, value) : NULL;

		if (!value)
			continue;
		if (!bucket) {
			bucket = ARENA_NEW(&pass->arena, struct bucket);
			bucket->key = key;
			bucket->value = value;
			index_add(&memory->buckets, bucket);
		}
		ARRAY_GROW(bucket->nodes, bucket->count, bucket->capacity);
		bucket->nodes[bucket->count++] = (uint32_t)i;
	}
}

static const struct bucket *bucket_of(struct pass *pass, const char *key, const char *value)
{
	if (!index_find(&pass->places->keys, key, NULL))
		make_buckets(pass, key);
	return index_find(&pass->places->buckets, key, value);
}

struct asking {
	struct pass *pass;
	const struct pod *pod;
	bool asks_tolerations;
	struct pass_places *places;
};

static void try_node(const struct asking *asking, size_t place)
{
	const unsigned effects = 1U << EFFECT_NO_SCHEDULE | 1U << EFFECT_NO_EXECUTE;
	const struct node *node = asking->pass->nodes[place].node;

	if (node_affinity_required(asking->pod, node) &&
		!(asking->asks_tolerations && taint_first_untolerated(node->taints, asking->pod->tolerations, effects)))
		add_place(asking->pass, asking->places, (uint32_t)place);
}

static bool try_value(const struct asking *asking, const char *key, const char *value)
{
	const struct bucket *bucket = bucket_of(asking->pass, key, value);

	for (size_t i = 0; bucket && i < bucket->count; i++)
		try_node(asking, bucket->nodes[i]);
	return true;
}

/* One value and no more: of several the nodes would not come in their order. */
static const struct node_requirement *single_value(const struct node_requirements *requirements)
{
	for (size_t i = 0; requirements && i < requirements->count; i++)
		if (requirements->items[i].op == NODE_IN && requirements->items[i].values &&
			requirements->items[i].values->count == 1)
			return &requirements->items[i];
	return NULL;
}

/* Those that one requirement leaves, where there is such a one: false where all nodes are to be tried. */
static bool try_few(const struct asking *asking)
{
	const struct labels *selector = asking->pod->node_selector;
	const struct node_terms *terms = asking->pod->placement ? asking->pod->placement->required_nodes : NULL;
	const struct node_requirement *requirement;

	if (selector && selector->count)
		return try_value(asking, selector->items[0].key, selector->items[0].value);
	if (!terms || terms->count != 1)
		return false;
	requirement = single_value(terms->items[0].fields);
	if (requirement && strcmp(requirement->key, "metadata.name") == 0) {
		const struct pass_node *node = pass_node_named(asking->pass, requirement->values->items[0]);

		if (node)
			try_node(asking, place_of(asking->pass, node));
		return true;
	}
	requirement = single_value(terms->items[0].labels);
	return requirement && try_value(asking, requirement->key, requirement->values->items[0]);
}

/* Equal demands are one object, for they are interned; `pass` itself stands for tolerations that are not asked. */
static const struct pass_places *find_places(struct pass *pass, const struct pod *pod, bool asks_tolerations)
{
	const struct pointer_key key = { { pod->node_selector, pod->placement ? pod->placement->required_nodes : NULL,
		asks_tolerations ? (const void *)pod->tolerations : (const void *)pass } };
	struct pass_places *places = pointer_map_get(&pass->places->places, key);
	struct asking asking = { .pass = pass, .pod = pod, .asks_tolerations = asks_tolerations };

	if (places)
		return places;
	places = asking.places = ARENA_NEW(&pass->arena, struct pass_places);
	if (!try_few(&asking))
		for (size_t i = 0; i < pass->node_count; i++)
			try_node(&asking, i);
	*pointer_map_at(&pass->places->places, key) = places;
	return places;
}

const struct pass_places *pass_places_of(struct pass *pass, const struct pod *pod)
{
	return find_places(pass, pod, true);
}

const struct pass_places *pass_places_by_affinity(struct pass *pass, const struct pod *pod)
{
	return find_places(pass, pod, false);
}

/* --- what a pod asks, all of it --- */

static size_t position_of(const struct pass *pass, const char *resource)
{
	size_t i = 0;

	while (i < pass->resource_count && strcmp(pass->resources[i], resource) != 0)
		i++;
	return i;
}

static const struct pass_demand *demand_of(struct pass *pass, const struct resource_list *requests)
{
	void **known = pointer_map_at(&pass->places->demands, POINTERS(requests));
	struct pass_demand *demand = *known;

	if (demand)
		return demand;
	demand = arena_new(&pass->arena, 1, sizeof(*demand) + requests->count * sizeof(demand->items[0]));
	for (; demand->count < requests->count; demand->count++) {
		const struct resource *resource = &requests->items[demand->count];

		demand->items[demand->count] = (struct demand_item){ resource->name, position_of(pass, resource->name),
			quantity_milli(&resource->quantity) };
	}
	return *known = demand;
}

struct pod_fit *pod_fit_of(struct pass *pass, const struct pass_pod *pod)
{
	const struct pod *of = pod->pod;
	void **known = pointer_map_at(&pass->places->fits,
		POINTERS(of->node_selector, of->placement ? of->placement->required_nodes : NULL, of->tolerations,
			pod->requests));
	struct pod_fit *fit = *known;

	if (!fit) {
		*known = fit = ARENA_NEW(&pass->arena, struct pod_fit);
		fit->places = pass_places_of(pass, of);
		fit->demand = demand_of(pass, pod->requests);
	}
	return fit;
}
