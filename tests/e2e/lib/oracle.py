"""What kubectl says of nodes and pods, beside what `top` says. Functions named *_differences yield complaints."""

import collections
import re

from basics import MI, differ, get, kubectl, millis, sets_differ, top_json, whole

Amounts = collections.namedtuple("Amounts", "cpu_request cpu_limit memory_request memory_limit")  # millicores, bytes
Described = collections.namedtuple("Described", "amounts pods")  # pods: {(namespace, name): Amounts}


def amounts(columns):
    """Of the columns "1050m (13%)  1 (12%)  2112Mi (12%)  2Gi (12%)", without their per cents."""
    return Amounts(millis(columns[0]), millis(columns[1]), whole(columns[2]), whole(columns[3]))


def describe(*nodes):
    """{node: Described} of what `kubectl describe node` shows; of all nodes if none is named."""
    described = {}
    for text in re.split(r"^(?=Name: )", kubectl("describe", "node", *nodes), flags=re.MULTILINE):
        if not text.strip():
            continue
        name = re.match(r"Name: +(\S+)", text)[1]
        count = int(re.search(r"^Non-terminated Pods: +\((\d+) in total\)", text, re.MULTILINE)[1])
        table = text.split("Non-terminated Pods:")[1].split("Allocated resources:")[0].splitlines()[3:]
        pods = {}
        for line in table:
            words = re.sub(r" \(\d+%\)", "", line).split()
            pods[words[0], words[1]] = amounts(words[2:6])
        assert len(pods) == count, (name, count, pods)
        sums = text.split("Allocated resources:")[1]
        cpu = re.search(r"^  cpu +(\S+) \(.*?\) +(\S+)", sums, re.MULTILINE)
        memory = re.search(r"^  memory +(\S+) \(.*?\) +(\S+)", sums, re.MULTILINE)
        described[name] = Described(amounts([cpu[1], cpu[2], memory[1], memory[2]]), pods)
    return described


def ours(item):
    """The Amounts of a row of `top`; what nobody has set is 0 for kubectl."""
    return Amounts(*[item[resource][part] or 0 for resource in ("cpu", "memory") for part in ("request", "limit")])


def node_differences(items, described, nodes):
    """Rows of `top nodes` beside describe, and `kubectl get nodes`."""
    rows = {item["name"]: item for item in items}
    yield from sets_differ("nodes", rows, [node["metadata"]["name"] for node in nodes])
    for node in nodes:
        name = node["metadata"]["name"]
        row, room = rows[name], node["status"]["allocatable"]
        yield from differ(f"{name} cpu allocatable", row["cpu"]["allocatable"], millis(room["cpu"]))
        yield from differ(f"{name} memory allocatable", row["memory"]["allocatable"], whole(room["memory"]))
        yield from differ(f"{name} pods capacity", row["pods"]["capacity"], int(room["pods"]))
        ready = next(c["status"] for c in node["status"]["conditions"] if c["type"] == "Ready")
        yield from differ(f"{name} ready", row["ready"], ready == "True")
        yield from differ(f"{name} schedulable", row["schedulable"], not node["spec"].get("unschedulable", False))
    for name, theirs in described.items():
        yield from differ(f"{name} amounts", ours(rows[name]), theirs.amounts)
        yield from differ(f"{name} pods", rows[name]["pods"]["count"], len(theirs.pods))


def total_differences(document, described):
    """The zones and the cluster are the sums of their nodes."""
    totals = document["cluster"]
    for resource in ("cpu", "memory"):
        for part in ("request", "limit", "allocatable"):
            yield from differ(f"cluster {resource} {part}", totals[resource][part],
                              sum(item[resource][part] or 0 for item in document["items"]))
    yield from differ("cluster pods", totals["pods"]["count"], sum(len(node.pods) for node in described.values()))
    for zone in document["zones"]:
        members = [item for item in document["items"] if item["zone"] == zone["zone"]]
        yield from differ(f"zone {zone['name']} nodes", zone["nodes"], len(members))
        yield from differ(f"zone {zone['name']} cpu request", zone["cpu"]["request"], sum(m["cpu"]["request"] for m in members))


def pod_differences(items, described):
    """Rows of `top pods` beside describe, and the columns of `kubectl get pods`."""
    rows = {(item["namespace"], item["name"]): item for item in items}
    lines = [line.split() for line in kubectl("get", "pods", "-A", "--no-headers", "-o", "wide").splitlines()]
    yield from sets_differ("pods", rows, [(words[0], words[1]) for words in lines])
    for words in lines:
        key = words[0], words[1]
        if key not in rows:
            continue
        row = rows[key]
        ready = f"{row['ready']['count']}/{row['ready']['capacity']}"
        yield from differ(f"{key} ready, status, restarts", [ready, row["status"], str(row["restarts"])], words[2:5])
    for name, node in described.items():
        for key, theirs in node.pods.items():
            yield from differ(f"{key} amounts", ours(rows[key]), theirs)
            yield from differ(f"{key} node", rows[key]["node"], name)


def usage(*words):
    """{(NAMESPACE, NAME) or (NAME,): (millicores, MiB)} of `kubectl top`."""
    found = {}
    for line in kubectl("top", *words, "--no-headers").splitlines():
        columns = [word for word in line.split() if not word.endswith("%")]
        found[tuple(columns[:-2])] = int(columns[-2].removesuffix("m")), int(columns[-1].removesuffix("Mi"))
    return found


def usage_differences(view, words, key):
    """Usage in `top VIEW` beside `kubectl top`. metrics-server scrapes every ten seconds: what it says before and after
    must be the same, else the comparison is made again."""
    for _ in range(10):
        before = usage(*words)
        items = top_json(view)["items"]
        if usage(*words) == before:
            break
    else:
        yield "metrics-server never says the same twice"
        return
    found = {key(item): (item["cpu"]["usage"], item["memory"]["usage"] // MI) for item in items if item["cpu"]["usage"] is not None}
    yield from sets_differ(f"usage of {view}", found, before)
    for name in set(found) & set(before):
        yield from differ(f"{name} usage", found[name], before[name])


def tier_differences(document, described, pods):
    """Rows of `top tiers` beside the sums of the pods that describe shows, by their PriorityClass."""
    placed = {key: theirs for node in described.values() for key, theirs in node.pods.items()}
    sums = collections.defaultdict(lambda: [0, 0, 0, 0])
    counts, pending = collections.Counter(), collections.Counter()
    for pod in pods:
        key = pod["metadata"]["namespace"], pod["metadata"]["name"]
        tier = pod["spec"].get("priorityClassName")
        if key in placed:
            counts[tier] += 1
            sums[tier] = [a + b for a, b in zip(sums[tier], placed[key])]
        elif pod["status"]["phase"] == "Pending" and not pod["spec"].get("nodeName"):
            pending[tier] += 1
    classes = {c["metadata"]["name"]: c["value"] for c in get("priorityclasses")}
    rows = {item["name"]: item for item in document["items"]}
    yield from sets_differ("tiers", [name for name in rows if name in classes], classes)
    below = 0
    for name, value in sorted(classes.items(), key=lambda one: one[1]):
        row = rows[name]
        yield from differ(f"{name} value", row["value"], value)
        yield from differ(f"{name} pods, pending", (row["pods"], row["pending"]), (counts[name], pending[name]))
        yield from differ(f"{name} amounts", ours(row), Amounts(*sums[name]))
        yield from differ(f"{name} cpu below", row["belowCpu"], below)
        below += sums[name][0]
