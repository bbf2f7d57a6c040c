/* An Event for each pod that a run has evicted, in the form of upstream's, so that `kubectl describe` and whoever
 * collects events sees what happened. They are sent beside everything else; what cannot be sent is told once and given
 * up.
 *
 * Source: sigs.k8s.io/descheduler v0.36.0, pkg/descheduler/evictions/evictions.go: Normal, the reason is the strategy's
 * name, the action "Descheduled", the note "pod eviction from NODE node by …". */
#pragma once

#include "waves.h"

struct reports;

struct reports *reports_new(struct transport *transport) RETURNS_NONNULL;
void reports_free(struct reports *reports); /* gives up what is under way; NULL-safe, as the next two are */

void reports_evicted(struct reports *reports, const struct order *order);

/* Takes answers. The first failure, told once; NULL for none. */
const char *reports_step(struct reports *reports);

/* What is under way. */
bool reports_are_sent(const struct reports *reports);
