"""Servers that record who asked them, and how: two API servers with TLS, one without, and a proxy."""

import http.server
import json
import os
import socket
import ssl
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "faults"))
import certificates

SEEN = []  # what each request presented, since it was last cleared


def subject(connection):
    certificate = connection.getpeercert() if isinstance(connection, ssl.SSLSocket) else None
    return "/".join(value for part in (certificate or {}).get("subject", ()) for _, value in part)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        names = [name for name in self.headers.keys() if name.lower().startswith("impersonate-")]
        SEEN.append({
            "server": self.server.label,
            "prefix": self.path.split("?")[0].rsplit("/version", 1)[0].rsplit("/api", 1)[0],
            "name": getattr(self.connection, "asked_name", None),
            "host": self.headers["Host"],
            "authorization": self.headers["Authorization"],
            "certificate": subject(self.connection),
            "impersonates": sorted((name.lower(), value) for name in set(names) for value in self.headers.get_all(name)),
        })
        path = self.path.split("?")[0]
        kind = {"nodes": "NodeList", "pods": "PodList"}.get(path.rsplit("/", 1)[1])
        if path.endswith("/version"):
            status, answer = 200, {"major": "1", "minor": "30", "gitVersion": "v1.30.0"}
        elif kind:
            status, answer = 200, {"kind": kind, "apiVersion": "v1", "metadata": {"resourceVersion": "1"}, "items": []}
        else:
            status, answer = 404, {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound",
                                   "message": "the server could not find the requested resource", "code": 404}
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, label, certificate=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.label, self.context = label, None
        if certificate:
            self.context = certificates.server_context(certificate)
            self.context.load_verify_locations(certificates.path("ca.crt"))
            self.context.verify_mode = ssl.CERT_OPTIONAL
            self.context.sni_callback = lambda connection, name, _: setattr(connection, "asked_name", name)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def get_request(self):
        connection, address = super().get_request()
        if self.context:
            connection = self.context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, address

    def handle_error(self, *_):
        pass

    @property
    def port(self):
        return self.server_address[1]


class Proxy(threading.Thread):
    """CONNECT alone. Notes the target, and that it was asked."""

    def __init__(self):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port, self.targets = self.listener.getsockname()[1], []
        self.start()

    def run(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, client):
        head = b""
        while b"\r\n\r\n" not in head:
            piece = client.recv(4096)
            if not piece:
                return
            head += piece
        target = head.split()[1].decode()
        self.targets.append(target)
        host, port = target.rsplit(":", 1)
        try:  # a name that nobody knows stands for the first server: what matters is who resolves it
            server = socket.create_connection((host if host == "127.0.0.1" else "127.0.0.1", int(port)))
        except OSError:
            client.close()
            return
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for a, b in ((client, server), (server, client)):
            threading.Thread(target=self.pump, args=(a, b), daemon=True).start()

    @staticmethod
    def pump(a, b):
        try:
            while piece := a.recv(65536):
                b.sendall(piece)
            b.shutdown(socket.SHUT_WR)
        except OSError:
            pass


def client_certificate(name, days="3650"):
    """A certificate for a client, by the servers' authority: its path and that of its key."""
    certificates.path("")
    folder = certificates.path("")
    subprocess.run(f"openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout {name}.key "
                   f"-subj /O=team/CN={name} 2>/dev/null | openssl x509 -req -CA ca.crt -CAkey ca.key -set_serial 0x{os.urandom(8).hex()} "
                   f"-days {days} -out {name}.crt 2>/dev/null", shell=True, cwd=folder, check=True)
    return os.path.join(folder, f"{name}.crt"), os.path.join(folder, f"{name}.key")
