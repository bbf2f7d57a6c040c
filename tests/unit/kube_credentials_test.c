#include "clusterutils/kube/credentials.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "certificate.h"
#include "clusterutils/util/clock.h"
#include "clusterutils/util/file.h"
#include "folder.h"
#include "suite.h"

enum { NOW = 1800000000 };

/* A connection made from members, for which files need not be read. */
struct setting {
	struct connection connection;
	struct credentials *credentials;
	struct presented presented;
	struct error err;
};

static void begin(struct setting *setting)
{
	clock_freeze(NOW);
	if (!setting->connection.base_url)
		setting->connection.base_url = "https://home.lan:6443";
	setting->connection.host = setting->connection.base_url;
	setting->credentials = credentials_new(&setting->connection, NULL);
}

static void end(struct setting *setting)
{
	credentials_free(setting->credentials);
	arena_release(&setting->connection.arena);
}

#define AUTO_SETTING CLEANUP(end) struct setting

static int present(struct setting *setting)
{
	setting->err.message[0] = '\0';
	return credentials_present(setting->credentials, &setting->presented, &setting->err);
}

static const char *authorization(struct setting *setting)
{
	ck_assert_msg(present(setting) == 0, "%s", setting->err.message);
	return setting->presented.authorization;
}

static struct blob blob(const char *text)
{
	return (struct blob){ text, strlen(text) };
}

/* --- what needs no plugin --- */

static const struct {
	const char *url, *token, *username, *password, *authorization;
} kinds[] = {
	{ "https://home.lan", "secret", NULL, NULL, "Bearer secret" },
	{ "https://home.lan", NULL, "ann", "pass word", "Basic YW5uOnBhc3Mgd29yZA==" },
	{ "https://home.lan", NULL, "ann", NULL, "Basic YW5uOg==" },
	{ "https://home.lan", NULL, NULL, "alone", NULL },
	{ "https://home.lan", NULL, NULL, NULL, NULL },
	{ "http://home.lan", "secret", NULL, NULL, NULL },
	{ "http://home.lan", NULL, "ann", "x", NULL },
};

START_TEST(tokens_and_passwords_go_to_https_alone)
{
	AUTO_SETTING setting = { .connection = { .base_url = kinds[_i].url,
					 .token = kinds[_i].token,
					 .username = kinds[_i].username,
					 .password = kinds[_i].password } };

	begin(&setting);
	ck_assert_pstr_eq(authorization(&setting), kinds[_i].authorization);
	ck_assert(!credentials_reject(setting.credentials, setting.presented.serial));
}
END_TEST

START_TEST(a_token_file_is_read_again_after_50_seconds)
{
	AUTO_SETTING setting = { 0 };
	AUTO_FOLDER folder;
	const char *path;

	folder_make(&folder);
	path = arena_text(&setting.connection.arena, folder_write(&folder, "token", "  first\n"));
	setting.connection.token = "  first\n"; /* as connection_load reads it */
	setting.connection.token_file = path;
	begin(&setting);
	ck_assert_str_eq(authorization(&setting), "Bearer first");
	folder_write(&folder, "token", "second\n");
	clock_freeze(NOW + 49);
	ck_assert_str_eq(authorization(&setting), "Bearer first");
	clock_freeze(NOW + 50);
	ck_assert_str_eq(authorization(&setting), "Bearer second");
	/* what cannot be read, or says nothing, takes nothing away */
	folder_write(&folder, "token", " \n");
	clock_freeze(NOW + 120);
	ck_assert_str_eq(authorization(&setting), "Bearer second");
	unlink(path);
	clock_freeze(NOW + 180);
	ck_assert_str_eq(authorization(&setting), "Bearer second");
}
END_TEST

