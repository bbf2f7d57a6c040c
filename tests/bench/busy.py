"""The live view on a large, busy cluster: busy.py PROGRAM FOLDER [--rows N] [--columns N] [--seconds N] [--events N]

FOLDER holds lists as `generate ... api` writes them. A server on loopback answers with them, and then with so many
events a second of a watch of the pods: 5 % of them end pods and begin others, each with a name, uid and ReplicaSet that
were never seen before; the rest are changes of status. The program runs on a terminal of its own and gets a key every
second, first on the tab of the nodes, then on that of the pods. Prints; judges nothing.
"""

import argparse
import fcntl
import json
import mmap
import os
import pty
import re
import resource
import select
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import termios
import threading
import time

TURN = 0.02  # seconds between two loads of events
BURST = 0.005  # what comes without such a pause is one frame
RENEWED = 40  # every so manieth step ends a pod and begins another: two events of forty
DOWN, UP = b"\x1b[B", b"\x1b[A"


# --- the server ---


class Cluster:
    """The pods of the list, and what becomes of them."""

    def __init__(self, folder):
        self.files = {name: os.path.join(folder, name) for name in os.listdir(folder)}
        file = open(self.files["pods.json"], "rb")
        self.text = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.places = []  # where the line of the n-th pod is
        start = self.text.find(b"\n") + 1
        while (end := self.text.find(b"\n", start)) > 0 and self.text[start : start + 1] == b"{":
            self.places.append((start, end))
            start = end + 1
        self.renewed = {}  # number of the pod to its line of now, where that is not of the list
        self.version = 1000000
        self.born = self.at = 0

    def line(self, number):
        if number in self.renewed:
            return self.renewed[number]
        start, end = self.places[number]
        return self.text[start:end].rstrip(b",")

    def event(self, kind, line):
        self.version += 1
        line = re.sub(rb'"resourceVersion":"\d+"', b'"resourceVersion":"%d"' % self.version, line, count=1)
        return b'{"type":"%s","object":{"kind":"Pod","apiVersion":"v1",%s}\n' % (kind, line[1:])

    def next_events(self, count):
        """One load, and the number of events in it."""
        events = []
        while len(events) < count:
            self.at += 1
            number = self.at * 7919 % len(self.places)
            line = self.line(number)
            if self.at % RENEWED == 0:
                events.append(self.event(b"DELETED", line))
                self.renewed[number] = line = self.another(line)
                events.append(self.event(b"ADDED", line))
            else:
                restarts = b'"restartCount":%d' % (self.at % 50)
                events.append(self.event(b"MODIFIED", re.sub(rb'"restartCount":\d+', restarts, line, count=1)))
        return b"".join(events), len(events)

    def another(self, line):
        """The same pod of another ReplicaSet: nothing that names either was seen before."""
        self.born += 1
        digits = b"%08x" % self.born
        line = re.sub(rb"-7d[0-9a-f]{8}(?=[-\"])", b"-9c" + digits, line)
        line = re.sub(rb'"pod-template-hash":"7d[0-9a-f]+"', b'"pod-template-hash":"9c' + digits + b'"', line)
        line = re.sub(rb'"uid":"[0-9a-f]{8}', b'"uid":"' + digits, line)
        return line.replace(b'\\"uid\\":\\"0', b'\\"uid\\":\\"f', 1)

    def bookmark(self):
        return (b'{"type":"BOOKMARK","object":{"kind":"Pod","apiVersion":"v1","metadata":{"resourceVersion":"%d"}}}\n'
                % self.version)


