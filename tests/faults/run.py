"""Runs the program against each scenario of scenarios.py, and says in TAP what came of it: run.py [SCENARIO...]"""

import concurrent.futures
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import scenarios
from server import Answer, Server

PROGRAM = os.environ["KUBECTL_CLUSTERUTILS"]
# What a sanitizer or valgrind needs besides is not for this suite to judge.
IS_SLOW = "valgrind" in PROGRAM or os.environ.get("ASAN_OPTIONS") is not None
AT_ONCE = int(os.environ.get("FAULTS_AT_ONCE", "8"))  # most of the time is spent waiting


class Outcome:
    def __init__(self, status, out, err, took, memory):
        self.status, self.out, self.err, self.took, self.memory = status, out, err, took, memory


def run(kubeconfig, arguments, limit):
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    environment |= {"CLUSTERUTILS_NOW": "1772366400", "LC_ALL": "C.UTF-8", "TZ": "UTC", "NO_COLOR": "1"}
    began = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = subprocess.Popen([PROGRAM, *arguments.split(), "--kubeconfig", kubeconfig], env=environment,
                                 stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        timer = threading.Timer(limit, child.kill)
        timer.start()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        timer.cancel()
        out.seek(0)
        err.seek(0)
        return Outcome(child.returncode, out.read(), err.read(), time.monotonic() - began, usage.ru_maxrss / 1024)


# --- judging ---------------------------------------------------------------------------------------------------------

VOLATILE = {"sources", "created", "lastSeen"}  # what a source has to say is not a number of the cluster


def documents(out):
    decoder, text, at, found = json.JSONDecoder(), out.decode(), 0, []
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        document, at = decoder.raw_decode(text, at)
        found.append(document)
    return found


def differences(healthy, found, may_lack, where=""):
    """What of `found` is neither as in the healthy cluster nor, if it may, unknown."""
    if found is None and may_lack:
        return
    if isinstance(healthy, dict) and isinstance(found, dict):
        for name in sorted(set(healthy) | set(found)):
            if name in VOLATILE or (name == "estimated" and may_lack):
                continue
            if name not in found:
                yield f"{where}.{name} is missing"
            else:
                yield from differences(healthy.get(name), found[name], may_lack, f"{where}.{name}")
    elif isinstance(healthy, list) and isinstance(found, list):
        if len(healthy) != len(found):
            yield f"{where} has {len(found)} items in place of {len(healthy)}"
        for i, (one, other) in enumerate(zip(healthy, found)):
            yield from differences(one, other, may_lack, f"{where}[{i}]")
    elif healthy != found:
        yield f"{where} is {found!r} in place of {healthy!r}"


def judge_numbers(scenario, outcome, healthy):
    if scenario.numbers == "none":
        return ["there is output"] if outcome.out else []
    if scenario.numbers == "harmless":
        return ["control characters"] if re.search(rb"[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xff", outcome.out) else []
    try:
        found = documents(outcome.out)
    except ValueError as error:
        return [f"the output is no JSON: {error}"]
    wanted = 3 if "--iterations 3" in scenario.arguments else 1
    if len(found) != wanted:
        return [f"{len(found)} documents"]
    if scenario.numbers == "any":
        return []
    may_lack = scenario.numbers == "some"
    return [text for document in found for text in differences(healthy, document, may_lack)]


def judge(scenario, outcome, log, in_flight, healthy):
    complaints = judge_numbers(scenario, outcome, healthy)[:5]
    first = outcome.err.decode(errors="replace").split("\n")[0]
    if outcome.status != scenario.status:
        complaints.append(f"exit status {outcome.status} in place of {scenario.status}")
    if scenario.says is None and first:
        complaints.append(f"stderr: {first}")
    if scenario.says is not None and not re.fullmatch(scenario.says, first):
        complaints.append(f"stderr: {first!r} in place of {scenario.says!r}")
    if re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", outcome.err):
        complaints.append("control characters on stderr")
    if re.search(rb"\bcurl\b|libcurl|CURLE", outcome.err, re.I):
        complaints.append("the library's name on stderr")
    if not IS_SLOW:
        if outcome.took > scenario.within:
            complaints.append(f"took {outcome.took:.1f} s, allowed are {scenario.within}")
        if outcome.memory > scenario.memory:
            complaints.append(f"{outcome.memory:.0f} MB, allowed are {scenario.memory}")
    if outcome.took < scenario.at_least:
        complaints.append(f"took {outcome.took:.1f} s, at least {scenario.at_least} were needed")
    if in_flight > 4:
        complaints.append(f"{in_flight} requests at one time")
    for what, fits in scenario.asks:
        if not fits(log):
            asked = [f"{r.path}?{r.query}" for r in log]
            complaints.append(f"not true: {what}; asked was {asked[:12]}")
    return complaints


def healthy_output(arguments, folder):
    """What the program says of the cluster when nothing is wrong, in one document."""
    once = re.sub(r" (-d|--iterations|--chunk-size|--request-timeout) \S+", "", arguments)
    with Server() as server:
        outcome = run(server.kubeconfig(folder), once, 30)
    if outcome.status or outcome.err:
        raise SystemExit(f"Bail out! {once}: status {outcome.status}: {outcome.err.decode()}")
    return documents(outcome.out)[0] if "json" in once else None


def play(scenario, folder, healthy):
    if scenario.needs:
        try:
            __import__(scenario.needs)
        except ImportError:
            return None, []
    with scenario.serve() as server:
        outcome = run(server.kubeconfig(folder, scenario.host), scenario.arguments, 90 if IS_SLOW else 45)
        return outcome, judge(scenario, outcome, list(server.log), server.in_flight(), healthy[scenario.arguments])


# --- torture ---------------------------------------------------------------------------------------------------------


TORTURED = ("top nodes -o json", "top pods -o json", "top nodes -o json --chunk-size 20")


def torture(kind, arguments, folder, healthy):
    """The n-th request fails once, for every n that there is: the program must recover by itself, whatever it was."""
    answers = {"reset": Answer(reset_at_once=True), "close": Answer(close_at_once=True)}
    n, worst = 1, []
    while True:
        with Server(fail=lambda request: answers[kind] if request.total == n else None) as server:
            outcome = run(server.kubeconfig(folder), arguments, 45)
            was_reached = len(server.log) >= n
            asked = server.log[n - 1].path if was_reached else None
        if not was_reached:
            return n - 1, worst
        if outcome.status or outcome.err or list(differences(healthy[arguments], documents(outcome.out)[0], False)):
            worst.append(f"request {n} ({asked}): status {outcome.status}, {outcome.err.decode(errors='replace').strip()[:200]}")
        n += 1


def main():
    wanted = sys.argv[1:] or [*scenarios.SCENARIOS, "torture"]
    with tempfile.TemporaryDirectory() as folder:
        chosen = [scenarios.SCENARIOS[name] for name in wanted if name != "torture"]
        arguments = {scenario.arguments for scenario in chosen}
        if "torture" in wanted:
            arguments |= set(TORTURED)
        healthy = {words: healthy_output(words, folder) for words in sorted(arguments)}
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            for scenario, (outcome, complaints) in zip(chosen, pool.map(lambda s: play(s, folder, healthy), chosen)):
                title = f"{scenario.name}: {scenario.title}"
                if outcome is None:
                    print(f"ok - {title} # SKIP Python has no module {scenario.needs}")
                    continue
                if scenario.known and complaints:
                    print(f"ok - {title} # SKIP known to be wrong: {scenario.known}")
                    continue
                if scenario.known:
                    complaints = ["this works now: take its `known` away"]
                print(f"{'not ok' if complaints else 'ok'} - {title}")
                for complaint in complaints:
                    print(f"# {complaint}")
                if complaints and outcome.err:
                    print("".join(f"# | {line}\n" for line in outcome.err.decode(errors="replace").splitlines()[:5]), end="")
                sys.stdout.flush()
        if "torture" in wanted:
            everything = [(kind, words) for kind in ("reset", "close")
                          for words in TORTURED]
            with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
                for (kind, words), (count, complaints) in zip(everything, pool.map(lambda one: torture(*one, folder, healthy), everything)):
                    fine = not complaints and count >= 4
                    print(f"{'ok' if fine else 'not ok'} - {words}: {kind} of each of its {count} requests")
                    print("".join(f"# {complaint}\n" for complaint in complaints), end="", flush=True)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    main()
