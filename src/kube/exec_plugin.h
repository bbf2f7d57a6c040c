/* One run of a credential plugin. Source: k8s.io/client-go/plugin/pkg/client/auth/exec, v0.34. */
#pragma once

#include "clusterutils/kube/credentials.h"

enum { PLUGIN_MAX_OUTPUT = 1 << 20 };

/* What it said. In an arena of its own, which holds secrets. */
struct plugin_answer {
	struct arena arena;
	const char *token; /* NULL for none */
	struct blob certificate, key;
	bool expires;
	int64_t expiry; /* seconds since 1970 */
};

void plugin_answer_release(struct plugin_answer *answer);

/* Whether the plugin's version of the protocol is one we speak. */
int exec_plugin_check(const struct exec_config *exec, struct error *err) MUST_USE;

/* Fails with the sentences that client-go puts after "getting credentials: ". */
int exec_plugin_run(const struct connection *connection, const struct credentials_hooks *hooks,
	struct plugin_answer *ret_answer, struct error *err) MUST_USE;
