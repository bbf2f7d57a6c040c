/* Moments as Kubernetes writes them: RFC 3339, in seconds since 1970 in UTC.
 *
 * Source: metav1.Time and metav1.MicroTime of k8s.io/apimachinery v0.34, which read by Go's time.Parse. */
#pragma once

#include <stdint.h>

#include "clusterutils/util/attribute.h"
#include "clusterutils/util/error.h"

enum { TIMESTAMP_SIZE = 40 };

/* The first second of year 1: what Go calls the zero time. Kubernetes writes it as null, and reads null as it. */
#define TIMESTAMP_ZERO INT64_C(-62135596800)

/* Reads metav1.Time: any UTC offset, any number of fractional digits, those beyond nine dropped. Use it for MicroTime
 * too where a value without six digits should not be lost. Refuses with the sentences of Go's time.Parse. */
int timestamp_parse(const char *text, int64_t *ret_seconds, int32_t *ret_nanoseconds, struct error *err) MUST_USE;

/* Reads metav1.MicroTime as upstream does: exactly six fractional digits. */
int timestamp_micro_parse(const char *text, int64_t *ret_seconds, int32_t *ret_nanoseconds, struct error *err) MUST_USE;

/* "2026-03-01T12:00:00Z". */
const char *timestamp_text(int64_t seconds, char buffer[TIMESTAMP_SIZE]);

/* "2026-03-01T12:00:00.123456Z". */
const char *timestamp_micro_text(int64_t seconds, int32_t nanoseconds, char buffer[TIMESTAMP_SIZE]);
