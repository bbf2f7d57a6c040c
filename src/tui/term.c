#include "clusterutils/tui/term.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "clusterutils/util/die.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "clusterutils/util/width.h"
#include "keyboard.h"
#include "signals.h"
#include "terminfo.h"

/* Last, for its macros hide names of ours. */
#include <curses.h>

enum { ESCAPE_MS = 25, MAX_PAIRS = 256, MAX_MARKS = 4, REPLACEMENT = 0xFFFD };

struct pair {
	short foreground, background;
};

struct term {
	SCREEN *screen;
	FILE *in, *out;
	const struct theme *theme;
	bool is_unicode, has_mouse, has_default_colours, is_left;
	int colours;
	struct pair pairs[MAX_PAIRS]; /* of curses, by number; the first is the terminal's own */
	int pair_count;
	attr_t attributes[STYLES];
	short pair_of_style[STYLES];
	struct canvas shown;
	bool is_shown; /* `shown` is what the terminal shows */
	cchar_t *row;  /* one row, in the making */
	int row_columns;
	struct keyboard keyboard;
	struct signals_restore restore;
};

static struct term *current; /* for what happens at the end of the program */

/* --- opening --- */

static void restore_at_end(void)
{
	if (current && !current->is_left) {
		current->is_left = true;
		endwin();
	}
}

/* What a terminfo string has without its pauses: "$<5/>". */
static void add_capability(struct signals_restore *restore, const char *name)
{
	const char *text = tigetstr(name);

	if (!text || text == (const char *)-1)
		return;
	while (*text && restore->length < sizeof(restore->bytes)) {
		if (text[0] == '$' && text[1] == '<')
			text += strcspn(text, ">");
		else
			restore->bytes[restore->length++] = *text;
		text += *text != '\0';
	}
}

static void prepare_restore(struct term *term)
{
	static const char mouse_off[] = "\033[?1006;1000l";
	struct signals_restore *restore = &term->restore;

	restore->length = 0;
	if (term->has_mouse) {
		memcpy(restore->bytes, mouse_off, sizeof(mouse_off) - 1);
		restore->length = sizeof(mouse_off) - 1;
	}
	add_capability(restore, "sgr0");
	add_capability(restore, "rmkx");
	add_capability(restore, "cnorm");
	add_capability(restore, "rmcup");
}

static FILE *open_copy(int fd, const char *mode, struct error *err)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	FILE *file = copy >= 0 ? fdopen(copy, mode) : NULL;

	if (!file) {
		error_set(err, ERROR_FAILED, "the terminal cannot be opened: %s", strerror(errno));
		if (copy >= 0)
			close(copy);
	}
	return file;
}

/* Where stdin is a pipe, keys come from the terminal all the same. */
static FILE *open_input(const struct term_options *options, struct error *err)
{
	FILE *file;
	int fd;

	if (options->input >= 0)
		return open_copy(options->input, "r", err);
	if (isatty(STDIN_FILENO))
		return open_copy(STDIN_FILENO, "r", err);
	fd = open("/dev/tty", O_RDONLY | O_CLOEXEC);
	file = fd >= 0 ? fdopen(fd, "r") : NULL;
	if (!file) {
		error_set(err, ERROR_FAILED, "there is no terminal to read keys from: %s", strerror(errno));
		if (fd >= 0)
			close(fd);
	}
	return file;
}

/* --- colours --- */

/* The number of a pair, made where it is new; that of the terminal's own colours where there are too many. */
static short pair_of(struct term *term, struct look look)
{
	int most = COLOR_PAIRS < MAX_PAIRS ? COLOR_PAIRS : MAX_PAIRS;
	struct pair pair = { look.foreground, look.background };

	if (!term->has_default_colours) {
		pair.foreground = pair.foreground < 0 ? COLOR_WHITE : pair.foreground;
		pair.background = pair.background < 0 ? COLOR_BLACK : pair.background;
	}
	if (term->colours == 0 || (look.foreground < 0 && look.background < 0))
		return 0;
	for (int i = 1; i < term->pair_count; i++)
		if (term->pairs[i].foreground == pair.foreground && term->pairs[i].background == pair.background)
			return (short)i;
	if (term->pair_count >= most || init_pair((short)term->pair_count, pair.foreground, pair.background) == ERR)
		return 0;
	term->pairs[term->pair_count] = pair;
	return (short)term->pair_count++;
}

