#include <stdio.h>

#include "clusterutils/util/text.h"
#include "decoders.h"

struct meta *decode_priority_class(struct reading *r, const struct json *object)
{
	struct priority_class *class = OBJECT_NEW(struct priority_class);

	r->memory = &class->meta.memory;
	json_meta(r, object, &class->meta);
	class->value = (int32_t)json_integer(r, object, "value", INT32_MIN, INT32_MAX, 0);
	class->global_default = json_flag(r, object, "globalDefault");
	class->never_preempts = text_equal(json_raw(r, object, "preemptionPolicy"), "Never");
	return &class->meta;
}

static const struct label_selector *read_selector(struct reading *r, const struct json *spec)
{
	struct json source = json_member(r, spec, "selector");
	struct json expressions = json_member(r, &source, "matchExpressions");
	const struct labels *labels = json_labels(r, &source, "matchLabels");
	struct label_selector *selector;
	struct label_expression *items;

	if (!source.value)
		return NULL;
	selector = ARENA_NEW(r->memory, struct label_selector);
	items = ARENA_ARRAY(r->memory, json_count(r, &expressions), struct label_expression);
	selector->match_labels = labels ? labels->items : NULL;
	selector->label_count = labels ? labels->count : 0;
	selector->match_expressions = items;
	for (struct json item = json_first(r, &expressions); item.value; item = json_next(&item)) {
		const struct text_list *values = json_text_list(r, &item, "values");
		const char *key = json_interned(r, &item, "key"), *op = json_interned(r, &item, "operator");

		items[selector->expression_count++] = (struct label_expression){
			.key = key ? key : "",
			.op = op ? op : "",
			.values = values ? values->items : NULL,
			.value_count = values ? values->count : 0,
		};
	}
	return selector;
}

/* An IntOrString, as text. */
static const char *int_or_text(struct reading *r, const struct json *spec, const char *key)
{
	struct json member = json_member(r, spec, key);
	char number[24];

	if (!member.value || !cJSON_IsNumber(member.value))
		return json_interned(r, spec, key);
	snprintf(number, sizeof(number), "%d", (int)json_integer(r, spec, key, 0, INT32_MAX, 0));
	return json_intern_raw(r, number);
}

struct meta *decode_disruption_budget(struct reading *r, const struct json *object)
{
	struct disruption_budget *budget = OBJECT_NEW(struct disruption_budget);
	struct json spec = json_member(r, object, "spec"), status = json_member(r, object, "status");

	r->memory = &budget->meta.memory;
	json_meta(r, object, &budget->meta);
	budget->selector = read_selector(r, &spec);
	budget->min_available = int_or_text(r, &spec, "minAvailable");
	budget->max_unavailable = int_or_text(r, &spec, "maxUnavailable");
	budget->disruptions_allowed = (int32_t)json_integer(r, &status, "disruptionsAllowed", 0, INT32_MAX, 0);
	budget->current_healthy = (int32_t)json_integer(r, &status, "currentHealthy", 0, INT32_MAX, 0);
	budget->desired_healthy = (int32_t)json_integer(r, &status, "desiredHealthy", 0, INT32_MAX, 0);
	return &budget->meta;
}
