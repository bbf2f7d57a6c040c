/* Writes to the demo cluster, through the program's own door and past it, and what the controllers make of them. */
#include <stdio.h>
#include <string.h>

#include "clusterutils/demo/demo.h"
#include "clusterutils/kube/sync.h"
#include "clusterutils/kube/write.h"
#include "clusterutils/util/clock.h"
#include "clusterutils/util/text.h"
#include "objects.h"
#include "question.h"
#include "suite.h"

#define AUTO_TRANSPORT CLEANUP(transport_release) struct transport
#define AUTO_WRITE     CLEANUP(write_release) struct write

static const struct write_options plain = { .field_manager = "clusterutils-test" };
static const struct write_options dry = { .field_manager = "clusterutils-test", .dry_run = true };

static struct transport *fresh(void)
{
	clock_freeze(demo_now);
	return demo_transport_new(DEMO_SEED);
}

static void pass_to(struct transport *demo, int64_t seconds)
{
	clock_freeze(demo_now + seconds);
	question_settle(demo);
}

/* The value at a path of names, as text; "" where there is none. */
static const char *value_of(struct question *question, const char *path)
{
	static char text[256];
	const cJSON *value = question_json(question);
	AUTO_BUFFER name = { 0 };

	while (value && *path) {
		buffer_clear(&name);
		buffer_add(&name, path, strcspn(path, " "));
		path += name.length + (path[name.length] == ' ');
		value = cJSON_GetObjectItemCaseSensitive(value, buffer_text(&name));
	}
	if (cJSON_IsNumber(value))
		snprintf(text, sizeof(text), "%.0f", value->valuedouble);
	else if (cJSON_IsBool(value))
		snprintf(text, sizeof(text), "%s", cJSON_IsTrue(value) ? "true" : "false");
	else
		snprintf(text, sizeof(text), "%s", cJSON_IsString(value) ? value->valuestring : "");
	return text;
}

static void expect(struct transport *demo, const char *object, const char *path, const char *value)
{
	AUTO_QUESTION question;

	question_ask(&question, demo, "GET", object, NULL);
	ck_assert_msg(question.request.status == 200, "%s: %s", object, question.request.error.message);
	ck_assert_str_eq(value_of(&question, path), value);
}

/* How many pods of the namespace and label there are; *ret_pods has their list. */
static size_t count_pods(struct transport *demo, const char *namespace, const char *label, const char *part)
{
	AUTO_QUESTION question;
	AUTO_BUFFER path = { 0 };
	size_t count;

	buffer_printf(&path, "/api/v1/namespaces/%s/pods", namespace);
	question_prepare(&question, "GET", buffer_text(&path), NULL);
	question_add(&question, "labelSelector", label);
	question_run(&question, demo);
	count = question_count(&question, part);
	return count;
}

/* --- evictions --- */

#define AGENT     "ci-agent-kd2sj6s8c6-6bgvn"
#define AGENT_UID "5f3aafb6-467a-544d-8376-c5934b9a0ece"

static enum write_outcome evict(struct transport *demo, const struct write_options *options, const char *namespace,
	const char *name, const char *uid)
{
	AUTO_WRITE write;

	write_evict(&write, demo, options, namespace, name, uid, WRITE_GRACE_DEFAULT);
	return write_wait(&write, demo);
}

START_TEST(an_evicted_pod_has_a_successor)
{
	AUTO_TRANSPORT *demo = fresh();
	static const char path[] = "/api/v1/namespaces/batch/pods/" AGENT;
	AUTO_QUESTION gone;

	pass_to(demo, 1);
	ck_assert_int_eq(evict(demo, &plain, "batch", AGENT, AGENT_UID), WRITE_DONE);
	expect(demo, path, "metadata deletionTimestamp", "2026-03-01T12:00:31Z");
	expect(demo, path, "status phase", "Running");
	pass_to(demo, 2);
	ck_assert_uint_eq(count_pods(demo, "batch", "app=ci-agent", "\"phase\":\"Pending\""), 1);
	pass_to(demo, 10);
	question_ask(&gone, demo, "GET", path, NULL);
	ck_assert_int_eq(gone.request.status, 404);
	pass_to(demo, 25);
	ck_assert_uint_eq(count_pods(demo, "batch", "app=ci-agent", "\"phase\":\"Running\""), 6);
	ck_assert_uint_eq(count_pods(demo, "batch", "app=ci-agent", "\"type\":\"Ready\",\"status\":\"True\""), 6);
	expect(demo, "/apis/apps/v1/namespaces/batch/deployments/ci-agent", "status readyReplicas", "6");
}
END_TEST

