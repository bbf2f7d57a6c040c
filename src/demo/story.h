/* What goes on in the demo cluster without anybody's doing: deployments scale, containers crash, a node runs short of
 * memory, a pod finds no room, somebody deploys something. */
#pragma once

#include "world.h"

void demo_story_begin(struct demo_world *world);
