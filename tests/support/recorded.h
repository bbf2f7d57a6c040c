/* What a real API server answered: the files of tests/data/wire, made by record.sh there. */
#pragma once

#include <stddef.h>

#include "clusterutils/model/kind.h"

struct recorded {
	char *bytes; /* exactly `length` of them, so that a read beyond the end is seen; freed by recorded_release */
	size_t length;
};

/* Ends the test where there is no such file. */
struct recorded recorded_read(const char *name);
void recorded_release(struct recorded *recorded);

/* The file of a kind's list, without its ending. */
const char *recorded_kind(enum kind kind);

#define AUTO_RECORDED CLEANUP(recorded_release) struct recorded
