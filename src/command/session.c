#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "clusterutils/command/command.h"
#include "clusterutils/demo/demo.h"
#include "clusterutils/kube/http.h"
#include "clusterutils/kube/memory.h"
#include "clusterutils/model/field_selector.h"
#include "clusterutils/model/selector.h"
#include "clusterutils/util/clock.h"
#include "clusterutils/util/text.h"

enum { STEP_MS = 1000 };

/* A selector that does not parse is a wrong command line, whatever the cluster would say to it. */
static int check_selectors(const struct global_options *global, struct error *err)
{
	AUTO_SELECTOR labels = { 0 };
	AUTO_FIELD_SELECTOR fields = { 0 };

	if ((!global->selector || selector_parse(global->selector, &labels, err) == 0) &&
		(!global->field_selector || field_selector_parse(global->field_selector, &fields, err) == 0))
		return 0;
	err->code = ERROR_USAGE;
	return -1;
}

/* --- opening --- */

/* A namespace becomes a part of a path. Source: k8s.io/apimachinery/pkg/api/validation/path, v0.34. */
static int check_namespace(const char *namespace, struct error *err)
{
	const char *bad = strchr(namespace, '/') ? "/" : strchr(namespace, '%') ? "%" : NULL;

	if (strcmp(namespace, ".") == 0 || strcmp(namespace, "..") == 0)
		return error_set(err, ERROR_USAGE, "invalid namespace \"%s\": [may not be '%s']", namespace, namespace);
	if (bad)
		return error_set(err, ERROR_USAGE, "invalid namespace \"%s\": [may not contain '%s']", namespace, bad);
	return 0;
}

static int open_dumps(const struct global_options *global, struct session *session, struct error *err)
{
	session->transport = memory_transport_new();
	for (size_t i = 0; i < global->from.count; i++)
		if (memory_add_path(session->transport, global->from.items[i], err) < 0)
			return -1;
	return 0;
}

static void open_demo(struct session *session)
{
	clock_set(demo_now);
	session->transport = demo_transport_new(DEMO_SEED);
	session->is_demo = true;
}

/* As Go names the machine: "linux/amd64". */
static const char *platform(void)
{
#if defined(__APPLE__) && defined(__aarch64__)
	return "darwin/arm64";
#elif defined(__APPLE__)
	return "darwin/amd64";
#elif defined(__x86_64__)
	return "linux/amd64";
#elif defined(__aarch64__)
	return "linux/arm64";
#elif defined(__arm__)
	return "linux/arm";
#else
	return "linux/other";
#endif
}

static void print_warning(void *context, const char *text)
{
	const char *start = colour_is_allowed(STDERR_FILENO) ? "\033[33;1m" : "";

	(void)context;
	fprintf(stderr, "%sWarning:%s %s\n", start, *start ? "\033[0m" : "", text);
}

static int open_server(const struct invocation *invocation, const struct session_setup *setup, struct session *session,
	struct error *err)
{
	const struct global_options *global = &invocation->global;
	struct connection_flags flags = global->connection;
	struct http_options options = {
		.connection = &session->connection,
		.user_agent = session->user_agent,
		.verbosity = (unsigned)global->verbosity,
		.on_warning = setup->on_warning ? setup->on_warning : print_warning,
		.context = setup->warning_context,
		.hooks = setup->hooks,
	};

	flags.namespace = global->namespace;
	if (setup->context)
		flags.context = setup->context;
	if (connection_load(&flags, &session->connection, err) < 0)
		return -1;
	if (connection_check_references(&session->connection, err) < 0) {
		connection_release(&session->connection);
		return -1;
	}
	snprintf(session->user_agent, sizeof(session->user_agent), "kubectl-clusterutils/%.40s (%s) kubernetes/%.7s",
		invocation->version, platform(), invocation->commit);
	session->options = (struct sync_options){
		.server = &session->server,
		.wire = text_equal(global->wire, "json") ? WIRE_JSON : WIRE_PROTOBUF,
		.has_chunk_size = option_is_given(&invocation->arguments, &global->chunk_size),
		.chunk_size = global->chunk_size,
	};
	session->is_live = true;
	return http_transport_open(&options, &session->transport, err);
}

int session_begin(const struct invocation *invocation, const struct session_setup *setup, struct session *ret_session,
	struct error *err)
{
	const struct global_options *global = &invocation->global;
	int result = 0;