static attr_t attributes_of(unsigned attributes)
{
	return (attributes & LOOK_BOLD ? A_BOLD : A_NORMAL) | (attributes & LOOK_DIM ? A_DIM : A_NORMAL) |
		(attributes & LOOK_UNDERLINE ? A_UNDERLINE : A_NORMAL) |
		(attributes & LOOK_REVERSE ? A_REVERSE : A_NORMAL);
}

/* The one that it has already changes nothing: who draws may set it every time. */
void term_set_theme(struct term *term, const struct theme *theme)
{
	const struct theme *wanted = theme ? theme : theme_default();

	if (term->theme == wanted)
		return;
	term->theme = wanted;
	term->pair_count = 1;
	for (int style = 0; style < STYLES; style++) {
		struct look look = theme_look(term->theme, (enum style)style, term->colours);

		term->attributes[style] = attributes_of(look.attributes);
		term->pair_of_style[style] = pair_of(term, look);
	}
	term_redraw(term);
}

static bool is_set(const char *variable)
{
	const char *value = getenv(variable);

	return value && *value;
}

static void begin_colours(struct term *term, enum term_choice choice)
{
	if (choice == TERM_NEVER || is_set("NO_COLOR") || !has_colors() || start_color() == ERR)
		return;
	term->has_default_colours = use_default_colors() != ERR;
	term->colours = COLORS;
}

/* --- opening and closing --- */

/* Neither Ctrl-S nor Ctrl-Q shall stop the output: they are keys. Interrupt and suspend stay with the terminal. */
static void set_modes(struct term *term, enum term_choice mouse)
{
	struct termios mode;

	cbreak();
	noecho();
	nonl();
	intrflush(stdscr, FALSE);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	typeahead(-1); /* a frame is written as a whole, whatever is typed meanwhile */
	set_escdelay(ESCAPE_MS);
	curs_set(0);
	if (tcgetattr(fileno(term->out), &mode) == 0) {
		mode.c_iflag &= ~(tcflag_t)IXON;
		tcsetattr(fileno(term->out), TCSADRAIN, &mode);
		def_prog_mode();
	}
	if (mouse == TERM_NEVER)
		return;
	term->has_mouse = mousemask(BUTTON1_PRESSED | BUTTON1_RELEASED | BUTTON2_PRESSED | BUTTON2_RELEASED |
					  BUTTON3_PRESSED | BUTTON3_RELEASED | BUTTON4_PRESSED | BUTTON5_PRESSED,
				  NULL) != 0;
	mouseinterval(0);
}

static int begin_screen(struct term *term, const struct term_options *options, const char *type, struct error *err)
{
	term->out = open_copy(options->output >= 0 ? options->output : STDOUT_FILENO, "w", err);
	if (!term->out)
		return -1;
	term->in = open_input(options, err);
	if (!term->in)
		return -1;
	term->restore.fd = fileno(term->out);
	term->restore.has_mode = tcgetattr(term->restore.fd, &term->restore.mode) == 0;
	/* Before curses would set handlers of its own: it leaves those alone that are not the default. */
	signals_install(&term->restore);
	term->screen = newterm(type, term->out, term->in);
	if (!term->screen)
		return error_set(err, ERROR_FAILED, "the terminal \"%s\" cannot be opened", type);
	return 0;
}

int term_open(const struct term_options *options, struct term **ret_term, struct error *err)
{
	static bool is_registered;
	const char *type = options->type ? options->type : getenv("TERM");
	struct term *term;

	if (current)
		return error_set(err, ERROR_FAILED, "the terminal is in use already");
	if (terminfo_check(type, options->output >= 0 ? options->output : STDOUT_FILENO, err) < 0)
		return -1;
	term = NEW(struct term);
	if (begin_screen(term, options, type, err) < 0) {
		term->is_left = true;
		term_close(term);
		return -1;
	}
	current = term;
	if (!is_registered)
		atexit(restore_at_end);
	is_registered = true;
	die_set_hook(restore_at_end);
	term->is_unicode = options->unicode != TERM_NEVER && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	set_modes(term, options->mouse);
	begin_colours(term, options->colour);
	keyboard_init(&term->keyboard);
	prepare_restore(term);
	signals_set_restore(&term->restore);
	canvas_init(&term->shown, 0, 0);
	term_set_theme(term, options->theme);
	*ret_term = term;
	return 0;
}

