"""An HTTPS server that plays a Kubernetes API server and misbehaves as it is told.

    with Server(scenario) as server:        # listens on 127.0.0.1, a port of its own
        ... run a client against server.kubeconfig(folder) ...
        server.log                          # every request that arrived, in order

A scenario is a mapping from path to answers: the n-th request of a path gets the n-th answer, later ones the last. A
path may end in "*"; what no path fits is answered by the small healthy cluster of cluster.py. An answer is an Answer,
or a function of the Request that returns one. The faults are members of Answer: they are applied to the very bytes
that would have been sent, so that a body cut in its middle is a true one up to there.

By hand:  python3 tests/faults/server.py SCENARIO   prints a kubeconfig, logs requests as JSON lines, ends with Ctrl-C.

HTTP/1.1 over TLS, a thread for each connection. Needs Python's standard library and openssl.
"""

import dataclasses
import fnmatch
import gzip
import json
import os
import socket
import ssl
import struct
import sys
import threading
import time
import urllib.parse

import certificates

DRIP = 0.05  # seconds between the pieces of a body that comes slowly


@dataclasses.dataclass
class Request:
    verb: str
    path: str
    query: dict  # name to its last value
    headers: dict  # lower case name to value
    body: bytes
    number: int  # of this path, from 1
    total: int  # of all, from 1
    connection: int  # from 1
    began: float  # seconds, monotonic
    ended: float = 0.0  # when the last byte of the answer was given to the system; 0 while it is not

    def line(self):
        fields = dataclasses.asdict(self)
        fields["body"] = self.body.decode(errors="replace")
        return json.dumps(fields)


@dataclasses.dataclass
class Answer:
    body: object = b""  # bytes, text, something for JSON, or an iterator of pieces: bytes, or seconds to wait
    status: int = 200
    type: str = "application/json"
    headers: dict = dataclasses.field(default_factory=dict)

    stall: float = 0.0  # seconds of silence before the status line
    reset_at_once: bool = False  # no answer: the connection is reset
    close_at_once: bool = False  # no answer: the connection ends
    gzip: bool = False  # if the client takes it
    chunked: bool = False
    length: int = None  # Content-Length that is told, true or not; None for the true one
    cut: float = None  # this part of the body is sent, 0.5 is half of it
    after_cut: str = "reset"  # and then: reset, close, stall
    bad_chunk: bool = False  # a chunk whose size is none, in the middle
    drip: int = 0  # bytes at a time, DRIP seconds apart
    close: bool = False  # the connection ends after the answer, as announced

    def __post_init__(self):
        if isinstance(self.body, str):
            self.body = self.body.encode()
        elif isinstance(self.body, (dict, list)):
            self.body = json.dumps(self.body).encode()


REASONS = {200: "OK", 201: "Created", 302: "Found", 307: "Temporary Redirect", 401: "Unauthorized", 403: "Forbidden",
           404: "Not Found", 410: "Gone", 422: "Unprocessable Entity", 429: "Too Many Requests",
           500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}


class Gone(Exception):
    """The client, or we, have left the connection."""


