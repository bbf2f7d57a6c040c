#include "clusterutils/util/yaml.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "clusterutils/util/base64.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "yaml_scalar.h"

enum { MAX_ANCHORS = 1024, MAX_MERGED = 64 };

struct anchor {
	const char *name;
	struct yaml_node *node;
};

struct yaml_reader {
	yaml_parser_t parser;
	yaml_read_bytes *read;
	void *context;
	const char *split_key;
	struct error *err; /* of the call that is running, for the read handler */
	struct buffer root_api_version, root_kind;
	struct anchor anchors[MAX_ANCHORS];
	size_t anchor_count;
	size_t node_count;
	bool in_document; /* inside the root map of a document that is being split */
	bool in_list;     /* inside the list of that map */
	bool was_list;
	bool read_failed;
	bool keeps_empty; /* an empty document is one, too */
};

const struct yaml_node *yaml_find(const struct yaml_node *map, const char *key)
{
	const struct yaml_node *found = NULL;

	if (!map || map->type != YAML_MAP)
		return NULL;
	for (const struct yaml_node *node = map->first; node; node = node->next)
		if (strcmp(node->key, key) == 0)
			found = node;
	return found;
}

static int read_handler(void *data, unsigned char *bytes, size_t size, size_t *ret_size)
{
	struct yaml_reader *reader = data;
	long got = reader->read(reader->context, bytes, size, reader->err);

	reader->read_failed = got < 0;
	*ret_size = got < 0 ? 0 : (size_t)got;
	return got >= 0;
}

struct yaml_reader *yaml_reader_new(yaml_read_bytes *read, void *context, const char *split_key)
{
	struct yaml_reader *reader = NEW(struct yaml_reader);

	reader->read = read;
	reader->context = context;
	reader->split_key = split_key;
	if (!yaml_parser_initialize(&reader->parser))
		memory_resize(NULL, SIZE_MAX, 2); /* it fails for lack of memory alone */
	yaml_parser_set_input(&reader->parser, read_handler, reader);
	return reader;
}

void yaml_reader_free(struct yaml_reader *reader)
{
	if (!reader)
		return;
	yaml_parser_delete(&reader->parser);
	buffer_release(&reader->root_api_version);
	buffer_release(&reader->root_kind);
	free(reader);
}

static int next_event(struct yaml_reader *reader, yaml_event_t *ret_event, struct error *err)
{
	const char *problem;
	size_t line;

	reader->err = err;
	if (yaml_parser_parse(&reader->parser, ret_event))
		return 0;
	if (reader->read_failed)
		return -1;
	problem = reader->parser.problem ? reader->parser.problem : "no YAML";
	line = reader->parser.problem_mark.line + 1;
	if (reader->parser.error == YAML_READER_ERROR)
		line = reader->parser.mark.line + 1;
	return error_set(err, ERROR_INVALID, "line %zu: %s", line, problem);
}

/* --- one node and all below it --- */

static int read_node(struct yaml_reader *reader, const yaml_event_t *event, struct arena *arena, int depth,
	struct yaml_node **ret_node, struct error *err);

static void remember_anchor(
	struct yaml_reader *reader, struct arena *arena, const yaml_char_t *name, struct yaml_node *node)
{
	if (!name || reader->anchor_count == MAX_ANCHORS)
		return;
	reader->anchors[reader->anchor_count++] = (struct anchor){ arena_text(arena, (const char *)name), node };
}

/* A copy that shares what is below it: the links of a node belong to its collection. */
static int read_alias(struct yaml_reader *reader, const yaml_event_t *event, struct arena *arena,
	struct yaml_node **ret_node, struct error *err)
{
	const char *name = (const char *)event->data.alias.anchor;

	for (size_t i = reader->anchor_count; i-- > 0;) {
		if (strcmp(reader->anchors[i].name, name) != 0)
			continue;
		*ret_node = ARENA_NEW(arena, struct yaml_node);
		**ret_node = *reader->anchors[i].node;
		(*ret_node)->next = NULL;
		(*ret_node)->key = NULL;
		return 0;
	}
	return error_set(err, ERROR_INVALID, "line %zu: the alias *%s names no anchor before it",
		event->start_mark.line + 1, name);
}

