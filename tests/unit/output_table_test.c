#include "clusterutils/output/table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/output/print.h"
#include "clusterutils/util/buffer.h"
#include "clusterutils/util/memory.h"
#include "suite.h"

#define U VALUE_UNKNOWN
#define N VALUE_NONE

#define MILLI INT64_C(1000000)    /* nanocores in a millicore */
#define CORE  INT64_C(1000000000) /* nanocores in a core */
#define MI    (INT64_C(1) << 20)
#define GI    (INT64_C(1) << 30)
#define NOW   INT64_C(1767225600)

static const char *format(struct cell cell, unsigned flags, struct arena *arena)
{
	struct column column = { .key = "k", .header = "K", .flags = flags };

	return cell_format(&cell, &column, NOW, arena);
}

static const struct {
	struct {
		int64_t usage, request, limit, allocatable;
		enum unit unit;
	} share;
	unsigned flags;
	bool estimated;
	const char *text;
} shares[] = {
	{ { 350 * MILLI, 720 * MILLI, 1800 * MILLI, CORE, UNIT_CPU }, 0, false, "35|72|180" },
	{ { 350 * MILLI, 720 * MILLI, 1800 * MILLI, CORE, UNIT_CPU }, COLUMN_NO_USAGE, false, "72|180" },
	{ { 350 * MILLI, 720 * MILLI, 1800 * MILLI, CORE, UNIT_CPU }, 0, true, "~35|72|180" },
	{ { 350 * MILLI, 720 * MILLI, 1800 * MILLI, CORE, UNIT_CPU }, COLUMN_NO_USAGE, true, "72|180" },
	{ { U, 720 * MILLI, N, CORE, UNIT_CPU }, 0, true, "?|72|-" },
	{ { 350, 720, 1800, U, UNIT_CPU }, 0, true, "?|?|?" },
	{ { 350, 720, N, U, UNIT_MEMORY }, 0, false, "?|?|?" },
	{ { 350, 720, 1800, 0, UNIT_MEMORY }, 0, false, "-|-|-" },
	{ { U, N, 1800, 0, UNIT_CPU }, 0, false, "-|-|-" },
	{ { 350, 720, 1800, N, UNIT_MEMORY }, 0, false, "-|-|-" },
	{ { 350, 720, 1800, -5, UNIT_MEMORY }, 0, false, "-|-|-" },
	{ { 0, 4, 5, 1000, UNIT_MEMORY }, 0, false, "0|0|1" }, /* halves go up */
	{ { 994, 995, 1004, 1000, UNIT_MEMORY }, 0, false, "99|100|100" },
	{ { -4, -5, -720, 1000, UNIT_MEMORY }, 0, false, "0|-1|-72" },
	{ { 1, 2, 3, 3, UNIT_MEMORY }, 0, false, "33|67|100" },
	{ { INT64_MAX, INT64_MAX / 2, INT64_MAX / 4, INT64_MAX, UNIT_MEMORY }, 0, false, "100|50|25" },
	{ { INT64_MAX - 1, INT64_MAX / 100, 1, INT64_MAX, UNIT_CPU }, 0, false, "100|1|0" },
	{ { INT64_MAX, INT64_MIN + 2, INT64_MAX / 50, 1, UNIT_MEMORY }, 0, false,
		"9223372036854775700|-9223372036854775700|9223372036854775700" },
};

START_TEST(share_is_per_cent_of_allocatable)
{
	AUTO_ARENA arena = { 0 };
	struct cell cell = { .type = CELL_SHARE, .estimated = shares[_i].estimated };

	cell.as.share.usage = shares[_i].share.usage;
	cell.as.share.request = shares[_i].share.request;
	cell.as.share.limit = shares[_i].share.limit;
	cell.as.share.allocatable = shares[_i].share.allocatable;
	cell.as.share.unit = shares[_i].share.unit;
	ck_assert_str_eq(format(cell, shares[_i].flags, &arena), shares[_i].text);
}
END_TEST

static const struct {
	int64_t usage, request, limit;
	enum unit unit;
	unsigned flags;
	bool estimated;
	const char *text;
} amounts[] = {
	{ 35 * MILLI, 100 * MILLI, N, UNIT_CPU, 0, false, "35m|100m|-" },
	{ 34 * MILLI + 1, 0, 1, UNIT_CPU, 0, false, "35m|0m|1m" }, /* rounded up */
	{ 12 * CORE, 10 * CORE, 128 * CORE, UNIT_CPU, 0, false, "12000m|10000m|128000m" },
	{ -1, -MILLI, -MILLI - 1, UNIT_CPU, 0, false, "0m|-1m|-1m" },
	{ 128 * MI, 128 * MI - 1, 2 * GI, UNIT_MEMORY, 0, false, "128Mi|127Mi|2048Mi" },
	{ U, 1, N, UNIT_MEMORY, 0, true, "?|0Mi|-" },
	{ 128 * MI, 64 * MI, N, UNIT_MEMORY, 0, true, "~128Mi|64Mi|-" },
	{ 128 * MI, 64 * MI, N, UNIT_MEMORY, COLUMN_NO_USAGE, true, "64Mi|-" },
	{ INT64_MAX, INT64_MIN + 2, U, UNIT_CPU, 0, false, "9223372036855m|-9223372036854m|?" },
};

