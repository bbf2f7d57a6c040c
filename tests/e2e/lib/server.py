"""The rig's API server, asked without kubectl: one connection, one request after the other. Imported, never run."""

import http.client
import json
import os
import re
import ssl

from basics import STATE

CORE, APPS, STORAGE = "/api/v1", "/apis/apps/v1", "/apis/storage.k8s.io/v1"


class Server:
    def __init__(self):
        with open(os.path.join(STATE, "admin.kubeconfig")) as file:
            text = file.read()
        address = re.search(r"server: *\"?https://([0-9.]+):(\d+)", text)
        pki = os.path.join(STATE, "pki")
        context = ssl.create_default_context(cafile=os.path.join(pki, "ca.crt"))
        context.load_cert_chain(os.path.join(pki, "admin.crt"), os.path.join(pki, "admin.key"))
        self.connection = http.client.HTTPSConnection(address[1], int(address[2]), context=context, timeout=60)

    def ask(self, method, path, body=None, fine=()):
        kind = "application/merge-patch+json" if method == "PATCH" else "application/json"
        self.connection.request(method, path, body and json.dumps(body), {"Content-Type": kind})
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 300 and answer.status not in fine:
            raise SystemExit(f"Bail out! {method} {path}: {answer.status} {text[:600]}")
        return json.loads(text)

    def list(self, group, resource):
        return self.ask("GET", f"{group}/{resource}")["items"]

    def create(self, group, resource, thing, fine=()):
        space = thing["metadata"].get("namespace")
        return self.ask("POST", f"{group}/{f'namespaces/{space}/' if space else ''}{resource}", thing, fine)

    def delete(self, path):
        self.ask("DELETE", path, {"kind": "DeleteOptions", "apiVersion": "v1", "gracePeriodSeconds": 0}, (404,))
