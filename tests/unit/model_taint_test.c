#include "clusterutils/model/taint.h"

#include "clusterutils/util/memory.h"
#include "suite.h"

static const struct {
	struct toleration toleration;
	struct taint taint;
	bool tolerated;
} cases[] = {
	{ { "", "", TOLERATION_EXISTS, EFFECT_NONE, 0 }, { "any", "x", EFFECT_NO_EXECUTE }, true },
	{ { "", "", TOLERATION_EXISTS, EFFECT_NONE, 0 }, { "any", "x", EFFECT_OTHER }, true },
	{ { "", "", TOLERATION_EXISTS, EFFECT_NO_EXECUTE, 0 }, { "any", "x", EFFECT_NO_EXECUTE }, true },
	{ { "", "", TOLERATION_EXISTS, EFFECT_NO_EXECUTE, 0 }, { "any", "x", EFFECT_NO_SCHEDULE }, false },
	{ { "a", "", TOLERATION_EXISTS, EFFECT_NONE, 0 }, { "a", "x", EFFECT_NO_SCHEDULE }, true },
	{ { "a", "", TOLERATION_EXISTS, EFFECT_NONE, 0 }, { "b", "x", EFFECT_NO_SCHEDULE }, false },
	{ { "a", "ignored", TOLERATION_EXISTS, EFFECT_NONE, 0 }, { "a", "x", EFFECT_NO_SCHEDULE }, true },
	{ { "a", "x", TOLERATION_EQUAL, EFFECT_NONE, 0 }, { "a", "x", EFFECT_NO_SCHEDULE }, true },
	{ { "a", "y", TOLERATION_EQUAL, EFFECT_NONE, 0 }, { "a", "x", EFFECT_NO_SCHEDULE }, false },
	{ { "a", "", TOLERATION_EQUAL, EFFECT_NONE, 0 }, { "a", "", EFFECT_NO_SCHEDULE }, true },
	{ { "", "x", TOLERATION_EQUAL, EFFECT_NONE, 0 }, { "a", "x", EFFECT_NO_SCHEDULE }, true },
	{ { "a", "x", TOLERATION_OTHER, EFFECT_NONE, 0 }, { "a", "x", EFFECT_NO_SCHEDULE }, false },
	{ { "a", "x", 99, EFFECT_NONE, 0 }, { "a", "x", EFFECT_NO_SCHEDULE }, false },
	{ { "a", "x", TOLERATION_EQUAL, EFFECT_OTHER, 0 }, { "a", "x", EFFECT_OTHER }, false },
	{ { "a", "x", TOLERATION_EQUAL, EFFECT_NO_SCHEDULE, 0 }, { "a", "x", EFFECT_PREFER_NO_SCHEDULE }, false },
};

START_TEST(toleration_matches_key_value_and_effect)
{
	ck_assert_int_eq(toleration_tolerates(&cases[_i].toleration, &cases[_i].taint), cases[_i].tolerated);
}
END_TEST

enum { HARD = 1U << EFFECT_NO_SCHEDULE | 1U << EFFECT_NO_EXECUTE };

static struct taint_list *three_taints(void)
{
	struct taint_list *taints = memory_new(sizeof(*taints) + 3 * sizeof(struct taint));

	taints->count = 3;
	taints->items[0] = (struct taint){ "soft", "", EFFECT_PREFER_NO_SCHEDULE };
	taints->items[1] = (struct taint){ "role", "x", EFFECT_NO_SCHEDULE };
	taints->items[2] = (struct taint){ "role", "y", EFFECT_NO_EXECUTE };
	return taints;
}

START_TEST(first_untolerated_is_of_the_effects_asked_for)
{
	AUTO_FREE struct taint_list *taints = three_taints();
	AUTO_FREE struct toleration_list *one = memory_new(sizeof(*one) + sizeof(struct toleration));

	ck_assert_ptr_eq(taint_first_untolerated(taints, NULL, HARD), &taints->items[1]);
	ck_assert_ptr_eq(taint_first_untolerated(taints, NULL, 1U << EFFECT_NO_EXECUTE), &taints->items[2]);
	ck_assert_ptr_eq(taint_first_untolerated(taints, NULL, 1U << EFFECT_PREFER_NO_SCHEDULE), &taints->items[0]);
	ck_assert_ptr_null(taint_first_untolerated(taints, NULL, 0));
	ck_assert_ptr_null(taint_first_untolerated(NULL, NULL, HARD));

	one->count = 1;
	one->items[0] = (struct toleration){ "role", "x", TOLERATION_EQUAL, EFFECT_NONE, TOLERATION_FOREVER };
	ck_assert_ptr_eq(taint_first_untolerated(taints, one, HARD), &taints->items[2]);
	one->items[0] = (struct toleration){ "role", "", TOLERATION_EXISTS, EFFECT_NONE, TOLERATION_FOREVER };
	ck_assert_ptr_null(taint_first_untolerated(taints, one, HARD));
}
END_TEST

START_TEST(effects_have_the_texts_of_the_api)
{
	ck_assert_str_eq(taint_effect_text(EFFECT_NONE), "");
	ck_assert_str_eq(taint_effect_text(EFFECT_NO_SCHEDULE), "NoSchedule");
	ck_assert_str_eq(taint_effect_text(EFFECT_PREFER_NO_SCHEDULE), "PreferNoSchedule");
	ck_assert_str_eq(taint_effect_text(EFFECT_NO_EXECUTE), "NoExecute");
}
END_TEST

TEST_MAIN("model/taint", TEST_TABLE(toleration_matches_key_value_and_effect, cases),
	TEST(first_untolerated_is_of_the_effects_asked_for), TEST(effects_have_the_texts_of_the_api))
