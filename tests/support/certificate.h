/* Certificates for tests, made on the spot. A failure ends the test. */
#pragma once

#include "clusterutils/util/buffer.h"

/* Adds a self-signed certificate (elliptic curve, valid today) and its key, as PEM. */
void certificate_make(const char *name, struct buffer *certificate, struct buffer *key);
