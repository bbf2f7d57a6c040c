/* One structured document, written piece by piece as JSON or YAML; no tree is built.
 *
 *	document_init(&document, DOCUMENT_JSON, &out);
 *	document_begin_object(&document, NULL);
 *	document_text(&document, "kind", "NodeUsageList");
 *	document_begin_array(&document, "items");
 *	document_number(&document, NULL, 3);
 *	document_end(&document);
 *	document_end(&document);
 *	document_finish(&document);
 *
 * JSON is indented by 4 blanks, YAML by 2, as kubectl does both. The document is one value, mostly an object; a key is
 * given inside objects and is NULL elsewhere. Keys are not checked for being unique. A missing or needless key, an end
 * too many or too few, and objects nested deeper than DOCUMENT_DEPTH are errors in the program and end it (util/die.h).
 *
 * Any text may be written. What is not UTF-8 becomes U+FFFD, and what a terminal could obey is escaped. A text in YAML
 * is quoted where YAML 1.1 or 1.2 would read something other than that text: "", "yes", "0x1F", "1:30", "2026-03-01",
 * " x", "- x", "a: b".
 *
 * Nothing is read back from the buffer, so it may be emptied between two calls. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "clusterutils/util/buffer.h"

enum document_format { DOCUMENT_JSON, DOCUMENT_YAML };

enum { DOCUMENT_DEPTH = 32 };

struct document {
	struct buffer *out;
	enum document_format format;
	bool has_value; /* the one value of the document was begun */
	int depth;      /* how many levels are open */
	struct document_level {
		bool is_array;
		bool is_empty;
		bool on_line; /* YAML: its first entry stands on the line that is begun */
		int indent;   /* YAML: where its keys or dashes stand */
	} levels[DOCUMENT_DEPTH];
};

void document_init(struct document *document, enum document_format format, struct buffer *out);
void document_finish(struct document *document); /* adds the last line end */

void document_begin_object(struct document *document, const char *key);
void document_begin_array(struct document *document, const char *key);
void document_end(struct document *document); /* of the object or array begun last */

void document_text(struct document *document, const char *key, const char *text); /* NULL writes null */
void document_number(struct document *document, const char *key, int64_t number);
void document_milli(struct document *document, const char *key, int64_t thousandths);  /* 71.25 */
void document_literal(struct document *document, const char *key, const char *number); /* as JSON writes it */
void document_flag(struct document *document, const char *key, bool flag);
void document_null(struct document *document, const char *key);