START_TEST(an_eviction_may_not_be)
{
	AUTO_TRANSPORT *demo = fresh();
	AUTO_WRITE blocked, other;

	ck_assert_int_eq(evict(demo, &plain, "batch", "nobody", "u"), WRITE_GONE);
	write_evict(&other, demo, &plain, "batch", AGENT, "another-uid", WRITE_GRACE_DEFAULT);
	ck_assert_int_eq(write_wait(&other, demo), WRITE_GONE);
	ck_assert_int_eq(other.request.status, 409);
	ck_assert_str_eq(other.request.api_status.message,
		"Operation cannot be fulfilled on Pod \"" AGENT
		"\": the UID in the precondition (another-uid) does not match "
		"the UID in record (" AGENT_UID "). The object might have been deleted and then recreated");
	write_evict(&blocked, demo, &plain, "database", "postgres-0", NULL, WRITE_GRACE_DEFAULT);
	ck_assert_int_eq(write_wait(&blocked, demo), WRITE_BLOCKED);
	ck_assert_int_eq(blocked.request.status, 429);
	ck_assert_str_eq(blocked.request.api_status.message,
		"Cannot evict pod as it would violate the pod's disruption budget.");
	ck_assert_str_eq(blocked.request.api_status.cause, "DisruptionBudget");
	ck_assert_int_eq(evict(demo, &dry, "batch", AGENT, AGENT_UID), WRITE_DONE);
	expect(demo, "/api/v1/namespaces/batch/pods/" AGENT, "metadata deletionTimestamp", "");
}
END_TEST

/* One of two may go; the other not before the first has a successor that is ready. */
START_TEST(a_budget_counts)
{
	AUTO_TRANSPORT *demo = fresh();
	AUTO_QUESTION pods;
	const cJSON *items;
	const char *first, *second;

	question_prepare(&pods, "GET", "/api/v1/namespaces/argocd/pods", NULL);
	question_add(&pods, "labelSelector", "app=argocd-server");
	question_run(&pods, demo);
	items = cJSON_GetObjectItem(question_json(&pods), "items");
	ck_assert_int_eq(cJSON_GetArraySize(items), 2);
	first = cJSON_GetObjectItem(cJSON_GetObjectItem(items->child, "metadata"), "name")->valuestring;
	second = cJSON_GetObjectItem(cJSON_GetObjectItem(items->child->next, "metadata"), "name")->valuestring;
	ck_assert_int_eq(evict(demo, &plain, "argocd", first, NULL), WRITE_DONE);
	expect(demo, "/apis/policy/v1/namespaces/argocd/poddisruptionbudgets/argocd-server",
		"status disruptionsAllowed", "0");
	ck_assert_int_eq(evict(demo, &plain, "argocd", second, NULL), WRITE_BLOCKED);
	pass_to(demo, 60);
	expect(demo, "/apis/policy/v1/namespaces/argocd/poddisruptionbudgets/argocd-server",
		"status disruptionsAllowed", "1");
	expect(demo, "/apis/policy/v1/namespaces/argocd/poddisruptionbudgets/argocd-server", "status currentHealthy",
		"2");
	ck_assert_int_eq(evict(demo, &plain, "argocd", second, NULL), WRITE_DONE);
}
END_TEST

