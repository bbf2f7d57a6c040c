#include "clusterutils/model/image.h"

#include <string.h>

#include "clusterutils/util/text.h"

enum { MAX_REPOSITORY = 255, MAX_TAG = 128, MIN_DIGEST = 32, IDENTIFIER = 64 };

static const char lower[] = "abcdefghijklmnopqrstuvwxyz0123456789";
static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
static const char hexadecimal[] = "0123456789abcdefABCDEF";

/* A part of a name, which is not followed by a NUL. */
struct part {
	const char *text; /* NULL where it is not there */
	size_t length;
};

struct reference {
	struct part domain; /* with its port */
	struct part path;
	struct part tag;
	struct part digest;
};

bool image_has_digest(const char *name)
{
	return strchr(name, '@');
}

const char *image_tag(const char *name)
{
	const char *slash = strrchr(name, '/');
	const char *colon = strchr(slash ? slash : name, ':');

	return image_has_digest(name) || !colon ? NULL : colon + 1;
}

static bool part_is(struct part part, const char *text)
{
	return strlen(text) == part.length && memcmp(part.text, text, part.length) == 0;
}

static bool part_has(struct part part, const char *set)
{
	for (size_t i = 0; i < part.length; i++)
		if (strchr(set, part.text[i]))
			return true;
	return false;
}

static bool part_is_of(struct part part, const char *set)
{
	for (size_t i = 0; i < part.length; i++)
		if (!strchr(set, part.text[i]))
			return false;
	return true;
}

/* Cuts off what follows the character at this place, which goes too; nothing where that is NULL. */
static struct part cut(struct part *part, const char *at)
{
	struct part rest = { 0 };

	if (!at)
		return rest;
	rest.text = at + 1;
	rest.length = part->length - (size_t)(at + 1 - part->text);
	part->length = (size_t)(at - part->text);
	return rest;
}

static const char *last_in(struct part part, char c)
{
	for (size_t i = part.length; i-- > 0;)
		if (part.text[i] == c)
			return part.text + i;
	return NULL;
}

/* Runs of small letters and digits, parted by one '.', one or two '_', or any number of '-'. */
static bool is_path_component(struct part part)
{
	for (size_t at = 0; at < part.length;) {
		size_t start = at;
		char separator;

		while (at < part.length && strchr(lower, part.text[at]))
			at++;
		if (at == start)
			return false;
		if (at == part.length)
			return true;
		separator = part.text[at];
		start = at;
		while (at < part.length && part.text[at] == separator)
			at++;
		if (!strchr("._-", separator) || (separator == '.' && at - start > 1) ||
			(separator == '_' && at - start > 2))
			return false;
	}
	return false;
}

static bool is_path(struct part part)
{
	for (;;) {
		struct part rest = cut(&part, memchr(part.text, '/', part.length));

		if (!is_path_component(part))
			return false;
		if (!rest.text)
			return true;
		part = rest;
	}
}

/* A host name or an address in brackets, and a port. */
static bool is_domain(struct part part)
{
	struct part port = { 0 };

	if (part.length && *part.text == '[') {
		struct part rest = cut(&part, memchr(part.text, ']', part.length));
		struct part address = { part.text + 1, part.length - 1 };

		if (!rest.text || !address.length || !part_is_of(address, "0123456789abcdefABCDEF:"))
			return false;
		return !rest.length ||
			(rest.length > 1 && *rest.text == ':' &&
				part_is_of((struct part){ rest.text + 1, rest.length - 1 }, "0123456789"));
	}
	port = cut(&part, memchr(part.text, ':', part.length));
	if (port.text && (!port.length || !part_is_of(port, "0123456789")))
		return false;
	for (;;) {
		struct part rest = cut(&part, memchr(part.text, '.', part.length));

		if (!part.length || !strchr(letters, *part.text) || !strchr(letters, part.text[part.length - 1]))
			return false;
		for (size_t i = 0; i < part.length; i++)
			if (part.text[i] != '-' && !strchr(letters, part.text[i]))
				return false;
		if (!rest.text)
			return true;
		part = rest;
	}
}

static bool is_tag(struct part part)
{
	struct part first = { part.text, 1 };

	for (size_t i = 0; i < part.length; i++)
		if (!strchr(letters, part.text[i]) && !strchr("_.-", part.text[i]))
			return false;
	return part.length && part.length <= MAX_TAG && !part_has(first, ".-");
}

static bool is_digest(struct part part)
{
	struct part algorithm = part, value = cut(&algorithm, memchr(part.text, ':', part.length));

	for (size_t i = 0; i < algorithm.length; i++)
		if (!strchr(letters, algorithm.text[i]) && !strchr("+._-", algorithm.text[i]))
			return false;
	return algorithm.length && value.text && value.length >= MIN_DIGEST && part_is_of(value, hexadecimal);
}

/* What stands before the first slash is a registry if it could not be a part of a path on Docker Hub. */
static void split_domain(struct reference *reference)
{
	struct part first = reference->path, rest = cut(&first, memchr(first.text, '/', first.length));

	if (!rest.text)
		return;
	if (!part_has(first, ".:ABCDEFGHIJKLMNOPQRSTUVWXYZ") && !part_is(first, "localhost"))
		return;
	reference->domain = first;
	reference->path = rest;
}

static bool parse(const char *name, struct reference *ret_reference)
{
	struct reference reference = { .path = { name, strlen(name) } };
	const char *slash, *colon;

	/* The id of an image, with its algorithm or without. */
	if (text_starts_with(name, "sha256:") ||
		(reference.path.length == IDENTIFIER && part_is_of(reference.path, "0123456789abcdef")))
		return false;
	reference.digest = cut(&reference.path, memchr(name, '@', reference.path.length));
	split_domain(&reference);
	slash = last_in(reference.path, '/');
	colon = last_in(reference.path, ':');
	if (colon && (!slash || colon > slash))
		reference.tag = cut(&reference.path, colon);
	*ret_reference = reference;
	return (!reference.domain.text || is_domain(reference.domain)) && is_path(reference.path) &&
		reference.domain.length + reference.path.length <= MAX_REPOSITORY &&
		(!reference.tag.text || is_tag(reference.tag)) &&
		(!reference.digest.text || is_digest(reference.digest));
}

const char *image_normalize(const char *name, struct arena *arena)
{
	struct reference reference;
	struct part domain, tag = { "latest", strlen("latest") };
	bool is_hub;

	if (!parse(name, &reference))
		return name;
	domain = reference.domain;
	is_hub = !domain.text || part_is(domain, "docker.io") || part_is(domain, "index.docker.io");
	if (is_hub)
		domain = (struct part){ "docker.io", strlen("docker.io") };
	if (reference.tag.text)
		tag = reference.tag;
	return arena_printf(arena, "%.*s/%s%.*s%s%.*s", (int)domain.length, domain.text,
		is_hub && !memchr(reference.path.text, '/', reference.path.length) ? "library/" : "",
		(int)reference.path.length, reference.path.text, reference.digest.text ? "@" : ":",
		(int)(reference.digest.text ? reference.digest.length : tag.length),
		reference.digest.text ? reference.digest.text : tag.text);
}
