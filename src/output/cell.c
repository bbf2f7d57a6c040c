#include "cell.h"

#include "clusterutils/util/duration.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/timestamp.h"

enum { NANO_IN_MILLI = 1000000, PER_CENT = 100 };

#define MEBIBYTE (INT64_C(1) << 20)

const struct cell_parts *cell_parts(enum cell_type type)
{
	static const struct cell_parts none = { 0 };
	static const struct cell_parts share = { 4, { PART_USAGE, PART_REQUEST, PART_LIMIT, PART_ALLOCATABLE } };
	static const struct cell_parts percent = { 2, { PART_REQUEST, PART_ALLOCATABLE } };
	static const struct cell_parts amount = { 3, { PART_USAGE, PART_REQUEST, PART_LIMIT } };
	static const struct cell_parts count = { 2, { PART_COUNT, PART_CAPACITY } };
	static const struct cell_parts power = { 2, { PART_WATTS, PART_COST } };
	static const struct cell_parts pressure = { 3, { PART_CPU, PART_MEMORY, PART_IO } };

	switch (type) {
	case CELL_SHARE:
		return &share;
	case CELL_PERCENT:
		return &percent;
	case CELL_AMOUNT:
		return &amount;
	case CELL_COUNT:
		return &count;
	case CELL_POWER:
		return &power;
	case CELL_PRESSURE:
		return &pressure;
	default:
		return &none;
	}
}

const char *cell_part_name(enum cell_part part)
{
	static const char *const names[] = {
		[PART_USAGE] = "usage",
		[PART_REQUEST] = "request",
		[PART_LIMIT] = "limit",
		[PART_ALLOCATABLE] = "allocatable",
		[PART_COUNT] = "count",
		[PART_CAPACITY] = "capacity",
		[PART_WATTS] = "watts",
		[PART_COST] = "costPerDay",
		[PART_CPU] = "cpu",
		[PART_MEMORY] = "memory",
		[PART_IO] = "io",
		[PART_WORST] = "worst",
	};

	return names[part];
}

static int64_t pressure_part(const struct pressure *pressure, enum cell_part part)
{
	int64_t worst;

	if (part == PART_WORST) {
		pressure_worst(pressure, &worst);
		return worst;
	}
	return pressure->of[part == PART_CPU                 ? PRESSURE_CPU
				       : part == PART_MEMORY ? PRESSURE_MEMORY
							     : PRESSURE_IO]
		.some.avg10;
}

int64_t cell_part(const struct cell *cell, enum cell_part part)
{
	const struct cell_parts *parts = cell_parts(cell->type);
	bool has_part = cell->type == CELL_PRESSURE && part == PART_WORST;

	for (size_t i = 0; i < parts->count; i++)
		has_part = has_part || parts->items[i] == part;
	if (!has_part)
		return VALUE_UNKNOWN;
	switch (part) {
	case PART_USAGE:
		return cell->as.share.usage;
	case PART_REQUEST:
		return cell->as.share.request;
	case PART_LIMIT:
		return cell->as.share.limit;
	case PART_ALLOCATABLE:
		return cell->as.share.allocatable;
	case PART_COUNT:
		return cell->as.count.count;
	case PART_CAPACITY:
		return cell->as.count.capacity;
	case PART_WATTS:
		return cell->as.power.watts;
	case PART_COST:
		return cell->as.power.cost;
	case PART_CPU:
	case PART_MEMORY:
	case PART_IO:
	case PART_WORST:
		return pressure_part(cell->as.pressure, part);
	}
	return VALUE_UNKNOWN;
}

static int64_t to_millicores(int64_t nanocores)
{
	if (!value_is_known(nanocores))
		return nanocores;
	return nanocores / NANO_IN_MILLI + (nanocores % NANO_IN_MILLI > 0);
}

int64_t cell_part_as_data(const struct cell *cell, enum cell_part part)
{
	int64_t value = cell_part(cell, part);
	bool has_unit = cell->type != CELL_COUNT && cell->type != CELL_POWER && cell->type != CELL_PRESSURE;

	return has_unit && cell->as.share.unit == UNIT_CPU ? to_millicores(value) : value;
}

bool cell_is_milli(enum cell_type type)
{
	return type == CELL_WATTS || type == CELL_ENERGY || type == CELL_MONEY || type == CELL_POWER ||
		type == CELL_PRESSURE;
}

