/* What the evictor finds out once for the settings of a profile. */
#pragma once

#include "clusterutils/rebalance/pass.h"

struct evictor_state;

struct evictor_state *evictor_state_new(struct pass *pass);
void evictor_state_free(struct evictor_state *state); /* NULL-safe */
