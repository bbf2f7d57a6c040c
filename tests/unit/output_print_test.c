#include "clusterutils/output/print.h"

#include <cjson/cJSON.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "clusterutils/util/width.h"
#include "suite.h"

#define MILLI INT64_C(1000000)
#define MI    (INT64_C(1) << 20)
#define GI    (INT64_C(1) << 30)
#define NOW   INT64_C(1767225600)

enum { NAME, ARCH, CPU, TO_HERE, MEMORY, PODS, AGE, IMAGES, WATTS, CORDONED, NODES, PENDING, BAR };
static const struct column columns[] = {
	[NAME] = { "name", "NAME", 0, 0 },
	[ARCH] = { "arch", "ARCH", COLUMN_ITEMS_ONLY, 2 },
	[CPU] = { "cpu", "CPU% USE|REQ|LIM", COLUMN_RIGHT, 0 },
	[TO_HERE] = { "toHere", "TO HERE", COLUMN_RIGHT, 0 },
	[MEMORY] = { "memory", "MEMORY", COLUMN_RIGHT, 0 },
	[PODS] = { "pods", "PODS", COLUMN_RIGHT, 1 },
	[AGE] = { "created", "AGE", 0, 3 },
	[IMAGES] = { "images", "IMAGES", COLUMN_WIDE, 4 },
	[WATTS] = { "watts", "WATTS", COLUMN_WIDE | COLUMN_RIGHT, 4 },
	[CORDONED] = { "cordoned", NULL, COLUMN_DATA, 0 },
	[NODES] = { "nodes", NULL, COLUMN_DATA | COLUMN_SUMS_ONLY, 0 },
	[PENDING] = { "pending", NULL, COLUMN_DATA | COLUMN_TOTAL_ONLY, 0 },
	[BAR] = { "bar", "", COLUMN_TEXT_ONLY, 5 },
};

static struct cell make_share(
	enum cell_type type, int64_t usage, int64_t request, int64_t limit, int64_t allocatable, enum unit unit)
{
	struct cell cell = { .type = type };

	cell.as.share.usage = usage;
	cell.as.share.request = request;
	cell.as.share.limit = limit;
	cell.as.share.allocatable = allocatable;
	cell.as.share.unit = unit;
	return cell;
}

static void fill_table(struct table *table)
{
	static const char *const images[] = { "nginx:1.27", "redis" };
	struct row *row;

	table->resource = "node";
	table->group_key = "zones";
	table->total_key = "cluster";
	table_add_summary(table, "7 nodes, metrics 12s old");

	row = table_add_row(table, ROW_TOTAL, 0);
	row->cells[NAME] = cell_with_role(cell_text("cluster"), ROLE_STRONG);
	row->cells[CPU] = make_share(CELL_SHARE, 700 * MILLI, 2000 * MILLI, 8000 * MILLI, 8000 * MILLI, UNIT_CPU);
	row->cells[PODS] = cell_count(33, 220);
	row->cells[NODES] = cell_number(2);
	row->cells[PENDING] = cell_cpu(1500 * MILLI);

	row = table_add_row(table, ROW_GROUP, 0);
	row->cells[NAME] = cell_with_role(cell_text("attic"), ROLE_STRONG);
	row->cells[PODS] = cell_count(33, 220);
	row->cells[NODES] = cell_number(2);

	row = table_add_row(table, ROW_ITEM, 1);
	row->cells[NAME] = cell_text("corellia");
	row->cells[TO_HERE] = make_share(CELL_PERCENT, 0, 450 * MILLI, 0, 1000 * MILLI, UNIT_CPU);
	row->cells[ARCH] = cell_text("amd64");
	row->cells[CPU] = cell_with_role(
		make_share(CELL_SHARE, 1400 * MILLI + 1, 2880 * MILLI, 7200 * MILLI, 4000 * MILLI, UNIT_CPU), ROLE_BAD);
	row->cells[MEMORY] = make_share(CELL_AMOUNT, 128 * MI, 100 * MI, VALUE_NONE, 0, UNIT_MEMORY);
	row->cells[PODS] = cell_count(31, 110);
	row->cells[AGE] = cell_time(NOW - 3 * 86400 - 4 * 3600);
	row->cells[IMAGES] = cell_list(images, 2);
	row->cells[WATTS] = cell_estimated(cell_number(48));
	row->cells[CORDONED] = cell_flag(false);
	row->cells[BAR] = cell_with_role(cell_text("|||   "), ROLE_GOOD);

	row = table_add_row(table, ROW_ITEM, 1);
	row->cells[NAME] = cell_text("\u4E2D, \"x\"");
	row->cells[ARCH] = cell_unknown();
	row->cells[CPU] =
		cell_estimated(make_share(CELL_SHARE, 40 * MILLI, VALUE_UNKNOWN, VALUE_NONE, 4000 * MILLI, UNIT_CPU));
	row->cells[MEMORY] = cell_unknown();
	row->cells[PODS] = cell_count(2, VALUE_UNKNOWN);
	row->cells[AGE] = cell_unknown();
	row->cells[IMAGES] = cell_list(images, 0);
	row->cells[CORDONED] = cell_flag(true);
	row->cells[BAR] = cell_text("   ");

	table_add_source(table, (struct source){ "nodes", "ok", NULL, 0 });
	table_add_source(
		table, (struct source){ "metrics", "forbidden", "nodes.metrics.k8s.io is forbidden", VALUE_UNKNOWN });
}

