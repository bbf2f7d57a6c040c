/* One value of one option, between the text that was typed and the member that holds it. */
#pragma once

#include "clusterutils/util/options.h"

struct option_value {
	bool flag;           /* of OPTION_FLAG */
	uint64_t number;     /* of OPTION_UINT */
	int64_t nanoseconds; /* of OPTION_DURATION */
	const char *text;    /* of the others */
};

/* Reads a value; the error names the option and the value. */
int option_value_read(
	const struct option *option, const char *text, struct option_value *ret_value, struct error *err) MUST_USE;

/* A row that has a name. Also false for no table at all. */
bool option_is_row(const struct option *option);
