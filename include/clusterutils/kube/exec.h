/* A command in a container: `kubectl exec`. Needs create (before 1.35 get suffices) on pods/exec. */
#pragma once

#include "clusterutils/kube/transport.h"

struct exec_options {
	const char *namespace, *pod;
	const char *container;      /* NULL for the pod's default one */
	const char *const *command; /* NULL-ended */
	const char *input;          /* what it reads; NULL for no standard input at all */
	size_t input_length;
	int64_t timeout_ms; /* for all of it; 0 for none */
	/* What it writes: 1 or 2, as it comes. -1 ends it. */
	int (*on_output)(void *context, int stream, const char *bytes, size_t length, struct error *err);
	void *context;
};

enum { EXEC_MAX_WORDS = 32 };

/* Runs it to its end. Returns 0 with its exit status, or -1 where it could not be run or its end is not known. */
int exec_run(
	struct transport *transport, const struct exec_options *options, int *ret_status, struct error *err) MUST_USE;
