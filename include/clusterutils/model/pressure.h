/* Pressure stall information of a node: for which part of the time tasks waited for CPU, memory or IO.
 *
 * Source: PSIStats of k8s.io/kubelet/pkg/apis/stats/v1alpha1 v0.36.3, which kubelets tell from 1.34 on (feature gate
 * KubeletPSI: beta and on in 1.34, GA in 1.36), and Documentation/accounting/psi.rst of Linux. Integers alone. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum pressure_resource { PRESSURE_CPU, PRESSURE_MEMORY, PRESSURE_IO };

enum { PRESSURE_RESOURCES = PRESSURE_IO + 1 };

#define PRESSURE_UNKNOWN INT64_MIN /* as RESOURCE_UNKNOWN */

/* Averages over so many seconds, in thousandths of a per cent of the time; `total` as the kubelet gives it. That is
 * microseconds, as the kernel counts, though types.go says nanoseconds: cadvisor hands it on as it is. */
struct pressure_level {
	int64_t avg10, avg60, avg300, total;
};

/* `some`: at least one task waited; `full`: none that could have run did. Of a whole node `full` of CPU is always 0. */
struct pressure {
	struct {
		struct pressure_level some, full;
	} of[PRESSURE_RESOURCES];
	uint32_t stamp; /* of the reading that brought it; the store sets it */
};

/* Whether a kernel can have measured this. Without PSI a kubelet (1.36.3) tells zeros in place of nothing; where it is
 * measured some task has waited since the machine was started. */
bool pressure_is_measured(const struct pressure *pressure);

/* The resource that is waited for most in the last ten seconds. *ret_avg10 PRESSURE_UNKNOWN where none is known. */
enum pressure_resource pressure_worst(const struct pressure *pressure, int64_t *ret_avg10);

const char *pressure_resource_text(enum pressure_resource resource); /* "cpu", "memory", "io" */

/* How bad it is, by the last ten seconds.
 *
 * Work that waits for CPU is slow, not ill: a node may be meant to be busy, so that only half of the time is worth a
 * warning. Waiting for memory (reclaim, refaults) and IO is what comes before evictions and timeouts: a tenth of the
 * time is. Where for a tenth of the time nothing at all could go on, the node is of little use; systemd-oomd begins to
 * kill at 60 % of `full` memory, the kubelet evicts by free memory and sees none of it. */
enum pressure_grade { PRESSURE_LOW, PRESSURE_HIGH, PRESSURE_SEVERE };

enum { PRESSURE_HIGH_CPU = 50000, PRESSURE_HIGH_STALL = 10000, PRESSURE_SEVERE_FULL = 10000 };

enum pressure_grade pressure_grade(const struct pressure *pressure);
