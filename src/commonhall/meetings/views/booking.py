"""Pages of meetings, signed in and by the links in e-mails. A link only shows; each act is a POST behind it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commonhall.accounts.requests import Request
from commonhall.core.text import whole
from commonhall.core.verdicts import require
from commonhall.meetings import rules
from commonhall.meetings.actions import booking
from commonhall.meetings.forms.booking import AcceptForm, CancelForm, PlaceForm, ProposeForm, TimesForm
from commonhall.meetings.invitation import download
from commonhall.meetings.links import Invited
from commonhall.meetings.queries.room import lines_of
from commonhall.meetings.queries.times import (
    moments,
    moments_in_hours,
    names_of,
    people_in,
    people_of,
    suggestions,
    usual_arrangement,
)
from commonhall.meetings.suggestions import LENGTHS
from commonhall.meetings.views.attendance import after_it
from commonhall.meetings.views.invited import by_link_of, mine
from commonhall.mentorships.models import Mentorship
from commonhall.mentorships.queries import with_people


@require_http_methods(["GET", "POST"])
def propose(request: Request, mentorship_pk: int) -> HttpResponse:
    mentorship = get_object_or_404(with_people(Mentorship.objects.of(request.user)), pk=mentorship_pk)
    require(rules.can_propose(request.user, mentorship))
    minutes = _minutes(request)
    people = people_in(mentorship, request.user)
    suggested = suggestions(mentorship, request.user, minutes)
    form = ProposeForm(
        request.POST if request.method == "POST" else None,
        people=people,
        suggested=moments_in_hours(people, suggested),
        minutes=minutes,
        initial=usual_arrangement(mentorship),
    )
    if form.is_valid():
        meeting = booking.propose(mentorship, by=request.user, minutes=minutes, **form.arrangement())
        messages.success(request, _("Sent. We tell you as soon as there is an answer."))
        return redirect("meetings:detail", meeting.pk)
    context = {"mentorship": mentorship, "names": names_of(people[1:]), "form": form, "why": suggested.why}
    context |= {"minutes": minutes, "lengths": LENGTHS}
    return render(request, "meetings/propose.html", context, status=422 if form.errors else 200)


def _minutes(request: HttpRequest) -> int:
    given = whole(request.GET.get("minutes", ""))
    return given if given in LENGTHS else 60


def _show(request: HttpRequest, invited: Invited) -> HttpResponse:
    meeting, user = invited.meeting, invited.user
    people = people_of(meeting, user)
    options = [one.starts_at for one in meeting.options.all()]
    agreed = [meeting.starts_at] if meeting.starts_at else []
    context = {
        "invited": invited,
        "meeting": meeting,
        "others": people[1:],
        "names": names_of(people[1:]),
        "options": moments(people, options, meeting.minutes),
        "agreed": next(iter(moments(people, agreed, meeting.minutes)), None),
        "can_answer": rules.can_answer(user, meeting),
        "can_rearrange": rules.can_rearrange(user, meeting),
        "can_cancel": rules.can_cancel(user, meeting),
        "can_say_where": rules.can_say_where(user, meeting),
        **after_it(meeting, user),
        "can_join": meeting.is_in_the_room and rules.can_use_room(meeting),
        "lines": [] if invited.token else lines_of(meeting),
    }
    return render(request, "meetings/by_link.html" if invited.token else "meetings/detail.html", context)


def _accept(request: HttpRequest, invited: Invited) -> HttpResponse:
    form = AcceptForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one of the times."))
        return redirect(invited.ways.page)
    booking.accept(invited.meeting, by=invited.user, starts_at=form.cleaned_data["starts_at"], via=invited.via)
    messages.success(request, _("Agreed. The invitation for your calendar is on its way by e-mail."))
    return redirect(invited.ways.page)


def _times(request: HttpRequest, invited: Invited) -> HttpResponse:
    meeting, user = invited.meeting, invited.user
    require(rules.can_rearrange(user, meeting))
    people = people_of(meeting, user)
    suggested = suggestions(meeting.mentorship, user, meeting.minutes, but=meeting.pk)
    form = TimesForm(
        request.POST if request.method == "POST" else None,
        people=people,
        suggested=moments_in_hours(people, suggested),
        minutes=meeting.minutes,
        but=meeting.pk,
    )
    if form.is_valid():
        booking.offer_other_times(meeting, by=user, times=form.cleaned_data["times"], via=invited.via)
        messages.success(request, _("Sent. We tell you as soon as there is an answer."))
        return redirect(invited.ways.page)
    context: dict[str, Any] = {"invited": invited, "meeting": meeting, "names": names_of(people[1:]), "form": form}
    context["why"] = suggested.why
    return render(request, "meetings/times.html", context, status=422 if form.errors else 200)


def _keep(request: HttpRequest, invited: Invited) -> HttpResponse:
    booking.keep(invited.meeting, by=invited.user, via=invited.via)
    messages.success(request, _("It stays where it is, and whom you meet is told."))
    return redirect(invited.ways.page)


def _cancel(request: HttpRequest, invited: Invited) -> HttpResponse:
    require(rules.can_cancel(invited.user, invited.meeting))
    form = CancelForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("reason", "words")}
        booking.cancel(invited.meeting, by=invited.user, via=invited.via, **given)
        messages.success(request, _("Cancelled, and whom you were to meet is told."))
        return redirect(invited.ways.page)
    names = names_of(people_of(invited.meeting, invited.user)[1:])
    context = {"invited": invited, "meeting": invited.meeting, "names": names, "form": form}
    return render(request, "meetings/cancel.html", context, status=422 if form.errors else 200)


@require_GET
def detail(request: Request, pk: int) -> HttpResponse:
    return _show(request, mine(request, pk))


@require_POST
def accept(request: Request, pk: int) -> HttpResponse:
    return _accept(request, mine(request, pk))


@require_http_methods(["GET", "POST"])
def times(request: Request, pk: int) -> HttpResponse:
    return _times(request, mine(request, pk))


@require_POST
def keep(request: Request, pk: int) -> HttpResponse:
    return _keep(request, mine(request, pk))


@require_http_methods(["GET", "POST"])
def cancel(request: Request, pk: int) -> HttpResponse:
    return _cancel(request, mine(request, pk))


@require_http_methods(["GET", "POST"])
def place(request: Request, pk: int) -> HttpResponse:
    """How and where they meet, until the meeting begins."""
    invited = mine(request, pk)
    meeting = invited.meeting
    require(rules.can_say_where(request.user, meeting))
    form = PlaceForm(request.POST or None, initial={"channel": meeting.channel, "place": meeting.place})
    if request.method == "POST" and form.is_valid():
        booking.say_where(meeting, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved. If a time is agreed, all calendars get it by e-mail."))
        return redirect(invited.ways.page)
    context = {"invited": invited, "meeting": meeting, "form": form}
    context["names"] = names_of(people_of(meeting, request.user)[1:])
    return render(request, "meetings/place.html", context, status=422 if form.errors else 200)


@require_GET
def invitation(request: Request, pk: int) -> HttpResponse:
    """The agreed meeting as a calendar file."""
    invited = mine(request, pk)
    if invited.meeting.starts_at is None:
        raise Http404
    file = HttpResponse(download(invited.meeting, request.user), content_type="text/calendar; charset=utf-8")
    file["Content-Disposition"] = f'attachment; filename="meeting-{pk}.ics"'
    return file


@login_not_required
@never_cache
@require_GET
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    return by_link_of(request, token, _show)


@login_not_required
@never_cache
@require_POST
def link_accept(request: HttpRequest, token: str) -> HttpResponse:
    return by_link_of(request, token, _accept)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def link_times(request: HttpRequest, token: str) -> HttpResponse:
    return by_link_of(request, token, _times)


@login_not_required
@never_cache
@require_POST
def link_keep(request: HttpRequest, token: str) -> HttpResponse:
    return by_link_of(request, token, _keep)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def link_cancel(request: HttpRequest, token: str) -> HttpResponse:
    return by_link_of(request, token, _cancel)
