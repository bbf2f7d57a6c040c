/* The least Role, and the question whether we have it. */
#include "clusterutils/kube/access.h"

#include <string.h>

#include "script.h"
#include "suite.h"

static const struct right rights[] = {
	{ .group = "", .resource = "nodes", .is_cluster_scoped = true, .verbs = { "list", "watch" } },
	{ .group = "", .resource = "pods", .verbs = { "list", "watch" } },
	{ .group = "", .resource = "pods/eviction", .verbs = { "create" } },
	{ .group = "apps", .resource = "replicasets", .verbs = { "list", "watch" } },
};

START_TEST(rights_with_equal_verbs_are_one_rule)
{
	AUTO_BUFFER out = { 0 };

	access_print_role(rights, 4, "r", NULL, &out);
	ck_assert_str_eq(buffer_text(&out),
		"apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: r\nrules:\n"
		"- apiGroups: [\"\"]\n  resources: [nodes, pods]\n  verbs: [list, watch]\n"
		"- apiGroups: [\"\"]\n  resources: [pods/eviction]\n  verbs: [create]\n"
		"- apiGroups: [\"apps\"]\n  resources: [replicasets]\n  verbs: [list, watch]\n");
}
END_TEST

START_TEST(a_namespace_takes_two_roles)
{
	AUTO_BUFFER out = { 0 };

	access_print_role(rights, 2, "r", "web", &out);
	ck_assert_str_eq(buffer_text(&out),
		"apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: r\nrules:\n"
		"- apiGroups: [\"\"]\n  resources: [nodes]\n  verbs: [list, watch]\n---\n"
		"apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: r\n  namespace: web\nrules:\n"
		"- apiGroups: [\"\"]\n  resources: [pods]\n  verbs: [list, watch]\n");
	buffer_clear(&out);
	access_print_role(rights + 1, 1, "r", "web", &out);
	ck_assert(strncmp(buffer_text(&out), "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\n", 51) == 0);
}
END_TEST

#define ALLOWED "{\"status\":{\"allowed\":true}}"
#define DENIED  "{\"status\":{\"allowed\":false,\"reason\":\"no\"}}"

START_TEST(each_verb_is_asked_for_and_the_first_that_lacks_is_named)
{
	static const struct script_answer answers[] = {
		{ .asks = "{\"verb\":\"list\",\"resource\":\"nodes\"}}}", .status = 201, .body = ALLOWED },
		{ .asks = "{\"verb\":\"watch\",\"resource\":\"nodes\"}}}", .status = 201, .body = DENIED },
		{ .asks = "{\"verb\":\"create\",\"resource\":\"pods\",\"subresource\":\"eviction\",\"namespace\":\"web\"}}}",
			.status = 201,
			.body = ALLOWED },
	};
	struct right asked[] = { rights[0], rights[2] };
	struct script script;
	struct error err = { 0 };

	script_init(&script, answers, 3);
	ck_assert_int_eq(access_review(&script.transport, asked, 2, "web", &err), 0);
	ck_assert(!asked[0].is_allowed && asked[1].is_allowed);
	ck_assert_str_eq(asked[0].missing_verb, "watch");
	ck_assert_ptr_null(asked[1].missing_verb);
	script_release(&script);
}
END_TEST

START_TEST(a_server_that_does_not_answer_is_an_error)
{
	static const struct script_answer answers[] = {
		{ .asks = "list", .status = 500, .body = "down" },
		{ .asks = "watch", .status = 201, .body = ALLOWED },
	};
	struct right asked[] = { rights[0] };
	struct script script;
	struct error err = { 0 };

	script_init(&script, answers, 2);
	ck_assert_int_eq(access_review(&script.transport, asked, 1, NULL, &err), -1);
	ck_assert_int_eq(err.http_status, 500);
	script_release(&script);
}
END_TEST

TEST_MAIN("kube/access", TEST(rights_with_equal_verbs_are_one_rule), TEST(a_namespace_takes_two_roles),
	TEST(each_verb_is_asked_for_and_the_first_that_lacks_is_named), TEST(a_server_that_does_not_answer_is_an_error))
