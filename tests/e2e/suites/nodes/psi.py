"""Usage and pressure from real kubelets: the numbers of their own summaries, and what is told where they cannot be had.

A kubelet measures pressure in cgroup v2 alone; with cgroup v1 it tells zeros. Where the machine has v1 or both, one kubelet
is restarted with a cgroup v2 of its own in place of them, which has no controllers but measures the whole machine: no pod
could run there, and none does."""

import json
import os
import re
import signal
import subprocess
import time

from basics import MI, RIG, STATE, account, differ, end, kubectl, ok, run, sets_differ, top, top_json, until

NODES = ("corellia", "mandalore", "tatooine")
NODE = "tatooine"  # whose kubelet is restarted
PSI = ("cpu", "memory", "io")
ACCOUNT = "e2e-psi"


def summary(node):
    return json.loads(kubectl("get", "--raw", f"/api/v1/nodes/{node}/proxy/stats/summary"))


def summaries(nodes=NODES):
    return {node: summary(node) for node in nodes}


def millis(stats):
    return -(-stats["cpu"]["usageNanoCores"] // 1000000)


def pressure(node):
    """As top has it: none where nothing was measured. A percentage to the thousandth."""
    levels = {resource: {part: dict(node.get(resource, {}).get("psi", {}).get(part, {})) for part in ("some", "full")} for resource in PSI}
    if not any(number for resource in levels.values() for level in resource.values() for number in level.values()):
        return None
    return levels


def node_complaints(rows, raw):
    for name, whole in raw.items():
        row, node = rows[name], whole["node"]
        yield from differ(f"{name} cpu", row["cpu"]["usage"], millis(node))
        yield from differ(f"{name} memory", row["memory"]["usage"], node["memory"]["workingSetBytes"])
        yield from differ(f"{name} psi", row["psi"], pressure(node))


def moments(raw):
    """When nodes and pods were measured; their containers are by the runtime, each time that somebody asks."""
    return {name: [whole["node"]["cpu"]["time"], *(pod.get("cpu", {}).get("time") for pod in whole["pods"])] for name, whole in raw.items()}


def compared(words, complaints_of):
    """What differs between top and the summaries: those of before and after are the same, so that top read these too. A
    kubelet measures every ten seconds, so that this may need a few attempts."""
    complaints = ["the kubelets never said the same twice"]
    for _ in range(40):
        before = summaries()
        document = top_json(f"{words} --source kubelet")
        if moments(before) == moments(summaries()):
            complaints = list(complaints_of(document, before))
            if not complaints:
                return []
        time.sleep(0.2)
    return complaints


def pod_complaints(document, raw):
    ours = {(item["namespace"], item["name"]): item for item in document["items"]}
    theirs = {(pod["podRef"]["namespace"], pod["podRef"]["name"]): pod for whole in raw.values() for pod in whole["pods"]}
    yield from sets_differ("pods", ours, theirs)
    for key in set(ours) & set(theirs):
        yield from differ(f"{key} cpu", ours[key]["cpu"]["usage"], millis(theirs[key]))
        yield from differ(f"{key} memory", ours[key]["memory"]["usage"], theirs[key]["memory"]["workingSetBytes"])


def check_pods():
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "psi", "namespace": "default"}, "spec": {
        "nodeName": "corellia", "terminationGracePeriodSeconds": 0, "containers": [
            {"name": name, "image": "busybox:1.35", "command": ["sh", "-c", "while :; do sleep 1; done"]} for name in ("one", "two")]}}
    kubectl("apply", "-f", "-", text=json.dumps(pod))
    until(90, "the pod in the summary of its kubelet", lambda: any(
        found.get("cpu", {}).get("usageNanoCores") and found.get("memory", {}).get("workingSetBytes")
        for found in summary("corellia")["pods"] if found["podRef"]["name"] == "psi"))
    ok("pods: usage as in the summary", compared("pods", pod_complaints))
    kubectl("delete", "pod", "psi", "-n", "default", "--wait")


def check_source(document, state, part=""):
    source = document["sources"].get("kubelet", {})
    if source.get("state") != state or part not in (source.get("error") or ""):
        yield f"sources: {document['sources']}"