#define TEXT_TABLE \
	"cluster      -               9|25|100         -               -   33/220   -      -\n" \
	"attic        -                      -         -               -   33/220   -      -\n" \
	"  corellia   amd64          35|72|180       45%   128Mi|100Mi|-   31/110   3d4h   |||\n" \
	"  \u4E2D, \"x\"    ?                 ~1|?|-         -               ?      2/?   ?\n"
#define TEXT_WIDE \
	"cluster      -               9|25|100         -               -   33/220   -      -                      -   -\n" \
	"attic        -                      -         -               -   33/220   -      -                      -   -\n" \
	"  corellia   amd64          35|72|180       45%   128Mi|100Mi|-   31/110   3d4h   nginx:1.27,redis     ~48   |||\n" \
	"  \u4E2D, \"x\"    ?                 ~1|?|-         -               ?      2/?   ?      -                      -\n"
#define ITEMS_CSV \
	"corellia,amd64,1401,2880,7200,4000,450,1000,134217728,104857600,,31,110,2025-12-28T20:00:00Z,nginx:1.27;redis,48,false\n" \
	"\"\u4E2D, \"\"x\"\"\",,40,,,4000,,,,,,2,,,,,true\n"

static const char *const texts[] = {
	[OUTPUT_TABLE] =
		"7 nodes, metrics 12s old\nNAME         ARCH    CPU% USE|REQ|LIM   TO HERE          MEMORY     PODS   AGE\n" TEXT_TABLE,
	[OUTPUT_WIDE] =
		"7 nodes, metrics 12s old\nNAME         ARCH    CPU% USE|REQ|LIM   TO HERE          MEMORY     PODS   AGE    IMAGES             WATTS\n" TEXT_WIDE,
	[OUTPUT_JSON] = "{\n"
			"    \"apiVersion\": \"clusterutils/v1\",\n"
			"    \"kind\": \"NodeUsageList\",\n"
			"    \"items\": [\n"
			"        {\n"
			"            \"name\": \"corellia\",\n"
			"            \"arch\": \"amd64\",\n"
			"            \"cpu\": {\n"
			"                \"usage\": 1401,\n"
			"                \"request\": 2880,\n"
			"                \"limit\": 7200,\n"
			"                \"allocatable\": 4000\n"
			"            },\n"
			"            \"toHere\": {\n"
			"                \"request\": 450,\n"
			"                \"allocatable\": 1000\n"
			"            },\n"
			"            \"memory\": {\n"
			"                \"usage\": 134217728,\n"
			"                \"request\": 104857600,\n"
			"                \"limit\": null\n"
			"            },\n"
			"            \"pods\": {\n"
			"                \"count\": 31,\n"
			"                \"capacity\": 110\n"
			"            },\n"
			"            \"created\": \"2025-12-28T20:00:00Z\",\n"
			"            \"images\": [\n"
			"                \"nginx:1.27\",\n"
			"                \"redis\"\n"
			"            ],\n"
			"            \"watts\": 48,\n"
			"            \"watts_estimated\": true,\n"
			"            \"cordoned\": false\n"
			"        },\n"
			"        {\n"
			"            \"name\": \"\u4E2D, \\\"x\\\"\",\n"
			"            \"arch\": null,\n"
			"            \"cpu\": {\n"
			"                \"usage\": 40,\n"
			"                \"request\": null,\n"
			"                \"limit\": null,\n"
			"                \"allocatable\": 4000,\n"
			"                \"estimated\": true\n"
			"            },\n"
			"            \"toHere\": null,\n"
			"            \"memory\": null,\n"
			"            \"pods\": {\n"
			"                \"count\": 2,\n"
			"                \"capacity\": null\n"
			"            },\n"
			"            \"created\": null,\n"
			"            \"images\": [],\n"
			"            \"watts\": null,\n"
			"            \"cordoned\": true\n"
			"        }\n"
			"    ],\n"
			"    \"zones\": [\n"
			"        {\n"
			"            \"name\": \"attic\",\n"
			"            \"cpu\": null,\n"
			"            \"toHere\": null,\n"
			"            \"memory\": null,\n"
			"            \"pods\": {\n"
			"                \"count\": 33,\n"
			"                \"capacity\": 220\n"
			"            },\n"
			"            \"created\": null,\n"
			"            \"images\": null,\n"
			"            \"watts\": null,\n"
			"            \"cordoned\": null,\n"
			"            \"nodes\": 2\n"
			"        }\n"
			"    ],\n"
			"    \"cluster\": {\n"
			"        \"name\": \"cluster\",\n"
			"        \"cpu\": {\n"
			"            \"usage\": 700,\n"
			"            \"request\": 2000,\n"
			"            \"limit\": 8000,\n"
			"            \"allocatable\": 8000\n"
			"        },\n"
			"        \"toHere\": null,\n"
			"        \"memory\": null,\n"
			"        \"pods\": {\n"
			"            \"count\": 33,\n"
			"            \"capacity\": 220\n"
			"        },\n"
			"        \"created\": null,\n"
			"        \"images\": null,\n"
			"        \"watts\": null,\n"
			"        \"cordoned\": null,\n"
			"        \"nodes\": 2,\n"
			"        \"pending\": 1500\n"
			"    },\n"
			"    \"sources\": {\n"
			"        \"nodes\": {\n"
			"            \"state\": \"ok\",\n"
			"            \"error\": null,\n"
			"            \"age\": 0\n"
			"        },\n"
			"        \"metrics\": {\n"
			"            \"state\": \"forbidden\",\n"
			"            \"error\": \"nodes.metrics.k8s.io is forbidden\",\n"
			"            \"age\": null\n"
			"        }\n"
			"    }\n"
			"}\n",
	[OUTPUT_YAML] = "apiVersion: clusterutils/v1\n"
			"kind: NodeUsageList\n"
			"items:\n"
			"- name: corellia\n"
			"  arch: amd64\n"
			"  cpu:\n"
			"    usage: 1401\n"
			"    request: 2880\n"
			"    limit: 7200\n"
			"    allocatable: 4000\n"
			"  toHere:\n"
			"    request: 450\n"
			"    allocatable: 1000\n"
			"  memory:\n"
			"    usage: 134217728\n"
			"    request: 104857600\n"
			"    limit: null\n"
			"  pods:\n"
			"    count: 31\n"
			"    capacity: 110\n"
			"  created: \"2025-12-28T20:00:00Z\"\n"
			"  images:\n"
			"  - nginx:1.27\n"
			"  - redis\n"
			"  watts: 48\n"
			"  watts_estimated: true\n"
			"  cordoned: false\n"
			"- name: \u4E2D, \"x\"\n"
			"  arch: null\n"
			"  cpu:\n"
			"    usage: 40\n"
			"    request: null\n"
			"    limit: null\n"
			"    allocatable: 4000\n"
			"    estimated: true\n"
			"  toHere: null\n"
			"  memory: null\n"
			"  pods:\n"
			"    count: 2\n"
			"    capacity: null\n"
			"  created: null\n"
			"  images: []\n"
			"  watts: null\n"
			"  cordoned: true\n"
			"zones:\n"
			"- name: attic\n"
			"  cpu: null\n"
			"  toHere: null\n"
			"  memory: null\n"
			"  pods:\n"
			"    count: 33\n"
			"    capacity: 220\n"
			"  created: null\n"
			"  images: null\n"
			"  watts: null\n"
			"  cordoned: null\n"
			"  nodes: 2\n"
			"cluster:\n"
			"  name: cluster\n"
			"  cpu:\n"
			"    usage: 700\n"
			"    request: 2000\n"
			"    limit: 8000\n"
			"    allocatable: 8000\n"
			"  toHere: null\n"
			"  memory: null\n"
			"  pods:\n"
			"    count: 33\n"
			"    capacity: 220\n"
			"  created: null\n"
			"  images: null\n"
			"  watts: null\n"
			"  cordoned: null\n"
			"  nodes: 2\n"
			"  pending: 1500\n"
			"sources:\n"
			"  nodes:\n"
			"    state: ok\n"
			"    error: null\n"
			"    age: 0\n"
			"  metrics:\n"
			"    state: forbidden\n"
			"    error: nodes.metrics.k8s.io is forbidden\n"
			"    age: null\n",
	[OUTPUT_CSV] =
		"name,arch,cpu_usage,cpu_request,cpu_limit,cpu_allocatable,toHere_request,toHere_allocatable,memory_usage,"
		"memory_request,memory_limit,pods_count,pods_capacity,created,images,watts,cordoned\n" ITEMS_CSV,
	[OUTPUT_NAME] = "node/corellia\nnode/\u4E2D, \"x\"\n",
};

