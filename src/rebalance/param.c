#include "clusterutils/rebalance/param.h"

#include <string.h>
#include <strings.h>

#include "clusterutils/util/memory.h"
#include "param_private.h"

enum { SIMILAR_LETTERS = 2, LONGEST_NAME = 64 };

static const struct param names_params[] = {
	{ .name = "include",
		.type = PARAM_TEXTS,
		.offset = offsetof(struct param_names, include),
		.help = "these alone" },
	{ .name = "exclude",
		.type = PARAM_TEXTS,
		.offset = offsetof(struct param_names, exclude),
		.help = "all but these" },
	PARAM_END,
};

const struct param_object param_namespaces_object = { "api.Namespaces", sizeof(struct param_names), names_params,
	false };

const struct param *param_find(const struct param *params, const char *name)
{
	for (; params->name; params++)
		if (strcmp(params->name, name) == 0)
			return params;
	return NULL;
}

const struct param *param_find_fold(const struct param *params, const char *name)
{
	for (; params->name; params++)
		if (strcasecmp(params->name, name) == 0)
			return params;
	return NULL;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* How many letters must be put in, taken out or changed to make one name of the other; case does not count. */
size_t param_distance(const char *a, const char *b)
{
	size_t row[LONGEST_NAME + 1], length = strlen(b);

	if (length > LONGEST_NAME || strlen(a) > LONGEST_NAME)
		return LONGEST_NAME;
	for (size_t j = 0; j <= length; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < length; j++) {
			bool same = strncasecmp(a + i, b + j, 1) == 0;
			size_t best = least(least(row[j], row[j + 1]) + 1, diagonal + !same);

			diagonal = row[j + 1];
			row[j + 1] = best;
		}
	}
	return row[length];
}

const char *param_similar(const struct param *params, const char *name)
{
	size_t best = SIMILAR_LETTERS + 1;
	const char *found = NULL;

	for (; params->name; params++) {
		size_t distance = param_distance(params->name, name);

		if (distance < best && distance < strlen(params->name) / 2) {
			best = distance;
			found = params->name;
		}
	}
	return found;
}

void param_labels_release(struct param_labels *first)
{
	for (; first; first = first->next)
		selector_release(&first->selector);
}

const char *param_type_text(const struct param *param)
{
	switch (param->type) {
	case PARAM_BOOL:
	case PARAM_OPTIONAL_BOOL:
		return "true or false";
	case PARAM_UINT:
	case PARAM_OPTIONAL_UINT:
		return "a whole number of at least 0";
	case PARAM_INT32:
	case PARAM_OPTIONAL_INT32:
	case PARAM_INT64:
	case PARAM_OPTIONAL_INT64:
		return "a whole number";
	case PARAM_DURATION:
		return "a duration such as 5m";
	case PARAM_TEXT:
	case PARAM_OPTIONAL_TEXT:
		return "a text";
	case PARAM_TEXTS:
		return "a list of texts";
	case PARAM_TEXT_MAP:
		return "a map of texts";
	case PARAM_NUMBERS:
		return "a list of whole numbers";
	case PARAM_PERCENTS:
		return "a map of resources to percentages";
	case PARAM_LABELS:
		return "a label selector (matchLabels, matchExpressions)";
	case PARAM_OBJECTS:
		return "a list of maps";
	default:
		return "a map";
	}
}

void param_constraint(const struct param *param, struct buffer *out)
{
	if (param->constraint)
		buffer_add_text(out, param->constraint);
	else if (param->choices)
		buffer_add_text(out, "one of ");
	else if (param->max > param->min)
		buffer_printf(out, "%lld to %lld", (long long)param->min, (long long)param->max);
	else if (param->min)
		buffer_printf(out, "at least %lld", (long long)param->min);
	for (size_t i = 0; !param->constraint && param->choices && param->choices[i]; i++)
		buffer_printf(out, "%s%s", i ? ", " : "", param->choices[i]);
}

/* --- defaults --- */

static void default_text_list(const char *fallback, struct param_texts *texts, struct arena *arena)
{
	const char **items;

	if (texts->count)
		return;
	items = ARENA_NEW(arena, const char *);
	items[0] = fallback;
	*texts = (struct param_texts){ true, 1, items };
}

static void default_number(const char *fallback, bool *is_set, int64_t *value)
{
	if (*is_set)
		return;
	*is_set = true;
	*value = 0;
	for (const char *digit = fallback; *digit >= '0' && *digit <= '9'; digit++)
		*value = *value * 10 + (*digit - '0');
}

static void default_one(const struct param *param, void *member, struct arena *arena)
{
	struct param_bool *flag = member;
	struct param_uint *count = member;
	struct param_int *number = member;
	int64_t value;

	switch (param->type) {
	case PARAM_OPTIONAL_BOOL:
		if (!flag->is_set)
			*flag = (struct param_bool){ true, strcmp(param->fallback, "true") == 0 };
		return;
	case PARAM_OPTIONAL_UINT:
		value = (int64_t)count->value;
		default_number(param->fallback, &count->is_set, &value);
		count->value = (uint64_t)value;
		return;
	case PARAM_OPTIONAL_INT32:
	case PARAM_OPTIONAL_INT64:
		default_number(param->fallback, &number->is_set, &number->value);
		return;
	case PARAM_TEXTS:
		default_text_list(param->fallback, member, arena);
		return;
	default: /* 0 and false are what an empty struct has */
		return;
	}
}

void param_default(const struct param *params, void *object, struct arena *arena)
{
	for (; params->name; params++)
		if (params->fallback)
			default_one(params, (char *)object + params->offset, arena);
}
