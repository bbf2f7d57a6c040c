#include "keyboard.h"

#include <stdio.h>

#include "clusterutils/util/clock.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"

/* Last, for its macros KEY_UP, KEY_ENTER and so on hide the keys of that name in input.h, which are named here by
 * text. */
#include <curses.h>

#if NCURSES_MOUSE_VERSION < 2
#define BUTTON5_PRESSED 0
#endif

enum {
	OWN_CODES = 0x1000,
	FUNCTION_KEYS = 12,
	MODIFIERS = 8,
	SEQUENCE_SIZE = 32,
	MAX_SEQUENCE = 32,
	DOUBLE_CLICK_MS = 400
};

static void add_sequence(struct keyboard *keyboard, uint32_t key, const char *sequence)
{
	if (key == 0 || keyboard->count == KEYBOARD_MAX_SEQUENCES)
		return;
	if (define_key(sequence, OWN_CODES + keyboard->count) == OK)
		keyboard->keys[keyboard->count++] = key;
}

/* xterm's bits, as the number after the semicolon less one. */
static uint32_t flags_of(int modifiers)
{
	return (modifiers & 1 ? (uint32_t)KEY_SHIFT : 0) | (modifiers & 2 ? (uint32_t)KEY_ALT : 0) |
		(modifiers & 4 ? (uint32_t)KEY_CTRL : 0);
}

