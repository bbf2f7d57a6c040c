/* What the suites against a real control plane need of the library and no command shows: the store that follows the
 * cluster compared with a fresh list after each change, writes in every outcome, rights, streams to a pod.
 *
 *	drive churn NAMESPACE OPERATIONS SEED
 *	drive watch KIND SECONDS [SILENCE_MS]   states and counts of one kind that is followed, a line for each change
 *	drive evict NAMESPACE POD UID [dry-run]
 *	drive patch-node NODE JSON
 *	drive review VERB GROUP RESOURCE [NAMESPACE]
 *	drive exec NAMESPACE POD INPUT WORD...
 *	drive forward NAMESPACE POD PORT TEXT
 *
 * It reads $KUBECONFIG. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/top/view.h"
#include "clusterutils/kube/access.h"
#include "clusterutils/kube/exec.h"
#include "clusterutils/kube/forward.h"
#include "clusterutils/kube/http.h"
#include "clusterutils/kube/sync.h"
#include "clusterutils/kube/write.h"
#include "clusterutils/output/print.h"
#include "clusterutils/util/clock.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"

enum { SETTLE_MS = 30000, MAX_LISTS = 8 };

static struct connection connection;
static struct transport *transport;
static struct server server;

static int fail(const struct error *err)
{
	fprintf(stderr, "drive: %s\n", err->message);
	return 1;
}

static void print_warning(void *context, const char *text)
{
	(void)context;
	fprintf(stderr, "Warning: %s\n", text);
}

static int connect_to_server(int64_t watch_silence_ms, struct error *err)
{
	static const struct connection_flags no_flags;
	static struct http_options options;

	if (connection_load(&no_flags, &connection, err) < 0)
		return -1;
	options = (struct http_options){ .connection = &connection,
		.user_agent = "clusterutils-drive",
		.on_warning = print_warning,
		.watch_silence_ms = watch_silence_ms };
	if (http_transport_open(&options, &transport, err) < 0)
		return -1;
	return server_ask(transport, &server, err);
}

/* --- churn --- */

static const enum kind churned[] = { KIND_NODE, KIND_POD, KIND_REPLICA_SET, KIND_JOB, KIND_PRIORITY_CLASS };

struct churn {
	const char *namespace;
	struct cluster live;
	struct sync *sync;
	struct sync_list lists[MAX_LISTS];
	struct sync_options options;
	uint64_t random;
	unsigned made; /* pods so far */
	char done[128];
	struct buffer difference;
};

static unsigned random_below(struct churn *churn, unsigned bound)
{
	churn->random = churn->random * UINT64_C(6364136223846793005) + 1442695040888963407U;
	return (unsigned)(churn->random >> 33) % bound;
}

static void set_lists(struct sync_list *lists)
{
	for (size_t i = 0; i < ARRAY_LEN(churned); i++)
		lists[i] = (struct sync_list){ .kind = churned[i] };
}

/* What the user would see of it, in every view and member. */
static void describe(const struct cluster *cluster, struct buffer *out)
{
	static const struct view *const views[] = { &view_nodes, &view_tiers, &view_pods, &view_images };
	static const struct print_options as_json = { .format = OUTPUT_JSON };
	struct view_options options = { .zone_labels = node_zone_labels };
	struct error err;

	for (size_t i = 0; i < ARRAY_LEN(views); i++) {
		CLEANUP(table_release) struct table table = { 0 };

		if (grouping_parse("zone", node_zone_labels, &options.grouping, &err) < 0 ||
			views[i]->build(cluster, &options, &table, &err) < 0)
			buffer_printf(out, "%s: %s\n", views[i]->name, err.message);
		else
			table_print(&table, &as_json, out);
	}
}

/* A list of its own, in the other wire format than the one that is followed. */
static bool equals_fresh(struct churn *churn)
{
	CLEANUP(cluster_release) struct cluster fresh;
	struct sync_options options = { .server = &server,
		.wire = churn->options.wire == WIRE_JSON ? WIRE_PROTOBUF : WIRE_JSON,
		.has_chunk_size = true,
		.chunk_size = 5000 };
	struct sync_list lists[MAX_LISTS];
	AUTO_BUFFER wanted = { 0 };

	set_lists(lists);
	cluster_init(&fresh);
	sync_run(transport, &options, lists, ARRAY_LEN(churned), &fresh);
	for (size_t i = 0; i < ARRAY_LEN(churned); i++)
		if (lists[i].is_failed) {
			buffer_clear(&churn->difference);
			buffer_add_text(&churn->difference, lists[i].error.message);
			return false;
		}
	describe(&fresh, &wanted);
	buffer_clear(&churn->difference);
	describe(&churn->live, &churn->difference);
	return strcmp(buffer_text(&wanted), buffer_text(&churn->difference)) == 0;
}

static bool settles(struct churn *churn)
{
	int64_t until = clock_monotonic_ms() + SETTLE_MS;

	do {
		sync_step(churn->sync, 20);
		if (equals_fresh(churn))
			return true;
	} while (clock_monotonic_ms() < until);
	return false;
}

