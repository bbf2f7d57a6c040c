/* The other end of the journal: what was done, and who came back. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "clusterutils/kube/json.h"
#include "clusterutils/util/file.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "clusterutils/util/timestamp.h"
#include "journal.h"

enum { JOURNAL_READ_MAX = 64 << 20, LINE_MAX_BYTES = 1 << 20 };

/* A line, told apart. */
struct entry {
	const cJSON *json;
	const char *run, *event;
	int64_t time;
};

static const char *text_of(const cJSON *object, const char *key)
{
	const cJSON *value = json_find(object, key);

	return cJSON_IsString(value) ? value->valuestring : NULL;
}

static int64_t number_of(const cJSON *object, const char *key, int64_t otherwise)
{
	const cJSON *value = json_find(object, key);

	return cJSON_IsNumber(value) && value->valuedouble >= 0 && value->valuedouble < 1e15
		? (int64_t)value->valuedouble
		: otherwise;
}

static bool read_entry(struct arena *scratch, const char *line, size_t length, struct entry *ret_entry)
{
	struct error ignored = { 0 };
	const cJSON *json = length <= LINE_MAX_BYTES ? json_parse(scratch, line, length, &ignored) : NULL;
	const char *time = json ? text_of(json, "time") : NULL;
	int32_t nanoseconds;

	*ret_entry = (struct entry){ .json = json };
	if (!time || timestamp_parse(time, &ret_entry->time, &nanoseconds, &ignored) < 0)
		return false;
	ret_entry->run = text_of(json, "run");
	ret_entry->event = text_of(json, "event");
	return ret_entry->run && ret_entry->event;
}

/* Calls `take` for each line that can be read, the oldest first; returns how many cannot. The bytes are changed. */
static size_t each_entry(struct buffer *bytes, void (*take)(void *context, const struct entry *entry), void *context)
{
	AUTO_ARENA scratch = { 0 };
	size_t unreadable = 0;
	char *at = bytes->bytes, *end = bytes->bytes + bytes->length;

	while (at && at < end) {
		char *stop = memchr(at, '\n', (size_t)(end - at));
		struct entry entry;

		if (!stop)
			return unreadable + 1; /* it is being written, or was when the program was killed */
		*stop = '\0';
		if (strlen(at) == (size_t)(stop - at) && read_entry(&scratch, at, (size_t)(stop - at), &entry))
			take(context, &entry);
		else
			unreadable++;
		at = stop + 1;
	}
	return unreadable;
}

/* --- the last run --- */

static struct index_key key_of_record(const void *move)
{
	return (struct index_key){ ((const struct record_move *)move)->uid, NULL };
}

static const char *copy(struct record *record, const cJSON *json, const char *key)
{
	const char *text = text_of(json, key);
	char *own;

	if (!text)
		return NULL;
	own = arena_text(&record->arena, text);
	text_scrub_in_place(own);
	return own;
}

static void begin_run(struct record *record, const struct entry *entry)
{
	size_t unreadable = record->unreadable;

	record_release(record);
	index_init(&record->moves, key_of_record);
	record->unreadable = unreadable;
	record->run = arena_text(&record->arena, entry->run);
	record->began = entry->time;
	record->ended = TIME_NONE;
	record->orders = (size_t)number_of(entry->json, "moves", 0);
	record->waves = (unsigned)number_of(entry->json, "waves", 0);
}

static void take_move(struct record *record, const struct entry *entry)
{
	const cJSON *json = entry->json;
	const char *uid = text_of(json, "uid"), *state = text_of(json, "state");
	struct record_move *move;

	if (!uid || !state || !text_of(json, "namespace") || !text_of(json, "name"))
		return;
	move = index_find(&record->moves, uid, NULL);
	if (!move) {
		move = ARENA_NEW(&record->arena, struct record_move);
		move->uid = arena_text(&record->arena, uid);
		index_add(&record->moves, move);
	}
	*move = (struct record_move){ .uid = move->uid,
		.namespace = copy(record, json, "namespace"),
		.name = copy(record, json, "name"),
		.owner_kind = copy(record, json, "ownerKind"),
		.owner_name = copy(record, json, "ownerName"),
		.strategy = copy(record, json, "strategy"),
		.from = copy(record, json, "from"),
		.to = copy(record, json, "to"),
		.state = copy(record, json, "state"),
		.pod = copy(record, json, "pod"),
		.landed = copy(record, json, "landed"),
		.why = copy(record, json, "why"),
		.miss = copy(record, json, "miss"),
		.wave = (unsigned)number_of(json, "wave", 0),
		.seconds = number_of(json, "seconds", -1),
		.time = entry->time };
}

static void take_for_record(void *context, const struct entry *entry)
{
	struct record *record = context;

	if (text_equal(entry->event, "begin"))
		begin_run(record, entry);
	if (!record->run || strcmp(record->run, entry->run) != 0)
		return;
	if (text_equal(entry->event, "wave")) {
		record->wave = (unsigned)number_of(entry->json, "wave", 0);
	} else if (text_equal(entry->event, "move")) {
		take_move(record, entry);
	} else if (text_equal(entry->event, "end")) {
		record->ended = entry->time;
		record->state = copy(record, entry->json, "state");
		record->why = copy(record, entry->json, "why");
	}
}

static bool is_locked(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool locked;

	if (fd < 0)
		return false;
	locked = flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
	close(fd);
	return locked;
}

int record_read(const char *path, struct record *ret_record, struct error *err)
{
	AUTO_BUFFER bytes = { 0 };

	*ret_record = (struct record){ .began = TIME_NONE, .ended = TIME_NONE };
	index_init(&ret_record->moves, key_of_record);
	if (file_read(path, JOURNAL_READ_MAX, &bytes, err) < 0)
		return -1;
	ret_record->unreadable += each_entry(&bytes, take_for_record, ret_record);
	ret_record->is_under_way = is_locked(path);
	return 0;
}

void record_release(struct record *record)
{
	index_release(&record->moves);
	arena_release(&record->arena);
	*record = (struct record){ 0 };
}

/* --- who came back --- */

struct search {
	struct arena *arena;
	int64_t since;
	struct came_back *items;
	size_t count, capacity;
};

static void take_came_back(void *context, const struct entry *entry)
{
	struct search *search = context;
	const cJSON *json = entry->json;
	const char *from = text_of(json, "from"), *namespace = text_of(json, "namespace");
	const char *kind = text_of(json, "ownerKind"), *name = text_of(json, "ownerName");

	if (entry->time < search->since || !text_equal(text_of(json, "state"), move_state_texts[MOVE_DONE]) || !from ||
		!namespace || !kind || !name || !text_equal(from, text_of(json, "landed")))
		return;
	ARRAY_GROW(search->items, search->count, search->capacity);
	search->items[search->count++] = (struct came_back){ arena_text(search->arena, namespace),
		arena_text(search->arena, kind), arena_text(search->arena, name), entry->time };
}

const struct came_back *journal_came_back(const char *path, int64_t since, struct arena *arena, size_t *ret_count)
{
	struct search search = { .arena = arena, .since = since };
	struct error ignored = { 0 };
	AUTO_BUFFER bytes = { 0 };
	struct came_back *copy;

	*ret_count = 0;
	if (file_read(path, JOURNAL_READ_MAX, &bytes, &ignored) < 0)
		return NULL;
	each_entry(&bytes, take_came_back, &search);
	copy = ARENA_ARRAY(arena, search.count + 1, struct came_back);
	if (search.count)
		memcpy(copy, search.items, search.count * sizeof(*copy));
	free(search.items);
	*ret_count = search.count;
	return copy;
}
