#include "exec_plugin.h"

#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "clusterutils/util/base64.h"
#include "clusterutils/util/file.h"
#include "clusterutils/util/process.h"
#include "clusterutils/util/quote.h"
#include "clusterutils/util/text.h"
#include "clusterutils/util/timestamp.h"
#include "clusterutils/util/yaml.h"
#include "pem.h"
#include "shape.h"

#ifdef __APPLE__
extern char **environ;
#endif

void plugin_answer_release(struct plugin_answer *answer)
{
	if (answer->token)
		OPENSSL_cleanse((char *)(size_t)answer->token, strlen(answer->token));
	if (answer->key.length)
		OPENSSL_cleanse((char *)(size_t)answer->key.bytes, answer->key.length);
	arena_release(&answer->arena);
	*answer = (struct plugin_answer){ 0 };
}

int exec_plugin_check(const struct exec_config *exec, struct error *err)
{
	AUTO_BUFFER quoted = { 0 };

	if (strcmp(exec->api_version, "client.authentication.k8s.io/v1") == 0 ||
		strcmp(exec->api_version, "client.authentication.k8s.io/v1beta1") == 0)
		return 0;
	quote_text(&quoted, exec->api_version, strlen(exec->api_version));
	return error_set(err, ERROR_INVALID, "exec plugin: invalid apiVersion %s", buffer_text(&quoted));
}

/* --- what it is told --- */

static void add_text(const char *key, const char *text, struct buffer *json)
{
	buffer_printf(json, "\"%s\":", key);
	quote_json(json, text, strlen(text));
	buffer_add_char(json, ',');
}

static void add_cluster(const struct connection *connection, struct buffer *json)
{
	buffer_add_text(json, "\"cluster\":{");
	add_text("server", connection->host, json);
	if (connection->tls_server_name)
		add_text("tls-server-name", connection->tls_server_name, json);
	if (connection->insecure)
		buffer_add_text(json, "\"insecure-skip-tls-verify\":true,");
	if (connection->ca.length) {
		buffer_add_text(json, "\"certificate-authority-data\":\"");
		base64_encode(connection->ca.bytes, connection->ca.length, json);
		buffer_add_text(json, "\",");
	}
	if (connection->proxy_url)
		add_text("proxy-url", connection->proxy_url, json);
	if (connection->disable_compression)
		buffer_add_text(json, "\"disable-compression\":true,");
	buffer_printf(
		json, "\"config\":%s},", connection->exec->cluster_config ? connection->exec->cluster_config : "null");
}

static void describe_request(const struct connection *connection, bool is_interactive, struct buffer *json)
{
	const struct exec_config *exec = connection->exec;

	buffer_printf(json, "{\"kind\":\"ExecCredential\",\"apiVersion\":\"%s\",\"spec\":{", exec->api_version);
	if (exec->provides_cluster_info)
		add_cluster(connection, json);
	buffer_printf(json, "\"interactive\":%s}}\n", is_interactive ? "true" : "false");
}

static bool has_name(const char *entry, const char *name)
{
	size_t length = strlen(name);

	return strncmp(entry, name, length) == 0 && entry[length] == '=';
}

static bool is_replaced(const char *entry, const struct exec_config *exec)
{
	for (size_t i = 0; i < exec->environment_count; i++)
		if (has_name(entry, exec->environment[i].name))
			return true;
	return has_name(entry, "KUBERNETES_EXEC_INFO");
}

/* Ours, the kubeconfig's and the request's; of equal names the last. */
static const char *const *make_environment(const struct exec_config *exec, const char *request, struct arena *arena)
{
	size_t count = 0, ours = 0;
	const char **all;

	while (environ[ours])
		ours++;
	all = ARENA_ARRAY(arena, ours + exec->environment_count + 2, const char *);
	for (size_t i = 0; i < ours; i++)
		if (!is_replaced(environ[i], exec))
			all[count++] = environ[i];
	for (size_t i = 0; i < exec->environment_count; i++) {
		const struct environment_entry *entry = &exec->environment[i];
		struct exec_config later = { .environment = exec->environment + i + 1,
			.environment_count = exec->environment_count - i - 1 };
		const char *text = arena_printf(arena, "%s=%s", entry->name, entry->value ? entry->value : "");

		if (!is_replaced(text, &later))
			all[count++] = text;
	}
	all[count] = arena_printf(arena, "KUBERNETES_EXEC_INFO=%s", request);
	return all;
}

