/* Pressure in a table: text, data, order. */
#include <string.h>

#include "clusterutils/output/print.h"
#include "objects.h"
#include "suite.h"

static struct pressure of(int64_t cpu, int64_t memory, int64_t io)
{
	struct pressure pressure = { 0 };

	pressure.of[PRESSURE_CPU].some.avg10 = cpu;
	pressure.of[PRESSURE_MEMORY].some.avg10 = memory;
	pressure.of[PRESSURE_IO].some.avg10 = io;
	return pressure;
}

static const struct {
	int64_t cpu, memory, io;
	bool is_estimated;
	const char *text;
} texts[] = {
	{ 0, 0, 0, false, "0" },
	{ 10, 0, 0, false, "0.0 cpu" },
	{ 50, 0, 0, false, "0.1 cpu" },
	{ 0, 1234, 1233, false, "1.2 memory" },
	{ 0, 9949, 0, false, "9.9 memory" },
	{ 0, 9950, 0, false, "10 memory" },
	{ 99, 98, 42490, true, "~42 io" },
	{ 100000, 100000, 100000, false, "100 cpu" },
	{ PRESSURE_UNKNOWN, PRESSURE_UNKNOWN, PRESSURE_UNKNOWN, true, "?" },
};

START_TEST(the_worst_is_shown)
{
	static const struct column column = { "psi", "PSI%", 0, 0 };
	struct pressure pressure = of(texts[_i].cpu, texts[_i].memory, texts[_i].io);
	AUTO_ARENA arena = { 0 };
	struct cell cell = cell_pressure(&pressure, &arena);

	cell.estimated = texts[_i].is_estimated;
	ck_assert_str_eq(cell_format(&cell, &column, 0, &arena), texts[_i].text);
}
END_TEST

static void build(struct table *table)
{
	static const struct column columns[] = { { "name", "NAME", 0, 0 }, { "psi", "PSI%", 0, 0 } };
	static const char *const names[] = { "calm", "busy", "none", "thrashing" };
	struct pressure pressures[] = { of(0, 10, 0), of(30000, 20, 7), of(0, 0, 0),
		of(PRESSURE_UNKNOWN, 41000, 8000) };

	pressures[1].of[PRESSURE_CPU].full = (struct pressure_level){ 1, 20, 300, 4567 };
	table_init(table, "X", columns, 2);
	for (int i = 0; i < 4; i++) {
		struct row *row = table_add_row(table, ROW_ITEM, 0);

		row->cells[0] = cell_text(names[i]);
		row->cells[1] = cell_pressure(i == 2 ? NULL : &pressures[i], &table->arena);
	}
}

static void check_order(const char *key, const char *expected)
{
	AUTO_TABLE table = { 0 };
	AUTO_BUFFER rows = { 0 };
	struct error err = { 0 };

	build(&table);
	ck_assert_msg(table_sort(&table, key, &err) == 0, "%s", err.message);
	objects_rows(&table, "name", 0, &rows);
	ck_assert_str_eq(buffer_text(&rows), expected);
}

START_TEST(it_sorts_by_the_worst_or_by_a_resource)
{
	check_order("psi", "thrashing\nbusy\ncalm\nnone\n");
	check_order("-psi", "calm\nbusy\nthrashing\nnone\n");
	check_order("psi.cpu", "busy\ncalm\nnone\nthrashing\n");
	check_order("psi.memory", "thrashing\nbusy\ncalm\nnone\n");
	check_order("psi.io", "thrashing\nbusy\ncalm\nnone\n");
}
END_TEST

static void print(enum output_format format, struct buffer *out)
{
	struct print_options options = { .format = format };
	AUTO_TABLE table = { 0 };

	build(&table);
	table_print(&table, &options, out);
}

START_TEST(data_has_all_numbers)
{
	AUTO_BUFFER json = { 0 };
	AUTO_BUFFER csv = { 0 };

	print(OUTPUT_JSON, &json);
	ck_assert_ptr_nonnull(strstr(buffer_text(&json), "\"avg10\": 30,"));
	ck_assert_ptr_nonnull(strstr(buffer_text(&json), "\"avg10\": 0.001,"));
	ck_assert_ptr_nonnull(strstr(buffer_text(&json), "\"avg60\": 0.02,"));
	ck_assert_ptr_nonnull(strstr(buffer_text(&json), "\"avg300\": 0.3,"));
	ck_assert_ptr_nonnull(strstr(buffer_text(&json), "\"total\": 4567"));
	ck_assert_ptr_nonnull(strstr(buffer_text(&json), "\"avg10\": null,"));
	ck_assert_ptr_nonnull(strstr(buffer_text(&json), "\"psi\": null"));
	print(OUTPUT_CSV, &csv);
	ck_assert_str_eq(buffer_text(&csv),
		"name,psi_cpu,psi_memory,psi_io\ncalm,0,0.01,0\nbusy,30,0.02,0.007\nnone,,,\nthrashing,,41,8\n");
}
END_TEST

TEST_MAIN("pressure cells", TEST_TABLE(the_worst_is_shown, texts), TEST(it_sorts_by_the_worst_or_by_a_resource),
	TEST(data_has_all_numbers))
