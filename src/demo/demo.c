#include "clusterutils/demo/demo.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "clusterutils/util/clock.h"
#include "clusterutils/util/memory.h"
#include "world.h"

/* How long a step looks for the next second of the world. */
enum { WAIT_MS = 200 };

struct demo {
	struct transport transport;
	struct demo_world world;
	struct demo_exchange **exchanges;
	size_t count, capacity;
};

static struct demo *demo_of(struct transport *transport)
{
	return (struct demo *)(void *)transport;
}

static void demo_start(struct transport *transport, struct request *request)
{
	struct demo *demo = demo_of(transport);
	struct demo_exchange *exchange = NEW(struct demo_exchange);

	request->done = false;
	request->status = 0;
	request->type[0] = '\0';
	request->api_status = (struct api_status){ .retry_after_seconds = -1 };
	error_clear(&request->error);
	exchange->request = request;
	ARRAY_GROW(demo->exchanges, demo->count, demo->capacity);
	demo->exchanges[demo->count++] = exchange;
}

/* It may come from within the callback of any request: the exchange itself is freed by the next step. */
static void demo_cancel(struct transport *transport, struct request *request)
{
	struct demo *demo = demo_of(transport);

	for (size_t i = 0; i < demo->count; i++)
		if (demo->exchanges[i]->request == request)
			demo->exchanges[i]->request = NULL;
}

static void sweep(struct demo *demo)
{
	size_t kept = 0;

	for (size_t i = 0; i < demo->count; i++) {
		struct demo_exchange *exchange = demo->exchanges[i];

		if (exchange->request && !exchange->request->done) {
			demo->exchanges[kept++] = exchange;
			continue;
		}
		demo_exchange_release(exchange);
		free(exchange);
	}
	demo->count = kept;
}

static bool serve(struct demo *demo, struct demo_exchange *exchange)
{
	if (exchange->is_open)
		return demo_watch_step(&demo->world, exchange);
	demo_api_serve(&demo->world, exchange);
	return true;
}

/* Until the keyboard, or until the world may have moved on. */
static void wait_for(const struct demo *demo, int timeout_ms)
{
	struct pollfd keyboard = { .fd = demo->transport.wake_fd, .events = POLLIN };

	if (timeout_ms > 0)
		poll(&keyboard, 1, timeout_ms < WAIT_MS ? timeout_ms : WAIT_MS);
}

static void demo_step(struct transport *transport, int timeout_ms)
{
	struct demo *demo = demo_of(transport);
	bool has_sent = false;

	sweep(demo); /* what was cancelled since */
	if (!demo_world_advance(&demo->world, clock_now()))
		return; /* there is more to catch up on, and answers wait for it */
	for (size_t i = 0; i < demo->count; i++)
		if (demo->exchanges[i]->request)
			has_sent = serve(demo, demo->exchanges[i]) || has_sent;
	sweep(demo);
	if (!has_sent)
		wait_for(demo, timeout_ms);
}

static void demo_free(struct transport *transport)
{
	struct demo *demo = demo_of(transport);

	for (size_t i = 0; i < demo->count; i++) {
		demo_exchange_release(demo->exchanges[i]);
		free(demo->exchanges[i]);
	}
	free(demo->exchanges);
	demo_world_release(&demo->world);
	free(demo);
}

struct transport *demo_transport_new(uint64_t seed)
{
	static const struct transport_class class = { demo_start, demo_cancel, demo_step, demo_free };
	struct demo *demo = NEW(struct demo);

	demo->transport = (struct transport){ .class = &class, .wake_fd = -1 };
	demo_world_init(&demo->world, seed, clock_now());
	return &demo->transport;
}
