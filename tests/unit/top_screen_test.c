/* The live screen: what each key makes of each state. */
#include "../../src/top/screen.h"

#include <stdio.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "objects.h"
#include "stage.h"
#include "suite.h"

static const struct stage_options usual = { .rows = 30, .columns = 120, .is_ascii = true };

/* --- every key --- */

static const struct {
	enum action action;
	const char *before, *key;
	const char *shows;    /* somewhere on the screen; NULL for nothing in particular */
	const char *hides;    /* nowhere */
	const char *selected; /* id of the row under the cursor; NULL where that does not matter */
} cases[] = {
	{ ACTION_HELP, "", "F1", "this page", NULL, NULL },
	{ ACTION_HELP, "", "h", "Keys", "SortBy", NULL },
	{ ACTION_HELP, "", "?", "this page", NULL, NULL },
	{ ACTION_SETUP, "", "F2", "Colour scheme", NULL, NULL },
	{ ACTION_SETUP, "", "C", "Colour scheme", NULL, NULL },
	{ ACTION_SEARCH, "", "F3", "Search:", "SortBy", NULL },
	{ ACTION_SEARCH, "", "/", "Search:", NULL, NULL },
	{ ACTION_SEARCH, "F3 'amd64' Enter Home", "F3", NULL, NULL, "node//scarif" },
	{ ACTION_SEARCH_BACK, "F3 'amd64' Enter Home", "Shift-F3", NULL, NULL, "node//tatooine" },
	{ ACTION_FILTER, "", "F4", "Filter:", NULL, NULL },
	{ ACTION_FILTER, "", "\\", "Filter:", NULL, NULL },
	{ ACTION_GROUPING, "", "F5", "home (5)", NULL, NULL },
	{ ACTION_GROUPING, "F5 F5 F5", "t", "grouped by flat", "home (5)", NULL },
	{ ACTION_SORT, "", "F6", "Sort by", NULL, NULL },
	{ ACTION_SORT, "", ">", "Sort by", NULL, NULL },
	{ ACTION_SORT, "", "<", "Sort by", NULL, NULL },
	{ ACTION_SORT, "", ".", "Sort by", NULL, NULL },
	{ ACTION_SORT, "", ",", "Sort by", NULL, NULL },
	{ ACTION_GROUP_NEXT, "", "F8", NULL, NULL, "group//home" },
	{ ACTION_GROUP_NEXT, "", "[", NULL, NULL, "group//home" },
	{ ACTION_GROUP_BACK, "End", "F7", NULL, NULL, "group//parents" },
	{ ACTION_GROUP_BACK, "End", "]", NULL, NULL, "group//parents" },
	{ ACTION_ACT, "", "F9", "--allow-actions", NULL, NULL },
	{ ACTION_ACT, "", "k", "--allow-actions", NULL, NULL },
	{ ACTION_QUIT, "", "F10", NULL, NULL, NULL },
	{ ACTION_QUIT, "", "q", NULL, NULL, NULL },
	{ ACTION_QUIT, "", "Ctrl-C", NULL, NULL, NULL },
	{ ACTION_INVERT, "t t t t P", "I Home", NULL, NULL, "node//scarif" },
	{ ACTION_SORT_NAME, "t t t t P", "N Home", NULL, NULL, "node//corellia" },
	{ ACTION_SORT_CPU, "t t t t", "P Home", NULL, NULL, "node//mandalore" },
	{ ACTION_SORT_MEMORY, "t t t t", "M Home", NULL, NULL, "node//corellia" },
	{ ACTION_SORT_AGE, "t t t t", "T Home", NULL, NULL, "node//scarif" },
	{ ACTION_SORT_AGE, "t t t t", "A Home", NULL, NULL, "node//scarif" },
	{ ACTION_SORT_WATTS, "", "W", NULL, NULL, NULL },
	{ ACTION_SORT_SEVERITY, "t t t t", "S Home", NULL, NULL, "node//jakku" },
	{ ACTION_TAG, "Down", "Space", NULL, NULL, "group//home" },
	{ ACTION_TAG_CHILDREN, "Down Down", "c", NULL, NULL, "node//corellia" },
	{ ACTION_UNTAG_ALL, "Down Space", "U", NULL, NULL, "group//home" },
	{ ACTION_FOLD, "Down Down", "+", NULL, "corellia", "group//home" },
	{ ACTION_FOLD, "Down Down", "-", NULL, "corellia", "group//home" },
	{ ACTION_FOLD, "Down Down +", "=", "corellia", NULL, "group//home" },
	{ ACTION_FOLD_ALL, "", "*", "home (5)", "corellia", NULL },
	{ ACTION_FOLD_ALL, "*", "*", "corellia", NULL, NULL },
	{ ACTION_FOLD_PARENT, "Down Down Down", "Backspace", NULL, "corellia", "group//home" },
	{ ACTION_FOLLOW, "t t t t Home", "F P", NULL, NULL, "node//corellia" },
	{ ACTION_PAUSE, "", "Z", "PAUSED", NULL, NULL },
	{ ACTION_PAUSE, "Z", "Z", NULL, "PAUSED", NULL },
	{ ACTION_METERS, "", "#", NULL, "MEM [", NULL },
	{ ACTION_TAB_NEXT, "", "Tab", "TIER", NULL, NULL },
	{ ACTION_TAB_BACK, "Tab", "Shift-Tab", "home (5)", NULL, NULL },
	{ ACTION_TAB_1, "2", "1", "home (5)", NULL, NULL },
	{ ACTION_TAB_2, "", "2", "critical", NULL, NULL },
	{ ACTION_TAB_3, "", "3", NULL, "home (5)", NULL },
	{ ACTION_TAB_4, "", "4", NULL, "home (5)", NULL },
	{ ACTION_TAB_5, "", "5", NULL, "home (5)", NULL },
	{ ACTION_TAB_6, "", "6", NULL, NULL, NULL },
	{ ACTION_ENTER, "Down", "Enter", "crowdsec", NULL, NULL },
	{ ACTION_BACK, "Down Enter", "Esc", "home (5)", NULL, "node//scarif" },
	{ ACTION_DESCRIBE, "Down", "d", "Kubelet", NULL, NULL },
	{ ACTION_YAML, "Down", "y", NULL, NULL, NULL },
	{ ACTION_COMMAND, "", ":", ":", "SortBy", NULL },
	{ ACTION_SNAPSHOT, "", "e", "Write to file: ", NULL, NULL },
	{ ACTION_REDRAW, "", "Ctrl-L", NULL, NULL, NULL },
	{ ACTION_UP, "Down Down", "Up", NULL, NULL, "node//scarif" },
	{ ACTION_UP, "Down Down", "Alt-k", NULL, NULL, "node//scarif" },
	{ ACTION_DOWN, "", "Down", NULL, NULL, "node//scarif" },
	{ ACTION_DOWN, "", "Alt-j", NULL, NULL, "node//scarif" },
	{ ACTION_PAGE_UP, "End", "PgUp", NULL, NULL, "group//cloud" },
	{ ACTION_PAGE_DOWN, "", "PgDn", NULL, NULL, "total//" },
	{ ACTION_FIRST, "End", "Home", NULL, NULL, "group//cloud" },
	{ ACTION_FIRST, "End", "^", NULL, NULL, "group//cloud" },
	{ ACTION_LAST, "", "End", NULL, NULL, "total//" },
	{ ACTION_LAST, "", "$", NULL, NULL, "total//" },
	{ ACTION_SCROLL_UP, "", "Shift-Up", NULL, NULL, "group//cloud" },
	{ ACTION_SCROLL_UP, "", "Alt-Up", NULL, NULL, "group//cloud" },
	{ ACTION_SCROLL_DOWN, "", "Shift-Down", NULL, NULL, "group//cloud" },
	{ ACTION_SCROLL_DOWN, "", "Alt-Down", NULL, NULL, "group//cloud" },
	{ ACTION_PAN_RIGHT, "", "Right", NULL, NULL, NULL },
	{ ACTION_PAN_RIGHT, "Right Right Right Right Right Right", "Alt-l", "VERSION", "CPU%", NULL },
	{ ACTION_PAN_LEFT, "Right Right", "Left", NULL, NULL, NULL },
	{ ACTION_PAN_LEFT, "Right", "Alt-h", "CPU%", NULL, NULL },
};

