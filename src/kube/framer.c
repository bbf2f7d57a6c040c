#include "clusterutils/kube/framer.h"

#include <string.h>

#include "clusterutils/util/memory.h"

enum byte_class { PLAIN, SPACE, NEWLINE, QUOTE, OPEN, CLOSE, COMMA, COLON };

static const uint8_t classes[256] = {
	[' '] = SPACE,
	['\t'] = SPACE,
	['\r'] = SPACE,
	['\n'] = NEWLINE,
	['"'] = QUOTE,
	['{'] = OPEN,
	['['] = OPEN,
	['}'] = CLOSE,
	[']'] = CLOSE,
	[','] = COMMA,
	[':'] = COLON,
};

void framer_init(struct framer *framer, const struct framer_events *events, void *context)
{
	*framer = (struct framer){ .events = events, .context = context, .line = 1 };
}

void framer_release(struct framer *framer)
{
	buffer_release(&framer->envelope);
	buffer_release(&framer->object);
}

static bool in_item(const struct framer *framer)
{
	return framer->items_depth && framer->depth > framer->items_depth;
}

static struct buffer *target(struct framer *framer)
{
	return in_item(framer) ? &framer->object : &framer->envelope;
}

static int invalid(const struct framer *framer, const char *what, struct error *err)
{
	return error_set(err, ERROR_INVALID, "line %llu: %s", (unsigned long long)framer->line, what);
}

/* --- what the structure of the text means --- */

static int begin_list(struct framer *framer, struct error *err)
{
	size_t length = framer->envelope.length;
	int result;

	framer->items_depth = framer->depth;
	framer->is_list = true;
	if (!framer->events->on_list || framer->depth != 2)
		return 0;
	buffer_add_text(&framer->envelope, "]}");
	result = framer->events->on_list(framer->context, framer->envelope.bytes, length + 2, err);
	buffer_cut(&framer->envelope, length);
	return result;
}

/* The object of an event goes where an item of a list goes; it is handed out when the whole event is there. */
static bool begins_event_object(const struct framer *framer, char c)
{
	return framer->after_object_key && framer->depth == 1 && c == '{' && framer->events->on_event &&
		!framer->is_event;
}

static int open_bracket(struct framer *framer, char c, struct error *err)
{
	if (framer->depth == FRAMER_MAX_DEPTH)
		return error_set(err, ERROR_INVALID, "line %llu: nested deeper than %d levels",
			(unsigned long long)framer->line, FRAMER_MAX_DEPTH);
	if (begins_event_object(framer, c)) {
		buffer_clear(&framer->object);
		framer->is_event = true;
		framer->items_depth = framer->depth;
	} else if (framer->items_depth && framer->depth == framer->items_depth) {
		if (c != '{')
			return invalid(framer, "an item of the list is not an object", err);
		buffer_clear(&framer->object);
		framer->object_line = framer->line;
	} else if (framer->depth == 0) {
		buffer_clear(&framer->envelope);
		framer->object_line = framer->line;
	}
	framer->depth++;
	framer->is_object[framer->depth] = c == '{';
	if (framer->after_metadata_key && c == '{' && !framer->skip_depth)
		framer->metadata_depth = framer->depth;
	buffer_add_char(target(framer), c);
	if (c == '[' && !framer->events->on_event &&
		(framer->depth == 1 || (framer->depth == 2 && framer->after_items_key)))
		return begin_list(framer, err);
	return 0;
}

static int hand_out(struct framer *framer, struct buffer *text, struct error *err)
{
	framer->objects++;
	return framer->events->on_object(framer->context, text->bytes, text->length, framer->object_line, err);
}

static int hand_out_event(struct framer *framer, struct error *err)
{
	const struct buffer *event = &framer->envelope, *object = &framer->object;

	framer->is_event = false;
	framer->objects++;
	return framer->events->on_event(
		framer->context, event->bytes, event->length, object->bytes, object->length, err);
}

/* An item of a list is complete, or the object of an event. */
static int close_item(struct framer *framer, struct error *err)
{
	int result = 0;

	if (framer->is_event) {
		framer->items_depth = 0;
		buffer_add_text(&framer->envelope, "null");
		return 0;
	}
	result = hand_out(framer, &framer->object, err);
	buffer_clear(&framer->object);
	return result;
}

