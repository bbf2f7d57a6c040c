/* What a Prometheus answered about power -> meters in the store. */
#pragma once

#include "clusterutils/kube/power.h"
#include "clusterutils/kube/prometheus.h"

enum question {
	QUESTION_POWER,
	QUESTION_TIME, /* when each of them was scraped */
	QUESTION_HISTORY,
	QUESTION_TODAY,
	QUESTION_MONTH,
	QUESTION_DEFAULT, /* the default query, where another one looks wrong */
	QUESTIONS
};

struct answer {
	struct series_list list; /* the last good one */
	struct error error;      /* of the last, where it failed */
	bool is_there;           /* one has come, good or bad */
};

/* The query has no series, or none that was ever more than 0. */
bool power_answers_look_wrong(const struct answer answers[QUESTIONS]);

void power_put_meters(const struct answer answers[QUESTIONS], const struct power_options *options, const char *query,
	int64_t heard, struct cluster *cluster);