START_TEST(a_database_stays_with_its_volume)
{
	AUTO_TRANSPORT *demo = fresh();
	AUTO_WRITE write;

	write_delete(&write, demo, &plain, KIND_POD, "database", "postgres-0", NULL, 1);
	ck_assert_int_eq(write_wait(&write, demo), WRITE_DONE);
	pass_to(demo, 90);
	expect(demo, "/api/v1/namespaces/database/pods/postgres-0", "status phase", "Running");
	expect(demo, "/api/v1/namespaces/database/pods/postgres-0", "metadata deletionTimestamp", "");
	/* The volume allows three nodes; the Pis are none of them. */
	expect(demo, "/api/v1/namespaces/database/pods/postgres-0", "spec nodeSelector", "");
	ck_assert_uint_eq(count_pods(demo, "database", "app=postgres", "\"nodeName\":\"kamino\""), 0);
	ck_assert_uint_eq(count_pods(demo, "database", "app=postgres", "\"nodeName\":\"dagobah\""), 0);
}
END_TEST

START_TEST(a_daemon_comes_back_to_its_node)
{
	AUTO_TRANSPORT *demo = fresh();
	AUTO_WRITE write;

	write_delete(&write, demo, &plain, KIND_POD, "csi-nfs", "csi-nfs-node-f576k",
		"1f09810f-b1f3-5c28-a9b4-b40d82e457c5", WRITE_GRACE_DEFAULT);
	ck_assert_int_eq(write_wait(&write, demo), WRITE_DONE);
	pass_to(demo, 60);
	ck_assert_uint_eq(count_pods(demo, "csi-nfs", "app=csi-nfs-node", "\"nodeName\":\"corellia\""), 1);
	ck_assert_uint_eq(
		count_pods(demo, "csi-nfs", "app=csi-nfs-node", "\"controller-revision-hash\":\"swwmq4qs4\""), 6);
	expect(demo, "/apis/apps/v1/namespaces/csi-nfs/daemonsets/csi-nfs-node", "status numberReady", "6");
}
END_TEST

/* --- patches --- */

