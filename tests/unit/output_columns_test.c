/* Which columns a list of keys chooses, and what text and CSV make of it. */
#include "clusterutils/output/print.h"

#include <string.h>

#include "clusterutils/util/memory.h"
#include "suite.h"

static const struct column columns[] = {
	{ "thing", "THING", COLUMN_TEXT_ONLY, 0 },
	{ "id", NULL, COLUMN_DATA, 0 },
	{ "name", "NAME", 0, 0 },
	{ "size", "SIZE", COLUMN_RIGHT, 1 },
	{ "note", "NOTE", COLUMN_WIDE, 5 },
	{ "power", "W", COLUMN_DATA | COLUMN_RIGHT, 3 }, /* nobody was asked */
	{ "sum", NULL, COLUMN_DATA | COLUMN_TOTAL_ONLY, 0 },
};

static struct table table;

static void set_up(void)
{
	struct row *row;

	table_init(&table, "ThingList", columns, ARRAY_LEN(columns));
	row = table_add_row(&table, ROW_ITEM, 0);
	row->cells[0] = row->cells[1] = row->cells[2] = cell_text("a");
	row->cells[3] = cell_number(5);
	row->cells[4] = cell_text("so so");
	row->cells[5] = cell_watts(3000);
}

static const struct {
	enum columns_use use;
	const char *keys, *order; /* the keys that come of it */
	const char *says;         /* NULL for no error */
} choices[] = {
	{ COLUMNS_TEXT, "", "", NULL },
	{ COLUMNS_TEXT, NULL, "", NULL },
	{ COLUMNS_TEXT, "note,size", "thing,name,note,size", NULL },
	{ COLUMNS_TEXT, "size,thing", "thing,name,size", NULL },
	{ COLUMNS_TEXT, "size,size,,note,", "thing,name,size,note", NULL },
	{ COLUMNS_TEXT, "id,power,size", "thing,name,size", NULL },
	{ COLUMNS_TEXT, "size,colour,note,x", "thing,name,size,note",
		"unknown column \"colour\": one of thing, name, size, note" },
	{ COLUMNS_TEXT, "s", "thing,name", "unknown column \"s\": one of thing, name, size, note" },
	{ COLUMNS_TEXT, "sum", "thing,name", "unknown column \"sum\": one of thing, name, size, note" },
	{ COLUMNS_CSV, "note,size", "id,name,note,size", NULL },
	{ COLUMNS_CSV, "power,thing", "id,name,power", NULL },
	{ COLUMNS_CSV, "colour", "id,name", "unknown column \"colour\": one of id, name, size, note, power" },
};

START_TEST(keys_choose_columns)
{
	struct column_order order;
	struct error err = { 0 };
	AUTO_BUFFER keys = { 0 };

	set_up();
	ck_assert_int_eq(
		column_order_read(&table, choices[_i].keys, choices[_i].use, &order, &err), choices[_i].says ? -1 : 0);
	for (size_t i = 0; i < order.count; i++)
		buffer_printf(&keys, "%s%s", i ? "," : "", columns[order.items[i]].key);
	ck_assert_str_eq(buffer_text(&keys), choices[_i].order);
	if (choices[_i].says)
		ck_assert_str_eq(err.message, choices[_i].says);
	table_release(&table);
}
END_TEST

static const struct {
	enum output_format format;
	const char *keys;
	int width;
	const char *text;
} prints[] = {
	{ OUTPUT_TABLE, "", 0, "THING   NAME   SIZE\na       a         5\n" },
	{ OUTPUT_TABLE, "note,size", 0, "THING   NAME   NOTE    SIZE\na       a      so so      5\n" },
	{ OUTPUT_TABLE, "note,size", 8, "THING   NAME   NOTE    SIZE\na       a      so so      5\n" },
	{ OUTPUT_WIDE, "size", 0, "THING   NAME   SIZE\na       a         5\n" },
	{ OUTPUT_CSV, "", 0, "id,name,size,note,power\na,a,5,so so,3\n" },
	{ OUTPUT_CSV, "note,size", 0, "id,name,note,size\na,a,so so,5\n" },
};

START_TEST(text_and_csv_have_what_is_chosen)
{
	struct print_options options = { .format = prints[_i].format, .width = prints[_i].width };
	struct column_order order;
	AUTO_BUFFER out = { 0 };
	struct error err;

	set_up();
	ck_assert_int_eq(column_order_read(&table, prints[_i].keys,
				 prints[_i].format == OUTPUT_CSV ? COLUMNS_CSV : COLUMNS_TEXT, &order, &err),
		0);
	options.columns = order.count ? &order : NULL;
	table_print(&table, &options, &out);
	ck_assert_str_eq(buffer_text(&out), prints[_i].text);
	table_release(&table);
}
END_TEST

TEST_MAIN("output/columns", TEST_TABLE(keys_choose_columns, choices),
	TEST_TABLE(text_and_csv_have_what_is_chosen, prints))
