#include "kubelet.h"

#include <stdio.h>
#include <string.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"
#include "control.h"
#include "event.h"
#include "image.h"
#include "pod.h"
#include "tree.h"

enum { FIRST_BACKOFF_SECONDS = 10, MAX_BACKOFF_SECONDS = 300, FOR_EVER = 1 << 30 };

static void report_container(struct demo_world *world, struct demo_object *pod, const char *type, const char *reason,
	const char *container, const char *message)
{
	const struct demo_report report = { .about = pod,
		.type = type,
		.reason = reason,
		.component = DEMO_KUBELET,
		.host = demo_tree_text(pod->tree, "spec nodeName"),
		.container = container };

	demo_report(world, &report, "%s", message);
}

static const char *text_or_empty(const char *text)
{
	return text ? text : "";
}

/* Init containers first: that is the order in which their images are needed. */
static const cJSON *container_at(const cJSON *pod, int64_t i)
{
	const cJSON *first = demo_tree_at(pod, "spec initContainers");
	int before = cJSON_GetArraySize(first);

	return i < before ? cJSON_GetArrayItem(first, (int)i)
			  : cJSON_GetArrayItem(demo_tree_at(pod, "spec containers"), (int)i - before);
}

/* --- running and its end --- */

static cJSON *statuses_of(struct demo_object *pod)
{
	return demo_tree_array(demo_tree_object(demo_object_tree(pod), "status"), "containerStatuses");
}

static void set_state(cJSON *status, const char *state, const char *reason)
{
	cJSON *parent = cJSON_CreateObject();

	demo_tree_set(status, "state", parent);
	if (reason)
		demo_tree_set_text(demo_tree_object(parent, state), "reason", reason);
	else
		demo_tree_object(parent, state);
}

static void set_ready(struct demo_world *world, struct demo_object *pod, bool is_ready, const char *reason)
{
	cJSON *status;

	cJSON_ArrayForEach (status, statuses_of(pod)) {
		demo_tree_set_flag(status, "ready", is_ready);
	}
	demo_condition_set(world, pod, "ContainersReady", is_ready, reason);
	demo_condition_set(world, pod, "Ready", is_ready, reason);
}

static void become_ready(struct demo_world *world, struct demo_object *pod, int64_t number, const char *text)
{
	(void)number;
	(void)text;
	if (demo_pod_is_stopping(pod))
		return;
	set_ready(world, pod, true, NULL);
	demo_commit(world, pod);
	demo_control_pod_changed(world, pod);
}

static void finish(struct demo_world *world, struct demo_object *pod, int64_t number, const char *text)
{
	cJSON *status;

	(void)number;
	(void)text;
	if (demo_pod_is_stopping(pod))
		return;
	cJSON_ArrayForEach (status, statuses_of(pod)) {
		const char *started = demo_tree_text(status, "state running startedAt");
		AUTO_FREE char *copy = memory_copy_text(text_or_empty(started));
		cJSON *terminated;

		set_state(status, "terminated", "Completed");
		terminated = demo_tree_object(status, "state terminated");
		demo_tree_set_number(terminated, "exitCode", 0);
		if (*copy)
			demo_tree_set_text(terminated, "startedAt", copy);
		demo_tree_set_time(terminated, "finishedAt", world->now);
	}
	set_ready(world, pod, false, "PodCompleted");
	demo_tree_set_text(demo_tree_object(pod->tree, "status"), "phase", "Succeeded");
	demo_commit(world, pod);
	demo_control_pod_changed(world, pod);
}

/* A pod that is to end: of a Job, or one that is not restarted. */
static bool is_finite(const cJSON *pod)
{
	const char *policy = demo_tree_text(pod, "spec restartPolicy");

	return policy && !text_equal(policy, "Always");
}

static void start(struct demo_world *world, struct demo_object *pod, int64_t number, const char *text)
{
	cJSON *status;

	(void)number;
	(void)text;
	if (demo_pod_is_stopping(pod))
		return;
	cJSON_ArrayForEach (status, statuses_of(pod)) {
		const char *name = demo_tree_text(status, "name");

		set_state(status, "running", NULL);
		demo_tree_set_time(demo_tree_object(status, "state running"), "startedAt", world->now);
		demo_tree_set_flag(status, "started", true);
		report_container(world, pod, "Normal", "Created", name, "Container created");
		report_container(world, pod, "Normal", "Started", name, "Container started");
	}
	demo_tree_set_text(demo_tree_object(pod->tree, "status"), "phase", "Running");
	demo_commit(world, pod);
	demo_after(world, demo_between(world, 2, 7), become_ready, pod, 0, "");
	if (is_finite(pod->tree))
		demo_after(world, demo_between(world, 15, 70), finish, pod, 0, "");
}

