#include "clusterutils/kube/wire.h"

#include <string.h>
#include <strings.h>

/* The media type alone decides; parameters follow a semicolon. Source: RFC 9110 8.3.1: case does not matter. */
static int is_type(const char *content_type, const char *name)
{
	size_t length = strlen(name);

	content_type += strspn(content_type, " \t");
	if (strncasecmp(content_type, name, length) != 0)
		return 0;
	content_type += length;
	content_type += strspn(content_type, " \t");
	return *content_type == '\0' || *content_type == ';';
}

int wire_of_content_type(const char *content_type)
{
	if (content_type && is_type(content_type, "application/json"))
		return WIRE_JSON;
	if (content_type && is_type(content_type, "application/vnd.kubernetes.protobuf"))
		return WIRE_PROTOBUF;
	return -1;
}
