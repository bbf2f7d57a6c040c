/* What went wrong, by value on the caller's stack.
 *
 * A function that can fail takes a struct error as its last parameter and returns 0 or -1. The error is
 * untouched on success. One sentence, in kubectl's tone, that names the object and the cause; it never carries
 * control characters or a library's raw text. Functions that cannot fail for an expected reason end in die(). */
#pragma once

#include <stdbool.h>

#include "clusterutils/util/attribute.h"

enum error_code {
	ERROR_NONE = 0,
	ERROR_FAILED,      /* anything that needs no reaction of its own */
	ERROR_USAGE,       /* the command line is wrong */
	ERROR_INVALID,     /* input that cannot be read as what it claims to be */
	ERROR_NOT_FOUND,   /* the object, file or API is not there */
	ERROR_FORBIDDEN,   /* it is there, but not for us */
	ERROR_CONFLICT,    /* it changed meanwhile */
	ERROR_EXPIRED,     /* the server no longer has that version: read again */
	ERROR_UNAVAILABLE, /* not now: the connection was lost, or the server asks to come again */
	ERROR_TIMEOUT,     /* no answer in time */
	ERROR_INTERRUPTED, /* the user ended it */
};

enum { ERROR_MESSAGE_SIZE = 1024 };

struct error {
	enum error_code code;
	int http_status;    /* 0 where no server answered */
	bool is_whole_line; /* kubectl prints this sentence without "error: " in front */
	char message[ERROR_MESSAGE_SIZE];
};

/* Fills the error and returns -1, so that a failure is one return statement. A longer sentence is cut. */
int error_set(struct error *err, enum error_code code, const char *format, ...) PRINTF_LIKE(3, 4);

/* Puts "CONTEXT: " in front of the sentence, keeps code and status, and returns -1. */
int error_wrap(struct error *err, const char *format, ...) PRINTF_LIKE(2, 3);

/* The same for a sentence that kubectl prints without "error: " in front: "Error from server (NotFound): …". */
int error_set_whole(struct error *err, enum error_code code, const char *format, ...) PRINTF_LIKE(3, 4);

/* Adds a line to a message: the lists that kubectl prints under "Error in configuration: ". */
int error_add_line(struct error *err, const char *format, ...) PRINTF_LIKE(2, 3);

void error_clear(struct error *err);