/* --- what it answers --- */

struct answer_status {
	const char *certificate, *expiry, *key, *token;
};

struct answer {
	const char *api_version, *kind;
	struct answer_status *status;
};

static const struct field status_fields[] = {
	{ "clientCertificateData", FIELD_TEXT, .offset = offsetof(struct answer_status, certificate) },
	{ "clientKeyData", FIELD_TEXT, .offset = offsetof(struct answer_status, key) },
	{ "expirationTimestamp", FIELD_TEXT, .offset = offsetof(struct answer_status, expiry) },
	{ "token", FIELD_TEXT, .offset = offsetof(struct answer_status, token) },
	{ 0 },
};
static const struct shape status_shape = { "ExecCredentialStatus", sizeof(struct answer_status), status_fields };

static const struct field answer_fields[] = {
	{ "apiVersion", FIELD_TEXT, .offset = offsetof(struct answer, api_version) },
	{ "kind", FIELD_TEXT, .offset = offsetof(struct answer, kind) },
	{ "status", FIELD_POINTER, .offset = offsetof(struct answer, status), .shape = &status_shape },
	{ 0 },
};
static const struct shape answer_shape = { "ExecCredential", sizeof(struct answer), answer_fields };

static int decode_answer(const struct buffer *output, struct arena *arena, struct answer *ret_answer, struct error *err)
{
	struct yaml_node *root;

	*ret_answer = (struct answer){ 0 };
	if (yaml_parse(buffer_text(output), output->length, arena, &root, err) < 0 ||
		shape_read(&answer_shape, root, arena, ret_answer, err) < 0) {
		error_wrap(err, "decoding stdout");
		return -1;
	}
	/* Upstream prints the whole output here, which may hold a secret. */
	if (!ret_answer->kind || !ret_answer->api_version) {
		error_set(err, ERROR_INVALID, "decoding stdout: Object '%s' is missing",
			ret_answer->kind ? "apiVersion" : "Kind");
		return -1;
	}
	if (strcmp(ret_answer->kind, "ExecCredential") != 0 ||
		!text_starts_with(ret_answer->api_version, "client.authentication.k8s.io/"))
		return error_set(err, ERROR_INVALID,
			"decoding stdout: no kind \"%.100s\" is registered for version \"%.100s\"", ret_answer->kind,
			ret_answer->api_version);
	return 0;
}

static struct blob copy_blob(const char *text, struct arena *arena)
{
	return (struct blob){ arena_text(arena, text), strlen(text) };
}

static int take_pair(const struct answer_status *status, struct plugin_answer *answer, struct error *err)
{
	if (!status->certificate != !status->key)
		return error_set(err, ERROR_INVALID, "exec plugin returned only certificate or key, not both");
	if (!status->certificate)
		return 0;
	answer->certificate = copy_blob(status->certificate, &answer->arena);
	answer->key = copy_blob(status->key, &answer->arena);
	if (pem_check_pair(&answer->certificate, &answer->key, err) < 0)
		return error_wrap(err, "failed parsing client key/certificate");
	return 0;
}

static int take_answer(
	const struct exec_config *exec, const struct buffer *output, struct plugin_answer *answer, struct error *err)
{
	struct answer said;
	int32_t nanoseconds;

	if (decode_answer(output, &answer->arena, &said, err) < 0)
		return -1;
	if (strcmp(said.api_version, exec->api_version) != 0)
		return error_set(err, ERROR_INVALID,
			"exec plugin is configured to use API version %s, plugin returned version %.100s",
			exec->api_version, said.api_version);
	if (!said.status)
		return error_set(err, ERROR_INVALID, "exec plugin didn't return a status field");
	if (!said.status->token && !said.status->certificate && !said.status->key)
		return error_set(err, ERROR_INVALID, "exec plugin didn't return a token or cert/key pair");
	if (said.status->expiry) {
		if (timestamp_parse(said.status->expiry, &answer->expiry, &nanoseconds, err) < 0)
			return error_wrap(err, "decoding stdout");
		answer->expires = true;
	}
	answer->token = said.status->token;
	return take_pair(said.status, answer, err);
}

