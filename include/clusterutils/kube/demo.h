/* The built-in demo cluster: YAML documents from demo/, embedded by demo/embed.sh. */
#pragma once

#include <stdint.h>

extern const unsigned char demo_data[];
extern const unsigned long demo_data_size;

/* The moment in which it stands still: 2026-03-01T12:00:00Z. */
static const int64_t demo_now = 1772366400;