START_TEST(a_key_does_what_it_should)
{
	struct stage stage;

	stage_open(&stage, usual);
	stage_keys(&stage, cases[_i].before);
	stage_keys(&stage, cases[_i].key);
	if (cases[_i].shows)
		ck_assert_msg(
			stage_shows(&stage, cases[_i].shows), "'%s' not in\n%s", cases[_i].shows, stage_text(&stage));
	if (cases[_i].hides)
		ck_assert_msg(
			!stage_shows(&stage, cases[_i].hides), "'%s' in\n%s", cases[_i].hides, stage_text(&stage));
	if (cases[_i].selected)
		ck_assert_str_eq(stage_selected(&stage), cases[_i].selected);
	stage_close(&stage);
}
END_TEST

static bool is_tested(enum action action, const char *key)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (cases[i].action == action && strncmp(cases[i].key, key, strlen(key)) == 0)
			return true;
	return false;
}

START_TEST(every_key_has_a_meaning_a_help_and_a_test)
{
	for (const struct key_line *line = key_lines; line->action; line++) {
		ck_assert_msg(strlen(line->help) > 1, "no help for %s", line->keys);
		for (const char *at = line->keys; *at;) {
			char key[KEY_NAME_SIZE];
			size_t length = strcspn(at, " ");

			snprintf(key, sizeof(key), "%.*s", (int)length, at);
			ck_assert_msg(key_parse(key) != 0, "there is no key %s", key);
			ck_assert_int_eq(action_of_key(key_parse(key)), line->action);
			ck_assert_msg(is_tested(line->action, key), "no test for %s", key);
			at += length + strspn(at + length, " ");
		}
	}
}
END_TEST

