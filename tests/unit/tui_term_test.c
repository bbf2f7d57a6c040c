/* The terminal on pseudo terminals and files: what is shown is read back from curses, what is typed is bytes. */
#include "clusterutils/tui/term.h"

#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "clusterutils/util/buffer.h"
#include "clusterutils/util/die.h"
#include "suite.h"

/* Last, for its macros hide names of input.h. */
#include <curses.h>

enum { ROWS = 24, COLUMNS = 80, WAIT_MS = 5000 };

struct pty {
	int master, slave;
	struct termios before;
	struct buffer output; /* what came out so far */
};

static void drain(struct pty *pty)
{
	char bytes[4096];
	ssize_t count;

	while ((count = read(pty->master, bytes, sizeof(bytes))) > 0)
		buffer_add(&pty->output, bytes, (size_t)count);
}

static struct pty open_pty(void)
{
	struct winsize size = { .ws_row = ROWS, .ws_col = COLUMNS };
	struct pty pty = { .master = posix_openpt(O_RDWR | O_NOCTTY) };

	/* Of the test before, where all run in one process. */
	unsetenv("NO_COLOR");
	unsetenv("LINES");
	unsetenv("COLUMNS");
	ck_assert_int_ge(pty.master, 0);
	ck_assert_int_eq(grantpt(pty.master), 0);
	ck_assert_int_eq(unlockpt(pty.master), 0);
	pty.slave = open(ptsname(pty.master), O_RDWR | O_NOCTTY);
	ck_assert_int_ge(pty.slave, 0);
	ck_assert_int_eq(ioctl(pty.slave, TIOCSWINSZ, &size), 0);
	ck_assert_int_eq(tcgetattr(pty.slave, &pty.before), 0);
	ck_assert_int_eq(fcntl(pty.master, F_SETFL, O_NONBLOCK), 0);
	return pty;
}

static void close_pty(struct pty *pty)
{
	close(pty->slave);
	close(pty->master);
	buffer_release(&pty->output);
}

static bool is_as_before(const struct pty *pty)
{
	struct termios now;

	ck_assert_int_eq(tcgetattr(pty->slave, &now), 0);
	return now.c_lflag == pty->before.c_lflag && now.c_iflag == pty->before.c_iflag &&
		now.c_oflag == pty->before.c_oflag;
}

static struct term *open_term(const struct pty *pty, const char *type)
{
	struct term_options options = { .type = type, .input = pty->slave, .output = pty->slave };
	struct error err = { 0 };
	struct term *term = NULL;

	ck_assert(setlocale(LC_CTYPE, "C.UTF-8") || setlocale(LC_CTYPE, "en_US.UTF-8"));
	ck_assert_msg(term_open(&options, &term, &err) == 0, "%s", err.message);
	return term;
}

static void type_bytes(const struct pty *pty, const char *bytes)
{
	ck_assert_int_eq(write(pty->master, bytes, strlen(bytes)), (ssize_t)strlen(bytes));
}

/* The next event that is one. */
static struct input_event wait_event(struct term *term)
{
	struct pollfd poll_fd = { .fd = term_fd(term), .events = POLLIN };
	struct input_event event;

	for (int left = WAIT_MS; left > 0; left -= TERM_WAIT_MS) {
		term_event(term, &event);
		if (event.type != EVENT_NONE)
			return event;
		poll(&poll_fd, 1, TERM_WAIT_MS);
	}
	ck_abort_msg("nothing happens");
	return event;
}

static int open_scratch(void)
{
	FILE *file = tmpfile();
	int fd;

	ck_assert_ptr_nonnull(file);
	fd = dup(fileno(file));
	fclose(file);
	return fd;
}

/* --- opening --- */

static const struct {
	const char *type, *error;
} refused[] = {
	{ "", "TERM is not set: the kind of terminal is not known" },
	{ "dumb", "TERM is \"dumb\": this terminal shows no full screen" },
	{ "no-such-terminal", "the terminal \"no-such-terminal\" is not known: terminfo has no entry for it" },
	{ "../../../etc/passwd", "the terminal \"../../../etc/passwd\" is not known: terminfo has no entry for it" },
	{ "xterm\x1B[2J", "TERM is no name of a terminal" },
};

