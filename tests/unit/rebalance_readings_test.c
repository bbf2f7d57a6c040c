/* Where a policy's Prometheus is, as the API server's proxy has it. */
#include "../../src/rebalance/policy_readings.h"

#include "suite.h"

static const struct {
	const char *url, *service; /* NULL: refused */
} urls[] = {
	{ "http://prometheus.monitoring.svc:9090", "monitoring/prometheus:9090" },
	{ "http://prometheus.monitoring.svc.cluster.local:9090/", "monitoring/prometheus:9090" },
	{ "https://thanos.metrics.svc/query", "metrics/https:thanos/query" },
	{ "http://prometheus.monitoring", "monitoring/prometheus" },
	{ "http://prometheus:9090", NULL },
	{ "http://prometheus.example.com:9090", NULL },
	{ "http://10.0.0.7:9090", NULL },
	{ "http://.monitoring.svc", NULL },
	{ "http://prometheus..svc", NULL },
	{ "://", NULL },
};

START_TEST(finds_the_service_of_a_url)
{
	AUTO_BUFFER service = { 0 };
	struct error err = { 0 };

	if (urls[_i].service) {
		ck_assert_int_eq(policy_readings_service(urls[_i].url, &service, &err), 0);
		ck_assert_str_eq(buffer_text(&service), urls[_i].service);
	} else {
		ck_assert_int_eq(policy_readings_service(urls[_i].url, &service, &err), -1);
		ck_assert_int_ne(err.message[0], '\0');
	}
}
END_TEST

TEST_MAIN("rebalance/readings", TEST_TABLE(finds_the_service_of_a_url, urls))
