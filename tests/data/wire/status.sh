#!/bin/sh
# The statuses that no controller of the test cluster writes. Part of record.sh.
set -eu

status() { kubectl "$@" >/dev/null; }

status patch node full --subresource=status --type=merge -p '{"status":{
	"capacity":{"cpu":"8","memory":"16Gi","pods":"110"},
	"allocatable":{"cpu":"7910m","memory":"16273364Ki","pods":"110","example.com/gpu":"2","ephemeral-storage":"1e11"},
	"conditions":[
		{"type":"Ready","status":"True","reason":"KubeletReady","lastHeartbeatTime":"2026-03-01T12:00:00Z"},
		{"type":"MemoryPressure","status":"False"},{"type":"DiskPressure","status":"Unknown"},
		{"type":"PIDPressure","status":"True"},{"type":"NetworkUnavailable","status":"False"},{"type":"Own","status":"True"}],
	"addresses":[{"type":"Hostname","address":"full"},{"type":"InternalIP","address":"10.0.0.2"},
		{"type":"InternalIP","address":"fd00::2"}],
	"nodeInfo":{"architecture":"arm64","operatingSystem":"linux","kubeletVersion":"v1.36.3","kernelVersion":"6.12.0",
		"osImage":"Debian GNU/Linux 12 (bookworm)","containerRuntimeVersion":"containerd://2.1.5","kubeProxyVersion":"",
		"machineID":"","systemUUID":"","bootID":""},
	"images":[{"names":["app@sha256:1","app:1"],"sizeBytes":123456789},{"names":[],"sizeBytes":5},
		{"names":["empty:1"]}]}}'
status patch pod -n wire full --subresource=status --type=merge -p '{"status":{
	"phase":"Running","startTime":"2026-03-01T12:00:00Z","message":"täglich",
	"conditions":[{"type":"Ready","status":"True"},{"type":"PodResizePending","status":"True","reason":"Infeasible"}],
	"initContainerStatuses":[
		{"name":"first","image":"init:1","imageID":"","ready":true,"restartCount":0,
			"state":{"terminated":{"exitCode":0,"reason":"Completed"}}},
		{"name":"beside","image":"side:1","imageID":"","ready":true,"restartCount":2,"state":{"running":{}}}],
	"containerStatuses":[
		{"name":"app","image":"app:1","imageID":"","ready":true,"restartCount":3,
			"state":{"running":{"startedAt":"2026-03-01T12:00:00Z"}},
			"lastState":{"terminated":{"exitCode":137,"reason":"OOMKilled"}},
			"allocatedResources":{"cpu":"100m"},
			"resources":{"requests":{"cpu":"100m","memory":"512Mi"},"limits":{"cpu":"1500m"}}},
		{"name":"second","image":"second:1","imageID":"","ready":false,"restartCount":0,
			"state":{"waiting":{"reason":"CrashLoopBackOff","message":"back-off"}}}]}}'
status patch pod -n wire gone --subresource=status --type=merge -p '{"status":{
	"phase":"Failed","reason":"Evicted","message":"The node was low on memory.",
	"containerStatuses":[{"name":"app","image":"app:1","imageID":"","ready":false,"restartCount":0,
		"state":{"terminated":{"exitCode":-1,"signal":9}}}]}}'
status patch pod -n wire whole --subresource=status --type=merge -p '{"status":{
	"phase":"Pending","conditions":[{"type":"Ready","status":"False"}],
	"containerStatuses":[{"name":"app","image":"app:1","imageID":"","ready":false,"restartCount":0,"state":{}}]}}'
status patch pod -n wire waiting --subresource=status --type=merge -p '{"status":{"nominatedNodeName":"bare"}}'
kubectl delete pod -n wire waiting --wait=false >/dev/null