START_TEST(amount_is_in_kubectls_units)
{
	AUTO_ARENA arena = { 0 };
	struct cell cell = { .type = CELL_AMOUNT, .estimated = amounts[_i].estimated };

	cell.as.share.usage = amounts[_i].usage;
	cell.as.share.request = amounts[_i].request;
	cell.as.share.limit = amounts[_i].limit;
	cell.as.share.unit = amounts[_i].unit;
	ck_assert_str_eq(format(cell, amounts[_i].flags, &arena), amounts[_i].text);
}
END_TEST

static const struct {
	int64_t bytes;
	const char *text;
} sizes[] = {
	{ 0, "0" },
	{ 812, "812" },
	{ 1023, "1023" },
	{ 1024, "1Ki" },
	{ 1536, "1.5Ki" },
	{ 1587, "1.5Ki" }, /* 1.5498 */
	{ 1588, "1.6Ki" }, /* 1.5508 */
	{ 1024 * 1024 - 1, "1Mi" },
	{ 1023 * 1024 + 972, "1023.9Ki" },
	{ 1023 * 1024 + 973, "1Mi" }, /* 1023.9502 */
	{ 64 * MI, "64Mi" },
	{ 6764573491, "6.3Gi" },
	{ GI - 1, "1Gi" },
	{ INT64_C(1) << 40, "1Ti" },
	{ INT64_C(1) << 50, "1Pi" },
	{ INT64_C(1) << 60, "1Ei" },
	{ INT64_MAX, "8Ei" },
	{ -1536, "-1.5Ki" },
	{ INT64_MIN + 2, "-8Ei" },
	{ U, "?" },
	{ N, "-" },
};

START_TEST(bytes_have_a_binary_unit_and_at_most_one_decimal)
{
	AUTO_ARENA arena = { 0 };

	ck_assert_str_eq(format(cell_bytes(sizes[_i].bytes), 0, &arena), sizes[_i].text);
}
END_TEST

/* Watts, kilowatt hours and money of thousandths of a watt, watt hour and unit. */
static const struct {
	int64_t number;
	const char *watts, *energy, *money;
} powers[] = {
	{ 0, "0", "0.00", "0.00" },
	{ 40, "0.0", "0.00", "0.040" },
	{ 99, "0.1", "0.00", "0.099" },
	{ 100, "0.1", "0.00", "0.10" },
	{ 3000, "3", "0.00", "3.00" },
	{ 3449, "3.4", "0.00", "3.45" },
	{ 3450, "3.5", "0.00", "3.45" },
	{ 9949, "9.9", "0.01", "9.95" },
	{ 9950, "10", "0.01", "9.95" },
	{ 71499, "71", "0.07", "71.50" },
	{ 71500, "72", "0.07", "71.50" },
	{ 1240000, "1240", "1.24", "1240.00" },
	{ -400, "-0.4", "0.00", "-0.40" },
	{ -71500, "-72", "-0.07", "-71.50" },
	{ INT64_MAX, "9223372036854776", "9223372036854.78", "9223372036854775.81" },
	{ INT64_MIN + 2, "-9223372036854776", "-9223372036854.78", "-9223372036854775.81" },
	{ U, "?", "?", "?" },
	{ N, "-", "-", "-" },
};

START_TEST(power_is_in_its_units)
{
	AUTO_ARENA arena = { 0 };
	int64_t number = powers[_i].number;

	ck_assert_str_eq(format(cell_watts(number), 0, &arena), powers[_i].watts);
	ck_assert_str_eq(format(cell_power(number, U), 0, &arena), powers[_i].watts);
	ck_assert_str_eq(format(cell_energy(number), 0, &arena), powers[_i].energy);
	ck_assert_str_eq(format(cell_money(number), 0, &arena), powers[_i].money);
	if (number == U || number == N)
		return;
	ck_assert_int_eq(format(cell_estimated(cell_power(number, N)), 0, &arena)[0], '~');
	ck_assert_int_eq(format(cell_estimated(cell_money(number)), 0, &arena)[0], '~');
}
END_TEST