START_TEST(keys_without_a_meaning_change_nothing)
{
	struct stage stage;
	AUTO_BUFFER before = { 0 };

	stage_open(&stage, usual);
	buffer_add_text(&before, stage_text(&stage));
	stage_keys(&stage, "x F11 F12 Ctrl-X Ins Del Ctrl-Z");
	ck_assert_str_eq(stage_text(&stage), buffer_text(&before));
	stage_close(&stage);
}
END_TEST

/* --- what they wish for --- */

static const struct {
	const char *keys;
	enum wish_type type;
	const char *text;   /* NULL for none */
	const char *object; /* the name of the first; NULL for none */
	size_t count;
} wishes[] = {
	{ "q", WISH_QUIT, NULL, NULL, 0 },
	{ "F1 Ctrl-C", WISH_QUIT, NULL, NULL, 0 },
	{ ": 'q' Enter", WISH_QUIT, NULL, NULL, 0 },
	{ "Ctrl-L", WISH_REDRAW, NULL, NULL, 0 },
	{ "Down y", WISH_YAML, NULL, "scarif", 1 },
	{ "Down Enter Down y", WISH_YAML, NULL, "geoblock-manager-b26r8tcfc-bqcbp", 1 },
	{ "Down Enter Enter y", WISH_YAML, NULL, "crowdsec-sjb6np2w7-g9qpq", 1 },
	{ "y", WISH_NONE, NULL, NULL, 0 },
	{ "e Ctrl-U 'a.txt' Enter", WISH_SNAPSHOT, "a.txt", NULL, 0 },
	{ "e Esc", WISH_NONE, NULL, NULL, 0 },
	{ ": 'ns media' Enter", WISH_NAMESPACE, "media", NULL, 0 },
	{ ": 'ns all' Enter", WISH_NAMESPACE, "", NULL, 0 },
	{ ": 'ctx edge' Enter", WISH_CONTEXT, "edge", NULL, 0 },
	{ "F2 End Enter", WISH_SAVE, NULL, NULL, 0 },
	{ "Down F9 Enter Down Enter", WISH_CORDON, NULL, "scarif", 1 },
	{ "Down F9 Enter y", WISH_CORDON, NULL, "scarif", 1 },
	{ "Down F9 Down Enter y", WISH_UNCORDON, NULL, "scarif", 1 },
	{ "Down F9 Enter Enter", WISH_NONE, NULL, NULL, 0 },
	{ "Down F9 Enter n", WISH_NONE, NULL, NULL, 0 },
	{ "Down F9 Enter Esc", WISH_NONE, NULL, NULL, 0 },
	{ "Down F9 Esc", WISH_NONE, NULL, NULL, 0 },
	{ "Down Space Down Space F9 Enter y", WISH_CORDON, NULL, "corellia", 2 },
	{ "Down Down c F9 Enter y", WISH_CORDON, NULL, "corellia", 5 },
	{ "Down Enter F9 Enter y", WISH_EVICT, NULL, "crowdsec-sjb6np2w7-g9qpq", 1 },
	{ "2 F9", WISH_NONE, NULL, NULL, 0 },
};

