"""The one place where what an action raised becomes a page."""

import errno
import logging
import sys
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.defaults import server_error as plain_server_error

from commonhall.core.errors import Refused, Unavailable

RETRY_AFTER_SECONDS = "30"
FULL = {errno.ENOSPC, errno.EDQUOT}
log = logging.getLogger("commonhall.edge")


class Edge:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Unavailable):
            return unavailable(request, str(exception.reason))
        if isinstance(exception, Refused):
            return render(request, f"{exception.status}.html", {"reason": exception.reason}, status=exception.status)
        reason = out_of_order(exception)
        return unavailable(request, reason) if reason else None


def out_of_order(error: BaseException | None) -> str:
    """Words for a full disk, a busy or an absent database; empty for anything else."""
    if isinstance(error, OSError) and error.errno in FULL:
        return _("There is no room left to save anything. Nothing of this was kept.")
    if not isinstance(error, OperationalError | InterfaceError):
        return ""
    words = str(error).lower()
    if "full" in words or "no space" in words:
        return _("There is no room left to save anything. Nothing of this was kept.")
    if "locked" in words or "deadlock" in words:
        return _("Many people are saving at this moment. Nothing of this was kept; try again in a little while.")
    if "no such" in words or "does not exist" in words:
        return ""
    return _("The database does not answer just now. Nothing of this was kept; try again in a little while.")


def unavailable(request: HttpRequest, reason: str) -> HttpResponse:
    """503 in plain words. The page must stand even when the database behind its shell does not answer."""
    log.error("503 for %s %s: %s", request.method, request.path, reason, exc_info=sys.exc_info()[1])
    try:
        page = render_to_string("503.html", {"reason": reason}, request)
    except Exception:
        page = render_to_string("503.html", {"reason": reason})
    return HttpResponse(page, status=503, headers={"Retry-After": RETRY_AFTER_SECONDS})


def server_error(request: HttpRequest) -> HttpResponse:
    """Also for what failed outside a view, such as the saving of a session on a full disk."""
    reason = out_of_order(sys.exc_info()[1])
    return unavailable(request, reason) if reason else plain_server_error(request)
