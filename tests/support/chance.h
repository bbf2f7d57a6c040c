/* Chance that can be repeated: random tests are told by their seed. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct chance {
	uint64_t state;
};

static inline struct chance chance_new(unsigned seed)
{
	return (struct chance){ 0x9E3779B97F4A7C15U * ((uint64_t)seed + 1) };
}

/* 0 to bound - 1. */
static inline unsigned chance_below(struct chance *chance, unsigned bound)
{
	chance->state ^= chance->state << 13;
	chance->state ^= chance->state >> 7;
	chance->state ^= chance->state << 17;
	return (unsigned)(chance->state >> 33) % bound;
}

static inline bool chance_of(struct chance *chance, unsigned percent)
{
	return chance_below(chance, 100) < percent;
}