START_TEST(power_sorts_by_watts)
{
	static const struct column columns[] = { { "name", "NAME", 0, 0 }, { "power", "W", COLUMN_RIGHT, 0 } };
	static const struct {
		const char *name;
		int64_t watts, cost;
	} rows[] = { { "a", N, N }, { "b", 5000, 900 }, { "c", U, U }, { "d", 71000, 100 } };
	struct error err = { 0 };
	struct table table;

	table_init(&table, "K", columns, ARRAY_LEN(columns));
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct row *row = table_add_row(&table, ROW_ITEM, 0);

		row->cells[0] = cell_text(rows[i].name);
		row->cells[1] = cell_power(rows[i].watts, rows[i].cost);
	}
	ck_assert_int_eq(table_sort(&table, "power", &err), 0);
	for (size_t i = 0; i < 4; i++)
		ck_assert_int_eq(table.rows[i].cells[0].as.text[0], "dbac"[i]);
	ck_assert_int_eq(table_sort(&table, "power.costPerDay", &err), 0);
	for (size_t i = 0; i < 4; i++)
		ck_assert_int_eq(table.rows[i].cells[0].as.text[0], "bdac"[i]);
	table_release(&table);
}
END_TEST

static const struct {
	int64_t seconds_ago;
	const char *text;
} ages[] = {
	{ 0, "0s" },
	{ 119, "119s" },
	{ 120, "2m" },
	{ 5 * 60 + 30, "5m30s" },
	{ 3 * 3600 + 5 * 60, "3h5m" },
	{ 47 * 3600 + 3599, "47h" },
	{ 49 * 3600, "2d1h" },
	{ 8 * 86400, "8d" },
	{ (2 * 365 + 3) * 86400, "2y3d" },
	{ -1, "0s" },
	{ -2, "<invalid>" },
};

START_TEST(time_is_an_age)
{
	AUTO_ARENA arena = { 0 };

	ck_assert_str_eq(format(cell_time(NOW - ages[_i].seconds_ago), 0, &arena), ages[_i].text);
}
END_TEST

START_TEST(any_two_moments_have_an_age)
{
	static const int64_t moments[] = { INT64_MIN + 2, -INT64_MAX / 2, -1, 0, 1, INT64_MAX / 2, INT64_MAX };
	AUTO_ARENA arena = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(moments); i++) {
		for (size_t j = 0; j < ARRAY_LEN(moments); j++) {
			struct column column = { .key = "age", .header = "AGE" };
			struct cell cell = cell_time(moments[i]);
			const char *text = cell_format(&cell, &column, moments[j], &arena);

			if (moments[i] > moments[j] + (moments[j] < INT64_MAX ? 1 : 0))
				ck_assert_str_eq(text, "<invalid>");
			else
				ck_assert_msg(text[0] >= '0' && text[0] <= '9', "%s", text);
		}
	}
	ck_assert_str_eq(format(cell_time(INT64_MIN + 2), 0, &arena), "292y");
}
END_TEST

static const struct {
	int64_t request, allocatable;
	const char *text;
} percents[] = {
	{ 45, 100, "45%" },
	{ 1, 3, "33%" },
	{ 0, 3, "0%" },
	{ 300, 100, "300%" },
	{ U, 100, "?" },
	{ N, 100, "-" },
	{ 45, U, "?" },
	{ 45, 0, "-" },
};

START_TEST(percent_is_of_the_request)
{
	AUTO_ARENA arena = { 0 };
	struct cell cell = { .type = CELL_PERCENT };

	cell.as.share.request = percents[_i].request;
	cell.as.share.allocatable = percents[_i].allocatable;
	cell.as.share.usage = cell.as.share.limit = 77;
	ck_assert_str_eq(format(cell, 0, &arena), percents[_i].text);
}
END_TEST

static struct cell at_least(struct cell cell)
{
	cell.at_least = true;
	return cell;
}

