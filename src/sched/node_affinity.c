#include "clusterutils/sched/node_affinity.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/model/label_rules.h"
#include "clusterutils/util/text.h"

static bool has_value(const struct text_list *values, const char *value)
{
	for (size_t i = 0; values && i < values->count; i++)
		if (strcmp(values->items[i], value) == 0)
			return true;
	return false;
}

static bool read_number(const char *text, int64_t *ret_number)
{
	char *end;
	long long number;

	errno = 0;
	number = strtoll(text, &end, 10);
	*ret_number = number;
	return *text && !*end && errno == 0 && *text != ' ';
}

static bool compares(const struct node_requirement *requirement, const char *value)
{
	int64_t bound, number;

	if (!value || !requirement->values || requirement->values->count != 1 ||
		!read_number(requirement->values->items[0], &bound) || !read_number(value, &number))
		return false;
	return requirement->op == NODE_GT ? number > bound : number < bound;
}

static bool is_met(const struct node_requirement *requirement, const char *value)
{
	switch ((enum node_operator)requirement->op) {
	case NODE_IN:
		return value && has_value(requirement->values, value);
	case NODE_NOT_IN:
		return requirement->values && !(value && has_value(requirement->values, value));
	case NODE_EXISTS:
		return value != NULL;
	case NODE_DOES_NOT_EXIST:
		return value == NULL;
	case NODE_GT:
	case NODE_LT:
		return compares(requirement, value);
	case NODE_OPERATOR_OTHER:
		break;
	}
	return false;
}

static bool matches_term(const struct node_term *term, const struct node *node)
{
	if (!term->labels && !term->fields)
		return false;
	for (size_t i = 0; term->labels && i < term->labels->count; i++)
		if (!is_met(&term->labels->items[i], labels_get(node->meta.labels, term->labels->items[i].key)))
			return false;
	for (size_t i = 0; term->fields && i < term->fields->count; i++)
		if (strcmp(term->fields->items[i].key, "metadata.name") != 0 ||
			!is_met(&term->fields->items[i], node->meta.name))
			return false;
	return true;
}

static size_t count_of(const struct text_list *values)
{
	return values ? values->count : 0;
}

/* As labels.NewRequirement has it. */
static bool is_valid_expression(const struct node_requirement *requirement)
{
	AUTO_BUFFER ignored = { 0 };
	size_t count = count_of(requirement->values);
	int64_t number;

	switch ((enum node_operator)requirement->op) {
	case NODE_IN:
	case NODE_NOT_IN:
		if (count == 0)
			return false;
		break;
	case NODE_EXISTS:
	case NODE_DOES_NOT_EXIST:
		if (count)
			return false;
		break;
	case NODE_GT:
	case NODE_LT:
		if (count != 1 || !read_number(requirement->values->items[0], &number))
			return false;
		break;
	case NODE_OPERATOR_OTHER:
		return false;
	}
	if (label_key_problems(requirement->key, &ignored))
		return false;
	for (size_t i = 0; i < count; i++)
		if (label_value_problems(requirement->values->items[i], &ignored))
			return false;
	return true;
}

static bool is_valid_term(const struct node_term *term)
{
	for (size_t i = 0; term->labels && i < term->labels->count; i++)
		if (!is_valid_expression(&term->labels->items[i]))
			return false;
	for (size_t i = 0; term->fields && i < term->fields->count; i++) {
		const struct node_requirement *field = &term->fields->items[i];

		if ((field->op != NODE_IN && field->op != NODE_NOT_IN) || count_of(field->values) != 1)
			return false;
	}
	return true;
}

bool node_terms_match(const struct node_terms *terms, const struct node *node)
{
	/* Whether it could be read at all is looked at last: that takes longest, and few terms match. */
	for (size_t i = 0; i < terms->count; i++)
		if (matches_term(&terms->items[i], node) && is_valid_term(&terms->items[i]))
			return true;
	return false;
}

bool node_affinity_preferred_is_valid(const struct pod *pod)
{
	const struct node_terms *terms = pod->placement ? pod->placement->preferred_nodes : NULL;

	for (size_t i = 0; terms && i < terms->count; i++)
		if (terms->items[i].weight && !is_valid_term(&terms->items[i]))
			return false;
	return true;
}

bool node_affinity_required(const struct pod *pod, const struct node *node)
{
	const struct node_terms *terms = pod->placement ? pod->placement->required_nodes : NULL;

	for (size_t i = 0; pod->node_selector && i < pod->node_selector->count; i++)
		if (!text_equal(labels_get(node->meta.labels, pod->node_selector->items[i].key),
			    pod->node_selector->items[i].value))
			return false;
	return !terms || node_terms_match(terms, node);
}

int64_t node_affinity_preferred(const struct pod *pod, const struct node *node)
{
	const struct node_terms *terms = pod->placement ? pod->placement->preferred_nodes : NULL;
	int64_t sum = 0;

	for (size_t i = 0; terms && i < terms->count; i++)
		if (terms->items[i].weight && matches_term(&terms->items[i], node))
			sum += terms->items[i].weight;
	return sum;
}