START_TEST(a_refused_token_is_read_again_at_once)
{
	AUTO_SETTING setting = { .connection.token = "old" };
	AUTO_FOLDER folder;
	uint64_t first;

	folder_make(&folder);
	setting.connection.token_file = arena_text(&setting.connection.arena, folder_write(&folder, "token", "old"));
	begin(&setting);
	ck_assert_str_eq(authorization(&setting), "Bearer old");
	first = setting.presented.serial;
	ck_assert(!credentials_reject(setting.credentials, first));
	folder_write(&folder, "token", "new");
	ck_assert(credentials_reject(setting.credentials, first));
	ck_assert_str_eq(authorization(&setting), "Bearer new");
	/* the refusal of another request that was sent with the old one */
	ck_assert(credentials_reject(setting.credentials, first));
	ck_assert(!credentials_reject(setting.credentials, setting.presented.serial));
}
END_TEST

START_TEST(certificates_are_read_again_once_a_second_and_only_as_a_pair)
{
	AUTO_BUFFER certificate = { 0 }, key = { 0 }, other_certificate = { 0 }, other_key = { 0 };
	AUTO_SETTING setting = { 0 };
	struct arena *arena = &setting.connection.arena;
	AUTO_FOLDER folder;

	folder_make(&folder);
	certificate_make("ann", &certificate, &key);
	certificate_make("bob", &other_certificate, &other_key);
	setting.connection.certificate_file = arena_text(arena, folder_write(&folder, "c", certificate.bytes));
	setting.connection.key_file = arena_text(arena, folder_write(&folder, "k", key.bytes));
	setting.connection.ca_file = arena_text(arena, folder_write(&folder, "ca", certificate.bytes));
	setting.connection.certificate = setting.connection.ca = blob(certificate.bytes);
	setting.connection.key = blob(key.bytes);
	begin(&setting);
	ck_assert_int_eq(present(&setting), 0);
	ck_assert_str_eq(setting.presented.certificate.bytes, certificate.bytes);
	ck_assert_uint_eq(setting.presented.generation, 0);
	folder_write(&folder, "c", other_certificate.bytes);
	ck_assert_int_eq(present(&setting), 0);
	clock_freeze(NOW + 1); /* the key is still the old one's */
	ck_assert_int_eq(present(&setting), 0);
	ck_assert_str_eq(setting.presented.certificate.bytes, certificate.bytes);
	folder_write(&folder, "k", other_key.bytes);
	clock_freeze(NOW + 2);
	ck_assert_int_eq(present(&setting), 0);
	ck_assert_str_eq(setting.presented.certificate.bytes, other_certificate.bytes);
	ck_assert_str_eq(setting.presented.key.bytes, other_key.bytes);
	ck_assert_uint_eq(setting.presented.generation, 1);
	folder_write(&folder, "ca", "half written");
	clock_freeze(NOW + 3);
	ck_assert_int_eq(present(&setting), 0);
	ck_assert_str_eq(setting.presented.ca.bytes, certificate.bytes);
	folder_write(&folder, "ca", other_certificate.bytes);
	clock_freeze(NOW + 4);
	ck_assert_int_eq(present(&setting), 0);
	ck_assert_str_eq(setting.presented.ca.bytes, other_certificate.bytes);
	ck_assert_uint_eq(setting.presented.generation, 2);
}
END_TEST

static const struct {
	struct connection connection;
	const char *message;
	bool is_whole;
} refused[] = {
	{ { .token = "a\nb" },
		"Unable to connect to the server: net/http: invalid header field value for \"Authorization\"", true },
	{ { .impersonation = { .user = "a\r\nb" } },
		"Unable to connect to the server: net/http: invalid header field value for \"Impersonate-User\"",
		true },
	{ { .token = "a", .username = "ann" }, "username/password or bearer token may be set, but not both", false },
	{ { .insecure = true, .ca_file = "ca" },
		"specifying a root certificates file with the insecure flag is not allowed", false },
	{ { .ca = { "x", 1 } }, "unable to load root certificates: unable to parse bytes as PEM block", false },
	{ { .ca_file = "/dev/null" }, "unable to load root certificates: unable to parse bytes as PEM block", false },
	{ { .certificate = { "x", 1 }, .key = { "x", 1 } }, "tls: failed to find any PEM data in certificate input",
		false },
	{ { .certificate = { "x", 1 }, .key = { "x", 1 }, .certificate_file = "c", .key_file = "k" },
		"Unable to connect to the server: tls: failed to find any PEM data in certificate input", true },
	{ { .auth_provider = "gcp" },
		"The gcp auth plugin has been removed.\nPlease use the \"gke-gcloud-auth-plugin\" kubectl/client-go "
		"credential plugin instead.\nSee https://cloud.google.com/blog/products/containers-kubernetes/"
		"kubectl-auth-changes-in-gke for further details",
		false },
	{ { .auth_provider = "azure" },
		"The azure auth plugin has been removed.\nPlease use the https://github.com/Azure/kubelogin "
		"kubectl/client-go credential plugin instead.\nSee https://kubernetes.io/docs/reference/access-authn-authz/"
		"authentication/#client-go-credential-plugins for further details",
		false },
	{ { .auth_provider = "oidc" },
		"the auth provider \"oidc\" is not supported: use a credential plugin such as kubelogin (exec) instead",
		false },
	{ { .auth_provider = "zzz" }, "no Auth Provider found for name \"zzz\"", false },
};

