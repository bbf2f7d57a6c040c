/* Where `top` reads power: the options that say so, checked. */
#pragma once

#include "clusterutils/kube/power.h"
#include "clusterutils/kube/prometheus.h"
#include "clusterutils/util/options.h"
#include "power_sum.h"

enum { SOURCE_MAX_SCOPES = 64, CURRENCY_COLUMNS = 8 };

/* What the command line says; NULL for nothing. */
struct power_flags {
	const char *prometheus;    /* NAMESPACE/SERVICE[:PORT] */
	const char *query;         /* PromQL */
	struct option_list scopes; /* METER=NODE[,NODE...] */
	const char *price, *currency;
};

/* Zeroed before its first use, and in place as long as its options are. */
struct power_source {
	bool is_there; /* there is somebody to ask */
	struct power_options options;
	struct power_scope scopes[SOURCE_MAX_SCOPES];
	char path[PATH_SIZE];
	struct arena arena;
};

/* The demo's Prometheus and meters are known. Fails with ERROR_USAGE. */
int power_source_open(const struct power_flags *flags, bool is_demo, struct power_source *ret_source,
	struct tariff *ret_tariff, struct error *err) MUST_USE;
void power_source_release(struct power_source *source);
