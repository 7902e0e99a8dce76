"""Servers of the tests' own on this machine: what a stranger's server may do to us."""

import contextlib
import datetime as dt
import gzip
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass
class Reply:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def packed(body: bytes) -> Reply:
    return Reply(gzip.compress(body), headers={"Content-Encoding": "gzip"})


@dataclass
class Stranger:
    """Answers each address as it is told; `asked` are the requests that came in."""

    port: int
    replies: dict[str, Any] = field(default_factory=dict)
    asked: list[Any] = field(default_factory=list)

    def at(self, path: str = "/cal.ics") -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@contextlib.contextmanager
def stranger(secure: ssl.SSLContext | None = None) -> Iterator[Stranger]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            server.asked.append((self.command, self.path, dict(self.headers), content))
            reply = server.replies.get(self.path, Reply(status=404))
            if isinstance(reply, Callable):
                reply = reply(self)
            if reply is None:
                return
            self.send_response(reply.status)
            for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_PUT = do_DELETE = do_PROPFIND = do_REPORT = answer

        def log_message(self, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *args: object) -> None:
            """The client hung up, as it should on some of these."""

    with Server(("127.0.0.1", 0), Handler) as listening:
        if secure:
            listening.socket = secure.wrap_socket(listening.socket, server_side=True)
        server = Stranger(listening.server_port)
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            listening.shutdown()


def certificate(folder: Path, host: str) -> Path:
    """A certificate that signs itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), 7, now - dt.timedelta(days=1), now + dt.timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    file = folder / f"{host}.pem"
    file.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + signed.public_bytes(pem))
    return file


def tls(file: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


@contextlib.contextmanager
def radicale_in(folder: Path) -> Iterator[str]:
    """A real calendar server with passwords; Priya's is `app-word`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "users").write_text("priya:app-word\nbryn:other-word\n")
    options = {
        "auth-type": "htpasswd",
        "auth-htpasswd-filename": folder / "users",
        "auth-htpasswd-encryption": "plain",
        "auth-delay": "0",
        "server-hosts": f"127.0.0.1:{port}",
        "storage-filesystem-folder": folder / "collections",
        "logging-level": "warning",
    }
    given = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    started = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "radicale", "--config", "", *given],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with contextlib.suppress(httpx.TransportError):
                httpx.get(f"{base}/.web/")
                break
            threading.Event().wait(0.1)
        yield base
    finally:
        started.terminate()
        started.wait(10)
