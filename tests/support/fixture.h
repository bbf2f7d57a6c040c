/* What fixture programs share: cases made by upstream's own code, one JSON object a line.
 *
 *	static int check_parse(const cJSON *line, struct error *err) ...
 *
 *	int main(int argc, char **argv)
 *	{
 *		struct fixture fixture;
 *
 *		fixture_start(&fixture, "quantity", argc, argv);
 *		fixture_each(&fixture, "parse.jsonl", check_parse);
 *		return fixture_finish(&fixture);
 *	}
 *
 * reads ARGV[1]/quantity/parse.jsonl and prints
 *	quantity: 2999 passed, 1 failed
 *	first failure: parse.jsonl:17: "1e" was accepted
 * or, where no case was found,
 *	quantity: skipped (no cases in ARGV[1]/quantity) */
#pragma once

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "clusterutils/util/error.h"

enum { FIXTURE_PATH_SIZE = 4096, FIXTURE_CASE_SIZE = 256, FIXTURE_LARGEST = 16 << 20 };

struct fixture {
	const char *topic; /* the folder, and the word the report begins with */
	size_t passed;
	size_t failed;
	struct error first;                   /* of the first failure, why */
	char first_case[FIXTURE_CASE_SIZE];   /* and which: FILE:LINE, and the case's "name" where it has one */
	char folder[FIXTURE_PATH_SIZE];       /* FIXTURES/TOPIC */
	char missing_file[FIXTURE_CASE_SIZE]; /* the first file that is not there; "" for none */
};

/* Looks at one case. 0 if we do as upstream; otherwise -1, and err says what differs. */
typedef int fixture_check(const cJSON *line, struct error *err);

/* Ends the program with status 2 where the fixtures folder is not given. */
void fixture_start(struct fixture *fixture, const char *topic, int argc, char **argv);

/* Runs the check on each line of the file; a line that is not JSON is a failed case. */
void fixture_each(struct fixture *fixture, const char *file, fixture_check *check);

/* Runs the check on the file as one case. */
void fixture_whole(struct fixture *fixture, const char *file, fixture_check *check);

/* Prints the report and returns the exit status of main: 1 if any case failed. */
int fixture_finish(const struct fixture *fixture);

/* Members of a case: NULL or false where they are not there or of another type. */
const char *fixture_text(const cJSON *line, const char *key);
bool fixture_bool(const cJSON *line, const char *key);

/* Compares texts, either of which may be NULL: 0 if equal, else -1 and "WHAT is GOT, not WANT". */
int fixture_expect(const char *what, const char *got, const char *want, struct error *err);