START_TEST(what_needs_the_world_is_wished_for)
{
	struct stage_options options = usual;
	struct stage stage;

	options.allows_actions = true;
	stage_open(&stage, options);
	stage_keys(&stage, wishes[_i].keys);
	ck_assert_int_eq(stage.screen.wish.type, wishes[_i].type);
	ck_assert_uint_eq(stage.screen.wish.count, wishes[_i].count);
	if (wishes[_i].text)
		ck_assert_str_eq(stage.screen.wish.text, wishes[_i].text);
	if (wishes[_i].object)
		ck_assert_str_eq(stage.screen.wish.objects[0].name, wishes[_i].object);
	stage_close(&stage);
}
END_TEST

START_TEST(actions_are_off_unless_allowed)
{
	struct stage stage;

	stage_open(&stage, usual);
	stage_keys(&stage, "Down F9 Enter y Enter y");
	ck_assert_int_ne(stage.screen.wish.type, WISH_CORDON);
	stage_close(&stage);
}
END_TEST

START_TEST(an_action_names_the_object_that_was_looked_at)
{
	struct stage_options options = usual;
	struct stage stage;

	options.allows_actions = true;
	stage_open(&stage, options);
	stage_keys(&stage, "Down F9 Enter");
	ck_assert(stage_shows(&stage, "Cordon scarif?"));
	stage_keys(&stage, "y");
	ck_assert_str_eq(stage.screen.wish.objects[0].uid,
		cluster_find(&stage.parts[0].cluster, KIND_NODE, "scarif", NULL)->uid);
	stage_close(&stage);
}
END_TEST

/* --- search and filter --- */

START_TEST(search_moves_and_filter_hides)
{
	struct stage stage;

	stage_open(&stage, usual);
	stage_keys(&stage, "/ 'kam'");
	ck_assert_str_eq(stage_selected(&stage), "node//kamino");
	ck_assert(stage_shows(&stage, "scarif"));
	stage_keys(&stage, "'zzz'");
	ck_assert_str_eq(stage_selected(&stage), "node//kamino");
	ck_assert(stage.screen.search_failed);
	stage_keys(&stage, "Esc F4 'kam|JAK'");
	ck_assert(stage_shows(&stage, "kamino") && stage_shows(&stage, "jakku") && stage_shows(&stage, "home (5)"));
	ck_assert(!stage_shows(&stage, "corellia") && !stage_shows(&stage, "cloud (1)"));
	stage_keys(&stage, "Enter");
	ck_assert(stage_shows(&stage, "FILTER") && !stage_shows(&stage, "corellia"));
	stage_keys(&stage, "Esc");
	ck_assert(stage_shows(&stage, "corellia") && !stage_shows(&stage, "FILTER"));
	stage_keys(&stage, "F4 'kam' Esc");
	ck_assert(stage_shows(&stage, "corellia"));
	stage_close(&stage);
}
END_TEST

START_TEST(tags_and_folds_survive_sorting_filtering_and_new_data)
{
	struct stage stage;
	struct list *list;

	stage_open(&stage, usual);
	list = &stage.screen.tabs[0].list;
	stage_keys(&stage, "Down Down Down Space");
	ck_assert(names_has(&list->tagged, "node//corellia"));
	stage_keys(&stage, "P I F4 'kam' Enter Esc t t t t t");
	screen_take(&stage.screen);
	ck_assert(names_has(&list->tagged, "node//corellia"));
	stage_keys(&stage, "Home Down Down +");
	screen_take(&stage.screen);
	stage_draw(&stage);
	ck_assert(!stage_shows(&stage, "corellia"));
	stage_close(&stage);
}
END_TEST

/* The row under the cursor does not move away right after a key, though its place in the order changes. */
START_TEST(a_key_holds_the_order_for_a_while)
{
	struct stage stage;
	struct sample sample = { .usage = { .cpu = INT64_C(7900000000), .memory = 1 }, .taken = 1772366400 };

	stage_open(&stage, usual);
	stage_keys(&stage, "t t t t P Home Down");
	ck_assert_str_eq(stage_selected(&stage), "node//tatooine");
	cluster_set_node_sample(&stage.parts[0].cluster, "scarif", &sample);
	screen_take(&stage.screen);
	ck_assert_str_eq(stage_selected(&stage), "node//tatooine");
	screen_tick(&stage.screen, 1772366400, 1000 + HOLD_TICKS * DELAY_DEFAULT_MS + 1);
	screen_take(&stage.screen);
	ck_assert_str_eq(stage_selected(&stage), "node//mandalore");
	stage_close(&stage);
}
END_TEST

