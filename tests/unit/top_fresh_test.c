/* Which rows count as new or changed, and for how long. */
#include "../../src/top/fresh.h"

#include "clusterutils/util/memory.h"
#include "suite.h"

static const struct column columns[] = { { "name", "NAME", 0, 0 }, { "state", "STATE", 0, 0 } };

/* "a b! c?": items by name, with a state that is bad (!), a warning (?) or nothing in particular. */
static void fill(struct table *table, const char *rows)
{
	struct row *row = NULL;

	table_init(table, "ThingList", columns, ARRAY_LEN(columns));
	row = table_add_row(table, ROW_GROUP, 0);
	row->id = "group//x";
	for (; *rows; rows++) {
		if (*rows == '!' || *rows == '?') {
			row->cells[1] = cell_with_role(cell_text("state"), *rows == '!' ? ROLE_BAD : ROLE_WARNING);
		} else if (*rows != ' ') {
			row = table_add_row(table, ROW_ITEM, 0);
			row->id = arena_printf(&table->arena, "thing//%c", *rows);
			row->cells[1] = cell_with_role(cell_text("state"), ROLE_GOOD);
		}
	}
}

static void note(struct fresh *fresh, const char *of, const char *rows, int64_t now)
{
	struct table table;

	fill(&table, rows);
	fresh_note(fresh, of, &table, now, 5000);
	table_release(&table);
}

/* As fill has them: "a+ b! c?" where + is new, ! worse and ? better. */
static const char *marks(const struct fresh *fresh, int64_t now)
{
	static const char signs[] = {
		[LIST_UNMARKED] = '.', [LIST_NEW] = '+', [LIST_BETTER] = '?', [LIST_WORSE] = '!'
	};
	static char text[5];
	static const char *const ids[] = { "thing//a", "thing//b", "thing//c", "group//x" };

	for (size_t i = 0; i < ARRAY_LEN(ids); i++)
		text[i] = signs[fresh_mark(fresh, ids[i], now)];
	return text;
}

START_TEST(what_comes_is_new_for_a_while)
{
	struct fresh fresh = { 0 };

	ck_assert_str_eq(marks(&fresh, 0), "....");
	note(&fresh, "things", "a b", 1000);
	ck_assert_str_eq(marks(&fresh, 1000), "....");
	note(&fresh, "things", "b c a", 2000);
	ck_assert_str_eq(marks(&fresh, 2000), "..+.");
	note(&fresh, "things", "a b c", 6000);
	ck_assert_str_eq(marks(&fresh, 6999), "..+.");
	ck_assert_str_eq(marks(&fresh, 7000), "....");
	fresh_release(&fresh);
}
END_TEST

START_TEST(what_gets_worse_or_better_is_marked)
{
	struct fresh fresh = { 0 };

	note(&fresh, "things", "a b? c!", 0);
	note(&fresh, "things", "a? b! c", 1000);
	ck_assert_str_eq(marks(&fresh, 1000), "!!?.");
	note(&fresh, "things", "a b! c", 3000);
	ck_assert_str_eq(marks(&fresh, 5999), "?!?.");
	ck_assert_str_eq(marks(&fresh, 6000), "?...");
	ck_assert_str_eq(marks(&fresh, 8000), "....");
	fresh_release(&fresh);
}
END_TEST

START_TEST(what_left_and_comes_again_is_new)
{
	struct fresh fresh = { 0 };

	note(&fresh, "things", "a b c", 0);
	note(&fresh, "things", "c", 1000);
	ck_assert_uint_eq(fresh.rows.count, 1);
	note(&fresh, "things", "a b c", 2000);
	ck_assert_str_eq(marks(&fresh, 2000), "++..");
	fresh_release(&fresh);
}
END_TEST

START_TEST(of_something_else_nothing_is_new)
{
	struct fresh fresh = { 0 };

	note(&fresh, "things", "a", 0);
	note(&fresh, "things", "a b", 1000);
	note(&fresh, "other things", "a b c", 2000);
	ck_assert_str_eq(marks(&fresh, 2000), "....");
	note(&fresh, "other things", "a! b c", 3000);
	ck_assert_str_eq(marks(&fresh, 3000), "!...");
	fresh_release(&fresh);
	ck_assert_str_eq(marks(&fresh, 3000), "....");
}
END_TEST

TEST_MAIN("top/fresh", TEST(what_comes_is_new_for_a_while), TEST(what_gets_worse_or_better_is_marked),
	TEST(what_left_and_comes_again_is_new), TEST(of_something_else_nothing_is_new))
