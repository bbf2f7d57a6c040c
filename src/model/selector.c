#include "clusterutils/model/selector.h"

#include <string.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/quote.h"
#include "requirement.h"
#include "selector_builder.h"

void selector_builder_release(struct selector_builder *builder)
{
	arena_release(&builder->arena);
}

void *selector_builder_grow(struct selector_builder *builder, void *array, size_t count, size_t *capacity, size_t size)
{
	void *larger;

	if (count < *capacity)
		return array;
	*capacity = *capacity ? *capacity * 2 : 4;
	larger = arena_new(&builder->arena, *capacity, size);
	return count ? memcpy(larger, array, count * size) : larger;
}

int selector_too_many(struct error *err, const char *what, int ceiling)
{
	return error_set(err, ERROR_INVALID, "the selector has more than %d %s", ceiling, what);
}

int selector_builder_add(struct selector_builder *builder, struct requirement requirement, struct error *err)
{
	if (builder->count >= SELECTOR_MAX_REQUIREMENTS)
		return selector_too_many(err, "requirements", SELECTOR_MAX_REQUIREMENTS);
	if (requirement_finish(&requirement, err))
		return -1;
	builder->requirements = selector_builder_grow(
		builder, builder->requirements, builder->count, &builder->capacity, sizeof(*builder->requirements));
	builder->requirements[builder->count++] = requirement;
	return 0;
}

/* Sorted by key, in the order given where keys are equal. */
static void sort_by_key(struct requirement *items, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct requirement moved = items[i];
		size_t to = i;

		for (; to > 0 && strcmp(items[to - 1].key, moved.key) > 0; to--)
			items[to] = items[to - 1];
		items[to] = moved;
	}
}

void selector_builder_finish(struct selector_builder *builder, struct selector *ret_selector)
{
	sort_by_key(builder->requirements, builder->count);
	*ret_selector = (struct selector){
		.requirements = builder->requirements,
		.count = builder->count,
		.arena = builder->arena,
	};
	*builder = (struct selector_builder){ 0 };
}

static int add_match_label(struct selector_builder *builder, const struct label *label, struct error *err)
{
	struct requirement requirement = { .op = SELECTOR_EQUALS, .value_count = 1 };

	requirement.key = arena_text(&builder->arena, label->key);
	requirement.values = ARENA_NEW(&builder->arena, const char *);
	requirement.values[0] = arena_text(&builder->arena, label->value);
	return selector_builder_add(builder, requirement, err);
}

static int find_operator(const char *name, enum selector_operator *ret_operator, struct error *err)
{
	static const struct {
		const char *name;
		enum selector_operator op;
	} operators[] = {
		{ "In", SELECTOR_IN },
		{ "NotIn", SELECTOR_NOT_IN },
		{ "Exists", SELECTOR_EXISTS },
		{ "DoesNotExist", SELECTOR_DOES_NOT_EXIST },
	};
	AUTO_BUFFER quoted = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(operators); i++)
		if (strcmp(name, operators[i].name) == 0) {
			*ret_operator = operators[i].op;
			return 0;
		}
	quote_text(&quoted, name, strlen(name));
	return error_set(err, ERROR_INVALID, "%s is not a valid label selector operator", buffer_text(&quoted));
}

static int add_match_expression(
	struct selector_builder *builder, const struct label_expression *expression, struct error *err)
{
	struct requirement requirement = { .value_count = expression->value_count };

	if (expression->value_count > SELECTOR_MAX_VALUES - builder->value_count)
		return selector_too_many(err, "values", SELECTOR_MAX_VALUES);
	builder->value_count += expression->value_count;
	if (find_operator(expression->op, &requirement.op, err))
		return -1;
	requirement.key = arena_text(&builder->arena, expression->key);
	requirement.values = ARENA_ARRAY(&builder->arena, expression->value_count, const char *);
	for (size_t i = 0; i < expression->value_count; i++)
		requirement.values[i] = arena_text(&builder->arena, expression->values[i]);
	return selector_builder_add(builder, requirement, err);
}

int selector_build(const struct label_selector *source, struct selector *ret_selector, struct error *err)
{
	AUTO_SELECTOR_BUILDER builder = { 0 };

	if (!source) {
		*ret_selector = (struct selector){ .is_nothing = true };
		return 0;
	}
	for (size_t i = 0; i < source->label_count; i++)
		if (add_match_label(&builder, &source->match_labels[i], err))
			return -1;
	for (size_t i = 0; i < source->expression_count; i++)
		if (add_match_expression(&builder, &source->match_expressions[i], err))
			return -1;
	selector_builder_finish(&builder, ret_selector);
	return 0;
}

void selector_release(struct selector *selector)
{
	arena_release(&selector->arena);
	*selector = (struct selector){ 0 };
}

bool selector_matches(const struct selector *selector, const struct labels *labels)
{
	if (selector->is_nothing)
		return false;
	for (size_t i = 0; i < selector->count; i++)
		if (!requirement_matches(&selector->requirements[i], labels))
			return false;
	return true;
}

bool selector_is_everything(const struct selector *selector)
{
	return selector->count == 0 && !selector->is_nothing;
}

void selector_print(const struct selector *selector, struct buffer *out)
{
	for (size_t i = 0; i < selector->count; i++) {
		if (i > 0)
			buffer_add_char(out, ',');
		requirement_print(&selector->requirements[i], out);
	}
}