/* --- drilling --- */

START_TEST(enter_goes_from_group_to_pods_to_containers_and_esc_back)
{
	struct stage stage;

	stage_open(&stage, usual);
	stage_keys(&stage, "F8 Enter");
	ck_assert(stage_shows(&stage, "zone home"));
	ck_assert(!stage_shows(&stage, "crowdsec"));
	stage_keys(&stage, "Enter");
	ck_assert(stage_shows(&stage, "CONTAINER") && stage_shows(&stage, "containers of"));
	stage_keys(&stage, "Esc");
	ck_assert(stage_shows(&stage, "zone home") && stage_shows(&stage, "NAMESPACE"));
	stage_keys(&stage, "Esc");
	ck_assert_str_eq(stage_selected(&stage), "group//home");
	stage_keys(&stage, "2 Down Down Enter");
	ck_assert(stage_shows(&stage, "tier critical"));
	stage_keys(&stage, "Esc");
	ck_assert(stage_shows(&stage, "TIER"));
	stage_close(&stage);
}
END_TEST

START_TEST(tagged_nodes_narrow_the_pods)
{
	struct stage stage;

	stage_open(&stage, usual);
	stage_keys(&stage, "Down Space : 'pods' Enter");
	ck_assert(stage_shows(&stage, "1 tagged nodes"));
	ck_assert(stage_shows(&stage, "crowdsec") && !stage_shows(&stage, "jellyfin"));
	stage_close(&stage);
}
END_TEST

START_TEST(several_contexts_stand_below_rows_of_their_own)
{
	struct stage_options options = usual;
	struct stage stage;

	options.is_double = options.allows_actions = true;
	stage_open(&stage, options);
	ck_assert(stage_shows(&stage, "2 contexts") && stage_shows(&stage, "14 nodes"));
	ck_assert_str_eq(stage_selected(&stage), "0:context//");
	stage_keys(&stage, "+");
	ck_assert_str_eq(list_row(&stage.screen.tabs[0].list, 1)->id, "1:context//");
	stage_keys(&stage, "Down Enter");
	ck_assert(stage_shows(&stage, "context edge"));
	stage_keys(&stage, "y");
	ck_assert_uint_eq(stage.screen.wish.objects[0].feed, 1); /* the same pods are in both: it must be this one's */
	stage_keys(&stage, "F9 Enter y");
	ck_assert_int_eq(stage.screen.wish.type, WISH_EVICT);
	ck_assert_uint_eq(stage.screen.wish.objects[0].feed, 1);
	stage_keys(&stage, "Enter y");
	ck_assert_uint_eq(stage.screen.wish.objects[0].feed, 1);
	stage_keys(&stage, "Esc Esc Down Down y");
	ck_assert_uint_eq(stage.screen.wish.objects[0].feed, 1);

	stage.parts[1].state = FEED_FAILED;
	error_set(&stage.parts[1].error, ERROR_FAILED, "nobody answers");
	screen_take(&stage.screen);
	stage_draw(&stage);
	ck_assert(stage_shows(&stage, "edge: failed") && stage_shows(&stage, "7 nodes"));
	stage_keys(&stage, "Home Down");
	while (strcmp(stage_selected(&stage), "1:context//") != 0)
		stage_keys(&stage, "Down");
	stage_keys(&stage, "d");
	ck_assert(stage_shows(&stage, "nobody answers"));
	stage_close(&stage);
}
END_TEST

/* --- what is not as it should be --- */

START_TEST(what_is_stale_says_so_and_what_cannot_be_read_is_unknown)
{
	struct stage stage;

	stage_open(&stage, usual);
	stage.parts[0].lists[0].state = SYNC_STALE;
	stage.parts[0].lists[0].heard = 1772366400 - 34;
	error_set(&stage.parts[0].lists[0].error, ERROR_UNAVAILABLE, "the connection was refused");
	stage_draw(&stage);
	ck_assert(stage_shows(&stage, "nodes of 34s ago: the connection was refused"));
	ck_assert(stage_shows(&stage, "nodes 34s ago"));
	ck_assert_int_eq(canvas_cell(&stage.canvas, stage.screen.layout.list.row + 1, 12)->style, STYLE_STALE);

	stage.parts[0].cluster.is_unread[KIND_POD] = true;
	screen_take(&stage.screen);
	stage_draw(&stage);
	ck_assert(stage_shows(&stage, "?/770 pods") && stage_shows(&stage, "+? pending"));
	stage_close(&stage);
}
END_TEST

