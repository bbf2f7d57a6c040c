#include "impersonate.h"

#include <ctype.h>
#include <string.h>

/* A character of an HTTP token (RFC 9110 5.6.2), "%" apart. */
static bool is_token(unsigned char c)
{
	return c && c < 0x80 && (isalnum(c) || strchr("!#$&'*+-.^_`|~", c));
}

static void add_line(struct buffer *out, const char *name, const char *value)
{
	buffer_printf(out, "%s: %s", name, value);
	buffer_add_char(out, '\0');
}

static void add_extra(struct buffer *out, const char *key, const char *value)
{
	buffer_add_text(out, "Impersonate-Extra-");
	for (; *key; key++) {
		if (is_token((unsigned char)*key))
			buffer_add_char(out, *key);
		else
			buffer_printf(out, "%%%02X", (unsigned char)*key);
	}
	buffer_printf(out, ": %s", value);
	buffer_add_char(out, '\0');
}

void impersonate_headers(const struct impersonation *impersonation, struct buffer *ret_lines)
{
	if (impersonation->user)
		add_line(ret_lines, "Impersonate-User", impersonation->user);
	if (impersonation->uid)
		add_line(ret_lines, "Impersonate-Uid", impersonation->uid);
	for (size_t i = 0; i < impersonation->group_count; i++)
		add_line(ret_lines, "Impersonate-Group", impersonation->groups[i]);
	for (size_t i = 0; i < impersonation->extra_count; i++)
		for (size_t j = 0; j < impersonation->extra[i].value_count; j++)
			add_extra(ret_lines, impersonation->extra[i].key, impersonation->extra[i].values[j]);
}