def check_rights():
    """Lists are allowed, kubelets are not; then what --print-rbac says is."""
    viewer = account(ACCOUNT, "viewer")
    role = top("nodes --source kubelet --print-rbac").out
    less = "\n".join(line for line in role.replace("nodes/proxy", "nodes/none").splitlines())
    binding = json.dumps({
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "clusterutils-top"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "clusterutils-top"},
        "subjects": [{"kind": "ServiceAccount", "namespace": ACCOUNT, "name": "viewer"}]})
    kubectl("apply", "-f", "-", text=less)
    kubectl("apply", "-f", "-", text=binding)
    until(30, "the right to pods", lambda: top("nodes -o name", viewer).out.count("node/") == 3 and "pods" not in top("nodes", viewer).err)
    done = top("nodes --source kubelet -o json", viewer)
    document = json.loads(done.out or '{"items": [], "sources": {}}')
    ok("without nodes/proxy: status 0, and one line that names it", [] if done.status == 0 and len(done.err.splitlines()) == 1
       and "nodes/proxy" in done.err and "usage of 3 of 3 nodes" in done.err else [f"status {done.status}", done.err])
    ok("without nodes/proxy: usage is unknown, requests are known", [
        f"{item['name']}: {item['cpu']} {item['psi']}" for item in document["items"]
        if item["cpu"]["usage"] is not None or item["cpu"]["request"] is None or item["psi"] is not None] + (
            [] if len(document["items"]) == 3 else ["no three nodes"]))
    ok("without nodes/proxy: the source is forbidden", check_source(document, "forbidden", "0 of 3 nodes answered"))
    strict = top("nodes --source kubelet --strict", viewer)
    ok("without nodes/proxy: --strict", [] if strict.status == 3 else [f"status {strict.status}"])
    auto = top("nodes --source auto", viewer)
    ok("auto does not ask for it", [] if "nodes/proxy" not in auto.err else [auto.err])
    kubectl("apply", "-f", "-", text=role)
    until(30, "the right to nodes/proxy", lambda: not top("nodes --source kubelet", viewer).err)
    done = top("nodes --source kubelet -o json", viewer)
    document = json.loads(done.out)
    ok("the printed rights are enough", [done.err] if done.err or done.status else check_source(document, "ok"))
    ok("the printed rights: usage of all nodes", [item["name"] for item in document["items"] if item["cpu"]["usage"] is None])
    kubectl("delete", "clusterrole/clusterutils-top", "clusterrolebinding/clusterutils-top", f"namespace/{ACCOUNT}", "--wait=false")


# --- the kubelet that is restarted -----------------------------------------------------------------------------------


def kubelet_process():
    """Only what the rig has recorded as its own is ever ended."""
    with open(os.path.join(STATE, "run", f"kubelet-{NODE}")) as file:
        pid, born = file.read().split()
    with open(f"/proc/{pid}/stat") as file:
        assert file.read().rsplit(") ", 1)[1].split()[19] == born, "the kubelet has ended"
    return int(pid)


def stop_kubelet():
    pid = kubelet_process()
    with open(f"/proc/{pid}/cmdline") as file:
        words = file.read().split("\0")[:-1]
    os.kill(pid, signal.SIGTERM)
    until(30, "the end of a kubelet", lambda: not os.path.exists(f"/proc/{pid}") or " Z " in open(f"/proc/{pid}/stat").read())
    return words


def start_kubelet_in_cgroup2(words, log):
    """Without QoS cgroups: there are no controllers. In a mount namespace of its own, which ends with it."""
    config = words[words.index("--config") + 1]
    own = os.path.join(STATE, "kubelet-psi.yaml")
    with open(config) as file, open(own, "w") as out:
        text = re.sub(r"(?m)^cgroupRoot:.*$", 'cgroupRoot: ""', file.read())
        out.write(f"{text}cgroupsPerQOS: false\nenforceNodeAllocatable: []\n")
    words[words.index("--config") + 1] = own
    script = 'mount -t cgroup2 none /sys/fs/cgroup && exec "$@"'
    return subprocess.Popen(["nsenter", f"--net=/run/netns/clusterutils-{NODES.index(NODE) + 1}", "unshare", "-m",
                             "sh", "-c", script, "sh", *words], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)


