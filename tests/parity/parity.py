"""kubectl and our program, side by side: same server, same credentials, same success, same first line of an error."""

import base64
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile

import cases
import recorder

PROGRAM = os.environ["KUBECTL_CLUSTERUTILS"]
KUBECTL = os.path.join(os.environ["RIG_BIN"], "kubectl") if "RIG_BIN" in os.environ else shutil.which("kubectl")


def read(path):
    with open(path, "rb") as file:
        return file.read()


def unused_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Bench:
    def __init__(self):
        self.a, self.b, self.h = recorder.Server("A", "good"), recorder.Server("B", "good"), recorder.Server("H")
        self.proxy, dead = recorder.Proxy(), unused_port()
        cert, key = recorder.client_certificate("jane")
        cert2, key2 = recorder.client_certificate("john")
        ca = recorder.certificates.path("ca.crt")
        data = lambda path: base64.b64encode(read(path)).decode()
        self.words = {
            "@A@": f"https://127.0.0.1:{self.a.port}", "@B@": f"https://127.0.0.1:{self.b.port}", "@H@": f"http://127.0.0.1:{self.h.port}",
            "@APORT@": str(self.a.port), "@HPORT@": str(self.h.port), "@P@": f"http://127.0.0.1:{self.proxy.port}",
            "@DEAD@": f"https://127.0.0.1:{dead}", "@CA@": ca, "@CERT@": cert, "@KEY@": key, "@CERT2@": cert2, "@KEY2@": key2,
            "@CERTJSON@": json.dumps(read(cert).decode())[1:-1], "@KEYJSON@": json.dumps(read(key).decode())[1:-1],
            "@CADATA@": data(ca), "@CERTDATA@": data(cert), "@KEYDATA@": data(key), "@CATEXT@": read(ca).decode(),
        }

    def fill(self, text, folder):
        for word, value in (*self.words.items(), ("@DIR@", folder)):
            text = text.replace(word, value)
        return text

    def run(self, command, files, flags, environment):
        """Status, first line of stderr, and what was presented."""
        with tempfile.TemporaryDirectory(prefix="parity-") as folder:
            for name, text in (files if isinstance(files, dict) else {"config": files}).items():
                path = os.path.join(folder, name)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w") as file:
                    file.write(self.fill(text, folder))
                os.chmod(path, 0o700)
            values = {"HOME": os.path.join(folder, "home"), "PATH": os.environ["PATH"], "KUBECONFIG": os.path.join(folder, "config"), "TZ": "UTC"}
            values |= {name: self.fill(value, folder) for name, value in environment.items()}
            recorder.SEEN.clear()
            self.proxy.targets.clear()
            done = subprocess.run([*command, *self.fill(flags, folder).split()], env=values, cwd=folder, text=True, stdin=subprocess.DEVNULL,
                                  capture_output=True, timeout=60)
            lines = [line for line in done.stderr.splitlines() if not re.match(r"[EWIF]\d{4} ", line)]
            first = re.sub(r"current time [^ ]*", "current time NOW", lines[0].replace(folder, "@DIR@")) if lines else ""
            shown = {tuple((name, str(value)) for name, value in seen.items()) for seen in recorder.SEEN}
            return done.returncode == 0, first, sorted(shown), sorted(set(self.proxy.targets))


def compare(theirs, ours):
    if theirs[0] != ours[0]:
        yield f"{'success' if theirs[0] else 'failure'} of kubectl ({theirs[1]}), {'success' if ours[0] else 'failure'} of ours ({ours[1]})"
    elif not theirs[0] and theirs[1] != ours[1]:
        yield f"kubectl: {theirs[1]}"
        yield f"ours:    {ours[1]}"
    if theirs[2] != ours[2]:
        yield f"presented by kubectl: {theirs[2]}"
        yield f"presented by ours:    {ours[2]}"
    if theirs[3] != ours[3]:
        yield f"through the proxy: kubectl {theirs[3]}, ours {ours[3]}"


def main():
    if not KUBECTL or not os.path.exists(KUBECTL):
        print("skipped: parity: no kubectl")
        return
    bench, wanted = Bench(), sys.argv[1:]
    for name, files, flags, environment, *differs in cases.CASES:
        if wanted and name not in wanted:
            continue
        # --raw has words of its own for a context or cluster that is not there.
        asks = ["get", "nodes"] if " zz" in flags else ["get", "--raw", "/version"]
        theirs = bench.run([KUBECTL, *asks], files, flags, environment)
        ours = bench.run([PROGRAM, "top", "nodes"], files, flags, environment)
        complaints = list(compare(theirs, ours))
        if differs:
            name += f" (differs: {differs[0]})"
            if not complaints:
                complaints = ["it is the same now"]
            else:
                complaints = [] if re.fullmatch(differs[1], ours[1]) else [f"ours: {ours[1]}"]
        print(f"{'not ok' if complaints else 'ok'} - parity: {name}")
        for complaint in complaints:
            print(f"# {complaint}")


main()