static const char *print(const struct table *table, struct print_options options, struct buffer *out)
{
	buffer_clear(out);
	table_print(table, &options, out);
	return buffer_text(out);
}

START_TEST(every_format_shows_the_same_table)
{
	struct table table;
	AUTO_BUFFER out = { 0 };

	table_init(&table, "NodeUsageList", columns, ARRAY_LEN(columns));
	fill_table(&table);
	ck_assert_str_eq(
		print(&table, (struct print_options){ (enum output_format)_i, false, false, NOW, 0, NULL }, &out),
		texts[_i]);
	table_release(&table);
}
END_TEST

START_TEST(without_headers_there_is_no_width_of_theirs)
{
	static const struct column two[] = { { "name", "LONG NAME", 0, 0 }, { "n", "LONG NUMBER", COLUMN_RIGHT, 0 } };
	struct table table;
	struct row *row;
	AUTO_BUFFER out = { 0 };

	table_init(&table, "List", two, 2);
	row = table_add_row(&table, ROW_ITEM, 0);
	row->cells[0] = cell_text("a");
	row->cells[1] = cell_number(1);
	ck_assert_str_eq(
		print(&table, (struct print_options){ OUTPUT_TABLE, true, true, NOW, 0, NULL }, &out), "a   1\n");
	ck_assert_str_eq(print(&table, (struct print_options){ OUTPUT_TABLE, false, true, NOW, 0, NULL }, &out),
		"LONG NAME   LONG NUMBER\na                     1\n");
	table_add_summary(&table, "summary");
	ck_assert_str_eq(
		print(&table, (struct print_options){ OUTPUT_WIDE, true, false, NOW, 0, NULL }, &out), "a   1\n");
	ck_assert_str_eq(print(&table, (struct print_options){ OUTPUT_CSV, true, false, NOW, 0, NULL }, &out), "a,1\n");
	table_release(&table);
}
END_TEST

