#include "clusterutils/kube/kubelets.h"

#include <stdlib.h>
#include <string.h>

#include "clusterutils/kube/path.h"
#include "clusterutils/util/clock.h"
#include "clusterutils/util/memory.h"
#include "summary.h"

enum {
	STEP_MS = 1000,
	RETRY_MS = 30000, /* where none has answered */
};

/* One node that is being asked. */
struct question {
	struct kubelets *kubelets;
	bool is_open;
	struct request request;
	struct summary summary;
	char path[PATH_SIZE];
};

struct kubelets {
	struct transport *transport;
	struct cluster *cluster;
	bool is_pods_only;
	struct question questions[KUBELETS_UNDER_WAY];
	char **nodes; /* of the round */
	size_t count, capacity, next;
	size_t answered;
	struct error error; /* of the round */
	uint32_t stamp;
	bool is_round;
	bool changed;
	uint64_t rounds;
	int64_t due; /* clock_monotonic_ms() of the next round */
};

struct kubelets *kubelets_new(struct transport *transport, struct cluster *cluster, bool is_pods_only)
{
	struct kubelets *kubelets = NEW(struct kubelets);

	kubelets->transport = transport;
	kubelets->cluster = cluster;
	kubelets->is_pods_only = is_pods_only;
	cluster->survey = (struct survey){ .is_asked = true, .is_first = true, .heard = TIME_NONE };
	return kubelets;
}

static void clear_nodes(struct kubelets *kubelets)
{
	for (size_t i = 0; i < kubelets->count; i++)
		free(kubelets->nodes[i]);
	kubelets->count = kubelets->next = 0;
}

void kubelets_free(struct kubelets *kubelets)
{
	if (!kubelets)
		return;
	for (size_t i = 0; i < KUBELETS_UNDER_WAY; i++) {
		struct question *question = &kubelets->questions[i];

		if (!question->is_open)
			continue;
		if (!question->request.done)
			transport_cancel(kubelets->transport, &question->request);
		summary_release(&question->summary);
	}
	clear_nodes(kubelets);
	free(kubelets->nodes);
	free(kubelets);
}

/* --- a round --- */

static bool is_to_be_asked(const struct cluster *cluster, const struct node_entry *entry)
{
	if (cluster->is_unread[KIND_NODE])
		return entry->pods;
	return entry->node && entry->node->ready == CONDITION_TRUE;
}

static void begin_round(struct kubelets *kubelets)
{
	const struct cluster *cluster = kubelets->cluster;

	clear_nodes(kubelets);
	kubelets->answered = 0;
	error_clear(&kubelets->error);
	for (size_t i = 0; i < cluster_node_count(cluster); i++) {
		const struct node_entry *entry = cluster_node(cluster, i);

		if (!is_to_be_asked(cluster, entry))
			continue;
		ARRAY_GROW(kubelets->nodes, kubelets->count, kubelets->capacity);
		kubelets->nodes[kubelets->count++] = memory_copy_text(entry->name);
	}
	kubelets->stamp = cluster_new_stamp(kubelets->cluster);
	kubelets->is_round = true;
}

/* What is told of a round that is under way is how far the first has come, and the result of the last of all others. */
static void publish(struct kubelets *kubelets)
{
	struct survey *survey = &kubelets->cluster->survey;

	survey->is_first = kubelets->is_round && kubelets->rounds == 0;
	if (kubelets->is_round && !survey->is_first)
		return;
	survey->nodes = kubelets->count;
	survey->answered = kubelets->answered;
	survey->error = kubelets->error;
}

/* Nodes and pods of which nobody has told anything in this round have no usage. */
static void end_round(struct kubelets *kubelets)
{
	struct cluster *cluster = kubelets->cluster;
	bool is_silent = kubelets->count && !kubelets->answered;

	cluster->stamp = kubelets->stamp;
	cluster_sweep(cluster, KIND_NODE_METRICS, NULL);
	cluster_sweep(cluster, KIND_POD_METRICS, NULL);
	kubelets->is_round = false;
	kubelets->rounds++;
	kubelets->changed = true;
	kubelets->due = clock_monotonic_ms() + (is_silent ? RETRY_MS : KUBELETS_POLL_MS);
	publish(kubelets);
}

/* --- one node --- */

static void note_failure(struct kubelets *kubelets, const char *node, struct error *err)
{
	if (kubelets->error.code)
		return;
	kubelets->error = *err;
	error_wrap(&kubelets->error, "kubelet of %.253s", node);
}

static int take_bytes(void *context, const char *bytes, size_t length, struct error *err)
{
	return summary_feed(&((struct question *)context)->summary, bytes, length, err);
}

static void ask(struct kubelets *kubelets, struct question *question, const char *node)
{
	struct error err;

	if (!path_of_node_stats(node, question->path) || kubelets->next > KUBELETS_MAX_NODES) {
		error_set(&err, ERROR_INVALID,
			kubelets->next > KUBELETS_MAX_NODES ? "there are too many nodes"
							    : "a node cannot have that name");
		note_failure(kubelets, node, &err);
		return;
	}
	question->is_open = true;
	question->request = (struct request){
		.verb = "GET",
		.path = question->path,
		.timeout_ms = KUBELETS_TIMEOUT_MS,
		.is_sent_once = true,
		.on_bytes = take_bytes,
		.context = question,
	};
	summary_init(&question->summary, kubelets->cluster, node, kubelets->stamp, kubelets->is_pods_only);
	transport_start(kubelets->transport, &question->request);
}

static void take_in(struct kubelets *kubelets, struct question *question)
{
	struct error err = question->request.error;

	question->is_open = false;
	if (!err.code && summary_finish(&question->summary, &err) == 0) {
		kubelets->answered++;
		kubelets->cluster->survey.heard = clock_now();
	} else {
		note_failure(kubelets, question->summary.node, &err);
	}
	summary_release(&question->summary);
	kubelets->changed = true;
	publish(kubelets);
}

int kubelets_turn(struct kubelets *kubelets, int timeout_ms)
{
	int64_t left = kubelets->due - clock_monotonic_ms();
	bool is_busy = false;

	if (!kubelets->is_round && left > 0)
		return left < timeout_ms ? (int)left : timeout_ms;
	if (!kubelets->is_round)
		begin_round(kubelets);
	for (size_t i = 0; i < KUBELETS_UNDER_WAY; i++) {
		struct question *question = &kubelets->questions[i];

		if (question->is_open && question->request.done)
			take_in(kubelets, question);
		while (!question->is_open && kubelets->next < kubelets->count) {
			const char *node = kubelets->nodes[kubelets->next++];

			ask(kubelets, question, node);
		}
		is_busy = is_busy || question->is_open;
	}
	if (!is_busy)
		end_round(kubelets);
	return timeout_ms;
}

bool kubelets_has_changed(struct kubelets *kubelets)
{
	bool changed = kubelets->changed;

	kubelets->changed = false;
	return changed;
}

uint64_t kubelets_rounds(const struct kubelets *kubelets)
{
	return kubelets->rounds;
}

void kubelets_complete(struct kubelets *kubelets)
{
	for (kubelets_turn(kubelets, 0); !kubelets->rounds; kubelets_turn(kubelets, 0))
		transport_step(kubelets->transport, STEP_MS);
}