START_TEST(what_can_never_work_is_refused_at_once)
{
	AUTO_SETTING setting = { .connection = refused[_i].connection };

	begin(&setting);
	ck_assert_int_eq(present(&setting), -1);
	ck_assert_str_eq(setting.err.message, refused[_i].message);
	ck_assert_int_eq(setting.err.is_whole_line, refused[_i].is_whole);
}
END_TEST

/* --- plugins --- */

#define V1      "client.authentication.k8s.io/v1"
#define V1BETA1 "client.authentication.k8s.io/v1beta1"

/* A plugin that counts its runs in a file beside it and then does what the lines say. */
struct plugin {
	struct setting setting;
	struct folder folder;
	struct exec_config exec;
};

static void plugin_begin(struct plugin *plugin, const char *lines)
{
	struct arena *arena = &plugin->setting.connection.arena;

	folder_make(&plugin->folder);
	plugin->exec.command = arena_text(arena,
		folder_write_script(&plugin->folder, "login",
			arena_printf(arena, "cd '%s'\necho run >>runs\nn=$(($(wc -l <runs)))\n%s", plugin->folder.path,
				lines)));
	if (!plugin->exec.api_version)
		plugin->exec.api_version = V1;
	plugin->setting.connection.exec = &plugin->exec;
	begin(&plugin->setting);
}

static void plugin_end(struct plugin *plugin)
{
	end(&plugin->setting);
	folder_remove(&plugin->folder);
}

#define AUTO_PLUGIN CLEANUP(plugin_end) struct plugin

static const char *plugin_file(struct plugin *plugin, const char *name)
{
	struct arena *arena = &plugin->setting.connection.arena;
	AUTO_BUFFER bytes = { 0 };
	struct error err;

	if (file_read(arena_printf(arena, "%s/%s", plugin->folder.path, name), 1 << 20, &bytes, &err) < 0)
		return "";
	return arena_text(arena, buffer_text(&bytes));
}

#define ANSWER(version, status) \
	"printf '%s\\n' '{\"kind\":\"ExecCredential\",\"apiVersion\":\"" version "\",\"status\":{" status "}}'\n"

START_TEST(its_token_holds_until_it_expires)
{
	AUTO_PLUGIN plugin = { 0 };

	/* 1800000000 is 08:00:00 */
	plugin_begin(&plugin,
		"echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"" V1
		"\",\"status\":{\"token\":\"t'$n'\",\"expirationTimestamp\":\"2027-01-15T08:0'$n':00Z\"}}'\n");
	ck_assert_str_eq(authorization(&plugin.setting), "Bearer t1");
	clock_freeze(NOW + 60);
	ck_assert_str_eq(authorization(&plugin.setting), "Bearer t1");
	clock_freeze(NOW + 61);
	ck_assert_str_eq(authorization(&plugin.setting), "Bearer t2");
	ck_assert_uint_eq(plugin.setting.presented.generation, 0);
	ck_assert_str_eq(plugin_file(&plugin, "runs"), "run\nrun\n");
}
END_TEST

