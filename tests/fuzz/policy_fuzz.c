/* Policies of any bytes, read both ways: a refusal says why, and what upstream reads in full is read leniently, too, and
 * to the same end. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/rebalance/policy.h"
#include "clusterutils/util/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(int holds)
{
	if (!holds)
		abort();
}

static int find_priority(void *context, const char *name, int32_t *ret_value, struct error *err)
{
	(void)context;
	*ret_value = 5000;
	return strcmp(name, "mid") == 0 ? 0 : error_set(err, ERROR_NOT_FOUND, "not found");
}

static void show(const struct policy *policy, struct buffer *out)
{
	struct document document;

	document_init(&document, DOCUMENT_JSON, out);
	policy_effective(policy, &document);
	document_finish(&document);
}

static void expect_sound(const struct policy *policy, int result, const struct error *err)
{
	const struct policy_profile *profiles = policy->profiles.items;

	expect((result == 0) == (policy->refusal == POLICY_ACCEPTED));
	expect(result == 0 || (err->message[0] && policy->upstream_error[0]));
	for (size_t i = 0; i < policy->finding_count; i++)
		expect(text_is_clean(policy->findings[i].sentence, strlen(policy->findings[i].sentence)));
	for (size_t i = 0; result == 0 && i < policy->profiles.count; i++) {
		expect(profiles[i].evictor && profiles[i].evictor->priority_threshold.value.is_set);
		for (size_t j = 0; j < profiles[i].deschedule_count; j++)
			expect(profiles[i].deschedule[j].strategy->points & STRATEGY_DESCHEDULE);
		for (size_t j = 0; j < profiles[i].balance_count; j++)
			expect(profiles[i].balance[j].strategy->points & STRATEGY_BALANCE);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct policy_source source = {
		.file = "policy.yaml", .text = (const char *)data, .length = size, .find_priority = find_priority
	};
	AUTO_POLICY strict = { 0 }, lenient = { 0 };
	AUTO_BUFFER a = { 0 }, b = { 0 };
	struct error err = { 0 };
	int strict_result = policy_load(&source, POLICY_STRICT, &strict, &err), result;

	expect_sound(&strict, strict_result, &err);
	result = policy_load(&source, POLICY_LENIENT, &lenient, &err);
	expect_sound(&lenient, result, &err);
	if (strict_result < 0 || strict.finding_count > 0)
		return 0;
	expect(result == 0);
	show(&strict, &a);
	show(&lenient, &b);
	expect(strcmp(buffer_text(&a), buffer_text(&b)) == 0);
	return 0;
}