	*ret_session = (struct session){ 0 };
	if (global->demo && global->from.count)
		return error_set(err, ERROR_USAGE, "--demo and --from exclude each other");
	if (check_selectors(global, err) < 0 || (global->namespace && check_namespace(global->namespace, err) < 0))
		return -1;
	if (global->demo)
		open_demo(ret_session);
	else if (global->from.count)
		result = open_dumps(global, ret_session, err);
	else
		result = open_server(invocation, setup, ret_session, err);
	if (result == 0)
		return 0;
	session_release(ret_session);
	return -1;
}

int session_open(const struct invocation *invocation, struct session *ret_session, struct error *err)
{
	static const struct session_setup plain = { 0 };

	if (session_begin(invocation, &plain, ret_session, err) < 0)
		return -1;
	if (!ret_session->is_live || server_ask(ret_session->transport, &ret_session->server, err) == 0)
		return 0;
	session_release(ret_session);
	return -1;
}

void session_release(struct session *session)
{
	transport_free(session->transport);
	session->transport = NULL;
	if (session->is_live)
		connection_release(&session->connection);
	session->is_live = false;
}

const char *invocation_namespace(const struct invocation *invocation)
{
	const char *namespace = invocation->global.namespace;

	return invocation->global.all_namespaces || !namespace || !*namespace ? NULL : namespace;
}

/* --- reading --- */

/* "resources" or, for metrics, "metrics of nodes". */
static void print_name(const struct sync_list *list, FILE *out)
{
	const struct kind_info *info = kind_info(list->kind);

	fprintf(out, "%s%s", kind_is_metrics(list->kind) ? "metrics of " : "", info->resource);
}

bool session_narrow(
	const struct invocation *invocation, const struct session *session, struct sync_list *lists, size_t count)
{
	bool narrowed = false;

	if (!session->is_live || invocation->global.all_namespaces)
		return false;
	for (size_t i = 0; i < count; i++) {
		struct sync_list *list = &lists[i];

		if (!list->is_failed || list->error.code != ERROR_FORBIDDEN || list->namespace ||
			kind_info(list->kind)->scope != SCOPE_NAMESPACE)
			continue;
		list->namespace = session->connection.namespace;
		narrowed = true;
	}
	return narrowed;
}

static void tell_narrowed(
	const struct invocation *invocation, const struct session *session, const struct sync_list *lists, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!session->is_live || lists[i].is_failed || invocation_namespace(invocation) || !lists[i].namespace)
			continue;
		fprintf(stderr, "warning: ");
		print_name(&lists[i], stderr);
		fprintf(stderr, " are those of namespace %s alone: you may not list them in all namespaces\n",
			lists[i].namespace);
	}
}

/* What -v tells of dumps; of a server the transport tells it. */
static void tell_reading(const struct sync_list *lists, size_t count, int64_t milliseconds)
{
	for (size_t i = 0; i < count; i++) {
		char path[PATH_SIZE];

		path_of_kind(lists[i].kind, lists[i].namespace, path);
		fprintf(stderr, "GET %s: %llu objects\n", path, (unsigned long long)lists[i].objects);
	}
	fprintf(stderr, "read in %lld ms\n", (long long)milliseconds);
}

void session_read(const struct invocation *invocation, struct session *session, struct sync_list *lists, size_t count,
	struct cluster *cluster)
{
	int64_t start = clock_monotonic_ms();

	sync_run(session->transport, &session->options, lists, count, cluster);
	if (invocation->global.verbosity >= 6 && !session->is_live)
		tell_reading(lists, count, clock_monotonic_ms() - start);
	if (!session_narrow(invocation, session, lists, count))
		return;
	for (size_t i = 0; i < count; i++)
		if (lists[i].is_failed && lists[i].namespace)
			sync_run(session->transport, &session->options, &lists[i], 1, cluster);
}

static struct sync *follow(struct session *session, struct sync_list *lists, size_t count, struct cluster *cluster)
{
	struct sync *sync = sync_new(session->transport, &session->options, lists, count, cluster);

	while (!sync_is_complete(sync))
		sync_step(sync, STEP_MS);
	return sync;
}

struct sync *session_follow(const struct invocation *invocation, struct session *session, struct sync_list *lists,
	size_t count, struct cluster *cluster)
{
	struct sync *sync = follow(session, lists, count, cluster);

	if (!session_narrow(invocation, session, lists, count))
		return sync;
	sync_free(sync);
	return follow(session, lists, count, cluster);
}

static void tell_invalid(const struct sync_list *list)
{
	if (!list->invalid)
		return;
	fprintf(stderr, "warning: %s: left out\n", list->first_invalid.message);
	if (list->invalid > 1)
		fprintf(stderr, "warning: and %llu more %s that are not valid: left out\n",
			(unsigned long long)(list->invalid - 1), kind_info(list->kind)->resource);
}

