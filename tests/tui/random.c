/* Presses random keys, clicks and resizes on the live screen, while the cluster under it changes:
 *	random SEED EVENTS [MINUTES]
 * ends after so many events, or after the minutes where they are given. Whatever comes, the canvas is drawn whole, the
 * cursor is on a row, and nothing crashes. The same seed plays the same; RANDOM_TRACE=1 tells each event on stderr. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/demo/demo.h"
#include "clusterutils/util/clock.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "objects.h"
#include "stage.h"

enum { NAMES = 12, POD_NAMES = 150, NAME_SIZE = 64, TEXT_SIZE = 64, MINUTE_MS = 60000 };

struct game {
	struct stage stage;
	uint64_t state; /* of the generator */
	uint64_t seed, event;
	int64_t now, milliseconds;
	bool is_traced;
};

/* --- chance: splitmix64 --- */

static uint64_t chance(struct game *game)
{
	uint64_t z = game->state += 0x9E3779B97F4A7C15U;

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
	return z ^ (z >> 31);
}

static int below(struct game *game, int limit)
{
	return (int)(chance(game) % (uint64_t)limit);
}

static bool one_in(struct game *game, int count)
{
	return below(game, count) == 0;
}

#define ANY_OF(game, values) ((values)[below((game), (int)ARRAY_LEN(values))])

/* --- what must hold --- */

static void PRINTF_LIKE(2, 3) broken(struct game *game, const char *format, ...)
{
	va_list args;

	printf("not ok - random keys: seed %llu, event %llu: ", (unsigned long long)game->seed,
		(unsigned long long)game->event);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	exit(1);
}

static void trace(struct game *game, const char *what)
{
	if (game->is_traced)
		fprintf(stderr, "%llu: %s\n", (unsigned long long)game->event, what);
}

static void check_row(struct game *game, int row)
{
	const struct canvas *canvas = &game->stage.canvas;

	for (int column = 0; column < canvas->columns; column++) {
		const struct canvas_cell *cell = canvas_cell(canvas, row, column);
		bool is_half = cell->columns == 2;

		if (cell->style >= STYLES)
			broken(game, "%d,%d has no style", row, column);
		if (cell->columns == 0 || cell->columns > 2 || !cell->text[0])
			broken(game, "%d,%d is not drawn", row, column);
		if ((unsigned char)cell->text[0] < ' ' || !memchr(cell->text, '\0', sizeof(cell->text)))
			broken(game, "%d,%d is no text", row, column);
		if (!is_half)
			continue;
		cell = canvas_cell(canvas, row, ++column);
		if (!cell || cell->columns != 0 || cell->text[0])
			broken(game, "%d,%d is half a character", row, column - 1);
	}
}

static void check_canvas(struct game *game)
{
	const struct canvas *canvas = &game->stage.canvas;

	for (int row = 0; row < canvas->rows; row++)
		check_row(game, row);
	if (canvas->cursor_row >= canvas->rows || canvas->cursor_column >= canvas->columns)
		broken(game, "the cursor is at %d,%d", canvas->cursor_row, canvas->cursor_column);
}

static void check_lists(struct game *game)
{
	struct screen *screen = &game->stage.screen;

	if (screen->tab >= screen->tab_count)
		broken(game, "tab %zu of %zu", screen->tab, screen->tab_count);
	for (size_t i = 0; i < screen->tab_count; i++) {
		const struct list *list = &screen->tabs[i].list;

		if (list->count ? list->selected >= list->count || !list_selected(list) : list_selected(list) != NULL)
			broken(game, "%s: row %zu of %zu is selected", screen->names[i], list->selected, list->count);
		/* What is not shown is scrolled when it will be. */
		if (i == screen->tab && !screen->layout.one_line && list->count && list->top >= list->count)
			broken(game, "%s: row %zu of %zu is on top", screen->names[i], list->top, list->count);
		for (size_t row = 0; row < list->count; row++)
			if (list->rows[row].row >= list->table->row_count)
				broken(game, "%s: row %zu is not of the table", screen->names[i], row);
	}
}

/* --- the cluster --- */