START_TEST(what_cannot_be_used_is_refused)
{
	struct pty pty = open_pty();
	struct term_options options = { .type = refused[_i].type, .input = pty.slave, .output = pty.slave };
	struct error err = { 0 };
	struct term *term = NULL;

	ck_assert_int_eq(term_open(&options, &term, &err), -1);
	ck_assert_str_eq(err.message, refused[_i].error);
	ck_assert_ptr_null(term);
	drain(&pty);
	ck_assert_uint_eq(pty.output.length, 0);
	ck_assert(is_as_before(&pty));
	close_pty(&pty);
}
END_TEST

START_TEST(the_environment_names_the_terminal)
{
	struct pty pty = open_pty();
	struct term *term;

	setenv("TERM", "xterm-256color", 1);
	setenv("NO_COLOR", "", 1);
	term = open_term(&pty, NULL);
	ck_assert_int_eq(term_rows(term), ROWS);
	ck_assert_int_eq(term_columns(term), COLUMNS);
	ck_assert_int_eq(term_colours(term), 256);
	ck_assert(term_is_unicode(term));
	ck_assert(!is_as_before(&pty));
	term_close(term);
	ck_assert(is_as_before(&pty));
	close_pty(&pty);
}
END_TEST

START_TEST(no_color_means_none)
{
	struct pty pty = open_pty();
	struct term *term;

	setenv("NO_COLOR", "1", 1);
	term = open_term(&pty, "xterm-256color");
	ck_assert_int_eq(term_colours(term), 0);
	term_close(term);
	close_pty(&pty);
}
END_TEST

START_TEST(it_can_be_opened_again)
{
	struct pty pty = open_pty();

	for (int i = 0; i < 3; i++)
		term_close(open_term(&pty, i == 1 ? "vt100" : "xterm-256color"));
	ck_assert(is_as_before(&pty));
	close_pty(&pty);
}
END_TEST

/* --- showing --- */

static void check_place(int row, int column, const wchar_t *text, attr_t attributes)
{
	wchar_t shown[CCHARW_MAX + 1] = L"";
	cchar_t cell;
	attr_t has;
	short pair;

	ck_assert_int_eq(mvin_wch(row, column, &cell), OK);
	ck_assert_int_eq(getcchar(&cell, shown, &has, &pair, NULL), OK);
	ck_assert_msg(wcscmp(shown, text) == 0, "at %d,%d is U+%04X", row, column, (unsigned)shown[0]);
	ck_assert_uint_eq(has & (A_BOLD | A_DIM | A_REVERSE | A_UNDERLINE), attributes);
}

START_TEST(a_frame_is_what_was_drawn)
{
	struct pty pty = open_pty();
	struct term *term = open_term(&pty, "xterm-256color");
	AUTO_CANVAS canvas = { 0 };

	canvas_init(&canvas, ROWS, COLUMNS);
	canvas_text(&canvas, 0, 0, 80, STYLE_BAD, "b\u00E4d");
	canvas_text(&canvas, 1, 0, 80, STYLE_PLAIN, "\u4E2Dx\u2502");
	canvas_text(&canvas, 2, 0, 80, STYLE_PLAIN, "u\u0308x");
	canvas_text(&canvas, 3, 0, 80, STYLE_PLAIN, "\u2764\uFE0Fx\U0001F1E9\U0001F1EAx");
	canvas_text(&canvas, 23, 79, 80, STYLE_STRONG, "Z"); /* the corner, where terminals like to scroll */
	term_show(term, &canvas);
	check_place(0, 0, L"b", A_BOLD);
	check_place(0, 1, L"\u00E4", A_BOLD);
	check_place(1, 0, L"\u4E2D", 0);
	check_place(1, 2, L"x", 0);
	check_place(1, 3, L"\u2502", 0);
	check_place(2, 0, L"u\u0308", 0);
	check_place(2, 1, L"x", 0);
	check_place(3, 0, L"\u2764", 0); /* without the selector */
	check_place(3, 1, L"x", 0);
	check_place(3, 4, L"x", 0); /* whatever the flag became has two columns */
	check_place(23, 79, L"Z", A_BOLD);
	canvas_clear(&canvas);
	term_show(term, &canvas);
	check_place(0, 0, L" ", 0);
	check_place(1, 0, L" ", 0);
	check_place(1, 1, L" ", 0);
	check_place(23, 79, L" ", 0);
	term_close(term);
	close_pty(&pty);
}
END_TEST