START_TEST(other_cells_have_their_text)
{
	static const char *const images[] = { "nginx:1.27", "redis", "" };
	AUTO_ARENA arena = { 0 };
	struct cell estimated_count = cell_estimated(cell_count(31, 110));

	ck_assert_str_eq(format(cell_none(), 0, &arena), "-");
	ck_assert_str_eq(format(cell_unknown(), 0, &arena), "?");
	ck_assert_str_eq(format(cell_estimated(cell_unknown()), 0, &arena), "?");
	ck_assert_str_eq(format(cell_text("corellia"), 0, &arena), "corellia");
	ck_assert_str_eq(format(cell_text(""), 0, &arena), "");
	ck_assert_str_eq(format(cell_text(NULL), 0, &arena), "-");
	ck_assert_str_eq(format(cell_list(images, 2), 0, &arena), "nginx:1.27,redis");
	ck_assert_str_eq(format(cell_list(images, 1), 0, &arena), "nginx:1.27");
	ck_assert_str_eq(format(cell_list(images, 0), 0, &arena), "-");
	ck_assert_str_eq(format(cell_list(images + 2, 1), 0, &arena), "");
	ck_assert_str_eq(format(cell_number(-12), 0, &arena), "-12");
	ck_assert_str_eq(format(cell_number(INT64_MAX), 0, &arena), "9223372036854775807");
	ck_assert_str_eq(format(cell_number(U), 0, &arena), "?");
	ck_assert_str_eq(format(cell_number(N), 0, &arena), "-");
	ck_assert_str_eq(format(cell_time(U), 0, &arena), "?");
	ck_assert_str_eq(format(cell_time(N), 0, &arena), "-");
	ck_assert_str_eq(format(cell_estimated(cell_number(48)), 0, &arena), "~48");
	ck_assert_str_eq(format(cell_estimated(cell_bytes(2048)), 0, &arena), "~2Ki");
	ck_assert_str_eq(format(cell_estimated(cell_time(NOW - 5)), 0, &arena), "~5s");
	ck_assert_str_eq(format(cell_flag(true), 0, &arena), "true");
	ck_assert_str_eq(format(cell_flag(false), 0, &arena), "false");
	ck_assert_str_eq(format(cell_count(31, 110), 0, &arena), "31/110");
	ck_assert_str_eq(format(estimated_count, 0, &arena), "~31/110");
	ck_assert_str_eq(format(cell_count(31, N), 0, &arena), "31");
	ck_assert_str_eq(format(cell_count(31, U), 0, &arena), "31/?");
	ck_assert_str_eq(format(cell_count(U, 110), 0, &arena), "?/110");
	ck_assert_str_eq(format(cell_count(U, U), 0, &arena), "?");
	ck_assert_str_eq(format(cell_count(U, N), 0, &arena), "?");
	ck_assert_str_eq(format(cell_cpu(1500 * MILLI - 1), 0, &arena), "1500m");
	ck_assert_str_eq(format(cell_cpu(0), 0, &arena), "0m");
	ck_assert_str_eq(format(cell_cpu(U), 0, &arena), "?");
	ck_assert_str_eq(format(cell_cpu(N), 0, &arena), "-");
	ck_assert_str_eq(format(at_least(cell_number(7)), 0, &arena), ">=7");
	ck_assert_str_eq(format(at_least(cell_estimated(cell_cpu(MILLI))), 0, &arena), ">=~1m");
	ck_assert_str_eq(format(at_least(cell_count(U, 5)), 0, &arena), "?/5");
	ck_assert_int_eq(cell_with_role(cell_flag(true), ROLE_BAD).role, ROLE_BAD);
}
END_TEST

/* The text must not live in anything that the next call reuses. */
START_TEST(formatted_texts_stay)
{
	AUTO_ARENA arena = { 0 };
	const char *first = format(cell_number(1), 0, &arena), *second = format(cell_number(2), 0, &arena);

	ck_assert_str_eq(first, "1");
	ck_assert_str_eq(second, "2");
}
END_TEST

/* Rows are named by one letter; groups are upper case, totals "=". Depths follow as digits where they are not 0. */
enum { NAME, CPU, MEMORY, PODS, AGE, WATTS, TAGS, HIDDEN };
static const struct column columns[] = {
	[NAME] = { "name", "NAME", 0, 0 },
	[CPU] = { "cpu", "CPU%", COLUMN_RIGHT, 0 },
	[MEMORY] = { "memory", "MEMORY", COLUMN_RIGHT, 0 },
	[PODS] = { "pods", "PODS", COLUMN_RIGHT, 0 },
	[AGE] = { "age", "AGE", 0, 0 },
	[WATTS] = { "watts", "WATTS", 0, 0 },
	[TAGS] = { "tags", "TAGS", COLUMN_WIDE, 0 },
	[HIDDEN] = { "hidden", "", COLUMN_DATA, 0 },
};

static void init(struct table *table)
{
	table_init(table, "NodeUsageList", columns, ARRAY_LEN(columns));
}

/* "A ab Bc" is group A, items a and b, group B, item c. "=" is a total; a digit is the depth of what comes before. */
static void add_rows(struct table *table, const char *rows)
{
	for (; *rows; rows++) {
		enum row_kind kind = *rows == '=' ? ROW_TOTAL : *rows < 'a' ? ROW_GROUP : ROW_ITEM;
		int depth = rows[1] >= '0' && rows[1] <= '9' ? rows[1] - '0' : 0;
		struct row *row = table_add_row(table, kind, depth);

		row->cells[NAME] = cell_text(arena_copy(&table->arena, rows, 1));
		rows += depth > 0;
	}
}

static const char *names(struct table *table)
{
	char *text = ARENA_ARRAY(&table->arena, table->row_count + 1, char);

	for (size_t i = 0; i < table->row_count; i++)
		text[i] = table->rows[i].cells[NAME].as.text[0];
	return text;
}

static struct cell share(int64_t usage, int64_t request, int64_t allocatable)
{
	struct cell cell = { .type = CELL_SHARE };

	cell.as.share.usage = usage;
	cell.as.share.request = request;
	cell.as.share.limit = VALUE_NONE;
	cell.as.share.allocatable = allocatable;
	return cell;
}

