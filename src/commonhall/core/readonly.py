"""A page that reads cannot write: GET and HEAD may only SELECT."""

import re
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse

WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|REPLACE|MERGE)\b", re.IGNORECASE)
TABLES_A_GET_MAY_WRITE = ("django_session", "jobs_probe", "accounts_session")
URLS_A_GET_MAY_WRITE = ("/readyz",)


class WroteOnGet(AssertionError):
    """A view changed the database while answering a GET."""


def refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    if WRITES.match(sql) and not any(table in sql[:200] for table in TABLES_A_GET_MAY_WRITE):
        raise WroteOnGet(sql[:200])
    return execute(sql, params, many, context)


class ReadOnlyGet:
    """Middleware; on in development and tests (`READ_ONLY_GET`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reads = request.method in ("GET", "HEAD") and request.path not in URLS_A_GET_MAY_WRITE
        if not (reads and settings.READ_ONLY_GET):
            return self.get_response(request)
        with ExitStack() as stack:
            for connection in connections.all():
                stack.enter_context(connection.execute_wrapper(refuse_writes))
            return self.get_response(request)
