/* URLs of requests, and what a path names. */
#include <string.h>

#include "../../src/kube/url.h"
#include "suite.h"

static const struct {
	const char *base, *path;
	struct request_parameter parameters[3];
	const char *url;
} requests[] = {
	{ "https://h:6443", "/api/v1/pods", { { NULL, NULL } }, "https://h:6443/api/v1/pods" },
	{ "https://h/k8s/clusters/c-1", "/api/v1/pods", { { "limit", "5" } },
		"https://h/k8s/clusters/c-1/api/v1/pods?limit=5" },
	{ "https://h", "/api/v1/pods", { { "labelSelector", "a in (b,c),!d" }, { "fieldSelector", "x=a&b#c%" } },
		"https://h/api/v1/pods?labelSelector=a+in+%28b%2Cc%29%2C%21d&fieldSelector=x%3Da%26b%23c%25" },
	{ "https://h", "/api/v1/namespaces/a b/pods/../x?y#z", { { NULL, NULL } },
		"https://h/api/v1/namespaces/a%20b/pods/../x%3Fy%23z" },
	{ "https://h", "/x", { { "a", "\xC3\xA4\n" } }, "https://h/x?a=%C3%A4%0A" },
};

START_TEST(whatever_a_value_holds_stays_a_value)
{
	struct request request = { .path = requests[_i].path };
	AUTO_BUFFER url = { 0 };

	for (size_t i = 0; i < 3 && requests[_i].parameters[i].name; i++)
		request.parameters[request.parameter_count++] = requests[_i].parameters[i];
	url_add_request(&url, requests[_i].base, &request);
	ck_assert_str_eq(buffer_text(&url), requests[_i].url);
}
END_TEST

static const struct {
	const char *path, *resource, *name;
} paths[] = {
	{ "/api/v1/pods", "pods", "" },
	{ "/api/v1/nodes/x", "nodes", "x" },
	{ "/api/v1/namespaces/n/pods/p/eviction", "pods", "p" },
	{ "/apis/apps/v1/namespaces/n/deployments", "deployments.apps", "" },
	{ "/api/v1/namespaces/n", "namespaces", "n" },
	{ "/version", "", "" },
	{ "/apis/metrics.k8s.io", "", "" },
	{ "/apis/metrics.k8s.io/v1beta1/nodes", "nodes.metrics.k8s.io", "" },
	{ "", "", "" },
};

START_TEST(a_path_names_a_resource)
{
	struct url_resource found = url_resource_of(paths[_i].path);

	ck_assert_str_eq(found.resource, paths[_i].resource);
	ck_assert_str_eq(found.name, paths[_i].name);
}
END_TEST

TEST_MAIN("kube/url", TEST_TABLE(whatever_a_value_holds_stays_a_value, requests),
	TEST_TABLE(a_path_names_a_resource, paths))