static const struct pod *any_pod(struct churn *churn)
{
	size_t count = cluster_count(&churn->live, KIND_POD);

	for (int tries = 0; count && tries < 1000; tries++) {
		const struct pod *pod = cluster_pod(&churn->live, random_below(churn, (unsigned)count));

		if (text_equal(pod->meta.namespace, churn->namespace))
			return pod;
	}
	return NULL;
}

static void create_pod(struct churn *churn, struct write *write, const struct write_options *options)
{
	AUTO_BUFFER object = { 0 };

	snprintf(churn->done, sizeof(churn->done), "create churn-%u", churn->made);
	buffer_printf(&object,
		"{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"churn-%u\",\"labels\":{\"n\":\"%u\"}},"
		"\"spec\":{\"terminationGracePeriodSeconds\":%u,\"containers\":[{\"name\":\"c\",\"image\":\"example/churn:%u\","
		"\"resources\":{\"requests\":{\"cpu\":\"%um\",\"memory\":\"%uMi\"}}}]}}",
		churn->made, churn->made, random_below(churn, 2), random_below(churn, 5), random_below(churn, 50),
		random_below(churn, 100));
	churn->made++;
	write_create(write, transport, options, KIND_POD, churn->namespace, buffer_text(&object));
	write_wait(write, transport);
}

static void change_node(struct churn *churn, struct write *write, const struct write_options *options)
{
	const struct node_entry *entry =
		cluster_node(&churn->live, random_below(churn, (unsigned)cluster_node_count(&churn->live)));
	bool cordon = entry->node && !entry->node->unschedulable && random_below(churn, 4) == 0;
	AUTO_BUFFER patch = { 0 };

	snprintf(churn->done, sizeof(churn->done), "%scordon %s", cordon ? "" : "un", entry->name);
	buffer_printf(&patch, "{\"spec\":{\"unschedulable\":%s},\"metadata\":{\"labels\":{\"churn\":\"%u\"}}}",
		cordon ? "true" : "null", random_below(churn, 3));
	write_patch(write, transport, options, KIND_NODE, NULL, entry->name, PATCH_STRATEGIC, buffer_text(&patch));
	write_wait(write, transport);
}

static void operate(struct churn *churn, struct write *write, const struct write_options *options)
{
	const struct pod *pod = any_pod(churn);
	unsigned dice = random_below(churn, 10);

	if (!pod || dice < 5) {
		create_pod(churn, write, options);
	} else if (dice == 5) {
		change_node(churn, write, options);
	} else if (dice == 6) {
		snprintf(churn->done, sizeof(churn->done), "label %s", pod->meta.name);
		write_patch(write, transport, options, KIND_POD, churn->namespace, pod->meta.name, PATCH_MERGE,
			"{\"metadata\":{\"labels\":{\"n\":\"changed\"}}}");
	} else if (dice == 7) {
		snprintf(churn->done, sizeof(churn->done), "delete %s", pod->meta.name);
		write_delete(write, transport, options, KIND_POD, churn->namespace, pod->meta.name, pod->meta.uid, 0);
	} else {
		snprintf(churn->done, sizeof(churn->done), "evict %s", pod->meta.name);
		write_evict(write, transport, options, churn->namespace, pod->meta.name, pod->meta.uid, 0);
	}
	write_wait(write, transport);
}

static int run_churn(const char *namespace, unsigned operations, uint64_t seed)
{
	static const struct write_options options = { .field_manager = "clusterutils-drive" };
	struct churn churn = { .namespace = namespace,
		.random = seed,
		.options = { .server = &server, .wire = seed % 2 ? WIRE_JSON : WIRE_PROTOBUF } };
	unsigned passed = 0, refused = 0;

	cluster_init(&churn.live);
	set_lists(churn.lists);
	churn.sync = sync_new(transport, &churn.options, churn.lists, ARRAY_LEN(churned), &churn.live);
	while (!sync_is_complete(churn.sync))
		sync_step(churn.sync, 100);
	for (unsigned i = 0; i < operations; i++) {
		struct write write;

		operate(&churn, &write, &options);
		refused += write_outcome(&write) != WRITE_DONE;
		write_release(&write);
		if (settles(&churn))
			passed++;
		else
			printf("# seed %llu: after operation %u, %s: %s\n", (unsigned long long)seed, i, churn.done,
				buffer_text(&churn.difference));
	}
	for (size_t i = 0; i < ARRAY_LEN(churned); i++)
		if (churn.lists[i].state != SYNC_CURRENT)
			printf("# %s: state %d: %s\n", kind_info(churned[i])->resource, (int)churn.lists[i].state,
				churn.lists[i].error.message);
	printf("# seed %llu: %u pods made, %u writes refused\n", (unsigned long long)seed, churn.made, refused);
	printf("churn: %u passed, %u failed\n", passed, operations - passed);
	sync_free(churn.sync);
	cluster_release(&churn.live);
	buffer_release(&churn.difference);
	return passed == operations ? 0 : 1;
}

/* --- one list that is followed --- */

