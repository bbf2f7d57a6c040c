"""A thousand nodes and twenty thousand pods: the same figures as kubectl's, with few requests, and from the cheapest lists."""

import collections
import resource
import subprocess

from basics import ADMIN, PROGRAM, Audit, account, differ, end, get, kubectl, millis, ok, rudeness, top_json, whole
from oracle import describe, node_differences, pod_differences, usage_differences

POLITE = "system:serviceaccount:e2e:polite"


def effective(pod, part):
    """What the scheduler counts, of pods without overhead and without resources of their own: the containers and the
    sidecars, or the most that is needed while the other init containers run."""
    spec = pod["spec"]

    def of(container):
        some = container.get("resources", {}).get(part, {})
        return millis(some.get("cpu", "0")), whole(some.get("memory", "0"))

    sidecars, peak = (0, 0), (0, 0)
    for container in spec.get("initContainers", []):
        if container.get("restartPolicy") == "Always":
            sidecars = tuple(map(sum, zip(sidecars, of(container))))
        peak = tuple(map(max, peak, tuple(map(sum, zip(sidecars, of(container)))) if container.get("restartPolicy") != "Always" else sidecars))
    running = tuple(map(sum, zip(sidecars, *map(of, spec["containers"]))))
    return tuple(map(max, running, peak))


def sum_differences(items, pods):
    """Every node's sums, by the rule above; describe is asked for a few nodes alone, it takes a request each."""
    sums, counts = collections.defaultdict(lambda: [0, 0, 0, 0]), collections.Counter()
    for pod in pods:
        node = pod["spec"].get("nodeName")
        if not node or pod["status"]["phase"] in ("Succeeded", "Failed"):
            continue
        counts[node] += 1
        requests, limits = effective(pod, "requests"), effective(pod, "limits")
        sums[node] = [a + b for a, b in zip(sums[node], (*requests, *limits))]
    for item in items:
        name = item["name"]
        found = [item[kind][part] or 0 for part in ("request", "limit") for kind in ("cpu", "memory")]
        yield from differ(f"{name} amounts", found, sums[name])
        yield from differ(f"{name} pods", item["pods"]["count"], counts[name])


def usage_of_child(words, kubeconfig):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([PROGRAM, "top", *words.split(), "--kubeconfig", kubeconfig], stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, after.ru_maxrss / 1024


def main():
    # First, while no other child has been: the memory is that of the largest so far.
    seconds, megabytes = usage_of_child("nodes", ADMIN)
    ok("nodes: less than 40 MB", [] if megabytes < 40 else [f"{megabytes:.0f} MB"])
    print(f"# top nodes: {seconds:.2f} s of CPU, {megabytes:.0f} MB")

    nodes, pods = get("nodes"), get("pods", "-A")
    ok("the cluster is as large as it should be", differ("nodes, pods", (len(nodes), len(pods)), (1000, 20000)))
    names = [node["metadata"]["name"] for node in nodes]
    described = describe(*names[::125])
    items = top_json("nodes")["items"]
    ok("nodes: eight of them as kubectl describe node shows them", node_differences(items, described, nodes))
    ok("nodes: the sums of all", sum_differences(items, pods))
    ok("nodes: usage as kubectl top nodes", usage_differences("nodes", ["nodes"], lambda item: (item["name"],)))
    ok("pods: as kubectl get pods, and of eight nodes as described", pod_differences(top_json("pods")["items"], described))
    ok("pods: usage as kubectl top pods", usage_differences("pods", ["pods", "-A"], lambda item: (item["namespace"], item["name"])))

    polite = account("e2e", "polite")
    kubectl("create", "clusterrole", "e2e-see", "--verb=list,watch",
            "--resource=nodes,pods,events,priorityclasses,replicasets,jobs,pods.metrics.k8s.io,nodes.metrics.k8s.io")
    kubectl("create", "clusterrolebinding", "e2e-see", "--clusterrole=e2e-see", "--serviceaccount=e2e:polite")
    for view, lists in (("nodes", 3), ("pods", 4), ("tiers", 4)):
        audit = Audit(POLITE)
        top_json(view, polite)
        ok(f"{view}: nothing is listed twice, four requests at one time", rudeness(audit, lists))
        from_etcd = [r["requestURI"] for r in audit.lists() if "resourceVersion=0" not in r["requestURI"] and "metrics" not in r["requestURI"]]
        ok(f"{view}: lists come from the server's cache", from_etcd)
    end()


main()
