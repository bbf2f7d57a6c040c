#include "clusterutils/util/clock.h"

#include <stdbool.h>
#include <time.h>

static int64_t offset; /* added to the system clock */
static int64_t frozen_at;
static bool is_frozen;

int64_t clock_now(void)
{
	return is_frozen ? frozen_at : (int64_t)time(NULL) + offset;
}

void clock_set(int64_t seconds)
{
	offset = seconds - (int64_t)time(NULL);
}

void clock_freeze(int64_t seconds)
{
	is_frozen = true;
	frozen_at = seconds;
}

/* Where the C library knows no such day, the one of UTC. */
static int64_t start_of(int64_t seconds, bool of_month)
{
	enum { DAY = 86400 };
	const int64_t fallback = seconds - (seconds % DAY + DAY) % DAY;
	time_t moment = (time_t)seconds;
	struct tm parts;

	if (!localtime_r(&moment, &parts))
		return fallback;
	parts.tm_sec = parts.tm_min = parts.tm_hour = 0;
	parts.tm_isdst = -1;
	if (of_month)
		parts.tm_mday = 1;
	moment = mktime(&parts);
	return moment == (time_t)-1 ? fallback : (int64_t)moment;
}

int64_t clock_midnight(int64_t seconds)
{
	return start_of(seconds, false);
}

int64_t clock_month(int64_t seconds)
{
	return start_of(seconds, true);
}

int64_t clock_monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void clock_sleep_ms(int64_t milliseconds)
{
	struct timespec left = { .tv_sec = (time_t)(milliseconds / 1000),
		.tv_nsec = (long)(milliseconds % 1000) * 1000000 };

	nanosleep(&left, NULL);
}
