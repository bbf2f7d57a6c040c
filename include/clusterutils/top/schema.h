/* The documents that `top -o json` and `top -o yaml` write: apiVersion clusterutils/v1, and one of these kinds.
 *
 * Units: CPU in millicores, rounded up; memory and sizes in bytes; ages in seconds; moments in RFC 3339, UTC. What is
 * unknown or does not apply is null. Within v1 members are added, never renamed or removed.
 *
 * Every document has
 *	items    one object a row
 *	sources  {NAME: {state: ok|partial|missing|forbidden|failed, error: text or null, age: seconds or null}}; with
 *	         --source kubelet the name is "kubelet" in place of "metrics", and partial where some nodes did not answer
 *
 * share      {usage, request, limit, allocatable} of CPU or memory; "estimated": true where some nodes or pods have no
 *            sample and their usage is missing in the sum
 * amount     {usage, request, limit} of one pod
 * part       {request, allocatable}
 * power      {watts, costPerDay}, null without a meter; "estimated": true where it is the node's part of what a meter
 *            of several shows, or a sum that lacks a part. Watts and costs are numbers with up to three decimals
 *
 * pressure   {cpu, memory, io}, each {some, full}, each {avg10, avg60, avg300, total}: the part of the last 10, 60 and
 *            300 seconds, in per cent, in which some or all tasks waited for it, and for how long they ever did, as the
 *            kubelet tells it (microseconds). null where it is not known: told by kubelets alone (--source kubelet),
 *            from 1.34 on, on nodes with cgroup v2 and PSI. In CSV psi_cpu, psi_memory and psi_io are some.avg10
 *
 * NodeUsageList, of `top nodes`
 *	items    name, zone, arch, state (Ready, Cordoned, NotReady, Unreachable, Unknown, NoNetwork, MemoryPressure,
 *	         DiskPressure, PIDPressure, Deleting, Missing; ",Cordoned" may follow), ready, schedulable,
 *	         taints [KEY=VALUE:EFFECT], pods {count, capacity}, cpu share, memory share, psi pressure, power, created,
 *	         version, internalIP, osImage, kernel
 *	zones    (arches, groups: as --by says) name, nodes, zone, arch, pods, cpu, memory, power
 *	cluster  the same, and pending (pods without a node), pendingCpu, pendingMemory (what they request)
 *
 * TierList, of `top tiers`: a priority class, highest first; cluster is the sum
 *	items    name, value, preemptionPolicy, globalDefault, pods, pending, cpu share, memory share; cumulativeCpu and
 *	         cumulativeMemory part (of this tier and all above it); belowCpu, belowMemory (requests of all below it)
 *
 * MeterList, of `top power`: a meter each; cluster is the sum, in which nothing counts twice
 *	items    name, nodes [NAME] (that it feeds), class (wall, bmc, ups, rapl, estimate), watts, averageWatts (of the
 *	         last hour), wattHoursToday (since midnight), wattHoursMonth, costPerDay, taken, remark, query
 *	cluster  name, watts ("watts_estimated": true where a meter is missing in it), averageWatts, wattHoursToday,
 *	         wattHoursMonth, costPerDay, currency, nodeCount, estimatedNodes, unmeasuredNodes, tried (the series)
 *
 * EvictionOrderList, of `top tiers --node NAME`: whom the kubelet evicts first when memory runs short
 *	items    rank (null: never), namespace, name, priorityClass, priority, memory amount, excess (bytes above the
 *	         request), reason
 *
 * PodUsageList, of `top pods`
 *	items    namespace, name, ready {count, capacity}, status, restarts, node, priorityClass, priority, qosClass,
 *	         cpu amount, memory amount, created, workload (KIND/NAME)
 *
 * ImageList, of `top images`
 *	items    name, size, nodes (that hold it), nodesTruncated (there may be more), pods (that run it), arches, remark
 *
 * EventList, of `top events`: equal events as one
 *	items    lastSeen, type, reason, namespace, object (KIND/NAME), name, count, reporter, message */
#pragma once

#define METER_LIST          "MeterList"
#define NODE_USAGE_LIST     "NodeUsageList"
#define TIER_LIST           "TierList"
#define EVICTION_ORDER_LIST "EvictionOrderList"
#define POD_USAGE_LIST      "PodUsageList"
#define IMAGE_LIST          "ImageList"
#define EVENT_LIST          "EventList"