START_TEST(any_size_is_drawn)
{
	static const char *const states[] = { "", "2", "4 Enter", "F1", "F2", "F3 'abc'", "F6", "d", ": 'x'", "Down F9",
		"Down F9 Enter" };

	for (size_t state = 0; state < ARRAY_LEN(states); state++) {
		struct stage_options options = usual;
		struct stage stage;

		options.allows_actions = true;
		stage_open(&stage, options);
		stage_keys(&stage, states[state]);
		for (int rows = 1; rows <= 60; rows += rows < 12 ? 1 : 9) {
			for (int columns = 1; columns <= 300; columns += columns < 50 ? 3 : 41) {
				canvas_resize(&stage.canvas, rows, columns);
				stage_draw(&stage);
				if (rows < 10 || columns < 40)
					ck_assert(stage.screen.layout.one_line);
			}
		}
		stage_close(&stage);
	}
}
END_TEST

START_TEST(what_is_looked_at_is_read)
{
	struct stage stage;

	stage_open(&stage, usual);
	ck_assert(screen_wants(&stage.screen, KIND_NODE_METRICS) && !screen_wants(&stage.screen, KIND_POD_METRICS));
	ck_assert(!screen_wants(&stage.screen, KIND_EVENT));
	stage.screen.namespace = "media";
	ck_assert(screen_wants(&stage.screen, KIND_POD_METRICS));
	stage_keys(&stage, "6");
	ck_assert(screen_wants(&stage.screen, KIND_EVENT));
	stage_close(&stage);
}
END_TEST

START_TEST(commands_say_what_is_wrong)
{
	static const struct {
		const char *keys, *says;
	} said[] = {
		{ ": 'nonsense' Enter", "unknown command \"nonsense\"" },
		{ ": 'sort nonsense' Enter", "no column \"nonsense\"" },
		{ ": 'ctx' Enter", "ctx needs the name of a context" },
		{ ": 'by ,' Enter", "--by" },
		{ "y", "there is no YAML of it" },
	};

	for (size_t i = 0; i < ARRAY_LEN(said); i++) {
		struct stage stage;

		stage_open(&stage, usual);
		stage_keys(&stage, said[i].keys);
		ck_assert_msg(stage_shows(&stage, said[i].says), "%s", stage_text(&stage));
		stage_close(&stage);
	}
}
END_TEST

/* --- while things change --- */

/* The server says something new at any time; what is shown stays as it was until it is made anew. */
START_TEST(what_is_shown_outlives_the_objects)
{
	struct cluster *cluster;
	struct stage stage;
	AUTO_FREE char *before = NULL;

	stage_open(&stage, usual);
	stage_keys(&stage, "4 Z");
	before = memory_copy_text(stage_text(&stage));
	cluster = &stage.parts[0].cluster;
	cluster->stamp = cluster_new_stamp(cluster);
	cluster_sweep(cluster, KIND_POD, NULL);
	cluster_sweep(cluster, KIND_NODE, NULL);
	screen_take(&stage.screen);
	for (int row = 4; row < usual.rows; row++) {
		const char *line = before;

		stage_draw(&stage);
		for (int i = 0; i < row; i++)
			line = strchr(line, '\n') + 1;
		ck_assert(strncmp(line, stage_row(&stage, row), strcspn(line, "\n")) == 0);
	}
	stage_close(&stage);
}
END_TEST

/* One of several that is tried again from time to time takes nothing from the user. */
START_TEST(another_feed_in_a_place_leaves_what_the_user_did)
{
	struct stage_options two = usual;
	struct stage stage;

	two.is_double = true;
	stage_open(&stage, two);
	stage_keys(&stage, "Down Down Space");
	stage.parts[1].state = FEED_FAILED;
	error_set(&stage.parts[1].error, ERROR_FAILED, "refused");
	screen_renew_feeds(&stage.screen);
	stage_draw(&stage);
	ck_assert(stage_shows(&stage, "edge: failed"));
	ck_assert(stage_shows(&stage, "corellia"));
	ck_assert_uint_eq(stage.screen.tabs[0].list.tagged.count, 1);
	stage_keys(&stage, "U Down Enter");
	ck_assert_ptr_nonnull(stage.screen.drill.id);
	stage_keys(&stage, "F1");
	screen_renew_feeds(&stage.screen);
	stage_draw(&stage);
	ck_assert(stage_shows(&stage, "this page"));
	stage_keys(&stage, "Esc");
	ck_assert_ptr_nonnull(stage.screen.drill.id);
	stage_close(&stage);
}
END_TEST