static struct cell amount(int64_t usage, int64_t request)
{
	struct cell cell = share(usage, request, VALUE_NONE);

	cell.type = CELL_AMOUNT;
	return cell;
}

START_TEST(new_rows_hold_nothing)
{
	struct table table;

	init(&table);
	for (int i = 0; i < 1000; i++) {
		struct row *row = table_add_row(&table, ROW_ITEM, i - 500);

		ck_assert_int_eq(row->depth, i < 500 ? 0 : i - 500 > TABLE_DEPTH ? TABLE_DEPTH : i - 500);
		for (size_t column = 0; column < ARRAY_LEN(columns); column++)
			ck_assert_int_eq(row->cells[column].type, CELL_NONE);
		row->cells[WATTS] = cell_number(i);
	}
	for (int i = 0; i < 1000; i++)
		ck_assert_int_eq(table.rows[i].cells[WATTS].as.number, i);
	for (int i = 0; i < 100; i++) {
		table_add_summary(&table, "line");
		table_add_source(&table, (struct source){ "nodes", "ok", NULL, i });
	}
	ck_assert_uint_eq(table.summary_count, 100);
	ck_assert_str_eq(table.summary[99], "line");
	ck_assert_int_eq(table.sources[99].age, 99);
	table_release(&table);
	ck_assert_ptr_null(table.rows);
}
END_TEST

START_TEST(usage_can_be_hidden)
{
	static const struct column shown[] = { { "name", "NAME", 0, 0 }, { "cpu", "CPU% USE|REQ|LIM", COLUMN_RIGHT, 0 },
		{ "memory", "MEMORY", COLUMN_WIDE, 3 }, { "data", NULL, COLUMN_DATA, 0 } };
	struct table table;
	struct row *row;
	struct cell cell;

	table_init(&table, "List", shown, ARRAY_LEN(shown));
	row = table_add_row(&table, ROW_ITEM, 0);
	row->cells[1] = share(1, 2, 10);
	row->cells[2] = amount(MI, 2 * MI);
	row->cells[2].as.share.unit = UNIT_MEMORY;
	table_hide_usage(&table);
	ck_assert_str_eq(table.columns[0].header, "NAME");
	ck_assert_str_eq(table.columns[1].header, "CPU% REQ|LIM");
	ck_assert_str_eq(table.columns[2].header, "MEMORY");
	ck_assert_ptr_null(table.columns[3].header);
	ck_assert_uint_eq(table.columns[1].flags & COLUMN_RIGHT, COLUMN_RIGHT);
	cell = row->cells[1];
	ck_assert_str_eq(cell_format(&cell, &table.columns[1], NOW, &table.arena), "20|-");
	ck_assert_str_eq(cell_format(&row->cells[2], &table.columns[2], NOW, &table.arena), "2Mi|-");
	ck_assert_str_eq(shown[1].header, "CPU% USE|REQ|LIM");
	table_release(&table);
}
END_TEST

START_TEST(percentages_sort_by_what_they_show)
{
	struct table table;
	struct error err = { 0 };

	init(&table);
	add_rows(&table, "abc");
	for (size_t i = 0; i < 3; i++) {
		table.rows[i].cells[CPU] = share(99 - (int64_t)i, 10 + (int64_t)i, 100);
		table.rows[i].cells[CPU].type = CELL_PERCENT;
	}
	ck_assert_int_eq(table_sort(&table, "cpu", &err), 0);
	ck_assert_str_eq(names(&table), "cba");
	ck_assert_int_eq(table_sort(&table, "-cpu.request", &err), 0);
	ck_assert_str_eq(names(&table), "abc");
	ck_assert_int_eq(table_sort(&table, "cpu.allocatable", &err), 0);
	ck_assert_str_eq(names(&table), "abc");
	ck_assert_int_eq(table_sort(&table, "cpu.usage", &err), -1);
	table_release(&table);
}
END_TEST

static const struct {
	const char *key, *order;
} sorts[] = {
	{ "name", "AabBcd=" },
	{ "-name", "AbaBdc=" },
	{ "cpu", "AabBdc=" }, /* 50 % of a small one before 20 % of a large one */
	{ "-cpu", "AbaBcd=" },
	{ "cpu.usage", "AabBdc=" },
	{ "cpu.request", "AbaBdc=" },  /* b 80, a 60; d 10, c none */
	{ "-cpu.request", "AabBdc=" }, /* none stays last */
	{ "cpu.limit", "AbaBdc=" },    /* all alike: as they were */
	{ "cpu.allocatable", "AbaBdc=" },
	{ "memory", "AbaBdc=" }, /* no usage anywhere: by request; those without one as they were */
	{ "memory.usage", "AbaBdc=" },
	{ "-memory.request", "AabBdc=" },
	{ "pods", "AabBcd=" },
	{ "pods.count", "AabBcd=" },
	{ "pods.capacity", "AbaBdc=" },
	{ "-pods", "AbaBdc=" },
	{ "age", "AbaBcd=" }, /* newest first; d is unknown */
	{ "-age", "AabBcd=" },
	{ "watts", "AbaBdc=" },
	{ "tags", "AbaBdc=" },
	{ "-tags", "AabBdc=" },
};

