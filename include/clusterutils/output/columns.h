/* Which columns of a table are shown, and in which order, where somebody chose: a list of their keys, parted by commas.
 *
 * The first column of a table and the names always come first, chosen or not: they are what tells the rows apart. */
#pragma once

#include <stdbool.h>

#include "clusterutils/output/table.h"

enum { COLUMNS_MAX = 64 };

/* What they are for: text and the screen have headers, CSV has data; some columns are of one kind alone. */
enum columns_use { COLUMNS_TEXT, COLUMNS_CSV };

/* Places of columns in the table. None: the table's own choice and order. */
struct column_order {
	size_t items[COLUMNS_MAX];
	size_t count;
};

bool column_is_for(const struct column *column, enum columns_use use);

/* Whether it comes first anyhow. */
bool column_is_fixed(const struct table *table, size_t column, enum columns_use use);

/* Each key counts once; what only the other use has is left out. Fails at a key that the table does not have in either
 * use, with the known ones of this use; *ret_order then has all the others. "" and NULL choose nothing. */
int column_order_read(const struct table *table, const char *keys, enum columns_use use, struct column_order *ret_order,
	struct error *err) MUST_USE;
