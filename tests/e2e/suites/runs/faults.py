"""A run and everything that can come between: budgets, pods that find no place, nodes that go, a server that is started anew,
a user who has enough, plans that no longer hold, and two runs at once. A watcher follows the pods all the time: no workload
with a budget ever has fewer healthy pods than that."""

import glob
import json
import os
import signal
import subprocess
import tempfile
import time

from basics import KUBECTL, PROGRAM, RIG, STATE, account, end, ok, until
from running import POLICY as BUDGETS
from running import ADMIN, SPACE, Homelab, Run, Watcher, budget, deployment, kubectl, run, status

TAINT = {"key": "e2e", "value": "leave", "effect": "NoSchedule"}
lab = Homelab()
folder = tempfile.TemporaryDirectory()
POLICY = os.path.join(folder.name, "policy.yaml")
PLAN = os.path.join(folder.name, "plan.json")
with open(POLICY, "w") as file:
    file.write("""apiVersion: descheduler/v1alpha2
kind: DeschedulerPolicy
profiles:
- name: taints
  pluginConfig:
  - {name: DefaultEvictor, args: {nodeFit: true}}
  plugins: {deschedule: {enabled: [RemovePodsViolatingNodeTaints]}}
""")


def begin(*things, on="corellia"):
    """The workloads on one node, which then has a taint that they do not tolerate: each of their pods is to leave."""
    lab.clear()
    lab.only_on(on)
    lab.create(*things)
    lab.settle_held()
    lab.open()
    lab.taint(on, TAINT)


def go(*words, **options):
    return Run("--yes", "--policy", POLICY, *words, **options)


def write_plan():
    done = run([PROGRAM, "rebalance", "--kubeconfig", ADMIN, "--cool-down", "0s", "--any-arch", "--policy", POLICY, "--plan", PLAN,
                "--dry-run=client"])
    if done.status:
        raise SystemExit(f"Bail out! no plan: {done.err}")
    with open(PLAN) as plan:
        return json.load(plan)


def apply(*words, **options):
    return Run("apply", PLAN, "--yes", *words, **options)


def expect(title, told, exit_status, states=None, why=None):
    """`told` is over: its exit status, the states of its moves, and what it gives as the reason."""
    found = told.wait()
    complaints = [] if found == exit_status else [f"exit status {found}, expected {exit_status}: {told.lines[-5:]}"]
    if states is not None and told.states() != sorted(states):
        complaints.append(f"{told.states()}, expected {sorted(states)}: {told.lines[-5:]}")
    if why is not None and why not in str(told.result and told.result["why"]):
        complaints.append(f"{told.result and told.result['why']}, expected {why}")
    ok(title, complaints)


def none_on(node):
    return [f"{pod['metadata']['name']} is on {node}" for pod in lab.pods() if pod["spec"].get("nodeName") == node]


def journal():
    return glob.glob(os.path.join(STATE, "runs/clusterutils/*.jsonl"))[0]


def unbroken(watcher):
    ok("no budget was ever broken", watcher.breaches)


print("# as it should go")
begin(deployment("one"), deployment("two", 2), budget("two", minAvailable=1))
with Watcher({"two": 1}) as watcher:
    told = go()
    expect("every pod leaves that its budget lets go", told, 0, ["Moved"] * 2)
    ok("who landed elsewhere is explained", [str(move) for move in told.result["moves"]
                                             if (move["landed"] == move["to"]) == bool(move["miss"])])
    ok("the journal knows", [] if [m["state"] for m in status()["items"]] == ["Moved"] * 2 else [str(status())])
    told = go()
    expect("the rest leaves in the next pass", told, 0, ["Moved"])
    ok("none is left", none_on("corellia"))
    unbroken(watcher)
events = json.loads(kubectl("get", "events", "-n", SPACE, "-o", "json", "--field-selector", "reason=RemovePodsViolatingNodeTaints"))
ok("an Event for each", [] if len(events["items"]) == 3 and all(
    e["action"] == "Descheduled" and e["message"] == "pod eviction from corellia node by clusterutils" for e in events["items"])
    else [str(e) for e in events["items"]])
told = go()
expect("another run has nothing to do", told, 0)

