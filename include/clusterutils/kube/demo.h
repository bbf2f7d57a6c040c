/* The built-in demo cluster: YAML documents from demo/, embedded by demo/embed.sh. */
#pragma once

extern const unsigned char demo_data[];
extern const unsigned long demo_data_size;
