/* A label selector in the making: what the text form and the structured one share. */
#pragma once

#include <stddef.h>

#include "clusterutils/model/selector.h"

/* Its arrays are in the arena: when one is full, a larger copy replaces it. */
struct selector_builder {
	struct arena arena;
	struct requirement *requirements;
	size_t count, capacity;
	size_t value_count; /* of all requirements */
};

void selector_builder_release(struct selector_builder *builder);
#define AUTO_SELECTOR_BUILDER CLEANUP(selector_builder_release) struct selector_builder

/* Room for one more element in an array of the arena. */
void *selector_builder_grow(struct selector_builder *builder, void *array, size_t count, size_t *capacity, size_t size);

/* Takes the requirement over, if it is valid; its texts are in the arena. */
int selector_builder_add(struct selector_builder *builder, struct requirement requirement, struct error *err) MUST_USE;

/* Hands the result over and leaves the builder empty. */
void selector_builder_finish(struct selector_builder *builder, struct selector *ret_selector);

int selector_too_many(struct error *err, const char *what, int ceiling);
