#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/rebalance/param.h"
#include "clusterutils/util/duration.h"
#include "clusterutils/util/quote.h"
#include "param_private.h"

enum { SHOWN_TEXT = 60 };

/* Where the reader is: a chain on the stack, from the value up to the struct that is read. */
struct place {
	const struct place *up;
	const char *key; /* NULL for an element of a list */
	size_t index;    /* of that element */
	const char
		*go_name; /* of the struct that has the key; NULL for keys of plain maps, which upstream leaves out */
};

static const struct param requirement_params[] = {
	{ .name = "key", .type = PARAM_TEXT, .offset = offsetof(struct param_label_requirement, key) },
	{ .name = "operator",
		.type = PARAM_TEXT,
		.offset = offsetof(struct param_label_requirement, op),
		.go_type = "v1.LabelSelectorOperator" },
	{ .name = "values", .type = PARAM_TEXTS, .offset = offsetof(struct param_label_requirement, values) },
	PARAM_END,
};

static const struct param_object requirement_object = { "v1.LabelSelectorRequirement",
	sizeof(struct param_label_requirement), requirement_params, false };

static const struct param selector_params[] = {
	{ .name = "matchLabels", .type = PARAM_TEXT_MAP, .offset = offsetof(struct param_label_source, labels) },
	{ .name = "matchExpressions",
		.type = PARAM_OBJECTS,
		.offset = offsetof(struct param_label_source, expressions),
		.object = &requirement_object },
	PARAM_END,
};

static const struct param_object selector_object = { "v1.LabelSelector", sizeof(struct param_label_source),
	selector_params, false };

/* --- what is wrong --- */

static void add_path(const struct place *place, struct buffer *out)
{
	if (!place)
		return;
	add_path(place->up, out);
	if (!place->key)
		buffer_printf(out, "[%zu]", place->index);
	else
		buffer_printf(out, "%s%s", out->length ? "." : "", place->key);
}

/* The keys of structs alone, as encoding/json names a field. */
static void add_go_path(const struct place *place, struct buffer *out)
{
	if (!place)
		return;
	add_go_path(place->up, out);
	if (place->go_name)
		buffer_printf(out, "%s%s", out->length ? "." : "", place->key);
}

static const char *go_struct(const struct place *place)
{
	const char *dot;

	while (place && !place->go_name)
		place = place->up;
	if (!place)
		return "";
	dot = strrchr(place->go_name, '.');
	return dot ? dot + 1 : place->go_name;
}

static void add_found(const struct yaml_node *node, struct buffer *out)
{
	char literal[PARAM_LITERAL_SIZE];

	switch (node->type) {
	case YAML_TEXT:
		buffer_add_text(out, "the text ");
		quote_text(out, node->text, strnlen(node->text, SHOWN_TEXT));
		return;
	case YAML_BOOL:
		buffer_add_text(out, node->flag ? "true" : "false");
		return;
	case YAML_LIST:
		buffer_add_text(out, "a list");
		return;
	case YAML_MAP:
		buffer_add_text(out, "a map");
		return;
	case YAML_NULL:
		buffer_add_text(out, "nothing");
		return;
	default:
		buffer_add_text(out, param_literal(node, literal));
		return;
	}
}

static const char *go_kind(const struct yaml_node *node)
{
	static const char *const kinds[] = { [YAML_NULL] = "null",
		[YAML_BOOL] = "bool",
		[YAML_INT] = "number",
		[YAML_FLOAT] = "number",
		[YAML_TEXT] = "string",
		[YAML_LIST] = "array",
		[YAML_MAP] = "object" };

	return kinds[node->type];
}

static void report(const struct param_reader *reader, enum param_problem_kind kind, const struct place *place,
	const struct yaml_node *node, const struct buffer *sentence, const struct buffer *upstream)
{
	AUTO_BUFFER path = { 0 };
	struct param_problem problem = { .kind = kind, .line = node->line };

	add_path(place, &path);
	problem.path = buffer_text(&path);
	problem.sentence = buffer_text(sentence);
	problem.upstream = buffer_text(upstream);
	reader->report(reader->context, &problem);
}

