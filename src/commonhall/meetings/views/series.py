"""Meetings that come again: propose, answer, move the rest, end; signed in and by the links in e-mails."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commonhall.accounts.requests import Request
from commonhall.core.verdicts import require
from commonhall.meetings import rules
from commonhall.meetings.actions import series as acts
from commonhall.meetings.forms.booking import CancelForm
from commonhall.meetings.forms.series import AcceptSeriesForm, RhythmForm, SendSeriesForm
from commonhall.meetings.links import InvitedToSeries
from commonhall.meetings.models import Series
from commonhall.meetings.queries import series as questions
from commonhall.meetings.queries.times import names_of, people_in, usual_arrangement
from commonhall.meetings.views.invited import my_series, series_by_link_of
from commonhall.mentorships.models import Mentorship
from commonhall.mentorships.queries import with_people


@require_http_methods(["GET", "POST"])
def propose(request: Request, mentorship_pk: int) -> HttpResponse:
    mentorship = get_object_or_404(with_people(Mentorship.objects.of(request.user)), pk=mentorship_pk)
    require(rules.can_propose(request.user, mentorship))
    people = people_in(mentorship, request.user)
    initial = questions.beginning(mentorship, request.user)
    form = RhythmForm(request.GET or None, mentorship=mentorship, user=request.user, initial=initial)
    send = _dates(request, form, people, initial=usual_arrangement(mentorship))
    if send and send.is_valid():
        made = acts.propose(mentorship, by=request.user, plan=send.plan(form))
        messages.success(request, _("Sent. We tell you as soon as there is an answer."))
        return redirect("meetings:series", made.pk)
    context = {"mentorship": mentorship, "names": names_of(people[1:]), "form": form, "send": send}
    return render(request, "meetings/series_plan.html", context, status=_status(form, send))


def _dates(
    request: HttpRequest, form: RhythmForm, people: list[Any], *, initial: dict[str, Any], but: Any = ()
) -> SendSeriesForm | None:
    """The dates that the rhythm gives, once it is sound; bound when they are sent."""
    if not form.is_bound or not form.is_valid():
        return None
    minutes = form.cleaned_data["minutes"]
    occasions = questions.occasions(people, form.rhythm(), minutes, but=[one.pk for one in but])
    data = request.POST if request.method == "POST" else None
    return SendSeriesForm(data, occasions=occasions, fewest=acts.FEWEST, initial=initial)


def _status(*forms: Any) -> int:
    return 422 if any(form and form.is_bound and form.errors for form in forms) else 200


def _show(request: HttpRequest, invited: InvitedToSeries) -> HttpResponse:
    series, user = invited.series, invited.user
    people = people_in(series.mentorship, user)
    can_answer = rules.can_answer_series(user, series)
    context = {
        "invited": invited,
        "series": series,
        "names": names_of(people[1:]),
        "words": questions.in_words(series.rhythm),
        "dates": questions.days_shown(series, people),
        "form": _accept_form(invited, None) if series.state == Series.State.PROPOSED else None,
        "can_answer": can_answer,
        "can_change": rules.can_change_series(user, series),
        "can_end": rules.can_end_series(user, series),
        "successor": questions.waiting_successor(series),
    }
    return render(request, "meetings/series_by_link.html" if invited.token else "meetings/series.html", context)


def _accept_form(invited: InvitedToSeries, data: Any) -> AcceptSeriesForm:
    series = invited.series
    people, but = people_in(series.mentorship, invited.user), questions.giving_way(series)
    occasions = questions.occasions(people, series.rhythm, series.minutes, but=[one.pk for one in but])
    kept = [one for one in occasions if one.day not in series.rhythm.left_out]
    return AcceptSeriesForm(data, occasions=kept, initial={"version": series.sequence})


def _accept(request: HttpRequest, invited: InvitedToSeries) -> HttpResponse:
    form = _accept_form(invited, request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
        return redirect(invited.ways.page)
    version = form.cleaned_data["version"]
    acts.accept(invited.series, by=invited.user, version=version, leave_out=form.left_out, via=invited.via)
    messages.success(request, _("Agreed. The invitation for your calendar is on its way by e-mail."))
    return redirect(invited.ways.page)


def _change(request: HttpRequest, invited: InvitedToSeries) -> HttpResponse:
    series, user = invited.series, invited.user
    require(rules.can_change_series(user, series))
    people = people_in(series.mentorship, user)
    movable = questions.movable(series)
    initial = questions.as_it_is(series, user)
    form = RhythmForm(request.GET or None, mentorship=series.mentorship, user=user, movable=movable, initial=initial)
    but = questions.giving_way(series) or (questions.rest_of(series, form.from_on) if _sound(form) else [])
    send = _dates(request, form, people, initial=initial, but=but)
    if send and send.is_valid():
        made = acts.change(series, by=user, plan=send.plan(form), starting=form.from_on, via=invited.via)
        messages.success(request, _("Sent. We tell you as soon as there is an answer."))
        return redirect(InvitedToSeries(made, user, "").ways.page if not invited.token else invited.ways.page)
    context = {"invited": invited, "series": series, "mentorship": series.mentorship, "form": form, "send": send}
    context |= {"names": names_of(people[1:]), "words": questions.in_words(series.rhythm)}
    return render(request, "meetings/series_plan.html", context, status=_status(form, send))


def _sound(form: RhythmForm) -> bool:
    return form.is_bound and form.is_valid() and form.from_on is not None


def _end(request: HttpRequest, invited: InvitedToSeries) -> HttpResponse:
    require(rules.can_end_series(invited.user, invited.series))
    form = CancelForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("reason", "words")}
        acts.end(invited.series, by=invited.user, via=invited.via, **given)
        messages.success(request, _("Done, and whom you were to meet is told."))
        return redirect(invited.ways.page)
    series = invited.series
    names = names_of(people_in(series.mentorship, invited.user)[1:])
    context = {"invited": invited, "series": series, "names": names, "form": form}
    context["words"] = questions.in_words(series.rhythm)
    return render(request, "meetings/series_end.html", context, status=422 if form.errors else 200)


@require_GET
def detail(request: Request, pk: int) -> HttpResponse:
    return _show(request, my_series(request, pk))


@require_POST
def accept(request: Request, pk: int) -> HttpResponse:
    return _accept(request, my_series(request, pk))


@require_http_methods(["GET", "POST"])
def change(request: Request, pk: int) -> HttpResponse:
    return _change(request, my_series(request, pk))


@require_http_methods(["GET", "POST"])
def end(request: Request, pk: int) -> HttpResponse:
    return _end(request, my_series(request, pk))


@login_not_required
@never_cache
@require_GET
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    return series_by_link_of(request, token, _show)


@login_not_required
@never_cache
@require_POST
def link_accept(request: HttpRequest, token: str) -> HttpResponse:
    return series_by_link_of(request, token, _accept)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def link_change(request: HttpRequest, token: str) -> HttpResponse:
    return series_by_link_of(request, token, _change)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def link_end(request: HttpRequest, token: str) -> HttpResponse:
    return series_by_link_of(request, token, _end)
