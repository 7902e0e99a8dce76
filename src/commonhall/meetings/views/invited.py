"""Whose page this is: somebody signed in, or whoever a link was sent to."""

from collections.abc import Callable
from typing import TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone, translation

from commonhall.accounts.requests import Request
from commonhall.core import clock
from commonhall.meetings import links
from commonhall.meetings.links import Invited, InvitedToSeries
from commonhall.meetings.models import Meeting, Series
from commonhall.meetings.queries.series import with_all
from commonhall.meetings.queries.times import with_people

To = TypeVar("To", Invited, InvitedToSeries)


def mine(request: Request, pk: int) -> Invited:
    meetings = with_people(Meeting.objects.visible_to(request.user))
    return Invited(get_object_or_404(meetings, pk=pk), request.user)


def my_series(request: Request, pk: int) -> InvitedToSeries:
    series = with_all(Series.objects.visible_to(request.user))
    return InvitedToSeries(get_object_or_404(series, pk=pk), request.user)


def by_link_of(request: HttpRequest, token: str, page: Callable[[HttpRequest, Invited], HttpResponse]) -> HttpResponse:
    return _for_whom_it_was_sent(request, links.opened(token), page)


def series_by_link_of(
    request: HttpRequest, token: str, page: Callable[[HttpRequest, InvitedToSeries], HttpResponse]
) -> HttpResponse:
    return _for_whom_it_was_sent(request, links.opened_series(token), page)


def _for_whom_it_was_sent(
    request: HttpRequest, invited: To | None, page: Callable[[HttpRequest, To], HttpResponse]
) -> HttpResponse:
    """A page on their clock and in their language."""
    if invited is None:
        raise Http404
    zone = clock.zone(invited.user.time_zone)
    with timezone.override(zone), translation.override(invited.user.language):
        response = page(request, invited)
    response["X-Robots-Tag"] = "noindex"
    return response