class Server:
    def __init__(self, folder, rate, report):
        self.cluster, self.rate, self.report = Cluster(folder), rate, report
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def run(self):
        while True:
            connection, _ = self.listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        reader = connection.makefile("rb")
        try:
            while line := reader.readline(65536).split():
                while reader.readline(65536).strip():
                    pass
                self.answer(connection, line[1].decode())
        except OSError:
            pass

    def answer(self, connection, target):
        path, _, query = target.partition("?")
        known = {"/api/v1/nodes": "nodes.json", "/api/v1/pods": "pods.json",
                 "/apis/metrics.k8s.io/v1beta1/nodes": "nodes.metrics.json",
                 "/apis/metrics.k8s.io/v1beta1/pods": "pods.metrics.json"}
        if "watch=" in query:
            self.send_head(connection, None)
            self.watch(connection, path == "/api/v1/pods")
        elif path in known and path.startswith("/apis/"):
            with open(self.cluster.files[known[path]], "rb") as file:
                now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()).encode()
                self.send(connection, file.read().replace(b"2026-03-01T11:59:40Z", now))
        elif path in known:
            with open(self.cluster.files[known[path]], "rb") as file:
                self.send_head(connection, os.fstat(file.fileno()).st_size)
                connection.sendfile(file)
        elif path == "/version":
            self.send(connection, {"major": "1", "minor": "33", "gitVersion": "v1.33.0"})
        elif path == "/apis/metrics.k8s.io":
            self.send(connection, {"kind": "APIGroup", "versions": [{"version": "v1beta1"}]})
        else:
            self.send(connection, {"kind": "List", "apiVersion": "v1", "metadata": {"resourceVersion": "1"}, "items": []})

    def send(self, connection, body):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_head(connection, len(body))
        connection.sendall(body)

    def send_head(self, connection, length):
        how = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
        connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{how}\r\n\r\n".encode())

    def send_chunk(self, connection, body):
        connection.sendall(b"%x\r\n%s\r\n" % (len(body), body))

    def watch(self, connection, is_busy):
        if not is_busy:
            threading.Event().wait()
        os.write(self.report, b"watch\n")
        start, sent, marked = time.monotonic(), 0, time.monotonic()
        while True:
            due = int((time.monotonic() - start) * self.rate) - sent
            if due > 0:
                body, count = self.cluster.next_events(due)
                sent += count
                self.send_chunk(connection, body)
            if time.monotonic() - marked > 60:
                marked = time.monotonic()
                self.send_chunk(connection, self.cluster.bookmark())
            time.sleep(TURN)


# --- the program on its terminal ---