START_TEST(sort_orders_the_items_of_each_group)
{
	static const char *const x[] = { "x" }, *const y[] = { "y", "a" };
	struct table table;
	struct error err = { 0 };
	struct row *rows;

	init(&table);
	add_rows(&table, "AbaBdc=");
	rows = table.rows;
	rows[2].cells[CPU] = share(500, 600, 1000);
	rows[1].cells[CPU] = share(400, 1600, 2000);
	rows[5].cells[CPU] = share(2000, VALUE_NONE, 10000);
	rows[4].cells[CPU] = share(500, 100, 1000);
	rows[4].cells[CPU].as.share.usage = 900;
	rows[1].cells[CPU].as.share.limit = rows[2].cells[CPU].as.share.limit = VALUE_UNKNOWN;
	rows[5].cells[CPU].as.share.allocatable = 999;
	rows[5].cells[CPU].as.share.usage = 100;
	rows[1].cells[MEMORY] = amount(VALUE_UNKNOWN, 70);
	rows[2].cells[MEMORY] = amount(VALUE_UNKNOWN, 60);
	rows[2].cells[PODS] = cell_count(20, 110);
	rows[1].cells[PODS] = cell_count(10, 250);
	rows[5].cells[PODS] = cell_count(9, 10);
	rows[4].cells[PODS] = cell_count(8, 10);
	rows[1].cells[AGE] = cell_time(NOW);
	rows[2].cells[AGE] = cell_time(NOW - 10);
	rows[4].cells[AGE] = cell_unknown();
	rows[5].cells[AGE] = cell_time(NOW);
	rows[1].cells[WATTS] = cell_number(-3);
	rows[2].cells[WATTS] = cell_number(-4);
	rows[4].cells[WATTS] = cell_none();
	rows[5].cells[WATTS] = cell_unknown();
	rows[1].cells[TAGS] = cell_list(x, 1);
	rows[2].cells[TAGS] = cell_list(y, 2);
	ck_assert_int_eq(table_sort(&table, sorts[_i].key, &err), 0);
	ck_assert_msg(strcmp(names(&table), sorts[_i].order) == 0, "by %s: %s, not %s", sorts[_i].key, names(&table),
		sorts[_i].order);
	table_release(&table);
}
END_TEST

START_TEST(sort_moves_whole_rows)
{
	struct table table;
	struct error err = { 0 };

	init(&table);
	add_rows(&table, "b3a1");
	table.rows[0].cells[WATTS] = cell_number(7);
	ck_assert_int_eq(table_sort(&table, "name", &err), 0);
	ck_assert_int_eq(table.rows[0].depth, 1);
	ck_assert_int_eq(table.rows[1].depth, 3);
	ck_assert_int_eq(table.rows[1].cells[WATTS].as.number, 7);
	table_release(&table);
}
END_TEST

static const char *const unknown_keys[] = { "", "-", "--cpu", "cp", "cpux", "cpu.", "cpu.count", "cpu.usage.x", "CPU",
	"name.usage", "pods.usage", "memory.allocatable", ".usage", "\x1B[31m" };

START_TEST(unknown_sort_keys_are_refused)
{
	struct table table;
	struct error err = { 0 };

	init(&table);
	add_rows(&table, "ba");
	table.rows[0].cells[CPU] = share(1, 2, 3);
	table.rows[1].cells[MEMORY] = amount(1, 2);
	table.rows[0].cells[PODS] = cell_count(1, 2);
	ck_assert_int_eq(table_sort(&table, unknown_keys[_i], &err), -1);
	ck_assert_int_eq(err.code, ERROR_USAGE);
	ck_assert_ptr_nonnull(strstr(err.message,
		"must be one of name, cpu, cpu.usage, cpu.request, cpu.limit, cpu.allocatable, memory, memory.usage, "
		"memory.request, memory.limit, pods, pods.count, pods.capacity, age, watts, tags, hidden"));
	ck_assert_str_eq(names(&table), "ba");
	table_release(&table);
}
END_TEST

