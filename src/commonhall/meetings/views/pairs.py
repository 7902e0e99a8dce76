"""Somebody's meetings, the page of a pair, and the pairs of a programme."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from commonhall.accounts.models import User
from commonhall.accounts.requests import Request
from commonhall.meetings import rules
from commonhall.meetings.queries import report
from commonhall.meetings.queries.agenda import agenda
from commonhall.meetings.queries.copies import differences
from commonhall.meetings.queries.hours import this_year
from commonhall.meetings.queries.pairs import NEEDS, activity, pairs_of
from commonhall.meetings.queries.rooms import usual
from commonhall.meetings.queries.savings import of_pair
from commonhall.meetings.queries.workspace import Workspace, workspace
from commonhall.mentorships.models import Mentorship
from commonhall.mentorships.queries import agreement_now, shown_to
from commonhall.mentorships.rules import can_choose_room, can_end, can_pause, can_read, can_resume
from commonhall.programmes.models import Programme
from commonhall.ui.pages import Sort, page_of

PAIR_COLUMNS = {
    "began": ("began_at",),
    "state": ("state",),
    "held": ("held",),
    "last": ("quiet_since",),
    "next": ("next_or_never",),
}


@require_GET
def my_meetings(request: Request) -> HttpResponse:
    year, hours = this_year(request.user)
    context = {"agenda": agenda(request.user), "year": year, "hours": hours}
    return render(request, "meetings/list.html", context | {"differences": differences(request.user)})


@require_GET
def pair(request: Request, pk: int) -> HttpResponse:
    """The page of one mentorship: everything for the two, dates and counts for those who run the programme."""
    mentorship = shown_to(request.user, pk)
    if mentorship is None:
        raise Http404
    context = {
        "mentorship": mentorship,
        "can_pause": can_pause(request.user, mentorship),
        "can_resume": can_resume(request.user, mentorship),
        "can_end": can_end(request.user, mentorship),
    }
    if not can_read(request.user, mentorship):
        context["activity"] = activity(mentorship)
        context["is_signed"] = agreement_now(mentorship).is_signed
        return render(request, "meetings/pair_outline.html", context)
    context["pair"] = workspace(mentorship, request.user)
    context["can_log_past"] = rules.can_log_past(request.user, mentorship)
    context["can_propose"] = rules.can_propose(request.user, mentorship)
    context |= distance(mentorship, context["pair"], request.user)
    return render(request, "meetings/pair.html", context)


def distance(mentorship: Mentorship, shown: Workspace, user: User) -> dict[str, Any]:
    """Where the two usually meet, and what it has saved them that they did not travel."""
    context = {"usual": usual(mentorship), "can_choose_room": can_choose_room(user, mentorship)}
    saved = of_pair(mentorship, shown.past)
    context["saved"], context["saved_notes"] = report.of_pair(saved) if saved else ("", [])
    return context


@require_GET
def pairs(request: Request, slug: str) -> HttpResponse:
    """Every pair of a programme for those who run it: that they meet, never what about."""
    programme = get_object_or_404(Programme.objects.coordinated_by(request.user), slug=slug)
    sort = Sort.of(request, PAIR_COLUMNS, "last")
    only, narrow = NEEDS.get(request.GET.get("only", ""), ("", None))
    rows = pairs_of(programme)
    page = page_of((narrow(rows) if narrow else rows).order_by(*sort.fields), request, per=50)
    context = {"programme": programme, "sort": sort, "page": page, "only": only}
    return render(request, "meetings/pairs.html", context)
