"""The fault server does what it is told: seen with Python's own client, so that a scenario never passes because its fault
did not happen. Prints TAP."""

import gzip
import http.client
import os
import ssl
import sys
import time
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import certificates
import cluster
from server import Answer, Server

failed = False
BODY = b'{"items":[' + b"1," * 5000 + b"1]}"


def check(title, is_true, why=""):
    global failed
    failed |= not is_true
    print(f"{'ok' if is_true else 'not ok'} - server: {title}" + (f"\n# {why}" if not is_true else ""))


def connect(server, timeout=5):
    context = ssl.create_default_context(cafile=certificates.path("ca.crt"))
    return http.client.HTTPSConnection("127.0.0.1", server.port, timeout=timeout, context=context)


def fetch(server, path="/api/v1/pods", headers=None, connection=None, timeout=5):
    """(status, headers, body), or the name of what went wrong."""
    connection = connection or connect(server, timeout)
    try:
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    except Exception as error:
        return type(error).__name__


def outcome(answer, certificate="good", **options):
    with Server({"/api/v1/pods": answer}, certificate=certificate) as server:
        if certificate == "http":
            options["connection"] = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
        return fetch(server, **options)


def check_faults():
    status, headers, body = outcome(Answer(BODY))
    check("an answer", (status, body, headers["Content-Type"]) == (200, BODY, "application/json"))
    for title, answer, wanted, options in [
        # Below TLS, where a reset can be told from an end.
        ("reset at once", Answer(reset_at_once=True), {"ConnectionResetError"}, {"certificate": "http"}),
        ("closed at once", Answer(close_at_once=True), {"RemoteDisconnected"}, {}),
        ("cut and reset", Answer(BODY, cut=0.5), {"ConnectionResetError"}, {"certificate": "http"}),
        ("cut and closed", Answer(BODY, cut=0.5, after_cut="close"), {"IncompleteRead"}, {}),
        ("cut and silent", Answer(BODY, cut=0.5, after_cut="stall"), {"TimeoutError"}, {"timeout": 0.5}),
        ("silent", Answer(stall=30), {"TimeoutError"}, {"timeout": 0.5}),
        ("a length that is too large", Answer(BODY, length=10**6, after_cut="close"), {"IncompleteRead"}, {}),
        ("a chunk without a size", Answer(BODY, bad_chunk=True), {"IncompleteRead", "ValueError"}, {}),
    ]:
        found = outcome(answer, **options)
        check(title, isinstance(found, str) and found in wanted, f"{found!r:.100}, expected {wanted}")
    check("a length that is too small", outcome(Answer(BODY, length=100))[2] == BODY[:100])
    check("chunks", outcome(Answer(BODY, chunked=True))[2] == BODY)
    compressed = outcome(Answer(BODY, gzip=True), headers={"Accept-Encoding": "gzip"})
    check("compressed", gzip.decompress(compressed[2]) == BODY and compressed[1]["Content-Encoding"] == "gzip")
    check("not compressed for who does not ask", outcome(Answer(BODY, gzip=True))[2] == BODY)
    began = time.monotonic()
    check("drops", outcome(Answer(BODY, drip=1000))[2] == BODY and time.monotonic() - began > 0.4)
    check("pieces", outcome(lambda request: Answer(iter([b"one", 0.01, b"two"])))[2] == b"onetwo")


def check_order():
    with Server({"/a": [Answer("1", status=500), None, Answer("3")], "/b*": Answer("b", close=True)}) as server:
        connection = connect(server)
        got = [fetch(server, "/a", connection=connection) for _ in range(4)]
        check("the n-th request of a path", [(s, b) for s, _, b in got] [0::2] == [(500, b"1"), (200, b"3")] and got[1][0] == 404)
        check("the last answer stays", got[3][2] == b"3")
        check("one connection", {request.connection for request in server.log} == {1})
        fetch(server, "/b/c?x=1&y=", connection=connection, headers={"X-Who": "me"})
        last = server.log[-1]
        check("the log", (last.path, last.query, last.headers["x-who"], last.number, last.total) == ("/b/c", {"x": "1", "y": ""}, "me", 1, 5))
        check("an announced end", fetch(server, "/a", connection=connect(server))[0] == 200 and server.log[-1].connection == 2)
    with Server(fail=lambda request: Answer(status=503) if request.total == 2 else None) as server:
        check("one of all requests", [fetch(server, "/version")[0] for _ in range(3)] == [200, 503, 200])


def check_cluster():
    import json

    with Server() as server:
        whole = json.loads(fetch(server, "/api/v1/pods")[2])
        names, token, count = [], "", 0
        while token is not None:
            page = json.loads(fetch(server, f"/api/v1/pods?limit=25{'&continue=' if token else ''}{token}")[2])
            names += [pod["metadata"]["name"] for pod in page["items"]]
            token, count = page["metadata"].get("continue"), count + 1
        check("pages make the whole", count == 3 and names == [pod["metadata"]["name"] for pod in whole["items"]])
        connection = connect(server)
        connection.request("GET", "/api/v1/nodes?watch=1&sendInitialEvents=true")
        answer = connection.getresponse()
        events = [json.loads(answer.readline()) for _ in range(cluster.NODES + 1)]
        check("a watch", {event["type"] for event in events[:-1]} == {"ADDED"} and events[-1]["type"] == "BOOKMARK")


def check_certificates():
    for kind, wanted in [("good", None), ("expired", "has expired"), ("not-yet", "not yet valid"),
                         ("wrong-name", "IP address mismatch"), ("other-authority", "unable to get local issuer"),
                         ("self-signed", "self-signed certificate")]:
        with Server(certificate=kind) as server:
            connection = connect(server)
            try:
                connection.request("GET", "/version")
                said = None
            except ssl.SSLCertVerificationError as error:
                said = error.verify_message
            check(f"certificate {kind}", said == wanted or (wanted is not None and said is not None and wanted in said), said)
    with Server(certificate="http") as server:
        check("no TLS", fetch(server) == "SSLError", fetch(server))
    with Server(certificate="nobody") as server:
        check("nobody listens", fetch(server) == "ConnectionRefusedError")


def main():
    check_faults()
    check_order()
    check_cluster()
    check_certificates()
    sys.exit(failed)


main()
