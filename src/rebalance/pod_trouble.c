#include "pod_trouble.h"

#include <string.h>

#include "clusterutils/util/memory.h"
#include "clusterutils/util/text.h"

static const struct event *newest_warning(
	const struct cluster *cluster, const struct pod *pod, const char *const *reasons)
{
	const struct event *newest = NULL;

	for (size_t i = 0; i < cluster_count(cluster, KIND_EVENT); i++) {
		const struct event *event = CLUSTER_ITEM(cluster, KIND_EVENT, struct event, i);

		if (!text_equal(event->object_name, pod->meta.name) ||
			!text_equal(event->object_namespace, pod->meta.namespace) ||
			!text_equal(event->object_kind, "Pod") || !text_equal(event->type, "Warning") ||
			event->last_seen < pod->meta.created || (newest && event->last_seen < newest->last_seen))
			continue;
		for (const char *const *reason = reasons; *reason; reason++)
			if (text_equal(event->reason, *reason))
				newest = event;
	}
	return newest;
}

static const char *with_event(const struct cluster *cluster, const struct pod *pod, const char *const *reasons,
	struct arena *arena, const char *sentence)
{
	const struct event *event = newest_warning(cluster, pod, reasons);

	return event && event->message && *event->message ? arena_printf(arena, "%s: %s", sentence, event->message)
							  : sentence;
}

static const char *waiting_trouble(const struct cluster *cluster, const struct pod *pod,
	const struct container_status *status, struct arena *arena)
{
	static const char *const pulls[] = { "ErrImagePull", "ImagePullBackOff", "InvalidImageName",
		"ErrImageNeverPull", "ImageInspectError", "RegistryUnavailable", "SignatureValidationFailed", NULL };
	static const char *const starts[] = { "CrashLoopBackOff", "CreateContainerConfigError", "CreateContainerError",
		"RunContainerError", "PreStartHookError", "PostStartHookError", NULL };
	static const char *const events[] = { "Failed", "InspectFailed", "ErrImageNeverPull", "FailedPostStartHook",
		NULL };

	for (const char *const *reason = pulls; *reason; reason++)
		if (text_equal(status->reason, *reason))
			return with_event(cluster, pod, events, arena,
				arena_printf(arena, "the image of %s cannot be pulled (%s)", status->name, *reason));
	for (const char *const *reason = starts; *reason; reason++)
		if (text_equal(status->reason, *reason))
			return with_event(cluster, pod, events, arena,
				arena_printf(arena, "%s does not start (%s)", status->name, *reason));
	return NULL;
}

static const char *container_trouble(const struct cluster *cluster, const struct pod *pod, struct arena *arena)
{
	for (size_t i = 0; i < pod->status_count; i++) {
		const struct container_status *status = &pod->statuses[i];
		const char *trouble = status->state == CONTAINER_WAITING && status->reason
			? waiting_trouble(cluster, pod, status, arena)
			: NULL;

		if (trouble)
			return trouble;
		if (status->state == CONTAINER_TERMINATED && status->exit_code != 0)
			return arena_printf(arena, "%s ended with status %d%s%s", status->name, (int)status->exit_code,
				status->reason ? ": " : "", status->reason ? status->reason : "");
		if (status->restarts && !status->ready)
			return arena_printf(arena, "%s has crashed %u time%s", status->name, (unsigned)status->restarts,
				status->restarts == 1 ? "" : "s");
	}
	return NULL;
}

const char *pod_trouble(const struct cluster *cluster, const struct pod *pod, int64_t now, struct arena *arena,
	bool *ret_is_unschedulable)
{
	static const char *const mounts[] = { "FailedMount", "FailedAttachVolume", "FailedMapVolume",
		"FailedCreatePodSandBox", NULL };
	const char *message = pod->rare && pod->rare->message ? pod->rare->message : NULL, *trouble;
	const struct event *event;

	*ret_is_unschedulable = false;
	if (pod->phase == POD_FAILED)
		return arena_printf(arena, "it failed: %s%s%s", pod->reason ? pod->reason : "no reason is told",
			message ? ": " : "", message ? message : "");
	if (!pod->node) {
		*ret_is_unschedulable = text_equal(pod->reason, "Unschedulable");
		return *ret_is_unschedulable ? message ? message : "no node takes it" : NULL;
	}
	trouble = container_trouble(cluster, pod, arena);
	if (trouble || pod->phase != POD_PENDING || now - pod->meta.created < POD_TROUBLE_MOUNT_SECONDS)
		return trouble;
	event = newest_warning(cluster, pod, mounts);
	return event && now - event->last_seen < 4 * POD_TROUBLE_MOUNT_SECONDS
		? arena_printf(arena, "%s: %s", event->reason, event->message)
		: NULL;
}
