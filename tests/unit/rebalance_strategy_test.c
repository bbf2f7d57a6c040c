#include "clusterutils/rebalance/strategy.h"

#include <string.h>

#include "clusterutils/rebalance/evictor.h"
#include "clusterutils/util/memory.h"
#include "suite.h"

/* What a list of strategies shows and the reader needs is there, in every row. */
static void check_rows(const struct param *params, size_t size)
{
	for (const struct param *row = params; row->name; row++) {
		ck_assert_ptr_eq(param_find(params, row->name), row);
		ck_assert_uint_lt(row->offset, size);
		ck_assert_msg(row->help != NULL, "%s has no help", row->name);
		ck_assert(row->help[0] && row->help[strlen(row->help) - 1] != '.');
		ck_assert_int_eq(row->type == PARAM_OBJECT || row->type == PARAM_OBJECTS, row->object != NULL);
		if (row->object)
			check_rows(row->object->params, row->object->size);
	}
}

START_TEST(every_strategy_is_described)
{
	size_t count = 0;

	for (; strategies[count]; count++) {
		const struct strategy *strategy = strategies[count];

		ck_assert_ptr_eq(strategy_find(strategy->name), strategy);
		ck_assert(strategy->summary && strategy->points && strategy->args_size && strategy->check);
		check_rows(strategy->params, strategy->args_size);
	}
	ck_assert_uint_eq(count, 12);
	ck_assert_ptr_null(strategy_find("removeduplicates"));
	ck_assert_ptr_eq(strategy_find(evictor_name), &strategy_default_evictor);
}
END_TEST

START_TEST(a_misspelt_name_is_guessed)
{
	ck_assert_str_eq(strategy_similar("removeduplicates")->name, "RemoveDuplicates");
	ck_assert_str_eq(strategy_similar("LowNodeUtilisation")->name, "LowNodeUtilization");
	ck_assert_ptr_null(strategy_similar("Drain"));
	ck_assert_str_eq(param_similar(strategy_default_evictor.params, "nodefit"), "nodeFit");
	ck_assert_ptr_null(param_similar(strategy_default_evictor.params, "interval"));
}
END_TEST

static const struct {
	const char *strategy, *key, *type, *constraint;
} rows[] = {
	{ "RemovePodsHavingTooManyRestarts", "podRestartThreshold", "a whole number", "at least 1" },
	{ "RemovePodsHavingTooManyRestarts", "states", "a list of texts", "one of CrashLoopBackOff, Running" },
	{ "LowNodeUtilization", "thresholds", "a map of resources to percentages", "0 to 100" },
	{ "LowNodeUtilization", "numberOfNodes", "a whole number", "" },
	{ "RemoveDuplicates", "namespaces", "a map", "only one of include and exclude" },
	{ "DefaultEvictor", "minPodAge", "a duration such as 5m", "" },
};

START_TEST(types_and_constraints_in_words)
{
	const struct param *row = param_find(strategy_find(rows[_i].strategy)->params, rows[_i].key);
	AUTO_BUFFER text = { 0 };

	ck_assert_ptr_nonnull(row);
	ck_assert_str_eq(param_type_text(row), rows[_i].type);
	param_constraint(row, &text);
	ck_assert_str_eq(buffer_text(&text), rows[_i].constraint);
}
END_TEST

START_TEST(protections_of_old_switches_and_new_lists)
{
	const char *extra[] = { "PodsWithoutPDB" }, *disabled[] = { "DaemonSetPods" };
	struct evictor_args args = { 0 };
	unsigned defaults = (1u << PROTECTION_DEFAULTS) - 1;

	ck_assert_uint_eq(evictor_protections(&args), defaults);
	args.evict_daemon_set_pods = args.ignore_pvc_pods = true;
	ck_assert_uint_eq(evictor_protections(&args), (defaults & ~(1u << PROTECT_DAEMON_SET)) | 1u << PROTECT_PVC);
	args = (struct evictor_args){ 0 };
	args.pod_protections.extra_enabled = (struct param_texts){ true, 1, extra };
	args.pod_protections.default_disabled = (struct param_texts){ true, 1, disabled };
	ck_assert_uint_eq(
		evictor_protections(&args), (defaults & ~(1u << PROTECT_DAEMON_SET)) | 1u << PROTECT_WITHOUT_PDB);
	for (enum protection protection = 0; protection < PROTECTION_COUNT; protection++)
		ck_assert_ptr_nonnull(protection_name(protection));
}
END_TEST

TEST_MAIN("rebalance_strategy", TEST(every_strategy_is_described), TEST(a_misspelt_name_is_guessed),
	TEST_TABLE(types_and_constraints_in_words, rows), TEST(protections_of_old_switches_and_new_lists))