def restore_kubelet():
    done = run(["sh", os.path.join(RIG, "node.sh"), "up", NODE, str(NODES.index(NODE) + 1)])
    if done.status:
        raise SystemExit(f"Bail out! node.sh: {done.err}")
    until(60, "the summary of a kubelet", lambda: "usageNanoCores" in run(
        [os.path.join(os.environ["RIG_BIN"], "kubectl"), "--kubeconfig", os.path.join(STATE, "admin.kubeconfig"),
         "get", "--raw", f"/api/v1/nodes/{NODE}/proxy/stats/summary"]).out)
    # A kubelet rewrites these for the whole machine: nodes.sh has them as they were.
    with open(os.path.join(STATE, "sysctl")) as file:
        run(["sysctl", "-qw", *file.read().split()])


def check_silent_node():
    """The node is still Ready, for its lease is young; its kubelet is not there."""
    done = top("nodes --source kubelet -o json")
    document = json.loads(done.out)
    rows = {item["name"]: item for item in document["items"]}
    ok("a kubelet that is gone: one line", [] if done.status == 0 and len(done.err.splitlines()) == 1
       and f"usage of 1 of 3 nodes cannot be read: kubelet of {NODE}" in done.err else [f"status {done.status}", done.err])
    ok("a kubelet that is gone: that node alone is unknown", [
        f"{name}: {row['cpu']}" for name, row in rows.items() if (row["cpu"]["usage"] is None) != (name == NODE)])
    ok("a kubelet that is gone: the source is partial", check_source(document, "partial", "2 of 3 nodes answered"))


def check_pressure():
    """Where the machine is in cgroup v2 already there is nothing to restart."""
    raw = summaries()
    if any(pressure(whole["node"]) for whole in raw.values()):
        ok("pressure: as the kubelets tell it", compared("nodes", lambda document, found: node_complaints(
            {item["name"]: item for item in document["items"]}, found)))
        return
    ok("cgroup v1: zeros are no pressure that is known", [
        item["name"] for item in top_json("nodes --source kubelet")["items"] if item["psi"] is not None])
    words = stop_kubelet()
    process = None
    try:
        check_silent_node()
        with open(os.path.join(STATE, "log", "kubelet-psi.log"), "a") as log:
            process = start_kubelet_in_cgroup2(words, log)
        until(60, "pressure in the summary", lambda: process.poll() is None and top(f"nodes --source kubelet --node {NODE}").err == ""
              and pressure(summary(NODE)["node"]))
        ok("pressure: as the kubelet tells it, and unknown on the others", compared("nodes", lambda document, found: node_complaints(
            {item["name"]: item for item in document["items"]}, found)))
        check_units()
        text = top("nodes --source kubelet --sort psi.cpu --by flat").out.splitlines()
        ok("pressure: a column", [] if "PSI%" in text[1] and text[2].startswith(NODE) else text)
    finally:
        if process:
            process.terminate()
            process.wait()
        restore_kubelet()


def check_units():
    """What types.go calls nanoseconds is as the kernel has it: microseconds, of the whole machine."""
    with open("/proc/pressure/cpu") as file:
        before = int(re.search(r"some .*total=(\d+)", file.read())[1])
    ours = next(item for item in top_json("nodes --source kubelet")["items"] if item["name"] == NODE)["psi"]["cpu"]["some"]["total"]
    ok("pressure: total is in microseconds", [] if before - 60e6 < ours < before + 60e6 else [f"{ours}, by the kernel {before}"])


def main():
    until(60, "summaries with usage", lambda: all("usageNanoCores" in whole["node"]["cpu"] and whole["node"]["memory"]["workingSetBytes"] > MI
                                                  for whole in summaries().values()))
    ok("nodes: usage and pressure as in the summaries", compared("nodes", lambda document, raw: [
        *node_complaints({item["name"]: item for item in document["items"]}, raw), *check_source(document, "ok")]))
    check_pods()
    check_rights()
    check_pressure()
    end()


main()
