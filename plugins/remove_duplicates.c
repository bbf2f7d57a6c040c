/* RemoveDuplicates: replicas of one owner that share a node, where other nodes could take them.
 * Upstream: pkg/framework/plugins/removeduplicates, v0.36.0. Differs: nothing. Pods that the evictor protects are not
 * counted at all; of those of one kind on a node the first is the original, here the first by name; capacity, cordons
 * and whether other nodes have fewer are not looked at; a pod of several owners is listed under each. */
#include <stdlib.h>
#include <string.h>

#include "clusterutils/rebalance/pass.h"
#include "clusterutils/rebalance/strategy.h"
#include "clusterutils/sched/node_affinity.h"
#include "clusterutils/util/buffer.h"
#include "clusterutils/util/memory.h"

struct args {
	struct param_names namespaces;
	struct param_texts exclude_owner_kinds;
};

static const struct param params[] = {
	PARAM_NAMESPACES(struct args, namespaces),
	{ .name = "excludeOwnerKinds",
		.type = PARAM_TEXTS,
		.offset = offsetof(struct args, exclude_owner_kinds),
		.help = "kinds of owners whose pods are left alone" },
	PARAM_END,
};

static void check(const void *args, struct check *check)
{
	const struct args *a = args;

	check_names(check, "namespaces", &a->namespaces);
}

/* --- what it does --- */

static struct pod_filter filter_of(const struct args *a)
{
	return (struct pod_filter){ &a->namespaces, NULL };
}

/* Duplicates of an owner, node by node in the order of the nodes. */
struct owner_key {
	const char *text; /* namespace, kind, name and images */
	size_t occurrences;
	struct pass_pod **duplicates;
	size_t count, capacity;
};

/* What makes a pod the same as another on its node. */
struct identity {
	const char *text;
};

struct search {
	struct pass *pass;
	const struct args *a;
	struct index owners; /* of struct owner_key */
};

static struct index_key key_of_owner(const void *object)
{
	return (struct index_key){ ((const struct owner_key *)object)->text, NULL };
}

static struct index_key key_of_identity(const void *object)
{
	return (struct index_key){ ((const struct identity *)object)->text, NULL };
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *joined(struct arena *arena, const char **texts, size_t count)
{
	AUTO_BUFFER text = { 0 };

	qsort(texts, count, sizeof(const char *), compare_texts);
	for (size_t i = 0; i < count; i++)
		buffer_printf(&text, "%s\n", texts[i]);
	return arena_text(arena, buffer_text(&text));
}

/* Init containers do not count. */
static size_t images_of(struct arena *arena, const struct pod *pod, const char ***ret_images)
{
	const char **images = ARENA_ARRAY(arena, pod->containers->count, const char *);
	size_t count = 0;

	for (size_t i = 0; i < pod->containers->count; i++)
		if (pod->containers->items[i].role == CONTAINER_APP)
			images[count++] = pod->containers->items[i].image;
	*ret_images = images;
	return count;
}

/* NULL for a pod that is not looked at. */
static const char *identity_of(struct arena *arena, const struct args *a, const struct pod *pod)
{
	const struct owners *owners = pod->meta.owners;
	const char **images, **keys;
	size_t image_count, count = 0;

	if (!owners || !owners->count)
		return NULL;
	image_count = images_of(arena, pod, &images);
	keys = ARENA_ARRAY(arena, owners->count * image_count, const char *);
	for (size_t i = 0; i < owners->count; i++) {
		if (texts_have(&a->exclude_owner_kinds, owners->items[i].kind))
			return NULL;
		for (size_t k = 0; k < image_count; k++)
			keys[count++] =
				arena_printf(arena, "%s/%s/%s/%s", pod->meta.namespace ? pod->meta.namespace : "",
					owners->items[i].kind, owners->items[i].name, images[k]);
	}
	return count ? joined(arena, keys, count) : NULL;
}

static struct owner_key *owner_of(struct search *search, const struct pod *pod, const struct owner *owner)
{
	struct arena *arena = &search->pass->arena;
	const char **images;
	size_t count = images_of(arena, pod, &images);
	const char *text = arena_printf(arena, "%s/%s/%s\n%s", pod->meta.namespace ? pod->meta.namespace : "",
		owner->kind, owner->name, joined(arena, images, count));
	struct owner_key *key = index_find(&search->owners, text, NULL);

