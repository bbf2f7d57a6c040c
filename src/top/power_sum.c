#include "power_sum.h"

#include <ctype.h>

enum { HOURS = 24, MILLION = 1000000, PRICE_DECIMALS = 6 };

int price_parse(const char *text, int64_t *ret_price, struct error *err)
{
	int64_t price = 0;
	int decimals = -1;
	const char *c = text;

	for (; (isdigit((unsigned char)*c) || (*c == '.' && decimals < 0)) && price <= PRICE_MAX; c++) {
		if (*c == '.') {
			decimals = 0;
			continue;
		}
		price = price * 10 + (*c - '0');
		decimals += decimals >= 0;
		if (decimals > PRICE_DECIMALS)
			break;
	}
	if (*c || c == text || !isdigit((unsigned char)c[-1]) || !isdigit((unsigned char)*text))
		return error_set(err, ERROR_USAGE,
			"invalid argument \"%.40s\" for \"--price\" flag: must be a price of a kWh such as 0.25", text);
	for (int i = decimals < 0 ? 0 : decimals; i < PRICE_DECIMALS && price <= PRICE_MAX; i++)
		price *= 10;
	if (price > PRICE_MAX)
		return error_set(err, ERROR_USAGE,
			"invalid argument \"%.40s\" for \"--price\" flag: must be at most %lld", text,
			(long long)(PRICE_MAX / MILLION));
	*ret_price = price;
	return 0;
}

/* Kilowatts and the rest of them apart: the product of both largest would not fit. */
int64_t tariff_cost_per_day(const struct tariff *tariff, int64_t power)
{
	const int64_t per_kilowatt = HOURS * tariff->price; /* millionths a day */
	int64_t cost;

	if (power == VALUE_UNKNOWN || power == VALUE_NONE)
		return power;
	if (!tariff->is_known)
		return VALUE_UNKNOWN;
	power = power > POWER_MAX ? POWER_MAX : power < -POWER_MAX ? -POWER_MAX : power;
	cost = power / MILLION * per_kilowatt + power % MILLION * per_kilowatt / MILLION;
	return (cost + (cost < 0 ? -500 : 500)) / 1000;
}

const char *tariff_header(const struct tariff *tariff, struct arena *arena)
{
	return arena_printf(arena, "%s/DAY", tariff->currency ? tariff->currency : "COST");
}

void power_sum_add(struct power_sum *sum, const struct node_power *power)
{
	if (power->power == POWER_NONE)
		return;
	if (power->power == POWER_UNKNOWN) {
		sum->unknown++;
		return;
	}
	total_add(&sum->power, power->power);
	sum->known++;
	sum->estimated += power->is_estimated;
}

void power_sum_merge(struct power_sum *sum, const struct power_sum *other)
{
	total_merge(&sum->power, &other->power);
	sum->known += other->known;
	sum->unknown += other->unknown;
	sum->estimated += other->estimated;
}

int64_t power_sum_value(const struct power_sum *sum)
{
	if (sum->known)
		return total_value(&sum->power);
	return sum->unknown ? VALUE_UNKNOWN : VALUE_NONE;
}

bool power_sum_is_estimated(const struct power_sum *sum)
{
	return sum->known && (sum->estimated || sum->unknown);
}

struct cell power_sum_cell(const struct power_sum *sum, const struct tariff *tariff)
{
	int64_t power = power_sum_value(sum);
	struct cell cell = cell_power(power, tariff_cost_per_day(tariff, power));

	return power_sum_is_estimated(sum) ? cell_estimated(cell) : cell;
}

struct cell power_sum_cost_cell(const struct power_sum *sum, const struct tariff *tariff)
{
	struct cell cell = cell_money(tariff_cost_per_day(tariff, power_sum_value(sum)));

	return power_sum_is_estimated(sum) ? cell_estimated(cell) : cell;
}

static const char *state_of(const struct metering *metering)
{
	if (!metering->error)
		return metering->count ? "ok" : "missing";
	if (metering->count)
		return "stale";
	switch (metering->error->code) {
	case ERROR_FORBIDDEN:
		return "forbidden";
	case ERROR_NOT_FOUND:
		return "missing";
	default:
		return "failed";
	}
}

void add_power_source(struct table *table, const struct cluster *cluster, int64_t now)
{
	const struct metering *metering = &cluster->metering;
	int64_t heard = metering->heard;

	if (!metering->is_read)
		return;
	if (metering->warning)
		table_add_summary(table, arena_printf(&table->arena, "warning: %s", metering->warning));
	table_add_source(table,
		(struct source){
			.name = "power",
			.state = state_of(metering),
			.error = metering->error ? arena_text(&table->arena, metering->error->message) : NULL,
			.age = heard == TIME_NONE ? VALUE_UNKNOWN
				: now > heard     ? now - heard
						  : 0,
		});
}
