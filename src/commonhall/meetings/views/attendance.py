"""Whether a meeting took place, and when the next one is."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from commonhall.accounts.models import User
from commonhall.accounts.requests import Request
from commonhall.core.verdicts import require
from commonhall.meetings import rules
from commonhall.meetings.actions import attendance
from commonhall.meetings.forms.attendance import LogForm, NextForm, PastForm
from commonhall.meetings.links import Invited
from commonhall.meetings.models import Meeting
from commonhall.meetings.queries.attendance import choices, disagree, next_times, sayings
from commonhall.meetings.queries.times import names_of, people_in, usual_arrangement
from commonhall.meetings.views.invited import by_link_of, mine
from commonhall.mentorships.models import Mentorship
from commonhall.mentorships.queries import with_people


def after_it(meeting: Meeting, user: User) -> dict[str, Any]:
    """What the page of a meeting says once its time has come."""
    can_log = rules.can_log(user, meeting)
    if not can_log:
        return {"can_log": can_log}
    return {
        "can_log": can_log,
        "choices": choices(meeting, user),
        "sayings": sayings(meeting, user) if disagree(meeting.attendances.all()) else [],
        "next_times": next_times(meeting, user),
    }


def _log(request: HttpRequest, invited: Invited) -> HttpResponse:
    meeting = invited.meeting
    form = LogForm(request.POST, offered=choices(meeting, invited.user))
    if not form.is_valid():
        messages.error(request, _("Say whether you met."))
        return redirect(invited.ways.page)
    said = form.said
    absent = next((one.user for one in meeting.mentorship.participants.all() if one.user_id == said.absent), None)
    attendance.log(meeting, by=invited.user, held=said.held, absent=absent, via=invited.via)
    thanks = _("Noted. Good that you met.") if said.held else _("Noted. You can propose another time straight away.")
    messages.success(request, thanks)
    return redirect(invited.ways.page)


def _next(request: HttpRequest, invited: Invited) -> HttpResponse:
    """All the times that were offered, in one tap."""
    meeting = invited.meeting
    form = NextForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("These times cannot be read any more. Choose others."))
        return redirect(invited.ways.page)
    attendance.propose_next(meeting, by=invited.user, times=form.cleaned_data["times"], via=invited.via)
    messages.success(request, _("Sent. We tell you as soon as there is an answer."))
    return redirect(invited.ways.page)


@require_http_methods(["GET", "POST"])
def past(request: Request, mentorship_pk: int) -> HttpResponse:
    """Note a meeting that was not arranged here."""
    mentorship = get_object_or_404(with_people(Mentorship.objects.of(request.user)), pk=mentorship_pk)
    require(rules.can_log_past(request.user, mentorship))
    usual = {"when": "today", "minutes": 60, "channel": usual_arrangement(mentorship)["channel"]}
    form = PastForm(request.POST or None, mentorship=mentorship, user=request.user, initial=usual)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("on", "minutes", "channel")}
        meeting = attendance.log_past(mentorship, by=request.user, **given)
        messages.success(request, _("Noted. Good that you met."))
        return redirect("meetings:detail", meeting.pk)
    names = names_of(people_in(mentorship, request.user)[1:])
    context = {"mentorship": mentorship, "names": names, "form": form}
    return render(request, "meetings/past.html", context, status=422 if form.errors else 200)


@require_POST
def log(request: Request, pk: int) -> HttpResponse:
    return _log(request, mine(request, pk))


@require_POST
def propose_next(request: Request, pk: int) -> HttpResponse:
    return _next(request, mine(request, pk))


@login_not_required
@never_cache
@require_POST
def link_log(request: HttpRequest, token: str) -> HttpResponse:
    return by_link_of(request, token, _log)


@login_not_required
@never_cache
@require_POST
def link_next(request: HttpRequest, token: str) -> HttpResponse:
    return by_link_of(request, token, _next)
