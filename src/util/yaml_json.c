#include <inttypes.h>
#include <string.h>

#include "clusterutils/util/text.h"
#include "clusterutils/util/yaml.h"

/* Escaped: what JSON wants escaped, and what a YAML reader would take for a line break or refuse inside quotes. */
static bool is_escaped(uint32_t c)
{
	return c < 0x20 || c == '"' || c == '\\' || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 ||
		c == 0xFEFF;
}

static void add_string(struct buffer *json, const char *text)
{
	size_t length = strlen(text);
	uint32_t code_point;

	buffer_add_char(json, '"');
	for (size_t at = 0, step; at < length; at += step) {
		step = text_decode(text + at, length - at, &code_point);
		if (is_escaped(code_point))
			buffer_printf(json, "\\u%04x", (unsigned)code_point);
		else
			buffer_add(json, text + at, step);
	}
	buffer_add_char(json, '"');
}

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
			add_string(json, member->key);
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
		buffer_printf(json, "%" PRId64, node->number);
		return 0;
	case YAML_FLOAT:
		add_float(json, node->text);
		return 0;
	case YAML_TEXT:
		add_string(json, node->text);
		return 0;
	default:
		return add_members(node, max_length, json, err);
	}
}

int yaml_to_json(const struct yaml_node *node, size_t max_length, struct buffer *json, struct error *err)
{
	return add_node(node, max_length, json, err);
}
