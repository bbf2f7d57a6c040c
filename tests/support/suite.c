#include "suite.h"

#include <stdlib.h>

int suite_run(const char *name, const struct test_entry *entries, int count)
{
	Suite *suite = suite_create(name);
	SRunner *runner;
	int failed;

	for (int i = 0; i < count; i++) {
		TCase *test_case = tcase_create(entries[i].name);

		tcase_set_timeout(test_case, 60);
		tcase_add_loop_test(test_case, entries[i].test, 0, entries[i].loops);
		suite_add_tcase(suite, test_case);
	}
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