static const struct {
	const char *before, *keys, *after; /* after: once the setup is left */
	const char *shows, *hides;
	const char *nodes; /* what the settings have of the nodes' columns then */
} columns[] = {
	{ "", "F2 'taints' Space", "Esc", "STATE ", "TAINTS",
		"node,zone,arch,state,pods,cpu,memory,trend,psi,power,costPerDay,"
		"created,version,internalIP,osImage,kernel" },
	{ "", "F2 'taints' Space Space", "Esc", "TAINTS", NULL,
		"node,zone,arch,state,taints,pods,cpu,memory,trend,psi,power,"
		"costPerDay,created,version,internalIP,osImage,kernel" },
	{ "", "F2 'taints' Space 'the view' Enter", "Esc", "TAINTS", NULL, "" },
	{ "", "F2 'pods' F7 F7 F7 F7 F7 F7", "Esc", "PODS  ZONE     ARCH", NULL,
		"node,pods,zone,arch,state,taints,"
		"cpu,memory,trend,psi,power,costPerDay,created,version,internalIP,osImage,kernel" },
	{ "", "F2 'zone' F8", "Esc", "ARCH   ZONE     STATE", NULL,
		"node,arch,zone,state,taints,pods,cpu,memory,trend,psi,power,"
		"costPerDay,created,version,internalIP,osImage,kernel" },
	{ "", "F2 End Up F8", "Esc", NULL, NULL, "" },
	{ "", "F2 F7 F8", "Esc", "TAINTS", NULL, "" },
	{ "", "F2 'the view' F8", "Esc", "TAINTS", NULL, "" },
	{ "F2 'taints' Space Esc", "2", "", "TIER", NULL,
		"node,zone,arch,state,pods,cpu,memory,trend,psi,power,costPerDay,"
		"created,version,internalIP,osImage,kernel" },
	{ "F2 'taints' Space Esc 2", "F2", "", "Columns of Tiers", NULL,
		"node,zone,arch,state,pods,cpu,memory,trend,psi,power,"
		"costPerDay,created,version,internalIP,osImage,kernel" },
	{ "Down Enter Enter", "F2", "", "Columns of Containers", NULL, "" },
};

START_TEST(columns_are_chosen_and_put_in_order)
{
	struct stage_options high = usual;
	struct stage stage;

	high.rows = 60;
	high.columns = 200;
	stage_open(&stage, high);
	stage_keys(&stage, columns[_i].before);
	stage_keys(&stage, columns[_i].keys);
	stage_keys(&stage, columns[_i].after);
	ck_assert_str_eq(settings_columns(&stage.screen.settings, "nodes"), columns[_i].nodes);
	if (columns[_i].shows)
		ck_assert_msg(stage_shows(&stage, columns[_i].shows), "'%s' not in\n%s", columns[_i].shows,
			stage_text(&stage));
	if (columns[_i].hides)
		ck_assert_msg(
			!stage_shows(&stage, columns[_i].hides), "'%s' in\n%s", columns[_i].hides, stage_text(&stage));
	stage_close(&stage);
}
END_TEST

START_TEST(what_is_chosen_can_be_saved)
{
	struct stage stage;

	stage_open(&stage, usual);
	stage_keys(&stage, "F2 'taints' Space Esc");
	ck_assert(stage_shows(&stage, "choose Save to keep them"));
	stage_keys(&stage, "F2 End Enter");
	ck_assert_int_eq(stage.screen.wish.type, WISH_SAVE);
	stage_close(&stage);
}
END_TEST

START_TEST(unknown_columns_are_told_once_and_left_out)
{
	struct stage stage;

	stage_open(&stage, usual);
	settings_set_columns(&stage.screen.settings, "nodes", "pods,nope,state");
	screen_take(&stage.screen);
	stage_draw(&stage);
	ck_assert(stage_shows(&stage, "nodes: unknown column \"nope\": one of node, zone, "));
	ck_assert(stage_shows(&stage, "PODS  STATE"));
	ck_assert(!stage_shows(&stage, "MEM% USE"));
	ck_assert_str_eq(settings_columns(&stage.screen.settings, "nodes"), "pods,state");
	stage_keys(&stage, "Down");
	screen_take(&stage.screen);
	stage_draw(&stage);
	ck_assert(!stage_shows(&stage, "nope"));
	stage_close(&stage);
}
END_TEST

