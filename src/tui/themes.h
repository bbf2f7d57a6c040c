/* The schemes as tables. A style that is not listed, all zero, looks like its parent in theme.c. */
#pragma once

#include "clusterutils/tui/theme.h"

extern const struct theme *const themes[];
extern const size_t themes_count;
extern const struct theme theme_monochromatic;
