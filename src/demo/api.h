/* The demo's API server: which request is for which part of the world. */
#pragma once

#include "watch.h"

/* Answers the request, or opens its watch (exchange->is_open). */
void demo_api_serve(struct demo_world *world, struct demo_exchange *exchange);