	if (!key) {
		key = ARENA_NEW(arena, struct owner_key);
		key->text = text;
		index_add(&search->owners, key);
	}
	return key;
}

static void look_at(struct search *search, struct pass_pod *pod, struct index *seen)
{
	const char *text = identity_of(&search->pass->arena, search->a, pod->pod);
	bool is_duplicate;

	if (!text)
		return;
	is_duplicate = index_find(seen, text, NULL) != NULL;
	for (size_t i = 0; i < pod->pod->meta.owners->count; i++) {
		struct owner_key *owner = owner_of(search, pod->pod, &pod->pod->meta.owners->items[i]);

		owner->occurrences++;
		if (!is_duplicate)
			continue;
		ARRAY_GROW(owner->duplicates, owner->count, owner->capacity);
		owner->duplicates[owner->count++] = pod;
	}
	if (!is_duplicate) {
		struct identity *identity = ARENA_NEW(&search->pass->arena, struct identity);

		identity->text = text;
		index_add(seen, identity);
	}
}

static void find_duplicates(struct search *search)
{
	FOR_EACH_NODE(search->pass, node)
	{
		struct index seen;
		size_t count;
		struct pass_pod **pods = pass_candidates(search->pass, node, PASS_ACTIVE, filter_of(search->a), &count);

		index_init(&seen, key_of_identity);
		for (size_t i = 0; i < count; i++)
			look_at(search, pods[i], &seen);
		index_release(&seen);
	}
}

/* Equal demands are one object: they are interned. */
static bool asks_the_same(const struct pod *a, const struct pod *b)
{
	return a->tolerations == b->tolerations && a->node_selector == b->node_selector &&
		(a->placement ? a->placement->required_nodes : NULL) ==
		(b->placement ? b->placement->required_nodes : NULL);
}

static bool may_run_on(const struct pod *pod, const struct node *node)
{
	const unsigned effects = 1U << EFFECT_NO_SCHEDULE | 1U << EFFECT_NO_EXECUTE;

	return !taint_first_untolerated(node->taints, pod->tolerations, effects) && node_affinity_required(pod, node);
}

/* Where the duplicates could run: of each kind of demands, only if it has more than one node. */
static size_t count_targets(struct pass *pass, const struct owner_key *owner)
{
	AUTO_FREE bool *is_target = memory_new_array(pass->listed_count, sizeof(*is_target));
	AUTO_FREE bool *matches = memory_new_array(pass->listed_count, sizeof(*matches));
	size_t count = 0;

	for (size_t i = 0; i < owner->count; i++) {
		bool is_known = false;
		size_t matching = 0;

		for (size_t k = 0; k < i && !is_known; k++)
			is_known = asks_the_same(owner->duplicates[i]->pod, owner->duplicates[k]->pod);
		for (size_t n = 0; n < pass->listed_count && !is_known; n++) {
			matches[n] = may_run_on(owner->duplicates[i]->pod, pass->listed[n]->node);
			matching += matches[n];
		}
		for (size_t n = 0; n < pass->listed_count && matching > 1; n++)
			is_target[n] = is_target[n] || matches[n];
	}
	for (size_t n = 0; n < pass->listed_count; n++)
		count += is_target[n];
	return count;
}

/* Those of one node stand together; `most` of them and the original may stay. */
static enum pass_refusal thin_out(
	struct pass *pass, const struct owner_key *owner, size_t first, size_t end, size_t most)
{
	enum pass_refusal refusal = PASS_ACCEPTED;

	if (end - first + 1 <= most)
		return PASS_ACCEPTED;
	for (size_t i = first + most - 1; i < end && refusal != PASS_NODE_FULL && refusal != PASS_TOTAL_FULL; i++)
		refusal = pass_evict(pass, owner->duplicates[i], "%zu of %zu replicas on one node, %zu would be even",
			end - first + 1, owner->occurrences, most);
	return refusal;
}

static enum pass_refusal spread_out(struct pass *pass, const struct owner_key *owner)
{
	size_t targets = count_targets(pass, owner), end;

	if (targets < 2)
		return PASS_ACCEPTED;
	for (size_t first = 0; first < owner->count; first = end) {
		for (end = first + 1;
			end < owner->count && owner->duplicates[end]->node == owner->duplicates[first]->node;)
			end++;
		if (thin_out(pass, owner, first, end, (owner->occurrences + targets - 1) / targets) == PASS_TOTAL_FULL)
			return PASS_TOTAL_FULL;
	}
	return PASS_ACCEPTED;
}

static int balance(struct pass *pass, const void *args, struct error *err)
{
	struct search search = { .pass = pass, .a = args };
	enum pass_refusal refusal = PASS_ACCEPTED;

	(void)err;
	index_init(&search.owners, key_of_owner);
	find_duplicates(&search);
	for (size_t i = 0; i < search.owners.count; i++) {
		struct owner_key *owner = search.owners.items[i];

		if (owner->count && refusal != PASS_TOTAL_FULL)
			refusal = spread_out(pass, owner);
		free(owner->duplicates);
	}
	index_release(&search.owners);
	return 0;
}

const struct strategy strategy_remove_duplicates = {
	.name = "RemoveDuplicates",
	.summary = "pods of one owner that share a node",
	.points = STRATEGY_BALANCE,
	.params = params,
	.args_size = sizeof(struct args),
	.check = check,
	.balance = balance,
};
