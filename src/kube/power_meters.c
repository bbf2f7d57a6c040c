#include "power_meters.h"

#include <ctype.h>
#include <string.h>

#include "clusterutils/util/index.h"
#include "clusterutils/util/memory.h"

enum { SLOTS = POWER_HISTORY_SECONDS / POWER_HISTORY_STEP + 1, MILLI = 1000 };

struct builder {
	const struct power_options *options;
	struct arena arena;
	struct meter *meters;
	int64_t **histories; /* of each meter; NULL while it has none */
	size_t count;
	struct index by_name; /* of struct named */
	size_t left_out;
};

struct named {
	const char *name;
	size_t position;
};

static struct index_key key_of_named(const void *object)
{
	return (struct index_key){ ((const struct named *)object)->name, NULL };
}

/* --- names and scopes --- */

/* What the series measures, for people: NULL where no label says so. */
static const char *name_of(const struct series *series, struct arena *arena)
{
	static const char *const labels[] = { "name", "node", "node_name", "instance", "address" };

	for (size_t i = 0; i < ARRAY_LEN(labels); i++) {
		const char *value = series_label(series, labels[i]), *colon;

		if (!value || !*value)
			continue;
		colon = strcmp(labels[i], "instance") == 0 ? strrchr(value, ':') : NULL;
		return colon && colon > value ? arena_copy(arena, value, (size_t)(colon - value)) : value;
	}
	return NULL;
}

/* People write "Corellia" on a plug; nodes have no capitals. */
static const char *as_node(const char *name, struct arena *arena)
{
	char *node = arena_text(arena, name);

	for (char *c = node; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return node;
}

static void add_scope(struct builder *builder, struct meter *meter)
{
	const struct power_options *options = builder->options;
	const char **own;

	for (size_t i = 0; i < options->scope_count; i++) {
		if (strcmp(options->scopes[i].meter, meter->name) != 0)
			continue;
		meter->nodes = options->scopes[i].nodes;
		meter->node_count = options->scopes[i].node_count;
		return;
	}
	own = ARENA_ARRAY(&builder->arena, 1, const char *);
	own[0] = as_node(meter->name, &builder->arena);
	meter->nodes = own;
	meter->node_count = 1;
}

static struct meter *find_meter(struct builder *builder, const struct series *series)
{
	const char *name = name_of(series, &builder->arena);
	const struct named *named = index_find(&builder->by_name, name ? name : "power", NULL);

	return named ? &builder->meters[named->position] : NULL;
}

static struct meter *add_meter(struct builder *builder, const struct series *series, const char *query)
{
	const char *name = name_of(series, &builder->arena);
	struct named *named = ARENA_NEW(&builder->arena, struct named);
	struct meter *meter = &builder->meters[builder->count];

	*meter = (struct meter){
		.name = name ? name : "power",
		.class = builder->options->class,
		.query = query,
		.power = POWER_NONE,
		.average = POWER_UNKNOWN,
		.least = POWER_UNKNOWN,
		.today = POWER_UNKNOWN,
		.month = POWER_UNKNOWN,
		.taken = TIME_NONE,
	};
	add_scope(builder, meter);
	*named = (struct named){ meter->name, builder->count++ };
	index_add(&builder->by_name, named);
	return meter;
}

/* --- numbers --- */

static int64_t last_value(const struct series *series, int64_t most)
{
	int64_t value = series->point_count ? series->points[series->point_count - 1].milli : SERIES_UNKNOWN;

	return value > most || value < -most ? POWER_UNKNOWN : value;
}

/* Channels of one meter: the sum, unknown where one is. */
static int64_t sum_of(int64_t sum, int64_t value)
{
	if (sum == POWER_NONE)
		return value;
	return sum == POWER_UNKNOWN || value == POWER_UNKNOWN ? POWER_UNKNOWN : sum + value;
}

static void add_power(struct builder *builder, const struct series_list *list, const char *query)
{
	size_t most = list->count < POWER_MAX_METERS ? list->count : POWER_MAX_METERS;

	builder->meters = ARENA_ARRAY(&builder->arena, most, struct meter);
	builder->histories = ARENA_ARRAY(&builder->arena, most, int64_t *);
	for (size_t i = 0; i < list->count; i++) {
		const struct series *series = &list->items[i];
		struct meter *meter = find_meter(builder, series);

		if (!meter && builder->count == POWER_MAX_METERS) {
			builder->left_out++;
			continue;
		}
		if (!meter)
			meter = add_meter(builder, series, query);
		meter->power = sum_of(meter->power, last_value(series, POWER_MAX));
		if (series->point_count)
			meter->taken = series->points[series->point_count - 1].time / MILLI;
	}
}

/* Of several channels the oldest counts. What says nothing of it leaves the moment of the question. */
static void add_times(struct builder *builder, const struct series_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		struct meter *meter = find_meter(builder, &list->items[i]);
		int64_t value = last_value(&list->items[i], INT64_MAX);

		if (meter && value >= 0 && (meter->taken == TIME_NONE || value / MILLI < meter->taken))
			meter->taken = value / MILLI;
	}
}

