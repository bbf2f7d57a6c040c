#include "clusterutils/util/file.h"

#include <string.h>

#include "folder.h"
#include "suite.h"

static const struct {
	const char *path, *clean;
} paths[] = {
	{ "", "." },
	{ "a/b", "a/b" },
	{ "a//b/./c/", "a/b/c" },
	{ "a/../b", "b" },
	{ "a/..", "." },
	{ "../a/../..", "../.." },
	{ "a/b/../../..", ".." },
	{ "/", "/" },
	{ "//a/../..", "/" },
	{ "/../a", "/a" },
	{ "./a", "a" },
};

START_TEST(paths_are_cleaned_as_go_does)
{
	AUTO_ARENA arena = { 0 };

	ck_assert_str_eq(file_clean(paths[_i].path, &arena), paths[_i].clean);
}
END_TEST

START_TEST(paths_are_relative_to_a_folder_unless_absolute)
{
	AUTO_ARENA arena = { 0 };
	const char *absolute;
	struct error err;

	ck_assert_str_eq(file_resolve("/home/.kube", "../ca.crt", &arena), "/home/ca.crt");
	ck_assert_str_eq(file_resolve("/home/.kube", "/etc/../ca.crt", &arena), "/etc/../ca.crt");
	ck_assert_str_eq(file_folder("/home/.kube/config", &arena), "/home/.kube");
	ck_assert_str_eq(file_folder("config", &arena), ".");
	ck_assert_str_eq(file_folder("/config", &arena), "/");
	ck_assert_int_eq(file_absolute("/a/./b", &arena, &absolute, &err), 0);
	ck_assert_str_eq(absolute, "/a/b");
	ck_assert_int_eq(file_absolute("x", &arena, &absolute, &err), 0);
	ck_assert_int_eq(absolute[0], '/');
}
END_TEST

START_TEST(what_cannot_be_read_is_told_in_the_words_of_go)
{
	AUTO_FOLDER folder;
	AUTO_ARENA arena = { 0 };
	AUTO_BUFFER bytes = { 0 };
	struct error err;
	const char *file;

	folder_make(&folder);
	file = arena_text(&arena, folder_write(&folder, "file", "twelve bytes"));
	ck_assert_int_eq(file_read(file, 12, &bytes, &err), 0);
	ck_assert_str_eq(buffer_text(&bytes), "twelve bytes");
	ck_assert_int_eq(file_read(file, 11, &bytes, &err), -1);
	ck_assert_int_eq(file_read(arena_printf(&arena, "%s/none", folder.path), 9, &bytes, &err), -1);
	ck_assert_str_eq(err.message, arena_printf(&arena, "open %s/none: no such file or directory", folder.path));
	ck_assert_int_eq(err.code, ERROR_NOT_FOUND);
	ck_assert_int_eq(file_read(folder.path, 9, &bytes, &err), -1);
	ck_assert_str_eq(err.message, arena_printf(&arena, "read %s: is a directory", folder.path));
	ck_assert_int_eq(err.code, ERROR_FAILED);
	ck_assert_int_eq(file_check(arena_printf(&arena, "%s/file/x", folder.path), &err), -1);
	ck_assert_str_eq(err.message, arena_printf(&arena, "open %s/file/x: not a directory", folder.path));
	ck_assert_int_eq(file_check(folder.path, &err), 0);
}
END_TEST

TEST_MAIN("util/file", TEST_TABLE(paths_are_cleaned_as_go_does, paths),
	TEST(paths_are_relative_to_a_folder_unless_absolute), TEST(what_cannot_be_read_is_told_in_the_words_of_go))