int64_t cell_number_as_data(const struct cell *cell)
{
	return cell->type == CELL_CPU ? to_millicores(cell->as.number) : cell->as.number;
}

/* Without a wider type: the whole multiples and the rest are scaled apart. */
int64_t cell_ratio(int64_t value, int64_t allocatable, int64_t scale)
{
	const int64_t most = INT64_MAX / scale - 1;
	int64_t whole, rest;

	if (allocatable == VALUE_UNKNOWN)
		return VALUE_UNKNOWN;
	if (allocatable <= 0)
		return VALUE_NONE;
	if (!value_is_known(value))
		return value;
	whole = value / allocatable;
	rest = value % allocatable;
	if (whole >= most || whole <= -most)
		return whole < 0 ? -most * scale : most * scale;
	for (; allocatable > INT64_MAX / (2 * scale); allocatable /= 2)
		rest /= 2;
	return whole * scale + (rest * scale + (rest < 0 ? -allocatable : allocatable) / 2) / allocatable;
}

/* "?" and "-" stand for themselves: they are never an estimate and have no unit. */
static void add_number(struct buffer *out, int64_t value, const char *unit)
{
	if (value_is_known(value)) {
		buffer_add_number(out, value);
		buffer_add_text(out, unit);
	} else {
		buffer_add_char(out, value == VALUE_UNKNOWN ? '?' : '-');
	}
}

static void add_signs(struct buffer *out, const struct cell *cell, int64_t value)
{
	if (!value_is_known(value))
		return;
	if (cell->at_least)
		buffer_add_text(out, ">=");
	if (cell->estimated)
		buffer_add_char(out, '~');
}

static void add_count(struct buffer *out, const struct cell *cell)
{
	int64_t count = cell->as.count.count, capacity = cell->as.count.capacity;

	add_signs(out, cell, count);
	add_number(out, count, "");
	if (capacity == VALUE_NONE || (!value_is_known(count) && !value_is_known(capacity)))
		return;
	buffer_add_char(out, '/');
	add_number(out, capacity, "");
}

/* Of shares the per cent, of amounts kubectl's units. */
static void add_part(struct buffer *out, const struct cell *cell, enum cell_part part)
{
	int64_t value = cell_part(cell, part);

	if (cell->type == CELL_SHARE)
		value = cell_ratio(value, cell->as.share.allocatable, PER_CENT);
	if (part == PART_USAGE)
		add_signs(out, cell, value);
	if (cell->type == CELL_SHARE)
		add_number(out, value, "");
	else if (cell->as.share.unit == UNIT_CPU)
		add_number(out, to_millicores(value), "m");
	else
		add_number(out, value_is_known(value) ? value / MEBIBYTE : value, "Mi");
}

static void add_parts(struct buffer *out, const struct cell *cell, const struct column *column)
{
	if (!(column->flags & COLUMN_NO_USAGE)) {
		add_part(out, cell, PART_USAGE);
		buffer_add_char(out, '|');
	}
	add_part(out, cell, PART_REQUEST);
	buffer_add_char(out, '|');
	add_part(out, cell, PART_LIMIT);
}

static void add_percent(struct buffer *out, const struct cell *cell)
{
	int64_t percent = cell_ratio(cell->as.share.request, cell->as.share.allocatable, PER_CENT);

	add_signs(out, cell, percent);
	add_number(out, percent, "%");
}

/* Rounded to a tenth: "1.5Ki". What rounds up to 1024 is 1 of the next unit. */
static void add_bytes(struct buffer *out, int64_t bytes)
{
	static const char units[] = " KMGTPE";
	uint64_t size = bytes < 0 ? 0 - (uint64_t)bytes : (uint64_t)bytes, tenths = 0;
	unsigned unit = 0;

	if (bytes < 0)
		buffer_add_char(out, '-');
	while (unit < 6 && size >> (10 * unit) >= 1024)
		unit++;
	if (unit > 0) {
		uint64_t one = UINT64_C(1) << (10 * unit);

		tenths = (size % one * 10 + one / 2) / one;
		size = size / one + tenths / 10;
		tenths %= 10;
		if (size == 1024 && unit < 6) {
			size = 1;
			unit++;
		}
	}
	buffer_add_number(out, (int64_t)size);
	if (tenths > 0) {
		buffer_add_char(out, '.');
		buffer_add_number(out, (int64_t)tenths);
	}
	if (unit > 0) {
		buffer_add_char(out, units[unit]);
		buffer_add_char(out, 'i');
	}
}