static const struct {
	enum patch_type type;
	enum kind kind;
	const char *namespace, *name, *patch;
	enum write_outcome outcome;
	const char *path, *value; /* of the object afterwards */
} patches[] = {
	{ PATCH_MERGE, KIND_NODE, NULL, "tatooine", "{\"spec\":{\"unschedulable\":true}}", WRITE_DONE,
		"spec unschedulable", "true" },
	{ PATCH_STRATEGIC, KIND_NODE, NULL, "tatooine",
		"{\"metadata\":{\"labels\":{\"a\":\"b\",\"kubernetes.io/os\":null}}}", WRITE_DONE,
		"metadata labels kubernetes.io/os", "" },
	{ PATCH_JSON, KIND_NODE, NULL, "tatooine",
		"[{\"op\":\"test\",\"path\":\"/metadata/name\",\"value\":\"tatooine\"},"
		"{\"op\":\"add\",\"path\":\"/spec/unschedulable\",\"value\":true}]",
		WRITE_DONE, "spec unschedulable", "true" },
	{ PATCH_JSON, KIND_NODE, NULL, "jakku",
		"[{\"op\":\"replace\",\"path\":\"/spec/unschedulable\",\"value\":false}]", WRITE_DONE,
		"spec unschedulable", "false" },
	{ PATCH_JSON, KIND_NODE, NULL, "jakku",
		"[{\"op\":\"add\",\"path\":\"/metadata/labels/demo~1a~0b\",\"value\":\"c\"},{\"op\":\"copy\",\"from\":"
		"\"/metadata/labels/demo~1a~0b\",\"path\":\"/metadata/labels/d\"},{\"op\":\"move\",\"from\":"
		"\"/metadata/labels/d\",\"path\":\"/metadata/labels/e\"}]",
		WRITE_DONE, "metadata labels e", "c" },
	{ PATCH_JSON, KIND_NODE, NULL, "jakku",
		"[{\"op\":\"add\",\"path\":\"/status/addresses/1\",\"value\":{\"type\":\"ExternalIP\",\"address\":"
		"\"192.0.2.1\"}},{\"op\":\"copy\",\"from\":\"/status/addresses/1/address\",\"path\":"
		"\"/metadata/labels/one\"},{\"op\":\"copy\",\"from\":\"/status/addresses/2/type\",\"path\":"
		"\"/metadata/labels/two\"},{\"op\":\"add\",\"path\":\"/status/addresses/-\",\"value\":{}}]",
		WRITE_DONE, "metadata labels two", "Hostname" },
	{ PATCH_JSON, KIND_NODE, NULL, "jakku", "[{\"op\":\"remove\",\"path\":\"/spec/taints/0\"}]", WRITE_DONE,
		"metadata name", "jakku" },
	{ PATCH_JSON, KIND_NODE, NULL, "tatooine",
		"[{\"op\":\"test\",\"path\":\"/spec/unschedulable\",\"value\":true}]", WRITE_CONFLICT,
		"spec unschedulable", "" },
	{ PATCH_JSON, KIND_NODE, NULL, "tatooine", "[{\"op\":\"replace\",\"path\":\"/spec/nothing/here\",\"value\":1}]",
		WRITE_CONFLICT, "spec nothing", "" },
	{ PATCH_JSON, KIND_NODE, NULL, "tatooine", "[{\"op\":\"add\",\"path\":\"/status/images/99\",\"value\":1}]",
		WRITE_CONFLICT, "metadata name", "tatooine" },
	{ PATCH_JSON, KIND_NODE, NULL, "tatooine", "[{\"op\":\"brew\",\"path\":\"\"}]", WRITE_CONFLICT, "metadata name",
		"tatooine" },
	{ PATCH_JSON, KIND_NODE, NULL, "tatooine", "[{\"op\":\"remove\",\"path\":\"\"}]", WRITE_CONFLICT,
		"metadata name", "tatooine" },
	{ PATCH_JSON, KIND_NODE, NULL, "tatooine", "[1,null,\"x\",[]]", WRITE_CONFLICT, "metadata name", "tatooine" },
	{ PATCH_MERGE, KIND_NODE, NULL, "tatooine", "{\"metadata\":{\"resourceVersion\":\"1\"}}", WRITE_CONFLICT,
		"metadata name", "tatooine" },
	{ PATCH_MERGE, KIND_NODE, NULL, "tatooine", "{\"metadata\":{\"uid\":\"x\"}}", WRITE_FAILED, "metadata name",
		"tatooine" },
	{ PATCH_MERGE, KIND_NODE, NULL, "tatooine", "{\"status\":{\"allocatable\":{\"cpu\":\"many\"}}}", WRITE_FAILED,
		"status allocatable cpu", "4" },
	{ PATCH_MERGE, KIND_NODE, NULL, "tatooine", "[]", WRITE_FAILED, "metadata name", "tatooine" },
	{ PATCH_MERGE, KIND_NODE, NULL, "tatooine", "{", WRITE_FAILED, "metadata name", "tatooine" },
	{ PATCH_MERGE, KIND_NODE, NULL, "tatooine", "null", WRITE_FAILED, "metadata name", "tatooine" },
	{ PATCH_MERGE, KIND_NODE, NULL, "alderaan", "{}", WRITE_GONE, NULL, NULL },
};

START_TEST(a_patch_does_what_it_says)
{
	AUTO_TRANSPORT *demo = fresh();
	AUTO_WRITE write;
	char path[PATH_SIZE];

	write_patch(&write, demo, &plain, patches[_i].kind, patches[_i].namespace, patches[_i].name, patches[_i].type,
		patches[_i].patch);
	ck_assert_msg(write_wait(&write, demo) == patches[_i].outcome, "%d: %s", write.request.status,
		write.request.error.message);
	path_of_object(patches[_i].kind, patches[_i].namespace, patches[_i].name, NULL, path);
	if (patches[_i].path)
		expect(demo, path, patches[_i].path, patches[_i].value);
	if (patches[_i].outcome == WRITE_DONE)
		ck_assert_ptr_nonnull(strstr(buffer_text(&write.answer), patches[_i].name));
}
END_TEST