START_TEST(a_canvas_of_another_size_is_cut_or_filled)
{
	struct pty pty = open_pty();
	struct term *term = open_term(&pty, "xterm-256color");
	AUTO_CANVAS canvas = { 0 };

	canvas_init(&canvas, 30, 100);
	for (int row = 0; row < 30; row++)
		canvas_repeat(&canvas, row, 0, 100, STYLE_PLAIN, "#");
	canvas_text(&canvas, 0, 79, 2, STYLE_PLAIN, "\u4E2D");
	term_show(term, &canvas);
	check_place(0, 78, L"#", 0);
	check_place(0, 79, L" ", 0); /* half of a wide character */
	check_place(23, 79, L"#", 0);
	canvas_resize(&canvas, 2, 3);
	canvas_text(&canvas, 1, 0, 3, STYLE_PLAIN, "abc");
	term_show(term, &canvas);
	check_place(1, 2, L"c", 0);
	check_place(1, 3, L" ", 0);
	check_place(23, 79, L" ", 0);
	canvas_resize(&canvas, 0, 0);
	term_show(term, &canvas);
	check_place(1, 2, L" ", 0);
	term_close(term);
	close_pty(&pty);
}
END_TEST

START_TEST(without_unicode_there_is_ascii)
{
	struct pty pty = open_pty();
	struct term_options options = {
		.type = "vt100", .unicode = TERM_NEVER, .input = pty.slave, .output = pty.slave
	};
	struct error err = { 0 };
	struct term *term = NULL;
	AUTO_CANVAS canvas = { 0 };

	setlocale(LC_CTYPE, "C.UTF-8");
	ck_assert_int_eq(term_open(&options, &term, &err), 0);
	ck_assert(!term_is_unicode(term));
	ck_assert_int_eq(term_colours(term), 0);
	canvas_init(&canvas, ROWS, COLUMNS);
	canvas_text(&canvas, 0, 0, 80, STYLE_SELECTED, "\u4E2Du\u0308x");
	term_show(term, &canvas);
	check_place(0, 0, L"?", A_REVERSE);
	check_place(0, 1, L" ", A_REVERSE);
	check_place(0, 2, L"u", A_REVERSE);
	check_place(0, 3, L"x", A_REVERSE);
	term_close(term);
	close_pty(&pty);
}
END_TEST

START_TEST(only_what_differs_is_written)
{
	int null = open("/dev/null", O_RDWR), scratch = open_scratch();
	struct term_options options = { .type = "xterm-256color", .input = null, .output = scratch };
	struct error err = { 0 };
	struct term *term = NULL;
	int64_t before;
	AUTO_CANVAS canvas = { 0 };

	setenv("LINES", "50", 1);
	setenv("COLUMNS", "200", 1);
	setlocale(LC_CTYPE, "C.UTF-8");
	unsetenv("NO_COLOR");
	ck_assert_int_eq(term_open(&options, &term, &err), 0);
	ck_assert_int_eq(term_rows(term), 50);
	canvas_init(&canvas, 50, 200);
	for (int row = 0; row < 50; row++)
		canvas_repeat(&canvas, row, 0, 200, STYLE_GOOD, row % 2 ? "a" : "b");
	term_show(term, &canvas);
	ck_assert_int_gt(term_bytes(term), 1000);
	before = term_bytes(term);
	term_show(term, &canvas);
	ck_assert_int_eq(term_bytes(term), before);
	canvas_text(&canvas, 20, 100, 1, STYLE_BAD, "X");
	term_show(term, &canvas);
	ck_assert_int_gt(term_bytes(term), before);
	ck_assert_int_lt(term_bytes(term), before + 60);
	before = term_bytes(term);
	canvas_restyle(&canvas, (struct rect){ 30, 0, 1, 200 }, STYLE_SELECTED);
	term_show(term, &canvas);
	ck_assert_int_lt(term_bytes(term), before + 300);
	before = term_bytes(term);
	term_redraw(term);
	term_show(term, &canvas);
	ck_assert_int_gt(term_bytes(term), before + 1000);
	term_close(term);
	close(null);
	close(scratch);
}
END_TEST

