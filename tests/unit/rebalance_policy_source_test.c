/* Where the policy comes from: files, ConfigMaps, the descheduler of the cluster, and the one built in. */
#include "../../src/rebalance/policy_source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clusterutils/demo/demo.h"
#include "clusterutils/kube/memory.h"
#include "script.h"
#include "suite.h"

#define LABELLED            "GET /api/v1/configmaps?labelSelector=app.kubernetes.io/name=descheduler"
#define OF_BASE             "GET /api/v1/namespaces/kube-system/configmaps?fieldSelector=metadata.name=descheduler-policy-configmap"
#define LIST(items)         "{\"kind\":\"ConfigMapList\",\"apiVersion\":\"v1\",\"metadata\":{},\"items\":[" items "]}"
#define MAP(ns, name, data) "{\"metadata\":{\"namespace\":\"" ns "\",\"name\":\"" name "\"},\"data\":{" data "}}"
#define FORBIDDEN           "{\"kind\":\"Status\",\"message\":\"configmaps is forbidden\",\"reason\":\"Forbidden\",\"code\":403}"

/* --- dumps --- */

#define CHART "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  labels: {app.kubernetes.io/name: descheduler}\n"

static const char dump_of_chart[] =
	"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other, namespace: a}\ndata: {policy.yaml: other}\n---\n" CHART
	"  name: dashboard\n  namespace: monitoring\ndata: {descheduler.json: '{}'}\n---\n" CHART
	"  name: descheduler\n  namespace: descheduler\ndata: {policy.yaml: \"kind: DeschedulerPolicy\\n\"}\n";

static const char dump_of_base[] =
	"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: descheduler-policy-configmap, namespace: kube-system}\n"
	"data: {other.yaml: 'kind: DeschedulerPolicy'}\n---\n"
	"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: descheduler-policy-configmap, namespace: elsewhere}\n"
	"data: {policy.yaml: other}\n";

static const char dump_of_keys[] =
	"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one, namespace: a}\ndata: {x: only}\n---\n"
	"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: two, namespace: a}\ndata: {x: u, v: u}\n---\n"
	"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: usual, namespace: a}\ndata: {a: u, policy.yaml: this, z: u}\n---\n"
	"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: empty, namespace: a}\n---\n"
	"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: twice, namespace: a}\ndata: {policy.yaml: 'no', policy.yaml: last}\n";

static int load(const char *dump, const char *given, struct policy_found *ret_found, struct error *err)
{
	const struct invocation invocation = { .program = "x" };
	CLEANUP(session_release) struct session session = { .transport = memory_transport_new() };

	memory_add_bytes(session.transport, "dump", (const unsigned char *)dump, strlen(dump));
	return policy_source_load(&invocation, &session, given, ret_found, err);
}

static const struct {
	const char *dump, *given;
	enum policy_origin origin;
	const char *name, *file, *text; /* text NULL: the one built in */
} found_in_dumps[] = {
	{ dump_of_chart, NULL, POLICY_INSTALLED, "cm/descheduler/descheduler, key policy.yaml",
		"cm/descheduler/descheduler", "kind: DeschedulerPolicy\n" },
	{ dump_of_chart, "cm/a/other", POLICY_OF_CONFIG_MAP, "cm/a/other, key policy.yaml", "cm/a/other", "other" },
	{ dump_of_base, NULL, POLICY_INSTALLED, "cm/kube-system/descheduler-policy-configmap, key other.yaml",
		"cm/kube-system/descheduler-policy-configmap", "kind: DeschedulerPolicy" },
	{ dump_of_keys, NULL, POLICY_BUILT_IN, "built in", "built in", NULL },
	{ "", NULL, POLICY_BUILT_IN, "built in", "built in", NULL },
	{ dump_of_keys, "cm/a/one", POLICY_OF_CONFIG_MAP, "cm/a/one, key x", "cm/a/one", "only" },
	{ dump_of_keys, "cm/a/usual", POLICY_OF_CONFIG_MAP, "cm/a/usual, key policy.yaml", "cm/a/usual", "this" },
	{ dump_of_keys, "cm/a/twice", POLICY_OF_CONFIG_MAP, "cm/a/twice, key policy.yaml", "cm/a/twice", "last" },
};

