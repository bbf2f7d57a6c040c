"""The small healthy cluster behind every scenario: ten nodes, sixty pods, their usage. Its answers are those of a real
API server of 1.36 where the client asks for JSON; protobuf it does not speak, as no server must."""

import server

TIME = "2026-03-01T11:00:00Z"
NODES = 10
PODS = 60
VERSION = "36"  # the minor one


def version(minor=VERSION):
    return {"major": "1", "minor": minor, "gitVersion": f"v1.{minor}.0", "gitCommit": "0" * 40, "gitTreeState": "clean",
            "buildDate": TIME, "goVersion": "go1.26", "compiler": "gc", "platform": "linux/amd64"}


def meta(number, name, namespace=None, **more):
    fields = {"name": name, "uid": f"00000000-0000-4000-8000-{number:012d}", "resourceVersion": str(1000 + number),
              "creationTimestamp": TIME, **more}
    if namespace:
        fields["namespace"] = namespace
    return fields


def node(i):
    name = f"node-{i}"
    room = {"cpu": "4", "memory": "16Gi", "pods": "110"}
    return {"metadata": meta(i, name, labels={"kubernetes.io/hostname": name, "kubernetes.io/arch": "amd64",
                                              "topology.kubernetes.io/zone": f"zone-{i % 2}"}),
            "spec": {},
            "status": {"capacity": room, "allocatable": room,
                       "conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": TIME}],
                       "nodeInfo": {"architecture": "amd64", "kubeletVersion": "v1.36.0"}}}


def pod(i):
    return {"metadata": meta(100 + i, f"pod-{i:02d}", f"team-{i % 3}", labels={"app": "app"}),
            "spec": {"nodeName": f"node-{i % NODES}", "priority": 0,
                     "containers": [{"name": "main", "image": "registry.example.com/app:1",
                                     "resources": {"requests": {"cpu": f"{100 + i}m", "memory": f"{100 + i}Mi"},
                                                   "limits": {"memory": "512Mi"}}}]},
            "status": {"phase": "Running", "startTime": TIME, "qosClass": "Burstable",
                       "conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": TIME}],
                       "containerStatuses": [{"name": "main", "ready": True, "restartCount": 0, "image": "app:1",
                                              "imageID": "", "state": {"running": {"startedAt": TIME}}}]}}


def node_metrics(i):
    return {"metadata": {"name": f"node-{i}", "creationTimestamp": TIME}, "timestamp": TIME, "window": "15s",
            "usage": {"cpu": f"{700 + i}m", "memory": f"{5000 + i}Mi"}}


def pod_metrics(i):
    return {"metadata": {"name": f"pod-{i:02d}", "namespace": f"team-{i % 3}", "creationTimestamp": TIME}, "timestamp": TIME,
            "window": "15s", "containers": [{"name": "main", "usage": {"cpu": f"{50 + i}m", "memory": f"{60 + i}Mi"}}]}


# path: (apiVersion of the list, its kind, how many, one)
LISTS = {
    "/api/v1/nodes": ("v1", "NodeList", NODES, node),
    "/api/v1/pods": ("v1", "PodList", PODS, pod),
    "/apis/metrics.k8s.io/v1beta1/nodes": ("metrics.k8s.io/v1beta1", "NodeMetricsList", NODES, node_metrics),
    "/apis/metrics.k8s.io/v1beta1/pods": ("metrics.k8s.io/v1beta1", "PodMetricsList", PODS, pod_metrics),
    "/api/v1/events": ("v1", "EventList", 0, None),
    "/apis/scheduling.k8s.io/v1/priorityclasses": ("scheduling.k8s.io/v1", "PriorityClassList", 0, None),
    "/apis/apps/v1/replicasets": ("apps/v1", "ReplicaSetList", 0, None),
    "/apis/batch/v1/jobs": ("batch/v1", "JobList", 0, None),
}


def list_of(path, first=0, count=None, next_page=None, resource_version="5000"):
    version_, kind, all_, one = LISTS[path]
    last = all_ if count is None else min(all_, first + count)
    metadata = {"resourceVersion": resource_version}
    if next_page:
        metadata |= {"continue": next_page, "remainingItemCount": all_ - last}
    return {"kind": kind, "apiVersion": version_, "metadata": metadata, "items": [one(i) for i in range(first, last)]}


def status(code, reason, message, **details):
    """metav1.Status, as the body of a failure."""
    more = {"details": details} if details else {}
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message, "reason": reason,
            "code": code, **more}


def paged(request):
    """A list as a real server pages it: `limit` objects, and a token that tells where to go on."""
    first = int(request.query.get("continue", "page-0").removeprefix("page-"))
    limit = int(request.query.get("limit", "0")) or None
    end = LISTS[request.path][2] if limit is None else first + limit
    next_page = f"page-{end}" if end < LISTS[request.path][2] else None
    return list_of(request.path, first, limit, next_page)


PROMETHEUS = "/api/v1/namespaces/monitoring/services/http:prometheus:9090/proxy/api/v1/query"


def power():
    """Two nodes have a plug."""
    return {"status": "success", "data": {"resultType": "vector", "result": [
        {"metric": {"__name__": "shelly_meter_power_current_watts", "channel": "0", "name": node(i)["metadata"]["name"]},
         "value": [1772366400.781, "23.41"]} for i in range(2)]}}


def answer(request, minor=VERSION):
    if request.path == PROMETHEUS:
        return server.Answer(power())
    if request.path == "/version":
        return server.Answer(version(minor))
    if request.path == "/apis/metrics.k8s.io":
        group_version = {"groupVersion": "metrics.k8s.io/v1beta1", "version": "v1beta1"}
        return server.Answer({"kind": "APIGroup", "apiVersion": "v1", "name": "metrics.k8s.io", "versions": [group_version],
                              "preferredVersion": group_version})
    if request.path in LISTS and "watch" not in request.query:
        return server.Answer(paged(request))
    if request.path in LISTS:
        return server.Answer(watch(request))
    return server.Answer(status(404, "NotFound", "the server could not find the requested resource"), status=404)


def event(kind, object_):
    import json

    return json.dumps({"type": kind, "object": object_}).encode() + b"\n"


def watch_object(path, i):
    version_, kind, _, one = LISTS[path]
    return {"kind": kind.removesuffix("List"), "apiVersion": version_, **one(i)}


def bookmark(path, resource_version, ends_initial_events=False):
    version_, kind, _, _ = LISTS[path]
    metadata = {"resourceVersion": resource_version, "creationTimestamp": None}
    if ends_initial_events:
        metadata["annotations"] = {"k8s.io/initial-events-end": "true"}
    return event("BOOKMARK", {"kind": kind.removesuffix("List"), "apiVersion": version_, "metadata": metadata})


def watch(request, seconds=3600):
    """What is there, if asked for, then nothing for so long."""
    if request.query.get("sendInitialEvents") == "true":
        for i in range(LISTS[request.path][2]):
            yield event("ADDED", watch_object(request.path, i))
        yield bookmark(request.path, "5000", ends_initial_events=True)
    yield seconds
