/* Warning headers: what is told, and what is not. */
#include <string.h>

#include "../../src/kube/warning.h"
#include "suite.h"

/* '|' stands for the NUL after each text. */
static const struct {
	const char *value, *texts;
} values[] = {
	{ "299 - \"v1 ComponentStatus is deprecated\"", "v1 ComponentStatus is deprecated|" },
	{ "299 - \"a \\\"quoted\\\" \\\\ word\"", "a \"quoted\" \\ word|" },
	{ "299 - \"one\", 299 - \"two\"", "one|two|" },
	{ "299 - \"one\" \"Wed, 21 Oct 2015 07:28:00 GMT\",299 - \"two\"", "one|two|" },
	{ "199 - \"not ours\", 299 - \"ours\"", "ours|" },
	{ "299 - \"cut", "" },
	{ "299 - \"one\" trailing", "one|" },
	{ "299", "" },
	{ "299 -", "" },
	{ "2999 - \"x\"", "" },
	{ "", "" },
	{ "299 - \"\\", "" },
};

START_TEST(texts_of_code_299_come_out)
{
	AUTO_BUFFER texts = { 0 };

	warning_parse(values[_i].value, strlen(values[_i].value), &texts);
	for (size_t i = 0; i < texts.length; i++)
		if (!texts.bytes[i])
			texts.bytes[i] = '|';
	ck_assert_str_eq(buffer_text(&texts), values[_i].texts);
}
END_TEST

TEST_MAIN("kube/warning", TEST_TABLE(texts_of_code_299_come_out, values))