START_TEST(dumps_have_policies)
{
	AUTO_POLICY_FOUND found = { 0 };
	const char *text = found_in_dumps[_i].text ? found_in_dumps[_i].text : policy_builtin();
	struct error err = { 0 };

	ck_assert_msg(load(found_in_dumps[_i].dump, found_in_dumps[_i].given, &found, &err) == 0, "%s", err.message);
	ck_assert_int_eq(found.origin, found_in_dumps[_i].origin);
	ck_assert_str_eq(found.name, found_in_dumps[_i].name);
	ck_assert_str_eq(found.file, found_in_dumps[_i].file);
	ck_assert_str_eq(found.text, text);
	ck_assert_uint_eq(found.length, strlen(text));
	ck_assert_ptr_null(found.warning);
}
END_TEST

#define NO_NAME(text) "\"" text "\" is no ConfigMap: cm/NAMESPACE/NAME is expected (a file is ./" text ")"

static const struct {
	const char *dump, *given;
	enum error_code code;
	const char *message;
} refused[] = {
	{ dump_of_keys, "cm/a/three", ERROR_NOT_FOUND, "Error from server (NotFound): configmaps \"three\" not found" },
	{ dump_of_keys, "cm/b/one", ERROR_NOT_FOUND, "Error from server (NotFound): configmaps \"one\" not found" },
	{ dump_of_keys, "cm/a/two", ERROR_INVALID, "cm/a/two has no key policy.yaml, and more than one other: x, v" },
	{ dump_of_keys, "cm/a/empty", ERROR_INVALID, "cm/a/empty has no data, so no policy" },
	{ "", "cm/a", ERROR_USAGE, NO_NAME("cm/a") },
	{ "", "cm/", ERROR_USAGE, NO_NAME("cm/") },
	{ "", "cm//b", ERROR_USAGE, NO_NAME("cm//b") },
	{ "", "cm/a/", ERROR_USAGE, NO_NAME("cm/a/") },
	{ "", "cm/a/b/c", ERROR_USAGE, NO_NAME("cm/a/b/c") },
	{ "", "cm/a/..", ERROR_USAGE, NO_NAME("cm/a/..") },
	{ "", "cm/../b", ERROR_USAGE, NO_NAME("cm/../b") },
	{ "", "cm/a/b?x=1", ERROR_USAGE, NO_NAME("cm/a/b?x=1") },
	{ "", "cm/a/b,metadata.namespace=c", ERROR_USAGE, NO_NAME("cm/a/b,metadata.namespace=c") },
	{ "", "no-such-file.yaml", ERROR_USAGE, "open no-such-file.yaml: no such file or directory" },
	{ "{", NULL, ERROR_INVALID, NULL },
	{ "kind: ConfigMap\napiVersion: v1\nmetadata: {name: m, namespace: a}\ndata: {x: {}}", "cm/a/m", ERROR_INVALID,
		"ConfigMap a/m: data.x: text expected" },
	{ "kind: ConfigMap\napiVersion: v1\nmetadata: {name: m, namespace: a}\ndata: [x]", "cm/a/m", ERROR_INVALID,
		"ConfigMap a/m: data: an object expected" },
};

START_TEST(what_has_no_policy_says_so)
{
	AUTO_POLICY_FOUND found = { 0 };
	struct error err = { 0 };

	ck_assert_int_eq(load(refused[_i].dump, refused[_i].given, &found, &err), -1);
	ck_assert_int_eq(err.code, refused[_i].code);
	if (refused[_i].message)
		ck_assert_str_eq(err.message, refused[_i].message);
	ck_assert_ptr_null(found.text);
}
END_TEST

