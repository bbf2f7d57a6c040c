/* What keeps a new pod from becoming ready that waiting does not mend.
 *
 * Source: k8s.io/kubernetes v1.34, the reasons of pkg/kubelet/container/sync_result.go and pkg/kubelet/images/types.go
 * (ErrImagePull, CrashLoopBackOff, …), and FailedMount, FailedAttachVolume of pkg/kubelet/events, which no status
 * tells. Where a Warning event tells more of it, its message is part of the sentence. */
#pragma once

#include <stdint.h>

#include "clusterutils/model/cluster.h"
#include "clusterutils/util/arena.h"

/* Volumes are often refused for a moment, while their last user lets them go. */
enum { POD_TROUBLE_MOUNT_SECONDS = 30 };

/* One sentence, as long as the arena lives; NULL for none. Whether it is only that no node takes it, which may pass:
 * the room of pods that are still ending is not free yet. */
const char *pod_trouble(const struct cluster *cluster, const struct pod *pod, int64_t now, struct arena *arena,
	bool *ret_is_unschedulable);
