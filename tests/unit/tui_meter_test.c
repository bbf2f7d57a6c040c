#include "clusterutils/tui/meter.h"

#include "clusterutils/output/table.h"
#include "clusterutils/tui/spark.h"
#include "suite.h"

static const char *line_of(const struct canvas *canvas, int row)
{
	static struct buffer line;

	buffer_clear(&line);
	canvas_line_text(canvas, row, &line);
	return buffer_text(&line);
}

static const struct {
	struct meter_bar meter;
	int columns;
	const char *line; /* in monochrome */
} meters[] = {
	{ { "CPU", 31, 58, 140, 100, NULL }, 60, "CPU [|||||||||||||||||############ use 31% req 58% lim 140%>" },
	{ { "CPU", 31, 58, 90, 100, NULL }, 60, "CPU [|||||||||||||||||############# use 31% req 58% lim 90%]" },
	{ { "CPU", 0, 0, 0, 100, NULL }, 40, "CPU [              use 0% req 0% lim 0%]" },
	{ { "CPU", 1, VALUE_NONE, VALUE_NONE, 1000000, NULL }, 30, "CPU [|                 use 0%]" },
	{ { "MEM", VALUE_UNKNOWN, 50, VALUE_NONE, 100, NULL }, 40, "MEM [#################    use ? req 50%]" },
	{ { "MEM", 50, VALUE_NONE, VALUE_NONE, VALUE_UNKNOWN, NULL }, 30, "MEM [                   use ?]" },
	{ { "MEM", 50, VALUE_NONE, VALUE_NONE, 0, NULL }, 30, "MEM [                   use ?]" },
	{ { "MEM", 80, 40, 100, 100, NULL }, 44, "MEM [||||||||||||| use 80% req 40% lim 100%]" },
	{ { "Power", 184, VALUE_NONE, VALUE_NONE, 400, "184 W" }, 30, "Power [||||||||||       184 W]" },
	{ { "Power", 184, VALUE_NONE, VALUE_NONE, 400, "" }, 17, "Power [||||     ]" },
	{ { "CPU", 31, 58, 140, 100, NULL }, 31, "CPU [ use 31% req 58% lim 140%>" },
	{ { "CPU", 31, 58, 140, 100, NULL }, 30, "CPU [use 31% req 58% lim 140%>" },
	{ { "CPU", 31, 58, 90, 100, NULL }, 80,
		"CPU [|||||||||||||||||||||||####################....... use 31% req 58% lim 90%]" },
	{ { "CPU", 31, 58, 140, 100, NULL }, 29, "CPU use 31% req 58% lim 140%" },
	{ { "CPU", 31, 58, 140, 100, NULL }, 12, "CPU use 31%" },
	{ { "CPU", 31, 58, 140, 100, NULL }, 2, "CP" },
	{ { "", 50, VALUE_NONE, VALUE_NONE, 100, NULL }, 20, "[|||||||||  use 50%]" },
	{ { "", 50, VALUE_NONE, VALUE_NONE, 100, NULL }, 7, "use 50%" },
	{ { "CPU", INT64_MAX, VALUE_NONE, VALUE_NONE, 1, NULL }, 30, "CPU [|||||||||| use 10000000%>" },
	{ { "CPU", INT64_MAX / 2, VALUE_NONE, VALUE_NONE, INT64_MAX, NULL }, 30, "CPU [||||||||||||     use 50%]" },
	{ { "CPU", -5, VALUE_NONE, VALUE_NONE, 100, NULL }, 30, "CPU [                  use 0%]" },
};

START_TEST(a_meter_shows_its_parts)
{
	AUTO_CANVAS canvas = { 0 };

	canvas_init(&canvas, 2, 80);
	meter_draw(
		&canvas, (struct rect){ 0, 0, 1, meters[_i].columns }, &meters[_i].meter, 0, glyphs_find(false, false));
	ck_assert_str_eq(line_of(&canvas, 0), meters[_i].line);
	ck_assert_str_eq(line_of(&canvas, 1), "");
}
END_TEST

