#include "clusterutils/sched/node_affinity.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

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

bool node_terms_match(const struct node_terms *terms, const struct node *node)
{
	for (size_t i = 0; i < terms->count; i++)
		if (matches_term(&terms->items[i], node))
			return true;
	return false;
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
