"""`rebalance --every`: it acts when there is something to do, is quiet when there is not, keeps to its limits, survives its API
server, and ends when it is asked to."""

import json
import os
import signal
import subprocess
import tempfile
import threading
import time

from basics import PROGRAM, RIG, STATE, end, ok, run, until
from running import ADMIN, Homelab, Watcher, budget, deployment, heed_interrupts

TAINT = {"key": "e2e", "value": "leave", "effect": "NoSchedule"}
lab = Homelab()
folder = tempfile.TemporaryDirectory()
POLICY = os.path.join(folder.name, "policy.yaml")


def write_policy(text="RemovePodsViolatingNodeTaints"):
    with open(POLICY, "w") as file:
        file.write(f"""apiVersion: descheduler/v1alpha2
kind: DeschedulerPolicy
profiles:
- name: taints
  pluginConfig:
  - {{name: DefaultEvictor, args: {{nodeFit: true}}}}
  plugins: {{deschedule: {{enabled: [{text}]}}}}
""")


class Loop:
    def __init__(self, *words):
        environment = dict(os.environ, XDG_STATE_HOME=os.path.join(folder.name, "state"))
        self.process = subprocess.Popen([PROGRAM, "rebalance", "--kubeconfig", ADMIN, "--policy", POLICY, "--every", "1s", "--cool-down",
                                         "0s", "--any-arch", *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, env=environment, preexec_fn=heed_interrupts)
        self.events, self.talk = [], []
        self.readers = [threading.Thread(target=self.take, daemon=True), threading.Thread(target=self.listen, daemon=True)]
        for reader in self.readers:
            reader.start()

    def take(self):
        for line in self.process.stdout:
            self.events.append(json.loads(line))

    def listen(self):
        for line in self.process.stderr:
            self.talk.append(line.rstrip("\n"))

    def count(self, **wanted):
        return sum(all(event.get(key) == value for key, value in wanted.items()) for event in self.events)

    def told(self, seconds=30, number=1, **wanted):
        try:
            until(seconds, str(wanted), lambda: self.count(**wanted) >= number)
            return []
        except SystemExit:
            return [f"no {wanted} in {self.events[-5:]}, {self.talk[-3:]}"]

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        status = self.process.wait(60)
        for reader in self.readers:
            reader.join(10)
        return status


def begin(*things):
    lab.clear()
    lab.only_on("corellia")
    lab.create(*things)
    lab.settle_held()
    lab.open()


write_policy()
begin(deployment("one"), deployment("two", 2), budget("two", minAvailable=1))
with Watcher({"two": 1}) as watcher:
    loop = Loop("--yes")
    time.sleep(3)
    ok("nothing to do: not a word", [str(event) for event in loop.events])
    lab.taint("corellia", TAINT)
    ok("something to do: it is done", loop.told(event="move", state="Moved", number=3))
    ok("and told of", loop.told(event="pass", state="Done"))
    quiet = len(loop.events)
    time.sleep(3)
    ok("then it is quiet again", [str(event) for event in loop.events[quiet:] if event["event"] != "pass"])
    ok("no budget was ever broken", watcher.breaches)
    ok("none is left", [pod["metadata"]["name"] for pod in lab.pods() if pod["spec"].get("nodeName") == "corellia"])
    with open(os.path.join(STATE, "run/kube-apiserver")) as run_file:
        os.kill(int(run_file.read().split()[0]), signal.SIGKILL)
    ok("without an API server it says so and goes on", loop.told(event="error"))
    os.unlink(os.path.join(STATE, "run/kube-apiserver"))
    subprocess.run(["sh", os.path.join(RIG, "up.sh")], stdout=subprocess.DEVNULL, check=True)
    lab.server = type(lab.server)()
    lab.open()
    lab.taint("corellia")
    lab.only_on("corellia")
    lab.create(deployment("three"))
    lab.settle()
    lab.open()
    lab.taint("corellia", TAINT)
    done = loop.count(event="move", state="Moved")
    ok("it works when it is back", loop.told(event="move", state="Moved", number=done + 1))
    ok("SIGTERM ends it with 0", [] if loop.end() == 0 else [str(loop.talk)])

print("# limits")
begin(*[deployment(f"app-{i}") for i in range(4)])
lab.taint("corellia", TAINT)
loop = Loop("--yes", "--max-per-hour", "2")
ok("two go", loop.told(event="move", state="Moved", number=2))
time.sleep(4)
ok("and no more within the hour", [] if loop.count(event="move", state="Moved") == 2 and not loop.count(state="Failed")
   else [str(loop.events)])
ok("Ctrl-C ends it with 130", [] if loop.end(signal.SIGINT) == 130 else [str(loop.talk)])

print("# while the last run is still settling")
begin(deployment("one", held=True), deployment("two"))
lab.taint("corellia", TAINT)
loop = Loop("--yes", "--wave-timeout", "3s")
ok("a run that takes too long", loop.told(event="pass", state="TimedOut"))
ok("is not followed by another meanwhile", loop.told(event="pass", state="Settling"))
going = loop.count(event="move", state="Terminating")
lab.release()
ok("but afterwards", loop.told(event="move", state="Moved"))
ok("only one had gone until then", [] if going == 1 else [str(loop.events)])
ok("and it ends", [] if loop.end() == 0 else [str(loop.talk)])

print("# only looking, and what is wrong")
begin(deployment("one"))
lab.taint("corellia", TAINT)
loop = Loop("--dry-run=client")
ok("a dry run counts", loop.told(event="pass", moves=1, number=2))
ok("and evicts nothing", [] if loop.end() == 0 and lab.pods()[0]["spec"]["nodeName"] == "corellia" else ["it is gone"])
loop = Loop("--yes")
loop.told(event="move", state="Moved")
write_policy("Nonsense")
ok("a policy that is broken later is told", loop.told(event="error"))
write_policy()
ok("and it ends all the same", [] if loop.end() == 0 else [str(loop.talk)])
write_policy("Nonsense")
done = run([PROGRAM, "rebalance", "--kubeconfig", ADMIN, "--policy", POLICY, "--every", "1s", "--yes"])
ok("one that is broken at the beginning is refused", [] if done.status == 2 else [str(done)])
lab.clear()
end()