START_TEST(it_may_answer_in_yaml)
{
	AUTO_PLUGIN plugin = { .exec.api_version = V1BETA1 };

	plugin_begin(&plugin, "printf 'apiVersion: " V1BETA1 "\\nkind: ExecCredential\\nstatus: {token: \"7\"}\\n'\n");
	ck_assert_str_eq(authorization(&plugin.setting), "Bearer 7");
	clock_freeze(NOW + 1000000);
	ck_assert_str_eq(authorization(&plugin.setting), "Bearer 7");
	ck_assert_str_eq(plugin_file(&plugin, "runs"), "run\n");
}
END_TEST

START_TEST(it_is_asked_again_when_the_server_refuses)
{
	AUTO_PLUGIN plugin = { 0 };
	uint64_t first;

	plugin_begin(&plugin,
		"echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"" V1 "\",\"status\":{\"token\":\"t'$n'\"}}'\n");
	ck_assert_str_eq(authorization(&plugin.setting), "Bearer t1");
	first = plugin.setting.presented.serial;
	/* two requests that were under way */
	ck_assert(credentials_reject(plugin.setting.credentials, first));
	ck_assert(credentials_reject(plugin.setting.credentials, first));
	ck_assert_str_eq(authorization(&plugin.setting), "Bearer t2");
	ck_assert(credentials_reject(plugin.setting.credentials, first));
	ck_assert_str_eq(authorization(&plugin.setting), "Bearer t2");
	/* the new one is refused, too: then it is not for its age */
	ck_assert(!credentials_reject(plugin.setting.credentials, plugin.setting.presented.serial));
	ck_assert_str_eq(authorization(&plugin.setting), "Bearer t2");
	clock_freeze(NOW + 60);
	ck_assert(credentials_reject(plugin.setting.credentials, plugin.setting.presented.serial));
	ck_assert_str_eq(authorization(&plugin.setting), "Bearer t3");
}
END_TEST

START_TEST(it_may_give_a_certificate)
{
	AUTO_BUFFER certificate = { 0 }, key = { 0 }, other_certificate = { 0 }, other_key = { 0 };
	AUTO_PLUGIN plugin = { 0 };

	certificate_make("ann", &certificate, &key);
	certificate_make("bob", &other_certificate, &other_key);
	plugin_begin(&plugin,
		"printf 'apiVersion: " V1 "\\nkind: ExecCredential\\nstatus:\\n  clientCertificateData: |\\n'\n"
		"sed 's/^/    /' c$n\nprintf '  clientKeyData: |\\n'\nsed 's/^/    /' k$n\n");
	folder_write(&plugin.folder, "c1", certificate.bytes);
	folder_write(&plugin.folder, "k1", key.bytes);
	folder_write(&plugin.folder, "c2", other_certificate.bytes);
	folder_write(&plugin.folder, "k2", other_key.bytes);
	ck_assert_ptr_null(authorization(&plugin.setting));
	ck_assert_str_eq(plugin.setting.presented.certificate.bytes, certificate.bytes);
	ck_assert_str_eq(plugin.setting.presented.key.bytes, key.bytes);
	ck_assert_uint_eq(plugin.setting.presented.generation, 1);
	ck_assert(credentials_reject(plugin.setting.credentials, plugin.setting.presented.serial));
	ck_assert_int_eq(present(&plugin.setting), 0);
	ck_assert_str_eq(plugin.setting.presented.certificate.bytes, other_certificate.bytes);
	ck_assert_uint_eq(plugin.setting.presented.generation, 2);
	/* a third time there are no files: what it then says is refused, what was there before is not given out */
	ck_assert(!credentials_reject(plugin.setting.credentials, plugin.setting.presented.serial));
}
END_TEST

static const struct {
	struct connection connection;
	const char *what;
} others[] = {
	{ { .token = "x" }, "Bearer x" },
	{ { .username = "ann" }, "Basic YW5uOg==" },
	{ { .base_url = "http://home.lan" }, NULL },
};

START_TEST(it_is_not_asked_where_there_is_something_else)
{
	AUTO_PLUGIN plugin = { .setting.connection = others[_i].connection };

	plugin_begin(&plugin, "");
	ck_assert_pstr_eq(authorization(&plugin.setting), others[_i].what);
	ck_assert_str_eq(plugin_file(&plugin, "runs"), "");
}
END_TEST