static int close_bracket(struct framer *framer, char c, struct error *err)
{
	struct buffer *text = target(framer);

	if (framer->depth == 0 || framer->is_object[framer->depth] != (c == '}'))
		return invalid(framer,
			framer->depth && framer->is_object[framer->depth] ? "'}' expected"
				: framer->depth                           ? "']' expected"
									  : "bracket without a beginning",
			err);
	buffer_add_char(text, c);
	if (framer->depth == framer->metadata_depth)
		framer->metadata_depth = 0;
	if (framer->depth == framer->items_depth)
		framer->items_depth = 0;
	framer->depth--;
	if (framer->items_depth && framer->depth == framer->items_depth)
		return close_item(framer, err);
	if (framer->depth > 0)
		return 0;
	if (framer->is_event)
		return hand_out_event(framer, err);
	if (!framer->is_list)
		return hand_out(framer, text, err);
	framer->is_list = false;
	return c == '}' && framer->events->on_list_end
		? framer->events->on_list_end(framer->context, text->bytes, text->length, err)
		: 0;
}

static bool last_string_is(const struct framer *framer, const struct buffer *text, const char *name)
{
	size_t length = strlen(name);

	return text->length == framer->string_start + length + 2 &&
		memcmp(text->bytes + framer->string_start + 1, name, length) == 0;
}

/* A key has been read. */
static void colon(struct framer *framer)
{
	struct buffer *text = target(framer);

	if (framer->metadata_depth && framer->depth == framer->metadata_depth &&
		last_string_is(framer, text, "managedFields")) {
		framer->skip_depth = framer->depth;
		buffer_cut(text, framer->string_start);
		if (text->length && text->bytes[text->length - 1] == ',')
			buffer_cut(text, text->length - 1);
		return;
	}
	framer->after_object_key = framer->depth == 1 && last_string_is(framer, text, "object");
	framer->after_items_key = framer->depth == 1 &&
		last_string_is(framer, text, framer->events->items ? framer->events->items : "items");
	framer->after_metadata_key = last_string_is(framer, text, "metadata");
	buffer_add_char(text, ':');
}

static int comma(struct framer *framer, struct error *err)
{
	struct buffer *text = target(framer);

	if (framer->depth == 0)
		return invalid(framer, "',' between two documents", err);
	framer->after_object_key = framer->after_items_key = framer->after_metadata_key = false;
	if (framer->depth == framer->items_depth)
		return 0;
	/* The member before it may have been left out. */
	if (text->length && text->bytes[text->length - 1] != '{')
		buffer_add_char(text, ',');
	return 0;
}

/* --- the bytes --- */

/* Eight bytes at a time while none of them is `a` or `b`: strings and indentation are most of what is read. A byte is
 * zero after the exclusive or exactly where it is the one looked for. */
static bool has_byte(uint64_t word, char wanted)
{
	const uint64_t ones = 0x0101010101010101ULL;
	uint64_t found = word ^ (ones * (unsigned char)wanted);

	return (found - ones) & ~found & (ones << 7);
}

static size_t span_without(const char *bytes, size_t length, char a, char b)
{
	size_t at = 0;
	uint64_t word;

	for (; at + sizeof(word) <= length; at += sizeof(word)) {
		memcpy(&word, bytes + at, sizeof(word));
		if (has_byte(word, a) || has_byte(word, b))
			break;
	}
	while (at < length && bytes[at] != a && bytes[at] != b)
		at++;
	return at;
}

static size_t span_of_spaces(const char *bytes, size_t length)
{
	const uint64_t spaces = 0x2020202020202020ULL;
	size_t at = 0;
	uint64_t word;

	for (; at + sizeof(word) <= length; at += sizeof(word)) {
		memcpy(&word, bytes + at, sizeof(word));
		if (word != spaces)
			break;
	}
	while (at < length && bytes[at] == ' ')
		at++;
	return at;
}

/* Up to the quote that ends the string, or the end of the chunk. Returns the bytes taken. */
static size_t read_string(struct framer *framer, const char *bytes, size_t length)
{
	size_t at = 0;

	while (at < length && framer->in_string) {
		if (framer->after_backslash) {
			framer->after_backslash = false;
			at++;
			continue;
		}
		at += span_without(bytes + at, length - at, '"', '\\');
		if (at == length)
			break;
		framer->after_backslash = bytes[at] == '\\';
		framer->in_string = framer->after_backslash;
		at++;
	}
	if (!framer->skip_depth)
		buffer_add(target(framer), bytes, at);
	return at;
}

