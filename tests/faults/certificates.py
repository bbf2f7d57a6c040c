"""Certificates for the fault server, made by openssl when the first is asked for, in a folder that ends with us."""

import atexit
import os
import shutil
import ssl
import subprocess
import tempfile
import threading

_folder = None

# name: (subject alternative names, first day, last day, who signs)
KINDS = {
    "good": ("IP:127.0.0.1,IP:0.0.0.0,DNS:localhost", "20200101000000Z", "20991231235959Z", "ca"),
    "expired": ("IP:127.0.0.1,DNS:localhost", "20200101000000Z", "20200201000000Z", "ca"),
    "not-yet": ("IP:127.0.0.1,DNS:localhost", "20980101000000Z", "20991231235959Z", "ca"),
    "wrong-name": ("DNS:elsewhere.example.com,IP:192.0.2.1", "20200101000000Z", "20991231235959Z", "ca"),
    "other-authority": ("IP:127.0.0.1,DNS:localhost", "20200101000000Z", "20991231235959Z", "other"),
    "self-signed": ("IP:127.0.0.1,DNS:localhost", "20200101000000Z", "20991231235959Z", "itself"),
}


_lock = threading.Lock()


def path(name):
    return os.path.join(_make(), name)


def server_context(kind):
    with _lock:
        if not os.path.exists(path(f"{kind}.crt")):
            _certificate(kind)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path(f"{kind}.crt"), path(f"{kind}.key"))
    context.set_alpn_protocols(["http/1.1"])
    return context


def _openssl(*words, text=None):
    subprocess.run(["openssl", *words], cwd=_folder, input=text, text=True, check=True, capture_output=True)


def _write(name, text):
    with open(os.path.join(_folder, name), "w") as file:
        file.write(text)


def _authority(name):
    _openssl("req", "-x509", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "36500",
             "-keyout", f"{name}.key", "-out", f"{name}.crt", "-subj", f"/CN=faults {name}",
             "-addext", "keyUsage=critical,keyCertSign,cRLSign")


def _make():
    global _folder
    if _folder:
        return _folder
    _folder = tempfile.mkdtemp(prefix="faults-")
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)
    _authority("ca")
    _authority("other")
    # `openssl ca` is the only one that takes both dates, in every release.
    _write("ca.cnf", "[ca]\ndefault_ca=d\n[d]\ndatabase=index\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\n"
           "unique_subject=no\n[p]\ncommonName=supplied\n")
    _write("index", "")
    _write("serial", "1000\n")
    return _folder


def _certificate(kind):
    names, first, last, signer = KINDS[kind]
    _write(f"{kind}.ext", f"basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\nsubjectAltName={names}\n")
    _openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", f"{kind}.key",
             "-subj", f"/CN={kind}", "-out", f"{kind}.csr")
    by = ["-selfsign", "-keyfile", f"{kind}.key"] if signer == "itself" else ["-cert", f"{signer}.crt", "-keyfile", f"{signer}.key"]
    _openssl("ca", "-batch", "-config", "ca.cnf", *by, "-in", f"{kind}.csr", "-out", f"{kind}.crt", "-notext",
             "-startdate", first, "-enddate", last, "-extfile", f"{kind}.ext")
