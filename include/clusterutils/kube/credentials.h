/* What is presented to the API server, kept fresh: tokens re-read from their file, credential plugins run when there
 * is nothing valid, certificates renewed. Memory only: nothing is ever written to disk. To a server without TLS nothing
 * is presented.
 * Source: k8s.io/client-go transport/token_source.go, plugin/pkg/client/auth/exec, v0.34. */
#pragma once

#include "clusterutils/kube/kubeconfig.h"

/* A credential plugin may ask questions on the terminal: a screen must be left while it runs. Called around a run that
 * may read from the terminal or write to it; either may be NULL. */
struct credentials_hooks {
	void (*before_prompt)(void *context);
	void (*after_prompt)(void *context);
	void *context;
};

struct credentials; /* knows its connection, which must outlive it */

struct credentials *credentials_new(const struct connection *connection, const struct credentials_hooks *hooks);
void credentials_free(struct credentials *credentials); /* overwrites secrets */

/* What holds for the next request. Pointers are valid until the next call. */
struct presented {
	const char *authorization; /* value of the header: "Bearer …", "Basic …"; NULL for none */
	struct blob certificate, key;
	uint64_t generation; /* grows when certificate, key or CA have changed: connections must then be made anew */
	struct blob ca;      /* re-read when its file changed; none: the system's */
	uint64_t serial;     /* of all the above, for credentials_reject */
};

/* Makes it ready: may read files and run the plugin, which may take as long as its user needs. Errors are worded as
 * kubectl's: "Unable to connect to the server: getting credentials: exec: executable X not found", … ERROR_INTERRUPTED
 * where Ctrl-C ended the plugin. The first call refuses what can never work: unparsable certificates, a key that does
 * not match, two ways to authenticate, a removed auth-provider, impersonation with line ends in it. */
int credentials_present(struct credentials *credentials, struct presented *ret_presented, struct error *err) MUST_USE;

/* The server answered 401 to a request with these. Whether another attempt makes sense: they have been renewed since,
 * or a plugin or a file may give something newer to the next credentials_present. client-go itself gives up. */
bool credentials_reject(struct credentials *credentials, uint64_t serial);
