/* Selectors of both kinds: the canonical text of what parses parses again, to the same text and the same meaning. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/model/field_selector.h"
#include "clusterutils/model/selector.h"
#include "clusterutils/util/memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(int holds)
{
	if (!holds)
		abort();
}

static void expect_same(const struct buffer *a, const struct buffer *b)
{
	expect(strcmp(buffer_text(a), buffer_text(b)) == 0);
}

/* An object that has the selector's first key, so that more than the absence of a label is tried. */
static struct labels *make_labels(const struct selector *selector)
{
	struct labels *labels = memory_new(sizeof(*labels) + sizeof(struct label));

	if (selector->count) {
		const struct requirement *first = &selector->requirements[0];

		labels->count = 1;
		labels->items[0] = (struct label){ first->key, first->value_count ? first->values[0] : "" };
	}
	return labels;
}

static void label_round_trip(const char *text)
{
	AUTO_SELECTOR first = { 0 }, second = { 0 };
	AUTO_FREE struct labels *labels = NULL;
	AUTO_BUFFER canonical = { 0 }, again = { 0 };
	struct error err = { 0 };

	if (selector_parse(text, &first, &err)) {
		expect(err.code == ERROR_INVALID && err.message[0]);
		return;
	}
	selector_print(&first, &canonical);
	if (canonical.length > SELECTOR_MAX_TEXT)
		return;
	expect(selector_parse(buffer_text(&canonical), &second, &err) == 0);
	selector_print(&second, &again);
	expect_same(&canonical, &again);
	labels = make_labels(&first);
	expect(selector_matches(&first, labels) == selector_matches(&second, labels));
	expect(selector_matches(&first, NULL) == selector_matches(&second, NULL));
}

static const char *look_up(const void *object, const char *field)
{
	return field[0] ? object : NULL;
}

/* Terms are sorted as they were written, "==" before "=": so the order may change once more, but only once. */
static void field_round_trip(const char *text)
{
	AUTO_FIELD_SELECTOR first = { 0 }, second = { 0 }, third = { 0 };
	AUTO_BUFFER canonical = { 0 }, sorted = { 0 }, again = { 0 };
	struct error err = { 0 };

	if (field_selector_parse(text, &first, &err)) {
		expect(err.code == ERROR_INVALID && err.message[0]);
		return;
	}
	field_selector_print(&first, &canonical);
	if (canonical.length > FIELD_SELECTOR_MAX_TEXT)
		return;
	expect(field_selector_parse(buffer_text(&canonical), &second, &err) == 0);
	field_selector_print(&second, &sorted);
	expect(field_selector_parse(buffer_text(&sorted), &third, &err) == 0);
	field_selector_print(&third, &again);
	expect_same(&sorted, &again);
	expect(field_selector_matches(&first, look_up, "x") == field_selector_matches(&second, look_up, "x"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE char *text = memory_new(size + 1);

	if (size)
		memcpy(text, data, size);
	label_round_trip(text);
	field_round_trip(text);
	return 0;
}