START_TEST(the_cursor_is_where_the_canvas_has_it)
{
	struct pty pty = open_pty();
	struct term *term = open_term(&pty, "xterm-256color");
	AUTO_CANVAS canvas = { 0 };
	int row, column;

	canvas_init(&canvas, ROWS, COLUMNS);
	canvas.cursor_row = 5;
	canvas.cursor_column = 7;
	term_show(term, &canvas);
	getyx(stdscr, row, column);
	ck_assert_int_eq(row, 5);
	ck_assert_int_eq(column, 7);
	ck_assert_int_eq(curs_set(1), 1);
	canvas.cursor_row = canvas.cursor_column = -1;
	term_show(term, &canvas);
	ck_assert_int_eq(curs_set(0), 0);
	term_close(term);
	close_pty(&pty);
}
END_TEST

START_TEST(every_theme_can_be_put_on)
{
	struct pty pty = open_pty();
	struct term *term = open_term(&pty, "xterm-256color");
	size_t count;
	const struct theme *const *all = theme_all(&count);
	AUTO_CANVAS canvas = { 0 };

	canvas_init(&canvas, ROWS, COLUMNS);
	for (int round = 0; round < 20; round++)
		for (size_t i = 0; i < count; i++) {
			short foreground, background, pair;
			struct look look = theme_look(all[i], STYLE_SELECTED, 256);
			cchar_t cell;
			wchar_t text[CCHARW_MAX + 1];
			attr_t attributes;

			canvas_text(&canvas, 0, 0, 1, STYLE_SELECTED, "x");
			term_set_theme(term, all[i]);
			term_show(term, &canvas);
			drain(&pty);
			mvin_wch(0, 0, &cell);
			getcchar(&cell, text, &attributes, &pair, NULL);
			pair_content(pair, &foreground, &background);
			ck_assert_int_eq(foreground, look.foreground);
			ck_assert_int_eq(background, look.background);
		}
	term_close(term);
	close_pty(&pty);
}
END_TEST

/* --- keys and mouse --- */

static const struct {
	const char *bytes, *keys;
} typed[] = {
	{ "q", "q" },
	{ "\u00FC\u4E2D", "\u00FC \u4E2D" },
	{ "\r", "Enter" },
	{ "\n", "Enter" },
	{ "\t", "Tab" },
	{ "\033[Z", "Shift-Tab" },
	{ "\x7F", "Backspace" },
	{ "\b", "Backspace" },
	{ " ", "Space" },
	{ "\x0C", "Ctrl-L" },
	{ "\x13\x11", "Ctrl-S Ctrl-Q" },
	{ "\033", "Esc" },
	{ "\033j", "Alt-j" },
	{ "\033\033[A", "Alt-Up" },
	{ "\033[A\033OB\033[C\033OD", "Up Down Right Left" },
	{ "\033[H\033[F\033OH\033OF\033[1~\033[4~\033[7~\033[8~", "Home End Home End Home End Home End" },
	{ "\033[5~\033[6~\033[2~\033[3~", "PgUp PgDn Ins Del" },
	{ "\033OP\033OQ\033OR\033OS", "F1 F2 F3 F4" },
	{ "\033[11~\033[12~\033[13~\033[14~\033[15~", "F1 F2 F3 F4 F5" },
	{ "\033[17~\033[18~\033[19~\033[20~\033[21~\033[23~\033[24~", "F6 F7 F8 F9 F10 F11 F12" },
	{ "\033[1;2R\033[13;2~\033[1;2P", "Shift-F3 Shift-F3 Shift-F1" },
	{ "\033[1;2A\033[1;2B\033[1;2C\033[1;2D", "Shift-Up Shift-Down Shift-Right Shift-Left" },
	{ "\033[1;3A\033[1;5C\033[5;2~", "Alt-Up Ctrl-Right Shift-PgUp" },
	{ "\033[99;99Xq", "q" }, /* a sequence that nobody knows */
	{ "\033[?1;2cq", "q" },  /* what a terminal answers */
	{ "\033Ozq", "q" },
	{ "\xFFq", "q" }, /* no UTF-8 */
	{ "ab\033[Acd", "a b Up c d" },
};

