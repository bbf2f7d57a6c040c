/* What nodes draw together, and what that costs. */
#pragma once

#include "clusterutils/model/cluster.h"
#include "clusterutils/output/table.h"

/* Of power, what is unknown and what there is none of are the same in the model and in cells. */

struct tariff {
	bool is_known;
	int64_t price;        /* of a kilowatt hour, in millionths of the currency; at most PRICE_MAX */
	const char *currency; /* what headers call it; NULL for no name */
};

#define PRICE_MAX INT64_C(100000000000)

/* "0.25": at most six decimals. */
int price_parse(const char *text, int64_t *ret_price, struct error *err) MUST_USE;

/* Of a power in milliwatts, in thousandths of the currency; unknown or none where the power is, unknown without a
 * price. */
int64_t tariff_cost_per_day(const struct tariff *tariff, int64_t power);

/* "GBP/DAY", or "COST/DAY". */
const char *tariff_header(const struct tariff *tariff, struct arena *arena);

struct power_sum {
	struct total power;
	int64_t known, unknown, estimated; /* nodes; those without a meter are none of them */
};

void power_sum_add(struct power_sum *sum, const struct node_power *power);
void power_sum_merge(struct power_sum *sum, const struct power_sum *other);
int64_t power_sum_value(const struct power_sum *sum);     /* milliwatts, VALUE_UNKNOWN or VALUE_NONE */
bool power_sum_is_estimated(const struct power_sum *sum); /* as a part of it is, or is missing */

struct cell power_sum_cell(const struct power_sum *sum, const struct tariff *tariff);
struct cell power_sum_cost_cell(const struct power_sum *sum, const struct tariff *tariff);

/* The source "power", where somebody has asked, and a line of warning. */
void add_power_source(struct table *table, const struct cluster *cluster, int64_t now);
