#include "clusterutils/model/pressure.h"

#include "clusterutils/model/cluster.h"
#include "objects.h"
#include "suite.h"

#define SOME(cpu, memory, io) \
	{ \
		.of = { { .some.avg10 = (cpu) }, { .some.avg10 = (memory) }, { .some.avg10 = (io) } } \
	}

static const struct {
	struct pressure pressure;
	int64_t avg10;
	enum pressure_resource worst;
	enum pressure_grade grade;
} rows[] = {
	{ SOME(0, 0, 0), 0, PRESSURE_CPU, PRESSURE_LOW },
	{ SOME(49999, 9999, 9999), 49999, PRESSURE_CPU, PRESSURE_LOW },
	{ SOME(50000, 0, 0), 50000, PRESSURE_CPU, PRESSURE_HIGH },
	{ SOME(100000, 0, 0), 100000, PRESSURE_CPU, PRESSURE_HIGH },
	{ SOME(9000, 10000, 20), 10000, PRESSURE_MEMORY, PRESSURE_HIGH },
	{ SOME(9000, 20, 10000), 10000, PRESSURE_IO, PRESSURE_HIGH },
	{ SOME(5, 5, 5), 5, PRESSURE_CPU, PRESSURE_LOW },
	{ SOME(PRESSURE_UNKNOWN, PRESSURE_UNKNOWN, 7), 7, PRESSURE_IO, PRESSURE_LOW },
	{ SOME(PRESSURE_UNKNOWN, PRESSURE_UNKNOWN, PRESSURE_UNKNOWN), PRESSURE_UNKNOWN, PRESSURE_CPU, PRESSURE_LOW },
	{ { .of = { { .full.avg10 = 90000 } } }, 0, PRESSURE_CPU, PRESSURE_LOW },
	{ { .of = { [PRESSURE_MEMORY] = { .full.avg10 = 9999 } } }, 0, PRESSURE_CPU, PRESSURE_LOW },
	{ { .of = { [PRESSURE_MEMORY] = { .full.avg10 = 10000 } } }, 0, PRESSURE_CPU, PRESSURE_SEVERE },
	{ { .of = { [PRESSURE_IO] = { { .avg10 = 11000 }, { .avg10 = 10000 } } } }, 11000, PRESSURE_IO,
		PRESSURE_SEVERE },
};

START_TEST(the_worst_and_how_bad_it_is)
{
	int64_t avg10;

	ck_assert_int_eq(pressure_worst(&rows[_i].pressure, &avg10), rows[_i].worst);
	ck_assert_int_eq(avg10, rows[_i].avg10);
	ck_assert_int_eq(pressure_grade(&rows[_i].pressure), rows[_i].grade);
}
END_TEST

START_TEST(zeros_alone_are_not_measured)
{
	struct pressure pressure = { 0 };

	ck_assert(!pressure_is_measured(&pressure));
	for (int i = 0; i < PRESSURE_RESOURCES; i++)
		pressure.of[i].some.total = pressure.of[i].full.avg60 = PRESSURE_UNKNOWN;
	ck_assert(!pressure_is_measured(&pressure));
	pressure.of[PRESSURE_IO].full.total = 1;
	ck_assert(pressure_is_measured(&pressure));
}
END_TEST

START_TEST(the_store_sweeps_it_with_usage)
{
	const struct pressure pressure = SOME(1, 2, 3);
	AUTO_CLUSTER cluster;

	cluster_init(&cluster);
	objects_put(&cluster, KIND_NODE, "{'metadata':{'name':'a'}}");
	objects_put(&cluster, KIND_NODE, "{'metadata':{'name':'b'}}");
	cluster.stamp = cluster_new_stamp(&cluster);
	cluster_set_node_pressure(&cluster, "a", &pressure);
	cluster_set_node_pressure(&cluster, "b", &pressure);
	cluster.stamp = cluster_new_stamp(&cluster);
	cluster_set_node_pressure(&cluster, "a", &pressure);
	cluster_sweep(&cluster, KIND_NODE_METRICS, NULL);
	ck_assert_int_eq(cluster_find_node(&cluster, "a")->pressure->of[PRESSURE_IO].some.avg10, 3);
	ck_assert_ptr_null(cluster_find_node(&cluster, "b")->pressure);
	cluster_set_node_pressure(&cluster, "a", NULL);
	ck_assert_ptr_null(cluster_find_node(&cluster, "a")->pressure);
	cluster_set_node_pressure(&cluster, "b", &pressure);
	cluster_remove(&cluster, KIND_NODE, "b", NULL);
	ck_assert_ptr_null(cluster_find_node(&cluster, "b"));
}
END_TEST

TEST_MAIN("pressure", TEST_TABLE(the_worst_and_how_bad_it_is, rows), TEST(zeros_alone_are_not_measured),
	TEST(the_store_sweeps_it_with_usage))
