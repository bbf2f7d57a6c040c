#include <string.h>

#include "cell.h"
#include "clusterutils/util/buffer.h"
#include "clusterutils/util/index.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"

enum { RATIO_SCALE = 1000000 }; /* shares that differ by less are equal */

struct order {
	size_t column;
	enum cell_part part; /* of cells that have parts */
	bool reversed;
};

/* What a row sorts by. */
struct entry {
	enum { ENTRY_NUMBER, ENTRY_TEXT, ENTRY_NONE, ENTRY_UNKNOWN } type;
	int64_t number;
	const char *text;
	struct row row;
};

static bool find_part(enum cell_type type, const char *name, enum cell_part *ret_part)
{
	const struct cell_parts *parts = cell_parts(type);

	if (type == CELL_NONE || type == CELL_UNKNOWN) /* nothing is known that could be sorted by it */
		return find_part(CELL_SHARE, name, ret_part) || find_part(CELL_COUNT, name, ret_part) ||
			find_part(CELL_POWER, name, ret_part) || find_part(CELL_PRESSURE, name, ret_part);
	for (size_t i = 0; i < parts->count; i++) {
		if (strcmp(cell_part_name(parts->items[i]), name) == 0) {
			*ret_part = parts->items[i];
			return true;
		}
	}
	return false;
}

static bool usage_is_known(const struct table *table, size_t column)
{
	AUTO_ARENA scratch = { 0 };

	for (size_t i = 0; i < table->row_count; i++) {
		struct cell cell = row_cell(&table->rows[i], column, &scratch);

		if (value_is_known(cell_part(&cell, PART_USAGE)))
			return true;
		arena_reset(&scratch);
	}
	return false;
}

static bool find_order(const struct table *table, const char *key, struct order *ret_order)
{
	for (size_t column = 0; column < table->column_count; column++) {
		const char *name = table->columns[column].key;
		enum cell_type type;
		size_t length = strlen(name);

		if (strncmp(key, name, length) != 0 || (key[length] && key[length] != '.'))
			continue;
		type = table_column_type(table, column);
		ret_order->column = column;
		if (key[length])
			return find_part(type, key + length + 1, &ret_order->part);
		ret_order->part = type == CELL_COUNT    ? PART_COUNT
			: type == CELL_POWER            ? PART_WATTS
			: type == CELL_PRESSURE         ? PART_WORST
			: usage_is_known(table, column) ? PART_USAGE
							: PART_REQUEST;
		return true;
	}
	return false;
}

static int unknown_key(const struct table *table, const char *key, struct error *err)
{
	AUTO_BUFFER known = { 0 };

	for (size_t column = 0; column < table->column_count; column++) {
		const struct cell_parts *parts = cell_parts(table_column_type(table, column));
		const char *name = table->columns[column].key;

		buffer_printf(&known, "%s%s", column > 0 ? ", " : "", name);
		for (size_t i = 0; i < parts->count; i++)
			buffer_printf(&known, ", %s.%s", name, cell_part_name(parts->items[i]));
	}
	return error_set(err, ERROR_USAGE, "invalid sort key \"%.80s\": must be one of %s", key, buffer_text(&known));
}

static int64_t number_of(const struct cell *cell, enum cell_part part)
{
	switch (cell->type) {
	case CELL_FLAG:
		return cell->as.flag;
	case CELL_COUNT:
	case CELL_AMOUNT:
	case CELL_POWER:
	case CELL_PRESSURE:
		return cell_part(cell, part);
	case CELL_SHARE:
	case CELL_PERCENT:
		if (part == PART_ALLOCATABLE)
			return cell->as.share.allocatable;
		return cell_ratio(cell_part(cell, part), cell->as.share.allocatable, RATIO_SCALE);
	default:
		return cell->as.number;
	}
}

/* Texts made for the comparison live in the arena. */
static struct entry entry_of(
	const struct table *table, const struct row *row, const struct order *order, struct arena *arena)
{
	const struct cell cell = row_cell(row, order->column, arena);
	struct entry entry = { .row = *row };

	switch (cell.type) {
	case CELL_NONE:
		entry.type = ENTRY_NONE;
		break;
	case CELL_UNKNOWN:
		entry.type = ENTRY_UNKNOWN;
		break;
	case CELL_TEXT:
	case CELL_LIST:
		entry.type = ENTRY_TEXT;
		entry.text = cell_format(&cell, &table->columns[order->column], 0, arena);
		break;
	default:
		entry.number = number_of(&cell, order->part);
		entry.type = entry.number == VALUE_UNKNOWN ? ENTRY_UNKNOWN
			: entry.number == VALUE_NONE       ? ENTRY_NONE
							   : ENTRY_NUMBER;
	}
	return entry;
}

