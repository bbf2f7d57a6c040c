#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clusterutils/util/memory.h"

int input_open_file(struct input *input, const char *path, struct error *err)
{
	bool is_stdin = strcmp(path, "-") == 0;
	int descriptor = is_stdin ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
	struct stat info;

	if (descriptor < 0)
		return error_set(err, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_FAILED, "%s: %s",
			is_stdin ? "standard input" : path, strerror(errno));
	if (fstat(descriptor, &info) == 0 && S_ISDIR(info.st_mode)) {
		close(descriptor);
		return error_set(err, ERROR_INVALID, "%s: is a directory", path);
	}
	input_open_bytes(input, is_stdin ? "standard input" : path, NULL, 0);
	input->file = gzdopen(descriptor, "rb");
	if (!input->file) {
		close(descriptor);
		input_close(input);
		return error_set(err, ERROR_FAILED, "%s: out of memory", path);
	}
	gzbuffer(input->file, INPUT_CHUNK / 4); /* small: a plain file is then read without another copy */
	return 0;
}

void input_open_bytes(struct input *input, const char *name, const unsigned char *bytes, size_t length)
{
	memset(input, 0, offsetof(struct input, chunk));
	input->name = memory_copy_text(name);
	input->bytes = bytes;
	input->left = length;
}

void input_close(struct input *input)
{
	if (input->file)
		gzclose(input->file);
	yaml_reader_free(input->reader);
	framer_release(&input->framer);
	arena_release(&input->arena);
	buffer_release(&input->json);
	buffer_release(&input->envelope);
	free(input->name);
	memset(input, 0, offsetof(struct input, chunk));
}

static int file_error(struct input *input, struct error *err)
{
	int code;
	const char *text = gzerror(input->file, &code);

	if (code == Z_ERRNO)
		text = strerror(errno);
	else if (code == Z_DATA_ERROR)
		text = "damaged gzip data";
	else if (code == Z_BUF_ERROR)
		text = "the gzip data ends too early";
	return error_set(err, ERROR_FAILED, "%s", text);
}

/* Bytes from the source itself: 0 at its end, -1 with *err set. */
static long read_source(struct input *input, void *bytes, size_t size, struct error *err)
{
	int got, code;

	if (!input->file) {
		size_t taken = size < input->left ? size : input->left;

		if (taken)
			memcpy(bytes, input->bytes, taken);
		input->bytes += taken;
		input->left -= taken;
		return (long)taken;
	}
	got = gzread(input->file, bytes, (unsigned)size);
	if (got < 0)
		return file_error(input, err);
	gzerror(input->file, &code);
	if (got == 0 && code == Z_BUF_ERROR)
		return file_error(input, err);
	return got;
}

/* For the YAML reader: first what was read to tell the formats apart. */
static long read_for_yaml(void *context, void *bytes, size_t size, struct error *err)
{
	struct input *input = context;
	size_t pending = input->chunk_length - input->chunk_used;

	if (!pending)
		return read_source(input, bytes, size, err);
	if (size > pending)
		size = pending;
	memcpy(bytes, input->chunk + input->chunk_used, size);
	input->chunk_used += size;
	return (long)size;
}

static int fill_chunk(struct input *input, struct error *err)
{
	long got = read_source(input, input->chunk, sizeof(input->chunk), err);

	if (got < 0)
		return -1;
	input->chunk_used = 0;
	input->chunk_length = (size_t)got;
	return 0;
}

/* The first character that is not white space tells the format; a byte order mark is passed over. */
static void choose_format(struct input *input)
{
	const char *at = input->chunk, *end = at + input->chunk_length;

	if (end - at >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0)
		at += 3;
	input->chunk_used = (size_t)(at - input->chunk);
	while (at < end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n'))
		at++;
	if (at < end && *at != '{' && *at != '[')
		input->reader = yaml_reader_new(read_for_yaml, input, "items");
	else
		framer_init(&input->framer, input->events, input->context);
}

static int step_json(struct input *input, struct error *err)
{
	if (framer_feed(
		    &input->framer, input->chunk + input->chunk_used, input->chunk_length - input->chunk_used, err) < 0)
		return -1;
	if (fill_chunk(input, err) < 0)
		return -1;
	if (input->chunk_length)
		return 1;
	input->ended = true;
	return framer_finish(&input->framer, err);
}

/* The text where it needs no quoting, else nothing: no kind and no version of ours does. */
static const char *plain(const char *text)
{
	static const char ours[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./-";

	return text && text[strspn(text, ours)] == '\0' ? text : "";
}

/* What a list of JSON says before its items, for one that came as YAML. */
static int announce_list(struct input *input, const struct yaml_head *head, struct error *err)
{
	AUTO_BUFFER envelope = { 0 };

	buffer_printf(&envelope, "{\"apiVersion\":\"%s\",\"kind\":\"%s\",\"items\":[]}", plain(head->api_version),
		plain(head->kind));
	if (!input->events->on_list || strcmp(buffer_text(&envelope), buffer_text(&input->envelope)) == 0)
		return 0;
	buffer_clear(&input->envelope);
	buffer_add(&input->envelope, envelope.bytes, envelope.length);
	return input->events->on_list(input->context, envelope.bytes, envelope.length, err);
}

static int step_yaml(struct input *input, struct error *err)
{
	struct yaml_node *node = NULL;
	struct yaml_head head;
	int result;

	arena_reset(&input->arena);
	buffer_clear(&input->json);
	result = yaml_reader_next(input->reader, &input->arena, &node, &head, err);
	if (result <= 0) {
		input->ended = true;
		return result;
	}
	if (node->type != YAML_MAP)
		return error_set(err, ERROR_INVALID, "line %u: no Kubernetes object", node->line);
	if (announce_list(input, &head, err) < 0 || yaml_to_json(node, FRAMER_MAX_OBJECT, &input->json, err) < 0 ||
		input->events->on_object(input->context, input->json.bytes, input->json.length, node->line, err) < 0)
		return -1;
	return 1;
}

int input_step(struct input *input, const struct framer_events *events, void *context, struct error *err)
{
	int result;

	if (input->ended)
		return 0;
	if (!input->begun) {
		input->begun = true;
		input->events = events;
		input->context = context;
		if (fill_chunk(input, err) < 0)
			return error_wrap(err, "%s", input->name);
		choose_format(input);
	}
	result = input->reader ? step_yaml(input, err) : step_json(input, err);
	return result < 0 ? error_wrap(err, "%s", input->name) : result;
}
