/* What the cases made by client-go do not reach: a pod's own connection, references, kubectl's words, old places. */
#include "clusterutils/kube/kubeconfig.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "certificate.h"
#include "clusterutils/util/duration.h"
#include "clusterutils/util/memory.h"
#include "folder.h"
#include "suite.h"

static struct folder home;

static int enter_home(void)
{
	static const char *const variables[] = { "KUBECONFIG", "KUBERNETES_MASTER", "KUBERNETES_SERVICE_HOST",
		"KUBERNETES_SERVICE_PORT", "POD_NAMESPACE" };

	for (size_t i = 0; i < ARRAY_LEN(variables); i++)
		unsetenv(variables[i]);
	folder_make(&home);
	setenv("HOME", home.path, 1);
	ck_assert_int_eq(chdir(home.path), 0);
	kubeconfig_service_account = "/nowhere";
	return 0;
}

static void leave_home(const int *entered)
{
	(void)entered;
	ck_assert_int_eq(chdir("/"), 0);
	folder_remove(&home);
}

/* Each test is alone in a home of its own, which is the working folder, too. */
#define IN_HOME CLEANUP(leave_home) int entered = enter_home()

#define AUTO_CONNECTION CLEANUP(connection_release) struct connection

static void load(const struct connection_flags *flags, struct connection *connection)
{
	struct error err = { 0 };

	ck_assert_msg(connection_load(flags, connection, &err) == 0, "%s", err.message);
}

#define CONTEXTS \
	"contexts:\n" \
	"- {name: home, context: {cluster: home, user: ann}}\n" \
	"- {name: nowhere, context: {cluster: none, user: ann}}\n" \
	"- {name: nobody, context: {cluster: home, user: none}}\n" \
	"- {name: empty, context: {}}\n" \
	"- {name: anonymous, context: {cluster: home}}\n" \
	"clusters: [{name: home, cluster: {server: 'https://home.lan:6443/', tls-server-name: file.name}}]\n" \
	"users: [{name: ann, user: {token: secret}}]\n"

/* --- references --- */

static const struct {
	struct connection_flags flags;
	const char *message; /* NULL where all is well */
} references[] = {
	{ { .context = "home" }, NULL },
	{ { .context = "nowhere" }, "context \"nowhere\" names the cluster \"none\", which is in no kubeconfig" },
	{ { .context = "nowhere", .cluster = "home" }, NULL },
	{ { .context = "nowhere", .server = "https://other.lan" }, NULL },
	{ { .context = "nobody" }, "context \"nobody\" names the user \"none\", who is in no kubeconfig" },
	{ { .context = "nobody", .user = "ann" }, NULL },
	{ { .context = "nobody", .token = "x" }, NULL },
	{ { .context = "empty" }, "context \"empty\" names no cluster" },
	{ { .context = "empty", .server = "other.lan" }, NULL },
	{ { .context = "anonymous" }, NULL },
	{ { 0 }, NULL },
};

START_TEST(a_context_must_name_what_there_is)
{
	IN_HOME;
	AUTO_CONNECTION connection = { 0 };
	struct error err = { 0 };

	folder_write(&home, ".kube/config", CONTEXTS);
	load(&references[_i].flags, &connection);
	ck_assert_int_eq(connection_check_references(&connection, &err), references[_i].message ? -1 : 0);
	if (references[_i].message)
		ck_assert_str_eq(err.message, references[_i].message);
}
END_TEST

START_TEST(names_in_force_are_told)
{
	IN_HOME;
	AUTO_CONNECTION connection = { 0 };

	folder_write(&home, ".kube/config", CONTEXTS "current-context: home\n");
	load(&(struct connection_flags){ 0 }, &connection);
	ck_assert_str_eq(connection.context, "home");
	ck_assert_str_eq(connection.cluster, "home");
	ck_assert_str_eq(connection.user, "ann");
	ck_assert_str_eq(connection.namespace, "default");
	ck_assert(!connection.namespace_is_set);
	ck_assert_str_eq(connection.base_url, "https://home.lan:6443");
}
END_TEST

/* --- places --- */

START_TEST(the_file_of_long_ago_is_read_where_it_lies)
{
	IN_HOME;
	AUTO_CONNECTION connection = { 0 };

	folder_write(&home, ".kube/.kubeconfig", CONTEXTS "current-context: home\n");
	load(&(struct connection_flags){ 0 }, &connection);
	ck_assert_str_eq(connection.token, "secret");
	ck_assert_int_ne(access(".kube/config", F_OK), 0);
}
END_TEST