/* Whether b belongs before a. False for equals, which therefore keep their order. */
static bool is_after(const struct entry *a, const struct entry *b, bool reversed)
{
	int order;

	if (a->type != b->type)
		return a->type > b->type;
	if (a->type == ENTRY_NUMBER)
		order = (a->number < b->number) - (a->number > b->number);
	else if (a->type == ENTRY_TEXT)
		order = strcmp(a->text, b->text);
	else
		return false;
	return reversed ? order < 0 : order > 0;
}

static void merge(struct entry *target, const struct entry *left, size_t left_count, const struct entry *right,
	size_t right_count, bool reversed)
{
	while (left_count > 0 && right_count > 0) {
		bool take_right = is_after(left, right, reversed);

		*target++ = take_right ? *right++ : *left++;
		if (take_right)
			right_count--;
		else
			left_count--;
	}
	memcpy(target, left_count > 0 ? left : right, (left_count + right_count) * sizeof(*target));
}

/* Merges from runs of one upwards, back and forth between the two arrays. Returns the one that holds the result. */
static const struct entry *sort_entries(struct entry *entries, struct entry *other, size_t count, bool reversed)
{
	for (size_t run = 1; run < count; run *= 2) {
		struct entry *sorted = other;

		for (size_t at = 0; at < count; at += 2 * run) {
			size_t left = count - at < run ? count - at : run;
			size_t right = count - at - left < run ? count - at - left : run;

			merge(other + at, entries + at, left, entries + at + left, right, reversed);
		}
		other = entries;
		entries = sorted;
	}
	return entries;
}

/* Sorts the items of each group by what `entry_of_row` makes of them. */
static void sort_items(struct table *table, struct entry (*entry_of_row)(const struct row *row, void *context),
	void *context, bool reversed)
{
	AUTO_ARENA arena = { 0 };
	struct entry *entries = ARENA_ARRAY(&arena, 2 * table->row_count, struct entry);

	for (size_t first = 0, end; first < table->row_count; first = end) {
		const struct entry *sorted;

		for (end = first; end < table->row_count && table->rows[end].kind == ROW_ITEM; end++)
			entries[end - first] = entry_of_row(&table->rows[end], context);
		sorted = sort_entries(entries, entries + table->row_count, end - first, reversed);
		for (size_t i = first; i < end; i++)
			table->rows[i] = sorted[i - first].row;
		end += end == first;
	}
}

struct by_column {
	const struct table *table;
	struct order order;
	struct arena arena;
};

int row_severity(const struct table *table, const struct row *row)
{
	static const int severities[] = { [ROLE_PLAIN] = 0,
		[ROLE_GOOD] = 0,
		[ROLE_MUTED] = 0,
		[ROLE_STRONG] = 0,
		[ROLE_WARNING] = 1,
		[ROLE_BAD] = 2 };
	AUTO_ARENA scratch = { 0 };
	int worst = 0;

	for (size_t i = 0; i < table->column_count; i++) {
		enum role role = row_cell(row, i, &scratch).role;

		if (severities[role] > worst)
			worst = severities[role];
	}
	return worst;
}

static struct entry entry_by_severity(const struct row *row, void *context)
{
	return (struct entry){ .row = *row, .type = ENTRY_NUMBER, .number = row_severity(context, row) };
}

static struct entry entry_by_column(const struct row *row, void *context)
{
	struct by_column *by = context;

	return entry_of(by->table, row, &by->order, &by->arena);
}

int table_sort(struct table *table, const char *key, struct error *err)
{
	struct by_column by = { .table = table, .order = { .reversed = key[0] == '-' } };

	if (strcmp(key + by.order.reversed, "severity") == 0) {
		sort_items(table, entry_by_severity, table, by.order.reversed);
		return 0;
	}
	if (!find_order(table, key + by.order.reversed, &by.order))
		return unknown_key(table, key, err);
	sort_items(table, entry_by_column, &by, by.order.reversed);
	arena_release(&by.arena);
	return 0;
}

struct place {
	const char *id;
	int64_t number; /* the earlier it was, the larger: the largest comes first */
};

static struct index_key key_of_place(const void *object)
{
	return (struct index_key){ ((const struct place *)object)->id, NULL };
}

static struct entry entry_as_before(const struct row *row, void *context)
{
	AUTO_ARENA scratch = { 0 };
	const char *id = row_identity(row, &scratch);
	const struct place *before = id ? index_find(context, id, NULL) : NULL;

	return (struct entry){
		.row = *row, .type = before ? ENTRY_NUMBER : ENTRY_UNKNOWN, .number = before ? before->number : 0
	};
}

void table_sort_as(struct table *table, const struct table *before)
{
	AUTO_ARENA memory = { 0 };
	struct index places;

	index_init(&places, key_of_place);
	for (size_t i = 0; i < before->row_count; i++) {
		const char *id = row_identity(&before->rows[i], &memory);
		struct place *place;

		if (!id || index_find(&places, id, NULL))
			continue;
		place = ARENA_NEW(&memory, struct place);
		*place = (struct place){ id, -(int64_t)i };
		index_add(&places, place);
	}
	sort_items(table, entry_as_before, &places, false);
	index_release(&places);
}