static void wrong_type(const struct param_reader *reader, const struct place *place, const struct yaml_node *node,
	const char *wanted, const char *go_type)
{
	bool wants_integer = strstr(go_type, "int") == go_type || strcmp(go_type, "uint") == 0;
	AUTO_BUFFER sentence = { 0 }, upstream = { 0 };
	char literal[PARAM_LITERAL_SIZE];

	add_path(place, &sentence);
	buffer_printf(&sentence, " must be %s, not ", wanted);
	add_found(node, &sentence);
	buffer_printf(&upstream, "json: cannot unmarshal %s", go_kind(node));
	if (wants_integer && node->type == YAML_FLOAT && reader->is_json)
		buffer_printf(&upstream, " %s", node->text);
	else if (wants_integer && (node->type == YAML_INT || node->type == YAML_FLOAT))
		buffer_printf(&upstream, " %s", param_literal(node, literal));
	buffer_printf(&upstream, " into Go struct field %s.", go_struct(place));
	{
		AUTO_BUFFER go_path = { 0 };

		add_go_path(place, &go_path);
		buffer_printf(&upstream, "%s of type %s", buffer_text(&go_path), go_type);
	}
	report(reader, PARAM_WRONG_TYPE, place, node, &sentence, &upstream);
}

static void unknown_key(const struct param_reader *reader, const struct place *place, const struct yaml_node *node,
	const struct param *params)
{
	const char *similar = param_similar(params, place->key);
	AUTO_BUFFER sentence = { 0 }, upstream = { 0 }, path = { 0 };

	add_path(place, &path);
	buffer_printf(&sentence, "there is no %s", buffer_text(&path));
	if (similar)
		buffer_printf(&sentence, "; is %s meant?", similar);
	buffer_add_text(&upstream, "unknown field ");
	quote_text(&upstream, buffer_text(&path), path.length);
	report(reader, PARAM_UNKNOWN_KEY, place, node, &sentence, &upstream);
}

/* --- scalars --- */

static const struct {
	const char *go_type, *wanted;
	int64_t min, max;
} integers[] = {
	[PARAM_UINT] = { "uint", "a whole number of at least 0", 0, 0 },
	[PARAM_OPTIONAL_UINT] = { "uint", "a whole number of at least 0", 0, 0 },
	[PARAM_INT32] = { "int32", "a whole number of 32 bits", INT32_MIN, INT32_MAX },
	[PARAM_OPTIONAL_INT32] = { "int32", "a whole number of 32 bits", INT32_MIN, INT32_MAX },
	[PARAM_INT64] = { "int", "a whole number", INT64_MIN, INT64_MAX },
	[PARAM_OPTIONAL_INT64] = { "int64", "a whole number", INT64_MIN, INT64_MAX },
};

static bool to_signed(const char *literal, int64_t min, int64_t max, int64_t *ret_number)
{
	char *end;

	errno = 0;
	*ret_number = strtoll(literal, &end, 10);
	return errno == 0 && end != literal && *end == '\0' && *ret_number >= min && *ret_number <= max;
}

static bool to_unsigned(const char *literal, uint64_t *ret_number)
{
	char *end;

	errno = 0;
	*ret_number = strtoull(literal, &end, 10);
	return errno == 0 && *literal != '-' && end != literal && *end == '\0';
}