/* --- images --- */

static void pull(struct demo_world *world, struct demo_object *pod, int64_t i, const char *text);

static void pulled(struct demo_world *world, struct demo_object *pod, int64_t i, const char *text)
{
	const cJSON *container = container_at(demo_object_tree(pod), i);
	const char *image = text_or_empty(demo_tree_text(container, "image"));
	int64_t bytes = demo_image_bytes(world, image);
	AUTO_BUFFER message = { 0 };

	demo_image_add(world, text_or_empty(demo_tree_text(pod->tree, "spec nodeName")), image);
	buffer_printf(&message,
		"Successfully pulled image \"%s\" in %ss (%ss including waiting). Image size: %lld bytes.", image, text,
		text, (long long)bytes);
	report_container(world, pod, "Normal", "Pulled", demo_tree_text(container, "name"), buffer_text(&message));
	pull(world, pod, i + 1, "");
}

/* The i-th container's image, and those after it that are there already. */
static void pull(struct demo_world *world, struct demo_object *pod, int64_t i, const char *text)
{
	const char *node = text_or_empty(demo_tree_text(demo_object_tree(pod), "spec nodeName"));
	const cJSON *container;

	(void)text;
	if (demo_pod_is_stopping(pod))
		return;
	for (; (container = container_at(pod->tree, i)); i++) {
		const char *image = text_or_empty(demo_tree_text(container, "image"));
		const char *name = demo_tree_text(container, "name");
		int64_t seconds = demo_image_pull_seconds(world, node, image);
		AUTO_BUFFER message = { 0 };
		char spent[32];

		if (seconds == 0) {
			buffer_printf(&message, "Container image \"%s\" already present on machine", image);
			report_container(world, pod, "Normal", "Pulled", name, buffer_text(&message));
			continue;
		}
		buffer_printf(&message, "Pulling image \"%s\"", image);
		report_container(world, pod, "Normal", "Pulling", name, buffer_text(&message));
		snprintf(spent, sizeof(spent), "%lld.%03d", (long long)seconds - 1, (int)demo_random(world, 1000));
		demo_after(world, seconds, pulled, pod, i, spent);
		return;
	}
	demo_after(world, demo_between(world, 1, 2), start, pod, 0, "");
}

/* --- binding --- */

static void set_address(struct demo_world *world, struct demo_object *pod, struct demo_object *node)
{
	const cJSON *tree = demo_object_tree(node), *address;
	const char *network = text_or_empty(demo_tree_text(tree, "spec podCIDR"));
	const char *dot = strrchr(network, '.');
	cJSON *status = demo_tree_object(pod->tree, "status");
	char text[64];

	cJSON_ArrayForEach (address, demo_tree_at(tree, "status addresses"))
		if (text_equal(demo_tree_text(address, "type"), "InternalIP") && demo_tree_text(address, "address"))
			demo_tree_set_text(status, "hostIP", demo_tree_text(address, "address"));
	if (cJSON_IsTrue(demo_tree_at(pod->tree, "spec hostNetwork"))) {
		if (demo_tree_text(status, "hostIP"))
			demo_tree_set_text(status, "podIP", demo_tree_text(status, "hostIP"));
		return;
	}
	if (!dot || dot - network > 20)
		return;
	snprintf(text, sizeof(text), "%.*s.%d", (int)(dot - network), network, (int)demo_between(world, 64, 250));
	demo_tree_set_text(status, "podIP", text);
}

static void set_waiting(struct demo_object *pod)
{
	cJSON *statuses = statuses_of(pod);
	const cJSON *container;

	cJSON_ArrayForEach (container, demo_tree_at(pod->tree, "spec containers")) {
		cJSON *status = demo_tree_element(statuses, "name", text_or_empty(demo_tree_text(container, "name")));

		demo_tree_set_text(status, "image", text_or_empty(demo_tree_text(container, "image")));
		demo_tree_set_flag(status, "ready", false);
		demo_tree_set_number(status, "restartCount", 0);
		set_state(status, "waiting", "ContainerCreating");
	}
}

