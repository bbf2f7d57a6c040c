/* Lengths of time: Go's text form ("1h30m"), which flags, policies and annotations use, and kubectl's ages ("3d4h").
 *
 * Source: Go's time package (ParseDuration, Duration.String) and k8s.io/apimachinery util/duration, v0.34. */
#pragma once

#include <stdint.h>

#include "clusterutils/util/attribute.h"
#include "clusterutils/util/error.h"

#define DURATION_MICROSECOND INT64_C(1000)
#define DURATION_MILLISECOND INT64_C(1000000)
#define DURATION_SECOND      INT64_C(1000000000)
#define DURATION_MINUTE      (60 * DURATION_SECOND)
#define DURATION_HOUR        (60 * DURATION_MINUTE)

enum { DURATION_TEXT_SIZE = 32, DURATION_HUMAN_SIZE = 24 };

/* Numbers with a unit each (ns, us, ms, s, m, h), a sign before all of them, or a bare 0; 292 years at most.
 * Refuses with Go's own sentences. */
int duration_parse(const char *text, int64_t *ret_nanoseconds, struct error *err) MUST_USE;

/* The canonical text: "1h30m0s", "1.5ms", "0s". duration_parse gives the same number back. */
const char *duration_text(int64_t nanoseconds, char buffer[DURATION_TEXT_SIZE]);

/* An age as kubectl's tables show it: two units while the first is small ("4m10s", "3h7m", "2y45d"), then one.
 * "<invalid>" from two seconds before the zero on, for clocks that differ by less are common. */
const char *duration_human(int64_t nanoseconds, char buffer[DURATION_HUMAN_SIZE]);

/* The same with one unit always, as kubectl describe shows it. */
const char *duration_human_short(int64_t nanoseconds, char buffer[DURATION_HUMAN_SIZE]);