static void put(struct game *game, struct cluster *cluster, enum kind kind, const char *text)
{
	struct error err = { 0 };

	/* What is not valid leaves the cluster as it was. */
	if (objects_try(cluster, kind, text, &err) < 0)
		trace(game, err.message);
}

static void put_node(struct game *game, struct cluster *cluster)
{
	static const char *const arches[] = { "amd64", "arm64", "riscv64" };
	static const char *const zones[] = { "home", "cloud", "a-zone-with-a-name-that-is-longer-than-most", "區" };
	static const char *const readiness[] = { "True", "False", "Unknown" };
	char text[512];

	snprintf(text, sizeof(text),
		"{'metadata':{'name':'n%d','uid':'n','creationTimestamp':'2026-0%d-01T00:00:00Z','labels':"
		"{'kubernetes.io/arch':'%s','topology.kubernetes.io/zone':'%s'}},'spec':{'unschedulable':%s},"
		"'status':{'allocatable':{'cpu':'%d','memory':'%dMi','pods':'%d'},"
		"'conditions':[{'type':'Ready','status':'%s'}]}}",
		below(game, NAMES), 1 + below(game, 9), ANY_OF(game, arches), ANY_OF(game, zones),
		one_in(game, 4) ? "true" : "false", below(game, 9), below(game, 9000), below(game, 200),
		ANY_OF(game, readiness));
	put(game, cluster, KIND_NODE, text);
}

static void put_pod(struct game *game, struct cluster *cluster)
{
	static const char *const phases[] = { "Pending", "Running", "Succeeded", "Failed", "Unknown" };
	char text[768], node[NAME_SIZE] = "";
	int number = below(game, POD_NAMES);

	if (!one_in(game, 5))
		snprintf(node, sizeof(node), "'nodeName':'n%d',", below(game, NAMES + 2));
	snprintf(text, sizeof(text),
		"{'metadata':{'name':'p%d%s','namespace':'s%d','uid':'u%d','creationTimestamp':'2026-03-01T11:%02d:00Z',"
		"'labels':{'app':'x'}},'spec':{%s'priority':%d,'priorityClassName':'%s','containers':[{'name':'c',"
		"'image':'registry.example/image-%d:v%d','resources':{'requests':{'cpu':'%dm','memory':'%dMi'},"
		"'limits':{'memory':'%dMi'}}}]},'status':{'phase':'%s','containerStatuses':[{'name':'c',"
		"'restartCount':%d,'ready':true,'image':'x','imageID':''}]}}",
		number, number % 7 ? "" : "-with-a-name-that-no-column-has-room-for-世界", number % 5, number,
		below(game, 60), node, below(game, 3) * 1000, one_in(game, 2) ? "" : "normal", below(game, 9),
		below(game, 3), below(game, 3000), below(game, 9000), below(game, 9000), ANY_OF(game, phases),
		below(game, 200));
	put(game, cluster, KIND_POD, text);
}

static void put_event(struct game *game, struct cluster *cluster)
{
	char text[512];

	snprintf(text, sizeof(text),
		"{'metadata':{'name':'e%d','namespace':'s1','uid':'e'},'type':'%s','reason':'Because','count':%d,"
		"'message':'what happened %d','lastTimestamp':'2026-03-01T11:%02d:00Z',"
		"'involvedObject':{'kind':'Pod','name':'p%d','namespace':'s1'},'source':{'component':'kubelet'}}",
		below(game, 40), one_in(game, 2) ? "Normal" : "Warning", below(game, 9), below(game, 9),
		below(game, 60), below(game, POD_NAMES));
	put(game, cluster, KIND_EVENT, text);
}

static void remove_something(struct game *game, struct cluster *cluster)
{
	AUTO_FREE char *name = NULL, *namespace = NULL;

	if (one_in(game, 3) && cluster_node_count(cluster)) {
		size_t i = chance(game) % cluster_node_count(cluster);

		name = memory_copy_text(cluster_node(cluster, i)->name);
		cluster_remove(cluster, KIND_NODE, name, NULL);
	} else if (cluster_count(cluster, KIND_POD)) {
		const struct meta *pod =
			cluster_item(cluster, KIND_POD, chance(game) % cluster_count(cluster, KIND_POD));

		name = memory_copy_text(pod->name);
		namespace = memory_copy_text(pod->namespace);
		cluster_remove(cluster, KIND_POD, name, namespace);
	}
}

