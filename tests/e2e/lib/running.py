"""Runs of `rebalance` on a small homelab whose nodes are kwok's: how it is made, who watches meanwhile, and what a run said.
Imported, never run."""

import http.client
import json
import os
import re
import signal
import subprocess
import threading
import time

from basics import ADMIN, PROGRAM, STATE, kubectl, run, until
from server import APPS, CORE, Server

POLICY = "/apis/policy/v1"
# name: (cpus, GiB, arch, zone)
NODES = {"corellia": (8, 16, "amd64", "home"), "mandalore": (4, 16, "amd64", "home"), "tatooine": (4, 16, "amd64", "home"),
         "kamino": (4, 8, "arm64", "home"), "jakku": (4, 4, "arm64", "home"), "dagobah": (4, 2, "arm64", "parents"),
         "scarif": (4, 8, "amd64", "cloud")}
TAINTS = {"scarif": [{"key": "dedicated", "value": "edge", "effect": "NoSchedule"}]}
SPACE = "runs"


def node(name, cpus, memory, arch, zone):
    room = {"cpu": str(cpus), "memory": f"{memory}Gi", "pods": "110"}
    return {"kind": "Node", "apiVersion": "v1",
            "metadata": {"name": name, "annotations": {"kwok.x-k8s.io/node": "fake"},
                         "labels": {"kubernetes.io/hostname": name, "kubernetes.io/arch": arch, "kubernetes.io/os": "linux",
                                    "kubernetes.io/zone": zone}},
            "spec": {"taints": TAINTS.get(name, [])},
            "status": {"capacity": room, "allocatable": room, "nodeInfo": {
                "architecture": arch, "operatingSystem": "linux", "kubeletVersion": "v1.36.3", "kernelVersion": "",
                "machineID": "", "systemUUID": "", "bootID": "", "osImage": "", "containerRuntimeVersion": "",
                "kubeProxyVersion": ""}}}


def deployment(name, replicas=1, cpu="100m", memory="64Mi", held=False, **spec):
    """The pods of one that is held are not scheduled before Homelab.release."""
    labels = {"app": name}
    if held:
        spec["schedulingGates"] = [{"name": "e2e/held"}]
    return {"kind": "Deployment", "apiVersion": "apps/v1", "metadata": {"name": name, "namespace": SPACE},
            "spec": {"replicas": replicas, "selector": {"matchLabels": labels}, "template": {
                "metadata": {"labels": labels},
                "spec": {"terminationGracePeriodSeconds": 1, "containers": [
                    {"name": "app", "image": f"example/{name}", "resources": {"requests": {"cpu": cpu, "memory": memory}}}],
                    **spec}}}}


def budget(name, **spec):
    return {"kind": "PodDisruptionBudget", "apiVersion": "policy/v1", "metadata": {"name": name, "namespace": SPACE},
            "spec": {"selector": {"matchLabels": {"app": name}}, **spec}}


def is_ready(thing):
    return any(c["type"] == "Ready" and c["status"] == "True" for c in thing.get("status", {}).get("conditions", []))


def is_going(thing):
    return "deletionTimestamp" in thing["metadata"]