void term_close(struct term *term)
{
	if (!term)
		return;
	term_leave(term);
	signals_uninstall();
	if (term->screen)
		delscreen(term->screen);
	if (term->out)
		fclose(term->out);
	if (term->in)
		fclose(term->in);
	canvas_release(&term->shown);
	memory_auto_free(&term->row);
	if (current == term) {
		current = NULL;
		die_set_hook(NULL);
	}
	memory_auto_free(&term);
}

int term_rows(const struct term *term)
{
	(void)term;
	return LINES;
}

int term_columns(const struct term *term)
{
	(void)term;
	return COLS;
}

int term_colours(const struct term *term)
{
	return term->colours;
}

bool term_is_unicode(const struct term *term)
{
	return term->is_unicode;
}

int term_fd(const struct term *term)
{
	return fileno(term->in);
}

int64_t term_bytes(const struct term *term)
{
	return (int64_t)lseek(fileno(term->out), 0, SEEK_CUR);
}

/* --- showing --- */

/* The marks that libc, and so curses, takes to be of no width; neither joiners nor variation selectors, about whose
 * effect terminals disagree. */
static bool is_mark(uint32_t code_point)
{
	bool is_selector = (code_point >= 0xFE00 && code_point <= 0xFE0F) || code_point >= 0xE0000;
	bool is_format = code_point >= 0x200B && code_point <= 0x206F;

	return !is_selector && !is_format && width_of_code_point(code_point) == 0 && wcwidth((wchar_t)code_point) == 0;
}

/* The character of a cell as libc and curses agree on it, with its marks; returns the columns that they think it has.
 * */
static int character_of(const struct term *term, const struct canvas_cell *cell, wchar_t text[MAX_MARKS + 2])
{
	size_t length = strlen(cell->text), at, count = 1, step;
	uint32_t code_point;
	int width;

	at = text_decode(cell->text, length, &code_point);
	memset(text, 0, sizeof(*text) * (MAX_MARKS + 2));
	text[0] = (wchar_t)code_point;
	if (code_point < 0x80)
		width = 1;
	else
		width = term->is_unicode ? wcwidth((wchar_t)code_point) : 0;
	if (width <= 0 || width > cell->columns) {
		text[0] = term->is_unicode ? REPLACEMENT : L'?';
		return 1;
	}
	while (term->is_unicode && count <= MAX_MARKS &&
		(step = text_decode(cell->text + at, length - at, &code_point)) > 0) {
		at += step;
		if (is_mark(code_point))
			text[count++] = (wchar_t)code_point;
	}
	return width;
}

static void show_row(struct term *term, const struct canvas *canvas, int row, int columns)
{
	int count = 0, last = columns;

	for (int column = 0; column < columns; column++) {
		const struct canvas_cell *cell = canvas_cell(canvas, row, column);
		struct canvas_cell blank = { .text = " ", .columns = 1 };
		wchar_t text[MAX_MARKS + 2], space[] = L" ";
		int width;

		if (cell && cell->columns == 0)
			continue;
		if (!cell || cell->columns > last - column)
			cell = &blank;
		width = character_of(term, cell, text);
		setcchar(&term->row[count++], text, term->attributes[cell->style], term->pair_of_style[cell->style],
			NULL);
		if (width < cell->columns)
			setcchar(&term->row[count++], space, term->attributes[cell->style],
				term->pair_of_style[cell->style], NULL);
	}
	mvadd_wchnstr(row, 0, term->row, count);
}

static bool is_same_row(const struct term *term, const struct canvas *canvas, int row)
{
	size_t columns = (size_t)canvas->columns, start = (size_t)row * columns;

	return term->is_shown && columns > 0 &&
		memcmp(term->shown.cells + start, canvas->cells + start, columns * sizeof(*canvas->cells)) == 0;
}

/* True where the cursor is not as it was. */
static bool show_cursor(struct term *term, const struct canvas *canvas)
{
	bool is_visible = rect_has(canvas_rect(canvas), canvas->cursor_row, canvas->cursor_column);

	if (term->is_shown && term->shown.cursor_row == canvas->cursor_row &&
		term->shown.cursor_column == canvas->cursor_column)
		return false;
	curs_set(is_visible);
	leaveok(stdscr, !is_visible);
	if (is_visible)
		move(canvas->cursor_row, canvas->cursor_column);
	return true;
}