/* A run of digits, letters and whatever else is no structure. */
static int read_plain(struct framer *framer, const char *bytes, size_t length, size_t *ret_taken, struct error *err)
{
	size_t at = 1;

	if (framer->depth == 0)
		return invalid(framer, "no JSON object", err);
	if (framer->depth == framer->items_depth)
		return invalid(framer, "an item of the list is not an object", err);
	while (at < length && classes[(unsigned char)bytes[at]] == PLAIN)
		at++;
	if (!framer->skip_depth)
		buffer_add(target(framer), bytes, at);
	*ret_taken = at;
	return 0;
}

static int begin_string(struct framer *framer, struct error *err)
{
	struct buffer *text = target(framer);

	if (framer->depth == 0 || framer->depth == framer->items_depth)
		return invalid(framer, framer->depth ? "an item of the list is not an object" : "no JSON object", err);
	framer->in_string = true;
	if (framer->skip_depth)
		return 0;
	framer->string_start = text->length;
	buffer_add_char(text, '"');
	return 0;
}

/* Inside a value that is left out only its end matters. */
static int skip_structure(struct framer *framer, char c, enum byte_class class, bool *ret_taken, struct error *err)
{
	bool at_member = framer->depth == framer->skip_depth;

	*ret_taken = true;
	if (at_member && (class == COMMA || class == CLOSE)) {
		framer->skip_depth = 0;
		*ret_taken = false;
		return 0;
	}
	if (class == OPEN) {
		if (framer->depth == FRAMER_MAX_DEPTH)
			return invalid(framer, "nested too deep", err);
		framer->is_object[++framer->depth] = c == '{';
	} else if (class == CLOSE) {
		if (framer->is_object[framer->depth] != (c == '}'))
			return invalid(framer, "brackets do not match", err);
		framer->depth--;
	}
	return 0;
}

static int structure(struct framer *framer, char c, enum byte_class class, struct error *err)
{
	bool taken = false;

	if (framer->skip_depth && skip_structure(framer, c, class, &taken, err) < 0)
		return -1;
	if (taken)
		return 0;
	switch (class) {
	case OPEN:
		return open_bracket(framer, c, err);
	case CLOSE:
		return close_bracket(framer, c, err);
	case COMMA:
		return comma(framer, err);
	default:
		if (framer->depth == 0 || !framer->is_object[framer->depth])
			return invalid(framer, "unexpected ':'", err);
		colon(framer);
		return 0;
	}
}

int framer_feed(struct framer *framer, const char *bytes, size_t length, struct error *err)
{
	for (size_t at = 0, taken; at < length; at += taken) {
		enum byte_class class = classes[(unsigned char)bytes[at]];

		taken = 1;
		if (framer->in_string) {
			taken = read_string(framer, bytes + at, length - at);
			continue;
		}
		switch (class) {
		case NEWLINE:
			framer->line++;
			/* fall through */
		case SPACE:
			taken += span_of_spaces(bytes + at + 1, length - at - 1);
			break;
		case QUOTE:
			if (begin_string(framer, err) < 0)
				return -1;
			break;
		case PLAIN:
			if (read_plain(framer, bytes + at, length - at, &taken, err) < 0)
				return -1;
			break;
		default:
			if (structure(framer, bytes[at], class, err) < 0)
				return -1;
		}
	}
	if (framer->object.length > FRAMER_MAX_OBJECT || framer->envelope.length > FRAMER_MAX_OBJECT)
		return error_set(err, ERROR_INVALID, "line %llu: the object is larger than %d MiB",
			(unsigned long long)framer->object_line, FRAMER_MAX_OBJECT >> 20);
	return 0;
}

int framer_finish(struct framer *framer, struct error *err)
{
	if (framer->depth == 0 && !framer->in_string)
		return 0;
	return error_set(err, ERROR_INVALID,
		"it ends in the middle of an object, on line %llu (after %llu whole objects)",
		(unsigned long long)framer->line, (unsigned long long)framer->objects);
}