static void put_samples(struct game *game, struct cluster *cluster)
{
	for (size_t i = 0; i < cluster_node_count(cluster); i++) {
		struct sample sample = { .taken = game->now - below(game, 90), .window_seconds = 15 };
		AUTO_FREE char *name = memory_copy_text(cluster_node(cluster, i)->name);

		if (one_in(game, 4))
			continue;
		sample.usage.cpu = one_in(game, 9) ? RESOURCE_UNKNOWN : below(game, 9000);
		sample.usage.memory = one_in(game, 9) ? RESOURCE_UNKNOWN : (int64_t)below(game, 9000) << 20;
		cluster_set_node_sample(cluster, name, &sample);
	}
}

/* The whole kind goes, as after a relist that holds nothing. */
static void empty(struct game *game, struct cluster *cluster)
{
	static const enum kind kinds[] = { KIND_POD, KIND_NODE, KIND_NODE_METRICS, KIND_EVENT, KIND_PRIORITY_CLASS };

	cluster->stamp = cluster_new_stamp(cluster);
	cluster_sweep(cluster, ANY_OF(game, kinds), NULL);
}

static void read_again(struct game *game, struct feed *feed)
{
	struct sync_options options = { 0 };

	sync_run(game->stage.transport, &options, feed->lists, feed->list_count, &feed->cluster);
}

static void mark_list(struct game *game, struct feed *feed)
{
	struct sync_list *list = &feed->lists[below(game, (int)feed->list_count)];
	struct error err = { 0 };

	list->state = (enum sync_state)below(game, SYNC_FAILED + 1);
	list->is_paused = one_in(game, 8);
	list->heard = one_in(game, 3) ? TIME_NONE : game->now - below(game, 5000);
	feed->cluster.is_unread[list->kind] = list->state == SYNC_FAILED || list->state == SYNC_READING;
	error_set(&err, ERROR_FAILED, "the connection to the server was refused - did you specify the right host?");
	list->error = list->state == SYNC_STALE || list->state == SYNC_FAILED ? err : (struct error){ 0 };
	feed->state = one_in(game, 12) ? (enum feed_state)below(game, FEED_FAILED + 1) : FEED_OPEN;
	feed->error = feed->state == FEED_FAILED ? err : (struct error){ 0 };
}

static void change_cluster(struct game *game)
{
	struct feed *feed = game->stage.feeds[below(game, (int)game->stage.feed_count)];

	switch (below(game, 40)) {
	case 0:
		empty(game, &feed->cluster);
		break;
	case 1:
		read_again(game, feed);
		break;
	case 2:
	case 3:
		mark_list(game, feed);
		break;
	case 4:
	case 5:
		put_samples(game, &feed->cluster);
		break;
	case 6:
		put_event(game, &feed->cluster);
		break;
	case 7:
	case 8:
	case 9:
		put_node(game, &feed->cluster);
		break;
	case 10:
		screen_set_feeds(&game->stage.screen, game->stage.feeds, 1 + chance(game) % game->stage.feed_count);
		break;
	default:
		if (one_in(game, 3))
			remove_something(game, &feed->cluster);
		else
			put_pod(game, &feed->cluster);
		break;
	}
	history_take(&feed->history, &feed->cluster);
}

/* --- the user --- */

static uint32_t any_key(struct game *game)
{
	static const uint32_t flags[] = { 0, 0, 0, 0, KEY_ALT, KEY_SHIFT, KEY_CTRL, KEY_FLAGS };
	static const uint32_t often[] = { KEY_ESCAPE, KEY_ENTER, KEY_ENTER, KEY_UP, KEY_DOWN, KEY_TAB, KEY_PAGE_DOWN,
		KEY_END, KEY_F1, KEY_F6, KEY_F9, ' ', 'd', 'y', KEY_BACKSPACE, KEY_RIGHT };
	static const uint32_t rare[] = { 0xE9, 0x4E16, 0x1F600, 0x301, 0x200D, 0x202E, 0xFFFD };

	switch (below(game, 8)) {
	case 0:
	case 1:
		return ANY_OF(game, often);
	case 2:
	case 3:
		return (uint32_t)(KEY_NAMED + below(game, KEY_NAMED_END - KEY_NAMED)) | ANY_OF(game, flags);
	case 4:
		return one_in(game, 4) ? ANY_OF(game, rare) : (uint32_t)(1 + below(game, 0x1F));
	default:
		return (uint32_t)(' ' + below(game, 0x7F - ' '));
	}
}

