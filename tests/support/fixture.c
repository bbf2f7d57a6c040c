#include "fixture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/attribute.h"
#include "clusterutils/util/buffer.h"
#include "clusterutils/util/file.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"

void fixture_start(struct fixture *fixture, const char *topic, int argc, char **argv)
{
	*fixture = (struct fixture){ .topic = topic };
	if (argc != 2) {
		fprintf(stderr, "usage: %s FIXTURES\n", argc > 0 ? argv[0] : topic);
		exit(2);
	}
	if (snprintf(fixture->folder, sizeof(fixture->folder), "%s/%s", argv[1], topic) >= FIXTURE_PATH_SIZE) {
		fprintf(stderr, "%s: the path of the fixtures is too long\n", topic);
		exit(2);
	}
}

static void run_case(struct fixture *fixture, const char *file, size_t number, const char *text, fixture_check *check)
{
	cJSON *line = cJSON_Parse(text);
	const char *name = line ? fixture_text(line, "name") : NULL;
	struct error err = { 0 };
	int result;

	result = line ? check(line, &err) : error_set(&err, ERROR_INVALID, "the line is not JSON");
	if (result == 0) {
		fixture->passed++;
	} else if (fixture->failed++ == 0) {
		fixture->first = err;
		snprintf(fixture->first_case, sizeof(fixture->first_case), "%s:%zu%s%s", file, number, name ? " " : "",
			name ? name : "");
	}
	cJSON_Delete(line);
}

void fixture_each(struct fixture *fixture, const char *file, fixture_check *check)
{
	char path[FIXTURE_PATH_SIZE + FIXTURE_CASE_SIZE];
	AUTO_FREE char *text = NULL;
	size_t capacity = 0, number = 0;
	FILE *stream;

	snprintf(path, sizeof(path), "%s/%s", fixture->folder, file);
	stream = fopen(path, "r");
	if (!stream) {
		if (!fixture->missing_file[0])
			snprintf(fixture->missing_file, sizeof(fixture->missing_file), "%s", file);
		return;
	}
	while (getline(&text, &capacity, stream) >= 0)
		run_case(fixture, file, ++number, text, check);
	if (ferror(stream)) {
		fprintf(stderr, "%s: %s: %s\n", fixture->topic, path, strerror(errno));
		exit(2);
	}
	fclose(stream);
}

void fixture_whole(struct fixture *fixture, const char *file, fixture_check *check)
{
	char path[FIXTURE_PATH_SIZE + FIXTURE_CASE_SIZE];
	AUTO_BUFFER text = { 0 };
	struct error err = { 0 };

	snprintf(path, sizeof(path), "%s/%s", fixture->folder, file);
	if (file_read(path, FIXTURE_LARGEST, &text, &err) < 0) {
		fprintf(stderr, "%s: %s\n", fixture->topic, err.message);
		exit(2);
	}
	run_case(fixture, file, 1, buffer_text(&text), check);
}

int fixture_finish(const struct fixture *fixture)
{
	if (fixture->passed + fixture->failed == 0) {
		printf("%s: skipped (no cases in %s)\n", fixture->topic, fixture->folder);
		return EXIT_SUCCESS;
	}
	printf("%s: %zu passed, %zu failed\n", fixture->topic, fixture->passed, fixture->failed);
	if (fixture->failed > 0)
		printf("first failure: %s: %s\n", fixture->first_case, fixture->first.message);
	if (fixture->missing_file[0])
		printf("%s: skipped (no cases in %s/%s)\n", fixture->topic, fixture->folder, fixture->missing_file);
	return fixture->failed > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

const char *fixture_text(const cJSON *line, const char *key)
{
	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(line, key));
}

bool fixture_bool(const cJSON *line, const char *key)
{
	return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(line, key));
}

int fixture_expect(const char *what, const char *got, const char *want, struct error *err)
{
	if (text_equal(got, want))
		return 0;
	return error_set(err, ERROR_FAILED, "%s is %s, not %s", what, got ? got : "nothing", want ? want : "nothing");
}
