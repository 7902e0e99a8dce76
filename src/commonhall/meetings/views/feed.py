"""One's meetings in one's own calendar: the page, and the calendar itself at its secret address."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonhall.accounts.requests import Request
from commonhall.meetings import feed as calendar
from commonhall.meetings.actions import feed as acts
from commonhall.meetings.queries.feed import feed_at, feed_of, meetings_in_feed

KEPT = "private, max-age=300"


@never_cache
@require_http_methods(["GET", "POST"])
def page(request: Request) -> HttpResponse:
    """A new address is shown in the answer to the POST that made it, and never again."""
    context: dict[str, Any] = {}
    if request.method == "POST":
        context["address"] = calendar.address(acts.open_feed(by=request.user))
        context["subscribe"] = f"webcal://{context['address'].partition('://')[2]}"
    context["feed"] = feed_of(request.user)
    return render(request, "meetings/feed.html", context)


@require_POST
def close(request: Request) -> HttpResponse:
    acts.close_feed(by=request.user)
    messages.success(request, _("Switched off. Calendars that were subscribed get nothing more."))
    return redirect("meetings:calendar")


def _nothing() -> HttpResponse:
    words = _("There is no calendar at this address. Make a new one on Commonhall, under “Meetings”.")
    return HttpResponseNotFound(words, content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Asked for by programs, often: who has the newest already is told so after one look at one row."""
    found = feed_at(secret)
    if found is None:
        return _nothing()
    tag = calendar.tag(found)
    answer = get_conditional_response(request, tag)
    if answer is None:
        if not found.user.is_active:
            return _nothing()
        content = calendar.written(found.user, meetings_in_feed(found.user))
        answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
        answer["Content-Disposition"] = 'inline; filename="meetings.ics"'
    answer["ETag"], answer["Cache-Control"], answer["X-Robots-Tag"] = tag, KEPT, "noindex"
    return answer
