/* The prompts: search, filter, command, the name of a file. */
#include <stdio.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "screen_parts.h"

const char *screen_prompt_text(const struct screen *screen)
{
	static const char *const texts[] = {
		[PROMPT_NONE] = "",
		[PROMPT_SEARCH] = "Search: ",
		[PROMPT_FILTER] = "Filter: ",
		[PROMPT_COMMAND] = ":",
		[PROMPT_SNAPSHOT] = "Write to file: ",
	};

	return texts[screen->prompt];
}

void screen_ask(struct screen *screen, enum prompt prompt)
{
	struct list *list = &screen_tab(screen)->list;

	screen->prompt = prompt;
	screen->search_failed = false;
	line_init(&screen->line, prompt == PROMPT_COMMAND ? &screen->command_history : NULL);
	screen->line.limit = LIST_TEXT - 1;
	if (prompt == PROMPT_FILTER)
		line_set(&screen->line, list->filter);
	if (prompt == PROMPT_SNAPSHOT) {
		screen->line.limit = 0;
		line_set(&screen->line, "clusterutils-top.txt");
	}
}

void screen_search_on(struct screen *screen, int direction)
{
	if (!*screen->searched) {
		screen_ask(screen, PROMPT_SEARCH);
		return;
	}
	if (!list_search(&screen_tab(screen)->list, screen->searched, direction, false))
		screen_tell(screen, ROLE_WARNING, "not found: %s", screen->searched);
}

/* --- commands --- */

static void group_by(struct screen *screen, const char *keys)
{
	struct error err;

	if (screen_group_by(screen, keys, &err) < 0)
		screen_tell(screen, ROLE_BAD, "%s", err.message);
}

static void wish_text(struct screen *screen, enum wish_type type, const char *text)
{
	wish_clear(&screen->wish);
	screen->wish.type = type;
	screen->wish.text = memory_copy_text(text);
}

static void change_namespace(struct screen *screen, const char *name)
{
	bool is_all = !*name || strcmp(name, "all") == 0 || strcmp(name, "*") == 0;

	wish_text(screen, WISH_NAMESPACE, is_all ? "" : name);
}

static void change_context(struct screen *screen, const char *name)
{
	if (*name)
		wish_text(screen, WISH_CONTEXT, name);
	else
		screen_tell(screen, ROLE_WARNING, "ctx needs the name of a context");
}

static void filter(struct screen *screen, const char *words)
{
	list_filter(&screen_tab(screen)->list, words);
}

static void quit(struct screen *screen, const char *rest)
{
	(void)rest;
	screen->wish.type = WISH_QUIT;
}

static void help(struct screen *screen, const char *rest)
{
	(void)rest;
	screen_help(screen);
}

static const struct {
	const char *name;
	void (*run)(struct screen *screen, const char *rest);
} commands[] = {
	{ "ns", change_namespace },
	{ "namespace", change_namespace },
	{ "ctx", change_context },
	{ "context", change_context },
	{ "sort", screen_sort },
	{ "filter", filter },
	{ "by", group_by },
	{ "q", quit },
	{ "quit", quit },
	{ "help", help },
};

/* "sort cpu", "ns media", or the name of a tab, of which the beginning is enough. */
static void run_command(struct screen *screen, const char *text)
{
	char word[32];
	size_t length = strcspn(text, " ");
	const char *rest = text + length + strspn(text + length, " ");

	snprintf(word, sizeof(word), "%.*s", (int)length, text);
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (strcmp(commands[i].name, word) == 0) {
			commands[i].run(screen, rest);
			return;
		}
	}
	for (size_t i = 0; *word && i < screen->tab_count; i++) {
		if (text_starts_with(screen->tabs[i].view->name, word)) {
			screen_go(screen, i);
			return;
		}
	}
	if (*word)
		screen_tell(
			screen, ROLE_BAD, "unknown command \"%s\": a tab, ns, ctx, sort, filter, by, help or q", word);
}

/* --- keys --- */

static void changed(struct screen *screen)
{
	struct list *list = &screen_tab(screen)->list;

	if (screen->prompt == PROMPT_FILTER)
		list_filter(list, screen->line.text);
	if (screen->prompt == PROMPT_SEARCH) {
		snprintf(screen->searched, sizeof(screen->searched), "%.*s", LIST_TEXT - 1, screen->line.text);
		screen->search_failed = *screen->searched && !list_search(list, screen->searched, 1, true);
	}
}

static void accept(struct screen *screen)
{
	enum prompt prompt = screen->prompt;
	AUTO_FREE char *text = memory_copy_text(screen->line.text);

	screen->prompt = PROMPT_NONE;
	if (prompt == PROMPT_COMMAND) {
		line_history_add(&screen->command_history, text);
		run_command(screen, text);
	} else if (prompt == PROMPT_SNAPSHOT && *text) {
		wish_text(screen, WISH_SNAPSHOT, text);
	}
}

static void cancel(struct screen *screen)
{
	if (screen->prompt == PROMPT_FILTER)
		list_filter(&screen_tab(screen)->list, NULL);
	if (screen->prompt == PROMPT_SEARCH)
		screen->searched[0] = '\0';
	screen->prompt = PROMPT_NONE;
}

/* While one types, the list can be moved through, as in htop. */
static bool moves_list(struct screen *screen, uint32_t key)
{
	struct list *list = &screen_tab(screen)->list;

	if (screen->prompt != PROMPT_SEARCH && screen->prompt != PROMPT_FILTER)
		return false;
	if (key == KEY_UP || key == KEY_DOWN)
		list_move(list, key == KEY_UP ? -1 : 1);
	else if (key == KEY_PAGE_UP || key == KEY_PAGE_DOWN)
		list_move(list, key == KEY_PAGE_UP ? -screen->layout.list.rows : screen->layout.list.rows);
	else if (screen->prompt == PROMPT_SEARCH && (key == KEY_F3 || key == (KEY_F3 | KEY_SHIFT)))
		screen_search_on(screen, key == KEY_F3 ? 1 : -1);
	else
		return false;
	return true;
}

void screen_prompt_key(struct screen *screen, uint32_t key)
{
	if (key == KEY_ENTER)
		accept(screen);
	else if (key == KEY_ESCAPE || key == KEY_F10 || key == 3)
		cancel(screen);
	else if (!moves_list(screen, key) && line_key(&screen->line, key))
		changed(screen);
}
