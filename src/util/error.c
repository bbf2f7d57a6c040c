#include "clusterutils/util/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "clusterutils/util/text.h"

int error_set(struct error *err, enum error_code code, const char *format, ...)
{
	va_list args;

	err->code = code;
	err->http_status = 0;
	va_start(args, format);
	vsnprintf(err->message, sizeof(err->message), format, args);
	va_end(args);
	text_scrub_in_place(err->message);
	return -1;
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
	used = strlen(err->message);
	snprintf(err->message + used, sizeof(err->message) - used, ": %s", cause);
	text_scrub_in_place(err->message);
	return -1;
}

void error_clear(struct error *err)
{
	err->code = ERROR_NONE;
	err->http_status = 0;
	err->message[0] = '\0';
}
