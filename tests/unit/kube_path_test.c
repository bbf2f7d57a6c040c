#include "clusterutils/kube/path.h"

#include <string.h>

#include "suite.h"

static const struct {
	enum kind kind;
	const char *namespace, *path;
} paths[] = {
	{ KIND_NODE, NULL, "/api/v1/nodes" },
	{ KIND_NODE, "n", "/api/v1/nodes" },
	{ KIND_POD, NULL, "/api/v1/pods" },
	{ KIND_POD, "", "/api/v1/pods" },
	{ KIND_POD, "n", "/api/v1/namespaces/n/pods" },
	{ KIND_DEPLOYMENT, "kube-system", "/apis/apps/v1/namespaces/kube-system/deployments" },
	{ KIND_PRIORITY_CLASS, "n", "/apis/scheduling.k8s.io/v1/priorityclasses" },
	{ KIND_NODE_METRICS, NULL, "/apis/metrics.k8s.io/v1beta1/nodes" },
	{ KIND_POD_METRICS, "n", "/apis/metrics.k8s.io/v1beta1/namespaces/n/pods" },
};

START_TEST(names_collections_as_the_api_does)
{
	char path[PATH_SIZE];

	path_of_kind(paths[_i].kind, paths[_i].namespace, path);
	ck_assert_str_eq(path, paths[_i].path);
}
END_TEST

START_TEST(each_kind_is_found_by_its_path)
{
	static const char *const namespaces[] = { NULL, "n", "namespaces", "pods" };

	for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
		for (size_t i = 0; i < sizeof(namespaces) / sizeof(namespaces[0]); i++) {
			bool is_namespaced = kind_info(kind)->scope == SCOPE_NAMESPACE;
			char path[PATH_SIZE], namespace[PATH_SIZE] = "?";
			enum kind found = KIND_COUNT;

			path_of_kind(kind, namespaces[i], path);
			ck_assert(path_to_kind(path, &found, namespace));
			ck_assert_int_eq(found, kind);
			ck_assert_str_eq(namespace, is_namespaced && namespaces[i] ? namespaces[i] : "");
		}
	}
}
END_TEST

static const char *const strange[] = {
	"",
	"/",
	"/api/v1",
	"/api/v1/",
	"api/v1/pods",
	"/api/v1/pods/",
	"/api/v1/pod",
	"/api/v1/podsx",
	"/api/v1beta1/pods",
	"/api/v1/namespaces/n",
	"/api/v1/namespaces/n/",
	"/api/v1/namespaces//pods",
	"/api/v1/namespaces/n/pods/p",
	"/api/v1/namespaces/n/nodes",
	"/api/v1/namespaces/n/namespaces/m/pods",
	"/api/v1/deployments",
	"/apis/apps/v1/pods",
	"/apis/apps/v2/deployments",
	"/apis/metrics.k8s.io/v1/pods",
};

START_TEST(refuses_what_is_no_collection)
{
	char namespace[PATH_SIZE];
	enum kind kind;

	ck_assert(!path_to_kind(strange[_i], &kind, namespace));
}
END_TEST

START_TEST(long_namespaces_stay_within_bounds)
{
	char name[2000], path[PATH_SIZE], namespace[PATH_SIZE];
	enum kind kind;

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	path_of_kind(KIND_POD_DISRUPTION_BUDGET, name, path);
	ck_assert(path_to_kind(path, &kind, namespace));
	ck_assert_int_eq(kind, KIND_POD_DISRUPTION_BUDGET);
	ck_assert_uint_eq(strlen(namespace), 253);
}
END_TEST

TEST_MAIN("kube/path", TEST_TABLE(names_collections_as_the_api_does, paths), TEST(each_kind_is_found_by_its_path),
	TEST_TABLE(refuses_what_is_no_collection, strange), TEST(long_namespaces_stay_within_bounds))
