/* Which proxy a request goes through, by Go's rules, which are not curl's: no ALL_PROXY; https only by HTTPS_PROXY;
 * loopback never; NO_PROXY by host, domain, address, CIDR and port. Source: golang.org/x/net/http/httpproxy. */
#pragma once

#include "clusterutils/util/arena.h"
#include "clusterutils/util/error.h"

/* A URL that libcurl takes (socks5 becomes socks5h: names are resolved at the proxy), or NULL for a direct connection.
 * `configured` is the kubeconfig's proxy-url, which wins over the environment; NULL for none. In the arena. */
int proxy_for(const char *url, const char *configured, struct arena *arena, const char **ret_proxy,
	struct error *err) MUST_USE;