/* An explicit tag of the core schema says what the text must be; a text with a tag of its own stays text. */
static int resolve_tagged(const char *tag, struct arena *arena, struct yaml_node *node, struct error *err)
{
	static const char prefix[] = "tag:yaml.org,2002:";
	static const struct {
		const char *name;
		enum yaml_type type;
	} tags[] = { { "bool", YAML_BOOL }, { "int", YAML_INT }, { "float", YAML_FLOAT }, { "null", YAML_NULL } };

	if (!text_starts_with(tag, prefix))
		return 0;
	tag += sizeof(prefix) - 1;
	if (strcmp(tag, "binary") == 0) {
		AUTO_BUFFER bytes = { 0 };
		struct error ignored;

		if (base64_decode(node->text, strlen(node->text), &bytes, &ignored) < 0)
			return error_set(
				err, ERROR_INVALID, "line %u: !!binary value contains invalid base64 data", node->line);
		node->text = arena_copy(arena, buffer_text(&bytes), bytes.length);
		return 0;
	}
	for (size_t i = 0; i < ARRAY_LEN(tags); i++) {
		if (strcmp(tag, tags[i].name) != 0)
			continue;
		yaml_resolve_plain(node);
		if (node->type == tags[i].type || (node->type == YAML_INT && tags[i].type == YAML_FLOAT))
			return 0;
		return error_set(
			err, ERROR_INVALID, "line %u: cannot decode `%.100s` as a !!%s", node->line, node->text, tag);
	}
	return 0;
}

static int read_scalar(const yaml_event_t *event, struct arena *arena, struct yaml_node *node, struct error *err)
{
	const char *value = (const char *)event->data.scalar.value;

	if (event->data.scalar.length > YAML_MAX_SCALAR)
		return error_set(
			err, ERROR_INVALID, "line %u: a text of more than %d MiB", node->line, YAML_MAX_SCALAR >> 20);
	node->text = arena_copy(arena, value, event->data.scalar.length);
	node->type = YAML_TEXT;
	if (event->data.scalar.tag)
		return resolve_tagged((const char *)event->data.scalar.tag, arena, node, err);
	if (event->data.scalar.plain_implicit)
		yaml_resolve_plain(node);
	return 0;
}

/* --- members of maps --- */

/* What the key of a map's member is as text: a plain one is resolved like a value, so that yes is "true". */
static int read_key(
	const yaml_event_t *event, struct arena *arena, const char **ret_key, bool *ret_is_merge, struct error *err)
{
	struct yaml_node key = { .line = (unsigned)event->start_mark.line + 1, .text = "" };

	if (event->type != YAML_SCALAR_EVENT)
		return error_set(err, ERROR_INVALID, "line %u: a key must be a plain text", key.line);
	if (read_scalar(event, arena, &key, err) < 0)
		return -1;
	*ret_is_merge = event->data.scalar.plain_implicit && strcmp(key.text, "<<") == 0;
	switch (key.type) {
	case YAML_NULL:
		return error_set(err, ERROR_INVALID, "line %u: a key must not be null", key.line);
	case YAML_BOOL:
		*ret_key = key.flag ? "true" : "false";
		return 0;
	case YAML_INT:
		*ret_key = arena_printf(arena, "%lld", (long long)key.number);
		return 0;
	case YAML_FLOAT:
		*ret_key = strpbrk(key.text, "iInN") ? key.text
						     : arena_printf(arena, "%.9g", (double)strtof(key.text, NULL));
		return 0;
	default:
		*ret_key = key.text;
		return 0;
	}
}

/* "<<": the members of a map as if they stood here; later ones of the same key win. */
static int merge_map(struct yaml_reader *reader, struct arena *arena, const struct yaml_node *map,
	struct yaml_node ***tail, struct error *err)
{
	if (map->type != YAML_MAP)
		return error_set(err, ERROR_INVALID, "line %u: map merge requires map or sequence of maps as the value",
			map->line);
	for (const struct yaml_node *member = map->first; member; member = member->next) {
		struct yaml_node *copy = ARENA_NEW(arena, struct yaml_node);

		if (++reader->node_count > YAML_MAX_NODES)
			return error_set(err, ERROR_INVALID, "line %u: too many values in one document", map->line);
		*copy = *member;
		copy->next = NULL;
		**tail = copy;
		*tail = &copy->next;
	}
	return 0;
}

/* Of several maps an earlier one wins, so it comes later. */
static int merge_backwards(struct yaml_reader *reader, struct arena *arena, const struct yaml_node *map,
	struct yaml_node ***tail, struct error *err)
{
	size_t count = 0;

