/* Where the landing simulation would put a pod, for the suite that asks a running kube-scheduler the same.
 *
 * A question is a line of JSON on stdin: {"objects": {RESOURCE: [OBJECT...]}, "namespace": ..., "name": ..., "minor":
 * 34}, the objects as the API server gave them, the pod among them. The answer is a line of JSON: {"feasible": {NODE:
 * TOTAL}, "best": [NODE...], "message": ..., "error": ...}; the last two are left out where there is none. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "clusterutils/kube/decode.h"
#include "clusterutils/sched/scheduler.h"
#include "clusterutils/util/memory.h"

/* Members of "objects", and the kinds they hold. */
static const struct {
	const char *resource;
	enum kind kind;
} inputs[] = {
	{ "nodes", KIND_NODE },
	{ "namespaces", KIND_NAMESPACE },
	{ "services", KIND_SERVICE },
	{ "replicasets", KIND_REPLICA_SET },
	{ "statefulsets", KIND_STATEFUL_SET },
	{ "persistentvolumes", KIND_PERSISTENT_VOLUME },
	{ "persistentvolumeclaims", KIND_PERSISTENT_VOLUME_CLAIM },
	{ "storageclasses", KIND_STORAGE_CLASS },
	{ "csinodes", KIND_CSI_NODE },
	{ "csidrivers", KIND_CSI_DRIVER },
	{ "csistoragecapacities", KIND_CSI_CAPACITY },
	{ "volumeattachments", KIND_VOLUME_ATTACHMENT },
	{ "pods", KIND_POD },
};

static const cJSON *member(const cJSON *object, const char *key)
{
	return cJSON_GetObjectItemCaseSensitive(object, key);
}

static int put(struct cluster *cluster, enum kind kind, const cJSON *object, struct error *err)
{
	CLEANUP(decoder_release) struct decoder decoder = { 0 };
	char *text = cJSON_PrintUnformatted(object);
	int result = decode_object(&decoder, kind, WIRE_JSON, text, strlen(text), cluster, err);

	free(text);
	return result;
}

static int read_cluster(struct cluster *cluster, const cJSON *objects, struct error *err)
{
	cluster->details = CLUSTER_PLACEMENT;
	for (size_t i = 0; i < ARRAY_LEN(inputs); i++) {
		const cJSON *object;

		cJSON_ArrayForEach (object, member(objects, inputs[i].resource))
			if (put(cluster, inputs[i].kind, object, err) < 0)
				return -1;
	}
	return 0;
}

static void describe(const struct sched_trial *trial, cJSON *ret_answer)
{
	cJSON *feasible = cJSON_AddObjectToObject(ret_answer, "feasible");
	cJSON *names = cJSON_AddArrayToObject(ret_answer, "best");
	const struct sched_verdict *best = sched_trial_best(trial);
	AUTO_BUFFER message = { 0 };

	for (size_t i = 0; i < trial->count; i++) {
		const struct sched_verdict *verdict = &trial->verdicts[i];

		if (!verdict->is_feasible)
			continue;
		cJSON_AddNumberToObject(feasible, verdict->node->meta.name, (double)verdict->total);
		if (best && verdict->total == best->total)
			cJSON_AddItemToArray(names, cJSON_CreateString(verdict->node->meta.name));
	}
	if (trial->error) {
		cJSON_AddStringToObject(ret_answer, "error", trial->error);
	} else if (!trial->feasible_count) {
		sched_trial_message(trial, &message);
		cJSON_AddStringToObject(ret_answer, "message", buffer_text(&message));
	}
}

static int answer(const cJSON *question, cJSON *ret_answer, struct error *err)
{
	const char *name = cJSON_GetStringValue(member(question, "name"));
	const char *space = cJSON_GetStringValue(member(question, "namespace"));
	CLEANUP(cluster_release) struct cluster cluster;
	struct scheduler *scheduler;
	struct sched_trial trial;
	const struct pod *pod;

	cluster_init(&cluster);
	if (read_cluster(&cluster, member(question, "objects"), err) < 0)
		return -1;
	pod = name && space ? (const void *)cluster_find(&cluster, KIND_POD, name, space) : NULL;
	if (!pod)
		return error_set(err, ERROR_FAILED, "the pod is not among the objects");
	scheduler = scheduler_new(&cluster);
	scheduler_follow(scheduler, (unsigned)cJSON_GetNumberValue(member(question, "minor")));
	scheduler_try(scheduler, pod, SCHED_SCORE_ALWAYS, &trial);
	describe(&trial, ret_answer);
	sched_trial_release(&trial);
	scheduler_free(scheduler);
	return 0;
}

int main(void)
{
	char *line = NULL;
	size_t size = 0;
	int status = 0;

	while (status == 0 && getline(&line, &size, stdin) > 0) {
		cJSON *question = cJSON_Parse(line), *result = cJSON_CreateObject();
		struct error err;
		char *text = NULL;

		if (answer(question, result, &err) < 0) {
			fprintf(stderr, "landing: %s\n", err.message);
			status = 1;
		} else {
			text = cJSON_PrintUnformatted(result);
			puts(text);
			fflush(stdout);
		}
		free(text);
		cJSON_Delete(result);
		cJSON_Delete(question);
	}
	free(line);
	return status;
}
