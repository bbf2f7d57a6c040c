#include "clusterutils/util/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clusterutils/util/text.h"

const char *file_cause(int number, char buffer[128])
{
	const char *text = strerror(number);

	snprintf(buffer, 128, "%s", text);
	if (buffer[0] >= 'A' && buffer[0] <= 'Z' && !(buffer[1] >= 'A' && buffer[1] <= 'Z'))
		buffer[0] = (char)(buffer[0] | 0x20);
	return buffer;
}

static int fail(const char *action, const char *path, int number, struct error *err)
{
	char cause[128];

	return error_set(err, number == ENOENT ? ERROR_NOT_FOUND : ERROR_FAILED, "%s %s: %s", action, path,
		file_cause(number, cause));
}

static void close_file(const int *descriptor)
{
	if (*descriptor >= 0)
		close(*descriptor);
}

static int open_file(const char *path)
{
	int descriptor;

	do
		descriptor = open(path, O_RDONLY | O_CLOEXEC);
	while (descriptor < 0 && errno == EINTR);
	return descriptor;
}

int file_check(const char *path, struct error *err)
{
	CLEANUP(close_file) int descriptor = open_file(path);

	return descriptor < 0 ? fail("open", path, errno, err) : 0;
}

int file_read(const char *path, size_t max_length, struct buffer *bytes, struct error *err)
{
	CLEANUP(close_file) int descriptor = open_file(path);
	size_t start = bytes->length;
	char piece[16384];
	ssize_t got;

	if (descriptor < 0)
		return fail("open", path, errno, err);
	for (;;) {
		got = read(descriptor, piece, sizeof(piece));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		buffer_add(bytes, piece, (size_t)got);
		if (bytes->length - start > max_length)
			return error_set(err, ERROR_INVALID, "read %s: more than %zu MiB", path, max_length >> 20);
	}
	return got < 0 ? fail("read", path, errno, err) : 0;
}

const char *file_clean(const char *path, struct arena *arena)
{
	bool is_rooted = path[0] == '/';
	AUTO_BUFFER out = { 0 };
	size_t floor; /* what ".." cannot take away */

	if (is_rooted)
		buffer_add_char(&out, '/');
	floor = out.length;
	while (*path) {
		size_t length = strcspn(path, "/");

		if (length == 2 && path[0] == '.' && path[1] == '.') {
			if (out.length > floor) {
				size_t end = out.length;

				while (end > floor && out.bytes[end - 1] != '/')
					end--;
				buffer_cut(&out, end > floor ? end - 1 : floor);
			} else if (!is_rooted) {
				buffer_add_text(&out, out.length ? "/.." : "..");
				floor = out.length;
			}
		} else if (length && !(length == 1 && path[0] == '.')) {
			if (out.length > (is_rooted ? 1 : 0))
				buffer_add_char(&out, '/');
			buffer_add(&out, path, length);
		}
		path += length + (path[length] == '/');
	}
	return out.length ? arena_copy(arena, out.bytes, out.length) : ".";
}

const char *file_folder(const char *path, struct arena *arena)
{
	const char *slash = strrchr(path, '/');

	return slash ? file_clean(arena_copy(arena, path, (size_t)(slash - path) + 1), arena) : ".";
}

const char *file_resolve(const char *base, const char *path, struct arena *arena)
{
	return path[0] == '/' ? path : file_clean(arena_printf(arena, "%s/%s", base, path), arena);
}

int file_absolute(const char *path, struct arena *arena, const char **ret_path, struct error *err)
{
	char folder[PATH_MAX], cause[128];

	if (path[0] == '/') {
		*ret_path = file_clean(path, arena);
		return 0;
	}
	if (!getcwd(folder, sizeof(folder)))
		return error_set(err, ERROR_FAILED, "could not determine the absolute path of %s: %s", path,
			file_cause(errno, cause));
	*ret_path = file_clean(arena_printf(arena, "%s/%s", folder, path), arena);
	return 0;
}

static int write_file(const char *path, const struct buffer *text, struct error *err)
{
	FILE *file = fopen(path, "we");
	bool is_written;

	if (!file)
		return error_set(err, ERROR_FAILED, "%s: %s", path, strerror(errno));
	is_written = !text->length || fwrite(text->bytes, 1, text->length, file) == text->length;
	if (fclose(file) != 0 || !is_written)
		return error_set(err, ERROR_FAILED, "%s: %s", path, strerror(errno));
	return 0;
}

int file_replace(const char *path, const struct buffer *text, struct error *err)
{
	AUTO_BUFFER beside = { 0 };

	buffer_printf(&beside, "%s.new", path);
	if (write_file(buffer_text(&beside), text, err) < 0)
		return -1;
	if (rename(buffer_text(&beside), path) < 0)
		return error_set(err, ERROR_FAILED, "%s: %s", path, strerror(errno));
	return 0;
}
