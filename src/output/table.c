#include "clusterutils/output/table.h"

#include <string.h>

#include "cell.h"
#include "clusterutils/util/die.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"

void table_init(struct table *table, const char *kind, const struct column *columns, size_t column_count)
{
	*table = (struct table){ .kind = kind, .column_count = column_count };
	table->columns = ARENA_ARRAY(&table->arena, column_count, struct column);
	for (size_t i = 0; i < column_count; i++)
		table->columns[i] = columns[i];
}

void table_release(struct table *table)
{
	arena_release(&table->arena);
	*table = (struct table){ 0 };
}

void table_hide_usage(struct table *table)
{
	static const char usage[] = "USE|";

	for (size_t i = 0; i < table->column_count; i++) {
		struct column *column = &table->columns[i];
		const char *at = column->header ? strstr(column->header, usage) : NULL;

		column->flags |= COLUMN_NO_USAGE;
		if (at)
			column->header = arena_printf(&table->arena, "%.*s%s", (int)(at - column->header),
				column->header, at + strlen(usage));
	}
}

/* Room for one more element in an array of the table's arena, which keeps the smaller ones until its end. */
static void *grow(struct arena *arena, void *array, size_t count, size_t *capacity, size_t size)
{
	void *larger;

	if (count < *capacity)
		return array;
	*capacity = *capacity ? *capacity * 2 : 16;
	larger = arena_new(arena, *capacity, size);
	if (count > 0)
		memcpy(larger, array, count * size);
	return larger;
}

void table_reserve(struct table *table, size_t rows)
{
	struct row *larger;

	if (rows <= table->row_capacity)
		return;
	larger = ARENA_ARRAY(&table->arena, rows, struct row);
	if (table->row_count)
		memcpy(larger, table->rows, table->row_count * sizeof(*larger));
	table->rows = larger;
	table->row_capacity = rows;
}

static struct row *add_row(struct table *table, enum row_kind kind, int depth)
{
	struct row *row;

	table->rows = grow(&table->arena, table->rows, table->row_count, &table->row_capacity, sizeof(*table->rows));
	row = &table->rows[table->row_count++];
	row->kind = kind;
	row->depth = depth < 0 ? 0 : depth > TABLE_DEPTH ? TABLE_DEPTH : depth;
	return row;
}

struct row *table_add_row(struct table *table, enum row_kind kind, int depth)
{
	struct row *row = add_row(table, kind, depth);

	row->cells = ARENA_ARRAY(&table->arena, table->column_count, struct cell);
	return row;
}

struct row *table_add_lazy_row(
	struct table *table, enum row_kind kind, int depth, const struct row_source *source, const void *object)
{
	struct row *row = add_row(table, kind, depth);

	row->source = source;
	row->object = object;
	return row;
}

struct cell row_cell(const struct row *row, size_t column, struct arena *arena)
{
	return row->cells ? row->cells[column] : row->source->cell(row->source, row->object, column, arena);
}

const char *row_identity(const struct row *row, struct arena *arena)
{
	return row->source ? row->source->id(row->source, row->object, arena) : row->id;
}

void table_add_summary(struct table *table, const char *line)
{
	table->summary = grow(
		&table->arena, table->summary, table->summary_count, &table->summary_capacity, sizeof(*table->summary));
	table->summary[table->summary_count++] = line;
}

void table_add_source(struct table *table, struct source source)
{
	table->sources = grow(
		&table->arena, table->sources, table->source_count, &table->source_capacity, sizeof(*table->sources));
	table->sources[table->source_count++] = source;
}

enum cell_type table_column_type(const struct table *table, size_t column)
{
	enum cell_type type = CELL_NONE;
	AUTO_ARENA scratch = { 0 };

	for (size_t i = 0; i < table->row_count && (type == CELL_NONE || type == CELL_UNKNOWN); i++) {
		type = row_cell(&table->rows[i], column, &scratch).type;
		arena_reset(&scratch);
	}
	return type;
}