START_TEST(it_is_told_what_it_may_know)
{
	static const char *arguments[] = { "get-token", "--cluster=a b", "$HOME" };
	struct environment_entry environment[] = { { "PROFILE", "lab" }, { "OURS", "theirs" }, { "PROFILE", "home" },
		{ "EMPTY", NULL } };
	AUTO_PLUGIN plugin = { .exec = { .arguments = arguments,
				       .argument_count = 3,
				       .environment = environment,
				       .environment_count = 4,
				       .provides_cluster_info = true,
				       .cluster_config = "{\"audience\":\"x\"}" },
		.setting.connection = { .tls_server_name = "kubernetes\"",
			.proxy_url = "http://proxy.lan",
			.disable_compression = true,
			.insecure = true } };

	setenv("OURS", "ours", 1);
	setenv("KUBERNETES_EXEC_INFO", "stale", 1);
	plugin_begin(&plugin,
		"printf '%s\\n' \"$#\" \"$@\" \"$PROFILE\" \"$OURS\" \"[$EMPTY]\" >told\nprintf %s \"$KUBERNETES_EXEC_INFO\" >info\n"
		"env | grep -c '^PROFILE=' >>told\ncat >>told\n" ANSWER(V1, "\"token\":\"t\""));
	ck_assert_str_eq(authorization(&plugin.setting), "Bearer t");
	ck_assert_str_eq(plugin_file(&plugin, "told"), "3\nget-token\n--cluster=a b\n$HOME\nhome\ntheirs\n[]\n1\n");
	ck_assert_str_eq(plugin_file(&plugin, "info"),
		"{\"kind\":\"ExecCredential\",\"apiVersion\":\"" V1
		"\",\"spec\":{\"cluster\":{\"server\":\"https://home.lan:6443\",\"tls-server-name\":\"kubernetes\\\"\","
		"\"insecure-skip-tls-verify\":true,\"proxy-url\":\"http://proxy.lan\",\"disable-compression\":true,"
		"\"config\":{\"audience\":\"x\"}},\"interactive\":false}}\n");
}
END_TEST

START_TEST(of_the_cluster_it_is_told_only_where_it_asks)
{
	AUTO_BUFFER certificate = { 0 }, key = { 0 };
	AUTO_PLUGIN plugin = { .exec.api_version = V1BETA1 };

	plugin_begin(&plugin, "printf %s \"$KUBERNETES_EXEC_INFO\" >info\n" ANSWER(V1BETA1, "\"token\":\"t\""));
	ck_assert_str_eq(authorization(&plugin.setting), "Bearer t");
	ck_assert_str_eq(plugin_file(&plugin, "info"),
		"{\"kind\":\"ExecCredential\",\"apiVersion\":\"" V1BETA1 "\",\"spec\":{\"interactive\":false}}\n");
	certificate_make("ca", &certificate, &key);
	plugin.exec.provides_cluster_info = true;
	credentials_free(plugin.setting.credentials);
	plugin.setting.connection.ca = blob(certificate.bytes);
	begin(&plugin.setting);
	ck_assert_str_eq(authorization(&plugin.setting), "Bearer t");
	ck_assert_ptr_nonnull(strstr(plugin_file(&plugin, "info"),
		"{\"server\":\"https://home.lan:6443\",\"certificate-authority-data\":\"LS0tLS1CRUdJTi"));
	ck_assert_ptr_nonnull(strstr(plugin_file(&plugin, "info"), "\",\"config\":null},\"interactive\":false}}"));
}
END_TEST

#define GETTING "Unable to connect to the server: getting credentials: "