START_TEST(a_dry_run_changes_nothing)
{
	AUTO_TRANSPORT *demo = fresh();
	AUTO_WRITE patch, create, delete;

	write_patch(
		&patch, demo, &dry, KIND_NODE, NULL, "tatooine", PATCH_MERGE, "{\"spec\":{\"unschedulable\":true}}");
	ck_assert_int_eq(write_wait(&patch, demo), WRITE_DONE);
	ck_assert_ptr_nonnull(strstr(buffer_text(&patch.answer), "\"unschedulable\":true"));
	expect(demo, "/api/v1/nodes/tatooine", "spec unschedulable", "");
	write_create(
		&create, demo, &dry, KIND_POD, "web", "{\"metadata\":{\"name\":\"x\"},\"spec\":{\"containers\":[]}}");
	ck_assert_int_eq(write_wait(&create, demo), WRITE_DONE);
	write_delete(&delete, demo, &dry, KIND_DEPLOYMENT, "batch", "ci-agent", NULL, WRITE_GRACE_DEFAULT);
	ck_assert_int_eq(write_wait(&delete, demo), WRITE_DONE);
	pass_to(demo, 30);
	ck_assert_uint_eq(count_pods(demo, "batch", "app=ci-agent", "\"phase\":\"Running\""), 6);
	ck_assert_uint_eq(count_pods(demo, "web", "", "\"name\":\"x\""), 0);
}
END_TEST

/* A cordoned node gets no pods; what waited for it gets its place when it is opened. */
START_TEST(a_node_that_opens_takes_who_waited)
{
	AUTO_TRANSPORT *demo = fresh();
	AUTO_WRITE write;
	static const char pod[] = "/api/v1/namespaces/home/pods/zigbee2mqtt-gbhc6sbbp-c722h";

	expect(demo, pod, "spec nodeName", "");
	write_patch(&write, demo, &plain, KIND_NODE, NULL, "jakku", PATCH_MERGE, "{\"spec\":{\"unschedulable\":null}}");
	ck_assert_int_eq(write_wait(&write, demo), WRITE_DONE);
	pass_to(demo, 60);
	ck_assert_uint_eq(count_pods(demo, "home", "app=zigbee2mqtt", "\"unschedulable\""), 0);
	expect(demo, pod, "spec nodeName", "jakku");
	expect(demo, pod, "status phase", "Running");
}
END_TEST

START_TEST(a_deployment_scales)
{
	AUTO_TRANSPORT *demo = fresh();
	AUTO_WRITE up, down;

	write_patch(&up, demo, &plain, KIND_DEPLOYMENT, "web", "blog", PATCH_MERGE, "{\"spec\":{\"replicas\":8}}");
	ck_assert_int_eq(write_wait(&up, demo), WRITE_DONE);
	pass_to(demo, 90);
	ck_assert_uint_eq(count_pods(demo, "web", "app=blog", "\"phase\":\"Running\""), 8);
	expect(demo, "/apis/apps/v1/namespaces/web/deployments/blog", "status readyReplicas", "8");
	write_patch(&down, demo, &plain, KIND_DEPLOYMENT, "web", "blog", PATCH_MERGE, "{\"spec\":{\"replicas\":0}}");
	ck_assert_int_eq(write_wait(&down, demo), WRITE_DONE);
	pass_to(demo, 120);
	ck_assert_uint_eq(count_pods(demo, "web", "app=blog", "\"phase\""), 0);
	expect(demo, "/apis/apps/v1/namespaces/web/deployments/blog", "status readyReplicas", "");
}
END_TEST

static const struct {
	enum kind kind;
	const char *namespace, *name, *label;
	size_t pods;
	const char *path;
} rollouts[] = {
	{ KIND_DEPLOYMENT, "web", "blog", "app=blog", 5, "status updatedReplicas" },
	{ KIND_STATEFUL_SET, "database", "redis", "app=redis", 1, "status updatedReplicas" },
	{ KIND_DAEMON_SET, "csi-nfs", "csi-nfs-node", "app=csi-nfs-node", 6, "status updatedNumberScheduled" },
};

