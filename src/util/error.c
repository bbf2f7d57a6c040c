#include "clusterutils/util/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "clusterutils/util/text.h"

static int set(struct error *err, enum error_code code, bool is_whole_line, const char *format, va_list args)
	PRINTF_LIKE(4, 0);

static int set(struct error *err, enum error_code code, bool is_whole_line, const char *format, va_list args)
{
	err->code = code;
	err->http_status = 0;
	err->is_whole_line = is_whole_line;
	vsnprintf(err->message, sizeof(err->message), format, args);
	text_scrub_in_place(err->message);
	return -1;
}

int error_set(struct error *err, enum error_code code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set(err, code, false, format, args);
	va_end(args);
	return -1;
}

int error_set_whole(struct error *err, enum error_code code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set(err, code, true, format, args);
	va_end(args);
	return -1;
}

int error_add_line(struct error *err, const char *format, ...)
{
	size_t used = strlen(err->message);
	va_list args;

	if (used + 1 >= sizeof(err->message))
		return -1;
	err->message[used++] = '\n';
	va_start(args, format);
	vsnprintf(err->message + used, sizeof(err->message) - used, format, args);
	va_end(args);
	text_scrub_in_place(err->message + used);
	return -1;
}

/* Each line by itself, for a text that may have several. */
static void scrub_lines(char *text)
{
	char *out = text;

	for (char *line = text;;) {
		size_t length = strcspn(line, "\n"), scrubbed;
		bool is_last = line[length] == '\0';

		line[length] = '\0';
		text_scrub_in_place(line);
		scrubbed = strlen(line);
		memmove(out, line, scrubbed);
		out += scrubbed;
		if (is_last)
			break;
		*out++ = '\n';
		line += length + 1;
	}
	*out = '\0';
}

int error_wrap(struct error *err, const char *format, ...)
{
	char cause[ERROR_MESSAGE_SIZE];
	va_list args;
	size_t used;

	memcpy(cause, err->message, sizeof(cause));
	va_start(args, format);
	vsnprintf(err->message, sizeof(err->message), format, args);
	va_end(args);
	text_scrub_in_place(err->message);
	used = strlen(err->message);
	snprintf(err->message + used, sizeof(err->message) - used, ": %s", cause);
	scrub_lines(err->message); /* the cause may have been cut within a character */
	err->is_whole_line = false;
	return -1;
}

void error_clear(struct error *err)
{
	err->code = ERROR_NONE;
	err->http_status = 0;
	err->is_whole_line = false;
	err->message[0] = '\0';
}
