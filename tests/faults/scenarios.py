"""What the fault server does, and what the program must make of it: one row a scenario.

    says      the first line on stderr, as a regular expression that must fit it whole; None: there is none
    numbers   of the output beside those of the healthy cluster: "all" equal, "some" equal and the rest null, "none"
    asks      what must be true of the requests that arrived: a list of (what, function of the log)
"""

import dataclasses
import gzip
import itertools
import json
import re
import time
import zlib

import cluster
from server import Answer, Server

NODES, PODS = "/api/v1/nodes", "/api/v1/pods"
METRICS = "/apis/metrics.k8s.io/v1beta1/nodes"
HTML = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>\n"


@dataclasses.dataclass
class Scenario:
    title: str
    answers: dict = dataclasses.field(default_factory=dict)
    fail: object = None
    arguments: str = "top nodes -o json"
    status: int = 0
    says: str = None
    numbers: str = "all"
    asks: list = dataclasses.field(default_factory=list)
    within: float = 5.0  # seconds
    at_least: float = 0.0
    memory: int = 60  # MB, at most; more only where a sanitizer is at work
    certificate: str = "good"
    minor: str = cluster.VERSION
    host: str = "127.0.0.1"  # 0.0.0.0 is this machine too, but does not look like it
    needs: str = None  # a module, without which the scenario is skipped
    known: str = None  # what the program is known to do wrong here: said, not counted; once it is right, a failure
    name: str = ""

    def serve(self, log_to=None):
        answers = dict(self.answers)
        if self.minor != cluster.VERSION:
            answers.setdefault("/version", Answer(cluster.version(self.minor)))
        server_class = Server
        if self.needs == "h2":
            from server2 import Server2 as server_class
        return server_class(answers, self.fail, self.certificate, log_to=log_to)


# --- what requests must be like --------------------------------------------------------------------------------------


def of(log, path):
    return [request for request in log if request.path == path]


def times(path, count):
    return f"{path} is asked for {count} times", lambda log: len(of(log, path)) == count


def at_most(path, count):
    return f"{path} is asked for at most {count} times", lambda log: len(of(log, path)) <= count


def queries(path, *wanted):
    """The parameters that matter, of each request in order; None for one that must not be there."""

    def fit(log):
        return len(of(log, path)) == len(wanted) and all(
            request.query.get(name) == value
            for request, parameters in zip(of(log, path), wanted)
            for name, value in parameters.items())

    return f"{path} is asked for with {list(wanted)}", fit


def pauses(path, *seconds):
    """At least so long between one answer and the next request."""

    def fit(log):
        requests = of(log, path)
        return all(after.began - before.ended >= pause for before, after, pause in zip(requests, requests[1:], seconds))

    return f"{path}: pauses of {seconds} s", fit


# --- answers ------------------------------------------------------------------------------------------------------------


def failure(code, reason, message, **more):
    return Answer(cluster.status(code, reason, message), status=code, **more)


EXPIRED = failure(410, "Expired", "The provided continue parameter is too old to display a consistent list result.")
FORBIDDEN = failure(403, "Forbidden", 'pods is forbidden: User "faults" cannot list resource "pods" in API group "" '
                    "at the cluster scope")
BUSY = failure(429, "TooManyRequests", "too many requests, please try again later", headers={"Retry-After": "1"})
BUSY_WITHOUT = failure(429, "TooManyRequests", "too many requests, please try again later")


def pods(**faults):
    """The true list of pods, with a fault."""
    return Answer(cluster.list_of(PODS), **faults)


COMPRESSED = gzip.compress(json.dumps(cluster.list_of(PODS)).encode())
GZIP = {"Content-Encoding": "gzip"}


def nodes(**faults):
    return Answer(cluster.list_of(NODES), **faults)


def pages_of_pods(*answers):
    """By the page that is asked for, however often; None is the true one."""

    def answer(request):
        if "limit" not in request.query or request.query["limit"] == "0":
            return Answer(cluster.list_of(PODS))
        page = int(request.query.get("continue", "page-0").removeprefix("page-")) // int(request.query["limit"])
        return (answers[page] if page < len(answers) else None) or Answer(cluster.paged(request))

    return answer


