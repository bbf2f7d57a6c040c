/* One requirement of a label selector: its rules, shared by the text form and the structured one. */
#pragma once

#include "clusterutils/model/selector.h"

/* Checks key, values and their number, then makes the requirement ready to match: values sorted, number read. */
int requirement_finish(struct requirement *requirement, struct error *err) MUST_USE;

/* Refuses a key as the text form does, before anything else of the requirement is known. */
int requirement_check_key(const char *key, struct error *err) MUST_USE;

void requirement_sort_values(struct requirement *requirement);

bool requirement_matches(const struct requirement *requirement, const struct labels *labels);
void requirement_print(const struct requirement *requirement, struct buffer *out);