/* What a column holds is seen from its rows: without any, every part could be one of it. */
START_TEST(sort_keys_of_columns_that_hold_nothing)
{
	static const struct column empty[] = { { "name", "NAME", 0, 0 }, { "cpu", "CPU%", 0, 0 } };
	struct table table;
	struct error err = { 0 };

	table_init(&table, "List", empty, 2);
	ck_assert_int_eq(table_sort(&table, "cpu.usage", &err), 0);
	ck_assert_int_eq(table_sort(&table, "cpu.capacity", &err), 0);
	ck_assert_int_eq(table_sort(&table, "cpu.nothing", &err), -1);
	table_add_row(&table, ROW_ITEM, 0);
	ck_assert_int_eq(table_sort(&table, "cpu.capacity", &err), 0);
	table_add_row(&table, ROW_ITEM, 0)->cells[1] = share(1, 2, 3);
	ck_assert_int_eq(table_sort(&table, "cpu.capacity", &err), -1);
	ck_assert_int_eq(table_sort(&table, "cpu.limit", &err), 0);
	table_release(&table);
}
END_TEST

START_TEST(sort_is_stable_at_any_length)
{
	uint32_t state = 7;

	for (size_t length = 0; length < 200; length++) {
		struct table table;
		struct error err = { 0 };

		init(&table);
		for (size_t i = 0; i < length; i++) {
			struct row *row = table_add_row(&table, ROW_ITEM, 0);
			int64_t key;

			state = state * 1664525 + 1013904223;
			key = (state >> 16) % 10;
			row->cells[WATTS] = key == 9 ? cell_unknown() : key == 8 ? cell_none() : cell_number(key);
			row->cells[AGE] = cell_time((int64_t)i);
		}
		ck_assert_int_eq(table_sort(&table, length % 2 ? "watts" : "-watts", &err), 0);
		for (size_t i = 1; i < length; i++) {
			const struct cell *a = &table.rows[i - 1].cells[WATTS], *b = &table.rows[i].cells[WATTS];

			if (a->type == b->type && (a->type != CELL_NUMBER || a->as.number == b->as.number))
				ck_assert_int_lt(
					table.rows[i - 1].cells[AGE].as.number, table.rows[i].cells[AGE].as.number);
			else if (a->type == CELL_NUMBER && b->type == CELL_NUMBER)
				ck_assert_int_eq(a->as.number > b->as.number, length % 2);
			else
				ck_assert(a->type == CELL_NUMBER || b->type == CELL_UNKNOWN);
		}
		table_release(&table);
	}
}
END_TEST

static const struct {
	const char *rows, *words, *left;
} filters[] = {
	{ "abc", NULL, "abc" },
	{ "abc", "", "abc" },
	{ "abc", "|", "abc" },
	{ "abc", "b", "b" },
	{ "abc", "B", "b" },
	{ "abc", "a|c", "ac" },
	{ "abc", "||c|", "c" },
	{ "abc", "x", "" },
	{ "", "x", "" },
	{ "AabBcd=", "c", "Bc=" },
	{ "AabBcd=", "x", "=" },
	{ "AabBcd=", "A", "Aa=" },      /* the name of a group keeps nothing */
	{ "AB1a2C1b2Dc1", "a", "ABa" }, /* groups in groups */
	{ "AB1a2C1b2Dc1", "b", "ACb" },
	{ "AB1a2C1b2Dc1", "c", "Dc" },
	{ "AB1a2C1b2Dc1", "a|b", "ABaCb" },
	{ "A=a", "a", "=a" }, /* a total ends the groups before it */
	{ "aA", "a", "a" },
};

START_TEST(filter_keeps_matching_items_and_their_groups)
{
	struct table table;

	init(&table);
	add_rows(&table, filters[_i].rows);
	table_filter(&table, filters[_i].words, NOW);
	ck_assert_str_eq(names(&table), filters[_i].left);
	table_release(&table);
}
END_TEST

START_TEST(filter_sees_what_the_reader_sees)
{
	static const char *const tags[] = { "blue" };
	static const struct {
		const char *words, *left;
	} cases[] = { { "50|", "a" }, { "31/110", "b" }, { "3d4h", "a" }, { "BLUE", "b" }, { "secret", "" },
		{ "?", "b" } };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct table table;

		init(&table);
		add_rows(&table, "ab");
		table.rows[0].cells[CPU] = share(500, 600, 1000);
		table.rows[0].cells[AGE] = cell_time(NOW - 76 * 3600);
		table.rows[0].cells[HIDDEN] = cell_text("secret");
		table.rows[1].cells[PODS] = cell_count(31, 110);
		table.rows[1].cells[TAGS] = cell_list(tags, 1);
		table.rows[1].cells[WATTS] = cell_unknown();
		table_filter(&table, cases[i].words, NOW);
		ck_assert_str_eq(names(&table), cases[i].left);
		table_release(&table);
	}
}
END_TEST