print("# only asked")
begin(deployment("one"), deployment("two"), budget("two", minAvailable=1))
told = Run("--policy", POLICY, "--dry-run=server")
found = told.wait()
verdicts = sorted(item["verdict"] for item in told.result["items"]) if told.result else told.lines
# What a budget keeps is withheld before the server is asked.
ok("dry-run=server asks the server", [] if found == 0 and verdicts == ["allowed"] else [f"{found} {verdicts}"])
told = Run("--policy", POLICY)
told.wait()
ok("without --yes and a terminal nothing is done", [] if len(none_on("corellia")) == 2 else none_on("corellia"))

print("# a budget that allows nothing for a while")
begin(deployment("two", 2, held=True))
write_plan()
lab.create(budget("two", minAvailable=2))
until(30, "the budget to be counted", lambda: lab.server.list(BUDGETS, f"namespaces/{SPACE}/poddisruptionbudgets")[0].get(
    "status", {}).get("currentHealthy") == 2)
told = apply()
expect("a budget that is tighter now: skipped", told, 0)
ok("and nothing is done", [] if len(none_on("corellia")) == 2 else none_on("corellia"))
kubectl("delete", "pdb", "two", "-n", SPACE)
with Watcher({"two": 1}) as watcher:
    told = apply()
    ok("the first goes", [] if told.says("evicted from corellia") else told.lines)
    lab.create(budget("two", minAvailable=2))
    lab.settle_held()
    ok("the second waits", [] if told.says("waits: .*disruption budget") else told.lines)
    ok("for as long as it must", [] if told.process.poll() is None and len(none_on("corellia")) == 1 else told.lines)
    kubectl("delete", "pdb", "two", "-n", SPACE)
    until(60, "the second to go", lambda: lab.release() or told.process.poll() is not None)
    expect("then it goes, too", told, 0, ["Moved", "Moved"])
    unbroken(watcher)
begin(deployment("two", 2, held=True))
write_plan()
with Watcher({"two": 1}) as watcher:
    told = apply("--wave-timeout", "8s")
    told.says("evicted from corellia")
    lab.create(budget("two", minAvailable=2))
    lab.settle_held()
    expect("a budget that never allows it: timed out", told, 4, ["Failed", "Moved"], "takes longer than 8 s")
    unbroken(watcher)

print("# nobody takes the pod in its place")
begin(deployment("one", held=True), deployment("two"))
told = go()
told.says("evicted from corellia")
lab.only_on("scarif")
lab.release()
expect("a pod without a place ends the run", told, 5, ["Failed", "NotBegun"], "cannot be scheduled: 0/7 nodes are available")
lab.open()
lab.settle_held()
ok("and nothing is lost", [])
begin(deployment("one", held=True), deployment("two"))
told = go("--pause-on-failure")
told.says("evicted from corellia")
lab.only_on("scarif")
lab.release()
ok("or makes it pause", [] if told.says("paused: .*cannot be scheduled") else told.lines)
lab.open()
expect("until there is a place again", told, 0, ["Moved", "Moved"])

print("# a node goes")
begin(deployment("one", held=True), deployment("two"))
told = go()
told.says("evicted from corellia")
lab.server.delete("/api/v1/nodes/dagobah")
expect("a node that goes ends the run", told, 5, ["NotBegun", "Unfinished"], "node dagobah is gone")
lab.make_nodes()
lab.settle_held()
ok("and nothing is lost", [])

print("# somebody changes the workload")
begin(deployment("two", 3, held=True))
told = go()
told.says("evicted from corellia")
kubectl("scale", "deployment", "two", "-n", SPACE, "--replicas", "4")
expect("a workload that is changed ends the run", told, 5, ["NotBegun", "NotBegun", "Unfinished"],
       f"Deployment {SPACE}/two is changed by somebody else")
lab.settle_held()
ok("and nothing is lost", [])

print("# the API server is started anew")
begin(deployment("app-1", held=True), *[deployment(f"app-{i}") for i in range(2, 5)])
with Watcher() as watcher:
    told = go()
    told.says("evicted from corellia")
    with open(os.path.join(STATE, "run/kube-apiserver")) as run_file:
        os.kill(int(run_file.read().split()[0]), signal.SIGKILL)
    told.says("does not answer", 20)
    os.unlink(os.path.join(STATE, "run/kube-apiserver"))
    subprocess.run(["sh", os.path.join(RIG, "up.sh")], stdout=subprocess.DEVNULL, check=True)
    lab.server = type(lab.server)()
    lab.release()
    expect("the run goes on when it is back", told, 0, ["Moved"] * 4)
ok("and everything has left", none_on("corellia"))