	for (const struct yaml_node *at = map; at; at = at->next)
		count++;
	if (count > MAX_MERGED)
		return error_set(err, ERROR_INVALID, "line %u: too many maps to merge", map->line);
	while (count-- > 0) {
		const struct yaml_node *at = map;

		for (size_t i = 0; i < count; i++)
			at = at->next;
		if (merge_map(reader, arena, at, tail, err) < 0)
			return -1;
	}
	return 0;
}

/* Takes up the member that was read: *tail is its value. */
static int add_member(struct yaml_reader *reader, struct arena *arena, const char *key, bool is_merge,
	struct yaml_node ***tail, struct error *err)
{
	struct yaml_node *value = **tail;

	if (!is_merge) {
		value->key = key;
		*tail = &value->next;
		return 0;
	}
	**tail = NULL;
	if (value->type == YAML_LIST)
		return merge_backwards(reader, arena, value->first, tail, err);
	return merge_map(reader, arena, value, tail, err);
}

static int read_members(
	struct yaml_reader *reader, struct arena *arena, int depth, struct yaml_node *parent, struct error *err)
{
	yaml_event_type_t end = parent->type == YAML_MAP ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT;
	struct yaml_node **tail = &parent->first;

	for (;;) {
		CLEANUP(yaml_event_delete) yaml_event_t event = { 0 }, value = { 0 };
		const yaml_event_t *start = &event;
		const char *key = NULL;
		bool is_merge = false;

		if (next_event(reader, &event, err) < 0)
			return -1;
		if (event.type == end)
			return 0;
		if (parent->type == YAML_MAP) {
			if (read_key(&event, arena, &key, &is_merge, err) < 0 || next_event(reader, &value, err) < 0)
				return -1;
			start = &value;
		}
		if (read_node(reader, start, arena, depth + 1, tail, err) < 0 ||
			add_member(reader, arena, key, is_merge, &tail, err) < 0)
			return -1;
	}
}

static int read_node(struct yaml_reader *reader, const yaml_event_t *event, struct arena *arena, int depth,
	struct yaml_node **ret_node, struct error *err)
{
	struct yaml_node *node;
	const yaml_char_t *anchor;

	if (event->type == YAML_ALIAS_EVENT)
		return read_alias(reader, event, arena, ret_node, err);
	if (depth > YAML_MAX_DEPTH || ++reader->node_count > YAML_MAX_NODES)
		return error_set(err, ERROR_INVALID, "line %zu: %s", event->start_mark.line + 1,
			depth > YAML_MAX_DEPTH ? "nested too deep" : "too many values in one document");
	node = ARENA_NEW(arena, struct yaml_node);
	node->line = (unsigned)event->start_mark.line + 1;
	node->text = "";
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		anchor = event->data.scalar.anchor;
		if (read_scalar(event, arena, node, err) < 0)
			return -1;
		break;
	case YAML_SEQUENCE_START_EVENT:
		anchor = event->data.sequence_start.anchor;
		node->type = YAML_LIST;
		if (read_members(reader, arena, depth, node, err) < 0)
			return -1;
		break;
	case YAML_MAPPING_START_EVENT:
		anchor = event->data.mapping_start.anchor;
		node->type = YAML_MAP;
		if (read_members(reader, arena, depth, node, err) < 0)
			return -1;
		break;
	default:
		return error_set(err, ERROR_INVALID, "line %zu: no value where one is due", event->start_mark.line + 1);
	}
	remember_anchor(reader, arena, anchor, node); /* after its content: a node cannot hold itself */
	*ret_node = node;
	return 0;
}

/* --- the stream --- */

static void begin_tree(struct yaml_reader *reader)
{
	reader->anchor_count = 0;
	reader->node_count = 0;
}

static void remember_head(struct yaml_reader *reader, const struct yaml_node *member)
{
	struct buffer *text = strcmp(member->key, "apiVersion") == 0 ? &reader->root_api_version
		: strcmp(member->key, "kind") == 0                   ? &reader->root_kind
								     : NULL;

	if (!text || member->type != YAML_TEXT)
		return;
	buffer_clear(text);
	buffer_add_text(text, member->text);
}

/* The root map of a document, member by member, until the list to split begins. Returns 1 when it has begun, 0 when
 * the map is over: then *ret_node is the whole of it. */
static int read_root(struct yaml_reader *reader, struct arena *arena, const yaml_event_t *start,
	struct yaml_node **ret_node, struct error *err)
{
	struct yaml_node *root = ARENA_NEW(arena, struct yaml_node), **tail = &root->first, **member;