static void add_energy(struct builder *builder, const struct series_list *list, enum question question)
{
	for (size_t i = 0; i < list->count; i++) {
		struct meter *meter = find_meter(builder, &list->items[i]);
		int64_t *energy;

		if (!meter)
			continue;
		energy = question == QUESTION_TODAY ? &meter->today : &meter->month;
		/* Of the first channel it is unknown as yet. */
		*energy = sum_of(
			*energy == POWER_UNKNOWN ? POWER_NONE : *energy, last_value(&list->items[i], ENERGY_MAX));
	}
}

/* All meters' histories end at the same moment: that of the newest point of any. */
static int64_t end_of_history(const struct series_list *list)
{
	int64_t end = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct series *series = &list->items[i];

		if (series->point_count && series->points[series->point_count - 1].time > end)
			end = series->points[series->point_count - 1].time;
	}
	return end;
}

static int64_t *history_of(struct builder *builder, const struct meter *meter)
{
	size_t position = (size_t)(meter - builder->meters);
	int64_t *history = builder->histories[position];

	if (history)
		return history;
	history = builder->histories[position] = ARENA_ARRAY(&builder->arena, SLOTS, int64_t);
	for (size_t i = 0; i < SLOTS; i++)
		history[i] = POWER_NONE;
	return history;
}

static void summarize(struct meter *meter, int64_t *history)
{
	int64_t sum = 0, known = 0;

	for (size_t i = 0; i < SLOTS; i++) {
		if (history[i] == POWER_NONE)
			history[i] = POWER_UNKNOWN;
		if (history[i] == POWER_UNKNOWN)
			continue;
		if (!known || history[i] < meter->least)
			meter->least = history[i];
		sum += history[i];
		known++;
	}
	if (known)
		meter->average = sum / known;
	meter->history = history;
	meter->history_count = SLOTS;
}

static void add_history(struct builder *builder, const struct series_list *list)
{
	const int64_t step = POWER_HISTORY_STEP * MILLI, end = end_of_history(list);

	for (size_t i = 0; i < list->count; i++) {
		const struct series *series = &list->items[i];
		struct meter *meter = find_meter(builder, series);
		int64_t *history = meter ? history_of(builder, meter) : NULL;

		for (size_t j = 0; meter && j < series->point_count; j++) {
			int64_t back = (end - series->points[j].time) / step, value = series->points[j].milli;

			if (back < 0 || back >= SLOTS)
				continue;
			value = value > POWER_MAX || value < -POWER_MAX ? POWER_UNKNOWN : value;
			history[SLOTS - 1 - back] = sum_of(history[SLOTS - 1 - back], value);
		}
	}
	for (size_t i = 0; builder->meters && i < builder->count; i++)
		if (builder->histories[i])
			summarize(&builder->meters[i], builder->histories[i]);
}

/* --- what is doubtful --- */

static bool is_zero(const struct series_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		for (size_t j = 0; j < list->items[i].point_count; j++)
			if (list->items[i].points[j].milli != 0)
				return false;
	return true;
}

bool power_answers_look_wrong(const struct answer answers[QUESTIONS])
{
	const struct answer *power = &answers[QUESTION_POWER];

	return power->is_there && !power->error.code && is_zero(&power->list) &&
		is_zero(&answers[QUESTION_HISTORY].list);
}

static const char *warning_of(
	const struct answer answers[QUESTIONS], const char *query, size_t left_out, struct arena *arena)
{
	static const struct {
		enum question question;
		const char *what;
	} parts[] = {
		{ QUESTION_HISTORY, "the last hour" },
		{ QUESTION_TODAY, "the energy of today" },
		{ QUESTION_MONTH, "the energy of this month" },
	};

	if (power_answers_look_wrong(answers) && answers[QUESTION_DEFAULT].list.count)
		return arena_printf(arena, "%.200s %s, while " POWER_QUERY " is there: is it the right query?", query,
			answers[QUESTION_POWER].list.count ? "is 0 on every meter" : "has no series");
	if (left_out)
		return arena_printf(arena, "more than %d meters: %zu series are left out", POWER_MAX_METERS, left_out);
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (!answers[QUESTION_POWER].error.code && answers[parts[i].question].error.code)
			return arena_printf(
				arena, "%s is unknown: %s", parts[i].what, answers[parts[i].question].error.message);
	return NULL;
}

void power_put_meters(const struct answer answers[QUESTIONS], const struct power_options *options, const char *query,
	int64_t heard, struct cluster *cluster)
{
	const char *const tried[] = { query, POWER_QUERY };
	struct builder builder = { .options = options };
	struct metering metering;

	index_init(&builder.by_name, key_of_named);
	add_power(&builder, &answers[QUESTION_POWER].list, query);
	add_times(&builder, &answers[QUESTION_TIME].list);
	add_history(&builder, &answers[QUESTION_HISTORY].list);
	add_energy(&builder, &answers[QUESTION_TODAY].list, QUESTION_TODAY);
	add_energy(&builder, &answers[QUESTION_MONTH].list, QUESTION_MONTH);
	metering = (struct metering){
		.is_read = true,
		.error = answers[QUESTION_POWER].error.code ? &answers[QUESTION_POWER].error : NULL,
		.tried = tried,
		.tried_count = answers[QUESTION_DEFAULT].is_there ? 2 : 1,
		.warning = warning_of(answers, query, builder.left_out, &builder.arena),
		.heard = heard,
		.meters = builder.meters,
		.count = builder.count,
	};
	cluster_set_meters(cluster, &metering);
	index_release(&builder.by_name);
	arena_release(&builder.arena);
}