/* --- the run --- */

static int decide_interactive(const struct exec_config *exec, bool *ret_is_interactive, struct error *err)
{
	bool is_terminal = isatty(STDIN_FILENO);

	if (exec->interactive == EXEC_ALWAYS && !is_terminal)
		return error_set(err, ERROR_FAILED,
			"exec plugin cannot support interactive mode: standard input is not a terminal");
	*ret_is_interactive = exec->interactive != EXEC_NEVER && is_terminal;
	return 0;
}

static int not_found(const struct exec_config *exec, const char *command, struct error *err)
{
	const char *hint = exec->install_hint;

	error_set(err, ERROR_NOT_FOUND, "exec: executable %s not found", command);
	error_add_line(err, "%s", "");
	error_add_line(err, "It looks like you are trying to use a client-go credential plugin that is not installed.");
	error_add_line(err, "%s", "");
	error_add_line(err, "To learn more about this feature, consult the documentation available at:");
	error_add_line(err,
		"      https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins");
	if (!hint)
		return -1;
	error_add_line(err, "%s", "");
	for (;;) {
		size_t length = strcspn(hint, "\n");

		error_add_line(err, "%.*s", (int)length, hint);
		if (!hint[length])
			return -1;
		hint += length + 1;
	}
}

static int tell_end(
	const char *command, const struct process *process, const struct process_end *end, struct error *err)
{
	char cause[128];

	if (end->start_error)
		return error_set(err, ERROR_FAILED, "exec: fork/exec %s: %s", process->path,
			file_cause(end->start_error, cause));
	if (end->is_interrupted)
		return error_set(err, ERROR_INTERRUPTED, "exec: executable %s was interrupted", command);
	if (end->is_too_long)
		return error_set(err, ERROR_INVALID, "decoding stdout: executable %s wrote more than %d KiB", command,
			PLUGIN_MAX_OUTPUT >> 10);
	if (end->status != 0)
		return error_set(
			err, ERROR_FAILED, "exec: executable %s failed with exit code %d", command, end->status);
	return 0;
}

static void call(void (*hook)(void *context), void *context)
{
	if (hook)
		hook(context);
}

static void output_release(struct buffer *output)
{
	if (output->bytes)
		OPENSSL_cleanse(output->bytes, output->length);
	buffer_release(output);
}

int exec_plugin_run(const struct connection *connection, const struct credentials_hooks *hooks,
	struct plugin_answer *ret_answer, struct error *err)
{
	const struct exec_config *exec = connection->exec;
	CLEANUP(output_release) struct buffer output = { 0 };
	AUTO_BUFFER request = { 0 };
	AUTO_ARENA arena = { 0 };
	const char *command = file_clean(exec->command, &arena);
	struct process process = { .max_output = PLUGIN_MAX_OUTPUT };
	struct process_end end;
	const char **arguments;
	bool shows;

	if (decide_interactive(exec, &process.has_stdin, err) < 0)
		return -1;
	process.path = strchr(command, '/') ? command : process_find(command, &arena);
	if (!process.path)
		return not_found(exec, command, err);
	describe_request(connection, process.has_stdin, &request);
	process.environment = make_environment(exec, buffer_text(&request), &arena);
	arguments = ARENA_ARRAY(&arena, exec->argument_count + 2, const char *);
	arguments[0] = command;
	for (size_t i = 0; i < exec->argument_count; i++)
		arguments[i + 1] = exec->arguments[i];
	process.arguments = arguments;
	/* What it writes to our stderr would be seen on a screen, too. */
	shows = hooks && (process.has_stdin || isatty(STDERR_FILENO));
	if (shows)
		call(hooks->before_prompt, hooks->context);
	process_run(&process, &output, &end);
	if (shows)
		call(hooks->after_prompt, hooks->context);
	*ret_answer = (struct plugin_answer){ 0 };
	if (tell_end(command, &process, &end, err) < 0)
		return -1;
	if (take_answer(exec, &output, ret_answer, err) == 0)
		return 0;
	plugin_answer_release(ret_answer);
	return -1;
}
