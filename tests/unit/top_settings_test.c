/* The saved settings of the live view. */
#include "../../src/top/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/util/attribute.h"
#include "folder.h"
#include "suite.h"

/* Valid until the next call. */
static const char *in(const struct folder *folder, const char *name)
{
	static char path[PATH_MAX + 64];

	snprintf(path, sizeof(path), "%s/%s", folder->path, name);
	return path;
}

START_TEST(what_is_written_is_read_again)
{
	AUTO_FOLDER folder;
	const char *path;
	struct settings written, read;
	struct error err;

	folder_make(&folder);
	path = in(&folder, "deep/er/top.yaml");
	settings_init(&written);
	snprintf(written.theme, sizeof(written.theme), "nord");
	snprintf(written.grouping, sizeof(written.grouping), "zone,arch");
	written.delay_ms = 5000;
	written.highlights = true;
	written.highlight_seconds = 60;
	written.no_mouse = written.no_meters = true;
	settings_set_columns(&written, "nodes", "state,pods");
	settings_set_columns(&written, "pods", "node");
	settings_set_columns(&written, "nodes", "pods,cpu");
	settings_set_columns(&written, "tiers", "");
	ck_assert_int_eq(settings_write(&written, path, &err), 0);
	ck_assert_int_eq(settings_write(&written, path, &err), 0); /* over itself */
	settings_init(&read);
	ck_assert_int_eq(settings_read(&read, path, &err), 0);
	ck_assert_str_eq(read.theme, "nord");
	ck_assert_str_eq(read.grouping, "zone,arch");
	ck_assert_int_eq(read.delay_ms, 5000);
	ck_assert(read.highlights);
	ck_assert_int_eq(read.highlight_seconds, 60);
	ck_assert_str_eq(settings_columns(&read, "nodes"), "pods,cpu");
	ck_assert_str_eq(settings_columns(&read, "pods"), "node");
	ck_assert_str_eq(settings_columns(&read, "tiers"), "");
	ck_assert_str_eq(settings_columns(&read, "events"), "");
	ck_assert_str_eq(read.remark, "");
	ck_assert(read.no_mouse && read.no_meters && !read.no_unicode && !read.no_colour && !read.no_bar &&
		!read.no_tabs);
}
END_TEST

static const struct {
	const char *text, *says; /* NULL: it is read, and changes nothing */
} files[] = {
	{ "", NULL },
	{ "# nothing\n", NULL },
	{ "later: [1, 2]\n", NULL },
	{ "delay: 50\n", "top.yaml:1: delay: must be milliseconds, from 100 to 60000" },
	{ "\ndelay: soon\n", "top.yaml:2: delay: must be milliseconds, from 100 to 60000" },
	{ "mouse: 3\n", "top.yaml:1: mouse: must be true or false" },
	{ "highlightSeconds: 0\n", "top.yaml:1: highlightSeconds: must be seconds, from 1 to 86400" },
	{ "highlightSeconds: 86401\n", "top.yaml:1: highlightSeconds: must be seconds, from 1 to 86400" },
	{ "highlightChanges: 1\n", "top.yaml:1: highlightChanges: must be true or false" },
	{ "theme: [nord]\n", "top.yaml:1: theme: must be a short text" },
	{ "theme: \"a\\u001bb\"\n", "top.yaml:1: theme: must be a short text" },
	{ "columns: [a]\n", "top.yaml:1: columns: must be a map from views to names of columns" },
	{ "columns: {nodes: state}\n", "top.yaml:1: nodes: must be a list of names of columns" },
	{ "columns: {nodes: [[state]]}\n", "top.yaml:1: nodes: must be a short list of names of columns" },
	{ "columns: {nodes: [\"a,b\"]}\n", "top.yaml:1: nodes: must be a short list of names of columns" },
	{ "columns: {nodes: [\"a\\u001bb\"]}\n", "top.yaml:1: nodes: must be a short list of names of columns" },
	{ "- a\n", "top.yaml: must be a map of settings" },
	{ "a: [\n", "top.yaml: " },
};

START_TEST(a_file_that_is_wrong_changes_nothing_and_is_told)
{
	AUTO_FOLDER folder;
	const char *path;
	struct settings settings, before;
	struct error err = { 0 };

	folder_make(&folder);
	path = folder_write(&folder, "top.yaml", files[_i].text);
	settings_init(&settings);
	before = settings;
	ck_assert_int_eq(settings_read(&settings, path, &err), files[_i].says ? -1 : 0);
	ck_assert_int_eq(memcmp(&settings, &before, sizeof(settings)), 0);
	if (files[_i].says)
		ck_assert_msg(strstr(err.message, files[_i].says) != NULL, "%s", err.message);
}
END_TEST

START_TEST(columns_of_an_unknown_view_are_left_out)
{
	AUTO_FOLDER folder;
	struct settings settings;
	struct error err;

	folder_make(&folder);
	settings_init(&settings);
	ck_assert_int_eq(
		settings_read(&settings,
			folder_write(&folder, "top.yaml", "columns:\n  later: [a]\n  containers: [state]\n"), &err),
		0);
	ck_assert_str_eq(settings.remark, "top.yaml:2: there is no view \"later\" whose columns could be chosen");
	ck_assert_str_eq(settings_columns(&settings, "containers"), "state");
	ck_assert_uint_eq(settings.column_count, 1);
}
END_TEST

START_TEST(a_very_long_list_of_columns_is_refused)
{
	AUTO_FOLDER folder;
	AUTO_BUFFER text = { 0 };
	struct settings settings;
	struct error err;

	folder_make(&folder);
	settings_init(&settings);
	buffer_add_text(&text, "columns: {nodes: [");
	for (int i = 0; i < 200; i++)
		buffer_printf(&text, "%sname%d", i ? ", " : "", i);
	buffer_add_text(&text, "]}\n");
	ck_assert_int_eq(settings_read(&settings, folder_write(&folder, "top.yaml", buffer_text(&text)), &err), -1);
	ck_assert_uint_eq(settings.column_count, 0);
}
END_TEST

START_TEST(no_file_is_no_error_and_no_place_is_told)
{
	AUTO_FOLDER folder;
	struct settings settings;
	struct error err = { 0 };
	char path[4096];

	folder_make(&folder);
	settings_init(&settings);
	ck_assert_int_eq(settings_read(&settings, in(&folder, "none.yaml"), &err), 0);
	folder_write(&folder, "file", "");
	ck_assert_int_eq(settings_write(&settings, in(&folder, "file/top.yaml"), &err), -1);
	setenv("XDG_CONFIG_HOME", "/x", 1);
	ck_assert(settings_path(path, sizeof(path)));
	ck_assert_str_eq(path, "/x/clusterutils/top.yaml");
	setenv("XDG_CONFIG_HOME", "relative", 1);
	setenv("HOME", "/h", 1);
	ck_assert(settings_path(path, sizeof(path)));
	ck_assert_str_eq(path, "/h/.config/clusterutils/top.yaml");
	unsetenv("HOME");
	unsetenv("XDG_CONFIG_HOME");
	ck_assert(!settings_path(path, sizeof(path)));
}
END_TEST

TEST_MAIN("top/settings", TEST(what_is_written_is_read_again),
	TEST_TABLE(a_file_that_is_wrong_changes_nothing_and_is_told, files),
	TEST(columns_of_an_unknown_view_are_left_out), TEST(a_very_long_list_of_columns_is_refused),
	TEST(no_file_is_no_error_and_no_place_is_told))
