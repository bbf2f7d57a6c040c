#include "clusterutils/output/columns.h"

#include <string.h>

#include "cell.h"

bool column_is_for(const struct column *column, enum columns_use use)
{
	return use == COLUMNS_CSV ? column_is_data_of(column, ROW_ITEM)
				  : !(column->flags & COLUMN_DATA) && column->header;
}

bool column_is_fixed(const struct table *table, size_t column, enum columns_use use)
{
	size_t first = 0;

	while (first < column && !column_is_for(&table->columns[first], use))
		first++;
	return column_is_for(&table->columns[column], use) &&
		(first == column || strcmp(table->columns[column].key, "name") == 0);
}

static bool is_known(const struct column *column)
{
	return column->header || column_is_for(column, COLUMNS_CSV);
}

static bool has(const struct column_order *order, size_t column)
{
	for (size_t i = 0; i < order->count; i++)
		if (order->items[i] == column)
			return true;
	return false;
}

static void add(struct column_order *order, size_t column)
{
	if (order->count < COLUMNS_MAX && !has(order, column))
		order->items[order->count++] = column;
}

/* SIZE_MAX where there is none. */
static size_t find(const struct table *table, const char *key, size_t length)
{
	for (size_t i = 0; i < table->column_count; i++)
		if (strlen(table->columns[i].key) == length && memcmp(table->columns[i].key, key, length) == 0 &&
			is_known(&table->columns[i]))
			return i;
	return SIZE_MAX;
}

static int unknown(const struct table *table, const char *key, size_t length, enum columns_use use, struct error *err)
{
	AUTO_BUFFER known = { 0 };

	for (size_t i = 0; i < table->column_count; i++)
		if (column_is_for(&table->columns[i], use))
			buffer_printf(&known, "%s%s", known.length ? ", " : "", table->columns[i].key);
	return error_set(err, ERROR_USAGE, "unknown column \"%.*s\": one of %s", (int)(length < 80 ? length : 80), key,
		buffer_text(&known));
}

int column_order_read(const struct table *table, const char *keys, enum columns_use use, struct column_order *ret_order,
	struct error *err)
{
	int result = 0;

	ret_order->count = 0;
	if (!keys || !*keys)
		return 0;
	for (size_t i = 0; i < table->column_count; i++)
		if (column_is_fixed(table, i, use))
			add(ret_order, i);
	while (*keys) {
		size_t length = strcspn(keys, ","), column = find(table, keys, length);

		if (column != SIZE_MAX && column_is_for(&table->columns[column], use))
			add(ret_order, column);
		else if (column == SIZE_MAX && length && result == 0)
			result = unknown(table, keys, length, use, err);
		keys += length + (keys[length] == ',');
	}
	return result;
}