bool column_is_data_of(const struct column *column, enum row_kind kind)
{
	if (column->flags & COLUMN_TEXT_ONLY)
		return false;
	if (kind == ROW_ITEM)
		return !(column->flags & (COLUMN_SUMS_ONLY | COLUMN_TOTAL_ONLY));
	if (column->flags & COLUMN_ITEMS_ONLY)
		return false;
	return kind == ROW_TOTAL || !(column->flags & COLUMN_TOTAL_ONLY);
}

/* The words between '|', each ended in place; empty ones are left out. Returns how many. */
static size_t split_words(char *text, const char **ret_words)
{
	size_t count = 0;

	for (char *word = text, *end; word; word = end) {
		end = strchr(word, '|');
		if (end)
			*end++ = '\0';
		if (*word)
			ret_words[count++] = word;
	}
	return count;
}

struct filter {
	const char **words;
	size_t count;
	int64_t now;
	struct buffer scratch;
	struct arena made; /* texts of the row in hand */
};

static bool matches(const struct table *table, const struct row *row, struct filter *filter)
{
	arena_reset(&filter->made);
	for (size_t column = 0; column < table->column_count; column++) {
		struct cell cell;
		const char *text;

		if (table->columns[column].flags & COLUMN_DATA)
			continue;
		cell = row_cell(row, column, &filter->made);
		text = cell_view(&cell, &table->columns[column], filter->now, &filter->scratch);
		for (size_t i = 0; i < filter->count; i++)
			if (text_contains_fold(text, filter->words[i]))
				return true;
	}
	return false;
}

/* From the last row up: a group is kept where an item below it was, or a kept group within it. So what counts is the
 * depth above which groups still own something kept. */
static void mark_rows(const struct table *table, struct filter *filter, bool *ret_keep)
{
	enum { OWNED_AT_NO_DEPTH = 0, OWNED_AT_ANY_DEPTH = TABLE_DEPTH + 1 };
	int owned_below = OWNED_AT_NO_DEPTH;

	for (size_t i = table->row_count; i-- > 0;) {
		const struct row *row = &table->rows[i];
		bool keep = true;

		if (row->kind == ROW_ITEM) {
			keep = matches(table, row, filter);
			if (keep)
				owned_below = OWNED_AT_ANY_DEPTH;
		} else if (row->kind == ROW_TOTAL) {
			owned_below = OWNED_AT_NO_DEPTH;
		} else {
			keep = row->depth < owned_below;
			if (keep)
				owned_below = row->depth;
		}
		ret_keep[i] = keep;
	}
}

static void filter_init(struct filter *filter, const char *words, int64_t now, struct arena *arena)
{
	*filter = (struct filter){ .now = now };
	filter->words = ARENA_ARRAY(arena, strlen(words) / 2 + 1, const char *);
	filter->count = split_words(arena_text(arena, words), filter->words);
}

static void filter_release(struct filter *filter)
{
	buffer_release(&filter->scratch);
	arena_release(&filter->made);
}

void table_filter_marks(const struct table *table, const char *words, int64_t now, bool *ret_keep)
{
	struct filter filter;
	AUTO_ARENA arena = { 0 };

	memset(ret_keep, true, table->row_count);
	filter_init(&filter, words ? words : "", now, &arena);
	if (filter.count > 0)
		mark_rows(table, &filter, ret_keep);
	filter_release(&filter);
}

bool table_row_matches(const struct table *table, const struct row *row, const char *words, int64_t now)
{
	struct filter filter;
	AUTO_ARENA arena = { 0 };
	bool result;

	filter_init(&filter, words, now, &arena);
	result = matches(table, row, &filter);
	filter_release(&filter);
	return result;
}

void table_filter(struct table *table, const char *words, int64_t now)
{
	AUTO_FREE bool *keep = memory_new_array(table->row_count, sizeof(*keep));
	size_t kept = 0;

	table_filter_marks(table, words, now, keep);
	for (size_t i = 0; i < table->row_count; i++)
		if (keep[i])
			table->rows[kept++] = table->rows[i];
	table->row_count = kept;
}