static const struct {
	enum output_format format;
	const char *text;
} empties[] = {
	{ OUTPUT_TABLE, "NAME   N\n" },
	{ OUTPUT_JSON,
		"{\n    \"apiVersion\": \"clusterutils/v1\",\n    \"kind\": \"List\",\n    \"items\": [],\n"
		"    \"zones\": [],\n    \"cluster\": null,\n    \"sources\": {}\n}\n" },
	{ OUTPUT_YAML, "apiVersion: clusterutils/v1\nkind: List\nitems: []\nzones: []\ncluster: null\nsources: {}\n" },
	{ OUTPUT_CSV, "name,n\n" },
	{ OUTPUT_NAME, "" },
};

START_TEST(a_table_can_be_empty)
{
	static const struct column two[] = { { "name", "NAME", 0, 0 }, { "n", "N", COLUMN_RIGHT, 0 } };
	struct table table;
	AUTO_BUFFER out = { 0 };

	table_init(&table, "List", two, 2);
	table.group_key = "zones";
	table.total_key = "cluster";
	ck_assert_str_eq(print(&table, (struct print_options){ empties[_i].format, false, false, NOW, 0, NULL }, &out),
		empties[_i].text);
	table_release(&table);
}
END_TEST

START_TEST(colour_is_around_the_text_alone)
{
	static const struct column two[] = { { "name", "NAME", 0, 0 }, { "n", "N", COLUMN_RIGHT, 0 } };
	static const char *const expected = "NAME      N\n"
					    "a         \33[32m1\33[0m\n"
					    "  \33[33mab\33[0m      \33[31m2\33[0m\n"
					    "    \33[2mabc\33[0m   \33[1m3\33[0m\n";
	static const enum role roles[][2] = { { ROLE_PLAIN, ROLE_GOOD }, { ROLE_WARNING, ROLE_BAD },
		{ ROLE_MUTED, ROLE_STRONG } };
	static const char *const names[] = { "a", "ab  ", "abc" };
	struct table table;
	AUTO_BUFFER out = { 0 };

	table_init(&table, "List", two, 2);
	for (int i = 0; i < 3; i++) {
		struct row *row = table_add_row(&table, ROW_ITEM, i);

		row->cells[0] = cell_with_role(cell_text(names[i]), roles[i][0]);
		row->cells[1] = cell_with_role(cell_number(i + 1), roles[i][1]);
	}
	ck_assert_str_eq(
		print(&table, (struct print_options){ OUTPUT_TABLE, false, true, NOW, 0, NULL }, &out), expected);
	table_release(&table);
}
END_TEST

