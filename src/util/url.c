#include "clusterutils/util/url.h"

#include <ctype.h>
#include <string.h>

#include "clusterutils/util/buffer.h"
#include "clusterutils/util/quote.h"
#include "clusterutils/util/text.h"

enum part { PART_PATH, PART_HOST, PART_ZONE, PART_USER };

/* The cause alone; the callers put `parse "TEXT": ` in front. */
static int fail(struct error *err, const char *before, const char *quoted, size_t length, const char *after)
{
	AUTO_BUFFER sentence = { 0 };

	buffer_add_text(&sentence, before);
	if (quoted)
		quote_text(&sentence, quoted, length);
	buffer_add_text(&sentence, after);
	return error_set(err, ERROR_INVALID, "%s", buffer_text(&sentence));
}

static bool is_unreserved(unsigned char c)
{
	return c < 0x80 && (isalnum(c) || strchr("-_.~", c));
}

/* Whether a byte is written as %XX in this part. */
static bool is_escaped(unsigned char c, enum part part)
{
	if (is_unreserved(c))
		return false;
	if (c == '\0' || c >= 0x80)
		return true;
	switch (part) {
	case PART_HOST:
	case PART_ZONE:
		return !strchr("!$&'()*+,;=:[]<>\"", c);
	case PART_USER:
		return !strchr("$&+,;=", c);
	default:
		return !strchr("$&+,/:;=@", c);
	}
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int decode(const char *text, size_t length, enum part part, struct arena *arena, const char **ret_decoded,
	struct error *err)
{
	AUTO_BUFFER out = { 0 };

	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '%') {
			int high = i + 2 < length ? hex_value(text[i + 1]) : -1;
			int low = i + 2 < length ? hex_value(text[i + 2]) : -1;

			if (high < 0 || low < 0)
				return fail(err, "invalid URL escape ", text + i, length - i < 3 ? length - i : 3, "");
			/* In a host only what is no ASCII may be escaped, but for the zone's own percent sign. */
			if (part == PART_HOST && high < 8 && strncmp(text + i, "%25", 3) != 0)
				return fail(err, "invalid URL escape ", text + i, 3, "");
			if (high == 0 && low == 0)
				return fail(err, "invalid URL escape ", text + i, 3, "");
			buffer_add_char(&out, (char)(high << 4 | low));
			i += 2;
			continue;
		}
		if ((part == PART_HOST || part == PART_ZONE) && c < 0x80 && is_escaped(c, part))
			return fail(err, "invalid character ", text + i, 1, " in host name");
		buffer_add_char(&out, (char)c);
	}
	*ret_decoded = arena_copy(arena, buffer_text(&out), out.length);
	return 0;
}

static void encode(const char *text, enum part part, struct buffer *out)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (is_escaped(c, part))
			buffer_printf(out, "%%%02X", c);
		else
			buffer_add_char(out, (char)c);
	}
}

const char *url_encode_path(const char *path, struct arena *arena)
{
	AUTO_BUFFER out = { 0 };

	encode(path, PART_PATH, &out);
	return arena_copy(arena, buffer_text(&out), out.length);
}

static bool is_optional_port(const char *text, size_t length)
{
	if (length == 0)
		return true;
	if (text[0] != ':')
		return false;
	for (size_t i = 1; i < length; i++)
		if (!isdigit((unsigned char)text[i]))
			return false;
	return true;
}

static const char *find_last(const char *text, size_t length, char c)
{
	while (length-- > 0)
		if (text[length] == c)
			return text + length;
	return NULL;
}

static int parse_host(const char *text, size_t length, struct arena *arena, struct url *url, struct error *err)
{
	const char *end = text + length, *port = find_last(text, length, ':');
	const char *zone = NULL;

	if (length && text[0] == '[') {
		const char *bracket = find_last(text, length, ']');
		const char *before = "", *after = "";

		if (!bracket)
			return fail(err, "missing ']' in host", NULL, 0, "");
		port = bracket + 1;
		for (const char *at = text; at + 3 <= bracket && !zone; at++)
			if (strncmp(at, "%25", 3) == 0)
				zone = at;
		if (!is_optional_port(port, (size_t)(end - port)))
			return fail(err, "invalid port ", port, (size_t)(end - port), " after host");
		if (zone) {
			if (decode(text, (size_t)(zone - text), PART_HOST, arena, &before, err) < 0 ||
				decode(zone, (size_t)(bracket - zone), PART_ZONE, arena, &after, err) < 0)
				return -1;
			url->host = arena_printf(arena, "%s%s%.*s", before, after, (int)(end - bracket), bracket);
			return 0;
		}
	} else if (port && !is_optional_port(port, (size_t)(end - port))) {
		return fail(err, "invalid port ", port, (size_t)(end - port), " after host");
	}
	return decode(text, length, PART_HOST, arena, &url->host, err);
}