START_TEST(the_order_of_a_table_before_can_be_kept)
{
	static const struct {
		const char *before, *now, *sorted;
	} cases[] = { { "cab", "abc", "cab" }, { "cab", "dabe", "abde" }, { "", "ba", "ba" }, { "ab", "", "" },
		{ "aab", "ba", "ab" } };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct table before, now;

		init(&before);
		init(&now);
		add_rows(&before, cases[i].before);
		add_rows(&now, cases[i].now);
		for (size_t row = 0; row < before.row_count; row++)
			before.rows[row].id = before.rows[row].cells[0].as.text;
		for (size_t row = 0; row < now.row_count; row++)
			now.rows[row].id = now.rows[row].cells[0].as.text;
		table_sort_as(&now, &before);
		ck_assert_str_eq(names(&now), cases[i].sorted);
		table_release(&before);
		table_release(&now);
	}
}
END_TEST

/* The object is a text: its name, and its length in watts. */
struct texts {
	struct row_source source;
	size_t *asked;
};

static struct cell cell_of_text(const struct row_source *source, const void *object, size_t column, struct arena *arena)
{
	++*((const struct texts *)(const void *)source)->asked;
	if (column == NAME)
		return cell_text(arena_printf(arena, "<%s>", (const char *)object));
	return column == WATTS ? cell_number((int64_t)strlen(object)) : cell_none();
}

static const char *id_of_text(const struct row_source *source, const void *object, struct arena *arena)
{
	(void)source;
	return arena_printf(arena, "text//%s", (const char *)object);
}

/* Sorted, filtered and printed, a table of lazy rows is as one that holds the same cells. */
START_TEST(lazy_rows_are_as_others)
{
	static const char *const texts[] = { "bb", "a", "dddd", "ccc", "a" };
	static const enum output_format formats[] = { OUTPUT_TABLE, OUTPUT_WIDE, OUTPUT_JSON, OUTPUT_YAML, OUTPUT_CSV,
		OUTPUT_NAME };
	size_t asked = 0;
	const struct texts source = { { cell_of_text, id_of_text }, &asked };
	struct table lazy, held;
	struct error err;

	init(&lazy);
	init(&held);
	table_reserve(&lazy, 3);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct row *row = table_add_row(&held, ROW_ITEM, 0);

		table_add_lazy_row(&lazy, ROW_ITEM, 0, &source.source, texts[i]);
		for (size_t column = 0; column < ARRAY_LEN(columns); column++)
			row->cells[column] = cell_of_text(&source.source, texts[i], column, &held.arena);
	}
	ck_assert_uint_eq(asked, ARRAY_LEN(texts) * ARRAY_LEN(columns));
	for (size_t step = 0; step < 4; step++) {
		static const char *const keys[] = { "watts", "-name", "severity" };

		for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
			struct print_options options = { .format = formats[i] };
			AUTO_BUFFER of_lazy = { 0 };
			AUTO_BUFFER of_held = { 0 };

			table_print(&lazy, &options, &of_lazy);
			table_print(&held, &options, &of_held);
			ck_assert_uint_gt(of_held.length, 0);
			ck_assert_str_eq(buffer_text(&of_lazy), buffer_text(&of_held));
		}
		if (step == 3)
			break;
		ck_assert_int_eq(table_sort(&lazy, keys[step], &err), table_sort(&held, keys[step], &err));
		if (step == 1) {
			table_filter(&lazy, "<B|d", 0);
			table_filter(&held, "<B|d", 0);
			ck_assert_uint_eq(lazy.row_count, 2);
		}
	}
	ck_assert(table_row_matches(&lazy, &lazy.rows[0], "<dd", 0));
	ck_assert_str_eq(row_identity(&lazy.rows[0], &lazy.arena), "text//dddd");
	ck_assert_ptr_null(row_identity(&held.rows[0], &lazy.arena));
	table_release(&lazy);
	table_release(&held);
}
END_TEST

TEST_MAIN("output/table", TEST(lazy_rows_are_as_others), TEST(the_order_of_a_table_before_can_be_kept),
	TEST_TABLE(power_is_in_its_units, powers), TEST(power_sorts_by_watts),
	TEST_TABLE(share_is_per_cent_of_allocatable, shares), TEST_TABLE(amount_is_in_kubectls_units, amounts),
	TEST_TABLE(bytes_have_a_binary_unit_and_at_most_one_decimal, sizes), TEST_TABLE(time_is_an_age, ages),
	TEST(any_two_moments_have_an_age), TEST_TABLE(percent_is_of_the_request, percents),
	TEST(other_cells_have_their_text), TEST(formatted_texts_stay), TEST(new_rows_hold_nothing),
	TEST(usage_can_be_hidden), TEST(percentages_sort_by_what_they_show),
	TEST_TABLE(sort_orders_the_items_of_each_group, sorts), TEST(sort_moves_whole_rows),
	TEST_TABLE(unknown_sort_keys_are_refused, unknown_keys), TEST(sort_keys_of_columns_that_hold_nothing),
	TEST(sort_is_stable_at_any_length), TEST_TABLE(filter_keeps_matching_items_and_their_groups, filters),
	TEST(filter_sees_what_the_reader_sees))
