/* The table of strategies. */
#include "clusterutils/rebalance/strategy.h"

#define STRATEGY(name) extern const struct strategy strategy_##name;
#include "strategies.def"
#undef STRATEGY

const struct strategy *const strategies[] = {
#define STRATEGY(name) &strategy_##name,
#include "strategies.def"
#undef STRATEGY
	NULL,
};