	root->type = YAML_MAP;
	root->line = (unsigned)start->start_mark.line + 1;
	root->text = "";
	for (;;) {
		CLEANUP(yaml_event_delete) yaml_event_t event = { 0 }, value = { 0 };
		const char *key = "";
		bool is_merge = false;

		if (next_event(reader, &event, err) < 0)
			return -1;
		if (event.type == YAML_MAPPING_END_EVENT) {
			*ret_node = root;
			return 0;
		}
		if (read_key(&event, arena, &key, &is_merge, err) < 0 || next_event(reader, &value, err) < 0)
			return -1;
		if (value.type == YAML_SEQUENCE_START_EVENT && text_equal(key, reader->split_key))
			return 1;
		member = tail;
		if (read_node(reader, &value, arena, 1, tail, err) < 0 ||
			add_member(reader, arena, key, is_merge, &tail, err) < 0)
			return -1;
		for (; *member; member = &(*member)->next)
			remember_head(reader, *member);
	}
}

/* One step in the stream: 1 when a node was read, 0 at its end, 2 when there is nothing to hand out yet. */
static int step(struct yaml_reader *reader, struct arena *arena, struct yaml_node **ret_node, struct error *err)
{
	CLEANUP(yaml_event_delete) yaml_event_t event = { 0 };
	struct yaml_node *rest;
	int begun;

	if (next_event(reader, &event, err) < 0)
		return -1;
	if (reader->in_list) {
		if (event.type != YAML_SEQUENCE_END_EVENT) {
			begin_tree(reader);
			return read_node(reader, &event, arena, 1, ret_node, err) < 0 ? -1 : 1;
		}
		/* What follows the list belongs to the envelope. */
		reader->in_list = false;
		begun = read_root(reader, arena, &event, &rest, err);
		if (begun == 1)
			reader->in_list = true;
		return begun < 0 ? -1 : 2;
	}
	switch (event.type) {
	case YAML_STREAM_END_EVENT:
		return 0;
	case YAML_STREAM_START_EVENT:
	case YAML_DOCUMENT_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		return 2;
	case YAML_MAPPING_START_EVENT:
		begin_tree(reader);
		buffer_clear(&reader->root_api_version);
		buffer_clear(&reader->root_kind);
		begun = read_root(reader, arena, &event, ret_node, err);
		reader->in_list = begun == 1;
		return begun < 0 ? -1 : begun ? 2 : 1;
	default:
		begin_tree(reader);
		return read_node(reader, &event, arena, 0, ret_node, err) < 0 ? -1 : 1;
	}
}

static const char *text_or_null(const struct buffer *buffer)
{
	return buffer->length ? buffer_text(buffer) : NULL;
}

int yaml_reader_next(struct yaml_reader *reader, struct arena *arena, struct yaml_node **ret_node,
	struct yaml_head *ret_head, struct error *err)
{
	int result;

	do {
		result = step(reader, arena, ret_node, err);
		if (result == 1 && !reader->in_list && !reader->keeps_empty && *ret_node &&
			(*ret_node)->type == YAML_NULL)
			result = 2;
	} while (result == 2);
	*ret_head = (struct yaml_head){ .in_list = reader->in_list };
	if (reader->in_list) {
		ret_head->api_version = text_or_null(&reader->root_api_version);
		ret_head->kind = text_or_null(&reader->root_kind);
	}
	return result;
}

struct text_source {
	const char *bytes;
	size_t left;
};

static long read_text(void *context, void *bytes, size_t size, struct error *err)
{
	struct text_source *source = context;
	size_t taken = size < source->left ? size : source->left;

	(void)err;
	memcpy(bytes, source->bytes, taken);
	source->bytes += taken;
	source->left -= taken;
	return (long)taken;
}

int yaml_parse(const char *text, size_t length, struct arena *arena, struct yaml_node **ret_root, struct error *err)
{
	struct text_source source = { text, length };
	struct yaml_reader *reader = yaml_reader_new(read_text, &source, NULL);
	struct yaml_node *root = NULL;
	struct yaml_head head;
	int result;

	reader->keeps_empty = true;
	result = yaml_reader_next(reader, arena, &root, &head, err);
	/* What follows the root must be the end of the document. */
	if (result > 0) {
		CLEANUP(yaml_event_delete) yaml_event_t end = { 0 };

		result = next_event(reader, &end, err) < 0 ? -1 : result;
	}
	yaml_reader_free(reader);
	if (result < 0)
		return -1;
	if (result == 0) {
		root = ARENA_NEW(arena, struct yaml_node);
		root->line = 1;
		root->text = "";
	}
	*ret_root = root;
	return 0;
}