/* One hostile message must not cost its length again in every row. */
START_TEST(a_very_long_cell_does_not_pad_the_others)
{
	static const struct column two[] = { { "name", "NAME", 0, 0 }, { "n", "N", 0, 0 } };
	static char message[100001];
	struct table table;
	AUTO_BUFFER out = { 0 };

	memset(message, 'x', sizeof(message) - 1);
	table_init(&table, "List", two, 2);
	for (int i = 0; i < 1000; i++) {
		struct row *row = table_add_row(&table, ROW_ITEM, 0);

		row->cells[0] = cell_text(i == 500 ? message : "short");
		row->cells[1] = cell_text("end");
	}
	print(&table, (struct print_options){ OUTPUT_TABLE, false, false, NOW, 0, NULL }, &out);
	ck_assert_uint_lt(out.length, 2 * sizeof(message));
	ck_assert_ptr_nonnull(strstr(buffer_text(&out), "xxx   end\n"));
	table_release(&table);
}
END_TEST

static const struct {
	const char *text, *field;
} fields[] = {
	{ "plain", "plain" },
	{ "", "" },
	{ " blank ", " blank " },
	{ "a,b", "\"a,b\"" },
	{ "say \"hi\"", "\"say \"\"hi\"\"\"" },
	{ "\"", "\"\"\"\"" },
	{ "a\nb", "\"a\nb\"" },
	{ "a\rb", "\"a\rb\"" },
	{ "=1+1", "=1+1" },
	{ "+1", "+1" },
	{ "-1", "-1" },
	{ "@x", "@x" },
	{ "\u4E2D", "\u4E2D" },
	{ "a;b", "a;b" },
};

START_TEST(csv_quotes_what_rfc_4180_says)
{
	static const struct column two[] = { { "name", "NAME", 0, 0 }, { "n", "N", 0, 0 } };
	struct table table;
	struct row *row;
	AUTO_BUFFER out = { 0 }, expected = { 0 };

	table_init(&table, "List", two, 2);
	row = table_add_row(&table, ROW_ITEM, 0);
	row->cells[0] = cell_text(fields[_i].text);
	row->cells[1] = cell_list(&fields[_i].text, 1);
	buffer_printf(&expected, "%s,%s\n", fields[_i].field, fields[_i].field);
	ck_assert_str_eq(print(&table, (struct print_options){ OUTPUT_CSV, true, false, NOW, 0, NULL }, &out),
		buffer_text(&expected));
	table_release(&table);
}
END_TEST

/* The first row does not say what the column holds, and a later one holds something else. */
START_TEST(csv_keeps_its_columns)
{
	static const struct column two[] = { { "name", "NAME", 0, 0 }, { "cpu", "CPU", 0, 0 } };
	struct table table;
	AUTO_BUFFER out = { 0 };

	table_init(&table, "List", two, 2);
	table_add_row(&table, ROW_ITEM, 0)->cells[1] = cell_unknown();
	table_add_row(&table, ROW_ITEM, 0)->cells[1] = make_share(CELL_AMOUNT, 1, VALUE_NONE, 3, 0, UNIT_CPU);
	table_add_row(&table, ROW_ITEM, 0)->cells[1] = cell_number(5);
	table_add_row(&table, ROW_ITEM, 0)->cells[1] = cell_text("x");
	ck_assert_str_eq(print(&table, (struct print_options){ OUTPUT_CSV, false, false, NOW, 0, NULL }, &out),
		"name,cpu_usage,cpu_request,cpu_limit\n,,,\n,1,,1\n,,,\n,,,\n");
	table_release(&table);
}
END_TEST

START_TEST(moments_beyond_rfc_3339_are_null)
{
	static const struct column one[] = { { "t", "T", 0, 0 } };
	static const int64_t moments[] = { INT64_MIN + 2, -62167219201, 253402300800, INT64_MAX };
	struct table table;
	AUTO_BUFFER out = { 0 };

	table_init(&table, "List", one, 1);
	table_add_row(&table, ROW_ITEM, 0)->cells[0] = cell_time(253402300799);
	table_add_row(&table, ROW_ITEM, 0)->cells[0] = cell_time(-62167219200);
	for (size_t i = 0; i < ARRAY_LEN(moments); i++)
		table_add_row(&table, ROW_ITEM, 0)->cells[0] = cell_time(moments[i]);
	ck_assert_str_eq(print(&table, (struct print_options){ OUTPUT_CSV, true, false, NOW, 0, NULL }, &out),
		"9999-12-31T23:59:59Z\n0000-01-01T00:00:00Z\n\n\n\n\n");
	print(&table, (struct print_options){ OUTPUT_YAML, true, false, NOW, 0, NULL }, &out);
	ck_assert_ptr_nonnull(strstr(buffer_text(&out), "- t: \"0000-01-01T00:00:00Z\"\n- t: null\n- t: null\n"));
	table_release(&table);
}
END_TEST

static uint32_t state;

static uint32_t next_random(uint32_t below)
{
	state = state * 1664525 + 1013904223;
	return (uint32_t)(((uint64_t)(state >> 8) * below) >> 24);
}

