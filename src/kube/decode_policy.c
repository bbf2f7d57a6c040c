#include "decoders.h"

struct meta *decode_priority_class(struct reading *r, struct value *object)
{
	struct priority_class *class = OBJECT_NEW(struct priority_class);

	r->memory = &class->meta.memory;
	decode_meta(r, &class->meta);
	class->value = (int32_t)value_integer(r, object, F("value", 2), INT32_MIN, INT32_MAX, 0);
	class->global_default = value_flag(r, object, F("globalDefault", 3));
	class->never_preempts = value_is(r, object, F("preemptionPolicy", 5), "Never");
	return &class->meta;
}

static const struct label_selector *read_selector(struct reading *r, struct value *spec)
{
	struct value source = value_member(r, spec, F("selector", 2));
	struct value expressions = value_member(r, &source, F("matchExpressions", 2));
	const struct labels *labels = value_labels(r, &source, F("matchLabels", 1));
	struct label_selector *selector;
	struct label_expression *items;

	if (!source.is_there)
		return NULL;
	selector = ARENA_NEW(r->memory, struct label_selector);
	items = ARENA_ARRAY(r->memory, value_count(r, &expressions), struct label_expression);
	selector->match_labels = labels ? labels->items : NULL;
	selector->label_count = labels ? labels->count : 0;
	selector->match_expressions = items;
	for (struct value item = value_first(r, &expressions); item.is_there; item = value_next(r, &item)) {
		const struct text_list *values = value_text_list(r, &item, F("values", 3));
		const char *key = value_interned(r, &item, F("key", 1)),
			   *op = value_interned(r, &item, F("operator", 2));

		items[selector->expression_count++] = (struct label_expression){
			.key = key ? key : "",
			.op = op ? op : "",
			.values = values ? values->items : NULL,
			.value_count = values ? values->count : 0,
		};
	}
	return selector;
}

struct meta *decode_disruption_budget(struct reading *r, struct value *object)
{
	struct disruption_budget *budget = OBJECT_NEW(struct disruption_budget);
	struct value spec = value_member(r, object, SPEC), status = value_member(r, object, STATUS);

	r->memory = &budget->meta.memory;
	decode_meta(r, &budget->meta);
	budget->selector = read_selector(r, &spec);
	budget->min_available = value_int_or_text(r, &spec, F("minAvailable", 1));
	budget->max_unavailable = value_int_or_text(r, &spec, F("maxUnavailable", 3));
	budget->disruptions_allowed = (int32_t)value_integer(r, &status, F("disruptionsAllowed", 3), 0, INT32_MAX, 0);
	budget->current_healthy = (int32_t)value_integer(r, &status, F("currentHealthy", 4), 0, INT32_MAX, 0);
	budget->desired_healthy = (int32_t)value_integer(r, &status, F("desiredHealthy", 5), 0, INT32_MAX, 0);
	return &budget->meta;
}
