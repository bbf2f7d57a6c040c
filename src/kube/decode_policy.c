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

struct meta *decode_disruption_budget(struct reading *r, struct value *object)
{
	struct disruption_budget *budget = OBJECT_NEW(struct disruption_budget);
	struct value spec = value_member(r, object, SPEC), status = value_member(r, object, STATUS);
	struct value selector = value_member(r, &spec, F("selector", 2));

	r->memory = &budget->meta.memory;
	decode_meta(r, &budget->meta);
	budget->selector = decode_selector(r, &selector);
	budget->min_available = value_int_or_text(r, &spec, F("minAvailable", 1));
	budget->max_unavailable = value_int_or_text(r, &spec, F("maxUnavailable", 3));
	budget->unhealthy_may_go = value_is(r, &spec, F("unhealthyPodEvictionPolicy", 4), "AlwaysAllow");
	budget->disruptions_allowed = (int32_t)value_integer(r, &status, F("disruptionsAllowed", 3), 0, INT32_MAX, 0);
	budget->current_healthy = (int32_t)value_integer(r, &status, F("currentHealthy", 4), 0, INT32_MAX, 0);
	budget->desired_healthy = (int32_t)value_integer(r, &status, F("desiredHealthy", 5), 0, INT32_MAX, 0);
	return &budget->meta;
}
