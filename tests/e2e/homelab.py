"""The demo cluster's objects as manifests for a real API server: standard input to standard output, both JSON.

What a controller makes is left out (pods, ReplicaSets, statuses): the real controllers make it, and the real scheduler
decides where. Nodes are kwok's. What a workload's pods use in the demo, its pods are told to use here.
"""

import json
import sys

LEFT_OUT = {"Pod", "ReplicaSet", "ControllerRevision", "Event", "Lease", "NodeMetrics", "PodMetrics", "List",
            "Meter", "Later"}
MADE_BY_SERVER = ("uid", "creationTimestamp", "generation", "resourceVersion", "ownerReferences", "selfLink")


def objects(text):
    """The objects of several JSON documents one after the other, lists taken apart."""
    decoder, at = json.JSONDecoder(), 0
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        document, at = decoder.raw_decode(text, at)
        yield from document["items"] if "items" in document else [document]


def cores(quantity):
    """In billionths, the only unit in which the demo tells use of CPU."""
    return int(quantity.removesuffix("n"))


def kibibytes(quantity):
    return int(quantity.removesuffix("Ki"))


def usage_by_workload(everything):
    """{(kind, namespace, name): (billionths of a core, KiB)} for one container of one pod, on average."""
    owners = {}
    for o in everything:
        reference = next(iter(o["metadata"].get("ownerReferences", [])), None)
        if reference:
            owners[o["kind"], o["metadata"]["namespace"], o["metadata"]["name"]] = reference
    samples = {}
    for o in everything:
        if o["kind"] != "PodMetrics":
            continue
        namespace, kind, name = o["metadata"]["namespace"], "Pod", o["metadata"]["name"]
        while (kind, namespace, name) in owners:
            reference = owners[kind, namespace, name]
            kind, name = reference["kind"], reference["name"]
        for container in o["containers"]:
            usage = container["usage"]
            samples.setdefault((kind, namespace, name), []).append((cores(usage["cpu"]), kibibytes(usage["memory"])))
    return {key: tuple(sum(part) // len(part) for part in zip(*list_)) for key, list_ in samples.items()}


def node(o):
    name = o["metadata"]["name"]
    o["metadata"]["annotations"] = {
        "kwok.x-k8s.io/node": "fake",
        "metrics.k8s.io/resource-metrics-path": f"/metrics/nodes/{name}/metrics/resource",
    }
    for field in ("podCIDR", "podCIDRs"):
        o["spec"].pop(field, None)
    # The demo's addresses may be somebody's: here all are kwok's own.
    o["status"]["addresses"] = [{"type": "InternalIP", "address": "127.0.0.1"}, {"type": "Hostname", "address": name}]
    o["status"].pop("conditions", None)
    return o


def workload(o, usage):
    key = o["kind"], o["metadata"]["namespace"], o["metadata"]["name"]
    if key in usage:
        cpu, memory = usage[key]
        annotations = o["spec"]["template"].setdefault("metadata", {}).setdefault("annotations", {})
        annotations["kwok.x-k8s.io/usage-cpu"] = f"{cpu}n"
        annotations["kwok.x-k8s.io/usage-memory"] = f"{memory}Ki"
    return o


def manifest(o, usage):
    for field in MADE_BY_SERVER:
        o["metadata"].pop(field, None)
    kind = o["kind"]
    if kind == "Node":
        return node(o)
    o.pop("status", None)
    if kind in ("Deployment", "StatefulSet", "DaemonSet"):
        return workload(o, usage)
    if kind == "CronJob":
        o["spec"]["suspend"] = True  # nothing new in the middle of a test
    elif kind == "Job":
        o["spec"].pop("selector", None)
    elif kind == "Service":
        o["spec"].pop("clusterIP", None)
        o["spec"].pop("clusterIPs", None)
    elif kind == "PersistentVolume" and "claimRef" in o["spec"]:
        for field in ("uid", "resourceVersion"):
            o["spec"]["claimRef"].pop(field, None)
    elif kind == "PersistentVolumeClaim":
        # The controller binds them. One that says it is bound is Lost for ever if it is seen before its volume.
        for annotation in ("pv.kubernetes.io/bind-completed", "pv.kubernetes.io/bound-by-controller"):
            o["metadata"].get("annotations", {}).pop(annotation, None)
    return o


def is_there(o):
    """The API server has made it by itself."""
    name = o["metadata"]["name"]
    if o["kind"] == "Namespace":
        return name == "default" or name.startswith("kube-")
    return o["kind"] == "PriorityClass" and name.startswith("system-")


def main():
    everything = list(objects(sys.stdin.read()))
    usage = usage_by_workload(everything)
    items = [manifest(o, usage) for o in everything if o["kind"] not in LEFT_OUT and not is_there(o)]
    json.dump({"apiVersion": "v1", "kind": "List", "items": items}, sys.stdout)


main()
