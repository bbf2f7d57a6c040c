"""The landing simulation against the running kube-scheduler: random small clusters, and pods created one by one. Where the
scheduler bound a pod must be among our best nodes; what it leaves pending must have no feasible node here, and for the
words of its condition. ORACLE_ROUNDS (120) clusters from ORACLE_SEED (1); ORACLE_ONLY=N makes the N-th alone, and
ORACLE_KEEP=FILE writes every question that was answered differently.

Preemption is kept off by a PriorityClass that never preempts. What stays pending is deleted at once, so that nothing but
the pod in question moves."""

import json
import os
import random
import re
import subprocess
import time

from basics import end, ok, until
from server import APPS, CORE, STORAGE, Server

ROUNDS = int(os.environ.get("ORACLE_ROUNDS", "120"))
SEED = int(os.environ.get("ORACLE_SEED", "1"))
ONLY = os.environ.get("ORACLE_ONLY")
KEEP = os.environ.get("ORACLE_KEEP")
SPACES = ["blue", "green"]
MI = 1 << 20

STILL = {"namespaces": CORE, "nodes": CORE, "services": CORE, "replicasets": APPS, "statefulsets": APPS,
         "storageclasses": STORAGE, "csinodes": STORAGE, "csidrivers": STORAGE, "csistoragecapacities": STORAGE,
         "volumeattachments": STORAGE}
MOVING = {"persistentvolumes": CORE, "persistentvolumeclaims": CORE, "pods": CORE}


server = Server()

# --- random clusters -------------------------------------------------------------------------------------------------

KEYS = ["topology.kubernetes.io/zone", "kubernetes.io/hostname", "rack"]
IMAGES = [(f"registry.example.com/{name}:1", size * MI) for name, size in
          [("small", 20), ("tool", 90), ("web", 250), ("model", 900), ("huge", 2000)]]
APPS_NAMED = ["web", "db", "cache"]
EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"]


def make_node(rng, name):
    labels = {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux",
              "kubernetes.io/arch": rng.choice(["amd64", "arm64"])}
    if rng.random() < 0.85:
        labels["topology.kubernetes.io/zone"] = rng.choice(["north", "south", "west"])
        labels["topology.kubernetes.io/region"] = "here"
    if rng.random() < 0.6:
        labels["rack"] = rng.choice(["1", "2", "3"])
    if rng.random() < 0.4:
        labels["disk"] = rng.choice(["ssd", "hdd"])
    amounts = {"cpu": rng.choice(["1", "2", "4", "3500m"]), "memory": rng.choice(["1Gi", "2Gi", "4Gi", "3000Mi"]),
               "ephemeral-storage": rng.choice(["10Gi", "20Gi"]), "pods": rng.choice(["2", "4", "110", "110", "110"])}
    if rng.random() < 0.3:
        amounts["example.com/gpu"] = str(rng.randint(0, 3))
    if rng.random() < 0.2:
        amounts["hugepages-2Mi"] = "64Mi"
    taints = []
    if rng.random() < 0.35:
        taints.append({"key": rng.choice(["dedicated", "spot"]), "value": rng.choice(["yes", "no"]),
                       "effect": rng.choice(EFFECTS)})
    held = [{"names": [image], "sizeBytes": size} for image, size in IMAGES if rng.random() < 0.35]
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": labels},
            "spec": {"unschedulable": rng.random() < 0.1, "taints": taints},
            "status": {"capacity": amounts, "allocatable": amounts, "images": held,
                       "conditions": [{"type": "Ready", "status": "True", "reason": "KubeletReady"}]}}


def selector(rng):
    if rng.random() < 0.8:
        return {"matchLabels": {"app": rng.choice(APPS_NAMED)}}
    return {"matchExpressions": [{"key": "app", "operator": rng.choice(["In", "NotIn"]),
                                  "values": rng.sample(APPS_NAMED, 2)}]}


def node_term(rng):
    return {"matchExpressions": [rng.choice([
        {"key": "kubernetes.io/arch", "operator": "In", "values": [rng.choice(["amd64", "arm64"])]},
        {"key": "topology.kubernetes.io/zone", "operator": "NotIn", "values": [rng.choice(["north", "south"])]},
        {"key": "disk", "operator": rng.choice(["Exists", "DoesNotExist"])},
        {"key": "rack", "operator": rng.choice(["Gt", "Lt"]), "values": ["2"]}])]}


