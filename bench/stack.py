"""The real server, whole: started, asked, measured and stopped."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import machine

ROOT = Path(__file__).resolve().parents[1]
LONGEST_START = 120.0
LATIN_EXTENDED = "latin-ext"


@dataclass(frozen=True)
class Running:
    pid: int
    port: int
    first_answer: float
    processor: float

    def memory(self) -> tuple[float, float]:
        return machine.memory(machine.tree(self.pid))


@dataclass(frozen=True)
class Load:
    """What a browser fetches for a page the first time, in bytes as transferred."""

    path: str
    html: int
    parts: dict[str, int]

    @property
    def total(self) -> int:
        return self.html + sum(self.parts.values())


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def commonhall(data: Path, *, kill: bool = False) -> Iterator[Running]:
    port = free_port()
    command = [sys.executable, "-m", "commonhall", "up", "--port", str(port), "--data", str(data)]
    with _server(command, port, "/accounts/login/", kill) as running:
        yield running


@contextmanager
def yardstick(session: str, path: str) -> Iterator[Running]:
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "bench.yardstick.asgi:application", "--port", str(port)]
    command += ["--lifespan", "off", "--no-access-log", "--log-level", "warning"]
    with _server(command, port, path, kill=False, session=session) as running:
        yield running


@contextmanager
def _server(command: list[str], port: int, path: str, kill: bool, session: str = "") -> Iterator[Running]:
    paths = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": paths}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _first_answer(process, port, path, session)
        yield Running(process.pid, port, time.perf_counter() - started, machine.processor(process.pid))
    finally:
        process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _first_answer(process: "subprocess.Popen[bytes]", port: int, path: str, session: str) -> None:
    until = time.monotonic() + LONGEST_START
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError("the server ended before it answered")
        try:
            status = _ask(port, path, session, "br, gzip")[0]
        except OSError:
            time.sleep(0.02)
            continue
        if status != 200:
            raise RuntimeError(f"{path} answered {status}")
        return
    raise RuntimeError(f"no answer within {LONGEST_START:.0f} s")


def fetch(port: int, path: str, session: str = "") -> tuple[int, int]:
    """Status, and bytes of the body as transferred."""
    status, body = _ask(port, path, session, "br, gzip")
    return status, len(body)


def _ask(port: int, path: str, session: str, encodings: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        headers = {"Host": "localhost", "Accept-Encoding": encodings}
        connection.request("GET", path, headers=headers | ({"Cookie": f"sessionid={session}"} if session else {}))
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def first_load(port: int, path: str, session: str) -> Load:
    """The page, and every style, script, font and picture of ours that it and its styles name; no photos."""
    html = _ask(port, path, session, "identity")[1].decode()
    named = set(re.findall(r'<(?:link|script|img|use)\b[^>]*?(?:href|src)="(/(?:static|brand)/[^"#]+)', html))
    styles = {name for name in named if name.endswith(".css")}
    for style in styles:
        text = _ask(port, style, session, "identity")[1].decode()
        found = re.findall(r"url\(['\"]?([^'\")]+)", text)
        named |= {_beside(style, name) for name in found if not name.startswith(("data:", "#"))}
    wanted = sorted(name for name in named if LATIN_EXTENDED not in name)
    return Load(path, fetch(port, path, session)[1], {name: fetch(port, name, session)[1] for name in wanted})


def _beside(style: str, name: str) -> str:
    return name if name.startswith("/") else f"{style.rpartition('/')[0]}/{name.removeprefix('./')}"
