#include "clusterutils/kube/power.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "clusterutils/kube/prometheus.h"
#include "clusterutils/util/clock.h"
#include "clusterutils/util/memory.h"
#include "power_meters.h"

enum {
	STEP_MS = 1000,
	RETRY_MS = 30000,
	LEAST_RANGE = 60,
	MAX_UNDER_WAY = 2, /* a Prometheus that does not answer must not keep lists from being read */
};

static const int64_t periods[QUESTIONS] = {
	[QUESTION_POWER] = POWER_POLL_MS,
	[QUESTION_TIME] = POWER_POLL_MS,
	[QUESTION_HISTORY] = 60000,
	[QUESTION_TODAY] = 300000,
	[QUESTION_MONTH] = 900000,
	[QUESTION_DEFAULT] = 300000,
};

struct power {
	struct transport *transport;
	const struct power_options *options;
	struct cluster *cluster;
	struct answer answers[QUESTIONS];
	struct {
		struct prometheus_query query;
		struct buffer text;
		int64_t due; /* clock_monotonic_ms() */
	} questions[QUESTIONS];
	int64_t heard;
	bool changed;
};

struct power *power_new(struct transport *transport, const struct power_options *options, struct cluster *cluster)
{
	struct power *power = NEW(struct power);

	power->transport = transport;
	power->options = options;
	power->cluster = cluster;
	power->heard = TIME_NONE;
	return power;
}

void power_free(struct power *power)
{
	if (!power)
		return;
	for (size_t i = 0; i < QUESTIONS; i++) {
		prometheus_release(&power->questions[i].query, power->transport);
		buffer_release(&power->questions[i].text);
		series_list_release(&power->answers[i].list);
	}
	free(power);
}

static const char *query_of(const struct power *power)
{
	return power->options->query ? power->options->query : POWER_QUERY;
}

static bool has_shared_meter(const struct power_options *options)
{
	for (size_t i = 0; i < options->scope_count; i++)
		if (options->scopes[i].node_count > 1)
			return true;
	return false;
}

/* Where it does not even say what is drawn now, it is not asked for more. */
static bool is_wanted(const struct power *power, enum question question)
{
	if (question != QUESTION_POWER && power->answers[QUESTION_POWER].error.code)
		return false;
	switch (question) {
	case QUESTION_POWER:
		return true;
	case QUESTION_HISTORY: /* the least of the last hour is what shares are made of */
		return power->options->is_detailed || has_shared_meter(power->options);
	case QUESTION_DEFAULT:
		return strcmp(query_of(power), POWER_QUERY) != 0 &&
			(power->answers[QUESTION_HISTORY].is_there || !is_wanted(power, QUESTION_HISTORY)) &&
			power_answers_look_wrong(power->answers);
	default:
		return power->options->is_detailed;
	}
}

/* --- asking --- */

static void ask_increase(struct power *power, enum question question, int64_t since)
{
	const char *counter = power->options->energy ? power->options->energy : ENERGY_QUERY;
	int64_t seconds = clock_now() - since;

	buffer_printf(&power->questions[question].text, "increase(%s[%" PRId64 "s])", counter,
		seconds > LEAST_RANGE ? seconds : LEAST_RANGE);
}

static void ask(struct power *power, enum question question)
{
	struct prometheus_query *query = &power->questions[question].query;
	struct buffer *text = &power->questions[question].text;
	int64_t now = clock_now(), end = now - now % POWER_HISTORY_STEP;

	buffer_clear(text);
	switch (question) {
	case QUESTION_TIME:
		buffer_printf(text, "timestamp(%s)", query_of(power));
		break;
	case QUESTION_TODAY:
		ask_increase(power, question, clock_midnight(now));
		break;
	case QUESTION_MONTH:
		ask_increase(power, question, clock_month(now));
		break;
	case QUESTION_DEFAULT:
		buffer_add_text(text, POWER_QUERY);
		break;
	default:
		buffer_add_text(text, query_of(power));
	}
	if (question == QUESTION_HISTORY)
		prometheus_ask_range(query, power->transport, power->options->path, buffer_text(text),
			end - POWER_HISTORY_SECONDS, end, POWER_HISTORY_STEP);
	else
		prometheus_ask(query, power->transport, power->options->path, buffer_text(text));
}

/* --- taking in --- */

static void take(struct power *power, enum question question)
{
	struct answer *answer = &power->answers[question];
	struct series_list list;

	answer->is_there = true;
	if (prometheus_finish(&power->questions[question].query, &list, &answer->error) == 0) {
		series_list_release(&answer->list);
		answer->list = list;
		error_clear(&answer->error);
		if (question == QUESTION_POWER)
			power->heard = clock_now();
	}
	power->questions[question].due = clock_monotonic_ms() +
		(answer->error.code && periods[question] < RETRY_MS ? RETRY_MS : periods[question]);
}

static bool take_in_all(struct power *power)
{
	bool has_taken = false;

	for (enum question i = 0; i < QUESTIONS; i++) {
		if (!power->questions[i].query.is_open || !power->questions[i].query.request.done)
			continue;
		take(power, i);
		has_taken = true;
	}
	return has_taken;
}

static size_t count_under_way(const struct power *power)
{
	size_t count = 0;

	for (enum question i = 0; i < QUESTIONS; i++)
		count += power->questions[i].query.is_open;
	return count;
}

int power_turn(struct power *power, int timeout_ms)
{
	if (take_in_all(power) && power->answers[QUESTION_POWER].is_there) {
		power_put_meters(power->answers, power->options, query_of(power), power->heard, power->cluster);
		power->changed = true;
	}
	for (enum question i = 0; i < QUESTIONS; i++) {
		int64_t left = power->questions[i].due - clock_monotonic_ms();

		if (power->questions[i].query.is_open || !is_wanted(power, i))
			continue;
		if (left <= 0 && count_under_way(power) < MAX_UNDER_WAY)
			ask(power, i);
		else if (left <= 0)
			continue; /* after one of those */
		else if (left < timeout_ms)
			timeout_ms = (int)left;
	}
	return timeout_ms;
}

bool power_has_changed(struct power *power)
{
	bool changed = power->changed;

	power->changed = false;
	return changed;
}

bool power_is_complete(const struct power *power)
{
	for (enum question i = 0; i < QUESTIONS; i++)
		if (is_wanted(power, i) && !power->answers[i].is_there)
			return false;
	return true;
}

void power_complete(struct power *power)
{
	for (power_turn(power, 0); !power_is_complete(power); power_turn(power, 0))
		transport_step(power->transport, STEP_MS);
}
