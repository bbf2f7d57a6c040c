#include "url.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static bool is_unreserved(unsigned char c)
{
	return c < 0x80 && (isalnum(c) || strchr("-_.~", c));
}

void url_add_escaped(struct buffer *out, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (is_unreserved(c))
			buffer_add_char(out, (char)c);
		else if (c == ' ')
			buffer_add_char(out, '+');
		else
			buffer_printf(out, "%%%02X", c);
	}
}

/* A path is made of our own words and of names, which may hold anything. */
static void add_path(struct buffer *out, const char *path)
{
	for (; *path; path++) {
		unsigned char c = (unsigned char)*path;

		if (is_unreserved(c) || strchr("/:@!$&'()*+,;=", c))
			buffer_add_char(out, (char)c);
		else
			buffer_printf(out, "%%%02X", c);
	}
}

void url_add_request(struct buffer *out, const char *base, const struct request *request)
{
	buffer_add_text(out, base);
	add_path(out, request->path);
	for (size_t i = 0; i < request->parameter_count; i++) {
		buffer_add_char(out, i ? '&' : '?');
		url_add_escaped(out, request->parameters[i].name);
		buffer_add_char(out, '=');
		url_add_escaped(out, request->parameters[i].value);
	}
}

/* The next part of a path into `part`; what follows it. */
static const char *next_part(const char *path, char part[256])
{
	size_t length;

	path += *path == '/';
	length = strcspn(path, "/");
	snprintf(part, 256, "%.*s", (int)(length < 255 ? length : 255), path);
	return path + length;
}

/* /api/VERSION/… and /apis/GROUP/VERSION/…, then namespaces/NAME/ and RESOURCE/NAME. */
struct url_resource url_resource_of(const char *path)
{
	struct url_resource found = { "", "" };
	char part[256], group[256] = "", resource[256];

	path = next_part(path, part);
	if (strcmp(part, "apis") == 0)
		path = next_part(path, group);
	else if (strcmp(part, "api") != 0)
		return found;
	path = next_part(path, part); /* the version */
	path = next_part(path, resource);
	path = next_part(path, found.name);
	if (strcmp(resource, "namespaces") == 0 && *path == '/') {
		path = next_part(path, resource);
		next_part(path, found.name);
	}
	if (*resource)
		snprintf(found.resource, sizeof(found.resource), "%.60s%s%.60s", resource, *group ? "." : "", group);
	return found;
}