static struct cell random_cell(void)
{
	static const char *const words[] = { "", " ", "a", "corellia", "b  ", "\u4E2D\u6587", "e\u0301",
		"\U0001F469\u200D\U0001F467", "a,b", "\"", "-", "x y", "\uFFFD" };
	static const int64_t numbers[] = { VALUE_UNKNOWN, VALUE_NONE, 0, 1, -1, 999, INT64_MAX, INT64_MIN + 2, GI,
		NOW };
	struct cell cell = { .type = (enum cell_type)next_random(CELL_AMOUNT + 1) };

	cell.role = (enum role)next_random(ROLE_STRONG + 1);
	cell.estimated = next_random(3) == 0;
	cell.at_least = next_random(5) == 0;
	switch (cell.type) {
	case CELL_TEXT:
		cell.as.text = words[next_random(ARRAY_LEN(words))];
		break;
	case CELL_LIST:
		cell.as.list.items = words + next_random(4);
		cell.as.list.count = next_random(5);
		break;
	case CELL_FLAG:
		cell.as.flag = next_random(2);
		break;
	case CELL_COUNT:
		cell.as.count.count = numbers[next_random(ARRAY_LEN(numbers))];
		cell.as.count.capacity = numbers[next_random(ARRAY_LEN(numbers))];
		break;
	case CELL_SHARE:
	case CELL_PERCENT:
	case CELL_AMOUNT:
		cell = make_share(cell.type, numbers[next_random(ARRAY_LEN(numbers))],
			numbers[next_random(ARRAY_LEN(numbers))], numbers[next_random(ARRAY_LEN(numbers))],
			numbers[next_random(ARRAY_LEN(numbers))], next_random(2) ? UNIT_CPU : UNIT_MEMORY);
		break;
	default:
		cell.as.number = numbers[next_random(ARRAY_LEN(numbers))];
	}
	return cell;
}

static void fill_randomly(struct table *table, uint32_t rows)
{
	table->group_key = "zones";
	table->total_key = "cluster";
	while (rows-- > 0) {
		struct row *row = table_add_row(table, (enum row_kind)next_random(3), (int)next_random(4));

		for (size_t i = 0; i < table->column_count; i++)
			row->cells[i] = random_cell();
	}
}

static void remove_sgr(const char *text, struct buffer *plain)
{
	for (; *text; text++) {
		if (*text == '\33')
			text = strchr(text, 'm');
		else
			buffer_add_char(plain, *text);
	}
}

static void assert_lines(const char *text, size_t lines)
{
	for (; *text; text++)
		lines -= *text == '\n';
	ck_assert_uint_eq(lines, 0);
}

START_TEST(random_tables_print_well)
{
	AUTO_BUFFER out = { 0 }, plain = { 0 };

	for (state = 1; state < 600;) {
		uint32_t seed = state;
		struct table table;
		size_t items = 0;
		cJSON *tree;

		table_init(&table, "List", columns, ARRAY_LEN(columns));
		fill_randomly(&table, next_random(12));
		for (size_t i = 0; i < table.row_count; i++)
			items += table.rows[i].kind == ROW_ITEM;
		print(&table, (struct print_options){ OUTPUT_WIDE, false, true, NOW, 0, NULL }, &out);
		buffer_clear(&plain);
		remove_sgr(buffer_text(&out), &plain);
		print(&table, (struct print_options){ OUTPUT_WIDE, false, false, NOW, 0, NULL }, &out);
		ck_assert_str_eq(buffer_text(&plain), buffer_text(&out));
		ck_assert_ptr_null(strstr(buffer_text(&out), " \n"));
		assert_lines(buffer_text(&out), table.row_count + 1);
		tree = cJSON_Parse(
			print(&table, (struct print_options){ OUTPUT_JSON, false, false, NOW, 0, NULL }, &out));
		ck_assert_ptr_nonnull(tree);
		ck_assert_int_eq(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(tree, "items")), (int)items);
		cJSON_Delete(tree);
		assert_lines(
			print(&table, (struct print_options){ OUTPUT_CSV, true, false, NOW, 0, NULL }, &out), items);
		table_release(&table);
		state = seed + 1;
	}
}
END_TEST

/* Where token `wanted` of a line begins and ends on the screen; tokens are parted by three blanks at least. */
static void find_token(const char *line, size_t length, size_t wanted, int *ret_start, int *ret_end)
{
	char head[512];
	size_t at = 0;

	for (size_t token = 0;; token++) {
		size_t start, end;

		start = at + strspn(line + at, " ");
		for (end = start; end < length && line[end] != ' ';)
			end++;
		ck_assert_uint_lt(start, length);
		if (token > 0)
			ck_assert_uint_ge(start - at, 3);
		at = end;
		if (token < wanted)
			continue;
		snprintf(head, sizeof(head), "%.*s", (int)start, line);
		*ret_start = width_of_text(head);
		snprintf(head, sizeof(head), "%.*s", (int)end, line);
		*ret_end = width_of_text(head);
		return;
	}
}

