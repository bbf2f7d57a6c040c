/* A set of texts: which rows are folded, which are tagged. It keeps copies. All zero is an empty one. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct names {
	char **items; /* in byte order */
	size_t count, capacity;
};

void names_release(struct names *names); /* empty afterwards */
bool names_has(const struct names *names, const char *name);
void names_add(struct names *names, const char *name);    /* also where it is there */
void names_remove(struct names *names, const char *name); /* also where it is not */