START_TEST(keys_are_told_by_name)
{
	struct pty pty = open_pty();
	struct term *term = open_term(&pty, "xterm-256color");
	char copy[256], *rest = copy, *word;
	struct input_event event;

	type_bytes(&pty, typed[_i].bytes);
	strcpy(copy, typed[_i].keys);
	while ((word = strsep(&rest, " ")) != NULL) {
		char name[KEY_NAME_SIZE];

		event = wait_event(term);
		ck_assert_int_eq(event.type, EVENT_KEY);
		ck_assert_str_eq(key_text(event.key, name), word);
	}
	term_event(term, &event);
	ck_assert_int_eq(event.type, EVENT_NONE);
	term_close(term);
	close_pty(&pty);
}
END_TEST

static void check_mouse(struct term *term, enum mouse_button button, int row, int column, bool release, bool is_double)
{
	struct input_event event = wait_event(term);

	ck_assert_int_eq(event.type, EVENT_MOUSE);
	ck_assert_int_eq(event.button, button);
	ck_assert_int_eq(event.row, row);
	ck_assert_int_eq(event.column, column);
	ck_assert_int_eq(event.is_release, release);
	ck_assert_int_eq(event.is_double, is_double);
}

START_TEST(the_mouse_is_told)
{
	struct pty pty = open_pty();
	struct term *term = open_term(&pty, "xterm-256color");

	type_bytes(&pty, "\033[<0;5;3M\033[<0;5;3m");
	check_mouse(term, MOUSE_LEFT, 2, 4, false, false);
	check_mouse(term, MOUSE_LEFT, 2, 4, true, false);
	type_bytes(&pty, "\033[<0;5;3M\033[<0;5;3m");
	check_mouse(term, MOUSE_LEFT, 2, 4, false, false);
	check_mouse(term, MOUSE_LEFT, 2, 4, true, true);
	type_bytes(&pty, "\033[<0;5;3M\033[<0;5;3m");
	check_mouse(term, MOUSE_LEFT, 2, 4, false, false);
	check_mouse(term, MOUSE_LEFT, 2, 4, true, false); /* a third is not a second */
	type_bytes(&pty, "\033[<64;80;24M\033[<65;80;24M\033[<2;1;1M\033[<2;1;1m");
	check_mouse(term, MOUSE_WHEEL_UP, 23, 79, false, false);
	check_mouse(term, MOUSE_WHEEL_DOWN, 23, 79, false, false);
	check_mouse(term, MOUSE_RIGHT, 0, 0, false, false);
	check_mouse(term, MOUSE_RIGHT, 0, 0, true, false);
	term_close(term);
	close_pty(&pty);
}
END_TEST

START_TEST(without_a_mouse_none_is_asked_for)
{
	struct pty pty = open_pty();
	struct term_options options = {
		.type = "xterm-256color", .mouse = TERM_NEVER, .input = pty.slave, .output = pty.slave
	};
	struct error err = { 0 };
	struct term *term = NULL;
	AUTO_CANVAS canvas = { 0 };

	canvas_init(&canvas, 1, 1);
	ck_assert_int_eq(term_open(&options, &term, &err), 0);
	term_show(term, &canvas);
	term_close(term);
	drain(&pty);
	ck_assert_ptr_nonnull(strstr(buffer_text(&pty.output), "\033[?1049l"));
	ck_assert_ptr_null(strstr(buffer_text(&pty.output), "1006"));
	close_pty(&pty);
}
END_TEST

/* --- size and signals --- */