START_TEST(a_new_template_is_rolled_out)
{
	AUTO_TRANSPORT *demo = fresh();
	AUTO_WRITE write;
	char path[PATH_SIZE], count[24];

	write_patch(&write, demo, &plain, rollouts[_i].kind, rollouts[_i].namespace, rollouts[_i].name, PATCH_STRATEGIC,
		"{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"restarted\":\"now\"}}}}}");
	ck_assert_int_eq(write_wait(&write, demo), WRITE_DONE);
	for (int64_t at = 1; at <= 600; at++) {
		pass_to(demo, at);
		/* A quarter may be missing, never more; what is one may be none for a while. */
		if (rollouts[_i].pods > 1)
			ck_assert_uint_ge(count_pods(demo, rollouts[_i].namespace, rollouts[_i].label,
						  "\"type\":\"Ready\",\"status\":\"True\"") +
					rollouts[_i].pods / 4 + 1,
				rollouts[_i].pods);
	}
	path_of_object(rollouts[_i].kind, rollouts[_i].namespace, rollouts[_i].name, NULL, path);
	snprintf(count, sizeof(count), "%zu", rollouts[_i].pods);
	expect(demo, path, rollouts[_i].path, count);
	ck_assert_uint_eq(count_pods(demo, rollouts[_i].namespace, rollouts[_i].label, "\"restarted\":\"now\""),
		rollouts[_i].pods);
	ck_assert_uint_eq(count_pods(demo, rollouts[_i].namespace, rollouts[_i].label, "\"phase\":\"Running\""),
		rollouts[_i].pods);
}
END_TEST

/* --- making and removing --- */

START_TEST(a_job_runs_and_goes_with_its_pods)
{
	AUTO_TRANSPORT *demo = fresh();
	AUTO_WRITE create, delete;
	static const char job[] =
		"{\"metadata\":{\"name\":\"once\"},\"spec\":{\"template\":{\"metadata\":{\"labels\":{\"app\":\"once\"}},"
		"\"spec\":{\"restartPolicy\":\"Never\",\"nodeSelector\":{\"kubernetes.io/arch\":\"amd64\"},"
		"\"containers\":[{\"name\":\"c\\\"x\",\"image\":\"docker.io/library/busybox:1.37\"}]}}}}";

	write_create(&create, demo, &plain, KIND_JOB, "batch", job);
	ck_assert_int_eq(write_wait(&create, demo), WRITE_DONE);
	pass_to(demo, 20);
	ck_assert_uint_eq(count_pods(demo, "batch", "app=once", "\"phase\":\"Running\""), 1);
	pass_to(demo, 120);
	ck_assert_uint_eq(count_pods(demo, "batch", "app=once", "\"phase\":\"Succeeded\""), 1);
	expect(demo, "/apis/batch/v1/namespaces/batch/jobs/once", "status succeeded", "1");
	write_delete(&delete, demo, &plain, KIND_JOB, "batch", "once", NULL, WRITE_GRACE_DEFAULT);
	ck_assert_int_eq(write_wait(&delete, demo), WRITE_DONE);
	ck_assert_uint_eq(count_pods(demo, "batch", "app=once", "\"phase\""), 0);
}
END_TEST

START_TEST(a_pod_for_one_node_brings_its_images_there)
{
	AUTO_TRANSPORT *demo = fresh();
	AUTO_WRITE create;
	AUTO_QUESTION node;
	static const char pod[] =
		"{\"metadata\":{\"generateName\":\"seed-\"},\"spec\":{\"nodeName\":\"kamino\",\"restartPolicy\":\"Never\","
		"\"initContainers\":[{\"name\":\"a\",\"image\":\"example.org/a:1\"}],"
		"\"containers\":[{\"name\":\"b\",\"image\":\"example.org/b:1\"}]}}";

	write_create(&create, demo, &plain, KIND_POD, "batch", pod);
	ck_assert_int_eq(write_wait(&create, demo), WRITE_DONE);
	ck_assert_ptr_nonnull(strstr(buffer_text(&create.answer), "\"name\":\"seed-"));
	pass_to(demo, 120);
	question_ask(&node, demo, "GET", "/api/v1/nodes/kamino", NULL);
	ck_assert_uint_eq(question_count(&node, "example.org/a:1"), 1);
	ck_assert_uint_eq(question_count(&node, "example.org/b@sha256:"), 1);
}
END_TEST