def pod_term(rng):
    term = {"labelSelector": selector(rng), "topologyKey": rng.choice(KEYS)}
    if rng.random() < 0.25:
        term["namespaces"] = rng.choice([SPACES, SPACES[:1]])
    elif rng.random() < 0.2:
        term["namespaceSelector"] = rng.choice([{}, {"matchLabels": {"team": "green"}}])
    return term


def pod_terms(rng):
    if rng.random() < 0.5:
        return {"requiredDuringSchedulingIgnoredDuringExecution": [pod_term(rng)]}
    return {"preferredDuringSchedulingIgnoredDuringExecution": [
        {"weight": rng.randint(1, 100), "podAffinityTerm": pod_term(rng)} for _ in range(rng.randint(1, 2))]}


def affinity(rng):
    found = {}
    if rng.random() < 0.25:
        kind = rng.random()
        found["nodeAffinity"] = {"requiredDuringSchedulingIgnoredDuringExecution": {
            "nodeSelectorTerms": [node_term(rng) for _ in range(rng.randint(1, 2))]}} if kind < 0.5 else {
            "preferredDuringSchedulingIgnoredDuringExecution": [
                {"weight": rng.randint(1, 100), "preference": node_term(rng)} for _ in range(rng.randint(1, 2))]}
    if rng.random() < 0.25:
        found["podAffinity"] = pod_terms(rng)
    if rng.random() < 0.3:
        found["podAntiAffinity"] = pod_terms(rng)
    return found


def spread(rng):
    rule = {"maxSkew": rng.randint(1, 2), "topologyKey": rng.choice(KEYS), "labelSelector": selector(rng),
            "whenUnsatisfiable": rng.choice(["DoNotSchedule", "ScheduleAnyway"])}
    if rng.random() < 0.2 and rule["whenUnsatisfiable"] == "DoNotSchedule":
        rule["minDomains"] = rng.randint(1, 4)
    if rng.random() < 0.3:
        rule["nodeTaintsPolicy"] = rng.choice(["Honor", "Ignore"])
    if rng.random() < 0.3:
        rule["nodeAffinityPolicy"] = rng.choice(["Honor", "Ignore"])
    if rng.random() < 0.2:
        rule["matchLabelKeys"] = ["version"]
    return rule


def container(rng, name):
    asked = {}
    if rng.random() < 0.8:
        asked["cpu"] = f"{rng.choice([50, 100, 250, 500, 1000])}m"
    if rng.random() < 0.7:
        asked["memory"] = f"{rng.choice([64, 128, 500, 900])}Mi"
    if rng.random() < 0.1:
        asked["ephemeral-storage"] = f"{rng.choice([1, 12])}Gi"
    limits = {"example.com/gpu": str(rng.randint(1, 2))} if rng.random() < 0.1 else {}
    made = {"name": name, "image": rng.choice(IMAGES)[0], "resources": {"requests": {**asked, **limits}, "limits": limits}}
    if rng.random() < 0.15:
        port = rng.choice([8080, 9090])
        made["ports"] = [{"containerPort": port, "hostPort": port, "protocol": rng.choice(["TCP", "UDP"])}]
        if rng.random() < 0.5:
            made["ports"][0]["hostIP"] = rng.choice(["127.0.0.1", "10.0.0.1"])
    return made


def make_pod(rng, name):
    spec = {"terminationGracePeriodSeconds": 0, "priorityClassName": "quiet", "automountServiceAccountToken": False,
            "affinity": affinity(rng), "containers": [container(rng, f"c{i}") for i in range(rng.randint(1, 2))]}
    used = set()
    for made in spec["containers"]:
        for port in list(made.get("ports", [])):
            key = port["hostPort"], port["protocol"], port.get("hostIP", "")
            if key in used:  # the API server wants each once
                made["ports"].remove(port)
            used.add(key)
    if rng.random() < 0.15:
        spec["initContainers"] = [container(rng, "first")]
        spec["initContainers"][0].pop("ports", None)
        if rng.random() < 0.5:
            spec["initContainers"][0]["restartPolicy"] = "Always"
    if rng.random() < 0.15:
        spec["nodeSelector"] = {"kubernetes.io/arch": rng.choice(["amd64", "arm64"])}
    if rng.random() < 0.3:
        spec["tolerations"] = [rng.choice([
            {"operator": "Exists"}, {"key": "dedicated", "operator": "Equal", "value": "yes"},
            {"key": "spot", "operator": "Exists", "effect": rng.choice(EFFECTS)}])]
    rules = {}
    for rule in [spread(rng) for _ in range(rng.choice([0, 0, 1, 2]))]:
        rules[rule["topologyKey"], rule["whenUnsatisfiable"]] = rule
    spec["topologySpreadConstraints"] = list(rules.values())
    return {"apiVersion": "v1", "kind": "Pod", "spec": spec, "metadata": {
        "name": name, "namespace": rng.choice(SPACES),
        "labels": {"app": rng.choice(APPS_NAMED), "version": rng.choice(["1", "2"])}}}


