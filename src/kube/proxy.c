#include "clusterutils/kube/proxy.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/quote.h"
#include "clusterutils/util/text.h"
#include "clusterutils/util/url.h"

/* --- addresses --- */

/* As Go's net.IP has them: 16 bytes, an IPv4 address in ::ffff:0:0/96. */
struct address {
	unsigned char bytes[16];
};

static bool parse_address(const char *text, struct address *ret_address)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (inet_pton(AF_INET, text, ret_address->bytes + sizeof(mapped)) == 1) {
		memcpy(ret_address->bytes, mapped, sizeof(mapped));
		return true;
	}
	return inet_pton(AF_INET6, text, ret_address->bytes) == 1;
}

static bool is_ipv4(const struct address *address)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

	return memcmp(address->bytes, mapped, sizeof(mapped)) == 0;
}

static bool is_loopback(const struct address *address)
{
	static const unsigned char loopback[16] = { [15] = 1 };

	return is_ipv4(address) ? address->bytes[12] == 127 : memcmp(address->bytes, loopback, 16) == 0;
}

/* "10.0.0.0/8": false where the text is no such thing. */
static bool parse_network(const char *text, struct arena *arena, struct address *ret_address, unsigned *ret_bits)
{
	const char *slash = strchr(text, '/');
	uint64_t bits;

	if (!slash || !parse_address(arena_copy(arena, text, (size_t)(slash - text)), ret_address) ||
		!text_to_uint(slash + 1, strchr(text, ':') ? 128 : 32, &bits))
		return false;
	*ret_bits = (unsigned)bits + (strchr(text, ':') ? 0 : 96);
	return true;
}

static bool same_bits(const struct address *a, const struct address *b, unsigned bits)
{
	for (unsigned i = 0; i < 16 && bits; i++) {
		unsigned taken = bits < 8 ? bits : 8;
		unsigned char mask = (unsigned char)(0xff << (8 - taken));

		if ((a->bytes[i] ^ b->bytes[i]) & mask)
			return false;
		bits -= taken;
	}
	return true;
}

/* --- NO_PROXY --- */

struct target {
	const char *host; /* in lower case */
	const char *port;
	struct address address;
	bool is_address;
};

/* "HOST:PORT" or "[HOST]:PORT" as Go's net.SplitHostPort takes it; false where there is no port. */
static bool split_port(const char *text, struct arena *arena, const char **ret_host, const char **ret_port)
{
	const char *colon = strrchr(text, ':'), *bracket = strrchr(text, ']');

	if (!colon)
		return false;
	if (text[0] == '[') {
		if (!bracket || colon != bracket + 1)
			return false;
		*ret_host = arena_copy(arena, text + 1, (size_t)(bracket - text) - 1);
	} else {
		if (strchr(text, ':') != colon || strpbrk(text, "[]"))
			return false;
		*ret_host = arena_copy(arena, text, (size_t)(colon - text));
	}
	*ret_port = colon + 1;
	return true;
}

static bool matches_domain(const char *pattern, const char *host)
{
	if (text_starts_with(pattern, "*."))
		pattern++;
	if (pattern[0] == '.')
		return text_ends_with(host, pattern);
	return strcmp(host, pattern) == 0 ||
		(text_ends_with(host, pattern) && host[strlen(host) - strlen(pattern) - 1] == '.');
}

static bool matches(const char *entry, const struct target *target, struct arena *arena)
{
	const char *host = entry, *port = "";
	struct address address;
	unsigned bits;

	if (parse_network(entry, arena, &address, &bits))
		return target->is_address && is_ipv4(&address) == is_ipv4(&target->address) &&
			same_bits(&address, &target->address, bits);
	if (split_port(entry, arena, &host, &port)) {
		if (!*host)
			return false;
	} else {
		port = "";
	}
	if (*port && strcmp(port, target->port) != 0)
		return false;
	if (parse_address(host, &address))
		return target->is_address && same_bits(&address, &target->address, 128);
	return *host && matches_domain(host, target->host);
}

