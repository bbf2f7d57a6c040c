"""A plan of a live cluster is the plan of what kubectl writes of it; the rights that --print-rbac tells are enough for it,
and without them it says what is missing."""

import json
import os
import tempfile

from basics import ADMIN, KUBECTL, PROGRAM, account, end, get, kubectl, ok, run, settled, until

KINDS = ("nodes,pods,namespaces,replicasets.apps,deployments.apps,statefulsets.apps,jobs.batch,services,configmaps,"
         "priorityclasses,poddisruptionbudgets,persistentvolumes,persistentvolumeclaims,storageclasses,csinodes,csidrivers,"
         "csistoragecapacities,volumeattachments")
WORDS = ["rebalance", "-o", "json", "--cool-down", "0s"]


def plan(*words):
    done = run([PROGRAM, *WORDS, *words])
    return done, json.loads(done.out) if done.status == 0 else None


def essence(found):
    """What does not depend on samples of use."""
    return ([(move["namespace"], move["name"], move["strategy"], move["from"], move["to"], move["runnerUp"],
              move["verdict"], move["why"]) for move in found["moves"]],
            [(node["name"], node["class"], node["before"]["cpuRequest"], node["after"]["cpuRequest"],
              node["after"]["memoryRequest"], node["after"]["pods"]) for node in found["nodes"]], found["policy"])


def differences(one, other):
    for name, mine, theirs in zip(("moves", "nodes", "policy"), essence(one), essence(other)):
        if mine != theirs:
            yield f"{name}: {[x for x in mine if x not in theirs][:3]} and {[x for x in theirs if x not in mine][:3]}"


def lopsided(replicas):
    """Pods of one Deployment on two nodes, the others being closed meanwhile; now duplicates, and too many."""
    open_nodes = ("corellia", "mandalore")
    closed = [node["metadata"]["name"] for node in get("nodes") if not node["spec"].get("unschedulable")
              and node["metadata"]["name"] not in open_nodes]
    kubectl("cordon", *closed)
    try:
        kubectl("create", "deployment", "lopsided", "-n", "e2e-plan", "--image", "example/lopsided", "--replicas", str(replicas))
        until(60, "the pods of the Deployment", lambda: len(get("pods", "-n", "e2e-plan", "--field-selector",
                                                                "status.phase=Running")) == replicas)
    finally:
        kubectl("uncordon", *closed)


def write_dump(path):
    """What kubectl writes. A dump does not tell which release the scheduler is of, so the newest kubelet stands for it:
    those of kwok's nodes are older than the server here, and scores differ from release to release."""
    found = json.loads(kubectl("get", KINDS, "-A", "-o", "json"))
    version = json.loads(kubectl("version", "-o", "json"))["serverVersion"]["gitVersion"]
    for item in found["items"]:
        if item["kind"] == "Node":
            item["status"]["nodeInfo"]["kubeletVersion"] = version
    with open(path, "w") as file:
        json.dump(found, file)


def grant(text):
    """Binds what was printed to the account; waits until the authorizer knows."""
    kubectl("apply", "-f", "-", text=text)
    name = json.loads(kubectl("create", "--dry-run=client", "-o", "json", "-f", "-", text=text))["metadata"]["name"]
    kubectl("create", "clusterrolebinding", "e2e-planner", "--clusterrole", name, "--serviceaccount", "e2e-plan:planner")
    until(30, "the rights", lambda: run([KUBECTL, "--kubeconfig", ADMIN, "auth", "can-i", "list", "volumeattachments", "--as",
                                         "system:serviceaccount:e2e-plan:planner"]).out.strip() == "yes")


settled()
kubectl("create", "namespace", "e2e-plan")
lopsided(8)
with tempfile.TemporaryDirectory() as folder:
    dump = os.path.join(folder, "cluster.json")
    write_dump(dump)
    for options in ([], ["--parity"], ["--any-arch", "--allow-single-replica", "--memory-line", "0"]):
        live_run, live = plan("--kubeconfig", ADMIN, *options)
        dump_run, dumped = plan("--from", dump, *options)
        title = " ".join(["a plan", *options])
        ok(f"{title} can be made", [result.err for result in (live_run, dump_run) if result.status])
        if live and dumped:
            ok(f"{title} is the same live and of a dump", differences(live, dumped))
            ok(f"{title} is about something", [] if live["moves"] else ["no moves, and none withheld"])
    viewer = account("e2e-plan", "planner")
    done, _ = plan("--kubeconfig", viewer)
    ok("without rights there is no plan", [] if done.status == 1 and "nodes is forbidden" in done.err else [str(done)])
    printed = run([PROGRAM, "rebalance", "--print-rbac"])
    grant(printed.out)
    done, found = plan("--kubeconfig", viewer)
    ok("the printed rights are enough", [done.err] if done.status or done.err else differences(found, plan("--kubeconfig", ADMIN)[1]))
kubectl("delete", "clusterrolebinding", "e2e-planner")
kubectl("delete", "namespace", "e2e-plan", "--wait=false")
end()
