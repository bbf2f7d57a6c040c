#include "clusterutils/kube/sync.h"

#include <stdlib.h>

#include "clusterutils/util/memory.h"
#include "reflector.h"

enum { STEP_MS = 1000 };

struct sync {
	struct transport *transport;
	struct sync_options options;
	struct decoder decoder;
	size_t count;
	struct reflector reflectors[];
};

static struct sync *new_sync(struct transport *transport, const struct sync_options *options, struct sync_list *lists,
	size_t count, struct cluster *cluster, bool goes_on)
{
	struct sync *sync = memory_new(sizeof(*sync) + count * sizeof(sync->reflectors[0]));

	sync->transport = transport;
	if (options)
		sync->options = *options;
	sync->count = count;
	for (size_t i = 0; i < count; i++)
		reflector_init(
			&sync->reflectors[i], &lists[i], transport, &sync->options, cluster, &sync->decoder, goes_on);
	return sync;
}

struct sync *sync_new(struct transport *transport, const struct sync_options *options, struct sync_list *lists,
	size_t count, struct cluster *cluster)
{
	return new_sync(transport, options, lists, count, cluster, true);
}

void sync_free(struct sync *sync)
{
	if (!sync)
		return;
	for (size_t i = 0; i < sync->count; i++)
		reflector_release(&sync->reflectors[i]);
	decoder_release(&sync->decoder);
	free(sync);
}

static int turn_all(struct sync *sync, int timeout_ms)
{
	for (size_t i = 0; i < sync->count; i++)
		timeout_ms = reflector_turn(&sync->reflectors[i], timeout_ms);
	return timeout_ms;
}

bool sync_step(struct sync *sync, int timeout_ms)
{
	bool changed = false;

	transport_step(sync->transport, turn_all(sync, timeout_ms));
	turn_all(sync, timeout_ms);
	for (size_t i = 0; i < sync->count; i++) {
		changed = changed || sync->reflectors[i].changed;
		sync->reflectors[i].changed = false;
	}
	return changed;
}

bool sync_is_complete(const struct sync *sync)
{
	for (size_t i = 0; i < sync->count; i++)
		if (sync->reflectors[i].list->state == SYNC_READING && !sync->reflectors[i].list->is_paused)
			return false;
	return true;
}

void sync_run(struct transport *transport, const struct sync_options *options, struct sync_list *lists, size_t count,
	struct cluster *cluster)
{
	struct sync *sync = new_sync(transport, options, lists, count, cluster, false);

	while (!sync_is_complete(sync))
		sync_step(sync, STEP_MS);
	sync_free(sync);
}