static int parse_user(const char *text, size_t length, struct arena *arena, struct url *url, struct error *err)
{
	const char *colon = memchr(text, ':', length);
	size_t name_length = colon ? (size_t)(colon - text) : length;

	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] >= 0x80 ||
			(!isalnum((unsigned char)text[i]) && !strchr("-._:~!$&'()*+,;=%@", text[i])))
			return fail(err, "net/url: invalid userinfo", NULL, 0, "");
	url->has_user = true;
	url->has_password = colon != NULL;
	if (decode(text, name_length, PART_USER, arena, &url->user, err) < 0)
		return -1;
	return colon ? decode(colon + 1, length - name_length - 1, PART_USER, arena, &url->password, err) : 0;
}

static int parse_authority(const char *text, size_t length, struct arena *arena, struct url *url, struct error *err)
{
	const char *at = find_last(text, length, '@');
	const char *host = at ? at + 1 : text;

	if (parse_host(host, length - (size_t)(host - text), arena, url, err) < 0)
		return -1;
	return at ? parse_user(text, (size_t)(at - text), arena, url, err) : 0;
}

static int parse_path(const char *text, struct arena *arena, struct url *url, struct error *err)
{
	if (decode(text, strlen(text), PART_PATH, arena, &url->path, err) < 0)
		return -1;
	url->raw_path = strcmp(url_encode_path(url->path, arena), text) == 0 ? "" : arena_text(arena, text);
	return 0;
}

/* Cuts the scheme off: *ret_rest is what follows its colon, or all. */
static int parse_scheme(
	const char *text, struct arena *arena, struct url *url, const char **ret_rest, struct error *err)
{
	char *scheme;

	*ret_rest = text;
	for (const char *at = text; *at; at++) {
		if (isalpha((unsigned char)*at))
			continue;
		if (*at == ':' && at == text)
			return fail(err, "missing protocol scheme", NULL, 0, "");
		if (*at == ':') {
			scheme = arena_copy(arena, text, (size_t)(at - text));
			for (char *c = scheme; *c; c++)
				*c = (char)tolower((unsigned char)*c);
			url->scheme = scheme;
			*ret_rest = at + 1;
			return 0;
		}
		if (at == text || !(isdigit((unsigned char)*at) || strchr("+-.", *at)))
			return 0;
	}
	return 0;
}

/* The query is cut off and noted. */
static const char *parse_query(const char *text, struct arena *arena, struct url *url)
{
	const char *mark = strchr(text, '?');

	if (!mark)
		return text;
	url->forces_query = mark[1] == '\0';
	url->query = arena_text(arena, mark + 1);
	return arena_copy(arena, text, (size_t)(mark - text));
}

static bool first_segment_has_colon(const char *text)
{
	const char *colon = strchr(text, ':'), *slash = strchr(text, '/');

	return colon && (!slash || colon < slash);
}

static int parse_parts(const char *text, bool is_request, struct arena *arena, struct url *url, struct error *err)
{
	const char *rest;

	for (const char *at = text; *at; at++)
		if ((unsigned char)*at < 0x20 || *at == 0x7f)
			return fail(err, "net/url: invalid control character in URL", NULL, 0, "");
	if (!*text && is_request)
		return fail(err, "empty url", NULL, 0, "");
	if (strcmp(text, "*") == 0) {
		url->path = "*";
		return 0;
	}
	if (parse_scheme(text, arena, url, &rest, err) < 0)
		return -1;
	rest = parse_query(rest, arena, url);
	if (rest[0] != '/') {
		if (*url->scheme) {
			url->opaque = arena_text(arena, rest);
			return 0;
		}
		if (is_request)
			return fail(err, "invalid URI for request", NULL, 0, "");
		if (first_segment_has_colon(rest))
			return fail(err, "first path segment in URL cannot contain colon", NULL, 0, "");
	}
	if (text_starts_with(rest, "//") && (*url->scheme || (!is_request && !text_starts_with(rest, "///")))) {
		size_t length = strcspn(rest + 2, "/");

		if (parse_authority(rest + 2, length, arena, url, err) < 0)
			return -1;
		rest += 2 + length;
	} else if (*url->scheme && rest[0] == '/') {
		url->omits_host = true;
	}
	return parse_path(rest, arena, url, err);
}