def make_volume(rng, name, nodes, of_class):
    on = rng.sample([n["metadata"]["name"] for n in nodes], rng.randint(1, 2))
    return {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": name}, "spec": {
        "capacity": {"storage": f"{rng.choice([1, 5])}Gi"}, "accessModes": ["ReadWriteOnce"],
        "storageClassName": of_class, "persistentVolumeReclaimPolicy": "Retain", "local": {"path": "/data"},
        "nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": [
            {"key": "kubernetes.io/hostname", "operator": "In", "values": on}]}]}}}}


def make_claim(rng, name, space, of_class):
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name, "namespace": space}, "spec": {
        "accessModes": ["ReadWriteOnce"], "storageClassName": of_class,
        "resources": {"requests": {"storage": f"{rng.choice([1, 1, 3])}Gi"}}}}


# --- a round ---------------------------------------------------------------------------------------------------------


def prepare():
    for space in SPACES:
        server.create(CORE, "namespaces", {"metadata": {"name": space, "labels": {"team": space}}}, (409,))
    for name, mode in [("late", "WaitForFirstConsumer"), ("early", "Immediate")]:
        server.create(STORAGE, "storageclasses", {"metadata": {"name": name}, "volumeBindingMode": mode,
                                                  "provisioner": "kubernetes.io/no-provisioner"}, (409,))
    server.create("/apis/scheduling.k8s.io/v1", "priorityclasses",
                  {"metadata": {"name": "quiet"}, "value": 0, "preemptionPolicy": "Never"}, (409,))
    until(30, "the default service accounts", lambda: all(
        "code" not in server.ask("GET", f"{CORE}/namespaces/{space}/serviceaccounts/default", fine=(404,))
        for space in SPACES))


def decided(pod):
    """(node, "") or ("", message) of what the scheduler made of it."""
    path = f"{CORE}/namespaces/{pod['metadata']['namespace']}/pods/{pod['metadata']['name']}"
    stop = time.monotonic() + 60
    while time.monotonic() < stop:
        now = server.ask("GET", path)
        if now["spec"].get("nodeName"):
            return now["spec"]["nodeName"], ""
        for condition in now.get("status", {}).get("conditions", []):
            if condition["type"] == "PodScheduled" and condition["status"] == "False":
                return "", re.sub(r" (no new claims to deallocate, )?preemption: .*", "", condition.get("message", ""))
        time.sleep(0.004)
    raise SystemExit(f"Bail out! {path}: the scheduler does not decide")


def clear():
    """Takes everything away; a watch that is late then shows nothing to the next round that is not there."""
    for space in SPACES:
        server.delete(f"{CORE}/namespaces/{space}/pods")
        server.delete(f"{CORE}/namespaces/{space}/persistentvolumeclaims")
    server.delete(f"{CORE}/persistentvolumes")
    server.delete(f"{CORE}/nodes")
    until(60, "the end of the round before", lambda: not any(
        server.list(CORE, resource) for resource in ["pods", "persistentvolumeclaims", "persistentvolumes", "nodes"]))


def seen(number, count):
    """Whether the scheduler has seen all nodes of the round: what nobody can take is refused by each of them."""
    pod = make_pod(random.Random(0), f"probe-{number}")
    pod["spec"].update(affinity={}, topologySpreadConstraints=[], tolerations=[{"operator": "Exists"}], nodeSelector={
        "round": str(number)})
    pod["spec"]["containers"] = [{"name": "c", "image": "none", "resources": {"requests": {"cpu": "1000"}}}]
    server.create(CORE, "pods", pod)
    _, message = decided(pod)
    server.delete(f"{CORE}/namespaces/{pod['metadata']['namespace']}/pods/{pod['metadata']['name']}")
    return message.startswith(f"0/{count} nodes are available:") and "selector" not in message