static const struct {
	const char *verb, *path, *type, *body;
	int status;
} refused[] = {
	{ "POST", "/api/v1/namespaces/web/pods", "application/json", "{\"metadata\":{\"name\":\"Up\"}}", 422 },
	{ "POST", "/api/v1/namespaces/web/pods", "application/json", "{\"metadata\":{\"name\":\"../x\"}}", 422 },
	{ "POST", "/api/v1/namespaces/web/pods", "application/json", "{}", 422 },
	{ "POST", "/api/v1/namespaces/web/pods", "application/json", "[]", 400 },
	{ "POST", "/api/v1/namespaces/web/pods", "application/json", "", 400 },
	{ "POST", "/api/v1/namespaces/web/pods", "application/json", "{\"kind\":\"Node\",\"apiVersion\":\"v1\"}", 400 },
	{ "POST", "/api/v1/namespaces/web/pods", "application/json",
		"{\"metadata\":{\"name\":\"x\",\"namespace\":\"y\"}}", 400 },
	{ "POST", "/api/v1/namespaces/w\"b/pods", "application/json", "{\"metadata\":{\"name\":\"x\"}}", 400 },
	{ "POST", "/api/v1/pods", "application/json", "{\"metadata\":{\"name\":\"x\"}}", 400 },
	{ "POST", "/api/v1/namespaces/web/pods", "application/yaml", "metadata: {name: x}", 415 },
	{ "POST", "/api/v1/nodes", "application/json", "{\"metadata\":{\"name\":\"jakku\"}}", 409 },
	{ "POST", "/api/v1/nodes", "application/json", "{\"metadata\":{\"name\":\"n\"},\"spec\":{\"taints\":7}}", 422 },
	{ "PATCH", "/api/v1/nodes/jakku", "application/json", "{}", 415 },
	{ "PATCH", "/api/v1/nodes/jakku", NULL, "{}", 415 },
	{ "PATCH", "/apis/metrics.k8s.io/v1beta1/nodes/jakku", "application/merge-patch+json", "{}", 405 },
	{ "DELETE", "/api/v1/nodes/jakku", "application/json", "x", 400 },
	{ "DELETE", "/api/v1/nodes/jakku", "application/json", "{\"preconditions\":{\"uid\":\"x\"}}", 409 },
	{ "DELETE", "/api/v1/nodes/jakku", "application/json", "{\"preconditions\":{\"resourceVersion\":\"x\"}}", 409 },
	{ "POST", "/api/v1/namespaces/batch/pods/" AGENT "/eviction", "application/json", "{}", 400 },
	{ "POST", "/api/v1/namespaces/batch/pods/" AGENT "/eviction", "text/plain", "{}", 415 },
	{ "GET", "/api/v1/namespaces/batch/pods/" AGENT "/eviction", NULL, NULL, 405 },
	{ "POST", "/api/v1/namespaces/batch/pods/" AGENT "/exec", "application/json", "{}", 404 },
};

START_TEST(what_is_wrong_is_refused)
{
	AUTO_TRANSPORT *demo = fresh();
	AUTO_QUESTION question;

	question_prepare(&question, refused[_i].verb, refused[_i].path, refused[_i].body);
	question.request.content_type = refused[_i].type;
	question_run(&question, demo);
	ck_assert_int_eq(question.request.status, refused[_i].status);
	ck_assert_int_ne(question.request.error.code, ERROR_NONE);
	ck_assert_str_ne(question.request.api_status.reason, "");
}
END_TEST

/* --- watches of changes --- */

static void watch(struct question *question, struct transport *demo, const char *label)
{
	question_prepare(question, "GET", "/api/v1/nodes", NULL);
	question_add(question, "watch", "true");
	question_add(question, "labelSelector", label);
	question_add(question, "sendInitialEvents", "true");
	question->request.is_watch = true;
	transport_start(demo, &question->request);
	question_settle(demo);
	buffer_clear(&question->body);
}