START_TEST(without_any_file_the_server_is_this_machine)
{
	IN_HOME;
	AUTO_CONNECTION connection = { 0 }, master = { 0 };

	load(&(struct connection_flags){ 0 }, &connection);
	ck_assert_str_eq(connection.base_url, "http://localhost:8080");
	ck_assert_ptr_null(connection.context);
	setenv("KUBERNETES_MASTER", "https://master.lan/a/../b//?q#f", 1);
	load(&(struct connection_flags){ .token = "t" }, &master);
	ck_assert_str_eq(master.base_url, "https://master.lan/b");
	ck_assert_str_eq(master.token, "t");
}
END_TEST

START_TEST(a_server_that_is_no_url_is_refused)
{
	IN_HOME;
	AUTO_CONNECTION connection = { 0 };
	struct error err = { 0 };

	ck_assert_int_eq(
		connection_load(&(struct connection_flags){ .server = "home.lan:6443/x" }, &connection, &err), -1);
	ck_assert_str_eq(err.message, "host must be a URL or a host:port pair: \"home.lan:6443/x\"");
}
END_TEST

/* --- in a pod --- */

static void enter_pod(const char *host)
{
	AUTO_BUFFER certificate = { 0 }, key = { 0 };

	certificate_make("ca", &certificate, &key);
	folder_write(&home, "account/token", "pod-token\n");
	folder_write(&home, "account/ca.crt", certificate.bytes);
	folder_write(&home, "account/namespace", " media\n");
	kubeconfig_service_account = "account";
	setenv("KUBERNETES_SERVICE_HOST", host, 1);
	setenv("KUBERNETES_SERVICE_PORT", "443", 1);
}

START_TEST(a_pod_has_a_connection_of_its_own)
{
	IN_HOME;
	AUTO_CONNECTION connection = { 0 };

	enter_pod("fd00::1");
	load(&(struct connection_flags){ 0 }, &connection);
	ck_assert(connection.is_in_cluster);
	ck_assert_str_eq(connection.base_url, "https://[fd00::1]:443");
	ck_assert_str_eq(connection.token_file, "account/token");
	ck_assert_str_eq(connection.token, "pod-token\n");
	ck_assert_str_eq(connection.ca_file, "account/ca.crt");
	ck_assert_uint_gt(connection.ca.length, 0);
	ck_assert_str_eq(connection.namespace, "media");
	ck_assert(connection.namespace_is_set);
}
END_TEST

START_TEST(in_a_pod_few_flags_count)
{
	IN_HOME;
	AUTO_CONNECTION connection = { 0 };

	enter_pod("10.0.0.1");
	setenv("POD_NAMESPACE", "mine", 1);
	/* Any flag that makes it another connection than the default leaves the pod's alone. */
	load(&(struct connection_flags){ .namespace = "web", .server = "http://localhost:8080" }, &connection);
	ck_assert(connection.is_in_cluster);
	ck_assert_str_eq(connection.base_url, "http://localhost:8080");
	ck_assert_str_eq(connection.namespace, "web");
}
END_TEST

static const struct {
	struct connection_flags flags;
	const char *config;
} elsewhere[] = {
	{ { .as = "bob" }, "" },
	{ { .server = "https://other.lan" }, "" },
	{ { .request_timeout = "5s" }, "" },
	{ { .disable_compression = true }, "" },
	{ { .context = "home" }, CONTEXTS },
};

START_TEST(what_is_configured_wins_over_the_pod)
{
	IN_HOME;
	AUTO_CONNECTION connection = { 0 };

	enter_pod("10.0.0.1");
	folder_write(&home, ".kube/config", elsewhere[_i].config);
	load(&elsewhere[_i].flags, &connection);
	ck_assert(!connection.is_in_cluster);
	/* but for the namespace, where none is named */
	ck_assert_str_eq(connection.namespace, "media");
}
END_TEST

START_TEST(a_pod_without_the_files_is_no_pod)
{
	IN_HOME;
	AUTO_CONNECTION connection = { 0 }, without_ca = { 0 };

	enter_pod("10.0.0.1");
	unsetenv("KUBERNETES_SERVICE_PORT");
	load(&(struct connection_flags){ 0 }, &connection);
	ck_assert(!connection.is_in_cluster);
	ck_assert_str_eq(connection.namespace, "default");
	setenv("KUBERNETES_SERVICE_PORT", "443", 1);
	folder_write(&home, "account/ca.crt", "no certificate");
	folder_write(&home, "account/namespace", "\n");
	load(&(struct connection_flags){ 0 }, &without_ca);
	ck_assert(without_ca.is_in_cluster);
	ck_assert_ptr_null(without_ca.ca_file);
	ck_assert_str_eq(without_ca.namespace, "default");
	ck_assert(!without_ca.namespace_is_set);
}
END_TEST

/* --- flags --- */

