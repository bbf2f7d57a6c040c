/* What every unit test binary shares: one Check suite, run and reported in one line.
 *
 * A test file ends in
 *	TEST_MAIN("quantity", parse_accepts, parse_refuses, ...)
 * which names each test once. */
#pragma once

#include <check.h>

struct test_entry {
	const char *name;
	const TTest *test;
	int loops; /* how often: _i counts from 0; for table-driven tests */
};

/* Runs the tests and returns the exit status of main. */
int suite_run(const char *name, const struct test_entry *entries, int count);

#define TEST(name)             ((struct test_entry){ #name, (name), 1 })
#define TEST_TABLE(name, rows) ((struct test_entry){ #name, (name), (int)(sizeof(rows) / sizeof((rows)[0])) })
#define TEST_MAIN(suite, ...) \
	int main(void) \
	{ \
		const struct test_entry entries[] = { __VA_ARGS__ }; \
\
		return suite_run((suite), entries, (int)(sizeof(entries) / sizeof(entries[0]))); \
	}