/* Left columns begin and right columns end in the same place in all rows. */
START_TEST(columns_are_aligned)
{
	static const char *const words[] = { "a", "corellia", "\u4E2D\u6587", "e\u0301te\u0301",
		"\U0001F469\u200D\U0001F467", "-", "1234567890123456789" };
	static const struct column four[] = { { "name", "A", 0, 0 }, { "b", "B", COLUMN_RIGHT, 0 }, { "c", "C", 0, 0 },
		{ "d", "D", COLUMN_RIGHT, 0 } };

	for (int round = 0; round < 500; round++) {
		int starts[4], ends[4], depths[9] = { 0 };
		struct table table;
		const char *line;
		AUTO_BUFFER out = { 0 };

		state = (uint32_t)round;
		table_init(&table, "List", four, 4);
		for (int i = 1; i <= 8; i++) {
			struct row *row = table_add_row(&table, ROW_ITEM, depths[i] = (int)next_random(4));

			for (int column = 0; column < 4; column++)
				row->cells[column] = cell_text(words[next_random(ARRAY_LEN(words))]);
		}
		line = print(&table, (struct print_options){ OUTPUT_TABLE, false, false, NOW, 0, NULL }, &out);
		for (int i = 0; i <= 8; i++, line = strchr(line, '\n') + 1) {
			for (size_t column = 0; column < 4; column++) {
				int start, end;

				find_token(line, strcspn(line, "\n"), column, &start, &end);
				if (i == 0) {
					starts[column] = start;
					ends[column] = end;
				}
				if (four[column].flags & COLUMN_RIGHT)
					ck_assert_int_eq(end, ends[column]);
				else
					ck_assert_int_eq(start, starts[column] + (column == 0 ? 2 * depths[i] : 0));
			}
		}
		ck_assert_int_eq(*line, '\0');
		table_release(&table);
	}
}
END_TEST

START_TEST(large_tables_print_in_reasonable_time)
{
	enum { ROWS = 100000 };
	struct table table;
	struct error err = { 0 };
	AUTO_BUFFER out = { 0 };

	state = 1;
	table_init(&table, "List", columns, ARRAY_LEN(columns));
	for (int i = 0; i < ROWS; i++) {
		struct row *row = table_add_row(&table, ROW_ITEM, 0);

		for (size_t column = 0; column < ARRAY_LEN(columns); column++)
			row->cells[column] = random_cell();
		row->cells[CPU] = make_share(CELL_SHARE, next_random(1000), 1, 1, 1000, UNIT_CPU);
	}
	ck_assert_int_eq(table_sort(&table, "cpu", &err), 0);
	for (int format = OUTPUT_TABLE; format <= OUTPUT_NAME; format++) {
		print(&table, (struct print_options){ (enum output_format)format, true, false, NOW, 0, NULL }, &out);
		ck_assert_uint_gt(out.length, ROWS);
	}
	table_release(&table);
}
END_TEST

/* A terminal of our own, so that the test needs none. */
static int open_terminal(int *ret_controller)
{
	int controller = posix_openpt(O_RDWR | O_NOCTTY);

	*ret_controller = controller;
	if (controller < 0 || grantpt(controller) < 0 || unlockpt(controller) < 0)
		return -1;
	return open(ptsname(controller), O_RDWR | O_NOCTTY);
}

static const struct {
	const char *term, *no_color;
	bool allowed;
} environments[] = {
	{ "xterm", NULL, true },
	{ "xterm", "1", false },
	{ "xterm", "", false },
	{ "dumb", NULL, false },
	{ "", NULL, false },
	{ NULL, NULL, false },
};