/* What terminals send whatever their terminfo says: xterm's and its kin's, with and without modifiers. */
void keyboard_init(struct keyboard *keyboard)
{
	static const struct {
		char final;
		const char *name;
	} letters[] = { { 'A', "Up" }, { 'B', "Down" }, { 'C', "Right" }, { 'D', "Left" }, { 'H', "Home" },
		{ 'F', "End" }, { 'P', "F1" }, { 'Q', "F2" }, { 'R', "F3" }, { 'S', "F4" } };
	static const struct {
		int number;
		const char *name;
	} numbers[] = { { 1, "Home" }, { 2, "Ins" }, { 3, "Del" }, { 4, "End" }, { 5, "PgUp" }, { 6, "PgDn" },
		{ 7, "Home" }, { 8, "End" }, { 11, "F1" }, { 12, "F2" }, { 13, "F3" }, { 14, "F4" }, { 15, "F5" },
		{ 17, "F6" }, { 18, "F7" }, { 19, "F8" }, { 20, "F9" }, { 21, "F10" }, { 23, "F11" }, { 24, "F12" } };
	char sequence[SEQUENCE_SIZE];

	*keyboard = (struct keyboard){ .click = { .row = -1 } };
	for (size_t i = 0; i < ARRAY_LEN(letters); i++) {
		uint32_t key = key_parse(letters[i].name);

		snprintf(sequence, sizeof(sequence), "\033[%c", letters[i].final);
		add_sequence(keyboard, key, sequence);
		snprintf(sequence, sizeof(sequence), "\033O%c", letters[i].final);
		add_sequence(keyboard, key, sequence);
		for (int modifiers = 1; modifiers < MODIFIERS; modifiers++) {
			snprintf(sequence, sizeof(sequence), "\033[1;%d%c", modifiers + 1, letters[i].final);
			add_sequence(keyboard, key | flags_of(modifiers), sequence);
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		uint32_t key = key_parse(numbers[i].name);

		snprintf(sequence, sizeof(sequence), "\033[%d~", numbers[i].number);
		add_sequence(keyboard, key, sequence);
		for (int modifiers = 1; modifiers < MODIFIERS; modifiers++) {
			snprintf(sequence, sizeof(sequence), "\033[%d;%d~", numbers[i].number, modifiers + 1);
			add_sequence(keyboard, key | flags_of(modifiers), sequence);
		}
	}
	add_sequence(keyboard, key_parse("Shift-Tab"), "\033[Z");
}

/* A code of curses; 0 for a key that we have no name for. */
static uint32_t key_of_code(const struct keyboard *keyboard, int code)
{
	static const struct {
		int code;
		const char *name;
	} names[] = { { KEY_UP, "Up" }, { KEY_DOWN, "Down" }, { KEY_LEFT, "Left" }, { KEY_RIGHT, "Right" },
		{ KEY_PPAGE, "PgUp" }, { KEY_NPAGE, "PgDn" }, { KEY_HOME, "Home" }, { KEY_END, "End" },
		{ KEY_A1, "Home" }, { KEY_A3, "PgUp" }, { KEY_C1, "End" }, { KEY_C3, "PgDn" }, { KEY_IC, "Ins" },
		{ KEY_DC, "Del" }, { KEY_BACKSPACE, "Backspace" }, { KEY_ENTER, "Enter" }, { KEY_BTAB, "Shift-Tab" },
		{ KEY_SR, "Shift-Up" }, { KEY_SF, "Shift-Down" }, { KEY_SLEFT, "Shift-Left" },
		{ KEY_SRIGHT, "Shift-Right" }, { KEY_SHOME, "Shift-Home" }, { KEY_SEND, "Shift-End" },
		{ KEY_SPREVIOUS, "Shift-PgUp" }, { KEY_SNEXT, "Shift-PgDn" }, { KEY_SDC, "Shift-Del" },
		{ KEY_SIC, "Shift-Ins" } };
	/* Of the function keys beyond the twelfth, twelve by twelve, as xterm's terminfo numbers them. */
	static const uint32_t flags[] = { 0, KEY_SHIFT, KEY_CTRL, KEY_CTRL | KEY_SHIFT, KEY_ALT };

	if (code >= OWN_CODES && code < OWN_CODES + keyboard->count)
		return keyboard->keys[code - OWN_CODES];
	if (code >= KEY_F(1) && code <= KEY_F((int)ARRAY_LEN(flags) * FUNCTION_KEYS)) {
		int number = code - KEY_F(1);

		return (uint32_t)(KEY_F1 + number % FUNCTION_KEYS) | flags[number / FUNCTION_KEYS];
	}
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (names[i].code == code)
			return key_parse(names[i].name);
	return 0;
}

/* A byte of text, alone or as one of a character's; 0 where there is none (yet) that is a key. Not left to curses,
 * which after a byte that is no text takes all that follows for the rest of it. */
static uint32_t key_of_byte(struct keyboard *keyboard, int byte)
{
	bool continues = (byte & 0xC0) == 0x80;
	uint32_t key = 0;
	size_t wanted;

	if (!continues)
		keyboard->byte_count = 0;
	if (byte == '\n' || byte == '\r')
		return '\r';
	if (byte == '\b')
		return key_parse("Backspace");
	if (byte < 0x80)
		return (uint32_t)byte;
	if (continues && keyboard->byte_count == 0)
		return 0;
	keyboard->bytes[keyboard->byte_count++] = (char)byte;
	wanted = (unsigned char)keyboard->bytes[0] >= 0xF0 ? 4 : (unsigned char)keyboard->bytes[0] >= 0xE0 ? 3 : 2;
	if (keyboard->byte_count < wanted)
		return 0;
	if (text_decode(keyboard->bytes, keyboard->byte_count, &key) != wanted || !key_is_text(key))
		key = 0;
	keyboard->byte_count = 0;
	return key;
}

/* A sequence that nobody knows: it is read to its end, or its letters would be taken for keys. */
static void skip_sequence(int introducer)
{
	for (int i = 0; i < MAX_SEQUENCE; i++) {
		int next = getch();

		if (next == ERR || introducer == 'O' || (next >= '@' && next <= '~'))
			return;
	}
}

/* What follows an escape at once is Alt and a key. */
static uint32_t read_after_escape(struct keyboard *keyboard)
{
	int next = getch(), last;
	uint32_t key;

	if (next == ERR || next == KEY_ESCAPE)
		return KEY_ESCAPE;
	if (next == '[' || next == 'O') {
		last = getch();
		if (last != ERR) {
			ungetch(last);
			skip_sequence(next);
			return 0;
		}
	}
	if (next >= KEY_MIN)
		key = key_of_code(keyboard, next);
	else
		key = key_of_byte(keyboard, next);
	return key ? key | KEY_ALT : 0;
}

static struct input_event event_of(const MEVENT *mouse)
{
	static const struct {
		mmask_t mask;
		enum mouse_button button;
		bool is_release;
	} buttons[] = { { BUTTON4_PRESSED, MOUSE_WHEEL_UP, false }, { BUTTON5_PRESSED, MOUSE_WHEEL_DOWN, false },
		{ BUTTON1_RELEASED, MOUSE_LEFT, true }, { BUTTON1_PRESSED, MOUSE_LEFT, false },
		{ BUTTON2_RELEASED, MOUSE_MIDDLE, true }, { BUTTON2_PRESSED, MOUSE_MIDDLE, false },
		{ BUTTON3_RELEASED, MOUSE_RIGHT, true }, { BUTTON3_PRESSED, MOUSE_RIGHT, false } };
	struct input_event event = { .type = EVENT_NONE };

	for (size_t i = 0; i < ARRAY_LEN(buttons); i++)
		if (mouse->bstate & buttons[i].mask)
			return (struct input_event){ .type = EVENT_MOUSE,
				.row = mouse->y,
				.column = mouse->x,
				.button = buttons[i].button,
				.is_release = buttons[i].is_release };
	return event;
}

/* Curses tells once of all that came together, and hands out the newest first. */
static void collect_mouse(struct keyboard *keyboard)
{
	MEVENT mouse;

	while (keyboard->mouse_count < KEYBOARD_MOUSE && getmouse(&mouse) == OK) {
		struct input_event event = event_of(&mouse);

		if (event.type != EVENT_NONE)
			keyboard->mouse[keyboard->mouse_count++] = event;
	}
}

static struct input_event next_mouse(struct keyboard *keyboard)
{
	struct input_event event = keyboard->mouse[--keyboard->mouse_count];
	int64_t now = clock_monotonic_ms();

	if (event.button != MOUSE_LEFT || !event.is_release)
		return event;
	event.is_double = keyboard->click.row == event.row && keyboard->click.column == event.column &&
		now - keyboard->click.when <= DOUBLE_CLICK_MS;
	/* A third one begins anew. */
	keyboard->click.row = event.is_double ? -1 : event.row;
	keyboard->click.column = event.column;
	keyboard->click.when = now;
	return event;
}

static struct input_event read_one(struct keyboard *keyboard, int read)
{
	struct input_event event = { .type = EVENT_NONE };

	if (read == KEY_RESIZE) {
		event.type = EVENT_RESIZE;
		return event;
	}
	if (read >= KEY_MIN)
		event.key = key_of_code(keyboard, read);
	else
		event.key = read == KEY_ESCAPE ? read_after_escape(keyboard) : key_of_byte(keyboard, read);
	if (event.key)
		event.type = EVENT_KEY;
	return event;
}

void keyboard_read(struct keyboard *keyboard, struct input_event *ret_event)
{
	*ret_event = (struct input_event){ .type = EVENT_NONE };
	/* What is no key of ours is passed over. */
	while (ret_event->type == EVENT_NONE) {
		int read;

		if (keyboard->mouse_count > 0) {
			*ret_event = next_mouse(keyboard);
			return;
		}
		read = getch();
		if (read == ERR)
			return;
		if (read == KEY_MOUSE)
			collect_mouse(keyboard);
		else
			*ret_event = read_one(keyboard, read);
	}
}