class Homelab:
    """The nodes, and a namespace that is empty at the start of each story."""

    def __init__(self):
        self.server = Server()
        self.server.create(CORE, "namespaces", {"metadata": {"name": SPACE}}, (409,))
        self.make_nodes()

    def make_nodes(self, names=NODES):
        for name in names:
            self.server.create(CORE, "nodes", node(name, *NODES[name]), (409,))
        until(60, "the nodes", lambda: sum(map(is_ready, self.nodes())) >= len(names))

    def nodes(self):
        return self.server.list(CORE, "nodes")

    def pods(self):
        return [pod for pod in self.server.list(CORE, f"namespaces/{SPACE}/pods") if not is_going(pod)]

    def is_settled(self):
        pods = self.server.list(CORE, f"namespaces/{SPACE}/pods")
        wanted = sum(d["spec"]["replicas"] for d in self.server.list(APPS, f"namespaces/{SPACE}/deployments"))
        return len(pods) == wanted and not any(map(is_going, pods)) and all(is_ready(pod) for pod in pods)

    def settle(self, seconds=60):
        until(seconds, "every pod to be ready", self.is_settled)

    def release(self):
        for pod in self.pods():
            if pod["spec"].get("schedulingGates"):
                path = f"{CORE}/namespaces/{SPACE}/pods/{pod['metadata']['name']}"
                self.server.ask("PATCH", path, {"spec": {"schedulingGates": None}}, (404,))

    def settle_held(self):
        """Releases whoever is held, until all are ready."""
        until(60, "every pod to be ready", lambda: self.release() or self.is_settled())

    def clear(self):
        """As at the beginning: every node there, open and without further taints or labels, and no pod."""
        for group, resource in ((APPS, "deployments"), (POLICY, "poddisruptionbudgets"), (CORE, "events")):
            self.server.delete(f"{group}/namespaces/{SPACE}/{resource}")
        until(60, "the pods to go", lambda: not self.server.list(CORE, f"namespaces/{SPACE}/pods"))
        for found in self.nodes():
            name = found["metadata"]["name"]
            if name not in NODES:
                self.server.delete(f"{CORE}/nodes/{name}")
                continue
            self.patch_node(name, {"metadata": {"labels": node(name, *NODES[name])["metadata"]["labels"]},
                                   "spec": {"unschedulable": None, "taints": TAINTS.get(name)}})
        self.make_nodes()

    def patch_node(self, name, patch):
        self.server.ask("PATCH", f"{CORE}/nodes/{name}", patch)

    def cordon(self, *names, cordoned=True):
        for name in names:
            self.patch_node(name, {"spec": {"unschedulable": True if cordoned else None}})
        # Its controller takes the taint away a moment later; until then a plan sees a node that takes nobody.
        until(60, "nodes to be open", lambda: cordoned or not any(
            found["metadata"]["name"] in names and any(taint["key"] == "node.kubernetes.io/unschedulable"
                                                       for taint in found["spec"].get("taints", []))
            for found in self.nodes()))

    def only_on(self, *names):
        """Every other node is closed until the next open()."""
        self.cordon(*names, cordoned=False)
        self.cordon(*[name for name in NODES if name not in names])

    def open(self):
        self.cordon(*NODES, cordoned=False)

    def taint(self, name, *taints):
        self.patch_node(name, {"spec": {"taints": TAINTS.get(name, []) + list(taints)}})

    def create(self, *things):
        for thing in things:
            group, resource = {"Deployment": (APPS, "deployments"),
                               "PodDisruptionBudget": (POLICY, "poddisruptionbudgets")}[thing["kind"]]
            self.server.create(group, resource, thing)

    def requests(self):
        """{node: per cent of the memory, and of the cpu, that is asked for}"""
        sums = {name: [0, 0] for name in NODES}
        for pod in self.pods():
            asked = pod["spec"]["containers"][0]["resources"]["requests"]
            if pod["spec"].get("nodeName") in sums:
                sums[pod["spec"]["nodeName"]][0] += int(asked["memory"].removesuffix("Mi"))
                sums[pod["spec"]["nodeName"]][1] += int(asked["cpu"].removesuffix("m"))
        return {name: (100 * memory / (NODES[name][1] * 1024), 100 * cpu / (NODES[name][0] * 1000))
                for name, (memory, cpu) in sums.items()}


