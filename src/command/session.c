#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "clusterutils/command/command.h"
#include "clusterutils/kube/demo.h"
#include "clusterutils/kube/memory.h"
#include "clusterutils/model/field_selector.h"
#include "clusterutils/model/selector.h"
#include "clusterutils/util/clock.h"

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

int invocation_open(const struct invocation *invocation, struct transport **ret_transport, struct error *err)
{
	const struct global_options *global = &invocation->global;
	struct transport *transport;

	if (global->demo && global->from.count)
		return error_set(err, ERROR_USAGE, "--demo and --from exclude each other");
	if (!global->demo && !global->from.count)
		return error_set(err, ERROR_USAGE,
			"no cluster to read: give --from FILE (written by kubectl get -o json), or --demo for the built-in one");
	if (check_selectors(global, err) < 0)
		return -1;
	transport = memory_transport_new();
	if (global->demo) {
		memory_add_bytes(transport, "the demo cluster", demo_data, demo_data_size);
		clock_set(demo_now);
	}
	for (size_t i = 0; i < global->from.count; i++) {
		if (memory_add_path(transport, global->from.items[i], err) < 0) {
			transport_free(transport);
			return -1;
		}
	}
	*ret_transport = transport;
	return 0;
}

const char *invocation_namespace(const struct invocation *invocation)
{
	const char *namespace = invocation->global.namespace;

	return invocation->global.all_namespaces || !namespace || !*namespace ? NULL : namespace;
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

/* "resources" or, for metrics, "metrics of nodes". */
static void tell_failed(const struct sync_list *list)
{
	const struct kind_info *info = kind_info(list->kind);

	fprintf(stderr, "warning: %s%s cannot be read: %s\n",
		strcmp(info->group, "metrics.k8s.io") ? "" : "metrics of ", info->resource, list->error.message);
}

int invocation_read(const struct invocation *invocation, struct transport *transport, struct sync_list *lists,
	size_t count, struct cluster *cluster, bool *ret_complete, struct error *err)
{
	int64_t start = clock_monotonic_ms();

	*ret_complete = true;
	sync_run(transport, lists, count, cluster);
	for (size_t i = 0; i < count; i++) {
		const struct sync_list *list = &lists[i];
		bool has_no_metrics =
			list->is_failed && list->error.code == ERROR_NOT_FOUND && list->error.http_status == 404;

		if (list->is_failed && !has_no_metrics) {
			/* The dump itself cannot be read: nothing that follows could be believed. */
			if (list->error.http_status == 0 || list->error.http_status == 400) {
				*err = list->error;
				return -1;
			}
			tell_failed(list);
		}
		tell_invalid(list);
		if ((list->is_failed && !has_no_metrics) || list->invalid)
			*ret_complete = false;
		if (invocation->global.verbosity >= 6) {
			char path[PATH_SIZE];

			path_of_kind(list->kind, list->namespace, path);
			fprintf(stderr, "GET %s: %llu objects\n", path, (unsigned long long)list->objects);
		}
	}
	if (invocation->global.verbosity >= 6)
		fprintf(stderr, "read in %lld ms\n", (long long)(clock_monotonic_ms() - start));
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

int invocation_print(const struct invocation *invocation, const struct table *table, struct error *err)
{
	struct print_options options = {
		.format = output_format(invocation->global.output),
		.no_headers = invocation->global.no_headers,
		.colour = colour_is_allowed(STDOUT_FILENO),
		.now = clock_now(),
		.width = terminal_width(),
	};
	bool is_text = options.format == OUTPUT_TABLE || options.format == OUTPUT_WIDE;
	AUTO_BUFFER out = { 0 };

	if (is_text && !has_items(table)) {
		const char *namespace = invocation_namespace(invocation);

		if (namespace)
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