/* An integer's literal, or NULL after a report. */
static const char *integer_literal(const struct param_reader *reader, const struct place *place,
	const struct yaml_node *node, enum param_type type, char buffer[PARAM_LITERAL_SIZE])
{
	bool is_unsigned = type == PARAM_UINT || type == PARAM_OPTIONAL_UINT;
	const char *literal = param_literal(node, buffer);
	uint64_t count;
	int64_t number;

	if (literal && node->type == YAML_FLOAT && reader->is_json)
		literal = node->text;
	if (literal &&
		(is_unsigned ? to_unsigned(literal, &count)
			     : to_signed(literal, integers[type].min, integers[type].max, &number)))
		return literal;
	wrong_type(reader, place, node, integers[type].wanted, integers[type].go_type);
	return NULL;
}

static void read_integer(const struct param_reader *reader, const struct place *place, const struct yaml_node *node,
	enum param_type type, void *member)
{
	char buffer[PARAM_LITERAL_SIZE];
	const char *literal = integer_literal(reader, place, node, type, buffer);
	int64_t number = 0;
	uint64_t count = 0;

	if (!literal)
		return;
	if (type == PARAM_UINT || type == PARAM_OPTIONAL_UINT) {
		to_unsigned(literal, &count);
		if (type == PARAM_UINT)
			*(uint64_t *)member = count;
		else
			*(struct param_uint *)member = (struct param_uint){ true, count };
		return;
	}
	to_signed(literal, INT64_MIN, INT64_MAX, &number);
	if (type == PARAM_INT32)
		*(int32_t *)member = (int32_t)number;
	else if (type == PARAM_INT64)
		*(int64_t *)member = number;
	else
		*(struct param_int *)member = (struct param_int){ true, number };
}

static void read_bool(const struct param_reader *reader, const struct place *place, const struct yaml_node *node,
	enum param_type type, void *member)
{
	if (node->type != YAML_BOOL)
		wrong_type(reader, place, node, "true or false", "bool");
	else if (type == PARAM_BOOL)
		*(bool *)member = node->flag;
	else
		*(struct param_bool *)member = (struct param_bool){ true, node->flag };
}

static const char *read_text(
	const struct param_reader *reader, const struct place *place, const struct yaml_node *node, const char *go_type)
{
	if (node->type == YAML_TEXT)
		return node->text;
	if (node->type != YAML_NULL)
		wrong_type(reader, place, node, "a text", go_type ? go_type : "string");
	return "";
}

static void read_duration(const struct param_reader *reader, const struct place *place, const struct yaml_node *node,
	struct param_int *ret)
{
	AUTO_BUFFER sentence = { 0 }, upstream = { 0 };
	struct error err = { 0 };
	int64_t nanoseconds;

	if (node->type != YAML_TEXT) {
		wrong_type(reader, place, node, "a duration such as 5m", "string");
		return;
	}
	if (duration_parse(node->text, &nanoseconds, &err) == 0) {
		*ret = (struct param_int){ true, nanoseconds };
		return;
	}
	add_path(place, &sentence);
	buffer_add_text(&sentence, " must be a duration such as 5m, not ");
	add_found(node, &sentence);
	buffer_add_text(&upstream, err.message);
	report(reader, PARAM_WRONG_TYPE, place, node, &sentence, &upstream);
}

/* --- lists and maps --- */

static size_t count_members(const struct yaml_node *node)
{
	size_t count = 0;

	for (const struct yaml_node *member = node->first; member; member = member->next)
		count++;
	return count;
}

static bool is_list(const struct param_reader *reader, const struct place *place, const struct yaml_node *node,
	const char *wanted, const char *go_type)
{
	if (node->type == YAML_LIST)
		return true;
	wrong_type(reader, place, node, wanted, go_type);
	return false;
}

static void read_texts(const struct param_reader *reader, const struct place *place, const struct yaml_node *node,
	const char *go_type, struct param_texts *ret)
{
	struct place element = { .up = place };
	AUTO_BUFFER go_list = { 0 };
	const char **items;

	buffer_printf(&go_list, "[]%s", go_type ? go_type : "string");
	if (!is_list(reader, place, node, "a list of texts", buffer_text(&go_list)))
		return;
	items = ARENA_ARRAY(reader->arena, count_members(node), const char *);
	for (const struct yaml_node *member = node->first; member; member = member->next, element.index++)
		items[element.index] = read_text(reader, &element, member, go_type);
	*ret = (struct param_texts){ true, element.index, items };
}