class Watcher(threading.Thread):
    """Follows the pods of the namespace, and asserts at each change what must hold at any moment: of each budget at least so
    many pods are healthy. What was ever unschedulable is noted. A server that goes away is asked again."""

    def __init__(self, least=None):
        super().__init__(daemon=True)
        self.least = least or {}  # {app: healthy pods}
        self.pods, self.breaches, self.pending, self.nodes_of = {}, [], {}, {}
        self.is_over = False

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.is_over = True
        self.join(20)

    def run(self):
        while not self.is_over:
            try:
                self.follow()
            except (OSError, http.client.HTTPException, json.JSONDecodeError, SystemExit):
                time.sleep(0.2)

    def follow(self):
        server = Server()
        found = server.ask("GET", f"{CORE}/namespaces/{SPACE}/pods")
        self.pods = {pod["metadata"]["uid"]: pod for pod in found["items"]}
        self.look()
        version = found["metadata"]["resourceVersion"]
        server.connection.request(
            "GET", f"{CORE}/namespaces/{SPACE}/pods?watch=1&timeoutSeconds=2&resourceVersion={version}")
        for line in server.connection.getresponse():
            event = json.loads(line)
            if event["type"] == "ERROR":
                return
            pod = event["object"]
            if event["type"] == "DELETED":
                self.pods.pop(pod["metadata"]["uid"], None)
            else:
                self.pods[pod["metadata"]["uid"]] = pod
            self.look()

    def look(self):
        healthy = {}
        for pod in self.pods.values():
            app = pod["metadata"]["labels"]["app"]
            healthy[app] = healthy.get(app, 0) + (is_ready(pod) and not is_going(pod))
            if any(c["type"] == "PodScheduled" and c.get("reason") == "Unschedulable" for c in pod["status"].get("conditions", [])):
                self.pending[pod["metadata"]["name"]] = True
        for app, least in self.least.items():
            if healthy.get(app, 0) < least:
                self.breaches.append(f"{app} has {healthy.get(app, 0)} healthy pods of {least}")


def heed_interrupts():
    """In a child, before it becomes the program: who is started in the background by a shell ignores Ctrl-C, and so would it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Run:
    """`rebalance` at work: its words line by line, as they come."""

    def __init__(self, *words, kubeconfig=ADMIN, state=None):
        environment = dict(os.environ, XDG_STATE_HOME=state or os.path.join(STATE, "runs"))
        self.lines, self.began = [], time.monotonic()
        self.process = subprocess.Popen([PROGRAM, "rebalance", *words, "--kubeconfig", kubeconfig, "--cool-down", "0s", "--any-arch", "-o", "json"],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                        env=environment, preexec_fn=heed_interrupts)
        self.readers = [threading.Thread(target=self.listen, daemon=True), threading.Thread(target=self.take, daemon=True)]
        self.out = ""
        for reader in self.readers:
            reader.start()

    def listen(self):
        for line in self.process.stderr:
            self.lines.append(line.rstrip("\n"))

    def take(self):
        self.out = self.process.stdout.read()

    def has_said(self, pattern):
        return any(re.search(pattern, line) for line in self.lines)

    def says(self, pattern, seconds=60):
        """Waits until it has said so, or is over."""
        until(seconds, f"\"{pattern}\" in {self.lines}", lambda: self.has_said(pattern) or self.process.poll() is not None)
        return self.has_said(pattern)

    def signal(self, number=signal.SIGINT):
        self.process.send_signal(number)

    def wait(self, seconds=120):
        """The exit status; what it printed is in `result` (None where that is no JSON)."""
        status = self.process.wait(seconds)
        for reader in self.readers:
            reader.join(10)
        self.seconds = time.monotonic() - self.began
        try:
            self.result = json.loads(self.out)
        except json.JSONDecodeError:
            self.result = None
        return status

    def states(self):
        return sorted(move["state"] for move in self.result["moves"]) if self.result else self.lines


def status(state=None):
    """`rebalance status` of the default journal."""
    environment = dict(os.environ, XDG_STATE_HOME=state or os.path.join(STATE, "runs"))
    done = subprocess.run([PROGRAM, "rebalance", "status", "--kubeconfig", ADMIN, "-o", "json"], capture_output=True, text=True,
                          env=environment)
    return json.loads(done.stdout) if done.returncode == 0 else done.stderr


__all__ = ["ADMIN", "NODES", "POLICY", "SPACE", "TAINTS", "Homelab", "Run", "Watcher", "budget", "deployment", "heed_interrupts", "is_ready", "kubectl",
           "node", "run", "status"]
