"""What `top` shows is what kubectl shows: nodes, pods, tiers, usage, selectors."""

from basics import PROGRAM, Audit, account, end, get, kubectl, ok, rudeness, run, sets_differ, settled, top_json, until
from oracle import describe, node_differences, pod_differences, tier_differences, total_differences, usage_differences

NAMESPACE = "odd"


def container(name, requests=None, limits=None, **more):
    return {"name": name, "image": "registry.example.com/odd:1", "resources": {"requests": requests or {}, "limits": limits or {}}, **more}


def pod(name, *containers, **spec):
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": NAMESPACE},
            "spec": {"containers": list(containers), "terminationGracePeriodSeconds": 0, **spec}}


# Each adds up in another way.
ODD = [
    pod("plain", container("a", {"cpu": "0.1", "memory": "100M"})),
    pod("limits-alone", container("a", limits={"cpu": "250m", "memory": "64Mi"})),
    pod("nothing", container("a")),
    pod("small-units", container("a", {"cpu": "1500u", "memory": "1e7"}), container("b", {"cpu": "1500u", "memory": "12345678"})),
    pod("large-init", container("a", {"cpu": "100m", "memory": "50Mi"}),
        initContainers=[container("init", {"cpu": "900m", "memory": "20Mi"})]),
    pod("sidecar", container("a", {"cpu": "100m", "memory": "50Mi"}, {"memory": "60Mi"}),
        initContainers=[container("proxy", {"cpu": "30m", "memory": "40Mi"}, {"memory": "80Mi"}, restartPolicy="Always"),
                        container("init", {"cpu": "110m", "memory": "10Mi"}, {"memory": "10Mi"})]),
    pod("overhead", container("a", {"cpu": "100m", "memory": "50Mi"}, {"cpu": "200m"}), runtimeClassName="odd"),
    pod("of-the-pod", container("a", {"cpu": "50m", "memory": "10Mi"}), container("b"),
        resources={"requests": {"cpu": "400m", "memory": "128Mi"}, "limits": {"cpu": "1", "memory": "256Mi"}}),
    pod("critical", container("a", {"cpu": "10m"}), priorityClassName="critical"),
    pod("nowhere", container("a", {"cpu": "700m", "memory": "70Mi"}), nodeSelector={"kubernetes.io/hostname": "not-there"}),
]
RUNTIME = {"apiVersion": "node.k8s.io/v1", "kind": "RuntimeClass", "metadata": {"name": "odd"}, "handler": "odd",
           "overhead": {"podFixed": {"cpu": "70m", "memory": "33Mi"}}}


def make_odd_pods():
    import json

    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}
    def apply(*items):
        kubectl("apply", "-f", "-", text=json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))

    apply(namespace, RUNTIME)
    # A pod is refused until the controller manager has made the namespace's default ServiceAccount.
    until(60, "the account of the odd pods", lambda: get("serviceaccounts", "-n", NAMESPACE))
    apply(*ODD)
    until(60, "the odd pods", lambda: len(
        [p for p in get("pods", "-n", NAMESPACE) if p["status"]["phase"] == "Running"]) == len(ODD) - 1)


def check_selectors():
    for ours, theirs in [
        ("-n media", ["-n", "media"]),
        ("-A -l app=whoami", ["-A", "-l", "app=whoami"]),
        ("-A -l app!=whoami", ["-A", "-l", "app!=whoami"]),
        ("-A --field-selector spec.nodeName=kamino", ["-A", "--field-selector", "spec.nodeName=kamino"]),
        ("-n web --field-selector status.phase!=Running", ["-n", "web", "--field-selector", "status.phase!=Running"]),
    ]:
        found = [(item["namespace"], item["name"]) for item in top_json(f"pods {ours}")["items"]]
        expected = [(p["metadata"]["namespace"], p["metadata"]["name"]) for p in get("pods", *theirs)]
        ok(f"pods {ours}: the same as kubectl's", sets_differ("pods", found, expected) + ([] if expected or "!=Running" in ours else ["none"]))


def check_politeness():
    """With rights to see everything, and nothing else."""
    polite = account("e2e", "polite")
    kubectl("create", "clusterrole", "e2e-see", "--verb=list,watch", "--resource=nodes,pods,events,priorityclasses,replicasets,jobs,pods.metrics.k8s.io,nodes.metrics.k8s.io")
    kubectl("create", "clusterrolebinding", "e2e-see", "--clusterrole=e2e-see", "--serviceaccount=e2e:polite")
    for view, lists in (("nodes", 3), ("pods", 4), ("tiers", 4), ("images", 2), ("events", 1)):
        audit = Audit("system:serviceaccount:e2e:polite")
        top_json(view, polite)
        ok(f"{view}: nothing is listed twice, four requests at one time", rudeness(audit, lists))
    kubectl("delete", "clusterrolebinding/e2e-see", "clusterrole/e2e-see")


def check_formats():
    """Both wire formats, with and without pages, give the same."""
    expected = top_json("pods -A")["items"]
    for words in ("--wire json", "--wire protobuf", "--chunk-size 10", "--chunk-size 10 --wire json"):
        found = top_json(f"pods -A {words}")["items"]
        # Usage may have been scraped in between.
        strip = lambda items: [{**i, "cpu": {**i["cpu"], "usage": 0}, "memory": {**i["memory"], "usage": 0}} for i in items]
        ok(f"pods {words}: the same rows", [] if strip(found) == strip(expected) else ["they differ"])
    done = run([PROGRAM, "top", "nodes", "--chunk-size", "3"])
    ok("the kubeconfig of the environment", [] if done.status == 0 and "corellia" in done.out else [done.err])


def main():
    settled()
    make_odd_pods()
    described, nodes, pods = describe(), get("nodes"), get("pods", "-A")
    document = top_json("nodes")
    ok("nodes: requests, limits, pods, state as kubectl describe node shows them", node_differences(document["items"], described, nodes))
    ok("nodes: sums of zones and cluster", total_differences(document, described))
    ok("nodes: usage as kubectl top nodes", usage_differences("nodes", ["nodes"], lambda item: (item["name"],)))
    ok("pods: requests, limits, status, ready, restarts", pod_differences(top_json("pods")["items"], described))
    ok("pods: usage as kubectl top pods", usage_differences("pods", ["pods", "-A"], lambda item: (item["namespace"], item["name"])))
    ok("tiers: sums of pods by PriorityClass", tier_differences(top_json("tiers"), described, pods))
    check_selectors()
    check_formats()
    check_politeness()
    kubectl("delete", "namespace", NAMESPACE, "--wait=false")
    end()


main()