void demo_kubelet_bind(struct demo_world *world, struct demo_object *pod, const char *node_name)
{
	struct demo_object *node = demo_store_find(&world->store, KIND_NODE, NULL, node_name);
	const struct demo_report report = {
		.about = pod, .type = "Normal", .reason = "Scheduled", .component = DEMO_SCHEDULER
	};

	if (!node)
		return; /* nobody is there to run it */
	if (!text_equal(demo_tree_text(demo_object_tree(pod), "spec nodeName"), node->name))
		demo_tree_set_text(demo_tree_object(pod->tree, "spec"), "nodeName", node->name);
	set_address(world, pod, node);
	set_waiting(pod);
	demo_condition_set(world, pod, "PodScheduled", true, NULL);
	demo_condition_set(world, pod, "Initialized", true, NULL);
	demo_condition_set(world, pod, "ContainersReady", false, "ContainersNotReady");
	demo_condition_set(world, pod, "Ready", false, "ContainersNotReady");
	demo_tree_set_time(demo_tree_object(pod->tree, "status"), "startTime", world->now);
	demo_commit(world, pod);
	demo_report(world, &report, "Successfully assigned %s/%s to %s", pod->namespace, pod->name, node->name);
	demo_after(world, 1, pull, pod, 0, "");
}

/* --- crashing --- */

static void restart(struct demo_world *world, struct demo_object *pod, int64_t times, const char *text);

static int64_t backoff_seconds(int64_t restarts)
{
	int64_t seconds = FIRST_BACKOFF_SECONDS;

	while (restarts-- > 0 && seconds < MAX_BACKOFF_SECONDS)
		seconds *= 2;
	return seconds < MAX_BACKOFF_SECONDS ? seconds : MAX_BACKOFF_SECONDS;
}

static void add_duration(struct buffer *out, int64_t seconds)
{
	if (seconds >= 60)
		buffer_printf(out, "%lldm", (long long)(seconds / 60));
	buffer_printf(out, "%llds", (long long)(seconds % 60));
}

/* `number` is how often it is still to crash, this time included; text is how often it has, so as to pause longer. */
static void crash(struct demo_world *world, struct demo_object *pod, int64_t number, const char *text)
{
	uint64_t before = 0;
	cJSON *status = cJSON_GetArrayItem(statuses_of(pod), 0), *ended;
	const char *name = text_or_empty(demo_tree_text(status, "name"));
	AUTO_BUFFER message = { 0 };
	char crashes[24];
	int64_t pause;

	if (!status || demo_pod_is_stopping(pod))
		return;
	text_to_uint(text, 1000000, &before);
	pause = backoff_seconds((int64_t)before);
	ended = demo_tree_object(status, "lastState terminated");
	demo_tree_set_number(ended, "exitCode", 1);
	demo_tree_set_text(ended, "reason", "Error");
	demo_tree_set_time(ended, "finishedAt", world->now);
	buffer_add_text(&message, "back-off ");
	add_duration(&message, pause);
	buffer_printf(
		&message, " restarting failed container=%s pod=%s_%s(%s)", name, pod->name, pod->namespace, pod->uid);
	set_state(status, "waiting", "CrashLoopBackOff");
	demo_tree_set_text(demo_tree_object(status, "state waiting"), "message", buffer_text(&message));
	set_ready(world, pod, false, "ContainersNotReady");
	demo_commit(world, pod);
	demo_control_pod_changed(world, pod);
	buffer_clear(&message);
	buffer_printf(&message, "Back-off restarting failed container %s in pod %s_%s(%s)", name, pod->name,
		pod->namespace, pod->uid);
	report_container(world, pod, "Warning", "BackOff", name, buffer_text(&message));
	snprintf(crashes, sizeof(crashes), "%llu", (unsigned long long)before + 1);
	demo_after(world, pause, restart, pod, number - 1, crashes);
}

static void restart(struct demo_world *world, struct demo_object *pod, int64_t number, const char *text)
{
	cJSON *status = cJSON_GetArrayItem(statuses_of(pod), 0);
	const char *name = demo_tree_text(status, "name");

	if (!status || demo_pod_is_stopping(pod))
		return;
	set_state(status, "running", NULL);
	demo_tree_set_time(demo_tree_object(status, "state running"), "startedAt", world->now);
	demo_tree_set_number(status, "restartCount", demo_tree_number(status, "restartCount", 0) + 1);
	demo_commit(world, pod);
	report_container(world, pod, "Normal", "Started", name, "Container started");
	if (number > 0)
		demo_after(world, demo_between(world, 4, 9), crash, pod, number, text);
	else
		demo_after(world, demo_between(world, 3, 8), become_ready, pod, 0, "");
}

void demo_kubelet_crash_on(struct demo_world *world, const struct demo_object *pod, int64_t seconds)
{
	demo_after(world, seconds, restart, pod, FOR_EVER, "8");
}

void demo_kubelet_crash(struct demo_world *world, struct demo_object *pod, int64_t times)
{
	crash(world, pod, times, "0");
}
