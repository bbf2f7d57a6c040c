"""Shared by the suites in Python: kubectl, the program, quantities, the audit log, and TAP. Imported, never run."""

import collections
import fractions
import json
import os
import re
import subprocess
import sys
import time

KUBECTL = os.path.join(os.environ["RIG_BIN"], "kubectl")
PROGRAM = os.environ["KUBECTL_CLUSTERUTILS"]
STATE = os.environ["RIG_STATE"]
RIG = os.environ["RIG"]
ADMIN = os.path.join(STATE, "admin.kubeconfig")

Result = collections.namedtuple("Result", "status out err")
failures = 0


def ok(title, complaints):
    """One test; it passes if there is nothing to complain of."""
    global failures
    complaints = list(complaints)
    failures += bool(complaints)
    print(f"{'not ok' if complaints else 'ok'} - {title}")
    for complaint in complaints[:8]:
        print(f"# {complaint}")
    if len(complaints) > 8:
        print(f"# and {len(complaints) - 8} more")
    sys.stdout.flush()


def end():
    sys.exit(failures > 0)


def run(command, text=None):
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    return Result(done.returncode, done.stdout, done.stderr)


def kubectl(*words, text=None, kubeconfig=ADMIN):
    done = run([KUBECTL, "--kubeconfig", kubeconfig, *words], text)
    if done.status:
        raise SystemExit(f"Bail out! kubectl {' '.join(words)}: {done.err}")
    return done.out


def get(*words):
    return json.loads(kubectl("get", "-o", "json", *words))["items"]


def top(words, kubeconfig=ADMIN):
    return run([PROGRAM, "top", *words.split(), "--kubeconfig", kubeconfig])


def top_json(words, kubeconfig=ADMIN):
    done = top(f"{words} -o json", kubeconfig)
    if done.status or done.err:
        ok(f"top {words}", [f"status {done.status}: {done.err.strip()}"])
        end()
    return json.loads(done.out)


def account(namespace, name):
    """A kubeconfig for a ServiceAccount without any right."""
    done = run(["sh", os.path.join(RIG, "account.sh"), namespace, name])
    if done.status:
        raise SystemExit(f"Bail out! account.sh: {done.err}")
    return done.out.strip()


def until(seconds, what, condition):
    """Waits for the condition; what it last returned."""
    end_ = time.monotonic() + seconds
    while not (result := condition()):
        if time.monotonic() > end_:
            raise SystemExit(f"Bail out! waited for {what}")
        time.sleep(0.3)
    return result


def settled():
    """Waits until nothing goes any more that the suites before deleted without waiting: whoever compares two looks at the
    cluster would see it in one of them."""
    def going():
        return [item for item in get("namespaces") + get("pods", "-A") if "deletionTimestamp" in item["metadata"]]

    until(120, "what other suites have deleted", lambda: not going())


# --- numbers -----------------------------------------------------------------------------------------------------------

SUFFIXES = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
MI = 1 << 20


def quantity(text):
    """Exactly, as a fraction."""
    if text.endswith("i"):
        return fractions.Fraction(text[:-2]) * 1024 ** ("KMGTPE".index(text[-2]) + 1)
    number = re.fullmatch(r"([+-]?[0-9.]+)(?:e([+-]?[0-9]+)|([numkMGTPE]?))", text, re.IGNORECASE if "e" in text.lower() else 0)
    power = int(number[2]) if number[2] else SUFFIXES[number[3] or ""]
    return fractions.Fraction(number[1]) * fractions.Fraction(10) ** power


def millis(text):
    """Rounded up, as Kubernetes does."""
    return -(-quantity(text) * 1000 // 1)


def whole(text):
    return -(-quantity(text) // 1)


def differ(what, ours, theirs):
    return [] if ours == theirs else [f"{what}: {ours}, by kubectl {theirs}"]


def sets_differ(what, ours, theirs):
    ours, theirs = set(ours), set(theirs)
    return [f"{what}: only ours {x}" for x in sorted(ours - theirs, key=str)] + \
           [f"{what}: only kubectl's {x}" for x in sorted(theirs - ours, key=str)]


# --- what the API server wrote down ---------------------------------------------------------------------------------


class Audit:
    """The requests of one user from now on."""

    def __init__(self, user):
        self.user, self.path = user, os.path.join(STATE, "log/audit.jsonl")
        self.start = os.path.getsize(self.path)

    def requests(self):
        with open(self.path) as log:
            log.seek(self.start)
            found = [json.loads(line) for line in log]
        return [r for r in found if r["user"]["username"] == self.user and r["stage"] == "ResponseComplete"]

    def lists(self):
        return [r for r in self.requests() if r["verb"] == "list"]

    def in_flight(self):
        """The largest number of requests, watches apart, at one time."""
        moments = []
        for r in self.requests():
            if r["verb"] != "watch":
                moments += [(r["requestReceivedTimestamp"], 1), (r["stageTimestamp"], -1)]
        now = largest = 0
        for _, change in sorted(moments):
            now += change
            largest = max(largest, now)
        return largest


def rudeness(audit, lists):
    """What a polite client would not have done; it may list so many kinds."""
    complaints = []
    if audit.in_flight() > 4:
        complaints.append(f"{audit.in_flight()} requests at one time")
    asked = [r["requestURI"].split("?")[0] for r in audit.lists()]
    complaints += [f"{path} is listed {n} times" for path, n in collections.Counter(asked).items() if n > 1]
    if len(asked) != lists:
        complaints.append(f"{len(asked)} lists in place of {lists}: {asked}")
    complaints += [f"{r['verb']} {r['requestURI']}: {r['responseStatus']['code']}" for r in audit.requests()
                   if r["responseStatus"]["code"] != 200]
    return complaints