static void set_variable(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

START_TEST(colour_needs_a_terminal_that_has_it)
{
	int controller, terminal = open_terminal(&controller), file = open("/dev/null", O_WRONLY);

	ck_assert_int_ge(terminal, 0);
	ck_assert_int_ge(file, 0);
	set_variable("TERM", environments[_i].term);
	set_variable("NO_COLOR", environments[_i].no_color);
	ck_assert_int_eq(colour_is_allowed(terminal), environments[_i].allowed);
	ck_assert(!colour_is_allowed(file));
	ck_assert(!colour_is_allowed(-1));
	close(file);
	close(terminal);
	close(controller);
}
END_TEST

static const struct {
	int width;
	const char *text;
} widths[] = {
	{ 0, "NAME    ARCH    ZONE   REMARK\nalpha   amd64   home   a remark that is quite long for a small terminal\n" },
	{ 80, "NAME    ARCH    ZONE   REMARK\nalpha   amd64   home   a remark that is quite long for a small terminal\n" },
	{ 60, "NAME    ARCH    ZONE   REMARK\nalpha   amd64   home   a remark that is quite long for a ...\n" },
	{ 50, "NAME    ARCH    REMARK\nalpha   amd64   a remark that is quite long for...\n" },
	{ 40, "NAME    REMARK\nalpha   a remark that is quite long f...\n" },
	{ 20, "NAME    REMARK\nalpha   a remark that is quite long for a small terminal\n" },
};

START_TEST(narrow_terminals_get_what_matters)
{
	static const struct column four[] = {
		{ "name", "NAME", 0, 0 },
		{ "arch", "ARCH", 0, 1 },
		{ "zone", "ZONE", 0, 2 },
		{ "remark", "REMARK", 0, 0 },
	};
	struct table table;
	AUTO_BUFFER out = { 0 }, wide = { 0 };
	struct row *row;

	table_init(&table, "TestList", four, 4);
	row = table_add_row(&table, ROW_ITEM, 0);
	row->cells[0] = cell_text("alpha");
	row->cells[1] = cell_text("amd64");
	row->cells[2] = cell_text("home");
	row->cells[3] = cell_text("a remark that is quite long for a small terminal");
	print(&table, (struct print_options){ OUTPUT_TABLE, false, false, NOW, widths[_i].width, NULL }, &out);
	ck_assert_str_eq(buffer_text(&out), widths[_i].text);
	print(&table, (struct print_options){ OUTPUT_WIDE, false, false, NOW, widths[_i].width, NULL }, &wide);
	ck_assert_str_eq(buffer_text(&wide), widths[0].text);
	table_release(&table);
}
END_TEST

/* One of each cell of power, in every format. */
START_TEST(power_is_data_in_watts)
{
	static const struct column power_columns[] = {
		{ "name", "NAME", 0, 0 },
		{ "power", "W", COLUMN_RIGHT, 0 },
		{ "watts", "AVG", COLUMN_RIGHT, 0 },
		{ "wattHours", "KWH", COLUMN_RIGHT, 0 },
		{ "cost", "COST", COLUMN_RIGHT, 0 },
	};
	struct table table;
	struct row *row;
	AUTO_BUFFER out = { 0 };

	table_init(&table, "K", power_columns, sizeof(power_columns) / sizeof(power_columns[0]));
	row = table_add_row(&table, ROW_ITEM, 0);
	row->cells[0] = cell_text("a");
	row->cells[1] = cell_estimated(cell_power(71250, 430));
	row->cells[2] = cell_estimated(cell_watts(3400));
	row->cells[3] = cell_energy(1240500);
	row->cells[4] = cell_money(46);
	row = table_add_row(&table, ROW_ITEM, 0);
	row->cells[0] = cell_text("b");
	row->cells[1] = cell_power(VALUE_NONE, VALUE_NONE);
	row->cells[2] = cell_watts(VALUE_UNKNOWN);
	row->cells[3] = cell_energy(VALUE_NONE);
	ck_assert_str_eq(print(&table, (struct print_options){ .format = OUTPUT_TABLE }, &out),
		"NAME     W    AVG    KWH    COST\n"
		"a      ~71   ~3.4   1.24   0.046\n"
		"b        -      ?      -       -\n");
	ck_assert_str_eq(print(&table, (struct print_options){ .format = OUTPUT_CSV }, &out),
		"name,power_watts,power_costPerDay,watts,wattHours,cost\na,71.25,0.43,3.4,1240.5,0.046\nb,,,,,\n");
	ck_assert_str_eq(print(&table, (struct print_options){ .format = OUTPUT_YAML }, &out),
		"apiVersion: clusterutils/v1\nkind: K\nitems:\n"
		"- name: a\n  power:\n    watts: 71.25\n    costPerDay: 0.43\n    estimated: true\n  watts: 3.4\n"
		"  watts_estimated: true\n  wattHours: 1240.5\n  cost: 0.046\n"
		"- name: b\n  power: null\n  watts: null\n  wattHours: null\n  cost: null\nsources: {}\n");
	table_release(&table);
}
END_TEST

TEST_MAIN("output/print", TEST(power_is_data_in_watts), TEST_TABLE(every_format_shows_the_same_table, texts),
	TEST(without_headers_there_is_no_width_of_theirs), TEST_TABLE(a_table_can_be_empty, empties),
	TEST(colour_is_around_the_text_alone), TEST(a_very_long_cell_does_not_pad_the_others),
	TEST_TABLE(csv_quotes_what_rfc_4180_says, fields), TEST(csv_keeps_its_columns),
	TEST(moments_beyond_rfc_3339_are_null), TEST(random_tables_print_well), TEST(columns_are_aligned),
	TEST_TABLE(narrow_terminals_get_what_matters, widths), TEST(large_tables_print_in_reasonable_time),
	TEST_TABLE(colour_needs_a_terminal_that_has_it, environments))