START_TEST(another_size_is_told_and_shown)
{
	struct winsize size = { .ws_row = 10, .ws_col = 40 };
	struct pty pty = open_pty();
	struct term *term = open_term(&pty, "xterm-256color");
	struct input_event event;
	AUTO_CANVAS canvas = { 0 };

	canvas_init(&canvas, ROWS, COLUMNS);
	term_show(term, &canvas);
	ck_assert_int_eq(ioctl(pty.slave, TIOCSWINSZ, &size), 0);
	raise(SIGWINCH);
	ck_assert_int_eq(wait_event(term).type, EVENT_RESIZE);
	ck_assert_int_eq(term_rows(term), 10);
	ck_assert_int_eq(term_columns(term), 40);
	term_show(term, &canvas); /* of the old size */
	size = (struct winsize){ .ws_row = 300, .ws_col = 500 };
	ck_assert_int_eq(ioctl(pty.slave, TIOCSWINSZ, &size), 0);
	raise(SIGWINCH);
	ck_assert_int_eq(wait_event(term).type, EVENT_RESIZE);
	ck_assert_int_eq(term_rows(term), 300);
	canvas_resize(&canvas, 300, 500);
	canvas_text(&canvas, 299, 499, 1, STYLE_PLAIN, "x");
	term_show(term, &canvas);
	check_place(299, 499, L"x", 0);
	ungetch(KEY_RESIZE);
	ck_assert_int_eq(wait_event(term).type, EVENT_RESIZE);
	term_event(term, &event);
	ck_assert_int_eq(event.type, EVENT_NONE);
	term_close(term);
	close_pty(&pty);
}
END_TEST

static const int ends[] = { SIGINT, SIGTERM, SIGHUP };

/* Also where the tests themselves run under nohup. */
START_TEST(a_signal_to_end_is_told)
{
	struct pty pty = open_pty();
	struct input_event event;
	struct term *term;

	signal(ends[_i], SIG_DFL);
	term = open_term(&pty, "xterm-256color");
	raise(ends[_i]);
	event = wait_event(term);
	ck_assert_int_eq(event.type, EVENT_SIGNAL);
	ck_assert_int_eq(event.signal, ends[_i]);
	term_event(term, &event);
	ck_assert_int_eq(event.type, EVENT_NONE);
	raise(ends[_i]); /* the first one was taken: this is another first */
	ck_assert_int_eq(wait_event(term).signal, ends[_i]);
	term_close(term);
	close_pty(&pty);
}
END_TEST

START_TEST(what_was_ignored_stays_so)
{
	struct pty pty = open_pty();
	struct term *term;
	struct input_event event;

	signal(SIGHUP, SIG_IGN);
	term = open_term(&pty, "xterm-256color");
	raise(SIGHUP);
	term_event(term, &event);
	ck_assert_int_eq(event.type, EVENT_NONE);
	term_close(term);
	signal(SIGHUP, SIG_DFL);
	close_pty(&pty);
}
END_TEST

/* What the child does with the terminal, and how it ends. */
enum ending { ENDS_BY_EXIT, ENDS_BY_DIE, ENDS_BY_TWO_SIGNALS, ENDINGS };

static void run_child(const struct pty *pty, enum ending ending)
{
	struct term *term = open_term(pty, "xterm-256color");
	AUTO_CANVAS canvas = { 0 };

	canvas_init(&canvas, ROWS, COLUMNS);
	term_show(term, &canvas);
	fclose(stderr);
	if (ending == ENDS_BY_DIE)
		die("out of memory");
	if (ending == ENDS_BY_TWO_SIGNALS) {
		raise(SIGTERM);
		raise(SIGTERM);
	}
	exit(7);
}

START_TEST(every_end_restores_the_terminal)
{
	static const int statuses[ENDINGS] = { 7, 1, SIGTERM };
	struct pty pty = open_pty();
	int status;
	pid_t child = fork();

	if (child == 0)
		run_child(&pty, (enum ending)_i);
	ck_assert_int_gt(child, 0);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(_i == ENDS_BY_TWO_SIGNALS ? WTERMSIG(status) : WEXITSTATUS(status), statuses[_i]);
	ck_assert(is_as_before(&pty));
	drain(&pty);
	ck_assert_ptr_nonnull(strstr(buffer_text(&pty.output), "\033[?1049h"));
	ck_assert_ptr_nonnull(strstr(buffer_text(&pty.output), "\033[?1049l"));
	ck_assert_ptr_nonnull(strstr(buffer_text(&pty.output), "\033[?1006;1000l"));
	close_pty(&pty);
}
END_TEST

/* valgrind does not stop what it runs. */
static bool can_stop(void)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		setpgid(0, 0);
		raise(SIGTSTP);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(child, &status, WUNTRACED), child);
	if (!WIFSTOPPED(status))
		return false;
	kill(child, SIGCONT);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	return true;
}