static void press(struct game *game)
{
	struct input_event event = { .type = EVENT_KEY, .key = any_key(game) };
	char name[KEY_NAME_SIZE];

	trace(game, key_text(event.key, name));
	screen_event(&game->stage.screen, &event);
}

/* Also where the screen has just become smaller. */
static void click(struct game *game)
{
	struct input_event event = { .type = EVENT_MOUSE,
		.row = below(game, game->stage.canvas.rows + 3) - 1,
		.column = below(game, game->stage.canvas.columns + 3) - 1,
		.button = (enum mouse_button)(MOUSE_LEFT + below(game, MOUSE_WHEEL_DOWN)),
		.is_release = one_in(game, 2),
		.is_double = one_in(game, 3) };

	trace(game, "mouse");
	screen_event(&game->stage.screen, &event);
}

static void resize(struct game *game)
{
	bool is_usual = !one_in(game, 4);

	trace(game, "size");
	canvas_resize(&game->stage.canvas, is_usual ? 10 + below(game, 30) : below(game, 101),
		is_usual ? 40 + below(game, 90) : below(game, 301));
}

/* As live.c fulfils it, but that nothing is written and nobody asked. */
static void fulfil(struct game *game)
{
	struct screen *screen = &game->stage.screen;
	struct wish wish = screen->wish;
	AUTO_BUFFER text = { 0 };

	screen->wish = (struct wish){ 0 };
	if (wish.type == WISH_SNAPSHOT)
		screen_write(screen, &text);
	else if (wish.type == WISH_YAML)
		screen_show_page(screen, "YAML", "kind: Node\nmetadata:\n\tname: a\n");
	else if (wish.type == WISH_CORDON || wish.type == WISH_UNCORDON || wish.type == WISH_EVICT)
		screen_tell(screen, ROLE_GOOD, "%zu done", wish.count);
	wish_clear(&wish);
}

/* As the loop of live.c: what the server said, what was typed, one frame. */
static void turn(struct game *game)
{
	for (int i = below(game, 4); i > 0; i--)
		change_cluster(game);
	if (one_in(game, 6)) {
		game->milliseconds += below(game, 4000);
		game->now = demo_now + game->milliseconds / 1000;
		screen_tick(&game->stage.screen, game->now, game->milliseconds);
	}
	if (one_in(game, 3))
		screen_take(&game->stage.screen);
	if (one_in(game, 20))
		resize(game);
	else if (one_in(game, 6))
		click(game);
	else
		press(game);
	fulfil(game);
	stage_draw(&game->stage);
	check_canvas(game);
	check_lists(game);
}

int main(int argc, char **argv)
{
	struct stage_options options = { .rows = 24, .columns = 80, .is_double = true, .allows_actions = true };
	struct game game = { .now = demo_now, .milliseconds = 1000, .is_traced = getenv("RANDOM_TRACE") != NULL };
	int64_t end = 0;
	uint64_t events;

	if (argc < 3) {
		fprintf(stderr, "usage: random SEED EVENTS [MINUTES]\n");
		return 2;
	}
	game.seed = game.state = strtoull(argv[1], NULL, 10);
	events = strtoull(argv[2], NULL, 10);
	if (argc > 3)
		end = clock_monotonic_ms() + (int64_t)strtoull(argv[3], NULL, 10) * MINUTE_MS;
	stage_open(&game.stage, options);
	game.stage.screen.settings.highlights = true;
	while (end ? clock_monotonic_ms() < end : game.event < events) {
		game.event++;
		turn(&game);
	}
	stage_close(&game.stage);
	printf("ok - random keys: %llu events of seed %llu\n", (unsigned long long)game.event,
		(unsigned long long)game.seed);
	return 0;
}