static void read_numbers(const struct param_reader *reader, const struct place *place, const struct yaml_node *node,
	struct param_numbers *ret)
{
	struct place element = { .up = place };
	int32_t *items;

	if (!is_list(reader, place, node, "a list of whole numbers", "[]int32"))
		return;
	items = ARENA_ARRAY(reader->arena, count_members(node), int32_t);
	for (const struct yaml_node *member = node->first; member; member = member->next, element.index++)
		if (member->type != YAML_NULL)
			read_integer(reader, &element, member, PARAM_INT32, &items[element.index]);
	*ret = (struct param_numbers){ true, element.index, items };
}

static void read_text_map(const struct param_reader *reader, const struct place *place, const struct yaml_node *node,
	struct param_text_map *ret)
{
	struct label *items;
	size_t count = 0;

	if (node->type != YAML_MAP) {
		wrong_type(reader, place, node, "a map of texts", "map[string]string");
		return;
	}
	items = ARENA_ARRAY(reader->arena, count_members(node), struct label);
	for (const struct yaml_node *member = node->first; member; member = member->next) {
		struct place element = { .up = place, .key = member->key };

		items[count++] = (struct label){ member->key, read_text(reader, &element, member, NULL) };
	}
	*ret = (struct param_text_map){ true, count, items };
}

static void read_percents(const struct param_reader *reader, const struct place *place, const struct yaml_node *node,
	struct param_percents *ret)
{
	struct param_percent *items;
	size_t count = 0;

	if (node->type != YAML_MAP) {
		wrong_type(reader, place, node, "a map of resources to percentages", "api.ResourceThresholds");
		return;
	}
	items = ARENA_ARRAY(reader->arena, count_members(node), struct param_percent);
	for (const struct yaml_node *member = node->first; member; member = member->next) {
		struct place element = { .up = place, .key = member->key };
		struct param_percent *item = &items[count++];

		item->resource = member->key;
		if (member->type == YAML_INT)
			item->percent = (double)member->number;
		else if (member->type == YAML_FLOAT)
			item->percent = strtod(member->text, NULL);
		else if (member->type != YAML_NULL)
			wrong_type(reader, &element, member, "a number", "api.Percentage");
	}
	*ret = (struct param_percents){ true, count, items };
}

/* --- structs --- */

static void read_object(const struct param_reader *reader, const struct place *place, const struct param_object *object,
	const struct yaml_node *node, void *ret);

static void init_texts(const struct param *params, void *object)
{
	for (; params->name; params++) {
		void *member = (char *)object + params->offset;

		if (params->type == PARAM_TEXT)
			*(const char **)member = "";
		else if (params->type == PARAM_OBJECT)
			init_texts(params->object->params, member);
	}
}

static void read_labels(const struct param_reader *reader, const struct place *place, const struct yaml_node *node,
	const struct param_labels **ret)
{
	struct param_label_source source = { 0 };
	struct param_labels *labels = ARENA_NEW(reader->arena, struct param_labels);
	const struct param_label_requirement *given;
	struct label_expression *expressions;
	struct error err = { 0 };

	if (node->type != YAML_MAP) {
		wrong_type(reader, place, node, "a map", "v1.LabelSelector");
		return;
	}
	read_object(reader, place, &selector_object, node, &source);
	given = source.expressions.items;
	expressions = ARENA_ARRAY(reader->arena, source.expressions.count, struct label_expression);
	for (size_t i = 0; i < source.expressions.count; i++)
		expressions[i] = (struct label_expression){ given[i].key, given[i].op, given[i].values.items,
			given[i].values.count };
	labels->source = (struct label_selector){ source.labels.items, source.labels.count, expressions,
		source.expressions.count };
	if (selector_build(&labels->source, &labels->selector, &err) < 0) {
		labels->selector.is_nothing = true;
		labels->problem = arena_text(reader->arena, err.message);
	}
	labels->next = *reader->labels;
	*reader->labels = labels;
	*ret = labels;
}

