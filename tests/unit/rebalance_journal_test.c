/* The journal: what is written is read, one run at a time, and whatever else is in the file is passed over. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../src/rebalance/journal.h"
#include "clusterutils/util/clock.h"
#include "clusterutils/util/file.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "suite.h"

enum { NOW = 1772366400 };

struct folder {
	char path[64], file[128];
};

static void folder_make(struct folder *folder)
{
	snprintf(folder->path, sizeof(folder->path), "/tmp/journal-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder->path));
	snprintf(folder->file, sizeof(folder->file), "%s/deep/er/run.jsonl", folder->path);
	clock_freeze(NOW);
}

static void folder_remove(struct folder *folder)
{
	char *end;

	unlink(folder->file);
	while ((end = strrchr(folder->file, '/')) && (size_t)(end - folder->file) >= strlen(folder->path)) {
		*end = '\0';
		rmdir(folder->file);
	}
}

#define AUTO_FOLDER CLEANUP(folder_remove) struct folder

static void journal_auto_close(struct journal **journal)
{
	journal_close(*journal);
}

#define AUTO_JOURNAL CLEANUP(journal_auto_close) struct journal *

static const struct order order = { .namespace = "web",
	.name = "blog-1",
	.uid = "u1",
	.owner_kind = "Deployment",
	.owner_name = "blog",
	.strategy = "RemoveDuplicates",
	.from = "a",
	.to = "b",
	.wave = 1 };

/* A run that moves one pod, which lands there. */
static void write_run(const struct folder *folder, const char *landed)
{
	const struct orders orders = { .items = (struct order *)(uintptr_t)&order, .count = 1, .waves = 1 };
	struct move move = { .order = &order, .state = MOVE_LEAVING, .asked = NOW, .name = "blog-2" };
	struct error err = { 0 };
	AUTO_JOURNAL journal = NULL;

	ck_assert_msg(journal_open(folder->file, &journal, &err) == 0, "%s", err.message);
	ck_assert_int_eq(journal_begin(journal, &orders, &err), 0);
	ck_assert_int_eq(journal_wave(journal, 1, &err), 0);
	ck_assert_int_eq(journal_move(journal, &move, &err), 0);
	move.state = MOVE_DONE;
	move.landed = landed;
	move.why = "with \"quotes\"\nand a line end";
	clock_freeze(NOW + 8);
	ck_assert_int_eq(journal_move(journal, &move, &err), 0);
	ck_assert_int_eq(journal_end(journal, "Done", NULL, &err), 0);
}

static const struct record_move *only_move(const struct record *record)
{
	ck_assert_uint_eq(record->moves.count, 1);
	return record->moves.items[0];
}

START_TEST(what_is_written_is_read)
{
	struct error err = { 0 };
	AUTO_FOLDER folder;
	AUTO_RECORD record = { 0 };

	folder_make(&folder);
	write_run(&folder, "b");
	ck_assert_msg(record_read(folder.file, &record, &err) == 0, "%s", err.message);
	ck_assert_int_eq(record.began, NOW);
	ck_assert_int_eq(record.ended, NOW + 8);
	ck_assert_str_eq(record.state, "Done");
	ck_assert_uint_eq(record.orders, 1);
	ck_assert_uint_eq(record.waves, 1);
	ck_assert_uint_eq(record.wave, 1);
	ck_assert(!record.is_under_way);
	ck_assert_uint_eq(record.unreadable, 0);
	ck_assert_str_eq(only_move(&record)->state, "Moved");
	ck_assert_str_eq(only_move(&record)->landed, "b");
	ck_assert_str_eq(only_move(&record)->pod, "blog-2");
	ck_assert_int_eq(only_move(&record)->seconds, 8);
	ck_assert_str_eq(only_move(&record)->why, "with \"quotes\" and a line end");
}
END_TEST

START_TEST(the_last_run_counts)
{
	struct error err = { 0 };
	AUTO_FOLDER folder;
	AUTO_RECORD record = { 0 };

	folder_make(&folder);
	write_run(&folder, "b");
	clock_freeze(NOW + 100);
	write_run(&folder, "c");
	ck_assert_int_eq(record_read(folder.file, &record, &err), 0);
	ck_assert_str_eq(only_move(&record)->landed, "c");
}
END_TEST

START_TEST(there_is_one_run_at_a_time)
{
	struct error err = { 0 };
	AUTO_FOLDER folder;
	AUTO_JOURNAL first = NULL;
	AUTO_JOURNAL second = NULL;
	AUTO_RECORD record = { 0 };

	folder_make(&folder);
	ck_assert_int_eq(journal_open(folder.file, &first, &err), 0);
	ck_assert_int_eq(journal_begin(first, &(struct orders){ 0 }, &err), 0);
	ck_assert_int_eq(journal_open(folder.file, &second, &err), -1);
	ck_assert_int_eq(err.code, ERROR_CONFLICT);
	ck_assert_int_eq(record_read(folder.file, &record, &err), 0);
	ck_assert(record.is_under_way);
	ck_assert_int_eq(record.ended, TIME_NONE);
	journal_close(first);
	first = NULL;
	error_clear(&err);
	ck_assert_int_eq(journal_open(folder.file, &second, &err), 0);
}
END_TEST

