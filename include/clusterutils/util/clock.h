/* What time it is: one place, so that tests and the demo can set it. */
#pragma once

#include <stdint.h>

/* Seconds since 1970, of the system clock or of the moment that was set. */
int64_t clock_now(void);

/* From here on the clock starts at this moment and runs on from it. Not once it is frozen. */
void clock_set(int64_t seconds);

/* The clock stands still at this moment: for tests, whose output must not depend on how long they take. */
void clock_freeze(int64_t seconds);

/* When the day and the month of a moment began, in the time zone of this machine. */
int64_t clock_midnight(int64_t seconds);
int64_t clock_month(int64_t seconds);

/* Milliseconds that never go backwards, for measuring. */
int64_t clock_monotonic_ms(void);

/* Sleeps, and wakes early on a signal. */
void clock_sleep_ms(int64_t milliseconds);
