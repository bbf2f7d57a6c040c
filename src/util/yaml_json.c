#include "clusterutils/util/yaml.h"

#include <string.h>

#include "document_scalar.h"

/* YAML allows a sign, a leading point and a trailing one where JSON does not. */
static void add_float(struct buffer *json, const char *text)
{
	if (*text == '+')
		text++;
	if (*text == '-')
		buffer_add_char(json, *text++);
	if (*text == '.')
		buffer_add_char(json, '0');
	while (text[0] == '0' && text[1] >= '0' && text[1] <= '9')
		text++;
	for (; *text; text++) {
		buffer_add_char(json, *text);
		if (*text == '.' && !(text[1] >= '0' && text[1] <= '9'))
			buffer_add_char(json, '0');
	}
}

static int add_node(const struct yaml_node *node, size_t max_length, struct buffer *json, struct error *err);

static int add_members(const struct yaml_node *node, size_t max_length, struct buffer *json, struct error *err)
{
	bool is_map = node->type == YAML_MAP;

	buffer_add_char(json, is_map ? '{' : '[');
	for (const struct yaml_node *member = node->first; member; member = member->next) {
		if (member != node->first)
			buffer_add_char(json, ',');
		if (is_map) {
			scalar_add_quoted(json, member->key);
			buffer_add_char(json, ':');
		}
		if (add_node(member, max_length, json, err) < 0)
			return -1;
	}
	buffer_add_char(json, is_map ? '}' : ']');
	return 0;
}

static int add_node(const struct yaml_node *node, size_t max_length, struct buffer *json, struct error *err)
{
	if (json->length > max_length)
		return error_set(
			err, ERROR_INVALID, "line %u: the object is larger than %zu MiB", node->line, max_length >> 20);
	switch (node->type) {
	case YAML_NULL:
		buffer_add_text(json, "null");
		return 0;
	case YAML_BOOL:
		buffer_add_text(json, node->flag ? "true" : "false");
		return 0;
	case YAML_INT:
		buffer_add_number(json, node->number);
		return 0;
	case YAML_FLOAT:
		if (strpbrk(node->text, "iInN"))
			return error_set(err, ERROR_INVALID, "unsupported value: %s",
				strpbrk(node->text, "aA")      ? "NaN"
					: node->text[0] == '-' ? "-Inf"
							       : "+Inf");
		add_float(json, node->text);
		return 0;
	case YAML_TEXT:
		scalar_add_quoted(json, node->text);
		return 0;
	default:
		return add_members(node, max_length, json, err);
	}
}

int yaml_to_json(const struct yaml_node *node, size_t max_length, struct buffer *json, struct error *err)
{
	return add_node(node, max_length, json, err);
}