void term_show(struct term *term, const struct canvas *canvas)
{
	int rows = LINES, columns = COLS;
	bool is_changed;

	if (term->is_left || rows <= 0 || columns <= 0)
		return;
	if (!term->is_shown || term->shown.rows != canvas->rows || term->shown.columns != canvas->columns) {
		canvas_resize(&term->shown, canvas->rows, canvas->columns);
		term->is_shown = false;
	}
	if (columns > term->row_columns) {
		term->row = memory_resize(term->row, (size_t)columns, sizeof(*term->row));
		term->row_columns = columns;
	}
	is_changed = !term->is_shown;
	for (int row = 0; row < rows; row++) {
		/* Below the canvas there are blanks, which stay. */
		if (row < canvas->rows ? is_same_row(term, canvas, row) : term->is_shown)
			continue;
		show_row(term, canvas, row, columns);
		is_changed = true;
	}
	if (show_cursor(term, canvas) || is_changed) {
		wnoutrefresh(stdscr);
		doupdate();
	}
	if (canvas->cells)
		memcpy(term->shown.cells, canvas->cells,
			(size_t)canvas->rows * (size_t)canvas->columns * sizeof(*canvas->cells));
	term->shown.cursor_row = canvas->cursor_row;
	term->shown.cursor_column = canvas->cursor_column;
	term->is_shown = true;
}

void term_redraw(struct term *term)
{
	term->is_shown = false;
	clearok(curscr, TRUE);
}

/* --- leaving and coming back --- */

void term_leave(struct term *term)
{
	if (term->is_left)
		return;
	term->is_left = true;
	endwin();
	signals_uninstall();
}

/* The size as the terminal tells it; curses then tells KEY_RESIZE, also where it is the old one: a terminal that was
 * made small and large again has lost what it showed. */
static void measure(struct term *term, bool even_if_same)
{
	struct winsize size;
	int rows, columns;

	if (ioctl(fileno(term->out), TIOCGWINSZ, &size) < 0 || size.ws_row == 0 || size.ws_col == 0)
		return;
	rows = size.ws_row < CANVAS_MAX_ROWS ? size.ws_row : CANVAS_MAX_ROWS;
	columns = size.ws_col < CANVAS_MAX_COLUMNS ? size.ws_col : CANVAS_MAX_COLUMNS;
	if (!even_if_same && !is_term_resized(rows, columns))
		return;
	resizeterm(rows, columns);
	term_redraw(term);
}

void term_return(struct term *term)
{
	if (!term->is_left)
		return;
	signals_install(&term->restore);
	term->is_left = false;
	refresh();
	measure(term, false);
	term_redraw(term);
}

void term_suspend(struct term *term)
{
	term_leave(term);
	raise(SIGTSTP);
	term_return(term);
}

/* --- events --- */

/* A terminal that is gone would be told by poll for ever. */
static bool is_gone(const struct term *term)
{
	struct pollfd poll_fd = { .fd = fileno(term->in), .events = POLLIN };

	return poll(&poll_fd, 1, 0) > 0 && (poll_fd.revents & (POLLHUP | POLLERR | POLLNVAL));
}

/* True where a signal is an event of its own. */
static bool read_signal(struct term *term, struct input_event *event)
{
	int end = signals_take_end();

	if (end != 0) {
		*event = (struct input_event){ .type = EVENT_SIGNAL, .signal = end };
		return true;
	}
	if (signals_take(SIGTSTP)) {
		term_suspend(term);
		signals_take(SIGCONT);
		event->type = EVENT_RESIZE;
		return true;
	}
	if (signals_take(SIGCONT)) {
		/* Stopped from outside, without warning: the shell had the terminal meanwhile. */
		term_leave(term);
		term_return(term);
		event->type = EVENT_RESIZE;
		return true;
	}
	if (signals_take(SIGWINCH))
		measure(term, true);
	return false;
}

void term_event(struct term *term, struct input_event *ret_event)
{
	*ret_event = (struct input_event){ .type = EVENT_NONE };
	if (term->is_left || read_signal(term, ret_event))
		return;
	keyboard_read(&term->keyboard, ret_event);
	if (ret_event->type == EVENT_NONE && is_gone(term))
		*ret_event = (struct input_event){ .type = EVENT_SIGNAL, .signal = SIGHUP };
	if (ret_event->type == EVENT_RESIZE)
		term_redraw(term);
}