class Watched:
    def __init__(self, command, environment, rows, columns):
        self.child, self.master = pty.fork()
        if self.child == 0:
            os.execvpe(command[0], command, environment)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.start = time.monotonic()
        self.first_nodes = None
        self.begin()

    def begin(self):
        self.bytes = self.frames = 0
        self.last = 0.0
        self.keys, self.resident = [], []
        self.began, self.cpu_began = time.monotonic(), self.cpu()

    def cpu(self):
        with open(f"/proc/{self.child}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self, name):
        with open(f"/proc/{self.child}/status") as file:
            return next(int(line.split()[1]) / 1024 for line in file if line.startswith(name + ":"))

    def sample(self):
        self.resident.append((time.monotonic(), self.memory("VmRSS")))

    def read(self, until):
        """Whether anything came by then."""
        if not select.select([self.master], [], [], max(0.0, until - time.monotonic()))[0]:
            return False
        text = os.read(self.master, 65536)
        now = time.monotonic()
        if now - self.last > BURST:
            self.frames += 1
        self.last = now
        self.bytes += len(text)
        if not self.first_nodes and b"node-00" in text:
            self.first_nodes = now - self.start
        return True

    def drain(self, until):
        while time.monotonic() < until:
            self.read(until)

    def press(self, key, patience=10.0):
        """Milliseconds to the first byte of the answer."""
        while self.read(time.monotonic() + 0.002):
            pass
        sent = time.monotonic()
        os.write(self.master, key)
        self.read(sent + patience)
        return (time.monotonic() - sent) * 1000

    def run(self, seconds):
        """A key a second, at moments that have nothing to do with the program's own."""
        end = time.monotonic() + seconds
        for turn in range(seconds):
            self.drain(min(end, self.began + turn + 0.37 + turn * 0.61803 % 0.5))
            self.keys.append(self.press(UP if turn % 4 == 3 else DOWN))
            self.sample()
        self.drain(end)

    def print(self, label):
        elapsed = time.monotonic() - self.began
        keys = sorted(self.keys)
        print(f"{label}: {elapsed:.0f} s, {100 * (self.cpu() - self.cpu_began) / elapsed:.1f} % of one core, "
              f"{self.frames} frames of {self.bytes / max(1, self.frames):.0f} bytes")
        print(f"  key to frame: median {keys[len(keys) // 2]:.1f} ms, p99 {keys[int(len(keys) * 0.99)]:.1f} ms, "
              f"max {keys[-1]:.1f} ms of {len(keys)}")
        print(f"  RSS: {self.resident[-1][1]:.1f} MB, the most so far {self.memory('VmHWM'):.1f} MB, "
              f"growth {growth(self.resident):+.2f} MB a minute in the second half", flush=True)


def growth(samples):
    """Of the straight line through the second half."""
    samples = samples[len(samples) // 2 :]
    times, sizes = [s[0] for s in samples], [s[1] for s in samples]
    middle, mean = sum(times) / len(times), sum(sizes) / len(sizes)
    spread = sum((t - middle) ** 2 for t in times)
    return 60 * sum((t - middle) * (s - mean) for t, s in zip(times, sizes)) / spread if spread else 0.0


def environment(folder, port):
    path = os.path.join(folder, "kubeconfig")
    with open(path, "w") as file:
        json.dump({"apiVersion": "v1", "kind": "Config", "current-context": "busy", "users": [],
                   "clusters": [{"name": "busy", "cluster": {"server": f"http://127.0.0.1:{port}"}}],
                   "contexts": [{"name": "busy", "context": {"cluster": "busy"}}]}, file)
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    return {**kept, "KUBECONFIG": path, "XDG_CONFIG_HOME": folder, "HOME": folder, "TERM": "xterm-256color",
            "LC_ALL": "C.UTF-8"}


def print_curl(port, watched):
    if not shutil.which("curl"):
        return
    start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(["curl", "-s", "--noproxy", "*", "-o", os.devnull, f"http://127.0.0.1:{port}/api/v1/pods"], check=True)
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"curl, the list of the pods alone: {wall:.2f} s, {cpu:.2f} s CPU; to complete is {watched / wall:.1f} times that",
          flush=True)


def measure(options, watched, reported, port):
    complete = None
    while not complete:
        watched.drain(time.monotonic() + 0.05)
        if select.select([reported], [], [], 0)[0]:
            complete = time.monotonic() - watched.start
    first = f"{watched.first_nodes:.2f} s" if watched.first_nodes else "not seen"
    print(f"first nodes {first}, complete {complete:.2f} s, {watched.cpu():.2f} s CPU, "
          f"RSS {watched.memory('VmRSS'):.1f} MB", flush=True)
    print_curl(port, complete)
    watched.drain(time.monotonic() + 2)
    watched.begin()
    watched.run(options.seconds)
    watched.print("nodes")
    opened = watched.press(b"4")
    print(f"pods: opened in {opened:.1f} ms", flush=True)
    watched.drain(time.monotonic() + 2)
    watched.begin()
    watched.run(max(1, options.seconds // 2))
    watched.print("pods")
    returned = watched.press(b"1")
    watched.drain(time.monotonic() + 2)
    print(f"nodes again in {returned:.1f} ms, RSS {watched.memory('VmRSS'):.1f} MB", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("folder")
    parser.add_argument("--rows", type=int, default=50)
    parser.add_argument("--columns", type=int, default=160)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--events", type=int, default=1000)
    options = parser.parse_args()
    reported, report = os.pipe()
    server = Server(options.folder, options.events, report)
    served = os.fork()
    if served == 0:
        server.run()
    folder = tempfile.mkdtemp()
    watched = None
    try:
        watched = Watched([options.program, "top"], environment(folder, server.port), options.rows, options.columns)
        measure(options, watched, reported, server.port)
        watched.press(b"q")
        os.waitpid(watched.child, 0)
        watched = None
    finally:
        for child in (watched.child if watched else None, served):
            if child:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
        shutil.rmtree(folder)


main()