static const struct {
	const char *text;
	int64_t nanoseconds; /* -1: refused */
} timeouts[] = { { "0", 0 }, { "", 0 }, { "30", 30 * DURATION_SECOND }, { "+5", 5 * DURATION_SECOND },
	{ "1m30s", 90 * DURATION_SECOND }, { "99999999999", INT64_MAX }, { "5x", -1 }, { "1 s", -1 }, { "-", -1 } };

START_TEST(timeouts_are_seconds_or_durations)
{
	IN_HOME;
	AUTO_CONNECTION connection = { 0 };
	struct error err = { 0 };
	int result =
		connection_load(&(struct connection_flags){ .request_timeout = timeouts[_i].text }, &connection, &err);

	ck_assert_int_eq(result, timeouts[_i].nanoseconds < 0 ? -1 : 0);
	if (result == 0)
		ck_assert_int_eq(connection.timeout_ns, timeouts[_i].nanoseconds);
	else
		ck_assert_ptr_nonnull(strstr(err.message, "Invalid timeout value."));
}
END_TEST

START_TEST(extra_fields_of_flags_replace_those_of_the_file_by_key)
{
	IN_HOME;
	const char *items[] = { "scopes=x", "other=1=2", "none", "scopes=y" };
	struct connection_flags flags = { .context = "x", .as_user_extra = { items, ARRAY_LEN(items) } };
	AUTO_CONNECTION connection = { 0 };
	const struct impersonation *impersonation = &connection.impersonation;

	folder_write(&home, ".kube/config",
		"contexts: [{name: x, context: {user: u}}]\n"
		"users: [{name: u, user: {as: bob, as-user-extra: {scopes: [a, b], kept: [c]}}}]\n");
	load(&flags, &connection);
	ck_assert_uint_eq(impersonation->extra_count, 3);
	ck_assert_str_eq(impersonation->extra[0].key, "kept");
	ck_assert_str_eq(impersonation->extra[0].values[0], "c");
	ck_assert_str_eq(impersonation->extra[1].key, "scopes");
	ck_assert_uint_eq(impersonation->extra[1].value_count, 2);
	ck_assert_str_eq(impersonation->extra[1].values[1], "y");
	ck_assert_str_eq(impersonation->extra[2].values[0], "1=2");
}
END_TEST

START_TEST(what_a_terminal_could_obey_is_shown_in_hints)
{
	IN_HOME;
	AUTO_CONNECTION connection = { 0 };

	folder_write(&home, ".kube/config",
		CONTEXTS
		"current-context: x\ncontexts: [{name: x, context: {cluster: home, user: u}}]\n"
		"users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: a,\n"
		"  installHint: \"a\\e[1mb\\n\\tc\\u202e\"}}}]\n");
	load(&(struct connection_flags){ 0 }, &connection);
	ck_assert_str_eq(connection.exec->install_hint, "aU+001B[1mb\n\tcU+202E");
}
END_TEST

/* --- kubectl's words, seen with kubectl 1.36.3 --- */

static const struct {
	const char *config, *message;
	bool is_whole;
} refused[] = {
	{ "current-context: zz\n", "Error in configuration: context was not found for specified context: zz", true },
	{ "current-context: zz\nusers: [{user: {as-uid: u}}]\n",
		"Error in configuration: \n* context was not found for specified context: zz\n"
		"* requesting uid, groups or user-extra for  without impersonating a user",
		true },
	{ "users: [{user: {client-certificate-data: eA==}}]\n",
		"client-key-data or client-key must be specified for  to use the clientCert authentication method.",
		false },
	{ "clusters: [{cluster: {certificate-authority: /nowhere/ca}}]\n",
		"unable to read certificate-authority /nowhere/ca for  due to open /nowhere/ca: no such file or directory",
		false },
	{ "clusters: [{cluster: {proxy-url: 'ftp://x'}}]\n",
		"invalid 'proxy-url' \"ftp://x\" for cluster \"\": unsupported scheme \"ftp\", must be http, https, or socks5",
		false },
	{ "users: [{user: {exec: {apiVersion: client.authentication.k8s.io/v1}}}]\n",
		"Error in configuration: \n* command must be specified for  to use exec authentication plugin\n"
		"* interactiveMode must be specified for  to use exec authentication plugin",
		true },
	{ "users: [{user: {exec: {apiVersion: a, command: b, interactiveMode: never, env: [{value: x}]}}}]\n",
		"Error in configuration: \n* env variable name must be specified for  to use exec authentication plugin\n"
		"* invalid interactiveMode for : \"never\"",
		true },
	{ "clusters: [{cluster: {server: 5}}]\n",
		"error loading config file \"config\": json: cannot unmarshal number into Go struct field "
		"Cluster.clusters.cluster.server of type string",
		false },
	{ "users: [{user: {as-groups: [1]}}]\n",
		"error loading config file \"config\": json: cannot unmarshal number into Go struct field "
		"AuthInfo.users.user.as-groups of type string",
		false },
	{ "users: [{user: {exec: []}}]\n",
		"error loading config file \"config\": json: cannot unmarshal array into Go struct field "
		"AuthInfo.users.user.exec of type v1.ExecConfig",
		false },
	{ "users: [{user: {client-key-data: [65, x]}}]\n",
		"error loading config file \"config\": json: cannot unmarshal string into Go struct field "
		"AuthInfo.users.user.client-key-data of type uint8",
		false },
	{ "kind: Config\nkind: Pod\n",
		"error loading config file \"config\": no kind \"Pod\" is registered for version \"v1\"", false },
	{ "kind: 5\nkind: Config\nclusters: [{cluster: {certificate-authority-data: [], server: 5}}]\n",
		"error loading config file \"config\": json: cannot unmarshal number into Go struct field "
		"Cluster.clusters.cluster.server of type string",
		false },
	{ "users: [{user: {client-key-data: '?'}}]\n",
		"error loading config file \"config\": illegal base64 data at input byte 0", false },
	{ "users: [{name: a}, {name: a, user: {token: secret}}]\n",
		"error loading config file \"config\": error converting *[]NamedAuthInfo into *map[string]*api.AuthInfo: "
		"duplicate name \"a\" in list",
		false },
	{ "apiVersion: v2\n",
		"error loading config file \"config\": no kind \"Config\" is registered for version \"v2\"", false },
	{ "kind: 5\n",
		"error loading config file \"config\": couldn't get version/kind; json parse error: json: cannot unmarshal "
		"number into Go struct field .kind of type string",
		false },
	{ "a: b: c\n",
		"error loading config file \"config\": yaml: line 1: mapping values are not allowed in this context",
		false },
};

