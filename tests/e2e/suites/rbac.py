"""The rights that --print-rbac tells are enough and none too many; whoever has less sees less, and is told what is missing."""

import json

from basics import ADMIN, KUBECTL, PROGRAM, account, end, kubectl, ok, run, settled, top, top_json, until

VIEWS = ("nodes", "pods", "tiers", "power", "images", "events")
ACCOUNT = "system:serviceaccount:e2e-rbac:viewer"


def printed(words):
    """{namespace, None for all: [(apiGroup, resource, verb)]} of the roles that the program prints. kubectl reads the YAML
    for us, and would say so if it were none."""
    done = run([PROGRAM, "top", *words.split(), "--print-rbac"])
    if done.status:
        raise SystemExit(f"Bail out! --print-rbac: {done.err}")
    text, decoder, rights = kubectl("create", "--dry-run=client", "-o", "json", "-f", "-", text=done.out).strip(), json.JSONDecoder(), {}
    while text:
        role, length = decoder.raw_decode(text)
        text = text[length:].strip()
        rights[role["metadata"].get("namespace")] = [
            (group, resource, verb) for rule in role["rules"] for group in rule["apiGroups"]
            for resource in rule["resources"] for verb in rule["verbs"]]
    return rights


class Granted:
    """The account has these rights for as long as this lasts. {namespace, None for all: [(apiGroup, resource, verb)]}"""

    def __init__(self, rights):
        self.rights, items = rights, []
        for namespace, some in rights.items():
            kind = "Role" if namespace else "ClusterRole"
            metadata = {"name": "e2e-viewer", **({"namespace": namespace} if namespace else {})}
            api = "rbac.authorization.k8s.io"
            rules = [{"apiGroups": [group], "resources": [resource], "verbs": [verb]} for group, resource, verb in some]
            items += [{"apiVersion": f"{api}/v1", "kind": kind, "metadata": metadata, "rules": rules},
                      {"apiVersion": f"{api}/v1", "kind": f"{kind}Binding", "metadata": metadata,
                       "roleRef": {"apiGroup": api, "kind": kind, "name": "e2e-viewer"},
                       "subjects": [{"kind": "ServiceAccount", "namespace": "e2e-rbac", "name": "viewer"}]}]
        self.objects = json.dumps({"apiVersion": "v1", "kind": "List", "items": items})

    def __enter__(self):
        kubectl("apply", "-f", "-", text=self.objects)
        self.wait("yes")

    def __exit__(self, *_):
        kubectl("delete", "--wait", "-f", "-", text=self.objects)
        self.wait("no")

    def wait(self, answer):
        """The authorizer learns of roles by a watch: until it has learnt of the last right of each."""
        for namespace, some in self.rights.items():
            group, resource, verb = some[-1]
            words = [verb, f"{resource}.{group}" if group else resource, *(["-n", namespace] if namespace else ["-A"])]
            until(30, f"the right to {words}", lambda: run(
                [KUBECTL, "--kubeconfig", ADMIN, "auth", "can-i", "--as", ACCOUNT, *words]).out.strip() == answer)


VOLATILE = {"usage", "estimated", "sources", "lastSeen", "count", "message"}


def by_name(items):
    return {(item.get("namespace"), item.get("name"), item.get("object"), item.get("reason")): item for item in items}


def degraded(full, found, where="", may_lack=True):
    """What of `found` is neither as whoever has all rights sees it, nor unknown. Rows may be missing; where nodes cannot be
    read, those that pods name are Missing; where ReplicaSets cannot be read, they stand for their Deployment."""
    if found is None and may_lack:
        return
    if isinstance(full, dict) and isinstance(found, dict):
        for name in set(full) - VOLATILE:
            yield from degraded(full[name], found.get(name), f"{where}.{name}", may_lack)
    elif isinstance(full, list) and isinstance(found, list) and all(isinstance(item, dict) for item in full + found):
        full, found = by_name(full), by_name(found)
        if set(full) != set(found) and not may_lack:
            yield f"{where}: {sorted(set(full) ^ set(found), key=str)}"
        for name in set(full) & set(found):
            yield from degraded(full[name], found[name], f"{where}[{name[1]}]", may_lack)
    elif full != found and not (may_lack and (found == "Missing" or str(found).startswith("ReplicaSet/"))):
        yield f"{where}: {found!r} in place of {full!r}"


