#include "clusterutils/util/process.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clusterutils/util/file.h"
#include "folder.h"
#include "suite.h"

static const char *const environment[] = { "PATH=/usr/bin:/bin", "WORD=said", NULL };

static void run_shell(const char *lines, size_t max_output, struct buffer *output, struct process_end *ret_end)
{
	const char *const arguments[] = { "shell", "-c", lines, NULL };
	struct process process = {
		.path = "/bin/sh", .arguments = arguments, .environment = environment, .max_output = max_output
	};

	process_run(&process, output, ret_end);
}

START_TEST(output_and_status_come_back)
{
	AUTO_BUFFER output = { 0 };
	struct process_end end;

	run_shell("printf %s-$WORD $0; exit 3", 100, &output, &end);
	ck_assert_int_eq(end.start_error, 0);
	ck_assert_int_eq(end.status, 3);
	ck_assert(!end.is_interrupted && !end.is_too_long);
	ck_assert_str_eq(buffer_text(&output), "shell-said");
}
END_TEST

START_TEST(there_is_nothing_to_read)
{
	AUTO_BUFFER output = { 0 };
	struct process_end end;

	run_shell("cat; echo end", 100, &output, &end);
	ck_assert_str_eq(buffer_text(&output), "end\n");
}
END_TEST

START_TEST(output_is_bounded)
{
	AUTO_BUFFER output = { 0 };
	struct process_end end;

	run_shell("while :; do echo yes; done", 10000, &output, &end);
	ck_assert(end.is_too_long);
	ck_assert_int_eq(end.status, -1);
	ck_assert_uint_le(output.length, 10000);
}
END_TEST

START_TEST(what_cannot_be_started_has_an_errno)
{
	static const char *const arguments[] = { "x", NULL };
	struct process process = { .path = "/nowhere/x", .arguments = arguments, .environment = environment };
	AUTO_BUFFER output = { 0 };
	struct process_end end;

	process_run(&process, &output, &end);
	ck_assert_int_eq(end.start_error, ENOENT);
}
END_TEST

static volatile sig_atomic_t ours;

static void count(int number)
{
	(void)number;
	ours++;
}

static const struct {
	const char *lines;
	int status;
} interrupted[] = {
	{ "kill -INT $PPID; sleep 60", -1 },
	{ "trap 'exit 5' INT; kill -INT $PPID; while :; do sleep 0.05; done", 5 },
	{ "trap '' INT; kill -INT $PPID; kill -INT $PPID; while :; do sleep 0.05; done", -1 },
	/* a child of it that keeps the output open is not waited for */
	{ "trap '' INT; sleep 60 & trap - INT; kill -INT $PPID; wait", -1 },
};

START_TEST(an_interrupt_ends_both)
{
	struct sigaction action = { .sa_handler = count }, before;
	AUTO_BUFFER output = { 0 };
	struct process_end end;

	sigaction(SIGINT, &action, &before);
	ours = 0;
	run_shell(interrupted[_i].lines, 100, &output, &end);
	sigaction(SIGINT, &before, NULL);
	ck_assert(end.is_interrupted);
	ck_assert_int_eq(end.status, interrupted[_i].status);
	ck_assert_int_ge(ours, 1);
}
END_TEST

START_TEST(signals_are_as_before)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGCHLD };
	struct sigaction before[3], after;
	AUTO_BUFFER output = { 0 };
	struct process_end end;
	sigset_t mask;

	for (size_t i = 0; i < 3; i++)
		sigaction(numbers[i], NULL, &before[i]);
	run_shell("exit 0", 100, &output, &end);
	sigprocmask(SIG_SETMASK, NULL, &mask);
	for (size_t i = 0; i < 3; i++) {
		sigaction(numbers[i], NULL, &after);
		ck_assert(after.sa_handler == before[i].sa_handler);
		ck_assert_int_eq(sigismember(&mask, numbers[i]), 0);
	}
}
END_TEST

START_TEST(executables_are_found_in_absolute_folders_alone)
{
	AUTO_FOLDER folder;
	AUTO_ARENA arena = { 0 };
	const char *path;

	folder_make(&folder);
	folder_write(&folder, "first/tool", "not executable");
	folder_write(&folder, "second/tool/file", "a folder");
	path = arena_text(&arena, folder_write_script(&folder, "third/tool", "exit 0\n"));
	ck_assert_int_eq(chdir(file_folder(path, &arena)), 0);
	setenv("PATH", arena_printf(&arena, ":.:%s/first:%s/second::%s/third", folder.path, folder.path, folder.path),
		1);
	ck_assert_str_eq(process_find("tool", &arena), path);
	setenv("PATH", ":.:", 1);
	ck_assert_ptr_null(process_find("tool", &arena));
	unsetenv("PATH");
	ck_assert_ptr_null(process_find("tool", &arena));
}
END_TEST

TEST_MAIN("util/process", TEST(output_and_status_come_back), TEST(there_is_nothing_to_read), TEST(output_is_bounded),
	TEST(what_cannot_be_started_has_an_errno), TEST_TABLE(an_interrupt_ends_both, interrupted),
	TEST(signals_are_as_before), TEST(executables_are_found_in_absolute_folders_alone))
