"""Real nodes: pods that kubelets run, images that they report, usage that they measure."""

import json

from basics import ADMIN, KUBECTL, differ, end, get, kubectl, ok, run, sets_differ, top_json, until
from oracle import describe, node_differences, pod_differences, usage_differences

LOOP = ["sh", "-c", "while :; do sleep 1; done"]


def workload(name, replicas, image, **spec):
    pod = {"terminationGracePeriodSeconds": 0, **spec, "containers": [{
        "name": "main", "image": image, "command": LOOP,
        "resources": {"requests": {"cpu": "20m", "memory": "16Mi"}, "limits": {"memory": "64Mi"}}}]}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "namespace": "default"}, "spec": {
        "replicas": replicas, "selector": {"matchLabels": {"app": name}},
        "template": {"metadata": {"labels": {"app": name}}, "spec": pod}}}


def images():
    """{image: nodes that report it}, by the name that top shows: the one with a tag."""
    found = {}
    for node in get("nodes"):
        for image in node["status"].get("images", []):
            for name in image.get("names") or []:
                if "@" not in name:
                    found.setdefault(name, set()).add(node["metadata"]["name"])
    return found


def has_all(images_):
    return any("busybox" in name and len(nodes) == 3 for name, nodes in images_.items()) and any("big" in name for name in images_)


def main():
    items = [workload("loop", 6, "busybox:1.35"), workload("big", 1, "big:1", nodeSelector={"kubernetes.io/hostname": "tatooine"})]
    kubectl("apply", "-f", "-", text=json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))
    until(60, "seven pods that run", lambda: sum(
        p["status"]["phase"] == "Running" and all(s["ready"] for s in p["status"]["containerStatuses"]) for p in get("pods", "-n", "default")) == 7)
    ok("nodes as kubectl describe node shows them", node_differences(top_json("nodes")["items"], describe(), get("nodes")))
    ok("pods as kubectl get pods shows them", pod_differences(top_json("pods")["items"], describe()))

    theirs = until(60, "the images in the nodes' status", lambda: (found := images()) if has_all(images()) else None)
    ours = {item["name"]: item for item in top_json("images")["items"]}
    ok("images: all that the nodes report", [f"{name} is missing" for name in theirs if name not in ours])
    ok("images: on how many nodes", [c for name in theirs if name in ours for c in differ(name, ours[name]["nodes"], len(theirs[name]))])
    big = next((item for name, item in ours.items() if "big" in name), None)
    ok("images: the large one is large", [] if big and big["size"] > 64 << 20 else [str(big)])

    # A kubelet measures what is, so that the comparison may need a few attempts; names are enough for who has a sample.
    # Until metrics-server has read every kubelet twice kubectl fails: that is what is waited for.
    until(90, "usage of all pods", lambda: len(
        run([KUBECTL, "--kubeconfig", ADMIN, "top", "pods", "-A", "--no-headers"]).out.splitlines()) >= 7)
    until(90, "usage of all nodes", lambda: len(
        run([KUBECTL, "--kubeconfig", ADMIN, "top", "nodes", "--no-headers"]).out.splitlines()) >= 3)
    ok("nodes: usage as kubectl top nodes", usage_differences("nodes", ["nodes"], lambda item: (item["name"],)))
    measured = [item["name"] for item in top_json("pods")["items"] if item["cpu"]["usage"] is not None]
    ok("pods: usage of all", sets_differ("pods", measured, [p["metadata"]["name"] for p in get("pods", "-A")]))
    kubectl("delete", "deployment", "loop", "big", "-n", "default")
    end()


main()
