/* A transport without an API server: it answers from files written by `kubectl get -o json|yaml` or from bytes in the
 * program (the demo cluster), as an API server would: lists by kind, by namespace, by selectors.
 *
 * Files are read while lists are being answered, never before and never held: all lists that were started together
 * share one pass. A file that can be read twice may be listed again; standard input only once. */
#pragma once

#include "clusterutils/kube/transport.h"

struct transport *memory_transport_new(void);

/* A file, a folder (its *.json, *.yaml and *.yml, also .gz, by name) or "-". Several may be added. */
int memory_add_path(struct transport *transport, const char *path, struct error *err) MUST_USE;

/* The bytes must outlive the transport. */
void memory_add_bytes(struct transport *transport, const char *name, const unsigned char *bytes, size_t length);