START_TEST(several_deschedulers_are_named_and_none_is_taken)
{
	static const char dump[] = CHART "  name: descheduler\n  namespace: b\ndata: {policy.yaml: x}\n---\n" CHART
					 "  name: descheduler\n  namespace: a\ndata: {policy.yaml: x}\n";
	AUTO_POLICY_FOUND found = { 0 };
	struct error err = { 0 };

	ck_assert_int_eq(load(dump, NULL, &found, &err), -1);
	ck_assert_int_eq(err.code, ERROR_USAGE);
	ck_assert_str_eq(err.message,
		"more than one descheduler is installed, say which policy by --policy: "
		"cm/b/descheduler, cm/a/descheduler");
}
END_TEST

/* The label and the place of kubernetes/base on one ConfigMap are one descheduler. */
START_TEST(what_is_found_twice_is_one)
{
	static const char dump[] =
		CHART "  name: descheduler-policy-configmap\n  namespace: kube-system\ndata: {policy.yaml: x}\n";
	AUTO_POLICY_FOUND found = { 0 };
	struct error err = { 0 };

	ck_assert_int_eq(load(dump, NULL, &found, &err), 0);
	ck_assert_int_eq(found.origin, POLICY_INSTALLED);
}
END_TEST

START_TEST(names_from_a_cluster_are_clean)
{
	static const char dump[] =
		"{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"namespace\":\"a\\u001b[2J\","
		"\"name\":\"b\\n\",\"labels\":{\"app.kubernetes.io/name\":\"descheduler\"}},"
		"\"data\":{\"k\\u0007\":\"DeschedulerPolicy\"}}";
	AUTO_POLICY_FOUND found = { 0 };
	struct error err = { 0 };

	ck_assert_int_eq(load(dump, NULL, &found, &err), 0);
	ck_assert_str_eq(found.name, "cm/a\uFFFD[2J/b , key k\uFFFD");
}
END_TEST

