#include "object_yaml.h"

#include <string.h>

#include "clusterutils/util/document.h"
#include "clusterutils/util/yaml.h"

static void write_node(struct document *document, const struct yaml_node *node, const char *key, int depth);

static void write_members(struct document *document, const struct yaml_node *node, int depth)
{
	for (const struct yaml_node *child = node->first; child; child = child->next)
		if (depth != 1 || !child->key || strcmp(child->key, "managedFields") != 0)
			write_node(document, child, node->type == YAML_MAP ? child->key : NULL, depth + 1);
	document_end(document);
}

/* What is nested deeper than a document goes is left out, with a word that says so. */
static void write_node(struct document *document, const struct yaml_node *node, const char *key, int depth)
{
	switch (node->type) {
	case YAML_NULL:
		document_null(document, key);
		break;
	case YAML_BOOL:
		document_flag(document, key, node->flag);
		break;
	case YAML_INT:
		document_number(document, key, node->number);
		break;
	case YAML_FLOAT:
	case YAML_TEXT:
		document_text(document, key, node->text);
		break;
	case YAML_LIST:
	case YAML_MAP:
		if (depth >= DOCUMENT_DEPTH - 1) {
			document_text(document, key, "(too deep to be shown)");
			break;
		}
		if (node->type == YAML_MAP)
			document_begin_object(document, key);
		else
			document_begin_array(document, key);
		write_members(document, node, depth);
		break;
	}
}

int object_yaml(const struct buffer *json, bool is_list, struct buffer *out, struct error *err)
{
	AUTO_ARENA arena = { 0 };
	struct yaml_node *root;
	struct document document;

	/* JSON is YAML. */
	if (yaml_parse(buffer_text(json), json->length, &arena, &root, err) < 0)
		return error_wrap(err, "the server's answer");
	if (is_list) {
		const struct yaml_node *items = yaml_find(root, "items");

		if (!items || !items->first)
			return error_set(err, ERROR_NOT_FOUND, "it is no longer there");
		root = items->first;
	}
	document_init(&document, DOCUMENT_YAML, out);
	write_node(&document, root, NULL, 0);
	document_finish(&document);
	return 0;
}