/* The ladder of kubectl, which counts in nanoseconds: 292 years at most, and so do we. */
static void add_age(struct buffer *out, int64_t moment, int64_t now)
{
	char text[DURATION_HUMAN_SIZE];
	const int64_t most = INT64_MAX / DURATION_SECOND;
	int64_t age;

	if (moment < 0 && now > INT64_MAX + moment)
		age = most;
	else if (moment > 0 && now < INT64_MIN + moment)
		age = -most;
	else
		age = now - moment;
	age = age > most ? most : age < -most ? -most : age;
	buffer_add_text(out, duration_human(age * DURATION_SECOND, text));
}

/* The number in units of 10^-digits, rounded half away from zero. */
static void add_decimal(struct buffer *out, int64_t number, int64_t unit, int digits)
{
	uint64_t size = number < 0 ? 0 - (uint64_t)number : (uint64_t)number, rounded;
	uint64_t scale = 1;

	for (int i = 0; i < digits; i++)
		scale *= 10;
	rounded = size / ((uint64_t)unit / scale) + (size % ((uint64_t)unit / scale) * 2 >= (uint64_t)unit / scale);
	if (number < 0 && rounded > 0)
		buffer_add_char(out, '-');
	buffer_add_number(out, (int64_t)(rounded / scale));
	if (digits > 0)
		buffer_printf(out, ".%0*llu", digits, (unsigned long long)(rounded % scale));
}

/* A tenth of a watt matters where a board draws three of them. */
static void add_watts(struct buffer *out, int64_t milliwatts)
{
	const int64_t watt = 1000, few = 9950;
	bool has_tenths = milliwatts > -few && milliwatts < few && milliwatts % watt != 0;

	add_decimal(out, milliwatts, watt, has_tenths);
}

/* Less than ten hundredths are told in thousandths: nothing that costs is shown as free. */
static void add_money(struct buffer *out, int64_t thousandths)
{
	add_decimal(out, thousandths, 1000, thousandths != 0 && thousandths > -100 && thousandths < 100 ? 3 : 2);
}

static void add_plain(struct buffer *out, const struct cell *cell, int64_t now)
{
	int64_t number = cell->as.number;

	add_signs(out, cell, number);
	if (!value_is_known(number) || cell->type == CELL_NUMBER)
		add_number(out, number, "");
	else if (cell->type == CELL_CPU)
		add_number(out, to_millicores(number), "m");
	else if (cell->type == CELL_BYTES)
		add_bytes(out, number);
	else if (cell->type == CELL_WATTS)
		add_watts(out, number);
	else if (cell->type == CELL_ENERGY)
		add_decimal(out, number, 1000000, 2);
	else if (cell->type == CELL_MONEY)
		add_money(out, number);
	else
		add_age(out, number, now);
}

static void add_power(struct buffer *out, const struct cell *cell)
{
	int64_t watts = cell->as.power.watts;

	add_signs(out, cell, watts);
	if (value_is_known(watts))
		add_watts(out, watts);
	else
		add_number(out, watts, "");
}

/* "0.4 io", "12 memory"; where nothing waits there is nothing to name. */
static void add_pressure(struct buffer *out, const struct cell *cell)
{
	const int64_t per_cent = 1000, few = 9950;
	int64_t avg10;
	enum pressure_resource worst = pressure_worst(cell->as.pressure, &avg10);

	add_signs(out, cell, avg10);
	if (!value_is_known(avg10)) {
		add_number(out, avg10, "");
		return;
	}
	add_decimal(out, avg10, per_cent, avg10 > 0 && avg10 < few);
	if (avg10 > 0)
		buffer_printf(out, " %s", pressure_resource_text(worst));
}

static void add_list(struct buffer *out, const struct cell *cell)
{
	for (size_t i = 0; i < cell->as.list.count; i++) {
		if (i > 0)
			buffer_add_char(out, ',');
		buffer_add_text(out, cell->as.list.items[i]);
	}
	if (cell->as.list.count == 0)
		buffer_add_char(out, '-');
}

