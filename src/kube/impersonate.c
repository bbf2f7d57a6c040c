#include "impersonate.h"

#include <ctype.h>
#include <string.h>

/* A character of an HTTP token (RFC 9110 5.6.2), "%" apart. */
static bool is_token(unsigned char c)
{
	return c && c < 0x80 && (isalnum(c) || strchr("!#$&'*+-.^_`|~", c));
}

static void add_value(struct buffer *out, const char *value)
{
	buffer_printf(out, "%s%s", *value ? ": " : ";", value);
	buffer_add_char(out, '\0');
}

static void add_line(struct buffer *out, const char *name, const char *value)
{
	buffer_add_text(out, name);
	add_value(out, value);
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
	add_value(out, value);
}

int impersonate_check_value(const char *header, const char *value, struct error *err)
{
	for (const char *c = value; *c; c++)
		if (((unsigned char)*c < 0x20 && *c != '\t') || *c == 0x7f)
			return error_set_whole(err, ERROR_INVALID,
				"Unable to connect to the server: net/http: invalid header field value for \"%s\"",
				header);
	return 0;
}

int impersonate_check(const struct impersonation *impersonation, struct error *err)
{
	if (impersonation->user && impersonate_check_value("Impersonate-User", impersonation->user, err) < 0)
		return -1;
	if (impersonation->uid && impersonate_check_value("Impersonate-Uid", impersonation->uid, err) < 0)
		return -1;
	for (size_t i = 0; i < impersonation->group_count; i++)
		if (impersonate_check_value("Impersonate-Group", impersonation->groups[i], err) < 0)
			return -1;
	for (size_t i = 0; i < impersonation->extra_count; i++)
		for (size_t j = 0; j < impersonation->extra[i].value_count; j++)
			if (impersonate_check_value("Impersonate-Extra", impersonation->extra[i].values[j], err) < 0)
				return -1;
	return 0;
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