static const struct {
	const char *lines, *message;
} bad_answers[] = {
	{ "exit 3\n", GETTING "exec: executable %s failed with exit code 3" },
	{ "kill -KILL $$\n", GETTING "exec: executable %s failed with exit code -1" },
	{ ANSWER(V1BETA1, "\"token\":\"t\""),
		GETTING "exec plugin is configured to use API version " V1 ", plugin returned version " V1BETA1 },
	{ ANSWER("v2", "\"token\":\"t\""),
		GETTING "decoding stdout: no kind \"ExecCredential\" is registered for version \"v2\"" },
	{ "echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"" V1 "\"}'\n",
		GETTING "exec plugin didn't return a status field" },
	{ ANSWER(V1, ""), GETTING "exec plugin didn't return a token or cert/key pair" },
	{ ANSWER(V1, "\"clientKeyData\":\"x\""), GETTING "exec plugin returned only certificate or key, not both" },
	{ ANSWER(V1, "\"clientCertificateData\":\"x\",\"clientKeyData\":\"x\""),
		GETTING
		"failed parsing client key/certificate: tls: failed to find any PEM data in certificate input" },
	{ ANSWER(V1, "\"token\":7"),
		GETTING "decoding stdout: json: cannot unmarshal number into Go struct field "
			"ExecCredentialStatus.status.token of type string" },
	{ "", GETTING "decoding stdout: Object 'Kind' is missing" },
	{ "echo '{'\n", GETTING "decoding stdout: line 2: did not find expected node content" },
	{ ANSWER(V1, "\"token\":\"a\\tb\\nc\""),
		"Unable to connect to the server: net/http: invalid header field value for \"Authorization\"" },
	{ "yes\n", GETTING "decoding stdout: executable %s wrote more than 1024 KiB" },
};

START_TEST(what_it_does_wrong_is_told_as_kubectl_tells_it)
{
	AUTO_BUFFER message = { 0 };
	AUTO_PLUGIN plugin = { 0 };
	const char *mark = strstr(bad_answers[_i].message, "%s");

	plugin_begin(&plugin, bad_answers[_i].lines);
	ck_assert_int_eq(present(&plugin.setting), -1);
	buffer_add(&message, bad_answers[_i].message,
		mark ? (size_t)(mark - bad_answers[_i].message) : strlen(bad_answers[_i].message));
	if (mark)
		buffer_printf(&message, "%s%s", plugin.exec.command, mark + 2);
	ck_assert_str_eq(plugin.setting.err.message, buffer_text(&message));
	ck_assert(plugin.setting.err.is_whole_line);
}
END_TEST

START_TEST(one_that_is_not_installed_is_told_with_its_hint)
{
	struct exec_config exec = { .command = "no-such-plugin", .api_version = V1, .install_hint = "try\nthis" };
	AUTO_SETTING setting = { .connection.exec = &exec };

	begin(&setting);
	ck_assert_int_eq(present(&setting), -1);
	ck_assert_str_eq(setting.err.message,
		GETTING
		"exec: executable no-such-plugin not found\n\nIt looks like you are trying to use a client-go credential "
		"plugin that is not installed.\n\nTo learn more about this feature, consult the documentation available "
		"at:\n      https://kubernetes.io/docs/reference/access-authn-authz/authentication/"
		"#client-go-credential-plugins\n\ntry\nthis");
	exec.command = "/no/such/plugin";
	ck_assert_int_eq(present(&setting), -1);
	ck_assert_str_eq(setting.err.message, GETTING "exec: fork/exec /no/such/plugin: no such file or directory");
}
END_TEST

START_TEST(one_of_an_old_version_is_not_run)
{
	AUTO_PLUGIN plugin = { .exec.api_version = "client.authentication.k8s.io/v1alpha1" };

	plugin_begin(&plugin, "");
	ck_assert_int_eq(present(&plugin.setting), -1);
	ck_assert_str_eq(plugin.setting.err.message,
		"exec plugin: invalid apiVersion \"client.authentication.k8s.io/v1alpha1\"");
	ck_assert_str_eq(plugin_file(&plugin, "runs"), "");
}
END_TEST

static int prompts;

static void before_prompt(void *context)
{
	(void)context;
	prompts = prompts * 10 + 1;
}

static void after_prompt(void *context)
{
	(void)context;
	prompts = prompts * 10 + 2;
}