/* Stopped by SIGTSTP it gives the terminal back, and goes on when told to. */
START_TEST(suspend_is_a_round_trip)
{
	struct pty pty = open_pty();
	int status;
	pid_t child;

	if (!can_stop()) {
		puts("skipped: nothing stops here by SIGTSTP");
		close_pty(&pty);
		return;
	}
	child = fork();
	if (child == 0) {
		struct term *term;

		setpgid(0, 0); /* a group of its own that is not orphaned, as a shell would make it */
		term = open_term(&pty, "xterm-256color");
		raise(SIGTSTP);
		if (wait_event(term).type != EVENT_RESIZE)
			_exit(1);
		type_bytes(&pty, "q");
		if (is_as_before(&pty) || wait_event(term).key != 'q')
			_exit(2);
		raise(SIGCONT);
		if (wait_event(term).type != EVENT_RESIZE)
			_exit(3);
		term_close(term);
		_exit(is_as_before(&pty) ? 7 : 4);
	}
	ck_assert_int_gt(child, 0);
	ck_assert_int_eq(waitpid(child, &status, WUNTRACED), child);
	ck_assert(WIFSTOPPED(status));
	ck_assert_int_eq(WSTOPSIG(status), SIGTSTP);
	ck_assert(is_as_before(&pty));
	kill(child, SIGCONT);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(WEXITSTATUS(status), 7);
	close_pty(&pty);
}
END_TEST

START_TEST(left_the_terminal_is_as_before)
{
	struct pty pty = open_pty();
	struct term *term = open_term(&pty, "xterm-256color");
	struct input_event event;
	AUTO_CANVAS canvas = { 0 };

	canvas_init(&canvas, ROWS, COLUMNS);
	canvas_text(&canvas, 0, 0, 80, STYLE_PLAIN, "corellia");
	term_show(term, &canvas);
	term_leave(term);
	ck_assert(is_as_before(&pty));
	drain(&pty);
	buffer_clear(&pty.output);
	term_show(term, &canvas);
	term_event(term, &event);
	ck_assert_int_eq(event.type, EVENT_NONE);
	drain(&pty);
	ck_assert_uint_eq(pty.output.length, 0);
	term_return(term);
	ck_assert(!is_as_before(&pty));
	term_show(term, &canvas);
	drain(&pty);
	ck_assert_ptr_nonnull(strstr(buffer_text(&pty.output), "\033[?1049h"));
	ck_assert_ptr_nonnull(strstr(buffer_text(&pty.output), "corellia"));
	term_close(term);
	close_pty(&pty);
}
END_TEST

START_TEST(a_terminal_that_is_gone_is_told)
{
	struct pty pty = open_pty();
	struct term *term;
	struct input_event event;

	signal(SIGHUP, SIG_IGN);
	term = open_term(&pty, "xterm-256color");
	close(pty.master);
	event = wait_event(term);
	ck_assert_int_eq(event.type, EVENT_SIGNAL);
	ck_assert_int_eq(event.signal, SIGHUP);
	term_close(term);
	close(pty.slave);
}
END_TEST

TEST_MAIN("tui/term", TEST_TABLE(what_cannot_be_used_is_refused, refused), TEST(the_environment_names_the_terminal),
	TEST(no_color_means_none), TEST(it_can_be_opened_again), TEST(a_frame_is_what_was_drawn),
	TEST(a_canvas_of_another_size_is_cut_or_filled), TEST(without_unicode_there_is_ascii),
	TEST(only_what_differs_is_written), TEST(the_cursor_is_where_the_canvas_has_it),
	TEST(every_theme_can_be_put_on), TEST_TABLE(keys_are_told_by_name, typed), TEST(the_mouse_is_told),
	TEST(without_a_mouse_none_is_asked_for), TEST(another_size_is_told_and_shown),
	TEST_TABLE(a_signal_to_end_is_told, ends), TEST(what_was_ignored_stays_so),
	((struct test_entry){ "every_end_restores_the_terminal", every_end_restores_the_terminal, ENDINGS }),
	TEST(suspend_is_a_round_trip), TEST(left_the_terminal_is_as_before), TEST(a_terminal_that_is_gone_is_told))
