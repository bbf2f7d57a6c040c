#include <stdio.h>

#include "clusterutils/rebalance/param.h"
#include "clusterutils/util/duration.h"
#include "param_private.h"

static void write_texts(const char *name, const struct param_texts *texts, struct document *document)
{
	if (!texts->is_set)
		return;
	document_begin_array(document, name);
	for (size_t i = 0; i < texts->count; i++)
		document_text(document, NULL, texts->items[i]);
	document_end(document);
}

static void write_numbers(const char *name, const struct param_numbers *numbers, struct document *document)
{
	if (!numbers->is_set)
		return;
	document_begin_array(document, name);
	for (size_t i = 0; i < numbers->count; i++)
		document_number(document, NULL, numbers->items[i]);
	document_end(document);
}

static void write_percents(const char *name, const struct param_percents *percents, struct document *document)
{
	char text[PARAM_LITERAL_SIZE];

	if (!percents->is_set)
		return;
	document_begin_object(document, name);
	for (size_t i = 0; i < percents->count; i++)
		document_literal(
			document, percents->items[i].resource, param_number_text(percents->items[i].percent, text));
	document_end(document);
}

static void write_uint(const char *name, uint64_t number, struct document *document)
{
	char text[PARAM_LITERAL_SIZE];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)number);
	document_literal(document, name, text);
}

static void write_labels(const char *name, const struct param_labels *labels, struct document *document)
{
	if (!labels)
		return;
	document_begin_object(document, name);
	if (labels->source.label_count) {
		document_begin_object(document, "matchLabels");
		for (size_t i = 0; i < labels->source.label_count; i++)
			document_text(
				document, labels->source.match_labels[i].key, labels->source.match_labels[i].value);
		document_end(document);
	}
	if (labels->source.expression_count)
		document_begin_array(document, "matchExpressions");
	for (size_t i = 0; i < labels->source.expression_count; i++) {
		const struct label_expression *expression = &labels->source.match_expressions[i];

		document_begin_object(document, NULL);
		document_text(document, "key", expression->key);
		document_text(document, "operator", expression->op);
		write_texts("values",
			&(struct param_texts){
				expression->value_count > 0, expression->value_count, expression->values },
			document);
		document_end(document);
	}
	if (labels->source.expression_count)
		document_end(document);
	document_end(document);
}

static void write_objects(const struct param *param, const struct param_objects *objects, struct document *document)
{
	if (!objects->is_set)
		return;
	document_begin_array(document, param->name);
	for (size_t i = 0; i < objects->count; i++) {
		document_begin_object(document, NULL);
		param_write(param->object->params, (const char *)objects->items + i * param->object->size, document);
		document_end(document);
	}
	document_end(document);
}

static void write_number(const struct param *param, const void *member, struct document *document)
{
	const struct param_int *number = member;
	char text[DURATION_TEXT_SIZE];

	if (param->type == PARAM_INT32 && *(const int32_t *)member)
		document_number(document, param->name, *(const int32_t *)member);
	if (param->type == PARAM_INT64 && *(const int64_t *)member)
		document_number(document, param->name, *(const int64_t *)member);
	if (param->type == PARAM_INT32 || param->type == PARAM_INT64 || !number->is_set)
		return;
	if (param->type == PARAM_DURATION)
		document_text(document, param->name, duration_text(number->value, text));
	else
		document_number(document, param->name, number->value);
}

static void write_text(const struct param *param, const char *text, struct document *document)
{
	/* Upstream has no word for "not given" but where its member is a pointer. */
	if (text && (*text || param->type == PARAM_OPTIONAL_TEXT || param->is_always_written))
		document_text(document, param->name, text);
}

static void write_scalar(const struct param *param, const void *member, struct document *document)
{
	const struct param_bool *flag = member;
	const struct param_uint *count = member;

	switch (param->type) {
	case PARAM_BOOL:
		if (*(const bool *)member)
			document_flag(document, param->name, true);
		return;
	case PARAM_OPTIONAL_BOOL:
		if (flag->is_set)
			document_flag(document, param->name, flag->value);
		return;
	case PARAM_UINT:
		if (*(const uint64_t *)member)
			write_uint(param->name, *(const uint64_t *)member, document);
		return;
	case PARAM_OPTIONAL_UINT:
		if (count->is_set)
			write_uint(param->name, count->value, document);
		return;
	case PARAM_TEXT:
	case PARAM_OPTIONAL_TEXT:
		write_text(param, *(const char *const *)member, document);
		return;
	default:
		write_number(param, member, document);
		return;
	}
}

static void write_member(const struct param *param, const void *member, struct document *document)
{
	switch (param->type) {
	case PARAM_TEXTS:
		write_texts(param->name, member, document);
		return;
	case PARAM_NUMBERS:
		write_numbers(param->name, member, document);
		return;
	case PARAM_PERCENTS:
		write_percents(param->name, member, document);
		return;
	case PARAM_LABELS:
		write_labels(param->name, *(const struct param_labels *const *)member, document);
		return;
	case PARAM_OBJECT:
		if (*(const unsigned *)member == 0)
			return;
		document_begin_object(document, param->name);
		param_write(param->object->params, member, document);
		document_end(document);
		return;
	case PARAM_OBJECTS:
		write_objects(param, member, document);
		return;
	case PARAM_TEXT_MAP: /* of selectors, which are written by themselves */
	case PARAM_RAW:
		return;
	default:
		write_scalar(param, member, document);
		return;
	}
}

void param_write(const struct param *params, const void *object, struct document *document)
{
	for (; params->name; params++)
		write_member(params, (const char *)object + params->offset, document);
}