static int parse(const char *text, bool is_request, struct arena *arena, struct url *ret_url, struct error *err)
{
	const char *mark = is_request ? NULL : strchr(text, '#');
	const char *whole = mark ? arena_copy(arena, text, (size_t)(mark - text)) : text;
	AUTO_BUFFER quoted = { 0 };

	*ret_url = (struct url){ "", "", false, false, "", "", "", "", "", false, false, "", "" };
	if (parse_parts(whole, is_request, arena, ret_url, err) == 0) {
		if (!mark || decode(mark + 1, strlen(mark + 1), PART_PATH, arena, &ret_url->fragment, err) == 0)
			return 0;
		whole = text;
	}
	quote_text(&quoted, whole, strlen(whole));
	return error_wrap(err, "parse %s", buffer_text(&quoted));
}

int url_parse(const char *text, struct arena *arena, struct url *ret_url, struct error *err)
{
	return parse(text, false, arena, ret_url, err);
}

int url_parse_request(const char *text, struct arena *arena, struct url *ret_url, struct error *err)
{
	return parse(text, true, arena, ret_url, err);
}

/* --- writing --- */

static bool is_valid_encoding(const char *path)
{
	for (; *path; path++)
		if (!strchr("!$&'()*+,;=:@[]%", *path) && is_escaped((unsigned char)*path, PART_PATH))
			return false;
	return true;
}

static void add_path(const struct url *url, struct buffer *out)
{
	bool use_raw = *url->raw_path && is_valid_encoding(url->raw_path);
	size_t start = out->length;

	if (use_raw)
		buffer_add_text(out, url->raw_path);
	else if (strcmp(url->path, "*") == 0)
		buffer_add_char(out, '*');
	else
		encode(url->path, PART_PATH, out);
	if (out->length > start && out->bytes[start] != '/' && *url->host) {
		AUTO_BUFFER path = { 0 };

		buffer_add_text(&path, out->bytes + start);
		buffer_cut(out, start);
		buffer_printf(out, "/%s", buffer_text(&path));
	}
}

static void add_authority(const struct url *url, struct buffer *out)
{
	if (url->omits_host && !*url->host && !url->has_user)
		return;
	if (*url->host || *url->path || url->has_user)
		buffer_add_text(out, "//");
	if (url->has_user) {
		encode(url->user, PART_USER, out);
		if (url->has_password) {
			buffer_add_char(out, ':');
			encode(url->password, PART_USER, out);
		}
		buffer_add_char(out, '@');
	}
	encode(url->host, PART_HOST, out);
}

const char *url_text(const struct url *url, struct arena *arena)
{
	AUTO_BUFFER out = { 0 };

	if (*url->scheme)
		buffer_printf(&out, "%s:", url->scheme);
	if (*url->opaque) {
		buffer_add_text(&out, url->opaque);
	} else {
		if (*url->scheme || *url->host || url->has_user)
			add_authority(url, &out);
		add_path(url, &out);
	}
	if (url->forces_query || *url->query)
		buffer_printf(&out, "?%s", url->query);
	if (*url->fragment) {
		buffer_add_char(&out, '#');
		encode(url->fragment, PART_PATH, &out);
	}
	return arena_copy(arena, buffer_text(&out), out.length);
}

const char *url_hostname(const struct url *url, struct arena *arena)
{
	const char *colon = strrchr(url->host, ':'), *bracket = strchr(url->host, ']');

	if (url->host[0] == '[' && bracket)
		return arena_copy(arena, url->host + 1, (size_t)(bracket - url->host) - 1);
	return colon ? arena_copy(arena, url->host, (size_t)(colon - url->host)) : url->host;
}

const char *url_port(const struct url *url, struct arena *arena)
{
	const char *colon = strrchr(url->host, ':'), *bracket = strrchr(url->host, ']');

	if (!colon || (bracket && colon < bracket))
		return "";
	return arena_text(arena, colon + 1);
}