print("# the user has enough")
begin(deployment("one", held=True), deployment("two"))
told = go()
told.says("evicted from corellia")
told.signal()
expect("Ctrl-C begins nothing new", told, 130, ["NotBegun", "Unfinished"], "interrupted")
ok("and the journal says so", [] if sorted(m["state"] for m in status()["items"]) == ["NotBegun", "Unfinished"]
   else [str(status())])
lab.settle_held()
begin(deployment("one", held=True), deployment("two"))
told = go()
told.says("evicted from corellia")
told.signal(signal.SIGTERM)
told.says("this wave is the last")
lab.release()
expect("SIGTERM finishes the wave", told, 130, ["Moved", "NotBegun"])
begin(deployment("one", held=True), deployment("two"))
told = go()
told.says("evicted from corellia")
told.signal(signal.SIGTERM)
told.says("this wave is the last")
told.signal(signal.SIGTERM)
ok("a second signal ends it at once", [] if told.wait() == -signal.SIGTERM else told.lines)
ok("and status says that it was", [] if "Killed" in run(
    [PROGRAM, "rebalance", "status", "--journal", journal(), "--kubeconfig", ADMIN]).out else [str(status())])
lab.settle_held()

print("# plans that no longer hold")
begin(deployment("one"), deployment("two"), deployment("three"))
plan = write_plan()
plan["made"] = "2020-01-01T00:00:00Z"
plan["moves"][0]["uid"] = "00000000-0000-0000-0000-000000000000"
plan["moves"][1]["from"] = "kamino"
with open(PLAN, "w") as file:
    json.dump(plan, file)
told = apply()
expect("an old plan, edited: what does not hold is skipped", told, 0, ["Moved"])
ok("it tells how old it is", [] if told.has_said("the plan was made .* ago") else told.lines)
begin(deployment("one"), deployment("two"))
plan = write_plan()
lab.cordon(*{move["to"] for move in plan["moves"]})
time.sleep(1)  # the taint of a cordoned node is its controller's
told = apply()
expect("a node that is closed now: skipped", told, 0)
ok("nothing is done", [] if len(none_on("corellia")) == 2 else none_on("corellia"))
with open(PLAN, "w") as file:
    file.write("{\"kind\": \"RebalancePlan\"}")
done = run([PROGRAM, "rebalance", "apply", PLAN, "--yes", "--kubeconfig", ADMIN])
ok("what is no plan is refused", [] if done.status == 2 and "apiVersion is not clusterutils/v1" in done.err else [str(done)])

print("# two at the same time")
begin(deployment("one", held=True), deployment("two"))
first = go()
first.says("evicted from corellia")
second = go()
found = second.wait()
ok("the second refuses", [] if found == 6 and second.has_said("another run is under way") else [f"{found} {second.lines}"])
lab.release()
expect("the first does not mind", first, 0, ["Moved"] * 2)

print("# rights")
begin(deployment("one"))
viewer = account(SPACE, "viewer")
printed = run([PROGRAM, "rebalance", "--print-rbac"]).out
kubectl("apply", "-f", "-", text=printed)
kubectl("delete", "clusterrolebinding", "e2e-runs", "--ignore-not-found")
kubectl("create", "clusterrolebinding", "e2e-runs", "--clusterrole", "clusterutils-rebalance", "--serviceaccount", f"{SPACE}:viewer")
until(30, "the rights", lambda: run([PROGRAM, "rebalance", "--policy", POLICY, "--kubeconfig", viewer]).status == 0)
told = go(kubeconfig=viewer)
found = told.wait()
ok("who may only read is refused", [] if found == 6 and told.has_said("you may not create pods/eviction")
   else [f"{found} {told.lines}"])
ok("before anything is done", [] if none_on("corellia") else ["it has left"])
printed = run([PROGRAM, "rebalance", "--yes", "--print-rbac"]).out
kubectl("apply", "-f", "-", text=printed)
until(30, "the right to evict", lambda: run(
    [KUBECTL, "--kubeconfig", ADMIN, "auth", "can-i", "create", "pods", "--subresource", "eviction", "--as",
     f"system:serviceaccount:{SPACE}:viewer"]).out.strip() == "yes")
told = go(kubeconfig=viewer)
expect("the printed rights are enough", told, 0, ["Moved"])
ok("without a warning", [line for line in told.lines if "arning" in line])
kubectl("delete", "clusterrolebinding", "e2e-runs")
lab.clear()
end()