static char *to_lower(const char *text, size_t length, struct arena *arena)
{
	char *lower = arena_copy(arena, text, length);

	for (char *c = lower; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return lower;
}

static const char *trimmed(const char *text, size_t length, struct arena *arena)
{
	while (length && strchr(" \t\n\v\f\r", *text)) {
		text++;
		length--;
	}
	while (length && strchr(" \t\n\v\f\r", text[length - 1]))
		length--;
	return to_lower(text, length, arena);
}

/* "*" anywhere in the list is for everything. */
static bool is_exempt(const char *list, const struct target *target, struct arena *arena)
{
	for (;;) {
		size_t length = strcspn(list, ",");
		const char *entry = trimmed(list, length, arena);

		if (strcmp(entry, "*") == 0 || (*entry && matches(entry, target, arena)))
			return true;
		if (!list[length])
			return false;
		list += length + 1;
	}
}

/* --- the proxy --- */

static const char *first_set(const char *upper, const char *lower)
{
	const char *value = getenv(upper);

	if (value && *value)
		return value;
	value = getenv(lower);
	return value ? value : "";
}

static const char *default_port(const char *scheme)
{
	return strcmp(scheme, "https") == 0                                       ? "443"
		: strcmp(scheme, "socks5") == 0 || strcmp(scheme, "socks5h") == 0 ? "1080"
										  : "80";
}

/* As libcurl takes it: with Go's port, for its own would be 1080, and with names resolved at the proxy. */
static const char *for_curl(const struct url *proxy, struct arena *arena)
{
	struct url url = *proxy;

	if (!*url_port(&url, arena)) {
		size_t length = strlen(url.host);

		if (length && url.host[length - 1] == ':')
			length--;
		url.host = arena_printf(arena, "%.*s:%s", (int)length, url.host, default_port(url.scheme));
	}
	if (strcmp(url.scheme, "socks5") == 0)
		url.scheme = "socks5h";
	url.path = url.raw_path = url.query = url.fragment = "";
	url.forces_query = false;
	return url_text(&url, arena);
}

/* A proxy of the environment, which may lack its scheme. 1 and the URL; 0 for none, also where the text is no URL, as
 * upstream has it. One without a host upstream takes, and then fails to connect. */
static int parse_proxy(const char *text, struct arena *arena, struct url *ret_url, struct error *err)
{
	AUTO_BUFFER quoted = { 0 };
	struct error ignored;
	bool is_url, is_completed;

	if (!*text)
		return 0;
	is_url = url_parse(text, arena, ret_url, &ignored) == 0;
	if (is_url && *ret_url->scheme && *ret_url->host)
		return 1;
	is_completed = url_parse(arena_printf(arena, "http://%s", text), arena, ret_url, &ignored) == 0;
	if (is_completed && *url_hostname(ret_url, arena))
		return 1;
	if (!is_url && !is_completed)
		return 0;
	quote_text(&quoted, text, strlen(text));
	return error_set(err, ERROR_INVALID, "invalid proxy address %s", buffer_text(&quoted));
}

static int from_environment(const struct url *url, struct arena *arena, const char **ret_proxy, struct error *err)
{
	bool is_secure = strcmp(url->scheme, "https") == 0;
	const char *text = is_secure ? first_set("HTTPS_PROXY", "https_proxy") : first_set("HTTP_PROXY", "http_proxy");
	const char *method = getenv("REQUEST_METHOD");
	struct target target = { 0 };
	struct url proxy;
	const char *host;
	int result = parse_proxy(text, arena, &proxy, err);

	*ret_proxy = NULL;
	if (result < 1)
		return result;
	if (!is_secure && method && *method)
		return error_set(err, ERROR_FAILED,
			"refusing to use HTTP_PROXY value in CGI environment; see golang.org/s/cgihttpproxy");
	host = url_hostname(url, arena);
	target.host = trimmed(host, strlen(host), arena);
	target.port = url_port(url, arena);
	if (!*target.port)
		target.port = default_port(url->scheme);
	target.is_address = parse_address(host, &target.address);
	if (strcmp(host, "localhost") == 0 || (target.is_address && is_loopback(&target.address)) ||
		is_exempt(first_set("NO_PROXY", "no_proxy"), &target, arena))
		return 0;
	*ret_proxy = for_curl(&proxy, arena);
	return 0;
}

int proxy_for(const char *url, const char *configured, struct arena *arena, const char **ret_proxy, struct error *err)
{
	struct url parsed;

	if (configured) {
		if (url_parse(configured, arena, &parsed, err) < 0)
			return -1;
		*ret_proxy = for_curl(&parsed, arena);
		return 0;
	}
	if (url_parse(url, arena, &parsed, err) < 0)
		return -1;
	return from_environment(&parsed, arena, ret_proxy, err);
}