/* Puts a terminal, or none, in place of standard input and of standard error. */
static void use_stdin(bool is_terminal)
{
	int master = is_terminal ? posix_openpt(O_RDWR | O_NOCTTY) : -1, slave = open("/dev/null", O_RDWR);

	dup2(slave, STDERR_FILENO);
	if (is_terminal) {
		ck_assert_int_ge(master, 0);
		ck_assert_int_eq(grantpt(master) | unlockpt(master), 0);
		slave = open(ptsname(master), O_RDWR | O_NOCTTY);
		ck_assert_int_ge(slave, 0);
		ck_assert_int_eq((int)write(master, "typed\n", 6), 6);
	}
	dup2(slave, STDIN_FILENO);
}

static const struct {
	enum exec_interactive mode;
	bool is_terminal;
	const char *told; /* NULL: it is not run */
	int prompts;
} modes[] = {
	{ EXEC_NEVER, true, "false", 0 },
	{ EXEC_NEVER, false, "false", 0 },
	{ EXEC_IF_AVAILABLE, true, "true", 12 },
	{ EXEC_IF_AVAILABLE, false, "false", 0 },
	{ EXEC_ALWAYS, true, "true", 12 },
	{ EXEC_ALWAYS, false, NULL, 0 },
};

START_TEST(it_reads_from_the_terminal_where_it_may)
{
	const struct credentials_hooks hooks = { before_prompt, after_prompt, NULL };
	AUTO_PLUGIN plugin = { .exec.interactive = modes[_i].mode };

	plugin_begin(&plugin,
		"printf %s \"$KUBERNETES_EXEC_INFO\" | grep -o 'true\\|false' | tr -d '\\n' >told\nread -r line\nprintf %s \"$line\" >line\n" ANSWER(
			V1, "\"token\":\"t\""));
	credentials_free(plugin.setting.credentials);
	plugin.setting.credentials = credentials_new(&plugin.setting.connection, &hooks);
	prompts = 0;
	use_stdin(modes[_i].is_terminal);
	ck_assert_int_eq(present(&plugin.setting), modes[_i].told ? 0 : -1);
	ck_assert_int_eq(prompts, modes[_i].prompts);
	ck_assert_str_eq(plugin_file(&plugin, "told"), modes[_i].told ? modes[_i].told : "");
	ck_assert_str_eq(plugin_file(&plugin, "line"), modes[_i].prompts ? "typed" : "");
	if (!modes[_i].told)
		ck_assert_str_eq(plugin.setting.err.message,
			GETTING "exec plugin cannot support interactive mode: standard input is not a terminal");
}
END_TEST

static void note_signal(int number)
{
	prompts = number;
}

START_TEST(an_interrupted_one_is_an_interrupt)
{
	AUTO_PLUGIN plugin = { 0 };

	signal(SIGTERM, note_signal);
	prompts = 0;
	plugin_begin(&plugin, "kill -TERM $PPID\nsleep 60\n");
	ck_assert_int_eq(present(&plugin.setting), -1);
	ck_assert_int_eq(plugin.setting.err.code, ERROR_INTERRUPTED);
	ck_assert_int_eq(prompts, SIGTERM);
}
END_TEST

TEST_MAIN("kube/credentials", TEST_TABLE(tokens_and_passwords_go_to_https_alone, kinds),
	TEST(a_token_file_is_read_again_after_50_seconds), TEST(a_refused_token_is_read_again_at_once),
	TEST(certificates_are_read_again_once_a_second_and_only_as_a_pair),
	TEST_TABLE(what_can_never_work_is_refused_at_once, refused), TEST(its_token_holds_until_it_expires),
	TEST(it_may_answer_in_yaml), TEST(it_is_asked_again_when_the_server_refuses), TEST(it_may_give_a_certificate),
	TEST_TABLE(it_is_not_asked_where_there_is_something_else, others), TEST(it_is_told_what_it_may_know),
	TEST(of_the_cluster_it_is_told_only_where_it_asks),
	TEST_TABLE(what_it_does_wrong_is_told_as_kubectl_tells_it, bad_answers),
	TEST(one_that_is_not_installed_is_told_with_its_hint), TEST(one_of_an_old_version_is_not_run),
	TEST_TABLE(it_reads_from_the_terminal_where_it_may, modes), TEST(an_interrupted_one_is_an_interrupt))