def check_enough(viewer, words):
    rights = printed(words)
    with Granted(rights):
        full = top_json(words)
        done = top(f"{words} -o json", viewer)
        complaints = [f"status {done.status}: {done.err.strip()}"] if done.status or done.err else \
            list(degraded(full, json.loads(done.out), may_lack=False))
        ok(f"top {words}: the printed rights are enough", complaints)
    return rights[None] if None in rights else []


def check_each_missing(viewer, view, rights):
    """Only the verbs that one look needs: watching is for those who go on looking."""
    rights = [right for right in rights if right[2] == "list"]
    for missing in rights if len(rights) > 1 else []:
        group, resource, _ = missing
        with Granted({None: [right for right in rights if right != missing]}):
            full = top_json(view)
            done = top(f"{view} -o json", viewer)
        lines = done.err.splitlines()
        # Without what the rows are made of there is nothing to show.
        expected = int((view, group, resource) in (("pods", "", "pods"), ("tiers", "", "pods"), ("power", "", "nodes"), ("images", "", "nodes")))
        complaints = [f"status {done.status}"] if done.status != expected else []
        if len(lines) != 1 or resource not in lines[0]:
            complaints.append(f"stderr: {lines}")
        if done.out:
            complaints += degraded(full, json.loads(done.out))
        ok(f"top {view} without {resource}{'.' if group else ''}{group}: the rest, and one line", complaints)


def check_nothing(viewer):
    for view in VIEWS:
        done = top(view, viewer)
        ok(f"top {view} without any right: one line and status 1",
           [] if done.status == 1 and not done.out and len(done.err.splitlines()) == 1 and "forbidden" in done.err.lower()
           else [f"status {done.status}", *done.err.splitlines()])


def check_one_namespace(viewer):
    """Pods of one namespace, and nothing else."""
    expected = {item["name"] for item in top_json("pods -n media")["items"]}
    with Granted({"media": [("", "pods", "list")]}):
        done = top("pods -n media -o json", viewer)
        names = {item["name"] for item in json.loads(done.out or '{"items":[]}')["items"]}
        ok("one namespace: its pods", [] if names == expected else [f"{sorted(names)} in place of {sorted(expected)}", done.err])
        ok("one namespace: status 0", [] if done.status == 0 else [f"status {done.status}"])
        lacking = ["metrics of pods", "replicasets", "jobs"]
        lines = done.err.splitlines()
        ok("one namespace: one line for each missing thing",
           [] if len(lines) == len(lacking) and all(any(what in line for line in lines) for what in lacking) else lines)
        done = top("nodes -n media", viewer)
        ok("one namespace: without the right to nodes, no nodes", [] if "nodes" in done.err and "node-" not in done.out else [done.err])
        strict = top("pods -n media --strict", viewer)
        ok("one namespace: --strict", [] if strict.status == 3 else [f"status {strict.status}"])


def check_every_namespace_refused(viewer):
    """Who may see only the namespace of the context sees that one, unasked, and is told so."""
    with Granted({"e2e-rbac": [("", "pods", "list")]}):
        done = top("pods", viewer)
        ok("the namespace of the context in place of all", [] if done.status == 0 and "namespace e2e-rbac alone" in done.err else
           [f"status {done.status}", *done.err.splitlines()])
        done = top("pods -A", viewer)
        ok("not so if all are asked for", [] if done.status == 1 and not done.out else [f"status {done.status}", done.out[:200]])


def main():
    settled()
    viewer = account("e2e-rbac", "viewer")
    check_nothing(viewer)
    for view in VIEWS:
        check_each_missing(viewer, view, check_enough(viewer, view))
    for words in ("pods -n media", "nodes -n media", "tiers -n media", "pods -n media -l app=sonarr"):
        check_enough(viewer, words)
    check_one_namespace(viewer)
    check_every_namespace_refused(viewer)
    kubectl("delete", "namespace", "e2e-rbac", "--wait=false")
    end()


main()