const char *cell_view(const struct cell *cell, const struct column *column, int64_t now, struct buffer *scratch)
{
	buffer_clear(scratch);
	switch (cell->type) {
	case CELL_NONE:
		return "-";
	case CELL_UNKNOWN:
		return "?";
	case CELL_TEXT:
		return cell->as.text ? cell->as.text : "-";
	case CELL_FLAG:
		return cell->as.flag ? "true" : "false";
	case CELL_LIST:
		add_list(scratch, cell);
		break;
	case CELL_NUMBER:
	case CELL_BYTES:
	case CELL_CPU:
	case CELL_TIME:
	case CELL_WATTS:
	case CELL_ENERGY:
	case CELL_MONEY:
		add_plain(scratch, cell, now);
		break;
	case CELL_COUNT:
		add_count(scratch, cell);
		break;
	case CELL_PERCENT:
		add_percent(scratch, cell);
		break;
	case CELL_POWER:
		add_power(scratch, cell);
		break;
	case CELL_PRESSURE:
		add_pressure(scratch, cell);
		break;
	case CELL_SHARE:
	case CELL_AMOUNT:
		add_parts(scratch, cell, column);
		break;
	}
	return buffer_text(scratch);
}

const char *cell_format(const struct cell *cell, const struct column *column, int64_t now, struct arena *arena)
{
	AUTO_BUFFER scratch = { 0 };
	const char *text = cell_view(cell, column, now, &scratch);

	return text == scratch.bytes ? arena_copy(arena, text, scratch.length) : text;
}

const char *cell_timestamp(const struct cell *cell, char buffer[TIMESTAMP_SIZE])
{
	const int64_t first = INT64_C(-62167219200), last = INT64_C(253402300799); /* the years 0000 to 9999 */

	if (cell->as.number < first || cell->as.number > last)
		return NULL;
	return timestamp_text(cell->as.number, buffer);
}

struct cell cell_none(void)
{
	return (struct cell){ .type = CELL_NONE };
}

struct cell cell_unknown(void)
{
	return (struct cell){ .type = CELL_UNKNOWN };
}

struct cell cell_text(const char *text)
{
	return text ? (struct cell){ .type = CELL_TEXT, .as.text = text } : cell_none();
}

struct cell cell_list(const char *const *items, size_t count)
{
	return (struct cell){ .type = CELL_LIST, .as.list = { items, count } };
}

static struct cell of_number(enum cell_type type, int64_t number)
{
	if (!value_is_known(number))
		return number == VALUE_UNKNOWN ? cell_unknown() : cell_none();
	return (struct cell){ .type = type, .as.number = number };
}

struct cell cell_number(int64_t number)
{
	return of_number(CELL_NUMBER, number);
}

struct cell cell_bytes(int64_t bytes)
{
	return of_number(CELL_BYTES, bytes);
}

struct cell cell_time(int64_t seconds)
{
	return of_number(CELL_TIME, seconds);
}

struct cell cell_cpu(int64_t nanocores)
{
	return of_number(CELL_CPU, nanocores);
}

struct cell cell_watts(int64_t milliwatts)
{
	return of_number(CELL_WATTS, milliwatts);
}

struct cell cell_energy(int64_t milliwatt_hours)
{
	return of_number(CELL_ENERGY, milliwatt_hours);
}

struct cell cell_money(int64_t thousandths)
{
	return of_number(CELL_MONEY, thousandths);
}

struct cell cell_power(int64_t milliwatts, int64_t cost_per_day)
{
	return (struct cell){ .type = CELL_POWER, .as.power = { milliwatts, cost_per_day } };
}

struct cell cell_pressure(const struct pressure *pressure, struct arena *arena)
{
	struct pressure *copy;

	if (!pressure)
		return cell_unknown();
	copy = ARENA_NEW(arena, struct pressure);
	*copy = *pressure;
	return (struct cell){ .type = CELL_PRESSURE, .as.pressure = copy };
}

struct cell cell_flag(bool flag)
{
	return (struct cell){ .type = CELL_FLAG, .as.flag = flag };
}

struct cell cell_count(int64_t count, int64_t capacity)
{
	return (struct cell){ .type = CELL_COUNT, .as.count = { count, capacity } };
}

struct cell cell_with_role(struct cell cell, enum role role)
{
	cell.role = role;
	return cell;
}

struct cell cell_estimated(struct cell cell)
{
	cell.estimated = true;
	return cell;
}