def same_page_forever(request):
    return Answer(cluster.list_of(PODS, 0, 10, "page-10"))


def huge_text(request):
    """One object whose name is a GiB: a piece at a time, so that only the client could need the memory."""
    yield b'{"kind":"PodList","apiVersion":"v1","metadata":{},"items":[{"metadata":{"name":"'
    for _ in range(1024):
        yield b"x" * (1 << 20)
    yield b'"}}]}'


def bomb():
    """A list whose one name is a quarter of a GiB of the same letter, compressed."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 31)
    parts = [squeeze.compress(b'{"kind":"PodList","apiVersion":"v1","metadata":{},"items":[{"metadata":{"name":"')]
    parts += [squeeze.compress(b"x" * (1 << 20)) for _ in range(256)]
    return b"".join(parts) + squeeze.flush()


def deep(request):
    yield b'{"kind":"PodList","apiVersion":"v1","metadata":{},"items":[{"metadata":{"name":"a"},"spec":'
    for _ in range(100):
        yield b'{"a":[' * 10000


def hostile_names(request):
    """Names that would paint the screen red and ring the bell, and bytes that are no UTF-8."""
    items = cluster.list_of(NODES)
    items["items"][3]["metadata"]["labels"]["topology.kubernetes.io/zone"] = "\x1b[31mred\x07\u009b\u202e"
    return Answer(json.dumps(items, ensure_ascii=False).encode().replace(b"amd64", b"amd\xff64", 1))


# --- watches --------------------------------------------------------------------------------------------------------------


def watches(path, *streams):
    """The list is the true one; the n-th watch is the n-th stream (a function of the request), later ones are silent."""
    count = itertools.count()

    def answer(request):
        if "watch" not in request.query:
            return Answer(cluster.paged(request))
        n = next(count)
        made = streams[n](request) if n < len(streams) else cluster.watch(request)
        return made if isinstance(made, Answer) else Answer(made)

    return {path: answer}


def initial(request):
    """As far as the initial events go."""
    for piece in cluster.watch(request, seconds=0):
        if piece:
            yield piece


def ends(request):
    yield from initial(request)
    yield 0.2


def one_more(request):
    """An event some time after the beginning."""
    yield from initial(request)
    yield 0.2
    changed = cluster.watch_object(NODES, 1)
    changed["spec"] = {"unschedulable": True}
    changed["metadata"]["resourceVersion"] = "6000"
    yield cluster.event("MODIFIED", changed)
    yield 3600


def goes_away(request):
    """Ends with ERROR 410: what the client knows is too old to go on from."""
    yield from initial(request)
    yield 0.1
    yield cluster.event("ERROR", cluster.status(410, "Expired", "too old resource version: 5000 (7000)"))


def bookmarks(request):
    yield from initial(request)
    for i in range(3):
        yield cluster.bookmark(request.path, str(8000 + i))
    yield 0.2  # and it ends: the next one must begin at the last bookmark


def storm(request):
    """A hundred thousand events a second, as fast as the client takes them, for a second and a half."""
    yield from initial(request)
    lines = []
    for i in range(cluster.PODS):
        pod = cluster.watch_object(PODS, i)
        pod["metadata"]["resourceVersion"] = str(9000 + i)
        lines.append(cluster.event("MODIFIED", pod))
    batch = b"".join(lines[i % len(lines)] for i in range(1000))
    until = time.monotonic() + 1.5
    while time.monotonic() < until:
        yield batch
        yield 0.01
    yield 3600


def half_an_event(request):
    yield from initial(request)
    yield cluster.event("MODIFIED", cluster.watch_object(NODES, 1))[:40]


def garbage(request):
    yield from initial(request)
    yield b'{"type":"MODIFIED","object":[1,2,3]}\n{"type":\n'


# --- the table ------------------------------------------------------------------------------------------------------------


UNABLE = "Unable to connect to the server: "
POWER = "top nodes -o json --prometheus monitoring/prometheus:9090"
LIVE = "top nodes -o json -d 0.5s --iterations 3"


def every(answer):
    return {"*": answer}


def elsewhere(path):
    """A redirect to another host; nobody must be asked there."""
    return Answer("", status=302, headers={"Location": f"https://elsewhere.invalid:6443{path}"})


def here(request):
    """A redirect to another path of the same host."""
    return Answer("", status=307, headers={"Location": f"https://{request.headers['host']}/moved{request.path}?{'&'.join(f'{k}={v}' for k, v in request.query.items())}"})


def moved(request):
    request = dataclasses.replace(request, path=request.path.removeprefix("/moved"))
    return cluster.answer(request)


def last_answer(request):
    """The true answer, after which the server leaves."""
    return dataclasses.replace(cluster.answer(request), close=True)


def round_and_round(request):
    return Answer("", status=302, headers={"Location": f"https://{request.headers['host']}{request.path}"})


TABLE = {
    "healthy": Scenario("nothing is wrong", asks=[times(NODES, 1), times(PODS, 1), times(METRICS, 1)]),
    "healthy-pods": Scenario("nothing is wrong, pods", arguments="top pods -o json"),
    "healthy-tiers": Scenario("nothing is wrong, tiers", arguments="top tiers -o json"),

    # A Prometheus behind the API server's proxy. Without it nothing but power is unknown.
    "power": Scenario("meters of power", arguments=POWER, asks=[
        times(cluster.PROMETHEUS, 1), queries(cluster.PROMETHEUS, {"query": "shelly_meter_power_current_watts"}), times(PODS, 1)]),
    "power-live": Scenario("meters are not asked for in each frame", arguments=POWER + " -d 0.5s --iterations 3", numbers="frames",
                           asks=[times(cluster.PROMETHEUS, 1)]),
    "power-unasked": Scenario("without --prometheus nobody is asked", asks=[times(cluster.PROMETHEUS, 0)]),
    "power-refused": Scenario("Prometheus' own words", {cluster.PROMETHEUS: Answer(
        {"status": "error", "errorType": "bad_data", "error": "1:5: parse error: \x1b[31munexpected"}, status=400)}, arguments=POWER, numbers="some",
        says=r"warning: power cannot be read: Prometheus refuses the query: bad_data: 1:5: parse error: \?\[31munexpected"),
    "power-busy": Scenario("a Prometheus that is busy is not asked again", {cluster.PROMETHEUS: Answer(
        {"status": "error", "errorType": "timeout", "error": "query timed out"}, status=503, headers={"Retry-After": "1"})}, arguments=POWER,
        numbers="some", says="warning: power cannot be read: Prometheus refuses the query: timeout: query timed out",
        asks=[times(cluster.PROMETHEUS, 1)]),
    "power-no-endpoints": Scenario("no pod behind the service", {cluster.PROMETHEUS: failure(
        503, "ServiceUnavailable", 'no endpoints available for service "http:prometheus:9090"')}, arguments=POWER, numbers="some",
        says=r"warning: power cannot be read: Error from server \(ServiceUnavailable\): no endpoints available for service .*"),
    "power-forbidden": Scenario("no right to the proxy", {cluster.PROMETHEUS: failure(
        403, "Forbidden", 'services "http:prometheus:9090" is forbidden: User "faults" cannot get resource "services/proxy"')},
        arguments=POWER, numbers="some", says=r"warning: power cannot be read: Error from server \(Forbidden\): services .* is forbidden: .*"),
    "power-page": Scenario("a page for people", {cluster.PROMETHEUS: Answer(HTML, type="text/html")}, arguments=POWER, numbers="some",
                           says="warning: power cannot be read: the server answers with text/html, not with JSON.*"),
    "power-silent": Scenario("a Prometheus that does not answer", {cluster.PROMETHEUS: Answer(stall=60)}, arguments=POWER,
                             numbers="some", at_least=9, within=14, says="warning: power cannot be read: .*Timeout.*"),
    "power-cut": Scenario("half an answer", {cluster.PROMETHEUS: Answer(cluster.power(), cut=0.5)}, arguments=POWER, numbers="some",
                          says="warning: power cannot be read: .+"),
    "power-strict": Scenario("with --strict it counts", {cluster.PROMETHEUS: FORBIDDEN}, arguments=POWER + " --strict", status=3,
                             numbers="some", says="warning: power cannot be read: .+"),

    # Pages.
    "pages": Scenario("a list in pages", arguments="top nodes -o json --chunk-size 20",
                      asks=[queries(PODS, {"limit": "20", "continue": None},
                                    {"limit": "20", "continue": "page-20", "resourceVersion": None},
                                    {"limit": "20", "continue": "page-40", "resourceVersion": None})]),
    "pages-old-server": Scenario("a server that does not stream lists is asked for pages", minor="30",
                                 asks=[("pods have a limit", lambda log: int(of(log, PODS)[0].query.get("limit", 0)) > 0)]),
    "pages-expired": Scenario("410 on the third page: the list is read again, whole", {PODS: pages_of_pods(None, None, EXPIRED)},
                              arguments="top nodes -o json --chunk-size 20",
                              asks=[times(PODS, 4), ("the last has no continue", lambda log: "continue" not in of(log, PODS)[-1].query)]),
    "pages-always-expired": Scenario("410 whatever is asked", {PODS: EXPIRED}, arguments="top nodes -o json --chunk-size 20",
                                     status=0, says="warning: pods cannot be read: .*too old.*", numbers="some",
                                     asks=[at_most(PODS, 12)]),
    "pages-without-end": Scenario("the same page again and again", {PODS: same_page_forever},
                                  arguments="top nodes -o json --chunk-size 10", status=1,
                                  says="error: .*same page.*", numbers="none", asks=[at_most(PODS, 3)]),

    # Too busy.
    "busy-twice": Scenario("429 with Retry-After, twice", {PODS: [BUSY, BUSY, None]}, at_least=2, within=6,
                           asks=[times(PODS, 3), pauses(PODS, 0.95, 0.95)]),
    "busy-without-time": Scenario("429 without Retry-After is not tried again", {PODS: BUSY_WITHOUT}, status=0, numbers="some",
                                  says=r"warning: pods cannot be read: Error from server \(TooManyRequests\): too many .*",
                                  asks=[times(PODS, 1)]),
    "busy-for-ever": Scenario("429 with Retry-After for ever", {PODS: BUSY}, status=0, numbers="some", at_least=9, within=20,
                              says=r"warning: pods cannot be read: Error from server \(TooManyRequests\): too many .*",
                              asks=[times(PODS, 11)]),
    "busy-too-long": Scenario("Retry-After beyond --request-timeout", every(failure(503, "ServiceUnavailable", "x", headers={"Retry-After": "3600"})),
                              arguments="top nodes -o json --request-timeout 2s", status=1, numbers="none", within=5,
                              says=r"Error from server \(ServiceUnavailable\): x"),

    # Failures of the server, as Status and as a proxy's page.
    "500-status": Scenario("500 with a Status", {PODS: failure(500, "InternalError", "etcdserver: no leader")},
                           says=r"warning: pods cannot be read: Error from server \(InternalError\): etcdserver: no leader",
                           numbers="some", asks=[times(PODS, 1)]),
    "500-html": Scenario("500 with a page", {PODS: Answer(HTML, status=500, type="text/html")}, numbers="some",
                         says=r'warning: pods cannot be read: Error from server \(InternalError\): an error on the server .*\(get pods\)'),
    "502-html": Scenario("502 of a proxy", {PODS: Answer(HTML, status=502, type="text/html")}, numbers="some",
                         says=r'warning: pods cannot be read: Error from server \(InternalError\): an error on the server \("<html>.*\(get pods\)'),
    "503-html": Scenario("503 of a proxy", {PODS: Answer(HTML, status=503, type="text/html")}, numbers="some",
                         says=r"warning: pods cannot be read: Error from server \(ServiceUnavailable\): the server is currently unable to handle the request \(get pods\)"),
    "503-once": Scenario("503 with Retry-After, once", {PODS: [failure(503, "ServiceUnavailable", "x", headers={"Retry-After": "1"}), None]},
                         at_least=0.9, asks=[times(PODS, 2)]),
    "503-everything": Scenario("503 for everything", every(Answer(HTML, status=503, type="text/html")), status=1, numbers="none",
                               says=r"(error: )?Error from server \(ServiceUnavailable\): the server is currently unable to handle the request.*"),
    "502-everything": Scenario("502 for everything", every(Answer(HTML, status=502, type="text/html")), status=1, numbers="none",
                               says=r"(error: )?Error from server \(InternalError\): an error on the server .*"),
    "504-status": Scenario("504", {PODS: failure(504, "Timeout", "request timed out")}, numbers="some",
                           says=r"warning: pods cannot be read: Error from server \(Timeout\): request timed out"),
    "empty-failure": Scenario("500 without a word", {PODS: Answer(b"", status=500, type="text/plain")}, numbers="some",
                              says=r'warning: pods cannot be read: Error from server \(InternalError\): an error on the server \("unknown"\).*'),

    # Rights.
    "401": Scenario("401 for everything", every(failure(401, "Unauthorized", "Unauthorized")), status=1, numbers="none",
                    says=r"error: You must be logged in to the server \(Unauthorized\)", asks=[at_most("/version", 2)]),
    "403-pods": Scenario("403 for pods", {PODS: FORBIDDEN, "/api/v1/namespaces/default/pods": FORBIDDEN}, numbers="some",
                         says=r"warning: pods cannot be read: Error from server \(Forbidden\): pods is forbidden: .*"),
    "403-metrics": Scenario("403 for metrics", {METRICS: failure(403, "Forbidden", "nodes.metrics.k8s.io is forbidden: x")},
                            numbers="some", says=r"warning: metrics of nodes cannot be read: Error from server \(Forbidden\): .*"),
    "403-everything": Scenario("403 for everything", every(FORBIDDEN), status=1, numbers="none", says=r".*is forbidden.*"),
    "no-metrics": Scenario("no metrics API", {"/apis/metrics.k8s.io": Answer("404 page not found\n", status=404, type="text/plain")},
                           numbers="some",
                           asks=[times(METRICS, 0)]),
    "dead-metrics": Scenario("the metrics API is registered and dead",
                             {METRICS: Answer("service unavailable\n", status=503, type="text/plain")}, numbers="some",
                             says=r"warning: metrics of nodes cannot be read: .*currently unable to handle the request.*"),
    "dead-metrics-group": Scenario("its group as well",
                                   {"/apis/metrics.k8s.io*": Answer("service unavailable\n", status=503, type="text/plain")},
                                   numbers="some", says=r"warning: metrics of nodes cannot be read: .*unable to handle.*"),
    "slow-metrics": Scenario("metrics that do not answer", {METRICS: Answer(stall=60)}, numbers="some",
                             arguments="top nodes -o json --request-timeout 2s", within=5, at_least=1.8,
                             says=r"warning: metrics of nodes cannot be read: .*Client.Timeout exceeded while awaiting headers\)"),

    # Connections that go away.
    "reset-once": Scenario("a reset before the answer, once", {PODS: [Answer(reset_at_once=True), None]}, asks=[times(PODS, 2)]),
    "reset-for-ever": Scenario("resets before the answer, for ever", every(Answer(reset_at_once=True)), status=1, numbers="none",
                               within=20, says=UNABLE + r"(read tcp .*|read): connection reset by peer|" + UNABLE + "EOF",
                               asks=[at_most("/version", 7)]),
    "closed-once": Scenario("closed before the answer, once", {PODS: [Answer(close_at_once=True), None]}, asks=[times(PODS, 2)]),
    "reset-in-body-once": Scenario("a reset in the middle of the body, once", {PODS: [pods(cut=0.5), None]}, asks=[times(PODS, 2)]),
    "reset-in-body": Scenario("resets in the middle of the body, for ever", {PODS: pods(cut=0.5)}, status=1, numbers="none", within=20,
                              says=UNABLE + ".*(connection reset by peer|EOF)", asks=[at_most(PODS, 12)]),
    "closed-in-body-once": Scenario("closed in the middle of the body, once", {PODS: [pods(cut=0.5, after_cut="close"), None]},
                                    asks=[times(PODS, 2)]),
    "closed-in-body": Scenario("closed in the middle of the body, for ever", {PODS: pods(cut=0.5, after_cut="close")}, status=1,
                               numbers="none", within=20, says=UNABLE + "unexpected EOF", asks=[at_most(PODS, 12)]),
    "closed-in-chunks": Scenario("closed in the middle of a chunked body", {PODS: pods(cut=0.5, after_cut="close", chunked=True)},
                                 status=1, numbers="none", within=20, says=UNABLE + "unexpected EOF", asks=[at_most(PODS, 12)]),
    "closed-each-time": Scenario("the connection ends after each answer",
                                 {path: last_answer for path in ("/version", "/apis*", "/api*")}),
    "nobody": Scenario("nobody listens", certificate="nobody", status=1, numbers="none", within=8,
                       says=r"The connection to the server 127.0.0.1:\d+ was refused - did you specify the right host or port\?"),

    # Silence.
    "silent": Scenario("no answer", every(Answer(stall=60)), arguments="top nodes -o json --request-timeout 1s", status=4,
                       numbers="none", at_least=0.9, within=4,
                       says=UNABLE + r"context deadline exceeded \(Client.Timeout exceeded while awaiting headers\)"),
    "silent-pods": Scenario("no answer for pods", {PODS: Answer(stall=60)}, arguments="top nodes -o json --request-timeout 1s",
                            status=4, numbers="none", at_least=0.9, within=4,
                            says=UNABLE + r"context deadline exceeded \(Client.Timeout exceeded while awaiting headers\)"),
    "silent-in-body": Scenario("silence in the middle of the body", {PODS: pods(cut=0.5, after_cut="stall")},
                               arguments="top nodes -o json --request-timeout 1s", status=4, numbers="none", at_least=0.9, within=4,
                               says=UNABLE + r"context deadline exceeded \(Client.Timeout or context cancellation while reading body\)"),
    "drip": Scenario("a body that comes slowly", {NODES: nodes(drip=300)}, at_least=0.5, within=10),
    "drip-too-slow": Scenario("a body that comes too slowly", {PODS: pods(drip=20)}, status=4, numbers="none",
                              arguments="top nodes -o json --request-timeout 1s", at_least=0.9, within=4,
                              says=UNABLE + r"context deadline exceeded \(Client.Timeout or context cancellation while reading body\)"),

    # Bodies that are not what they claim.
    "gzip": Scenario("compressed", {PODS: pods(gzip=True), NODES: nodes(gzip=True)}, host="0.0.0.0",
                     asks=[("pods may be compressed", lambda log: "gzip" in of(log, PODS)[0].headers.get("accept-encoding", ""))]),
    "gzip-cut": Scenario("compressed and cut", {PODS: Answer(COMPRESSED[:400], headers=GZIP)}, host="0.0.0.0",
                         status=1, numbers="none", within=20, says=".+"),
    "gzip-reset": Scenario("compressed and reset in the middle", {PODS: [Answer(COMPRESSED, headers=GZIP, cut=0.5), None]},
                           host="0.0.0.0", asks=[times(PODS, 2)]),
    "gzip-broken": Scenario("compressed and then spoilt", {PODS: Answer(COMPRESSED[:300] + b"\0" * 100 + COMPRESSED[400:], headers=GZIP)},
                            host="0.0.0.0", status=1, numbers="none", within=20, says=".+"),
    "gzip-not": Scenario("said to be compressed and is not", {PODS: pods(headers=GZIP)}, host="0.0.0.0", status=1, numbers="none",
                         within=20, says=".+"),
    "gzip-bomb": Scenario("a quarter of a MB that is a quarter of a GiB", {PODS: lambda request: Answer(bomb(), headers=GZIP)}, host="0.0.0.0",
                          status=1, numbers="none", says=".+", within=15, memory=100),
    "length-too-large": Scenario("Content-Length is too large", {PODS: pods(length=10_000_000, after_cut="close")}, status=1,
                                 numbers="none", within=20, says=UNABLE + "unexpected EOF"),
    "length-too-small": Scenario("Content-Length is too small", {PODS: pods(length=1000)}, status=1, numbers="none", within=20,
                                 says=".+"),
    "bad-chunk": Scenario("a chunk without a size", {PODS: pods(bad_chunk=True)}, status=1, numbers="none", within=20, says=".+"),
    "chunked": Scenario("chunked", {PODS: pods(chunked=True), NODES: nodes(chunked=True)}),
    "html-200": Scenario("a login page with 200", {PODS: Answer(HTML, type="text/html")}, numbers="some", says="warning: pods cannot be read: .*text/html.*"),
    "html-200-everything": Scenario("a login page for everything", every(Answer(HTML, type="text/html")), status=1, numbers="none",
                                    says=".*text/html.*"),
    "html-as-json": Scenario("a login page that says it is JSON", {PODS: Answer(HTML)}, status=1, numbers="none", says="error: .*"),
    "empty-200": Scenario("200 without a body", {PODS: Answer(b"")}, status=1, numbers="none", says="error: .*"),
    "json-cut": Scenario("JSON that ends in its middle, as announced", {PODS: Answer(json.dumps(cluster.list_of(PODS))[:3000])},
                         status=1, numbers="none", says="error: .*"),
    "wrong-kind": Scenario("nodes where pods were asked for", {PODS: nodes()}, status=1, numbers="none", says=".+"),
    "items-null": Scenario("a list without items", {PODS: Answer({"kind": "PodList", "apiVersion": "v1", "metadata": {"resourceVersion": "1"}, "items": None})},
                           numbers="any"),
    "huge-text": Scenario("a name of a GiB", {PODS: lambda request: Answer(huge_text(request))}, status=1, numbers="none", says=".+",
                          within=15, memory=100),
    "deep": Scenario("a million braces", {PODS: lambda request: Answer(deep(request))}, status=1, numbers="none", says=".+",
                     within=15, memory=100),
    "hostile-names": Scenario("control characters and bytes that are no UTF-8", {NODES: hostile_names}, arguments="top nodes",
                              numbers="harmless", says=None),
    "hostile-failure": Scenario("control characters in a failure", every(failure(500, "Internal\x1b[31m", "\x1b]0;owned\x07 line\nand line")),
                                status=1, numbers="none", says=".+"),

    # Elsewhere.
    "redirect-here": Scenario("a redirect to another path", {PODS: here, "/moved*": moved}, asks=[times("/moved/api/v1/pods", 1)]),
    "redirect-elsewhere": Scenario("a redirect to another host", {PODS: elsewhere(PODS)}, status=0, numbers="some",
                                   says=".*redirect.*elsewhere.invalid.*"),
    "redirect-loop": Scenario("a redirect to itself", {PODS: round_and_round}, status=1, numbers="none", says=".*redirects.*",
                              asks=[at_most(PODS, 12)]),

    # Certificates.
    "expired-certificate": Scenario("an expired certificate", certificate="expired", status=1, numbers="none", within=8,
                                    says=UNABLE + "tls: failed to verify certificate: x509: certificate has expired or is not yet valid.*",
                                    asks=[times("/version", 0)]),
    "early-certificate": Scenario("a certificate that is not valid yet", certificate="not-yet", status=1, numbers="none", within=8,
                                  says=UNABLE + "tls: failed to verify certificate: x509: certificate has expired or is not yet valid.*",
                                  asks=[times("/version", 0)]),
    "wrong-name": Scenario("a certificate for another name", certificate="wrong-name", status=1, numbers="none", within=8,
                           says=UNABLE + "tls: failed to verify certificate: x509: certificate is valid for 192.0.2.1, not 127.0.0.1",
                           asks=[times("/version", 0)]),
    "other-authority": Scenario("a certificate of an authority that nobody knows", certificate="other-authority", status=1,
                                numbers="none", within=8, asks=[times("/version", 0)],
                                says=UNABLE + "tls: failed to verify certificate: x509: certificate signed by unknown authority.*"),
    "self-signed": Scenario("a self-signed certificate", certificate="self-signed", status=1, numbers="none", within=8,
                            says=UNABLE + "tls: failed to verify certificate: x509: certificate signed by unknown authority.*",
                            asks=[times("/version", 0)]),
    "no-tls": Scenario("HTTP where HTTPS was expected", certificate="http", status=1, numbers="none", within=8,
                       says=UNABLE + "http: server gave HTTP response to HTTPS client"),

    # Watches. Three frames half a second apart.
    "watch": Scenario("a watch from the beginning", watches(NODES, one_more), arguments=LIVE, numbers="any",
                      asks=[times(NODES, 1), ("it begins with what is there", lambda log: of(log, NODES)[0].query.get("sendInitialEvents") == "true")]),
    "watch-old-server": Scenario("a list, then a watch", arguments=LIVE, minor="32", numbers="frames",
                                 asks=[queries(NODES, {"watch": None}, {"watch": "1", "resourceVersion": "5000", "sendInitialEvents": None})]),
    "watch-off": Scenario("the server does not begin watches with what is there", watches(NODES, lambda request: failure(
        422, "Invalid", "ListOptions is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled")),
        arguments=LIVE, numbers="frames", asks=[queries(NODES, {"sendInitialEvents": "true"}, {"watch": None}, {"watch": "1", "sendInitialEvents": None})]),
    "watch-ends": Scenario("watches that end", watches(NODES, ends, ends, ends), arguments=LIVE, numbers="frames",
                           asks=[("the next one goes on where it ended", lambda log: of(log, NODES)[1].query.get("resourceVersion") == "5000"
                                  and "sendInitialEvents" not in of(log, NODES)[1].query)]),
    "watch-gone": Scenario("a watch that ends with 410", watches(NODES, goes_away), arguments=LIVE, numbers="frames",
                           asks=[("the list is read again", lambda log: any(
                               "watch" not in request.query or request.query.get("sendInitialEvents") == "true" for request in of(log, NODES)[1:]))]),
    "watch-bookmarks": Scenario("a watch with bookmarks", watches(NODES, bookmarks), arguments=LIVE, numbers="frames",
                                asks=[("the next one begins at the last bookmark", lambda log: of(log, NODES)[1].query.get("resourceVersion") == "8002")]),
    "watch-storm": Scenario("a hundred thousand events a second", watches(PODS, storm), arguments=LIVE, numbers="frames", within=8, memory=80),
    "watch-cut": Scenario("a watch that ends in the middle of an event", watches(NODES, half_an_event), arguments=LIVE, numbers="frames",
                          says="(warning: nodes may be out of date: .*)?"),
    "watch-garbage": Scenario("a watch that sends what is no object", watches(NODES, garbage), arguments=LIVE, numbers="frames",
                              says="(warning: nodes may be out of date: .*)?"),
    "watch-reset": Scenario("a watch that is reset before it has told all, once", watches(NODES, lambda request: Answer(
        b"".join(initial(request)), chunked=True, cut=0.9)), arguments=LIVE, numbers="frames"),
    "watch-forbidden": Scenario("a watch that is forbidden", watches(NODES, *[lambda request: FORBIDDEN] * 10), arguments=LIVE, numbers="frames"),

    # HTTP/2.
    "h2": Scenario("nothing is wrong, over HTTP/2", needs="h2", asks=[
        ("one connection for all", lambda log: len({request.connection for request in log}) == 1)]),
    "goaway": Scenario("GOAWAY after each answer", {path: last_answer for path in ("/version", "/apis*", "/api*")}, needs="h2",
                       within=10),
    "goaway-before": Scenario("GOAWAY in place of an answer, once", {PODS: [Answer(close_at_once=True), None]}, needs="h2"),
    "goaway-for-ever": Scenario("GOAWAY in place of every answer", every(Answer(close_at_once=True)), needs="h2", status=1,
                                numbers="none", within=20, says=UNABLE + ".+", asks=[at_most("/version", 12)]),
    "refused-stream": Scenario("a stream is refused, once", {PODS: [Answer(reset_at_once=True), None]}, needs="h2"),
}
for name_, scenario_ in TABLE.items():
    scenario_.name = name_
SCENARIOS = TABLE
assert all(not s.says or re.compile(s.says) for s in TABLE.values())