static void read_objects(const struct param_reader *reader, const struct place *place, const struct param *param,
	const struct yaml_node *node, struct param_objects *ret)
{
	size_t size = param->object->size;
	struct place element = { .up = place };
	AUTO_BUFFER go_type = { 0 };
	char *items;

	buffer_printf(&go_type, "[]%s", param->object->go_name);
	if (!is_list(reader, place, node, "a list", buffer_text(&go_type)))
		return;
	items = arena_new(reader->arena, count_members(node), size);
	for (const struct yaml_node *member = node->first; member; member = member->next, element.index++) {
		void *item = items + element.index * size;

		init_texts(param->object->params, item);
		*(unsigned *)item = member->line;
		if (member->type == YAML_MAP)
			read_object(reader, &element, param->object, member, item);
		else if (member->type != YAML_NULL)
			wrong_type(reader, &element, member, "a map", param->object->go_name);
	}
	*ret = (struct param_objects){ true, element.index, items };
}

static void read_struct(const struct param_reader *reader, const struct place *place, const struct param *param,
	const struct yaml_node *node, void *member)
{
	if (node->type != YAML_MAP) {
		wrong_type(reader, place, node, "a map", param->object->go_name);
		return;
	}
	*(unsigned *)member = node->line;
	read_object(reader, place, param->object, node, member);
}

static void read_member(const struct param_reader *reader, const struct place *place, const struct param *param,
	const struct yaml_node *node, void *member)
{
	if (node->type == YAML_NULL)
		return;
	switch (param->type) {
	case PARAM_BOOL:
	case PARAM_OPTIONAL_BOOL:
		read_bool(reader, place, node, param->type, member);
		return;
	case PARAM_DURATION:
		read_duration(reader, place, node, member);
		return;
	case PARAM_TEXT:
	case PARAM_OPTIONAL_TEXT:
		*(const char **)member = read_text(reader, place, node, param->go_type);
		return;
	case PARAM_TEXTS:
		read_texts(reader, place, node, param->go_type, member);
		return;
	case PARAM_TEXT_MAP:
		read_text_map(reader, place, node, member);
		return;
	case PARAM_NUMBERS:
		read_numbers(reader, place, node, member);
		return;
	case PARAM_PERCENTS:
		read_percents(reader, place, node, member);
		return;
	case PARAM_LABELS:
		read_labels(reader, place, node, member);
		return;
	case PARAM_OBJECT:
		read_struct(reader, place, param, node, member);
		return;
	case PARAM_OBJECTS:
		read_objects(reader, place, param, node, member);
		return;
	case PARAM_RAW:
		*(const struct yaml_node **)member = node;
		return;
	default:
		read_integer(reader, place, node, param->type, member);
		return;
	}
}

static void read_object(const struct param_reader *reader, const struct place *place, const struct param_object *object,
	const struct yaml_node *node, void *ret)
{
	for (const struct yaml_node *member = node->first; member; member = member->next) {
		struct place at = { .up = place, .key = member->key, .go_name = object->go_name };
		const struct param *param = param_find(object->params, member->key);

		if (param)
			read_member(reader, &at, param, member, (char *)ret + param->offset);
		else if (object->has_type && (strcmp(at.key, "apiVersion") == 0 || strcmp(at.key, "kind") == 0))
			read_text(reader, &at, member, NULL);
		else
			unknown_key(reader, &at, member, object->params);
	}
}

void param_read(
	const struct param_reader *reader, const struct param_object *object, const struct yaml_node *node, void *ret)
{
	init_texts(object->params, ret);
	if (node && node->type == YAML_MAP)
		read_object(reader, NULL, object, node, ret);
}