def claims_of(rng, number, nodes, space, name):
    """A claim or two for the pod, and volumes that may do."""
    names = []
    for i in range(rng.randint(1, 2)):
        of_class = rng.choice(["late", "late", "early"])
        claim = make_claim(rng, f"{name}-{i}", space, of_class)
        for k in range(rng.randint(0 if of_class == "late" else 1, 2)):
            volume = make_volume(rng, f"{number}-{name}-{i}-{k}", nodes, of_class)
            if of_class == "early":
                volume["spec"]["capacity"]["storage"] = "5Gi"
            server.create(CORE, "persistentvolumes", volume)
        server.create(CORE, "persistentvolumeclaims", claim)
        names.append(claim["metadata"]["name"])
        if of_class == "early":
            path = f"{CORE}/namespaces/{space}/persistentvolumeclaims/{names[-1]}"
            until(30, path, lambda p=path: server.ask("GET", p).get("status", {}).get("phase") == "Bound")
    return names


class Landing:
    """Our program, one question after another."""

    def __init__(self):
        self.process = subprocess.Popen([os.environ["LANDING"]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, question):
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("Bail out! landing has ended")
        return json.loads(line)


landing = Landing()
tally = {"bound": 0, "first": 0, "alone": 0, "pending": 0, "volumes": 0}


def compare(node, message, answer):
    """What differs: yields complaints."""
    if node:
        tally["bound"] += 1
        tally["first"] += answer["best"][:1] == [node]
        tally["alone"] += len(answer["best"]) == 1
        if node not in answer["best"]:
            yield f"bound to {node}, ours: {answer['best']} of {answer['feasible']} {answer.get('message', '')}"
        return
    tally["pending"] += 1
    if answer["feasible"]:
        yield f"pending ({message}), ours: {answer['feasible']}"
    elif answer.get("error", answer.get("message")) != message:
        yield f"it says {message!r}, we {answer.get('message')!r} {answer.get('error', '')}"


def play(number):
    """The complaints of one round."""
    rng = random.Random(SEED * 100003 + number)
    complaints = []
    clear()
    nodes = [make_node(rng, f"node-{number}-{i}") for i in range(rng.randint(3, 8))]
    for node in nodes:
        node["metadata"]["labels"]["round"] = str(number)
        server.create(CORE, "nodes", node)
        # Admission taints what is new until the controller that is off here has seen it ready.
        server.ask("PATCH", f"{CORE}/nodes/{node['metadata']['name']}", {"spec": {"taints": node["spec"]["taints"]}})
    until(30, "the scheduler to see the nodes", lambda: seen(number, len(nodes)))
    still = {resource: server.list(group, resource) for resource, group in STILL.items()}
    for i in range(rng.randint(8, 15)):
        pod = make_pod(rng, f"pod-{i}")
        space = pod["metadata"]["namespace"]
        if rng.random() < 0.07:
            tally["volumes"] += 1
            names = claims_of(rng, number, nodes, space, f"pod-{i}")
            pod["spec"]["volumes"] = [{"name": f"v{k}", "persistentVolumeClaim": {"claimName": name}}
                                      for k, name in enumerate(names)]
        objects = {**still, **{resource: server.list(group, resource) for resource, group in MOVING.items()}}
        objects["pods"].append(server.create(CORE, "pods", pod))
        node, message = decided(pod)
        if not node:
            server.delete(f"{CORE}/namespaces/{space}/pods/pod-{i}")
        question = {"objects": objects, "namespace": space, "name": f"pod-{i}", "minor": minor}
        found = list(compare(node, message, landing.ask(question)))
        complaints += [f"pod-{i}: {complaint}" for complaint in found]
        if found and KEEP:
            with open(KEEP, "a") as file:
                file.write(json.dumps({"round": number, "differs": found, **question}) + "\n")
    return complaints


prepare()
minor = int(re.match(r"\d+", server.ask("GET", "/version")["minor"])[0])
begin = time.monotonic()
for number in [int(ONLY)] if ONLY else range(ROUNDS):
    ok(f"cluster {number} of seed {SEED}", play(number))
clear()
print(f"# measured: {tally['bound']} pods bound, {tally['first']} of them where we choose first, "
      f"{tally['alone']} where one node alone was best; {tally['pending']} left pending; {tally['volumes']} with volumes; "
      f"{time.monotonic() - begin:.0f} s")
end()