static void tell_failed(const struct sync_list *list)
{
	fprintf(stderr, "warning: ");
	print_name(list, stderr);
	fprintf(stderr, list->state == SYNC_STALE ? " may be out of date: %s\n" : " cannot be read: %s\n",
		list->error.message);
}

/* A cluster without metrics: every view says so in its own place. */
static bool has_no_metrics(const struct sync_list *list)
{
	return list->is_failed && list->error.code == ERROR_NOT_FOUND && list->error.http_status == 404;
}

/* What makes everything that follows unbelievable: a dump that cannot be read, a server that is gone, a list without
 * which there is nothing to show, or none of those that are more than metrics. NULL where something is left to show. */
static const struct error *fatal_error(const struct session *session, const struct sync_list *lists, size_t count)
{
	const struct error *first = NULL;
	bool has_any = false;

	for (size_t i = 0; i < count; i++) {
		const struct sync_list *list = &lists[i];
		int status = list->error.http_status;

		has_any = has_any || (!list->is_failed && !kind_is_metrics(list->kind));
		if (!list->is_failed || (session->is_live && kind_is_metrics(list->kind)))
			continue;
		if (status == 0 || status == 400 || list->is_needed)
			return &list->error;
		if (!first)
			first = &list->error;
	}
	return session->is_live && !has_any ? first : NULL;
}

int session_report(const struct invocation *invocation, const struct session *session, const struct sync_list *lists,
	size_t count, bool *ret_complete, struct error *err)
{
	const struct error *fatal = fatal_error(session, lists, count);

	*ret_complete = true;
	if (fatal) {
		*err = *fatal;
		return -1;
	}
	tell_narrowed(invocation, session, lists, count);
	for (size_t i = 0; i < count; i++) {
		const struct sync_list *list = &lists[i];

		if (has_no_metrics(list))
			continue;
		if (list->is_failed || list->state == SYNC_STALE)
			tell_failed(list);
		tell_invalid(list);
		if (list->is_failed || list->invalid)
			*ret_complete = false;
	}
	return 0;
}

static enum output_format output_format(const char *name)
{
	static const char *const names[] = {
		[OUTPUT_TABLE] = "table",
		[OUTPUT_WIDE] = "wide",
		[OUTPUT_JSON] = "json",
		[OUTPUT_YAML] = "yaml",
		[OUTPUT_CSV] = "csv",
		[OUTPUT_NAME] = "name",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (name && strcmp(names[i], name) == 0)
			return (enum output_format)i;
	return OUTPUT_TABLE;
}

static bool has_items(const struct table *table)
{
	for (size_t i = 0; i < table->row_count; i++)
		if (table->rows[i].kind == ROW_ITEM)
			return true;
	return false;
}

/* 0 where stdout is no terminal, or one that does not say. */
static int terminal_width(void)
{
	struct winsize size;

	return isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

bool invocation_is_for_programs(const struct invocation *invocation)
{
	enum output_format format = invocation_print_options(invocation).format;

	return format != OUTPUT_TABLE && format != OUTPUT_WIDE;
}

struct print_options invocation_print_options(const struct invocation *invocation)
{
	return (struct print_options){
		.format = output_format(invocation->global.output),
		.no_headers = invocation->global.no_headers,
		.colour = colour_is_allowed(STDOUT_FILENO),
		.now = clock_now(),
		.width = terminal_width(),
	};
}

int invocation_print(
	const struct invocation *invocation, const struct table *table, const char *columns, struct error *err)
{
	struct print_options options = invocation_print_options(invocation);
	bool is_text = options.format == OUTPUT_TABLE || options.format == OUTPUT_WIDE;
	struct column_order order;
	AUTO_BUFFER out = { 0 };

	if (column_order_read(table, columns, options.format == OUTPUT_CSV ? COLUMNS_CSV : COLUMNS_TEXT, &order, err) <
		0)
		return -1;
	options.columns = order.count ? &order : NULL;
	if (is_text && !has_items(table)) {
		const char *namespace = invocation_namespace(invocation);

		if (table->nothing)
			fprintf(stderr, "%s\n", table->nothing);
		else if (namespace)
			fprintf(stderr, "No resources found in %s namespace.\n", namespace);
		else
			fprintf(stderr, "No resources found\n");
		return 0;
	}
	table_print(table, &options, &out);
	return invocation_write(&out, err);
}

int invocation_write(const struct buffer *text, struct error *err)
{
	size_t written = text->length ? fwrite(text->bytes, 1, text->length, stdout) : 0;

	if (written == text->length && fflush(stdout) == 0)
		return 0;
	return error_set(err, ERROR_FAILED, "cannot write to standard output: %s", strerror(errno));
}