/* A dump that can be read once alone gives lists and policy in one pass. */
START_TEST(lists_and_policy_share_a_pass)
{
	const struct invocation invocation = { .program = "x" };
	CLEANUP(session_release) struct session session = { .transport = memory_transport_new() };
	CLEANUP(cluster_release) struct cluster cluster;
	CLEANUP(policy_search_release) struct policy_search search = { 0 };
	AUTO_POLICY_FOUND found = { 0 };
	struct sync_list list = { .kind = KIND_NAMESPACE };
	struct error err = { 0 };
	int ends[2], kept = dup(STDIN_FILENO);

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(write(ends[1], dump_of_chart, sizeof(dump_of_chart) - 1), (ssize_t)sizeof(dump_of_chart) - 1);
	close(ends[1]);
	ck_assert_int_eq(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	ck_assert_int_eq(memory_add_path(session.transport, "-", &err), 0);
	cluster_init(&cluster);
	ck_assert_int_eq(policy_source_begin(&search, &invocation, &session, NULL, &err), 0);
	sync_run(session.transport, NULL, &list, 1, &cluster);
	ck_assert_msg(!list.is_failed, "%s", list.error.message);
	ck_assert_msg(policy_source_finish(&search, &found, &err) == 0, "%s", err.message);
	ck_assert_str_eq(found.file, "cm/descheduler/descheduler");
	dup2(kept, STDIN_FILENO);
	close(kept);
	close(ends[0]);
}
END_TEST

/* --- files --- */

START_TEST(a_file_is_read_as_it_is)
{
	char path[] = "/tmp/policy-source-XXXXXX";
	int descriptor = mkstemp(path);
	const struct invocation invocation = { .program = "x" };
	AUTO_POLICY_FOUND found = { 0 };
	struct error err = { 0 };

	ck_assert_int_ge(descriptor, 0);
	ck_assert_int_eq(write(descriptor, "a: 1\n", 5), 5);
	close(descriptor);
	ck_assert(!policy_source_needs_cluster(path));
	ck_assert_int_eq(policy_source_load(&invocation, NULL, path, &found, &err), 0);
	ck_assert_int_eq(found.origin, POLICY_OF_FILE);
	ck_assert_str_eq(found.name, path);
	ck_assert_str_eq(found.text, "a: 1\n");
	unlink(path);
}
END_TEST

START_TEST(standard_input_is_one_thing)
{
	const char *from[] = { "x.yaml", "-" };
	const struct invocation invocation = { .program = "x", .global.from = { from, 2 } };
	AUTO_POLICY_FOUND found = { 0 };
	struct error err = { 0 };

	ck_assert_int_eq(policy_source_load(&invocation, NULL, "-", &found, &err), -1);
	ck_assert_int_eq(err.code, ERROR_USAGE);
}
END_TEST

/* --- a server --- */

static int ask(const struct script_answer *answers, size_t count, const char *given, struct script *script,
	struct policy_found *ret_found, struct error *err)
{
	const struct invocation invocation = { .program = "x" };
	struct session session = { .transport = &script->transport, .is_live = true };

	script_init(script, answers, count);
	return policy_source_load(&invocation, &session, given, ret_found, err);
}

START_TEST(a_server_is_asked_for_the_one_object)
{
	static const struct script_answer answers[] = {
		{ .asks = "GET /api/v1/namespaces/a/configmaps/b\n",
			.status = 200,
			.body = MAP("a", "b", "\"k\":\"text\"") },
	};
	AUTO_POLICY_FOUND found = { 0 };
	struct script script;
	struct error err = { 0 };

	ck_assert_msg(ask(answers, 1, "cm/a/b", &script, &found, &err) == 0, "%s", err.message);
	ck_assert_str_eq(found.name, "cm/a/b, key k");
	ck_assert_str_eq(found.text, "text");
	ck_assert(script_is_over(&script));
	script_release(&script);
}
END_TEST

START_TEST(who_may_not_look_is_warned_and_gets_the_one_built_in)
{
	static const struct script_answer answers[] = {
		{ .asks = LABELLED, .status = 403, .body = FORBIDDEN },
		{ .asks = OF_BASE, .status = 403, .body = FORBIDDEN },
	};
	AUTO_POLICY_FOUND found = { 0 };
	struct script script;
	struct error err = { 0 };

	ck_assert_msg(ask(answers, 2, NULL, &script, &found, &err) == 0, "%s", err.message);
	ck_assert_int_eq(found.origin, POLICY_BUILT_IN);
	ck_assert_str_eq(found.text, policy_builtin());
	ck_assert_str_eq(found.warning, "whether a descheduler is installed cannot be seen: configmaps is forbidden");
	ck_assert(script_is_over(&script));
	script_release(&script);
}
END_TEST

START_TEST(who_may_look_in_one_namespace_finds_it_there)
{
	static const struct script_answer answers[] = {
		{ .asks = LABELLED, .status = 403, .body = FORBIDDEN },
		{ .asks = OF_BASE,
			.status = 200,
			.body = LIST(MAP("kube-system", "descheduler-policy-configmap", "\"policy.yaml\":\"x\"")) },
	};
	AUTO_POLICY_FOUND found = { 0 };
	struct script script;
	struct error err = { 0 };

	ck_assert_int_eq(ask(answers, 2, NULL, &script, &found, &err), 0);
	ck_assert_int_eq(found.origin, POLICY_INSTALLED);
	ck_assert_ptr_null(found.warning);
	script_release(&script);
}
END_TEST

static const struct script_answer failures[] = {
	{ .asks = LABELLED, .status = 500, .body = "{\"kind\":\"Status\",\"message\":\"etcd is ill\",\"code\":500}" },
	{ .asks = LABELLED, .lost = { .code = ERROR_UNAVAILABLE, .message = "the connection was lost" }, .body = "" },
	{ .asks = LABELLED, .status = 200, .body = "{\"items\":[{\"metadata\":" },
	{ .asks = LABELLED, .status = 200, .body = "<html>" },
	{ .asks = LABELLED, .status = 200, .body = LIST("{\"metadata\":{}}") },
	{ .asks = LABELLED, .status = 200, .body = LIST("7") },
};

/* Another policy than the one that is installed is never taken in silence. */
START_TEST(a_failure_is_no_policy)
{
	struct script_answer answers[] = { failures[_i], { .asks = OF_BASE, .status = 200, .body = LIST("") } };
	AUTO_POLICY_FOUND found = { 0 };
	struct script script;
	struct error err = { 0 };

	ck_assert_int_eq(ask(answers, 2, NULL, &script, &found, &err), -1);
	ck_assert(*err.message);
	script_release(&script);
}
END_TEST

START_TEST(answers_are_bounded)
{
	AUTO_BUFFER body = { 0 };
	struct script_answer answers[] = { { .asks = LABELLED, .status = 200 },
		{ .asks = OF_BASE, .status = 200, .body = LIST("") } };
	AUTO_POLICY_FOUND found = { 0 };
	struct script script;
	struct error err = { 0 };

	buffer_add_text(&body, "{\"items\":[");
	for (int i = 0; i <= CONFIG_MAPS_MAX; i++)
		buffer_printf(&body, "%s{\"metadata\":{\"namespace\":\"a\",\"name\":\"m%d\"}}", i ? "," : "", i);
	buffer_add_text(&body, "]}");
	answers[0].body = buffer_text(&body);
	ck_assert_int_eq(ask(answers, 2, NULL, &script, &found, &err), -1);
	ck_assert_str_eq(err.message, "more than 64 ConfigMaps");
	script_release(&script);

	buffer_clear(&body);
	buffer_add_text(&body, "{\"data\":{\"x\":\"");
	buffer_add_repeated(&body, 'x', (size_t)CONFIG_MAPS_MAX_BYTES);
	answers[0] = (struct script_answer){ .asks = "configmaps/b", .status = 200, .body = buffer_text(&body) };
	ck_assert_int_eq(ask(answers, 2, "cm/a/b", &script, &found, &err), -1);
	ck_assert_str_eq(err.message, "ConfigMaps of more than 16 MiB");
	script_release(&script);
}
END_TEST

START_TEST(the_demo_is_asked_as_a_server)
{
	const struct invocation invocation = { .program = "x" };
	CLEANUP(session_release)
	struct session session = { .transport = demo_transport_new(DEMO_SEED), .is_demo = true };
	AUTO_POLICY_FOUND found = { 0 };
	struct error err = { 0 };

	ck_assert_int_eq(policy_source_load(&invocation, &session, "cm/a/b", &found, &err), -1);
	ck_assert_str_eq(err.message, "Error from server (NotFound): configmaps \"b\" not found");
	error_clear(&err);
	ck_assert_msg(policy_source_load(&invocation, &session, NULL, &found, &err) == 0, "%s", err.message);
	ck_assert_ptr_nonnull(found.text);
}
END_TEST

START_TEST(rights_are_those_that_are_asked_for)
{
	struct right right[1] = { 0 };

	ck_assert_uint_eq(policy_source_rights("policy.yaml", right), 0);
	ck_assert_uint_eq(policy_source_rights("-", right), 0);
	ck_assert_uint_eq(policy_source_rights("cm/a/b", right), 1);
	ck_assert_str_eq(right->resource, "configmaps");
	ck_assert_str_eq(right->verbs[0], "get");
	ck_assert_uint_eq(policy_source_rights(NULL, right), 1);
	ck_assert_str_eq(right->verbs[0], "list");
	ck_assert_ptr_null(right->verbs[1]);
}
END_TEST

TEST_MAIN("policy source", TEST_TABLE(dumps_have_policies, found_in_dumps),
	TEST_TABLE(what_has_no_policy_says_so, refused), TEST(several_deschedulers_are_named_and_none_is_taken),
	TEST(what_is_found_twice_is_one), TEST(names_from_a_cluster_are_clean), TEST(lists_and_policy_share_a_pass),
	TEST(a_file_is_read_as_it_is), TEST(standard_input_is_one_thing), TEST(a_server_is_asked_for_the_one_object),
	TEST(who_may_not_look_is_warned_and_gets_the_one_built_in), TEST(who_may_look_in_one_namespace_finds_it_there),
	TEST_TABLE(a_failure_is_no_policy, failures), TEST(answers_are_bounded), TEST(the_demo_is_asked_as_a_server),
	TEST(rights_are_those_that_are_asked_for))
