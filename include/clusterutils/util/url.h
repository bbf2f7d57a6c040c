/* URLs as Go's net/url (1.25) parses and writes them: servers and proxies are given as such, and what is a scheme, a
 * host or a port in them decides whether credentials are sent. */
#pragma once

#include <stdbool.h>

#include "clusterutils/util/arena.h"
#include "clusterutils/util/error.h"

/* Parts are decoded, never NULL, "" where not there. */
struct url {
	const char *scheme; /* in lower case, without ":" */
	const char *opaque; /* what follows the scheme where that is no "/" */
	bool has_user, has_password;
	const char *user, *password;
	const char *host;     /* with the port: "[fd00::2]:6443" */
	const char *path;     /* decoded */
	const char *raw_path; /* as given, where that is not the usual encoding of the path; else "" */
	bool omits_host;      /* "scheme:/path" */
	bool forces_query;    /* ends in "?" */
	const char *query, *fragment;
};

/* Fails with Go's sentence: `parse "http://x y": invalid character " " in host name`. */
int url_parse(const char *text, struct arena *arena, struct url *ret_url, struct error *err) MUST_USE;

/* The same for what would stand in the first line of a request: it has a scheme or begins with "/"; "#" is part of the
 * path. */
int url_parse_request(const char *text, struct arena *arena, struct url *ret_url, struct error *err) MUST_USE;

const char *url_text(const struct url *url, struct arena *arena) RETURNS_NONNULL;

/* The host without port and brackets, and the port, "" for none. */
const char *url_hostname(const struct url *url, struct arena *arena) RETURNS_NONNULL;
const char *url_port(const struct url *url, struct arena *arena) RETURNS_NONNULL;

/* A path in its usual encoding. */
const char *url_encode_path(const char *path, struct arena *arena) RETURNS_NONNULL;
