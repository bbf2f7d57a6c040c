/* What the parts of the screen ask of each other: screen.c has what is shown, screen_keys.c what keys do to it,
 * screen_prompt.c the prompts, screen_overlay.c pages, menus and questions, screen_draw.c the picture. */
#pragma once

#include "screen.h"

/* screen.c */
struct tab *screen_tab(struct screen *screen); /* the one shown */
size_t screen_tab_of(const struct screen *screen, const struct view *view);
bool screen_narrows(const struct screen *screen); /* the tab shows a part of the cluster, where one was chosen */
size_t screen_tagged_nodes(const struct screen *screen);
void screen_build(struct screen *screen); /* the table of the tab shown, anew */
void screen_go(struct screen *screen, size_t tab);
void screen_enter(struct screen *screen);
void screen_back(struct screen *screen);
void screen_sort(struct screen *screen, const char *key); /* the same again turns the order */

const struct view *screen_view(const struct screen *screen); /* in the tab of the pods it may be their containers */

/* screen_columns.c */
void screen_choose_columns(struct screen *screen, struct tab *tab); /* as the settings say, for the table just made */
void screen_columns_begin(struct screen *screen);                   /* a setup of the view shown */
void screen_columns_fill(const struct screen *screen, struct menu *menu);
size_t screen_columns_items(const struct screen *screen);     /* that fill adds after its heading */
void screen_columns_turn(struct screen *screen, size_t item); /* on or off; the first is the view's own choice */
bool screen_columns_move(struct screen *screen, size_t item, int direction); /* false where it cannot go there */

/* screen_prompt.c */
void screen_ask(struct screen *screen, enum prompt prompt);
void screen_prompt_key(struct screen *screen, uint32_t key);
void screen_search_on(struct screen *screen, int direction);
const char *screen_prompt_text(const struct screen *screen);

/* screen_overlay.c */
void screen_close_overlay(struct screen *screen);
void screen_help(struct screen *screen);
void screen_describe(struct screen *screen);
void screen_describe_again(struct screen *screen); /* from newer data */
void screen_sort_menu(struct screen *screen);
void screen_action_menu(struct screen *screen);
void screen_overlay_event(struct screen *screen, const struct input_event *event);
void screen_overlay_draw(struct screen *screen, struct canvas *canvas);
void screen_wish_yaml(struct screen *screen);
void screen_next_grouping(struct screen *screen);
int screen_group_by(struct screen *screen, const char *keys, struct error *err) MUST_USE;

/* screen_setup.c */
void screen_setup_menu(struct screen *screen);
void screen_setup_choose(struct screen *screen);
void screen_setup_move(struct screen *screen, int direction);
void screen_setup_leave(struct screen *screen);
void screen_look(struct screen *screen); /* the characters that the settings ask for */

/* screen_header.c */
enum { HEADER_ROWS = 3 };
void header_line(const struct screen *screen, struct buffer *out); /* the cluster in one line */
void header_draw(const struct screen *screen, struct canvas *canvas, struct rect rect);
