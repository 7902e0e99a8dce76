"""One page as the server makes it: through WSGI and every middleware, in this process, without a network.

Import only when Django is set up.
"""

import io
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

HOST = "localhost"
AGENT = "Mozilla/5.0 (X11; Linux x86_64) bench"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Cost:
    """What one page costs: processor time (median and least), the queries of one more request, and its size."""

    path: str
    cpu_ms: float
    least_ms: float
    database_ms: float
    queries: int
    statements: tuple[str, ...]
    raw: int
    compressed: int


class Browser:
    """Asks an application for pages, keeping its cookies, without a socket in between."""

    def __init__(self, application: Callable[..., Any], session: str = "") -> None:
        self.application = application
        self.cookies = {"sessionid": session} if session else {}

    def get(self, path: str, *, compressed: bool = True, tag: str = "") -> Answer:
        return self._ask("GET", path, b"", compressed, tag)

    def post(self, path: str, form: str) -> Answer:
        return self._ask("POST", path, form.encode(), True)

    def _ask(self, method: str, path: str, content: bytes, compressed: bool, tag: str = "") -> Answer:
        bare, _mark, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": bare,
            "QUERY_STRING": query,
            "SERVER_NAME": HOST,
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": HOST,
            "HTTP_USER_AGENT": AGENT,
            "HTTP_REFERER": f"http://{HOST}/",
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "HTTP_ACCEPT_ENCODING": "gzip" if compressed else "",
            **({"HTTP_IF_NONE_MATCH": tag} if tag else {}),
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(content)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(content),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        seen: list[Any] = []
        parts = self.application(environ, lambda status, headers, *_: seen.extend((status, headers)))
        body = b"".join(parts)
        parts.close()
        for name, value in seen[1]:
            if name.lower() == "set-cookie":
                key, _equals, rest = value.partition("=")
                self.cookies[key.strip()] = rest.partition(";")[0]
        return Answer(int(seen[0].split()[0]), {name.lower(): value for name, value in seen[1]}, body)


def browser(session: str = "") -> Browser:
    return Browser(_application(), session)


_made: list[WSGIHandler] = []


def _application() -> WSGIHandler:
    if not _made:
        _made.append(WSGIHandler())
    return _made[0]


def cost(session: str, path: str, times: int = 30) -> Cost:
    """After two requests that warm templates and caches."""
    someone = browser(session)
    for _number in range(2):
        answer = someone.get(path)
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status} {answer.headers.get('location', '')}")
    with counted() as statements:
        plain = someone.get(path, compressed=False)
    spent, in_database = [], []
    for _number in range(times):
        with timed_database() as clock:
            before = time.thread_time()
            answer = someone.get(path)
            spent.append((time.thread_time() - before) * 1000)
        in_database.append(sum(clock) * 1000)
    return Cost(
        path=path,
        cpu_ms=statistics.median(spent),
        least_ms=min(spent),
        database_ms=statistics.median(in_database),
        queries=len(statements),
        statements=tuple(statements),
        raw=len(plain.body),
        compressed=len(answer.body),
    )


@contextmanager
def counted() -> Iterator[list[str]]:
    """Every statement but the marks of transactions."""
    statements: list[str] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield statements


@contextmanager
def timed_database() -> Iterator[list[float]]:
    """Processor seconds of this thread inside `execute`; SQLite works there, PostgreSQL elsewhere."""
    clock: list[float] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        before = time.thread_time()
        try:
            return execute(sql, params, many, context)
        finally:
            clock.append(time.thread_time() - before)

    with connection.execute_wrapper(note):
        yield clock
