"""Starts from which a descheduler has something to do: what one run of ours does of each, beside what upstream's rules
(--parity, pass after pass as its loop would) do of the same. Evictions, landings foreseen, pods that came back, pods that no
node took for a while, how evenly memory is asked for afterwards."""

import os
import re
import statistics
import tempfile

from basics import PROGRAM, end, ok, run, until
from running import ADMIN, NODES, Homelab, Run, Watcher, deployment, is_ready, node
from server import CORE

PASSES = 3  # of upstream's loop
lab = Homelab()
folder = tempfile.TemporaryDirectory()
POLICY = os.path.join(folder.name, "policy.yaml")
with open(POLICY, "w") as file:
    file.write("""apiVersion: descheduler/v1alpha2
kind: DeschedulerPolicy
profiles:
- name: default
  pluginConfig:
  - {name: DefaultEvictor, args: {nodeFit: true, priorityThreshold: {value: 1000000}}}
  - name: LowNodeUtilization
    args:
      thresholds: {cpu: 25, memory: 35, pods: 25}
      targetThresholds: {cpu: 50, memory: 55, pods: 40}
  - {name: RemovePodsViolatingNodeAffinity, args: {nodeAffinityType: [requiredDuringSchedulingIgnoredDuringExecution]}}
  - {name: RemovePodsHavingTooManyRestarts, args: {podRestartThreshold: 100, includingInitContainers: true}}
  plugins:
    balance: {enabled: [LowNodeUtilization, RemoveDuplicates]}
    deschedule: {enabled: [RemovePodsViolatingNodeTaints, RemovePodsViolatingNodeAffinity, RemovePodsHavingTooManyRestarts]}
""")
SSD = {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [
    {"matchExpressions": [{"key": "disk", "operator": "In", "values": ["ssd"]}]}]}}}

HOME = {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 100, "preference": {
    "matchExpressions": [{"key": "kubernetes.io/hostname", "operator": "In", "values": ["corellia"]}]}}]}}


def many(count, prefix, **options):
    return [deployment(f"{prefix}-{i:02}", **options) for i in range(count)]


# Each: what is there, on which nodes, and what then happens. The nodes that stay closed are nobody's landing.


def lopsided():
    lab.only_on("corellia")
    lab.create(*many(15, "lop", cpu="250m", memory="700Mi"))
    lab.settle()
    lab.open()


def nobody_is_under():
    """As in a homelab: every node does a bit, so none is below all thresholds, and upstream's rules find no place."""
    for name in ("mandalore", "tatooine", "kamino", "jakku", "dagobah"):
        lab.only_on(name)
        lab.create(deployment(f"base-{name}", cpu="1100m"))
        lab.settle()
    lopsided()


def preferred_home():
    """Pods that prefer the node which has too many: evicted, they come back."""
    lab.only_on("corellia")
    lab.create(*many(15, "lop", cpu="250m", memory="700Mi", affinity=HOME))
    lab.settle()
    lab.open()


def new_empty_node():
    lab.only_on("mandalore", "tatooine")
    lab.create(*many(16, "app", cpu="200m", memory="1200Mi"))
    lab.settle()
    lab.server.create(CORE, "nodes", node("hoth", 4, 16, "amd64", "home"))
    until(60, "the new node", lambda: any(
        found["metadata"]["name"] == "hoth" and is_ready(found) and not found["spec"].get("taints") for found in lab.nodes()))


def drained_node_back():
    lab.only_on("mandalore", "corellia")
    lab.create(*many(18, "app", cpu="250m", memory="1100Mi"))
    lab.settle()
    lab.cordon("tatooine", cordoned=False)


def duplicates():
    lab.only_on("corellia")
    lab.create(deployment("blog", 6))
    lab.settle()
    lab.open()


def taint_added():
    lab.only_on("mandalore")
    lab.create(*many(6, "app"))
    lab.settle()
    lab.open()
    lab.taint("mandalore", {"key": "e2e", "value": "leave", "effect": "NoSchedule"})


def affinity_changed():
    lab.patch_node("tatooine", {"metadata": {"labels": {"disk": "ssd"}}})
    lab.create(*many(6, "app", affinity=SSD))
    lab.settle()
    for name, label in (("tatooine", None), ("corellia", "ssd"), ("mandalore", "ssd")):
        lab.patch_node(name, {"metadata": {"labels": {"disk": label}}})