static void put_pod(struct stage *stage, const char *phase)
{
	AUTO_BUFFER json = { 0 };

	buffer_printf(&json,
		"{'metadata':{'name':'zzz','namespace':'ai-ml','uid':'u'},'spec':{'containers':[]},'status':{'phase':'%s'}}",
		phase);
	objects_put(&stage->parts[0].cluster, KIND_POD, buffer_text(&json));
}

static void take_at(struct stage *stage, int64_t milliseconds)
{
	screen_tick(&stage->screen, stage->screen.clock, milliseconds);
	screen_take(&stage->screen);
	stage_draw(stage);
}

/* Signs stand between the first two columns. */
static void expect_mark(struct stage *stage, const char *sign, char style)
{
	AUTO_BUFFER wanted = { 0 };

	buffer_printf(&wanted, "ai-ml         %s zzz", sign);
	ck_assert_msg(
		stage_shows(stage, buffer_text(&wanted)), "'%s' not in\n%s", buffer_text(&wanted), stage_text(stage));
	ck_assert((strchr(stage_styles(stage), 'f') != NULL) == (style == 'f'));
	ck_assert((strchr(stage_styles(stage), 'x') != NULL) == (style == 'x'));
}

START_TEST(changes_are_highlighted_where_that_is_wanted)
{
	struct stage stage;

	stage_open(&stage, usual);
	stage_keys(&stage, "4");
	put_pod(&stage, "Running");
	take_at(&stage, 2000);
	expect_mark(&stage, " ", '.');
	stage_keys(&stage, "F2 'highlight' Enter Esc");
	take_at(&stage, 3000);
	expect_mark(&stage, " ", '.');
	put_pod(&stage, "Failed");
	take_at(&stage, 4000);
	expect_mark(&stage, "!", 'x');
	take_at(&stage, 8999);
	expect_mark(&stage, "!", 'x');
	take_at(&stage, 9000);
	expect_mark(&stage, " ", '.');
	put_pod(&stage, "Succeeded");
	take_at(&stage, 10000);
	expect_mark(&stage, "!", 'f');
	stage_keys(&stage, "1");
	put_pod(&stage, "Failed");
	stage_keys(&stage, "4");
	expect_mark(&stage, " ", '.');
	stage_close(&stage);
}
END_TEST

START_TEST(a_new_row_is_highlighted_but_not_the_first_ones)
{
	struct stage stage;

	stage_open(&stage, usual);
	stage.screen.settings.highlights = true;
	stage_keys(&stage, "4");
	ck_assert(!strchr(stage_styles(&stage), 'f'));
	put_pod(&stage, "Running");
	take_at(&stage, 3000);
	expect_mark(&stage, "+", 'f');
	stage.parts[0].state = FEED_CONNECTING;
	take_at(&stage, 4000);
	expect_mark(&stage, " ", '.');
	stage_close(&stage);
}
END_TEST

TEST_MAIN("top/screen", TEST(changes_are_highlighted_where_that_is_wanted),
	TEST(a_new_row_is_highlighted_but_not_the_first_ones), TEST_TABLE(columns_are_chosen_and_put_in_order, columns),
	TEST(what_is_chosen_can_be_saved), TEST(unknown_columns_are_told_once_and_left_out),
	TEST(what_is_looked_at_is_read), TEST(what_is_shown_outlives_the_objects),
	TEST(another_feed_in_a_place_leaves_what_the_user_did), TEST_TABLE(a_key_does_what_it_should, cases),
	TEST(every_key_has_a_meaning_a_help_and_a_test), TEST(keys_without_a_meaning_change_nothing),
	TEST_TABLE(what_needs_the_world_is_wished_for, wishes), TEST(actions_are_off_unless_allowed),
	TEST(an_action_names_the_object_that_was_looked_at), TEST(search_moves_and_filter_hides),
	TEST(tags_and_folds_survive_sorting_filtering_and_new_data), TEST(a_key_holds_the_order_for_a_while),
	TEST(enter_goes_from_group_to_pods_to_containers_and_esc_back), TEST(tagged_nodes_narrow_the_pods),
	TEST(several_contexts_stand_below_rows_of_their_own),
	TEST(what_is_stale_says_so_and_what_cannot_be_read_is_unknown), TEST(any_size_is_drawn),
	TEST(commands_say_what_is_wrong))