START_TEST(parts_have_styles_of_their_own)
{
	const struct meter_bar meter = { "CPU", 25, 50, 75, 100, "" };
	AUTO_CANVAS canvas = { 0 };

	canvas_init(&canvas, 1, 46);
	meter_draw(&canvas, canvas_rect(&canvas), &meter, 0, glyphs_find(true, true));
	ck_assert_str_eq(line_of(&canvas, 0), "CPU [||||||||||||||||||||||||||||||          ]");
	ck_assert_int_eq(canvas_cell(&canvas, 0, 0)->style, STYLE_METER_NAME);
	ck_assert_int_eq(canvas_cell(&canvas, 0, 4)->style, STYLE_METER_BRACKET);
	ck_assert_int_eq(canvas_cell(&canvas, 0, 14)->style, STYLE_METER_USE);
	ck_assert_int_eq(canvas_cell(&canvas, 0, 15)->style, STYLE_METER_REQUEST);
	ck_assert_int_eq(canvas_cell(&canvas, 0, 25)->style, STYLE_METER_LIMIT);
	ck_assert_int_eq(canvas_cell(&canvas, 0, 35)->style, STYLE_METER_FREE);
	ck_assert_int_eq(canvas_cell(&canvas, 0, 45)->style, STYLE_METER_BRACKET);
}
END_TEST

START_TEST(names_line_up)
{
	const struct meter_bar meter = { "CPU", 50, VALUE_NONE, VALUE_NONE, 100, "" };
	AUTO_CANVAS canvas = { 0 };

	canvas_init(&canvas, 1, 20);
	meter_draw(&canvas, canvas_rect(&canvas), &meter, 5, glyphs_find(false, true));
	ck_assert_str_eq(line_of(&canvas, 0), "CPU   [||||||      ]");
}
END_TEST

START_TEST(no_meter_leaves_its_rect)
{
	for (int columns = 0; columns < 70; columns++)
		for (size_t i = 0; i < sizeof(meters) / sizeof(meters[0]); i++) {
			AUTO_CANVAS canvas = { 0 };

			canvas_init(&canvas, 3, 90);
			canvas_repeat(&canvas, 1, 0, 90, STYLE_GONE, "x");
			meter_draw(&canvas, (struct rect){ 1, 10, 1, columns }, &meters[i].meter, 6,
				glyphs_find(true, true));
			for (int at = 0; at < 90; at++)
				if (at < 10 || at >= 10 + columns)
					ck_assert_int_eq(canvas_cell(&canvas, 1, at)->style, STYLE_GONE);
			ck_assert_str_eq(line_of(&canvas, 0), "");
			ck_assert_str_eq(line_of(&canvas, 2), "");
		}
}
END_TEST

static const struct {
	int64_t values[12];
	size_t count;
	int columns;
	int64_t max;
	const char *text;
} sparks[] = {
	{ { 0, 1, 2, 3, 4, 5, 6, 7 }, 8, 8, 8, ".:-=+*#@" },
	{ { 0, 8 }, 2, 5, 8, "   .@" },
	{ { 0, 8, 0, 8 }, 4, 2, 8, "++" },
	{ { 1, VALUE_UNKNOWN, 1 }, 3, 3, 1, "@ @" },
	{ { 4, VALUE_UNKNOWN, VALUE_UNKNOWN, VALUE_NONE }, 4, 2, 8, "+ " },
	{ { 99, -4 }, 2, 2, 8, "@." },
	{ { 50, 100 }, 2, 2, 0, "+@" },
	{ { 0, 0 }, 2, 2, 0, ".." },
	{ { INT64_MAX, INT64_MAX }, 2, 1, 0, "@" },
	{ { 0 }, 0, 3, 8, "   " },
	{ { 5 }, 1, 0, 8, "" },
	{ { 5 }, 1, -3, 8, "" },
	{ { 1, 1, 1, 1, 1, 1, 1, 7, 7, 7 }, 10, 3, 8, "::*" },
};

START_TEST(a_spark_shows_a_course)
{
	AUTO_BUFFER out = { 0 };

	spark_text(sparks[_i].values, sparks[_i].count, sparks[_i].columns, sparks[_i].max, glyphs_find(false, true),
		&out);
	ck_assert_str_eq(buffer_text(&out), sparks[_i].text);
}
END_TEST

START_TEST(sparks_in_utf8_have_blocks)
{
	const int64_t values[] = { 0, VALUE_UNKNOWN, 8 };
	AUTO_BUFFER out = { 0 };

	spark_text(values, 3, 4, 8, glyphs_find(true, true), &out);
	ck_assert_str_eq(buffer_text(&out), " \u2581 \u2588");
}
END_TEST

TEST_MAIN("tui/meter", TEST_TABLE(a_meter_shows_its_parts, meters), TEST(parts_have_styles_of_their_own),
	TEST(names_line_up), TEST(no_meter_leaves_its_rect), TEST_TABLE(a_spark_shows_a_course, sparks),
	TEST(sparks_in_utf8_have_blocks))
