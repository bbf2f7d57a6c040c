#include "clusterutils/util/document.h"

#include <string.h>

#include "clusterutils/util/die.h"
#include "document_scalar.h"

enum {
	JSON_INDENT = 4,
	YAML_INDENT = 2,
	YAML_SHORT_KEY = 128, /* bytes; parsers look for the colon after a longer key only where "?" announces it */
};

void document_init(struct document *document, enum document_format format, struct buffer *out)
{
	*document = (struct document){ .out = out, .format = format };
}

void document_finish(struct document *document)
{
	if (document->depth > 0 || !document->has_value)
		die("a document is finished before its end");
	buffer_add_char(document->out, '\n');
}

static struct document_level *innermost(struct document *document)
{
	return document->depth > 0 ? &document->levels[document->depth - 1] : NULL;
}

static void begin_line(struct document *document, int indent)
{
	buffer_add_char(document->out, '\n');
	buffer_add_repeated(document->out, ' ', (size_t)indent);
}

static void begin_json_value(struct document *document, const struct document_level *level, const char *key)
{
	if (!level)
		return;
	if (!level->is_empty)
		buffer_add_char(document->out, ',');
	begin_line(document, JSON_INDENT * document->depth);
	if (key) {
		scalar_add_quoted(document->out, key);
		buffer_add_text(document->out, ": ");
	}
}

static void add_yaml_key(struct document *document, const char *key, int indent)
{
	bool is_long = strlen(key) > YAML_SHORT_KEY;

	if (is_long)
		buffer_add_text(document->out, "? ");
	scalar_add_yaml(document->out, key);
	if (is_long)
		begin_line(document, indent);
	buffer_add_char(document->out, ':');
}

static void begin_yaml_value(struct document *document, const struct document_level *level, const char *key)
{
	if (!level)
		return;
	if (!level->is_empty || !level->on_line)
		begin_line(document, level->indent);
	else if (document->depth > 1)
		buffer_add_char(document->out, ' ');
	if (key)
		add_yaml_key(document, key, level->indent);
	else
		buffer_add_char(document->out, '-');
}

/* Writes what stands before a value: its place and key. */
static void begin_value(struct document *document, const char *key)
{
	struct document_level *level = innermost(document);

	if (level ? level->is_array != !key : key || document->has_value)
		die("a document has %s out of place", key ? key : "a value");
	if (document->format == DOCUMENT_JSON)
		begin_json_value(document, level, key);
	else
		begin_yaml_value(document, level, key);
	if (level)
		level->is_empty = false;
	document->has_value = true;
}

static void begin_scalar(struct document *document, const char *key)
{
	begin_value(document, key);
	if (document->format == DOCUMENT_YAML && document->depth > 0)
		buffer_add_char(document->out, ' ');
}

static void begin_level(struct document *document, const char *key, bool is_array)
{
	const struct document_level *parent = innermost(document);
	struct document_level level = { .is_array = is_array, .is_empty = true, .on_line = !key };

	if (document->depth == DOCUMENT_DEPTH)
		die("a document is nested too deeply");
	begin_value(document, key);
	if (document->format == DOCUMENT_JSON)
		buffer_add_char(document->out, is_array ? '[' : '{');
	/* An array's dashes stand below the key that it belongs to, not to the right of it. */
	if (parent)
		level.indent = parent->indent + (is_array && !parent->is_array ? 0 : YAML_INDENT);
	document->levels[document->depth++] = level;
}

void document_begin_object(struct document *document, const char *key)
{
	begin_level(document, key, false);
}

void document_begin_array(struct document *document, const char *key)
{
	begin_level(document, key, true);
}

void document_end(struct document *document)
{
	const struct document_level *level = innermost(document);

	if (!level)
		die("a document ends more than it began");
	document->depth--;
	if (document->format == DOCUMENT_JSON) {
		if (!level->is_empty)
			begin_line(document, JSON_INDENT * document->depth);
		buffer_add_char(document->out, level->is_array ? ']' : '}');
	} else if (level->is_empty) {
		if (document->depth > 0)
			buffer_add_char(document->out, ' ');
		buffer_add_text(document->out, level->is_array ? "[]" : "{}");
	}
}

void document_text(struct document *document, const char *key, const char *text)
{
	if (!text) {
		document_null(document, key);
		return;
	}
	begin_scalar(document, key);
	if (document->format == DOCUMENT_JSON)
		scalar_add_quoted(document->out, text);
	else
		scalar_add_yaml(document->out, text);
}

void document_number(struct document *document, const char *key, int64_t number)
{
	begin_scalar(document, key);
	buffer_add_number(document->out, number);
}

void document_milli(struct document *document, const char *key, int64_t thousandths)
{
	begin_scalar(document, key);
	buffer_add_milli(document->out, thousandths);
}

void document_literal(struct document *document, const char *key, const char *number)
{
	begin_scalar(document, key);
	buffer_add_text(document->out, number);
}

void document_flag(struct document *document, const char *key, bool flag)
{
	begin_scalar(document, key);
	buffer_add_text(document->out, flag ? "true" : "false");
}

void document_null(struct document *document, const char *key)
{
	begin_scalar(document, key);
	buffer_add_text(document->out, "null");
}
