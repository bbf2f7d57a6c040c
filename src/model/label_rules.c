#include "clusterutils/model/label_rules.h"

#include <stddef.h>
#include <string.h>

enum { NAME_MAX_LENGTH = 63, PREFIX_MAX_LENGTH = 253 };

#define NAME_RULE \
	"must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric " \
	"character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " \
	"'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
#define PREFIX_RULE \
	"a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must " \
	"start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is " \
	"'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
#define VALUE_RULE \
	"a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must " \
	"start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for " \
	"validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"

static bool is_lower_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_alphanumeric(char c)
{
	return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z');
}

/* Not empty, letters and digits at both ends, "-_." between them. */
static bool is_name(const char *text, size_t length)
{
	if (length == 0 || !is_alphanumeric(text[0]) || !is_alphanumeric(text[length - 1]))
		return false;
	for (size_t i = 0; i < length; i++)
		if (!is_alphanumeric(text[i]) && text[i] != '-' && text[i] != '_' && text[i] != '.')
			return false;
	return true;
}

/* Parts joined by dots, each with a lower case letter or digit at both ends. */
static bool is_subdomain(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		bool first = i == 0 || text[i - 1] == '.', last = i + 1 == length || text[i + 1] == '.';

		if (is_lower_or_digit(text[i]))
			continue;
		if (first || last || (text[i] != '-' && text[i] != '.'))
			return false;
	}
	return length > 0;
}

static void add(struct buffer *out, size_t start, const char *sentence)
{
	if (out->length > start)
		buffer_add_text(out, "; ");
	buffer_add_text(out, sentence);
}

static void check_prefix(const char *prefix, size_t length, size_t start, struct buffer *out)
{
	if (length == 0) {
		add(out, start, "prefix part must be non-empty");
		return;
	}
	if (length > PREFIX_MAX_LENGTH)
		add(out, start, "prefix part must be no more than 253 characters");
	if (!is_subdomain(prefix, length))
		add(out, start, "prefix part " PREFIX_RULE);
}

bool label_key_problems(const char *key, struct buffer *out)
{
	const char *slash = strchr(key, '/'), *name = slash ? slash + 1 : key;
	size_t start = out->length, length = strlen(name);

	if (slash && strchr(name, '/')) {
		add(out, start,
			"a qualified name " NAME_RULE " with an optional DNS subdomain prefix and '/' (e.g. "
			"'example.com/MyName')");
		return true;
	}
	if (slash)
		check_prefix(key, (size_t)(slash - key), start, out);
	if (length == 0)
		add(out, start, "name part must be non-empty");
	else if (length > NAME_MAX_LENGTH)
		add(out, start, "name part must be no more than 63 characters");
	if (!is_name(name, length))
		add(out, start, "name part " NAME_RULE);
	return out->length > start;
}

bool label_value_problems(const char *value, struct buffer *out)
{
	size_t start = out->length, length = strlen(value);

	if (length > NAME_MAX_LENGTH)
		add(out, start, "must be no more than 63 characters");
	if (length > 0 && !is_name(value, length))
		add(out, start, VALUE_RULE);
	return out->length > start;
}