def reset():
    lab.clear()
    for name in NODES:
        lab.patch_node(name, {"metadata": {"labels": {"disk": None}}})


class Story:
    """What one of the two made of a start."""

    def __init__(self, begin, words, passes):
        reset()
        begin()
        self.evicted = self.returned = self.foreseen = self.landed = self.waves = 0
        self.seconds, self.faults, self.pods = 0.0, [], len(lab.pods())
        with Watcher() as watcher:
            for _ in range(passes):
                told = Run("--yes", "--policy", POLICY, *words)
                status = told.wait()
                if status:
                    self.faults.append(f"exit status {status}: {told.lines[-3:]}")
                if told.result is None or told.result["kind"] != "RebalanceRun":
                    break
                self.add(told)
        self.pending = len(watcher.pending)
        self.left = [pod["metadata"]["name"] for pod in lab.pods() if not pod["spec"].get("nodeName")]
        shares = [memory for memory, _ in lab.requests().values()]
        self.spread, self.most = statistics.pstdev(shares), max(shares)

    def add(self, told):
        summary = told.result["summary"]
        self.evicted += summary["evicted"]
        self.returned += summary["returned"]
        self.foreseen += summary["landedAsForeseen"]
        self.landed += summary["landedAsForeseen"] + summary["landedElsewhere"]
        self.waves += told.result["waves"]
        self.seconds += told.seconds
        self.above = summary["nodesAboveTargetAfter"]

    above = None

    def __str__(self):
        return (f"{self.evicted} evictions in {self.waves} waves and {self.seconds:.1f} s, {self.foreseen} of {self.landed} where "
                f"foreseen, {self.returned} came back, {self.pending} had to wait for a node, {self.above} nodes above target, "
                f"memory up to {self.most:.0f} % with a deviation of {self.spread:.1f}")


def promised():
    """(moves, nodes above target afterwards) of the plan."""
    text = run([PROGRAM, "rebalance", "--kubeconfig", ADMIN, "--policy", POLICY, "--relieve", "--any-arch", "--cool-down", "0s",
                "--dry-run=client"]).out
    moves = re.search(r"^(\d+) moves?", text, re.MULTILINE)
    above = re.search(r"nodes above target: \d+ -> (\d+)", text)
    return int(moves[1]), int(above[1])


def compare(begin, ours_acts=True, theirs_act=True):
    name = begin.__name__.replace("_", " ")
    reset()
    begin()
    moves, above = promised()
    ours = Story(begin, ["--relieve", "--any-arch"], 1)
    theirs = Story(begin, ["--parity"], PASSES)
    print(f"# measured: {name}: ours: {ours}")
    print(f"# measured: {name}: upstream's rules: {theirs}")
    ok(f"{name}: ours {'acts' if ours_acts else 'does not act'}", [] if bool(ours.evicted) == ours_acts else [str(ours)])
    ok(f"{name}: upstream's rules {'act' if theirs_act else 'do not act'}",
       [] if bool(theirs.evicted) == theirs_act else [str(theirs)])
    ok(f"{name}: every move is carried out", ours.faults + ([] if ours.evicted == moves else [f"{ours.evicted} of {moves}"]))
    ok(f"{name}: nothing comes back", [f"{ours.returned} pods did"] if ours.returned else [])
    ok(f"{name}: nothing is left pending", ours.left)
    ok(f"{name}: no pod had to wait for a node", [f"{ours.pending} had"] if ours.pending else [])
    if ours_acts:
        ok(f"{name}: no more nodes above target than the plan said", [] if ours.above <= above else
           [f"{ours.above}, plan {above}"])
    if theirs_act:
        ok(f"{name}: no more evictions than upstream's rules need", [] if ours.evicted <= theirs.evicted else
           [f"{ours.evicted} and {theirs.evicted}"])
    return ours, theirs


for story in (lopsided, new_empty_node, drained_node_back, duplicates, taint_added, affinity_changed):
    compare(story)
mine, _ = compare(nobody_is_under, theirs_act=False)
ok("nobody is under: no node is left above its target", [] if mine.above == 0 else [str(mine)])
_, upstream = compare(preferred_home, ours_acts=False)
ok("preferred home: upstream's rules move in vain", [] if upstream.returned else [str(upstream)])
reset()
end()
