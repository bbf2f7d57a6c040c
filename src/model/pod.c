#include "clusterutils/model/pod.h"

const char *const pod_phase_texts[] = {
	[POD_PENDING] = "Pending",
	[POD_RUNNING] = "Running",
	[POD_SUCCEEDED] = "Succeeded",
	[POD_FAILED] = "Failed",
	[POD_UNKNOWN] = NULL,
};

const char *pod_phase_text(enum pod_phase phase)
{
	return phase < POD_UNKNOWN ? pod_phase_texts[phase] : "Unknown";
}

bool pod_is_active(const struct pod *pod)
{
	return pod->phase != POD_SUCCEEDED && pod->phase != POD_FAILED;
}

uint32_t pod_restarts(const struct pod *pod)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < pod->status_count; i++)
		if (pod->statuses[i].role != CONTAINER_INIT)
			sum += pod->statuses[i].restarts;
	return sum > UINT32_MAX ? UINT32_MAX : (uint32_t)sum;
}