static int run_watch(const char *resource, unsigned seconds)
{
	static const char *const states[] = { "reading", "current", "stale", "failed" };
	CLEANUP(cluster_release) struct cluster cluster;
	struct sync_options options = { .server = &server, .wire = WIRE_PROTOBUF };
	struct sync_list list = { .kind = KIND_COUNT };
	int64_t until = clock_monotonic_ms() + (int64_t)seconds * 1000;
	struct sync *sync;

	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		if (strcmp(kind_info(kind)->resource, resource) == 0 && list.kind == KIND_COUNT)
			list.kind = kind;
	if (list.kind == KIND_COUNT)
		return 2;
	cluster_init(&cluster);
	sync = sync_new(transport, &options, &list, 1, &cluster);
	while (clock_monotonic_ms() < until) {
		if (!sync_step(sync, 100))
			continue;
		printf("%s %zu %s\n", states[list.state],
			list.kind == KIND_NODE ? cluster_node_count(&cluster) : cluster_count(&cluster, list.kind),
			list.error.message);
		fflush(stdout);
	}
	sync_free(sync);
	return 0;
}

/* --- writes, rights, streams --- */

static int tell(struct write *write)
{
	static const char *const outcomes[] = { "under way", "done", "gone", "blocked", "busy", "terminating",
		"conflict", "forbidden", "failed" };

	printf("%s %s\n", outcomes[write_wait(write, transport)], write->request.error.message);
	write_release(write);
	return 0;
}

static int run_review(int count, char **words)
{
	struct right right = { .verbs = { words[0] }, .group = words[1], .resource = words[2] };
	struct error err;

	if (access_review(transport, &right, 1, count > 3 ? words[3] : NULL, &err) < 0)
		return fail(&err);
	printf("%s\n", right.is_allowed ? "yes" : "no");
	return 0;
}

static int print_output(void *context, int stream, const char *bytes, size_t length, struct error *err)
{
	(void)context;
	(void)err;
	fwrite(bytes, 1, length, stream == 2 ? stderr : stdout);
	return 0;
}

static int run_exec(char **words)
{
	struct exec_options options = {
		.namespace = words[0],
		.pod = words[1],
		.input = *words[2] ? words[2] : NULL,
		.input_length = strlen(words[2]),
		.command = (const char *const *)(words + 3),
		.on_output = print_output,
		.timeout_ms = 20000,
	};
	struct error err;
	int status;

	return exec_run(transport, &options, &status, &err) < 0 ? fail(&err) : status;
}

static int print_bytes(void *context, const char *bytes, size_t length, struct error *err)
{
	return print_output(context, 1, bytes, length, err);
}

static int run_forward(char **words)
{
	struct forward *forward;
	struct error err;
	int64_t until = clock_monotonic_ms() + 10000;
	int result;

	if (forward_open(transport, words[0], words[1], (unsigned)strtoul(words[2], NULL, 10), print_bytes, NULL,
		    &forward, &err) < 0)
		return fail(&err);
	forward_send(forward, words[3], strlen(words[3]));
	do
		result = forward_step(forward, 1000, &err);
	while (result > 0 && clock_monotonic_ms() < until);
	forward_free(forward);
	return result < 0 ? fail(&err) : result;
}

static int run(int count, char **words)
{
	static const struct write_options plain = { .field_manager = "clusterutils-drive" };
	static const struct write_options dry = { .field_manager = "clusterutils-drive", .dry_run = true };
	const char *what = count ? words[0] : "";
	struct write write;

	if (strcmp(what, "churn") == 0 && count == 4)
		return run_churn(words[1], (unsigned)strtoul(words[2], NULL, 10), strtoull(words[3], NULL, 10));
	if (strcmp(what, "watch") == 0 && (count == 3 || count == 4))
		return run_watch(words[1], (unsigned)strtoul(words[2], NULL, 10));
	if (strcmp(what, "evict") == 0 && count >= 4) {
		write_evict(&write, transport, count > 4 ? &dry : &plain, words[1], words[2], words[3], 0);
		return tell(&write);
	}
	if (strcmp(what, "patch-node") == 0 && count == 3) {
		write_patch(&write, transport, &plain, KIND_NODE, NULL, words[1],
			*words[2] == '[' ? PATCH_JSON : PATCH_STRATEGIC, words[2]);
		return tell(&write);
	}
	if (strcmp(what, "review") == 0 && count >= 4)
		return run_review(count - 1, words + 1);
	if (strcmp(what, "exec") == 0 && count >= 5)
		return run_exec(words + 1);
	if (strcmp(what, "forward") == 0 && count == 5)
		return run_forward(words + 1);
	fprintf(stderr, "drive: see the head of tests/e2e/drive.c\n");
	return 2;
}

int main(int argc, char **argv)
{
	struct error err;
	int status;

	if (connect_to_server(argc == 5 && strcmp(argv[1], "watch") == 0 ? strtoll(argv[4], NULL, 10) : 0, &err) < 0)
		return fail(&err);
	status = run(argc - 1, argv + 1);
	transport_free(transport);
	connection_release(&connection);
	return status;
}
