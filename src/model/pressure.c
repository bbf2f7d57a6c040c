#include "clusterutils/model/pressure.h"

static bool is_above_zero(const struct pressure_level *level)
{
	return level->avg10 > 0 || level->avg60 > 0 || level->avg300 > 0 || level->total > 0;
}

bool pressure_is_measured(const struct pressure *pressure)
{
	for (int i = 0; i < PRESSURE_RESOURCES; i++)
		if (is_above_zero(&pressure->of[i].some) || is_above_zero(&pressure->of[i].full))
			return true;
	return false;
}

enum pressure_resource pressure_worst(const struct pressure *pressure, int64_t *ret_avg10)
{
	enum pressure_resource worst = PRESSURE_CPU;

	for (int i = 0; i < PRESSURE_RESOURCES; i++)
		if (pressure->of[i].some.avg10 > pressure->of[worst].some.avg10)
			worst = (enum pressure_resource)i;
	*ret_avg10 = pressure->of[worst].some.avg10;
	return worst;
}

const char *pressure_resource_text(enum pressure_resource resource)
{
	static const char *const texts[] = {
		[PRESSURE_CPU] = "cpu", [PRESSURE_MEMORY] = "memory", [PRESSURE_IO] = "io"
	};

	return texts[resource];
}

enum pressure_grade pressure_grade(const struct pressure *pressure)
{
	enum pressure_grade grade = PRESSURE_LOW;

	for (int i = 0; i < PRESSURE_RESOURCES; i++) {
		int64_t high = i == PRESSURE_CPU ? PRESSURE_HIGH_CPU : PRESSURE_HIGH_STALL;

		if (i != PRESSURE_CPU && pressure->of[i].full.avg10 >= PRESSURE_SEVERE_FULL)
			return PRESSURE_SEVERE;
		if (pressure->of[i].some.avg10 >= high)
			grade = PRESSURE_HIGH;
	}
	return grade;
}