static void label_node(struct transport *demo, const char *name, const char *patch)
{
	AUTO_WRITE write;

	write_patch(&write, demo, &plain, KIND_NODE, NULL, name, PATCH_MERGE, patch);
	ck_assert_int_eq(write_wait(&write, demo), WRITE_DONE);
	question_settle(demo);
}

START_TEST(a_watch_tells_who_enters_and_leaves_its_selection)
{
	AUTO_TRANSPORT *demo = fresh();
	AUTO_QUESTION chosen, given_up;

	watch(&chosen, demo, "team=a");
	watch(&given_up, demo, "team=a");
	transport_cancel(demo, &given_up.request);
	label_node(demo, "jakku", "{\"metadata\":{\"labels\":{\"other\":\"x\"}}}");
	ck_assert_str_eq(buffer_text(&chosen.body), "");
	label_node(demo, "jakku", "{\"metadata\":{\"labels\":{\"team\":\"a\"}}}");
	ck_assert_uint_eq(question_count(&chosen, "\"type\":\"ADDED\""), 1);
	label_node(demo, "jakku", "{\"metadata\":{\"labels\":{\"other\":\"y\"}}}");
	ck_assert_uint_eq(question_count(&chosen, "\"type\":\"MODIFIED\""), 1);
	label_node(demo, "jakku", "{\"metadata\":{\"labels\":{\"team\":\"b\",\"other\":\"z\"}}}");
	ck_assert_uint_eq(question_count(&chosen, "\"type\":\"DELETED\""), 1);
	ck_assert_uint_eq(question_count(&chosen, "\"other\":\"z\""), 0); /* as it was when it was last in it */
	ck_assert_uint_eq(question_count(&chosen, "\n"), 3);
	ck_assert_str_eq(buffer_text(&given_up.body), "");
}
END_TEST

START_TEST(a_sync_sees_what_was_written)
{
	AUTO_TRANSPORT *demo = fresh();
	AUTO_CLUSTER cluster;
	struct sync_list lists[] = { { .kind = KIND_NODE },
		{ .kind = KIND_POD, .field_selector = "spec.nodeName=tatooine" } };
	struct sync *sync;
	size_t before;

	cluster_init(&cluster);
	sync = sync_new(demo, NULL, lists, 2, &cluster);
	for (int i = 0; i < 10; i++)
		sync_step(sync, 0);
	before = cluster_count(&cluster, KIND_POD);
	label_node(demo, "tatooine", "{\"spec\":{\"unschedulable\":true}}");
	ck_assert_int_eq(
		evict(demo, &plain, "batch", "ci-agent-kd2sj6s8c6-n7dp5", "bec86738-6dd1-5191-a852-37b5d1529a30"),
		WRITE_DONE);
	for (int64_t at = 0; at < 30; at++) {
		clock_freeze(demo_now + at);
		for (int i = 0; i < 10; i++)
			sync_step(sync, 0);
	}
	ck_assert_int_eq(node_state(cluster_find_node(&cluster, "tatooine")->node), NODE_CORDONED);
	ck_assert_ptr_nonnull(cluster_find_node(&cluster, "tatooine")->node->taints);
	ck_assert_uint_eq(cluster_count(&cluster, KIND_POD), before - 1);
	sync_free(sync);
}
END_TEST

TEST_MAIN("demo write", TEST(an_evicted_pod_has_a_successor), TEST(an_eviction_may_not_be), TEST(a_budget_counts),
	TEST(a_database_stays_with_its_volume), TEST(a_daemon_comes_back_to_its_node),
	TEST_TABLE(a_patch_does_what_it_says, patches), TEST(a_dry_run_changes_nothing),
	TEST(a_node_that_opens_takes_who_waited), TEST(a_deployment_scales),
	TEST_TABLE(a_new_template_is_rolled_out, rollouts), TEST(a_job_runs_and_goes_with_its_pods),
	TEST(a_pod_for_one_node_brings_its_images_there), TEST_TABLE(what_is_wrong_is_refused, refused),
	TEST(a_watch_tells_who_enters_and_leaves_its_selection), TEST(a_sync_sees_what_was_written))