START_TEST(what_is_wrong_is_told_as_kubectl_tells_it)
{
	IN_HOME;
	AUTO_CONNECTION connection = { 0 };
	struct error err = { 0 };

	folder_write(&home, "config", refused[_i].config);
	ck_assert_int_eq(connection_load(&(struct connection_flags){ .kubeconfig = "config" }, &connection, &err), -1);
	ck_assert_str_eq(err.message, refused[_i].message);
	ck_assert_int_eq(err.is_whole_line, refused[_i].is_whole);
}
END_TEST

START_TEST(errors_of_several_files_are_lines)
{
	IN_HOME;
	AUTO_CONNECTION connection = { 0 };
	struct error err = { 0 };

	folder_write(&home, "a", "kind: Pod\n");
	folder_write(&home, "b", "clusters: x\n");
	setenv("KUBECONFIG", "a::nosuch:b:a", 1);
	ck_assert_int_eq(connection_load(&(struct connection_flags){ 0 }, &connection, &err), -1);
	ck_assert_str_eq(err.message,
		"error loading config file \"a\": no kind \"Pod\" is registered for version \"v1\"\n"
		"error loading config file \"b\": json: cannot unmarshal string into Go struct field Config.clusters of "
		"type []v1.NamedCluster");
	ck_assert(err.is_whole_line);
}
END_TEST

START_TEST(contexts_are_listed)
{
	IN_HOME;
	AUTO_ARENA arena = { 0 };
	const char **names, *current;
	struct error err = { 0 };
	size_t count;

	folder_write(&home, "a", CONTEXTS);
	folder_write(&home, "b", "current-context: zz\ncontexts: [{name: zz}, {name: home}]\n");
	setenv("KUBECONFIG", "a:b", 1);
	ck_assert_int_eq(
		kubeconfig_contexts(&(struct connection_flags){ 0 }, &arena, &names, &count, &current, &err), 0);
	ck_assert_uint_eq(count, 6);
	ck_assert_str_eq(names[0], "anonymous");
	ck_assert_str_eq(names[5], "zz");
	ck_assert_str_eq(current, "zz");
}
END_TEST

TEST_MAIN("kube/connection", TEST_TABLE(a_context_must_name_what_there_is, references), TEST(names_in_force_are_told),
	TEST(the_file_of_long_ago_is_read_where_it_lies), TEST(without_any_file_the_server_is_this_machine),
	TEST(a_server_that_is_no_url_is_refused), TEST(a_pod_has_a_connection_of_its_own),
	TEST(in_a_pod_few_flags_count), TEST_TABLE(what_is_configured_wins_over_the_pod, elsewhere),
	TEST(a_pod_without_the_files_is_no_pod), TEST_TABLE(timeouts_are_seconds_or_durations, timeouts),
	TEST(extra_fields_of_flags_replace_those_of_the_file_by_key),
	TEST(what_a_terminal_could_obey_is_shown_in_hints),
	TEST_TABLE(what_is_wrong_is_told_as_kubectl_tells_it, refused), TEST(errors_of_several_files_are_lines),
	TEST(contexts_are_listed))
