/* The images on the demo's nodes. */
#pragma once

#include "world.h"

bool demo_image_is_on(const struct node *node, const char *image);

/* As some node knows it, or a size made up from its name. */
int64_t demo_image_bytes(struct demo_world *world, const char *image);

/* At the speed of the node's link; 0 where it has the image. */
int64_t demo_image_pull_seconds(struct demo_world *world, const char *node, const char *image);

/* Adds it to the node's status; of more than NODE_IMAGES_REPORTED the smallest is no longer told. */
void demo_image_add(struct demo_world *world, const char *node, const char *image);
