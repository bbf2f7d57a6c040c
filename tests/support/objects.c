#include "objects.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/kube/decode.h"
#include "clusterutils/util/memory.h"

int objects_try(struct cluster *cluster, enum kind kind, const char *text, struct error *err)
{
	CLEANUP(decoder_release) struct decoder decoder = { 0 };
	AUTO_FREE char *json = memory_copy_text(text);

	for (char *quote = json; (quote = strchr(quote, '\''));)
		*quote = '"';
	return decode_object(&decoder, kind, WIRE_JSON, json, strlen(json), cluster, err);
}

void objects_put(struct cluster *cluster, enum kind kind, const char *text)
{
	struct error err = { 0 };

	if (objects_try(cluster, kind, text, &err) < 0)
		ck_abort_msg("%s: %s", text, err.message);
}

static size_t column_of(const struct table *table, const char *key, size_t length)
{
	for (size_t i = 0; i < table->column_count; i++)
		if (strlen(table->columns[i].key) == length && memcmp(table->columns[i].key, key, length) == 0)
			return i;
	ck_abort_msg("the table has no column %.*s", (int)length, key);
}

const struct cell *objects_cell(const struct table *table, size_t row, const char *key)
{
	size_t column = column_of(table, key, strlen(key));
	struct arena *arena = (struct arena *)(uintptr_t)&table->arena;
	struct cell *made;

	ck_assert_uint_lt(row, table->row_count);
	if (table->rows[row].cells)
		return &table->rows[row].cells[column];
	made = ARENA_NEW(arena, struct cell);
	*made = row_cell(&table->rows[row], column, arena);
	return made;
}

static void add_row(const struct table *table, const struct row *row, const char *keys, int64_t now, struct buffer *out)
{
	AUTO_ARENA arena = { 0 };

	buffer_add_repeated(out, ' ', 2 * (size_t)row->depth);
	if (row->kind != ROW_ITEM)
		buffer_add_char(out, row->kind == ROW_GROUP ? '+' : '=');
	for (const char *key = keys; *key;) {
		size_t length = strcspn(key, " "), column = column_of(table, key, length);

		const struct cell cell = row_cell(row, column, &arena);

		if (key != keys)
			buffer_add_char(out, ' ');
		buffer_add_text(out, cell_format(&cell, &table->columns[column], now, &arena));
		key += length + strspn(key + length, " ");
	}
	buffer_add_char(out, '\n');
}

void objects_rows(const struct table *table, const char *keys, int64_t now, struct buffer *out)
{
	for (size_t i = 0; i < table->row_count; i++)
		add_row(table, &table->rows[i], keys, now, out);
}
