#include "clusterutils/model/pod.h"

bool pod_is_active(const struct pod *pod)
{
	return pod->phase != POD_SUCCEEDED && pod->phase != POD_FAILED;
}

uint32_t pod_restarts(const struct pod *pod)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < pod->status_count; i++) {
		const struct container_status *status = &pod->statuses[i];

		if (status->role != CONTAINER_INIT)
			sum = status->restarts > UINT32_MAX - sum ? UINT32_MAX : sum + status->restarts;
	}
	return sum;
}