class Connection:
    """One connection: reads requests, sends answers."""

    def __init__(self, server, plain, number):
        self.server, self.plain, self.number = server, plain, number
        self.stream = self.reader = None

    def serve(self):
        try:
            self.plain.settimeout(30)
            self.begin()
            self.stream.settimeout(self.server.patience)
            self.reader = self.stream.makefile("rb")
            while self.answer_one():
                pass
        except (Gone, OSError, ValueError):
            pass  # a client that leaves, or does not trust us: what it says of that is the test's to judge
        finally:
            self.end()

    def begin(self):
        self.stream = self.plain
        if self.server.context:
            self.stream = self.server.context.wrap_socket(self.plain, server_side=True, do_handshake_on_connect=False)
            self.stream.do_handshake()

    def wake(self):
        """Ends what its thread waits for; the thread then closes the connection itself."""
        try:
            self.stream.shutdown(socket.SHUT_RDWR)
        except (AttributeError, OSError):
            pass

    def end(self):
        """The socket is closed when the last of the three is."""
        for closing in (self.reader, self.stream, self.plain):
            try:
                if closing:
                    closing.close()
            except (OSError, ValueError):
                pass

    def answer_one(self):
        request = self.read()
        if not request:
            return False
        answer = self.server.scenario_answer(request)
        if callable(answer):
            answer = answer(request)
        try:
            self.send(request, answer)
            return not answer.close
        finally:
            request.ended = time.monotonic()

    def read(self):
        line = self.reader.readline(65536).decode("latin-1").split()
        if line and (len(line) != 3 or not line[2].startswith("HTTP/")):
            self.write(b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n400 Bad Request")
        if len(line) != 3:
            return None
        headers = {}
        while (header := self.reader.readline(65536).decode("latin-1").strip()):
            name, _, value = header.partition(":")
            headers[name.strip().lower()] = value.strip()
        body = self.reader.read(int(headers.get("content-length", 0)))
        return self.server.arrived(self.number, line[0], line[1], headers, body)

    def send(self, request, answer):
        self.wait(answer.stall)
        if answer.reset_at_once:
            self.reset()
        if answer.close_at_once:
            raise Gone
        if hasattr(answer.body, "__next__"):
            self.send_head(answer, None)
            self.send_pieces(answer.body)
            self.write(b"0\r\n\r\n")
            return
        body = answer.body
        if answer.gzip and "gzip" in request.headers.get("accept-encoding", ""):
            body = gzip.compress(body, 1)
            answer = dataclasses.replace(answer, headers={**answer.headers, "Content-Encoding": "gzip"})
        self.send_head(answer, body)
        if answer.chunked or answer.bad_chunk:
            size = max(1, len(body) // 8)
            pieces = [body[at : at + size] for at in range(0, len(body), size)]
            wire = [b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces] + [b"0\r\n\r\n"]
            if answer.bad_chunk:
                wire.insert(len(wire) // 2, b"zz\r\n")
            body = b"".join(wire)
        self.send_body(answer, body)

    def send_head(self, answer, body):
        head = [f"HTTP/1.1 {answer.status} {REASONS.get(answer.status, 'Status')}", f"Content-Type: {answer.type}",
                "Audit-Id: 00000000-0000-0000-0000-000000000000", "Cache-Control: no-cache, private"]
        if body is None or answer.chunked or answer.bad_chunk:
            head.append("Transfer-Encoding: chunked")
        else:
            head.append(f"Content-Length: {len(body) if answer.length is None else answer.length}")
        if answer.close:
            head.append("Connection: close")
        head += [f"{name}: {value}" for name, value in answer.headers.items()]
        self.write("\r\n".join(head).encode() + b"\r\n\r\n")

    def send_body(self, answer, body):
        if answer.cut is not None:
            body = body[: int(len(body) * answer.cut)]
        step = answer.drip or max(1, len(body))
        for at in range(0, len(body), step):
            self.write(body[at : at + step])
            if answer.drip:
                self.wait(DRIP)
        if answer.cut is not None or (answer.length is not None and answer.length > len(body)):
            if answer.after_cut == "reset":
                self.reset()
            if answer.after_cut == "stall":
                self.wait(self.server.patience)
            raise Gone

    def send_pieces(self, pieces):
        for piece in pieces:
            if isinstance(piece, (int, float)):
                self.wait(piece)
            elif piece:
                self.write(b"%x\r\n%s\r\n" % (len(piece), piece))

    def write(self, data):
        self.stream.sendall(data)

    def wait(self, seconds):
        """Silence; ends early with the server, so that a test never waits for a stalled answer."""
        if seconds and self.server.ending.wait(seconds):
            raise Gone

    def reset(self):
        """RST in place of FIN: closing with a linger time of zero does that. Python's TLS does not say goodbye."""
        self.stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Gone


class Server:
    """Listens from the moment it is made. `answers` as told above; `fail` (a function of the Request) goes before them
    and returns an Answer or None: it sees every request, whatever its path. `certificate` is one of certificates.KINDS,
    or "http" for none at all, or "nobody" for a port on which nobody listens."""

    def __init__(self, answers=None, fail=None, certificate="good", log_to=None, patience=60.0):
        self.answers, self.fail, self.log_to, self.patience = answers or {}, fail, log_to, patience
        self.certificate = certificate
        self.log, self.counts = [], {}
        self.lock, self.ending = threading.Lock(), threading.Event()
        self.context = self.make_context(certificate)
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.socket.getsockname()[1]
        self.connections = []
        if certificate == "nobody":
            self.socket.close()
        else:
            threading.Thread(target=self.accept, daemon=True).start()

    connection_class = Connection

    def make_context(self, certificate):
        return certificates.server_context(certificate) if certificate in certificates.KINDS else None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.socket.close()
        for connection in self.connections:
            connection.wake()

    def accept(self):
        while not self.ending.is_set():
            try:
                plain, _ = self.socket.accept()
            except OSError:
                return
            connection = self.connection_class(self, plain, len(self.connections) + 1)
            self.connections.append(connection)
            threading.Thread(target=connection.serve, daemon=True).start()

    def arrived(self, connection, verb, target, headers, body):
        parts = urllib.parse.urlsplit(target)
        with self.lock:
            number = self.counts[parts.path] = self.counts.get(parts.path, 0) + 1
            query = dict(urllib.parse.parse_qsl(parts.query, keep_blank_values=True))
            request = Request(verb, parts.path, query, headers, body, number, len(self.log) + 1, connection, time.monotonic())
            self.log.append(request)
            if self.log_to:
                print(request.line(), file=self.log_to, flush=True)
        return request

    def scenario_answer(self, request):
        failure = self.fail(request) if self.fail else None
        if failure:
            return failure
        for path, answers in self.answers.items():
            if path == request.path or ("*" in path and fnmatch.fnmatchcase(request.path, path)):
                if not isinstance(answers, list):
                    answers = [answers]
                answer = answers[min(request.number, len(answers)) - 1]
                if answer is not None:
                    return answer
        import cluster  # it makes Answers, so it imports us

        return cluster.answer(request)

    def kubeconfig(self, folder, host="127.0.0.1"):
        """Writes a kubeconfig and returns its path."""
        path = os.path.join(folder, f"{self.port}.kubeconfig")
        cluster = {"server": f"https://{host}:{self.port}", "certificate-authority": certificates.path("ca.crt")}
        config = {"apiVersion": "v1", "kind": "Config", "current-context": "faults",
                  "clusters": [{"name": "faults", "cluster": cluster}],
                  "users": [{"name": "faults", "user": {"token": "a-token-for-tests"}}],
                  "contexts": [{"name": "faults", "context": {"cluster": "faults", "user": "faults"}}]}
        with open(path, "w") as file:
            json.dump(config, file)
        return path

    def in_flight(self):
        """The largest number of requests, watches apart, that were under way at one time."""
        moments = []
        for request in self.log:
            if "watch" not in request.query:
                moments += [(request.began, 1), (request.ended or float("inf"), -1)]
        largest = now = 0
        for _, change in sorted(moments):
            now += change
            largest = max(largest, now)
        return largest


def main():
    import tempfile

    import scenarios

    if len(sys.argv) != 2 or sys.argv[1] not in scenarios.SCENARIOS:
        sys.exit("usage: server.py SCENARIO\n" + "".join(f"  {s.name:28} {s.title}\n" for s in scenarios.SCENARIOS.values()))
    scenario = scenarios.SCENARIOS[sys.argv[1]]
    with tempfile.TemporaryDirectory() as folder, scenario.serve(log_to=sys.stderr) as server:
        print(open(server.kubeconfig(folder)).read(), flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
