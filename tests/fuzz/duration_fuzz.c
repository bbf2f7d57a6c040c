/* Durations and timestamps: what parses is the same when printed and parsed again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/duration.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/timestamp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(int holds)
{
	if (!holds)
		abort();
}

static void duration_round_trip(const char *text)
{
	char canonical[DURATION_TEXT_SIZE], human[DURATION_HUMAN_SIZE];
	struct error err = { 0 };
	int64_t value, again = 0;

	if (duration_parse(text, &value, &err)) {
		expect(err.code == ERROR_INVALID && err.message[0]);
		return;
	}
	expect(duration_parse(duration_text(value, canonical), &again, &err) == 0 && again == value);
	expect(duration_human(value, human)[0] && duration_human_short(value, human)[0]);
}

static void timestamp_round_trip(const char *text)
{
	char canonical[TIMESTAMP_SIZE];
	struct error err = { 0 };
	int64_t seconds, again = 0;
	int32_t nanoseconds, again_nanoseconds = -1;

	if (timestamp_parse(text, &seconds, &nanoseconds, &err)) {
		expect(err.code == ERROR_INVALID && err.message[0]);
		expect(timestamp_micro_parse(text, &seconds, &nanoseconds, &err) == -1);
		return;
	}
	expect(nanoseconds >= 0 && nanoseconds < 1000000000);
	timestamp_micro_text(seconds, nanoseconds, canonical);
	/* An offset can lead out of the years that four digits can write. */
	if (strlen(canonical) != sizeof("2026-03-01T12:00:00.000000Z") - 1 || canonical[0] == '-')
		return;
	expect(timestamp_micro_parse(canonical, &again, &again_nanoseconds, &err) == 0);
	expect(again == seconds && again_nanoseconds == nanoseconds / 1000 * 1000);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE char *text = memory_new(size + 1);

	if (size)
		memcpy(text, data, size);
	duration_round_trip(text);
	timestamp_round_trip(text);
	return 0;
}
