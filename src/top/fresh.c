#include "fresh.h"

#include <stdlib.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"

struct fresh_row {
	char *id;
	int severity;
	enum list_mark mark;
	int64_t until;
	uint64_t turn; /* in which it was last there */
};

static struct index_key key_of(const void *object)
{
	return (struct index_key){ ((const struct fresh_row *)object)->id, NULL };
}

static void free_row(struct fresh_row *row)
{
	free(row->id);
	free(row);
}

void fresh_release(struct fresh *fresh)
{
	for (size_t i = 0; i < fresh->rows.count; i++)
		free_row(fresh->rows.items[i]);
	index_release(&fresh->rows);
	free(fresh->of);
	*fresh = (struct fresh){ 0 };
}

static void note_row(struct fresh *fresh, const char *id, int severity, bool is_new, int64_t until)
{
	struct fresh_row *row = index_find(&fresh->rows, id, NULL);

	if (!row) {
		row = NEW(struct fresh_row);
		row->id = memory_copy_text(id);
		row->mark = is_new ? LIST_NEW : LIST_UNMARKED;
		row->until = until;
		index_add(&fresh->rows, row);
	} else if (row->severity != severity) {
		row->mark = severity > row->severity ? LIST_WORSE : LIST_BETTER;
		row->until = until;
	}
	row->severity = severity;
	row->turn = fresh->turn;
}

/* From the end: what is removed is replaced by the last. */
static void forget_gone(struct fresh *fresh)
{
	for (size_t i = fresh->rows.count; i-- > 0;) {
		struct fresh_row *row = fresh->rows.items[i];

		if (row->turn == fresh->turn)
			continue;
		index_remove(&fresh->rows, row->id, NULL);
		free_row(row);
	}
}

void fresh_note(struct fresh *fresh, const char *of, const struct table *table, int64_t now_ms, int64_t marked_ms)
{
	bool is_same = text_equal(fresh->of, of);
	AUTO_ARENA scratch = { 0 };

	if (!is_same) {
		fresh_release(fresh);
		index_init(&fresh->rows, key_of);
		fresh->of = memory_copy_text(of);
	}
	fresh->turn++;
	for (size_t i = 0; i < table->row_count; i++) {
		const struct row *row = &table->rows[i];
		const char *id = row->kind == ROW_ITEM ? row_identity(row, &scratch) : NULL;

		if (id)
			note_row(fresh, id, row_severity(table, row), is_same, now_ms + marked_ms);
		arena_reset(&scratch);
	}
	forget_gone(fresh);
}

enum list_mark fresh_mark(const struct fresh *fresh, const char *id, int64_t now_ms)
{
	const struct fresh_row *row = fresh->of && id ? index_find(&fresh->rows, id, NULL) : NULL;

	return row && now_ms < row->until ? row->mark : LIST_UNMARKED;
}