START_TEST(what_cannot_be_read_is_passed_over)
{
	static const char *const lines[] = { "", "nothing", "{}", "[1,2]", "{\"time\":7}",
		"{\"time\":\"2026-03-01T12:00:00Z\"}",
		"{\"time\":\"2026-03-01T12:00:00Z\",\"run\":\"x\",\"event\":\"move\"}" };
	struct error err = { 0 };
	AUTO_FOLDER folder;
	AUTO_RECORD record = { 0 };
	AUTO_BUFFER bytes = { 0 };

	folder_make(&folder);
	write_run(&folder, "b");
	ck_assert_int_eq(file_read(folder.file, 1 << 20, &bytes, &err), 0);
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		buffer_printf(&bytes, "%s\n", lines[i]);
	buffer_add_text(&bytes, "{\"time\":\"2026-03-01T12:00:00Z\",\"run");
	ck_assert_int_eq(file_replace(folder.file, &bytes, &err), 0);
	ck_assert_int_eq(record_read(folder.file, &record, &err), 0);
	ck_assert_str_eq(only_move(&record)->landed, "b");
	ck_assert_uint_eq(record.unreadable, ARRAY_LEN(lines)); /* the last line is no error, but what is cut off is */
}
END_TEST

START_TEST(who_came_back_is_known)
{
	AUTO_FOLDER folder;
	AUTO_ARENA arena = { 0 };
	const struct came_back *found;
	size_t count;

	folder_make(&folder);
	ck_assert_ptr_null(journal_came_back(folder.file, 0, &arena, &count));
	ck_assert_uint_eq(count, 0);
	write_run(&folder, "b");
	journal_came_back(folder.file, 0, &arena, &count);
	ck_assert_uint_eq(count, 0);
	write_run(&folder, "a");
	found = journal_came_back(folder.file, NOW, &arena, &count);
	ck_assert_uint_eq(count, 1);
	ck_assert_str_eq(found[0].namespace, "web");
	ck_assert_str_eq(found[0].kind, "Deployment");
	ck_assert_str_eq(found[0].name, "blog");
	ck_assert_int_eq(found[0].time, NOW + 8);
	journal_came_back(folder.file, NOW + 9, &arena, &count);
	ck_assert_uint_eq(count, 0);
}
END_TEST

static const struct {
	const char *state, *home, *server, *path; /* NULL for not set; for none */
} paths[] = {
	{ "/s", "/h", "https://10.0.0.1:6443", "/s/clusterutils/rebalance-https_10.0.0.1_6443.jsonl" },
	{ NULL, "/h", "https://a/b/../c", "/h/.local/state/clusterutils/rebalance-https_a_b_.._c.jsonl" },
	{ "relative", "/h", "https://a", "/h/.local/state/clusterutils/rebalance-https_a.jsonl" },
	{ NULL, NULL, "https://a", NULL },
};

START_TEST(it_lies_where_state_belongs)
{
	AUTO_ARENA arena = { 0 };
	const char *path;

	if (paths[_i].state)
		setenv("XDG_STATE_HOME", paths[_i].state, 1);
	else
		unsetenv("XDG_STATE_HOME");
	if (paths[_i].home)
		setenv("HOME", paths[_i].home, 1);
	else
		unsetenv("HOME");
	path = journal_path(paths[_i].server, &arena);
	ck_assert(text_equal(path, paths[_i].path));
}
END_TEST

START_TEST(what_cannot_be_written_is_told)
{
	struct error err = { 0 };
	AUTO_JOURNAL journal = NULL;

	ck_assert_int_eq(journal_open("/proc/none/run.jsonl", &journal, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.message, "the journal /proc/none/run.jsonl cannot be opened: "));
	if (access("/dev/full", W_OK) == 0) {
		error_clear(&err);
		ck_assert_int_eq(journal_open("/dev/full", &journal, &err), 0);
		ck_assert_int_eq(journal_begin(journal, &(struct orders){ 0 }, &err), -1);
		ck_assert_ptr_nonnull(strstr(err.message, "no space left on device"));
	}
}
END_TEST

TEST_MAIN("rebalance/journal", TEST(what_is_written_is_read), TEST(the_last_run_counts),
	TEST(there_is_one_run_at_a_time), TEST(what_cannot_be_read_is_passed_over), TEST(who_came_back_is_known),
	TEST_TABLE(it_lies_where_state_belongs, paths), TEST(what_cannot_be_written_is_told))
