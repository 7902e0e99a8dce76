"""One pair of a round, and people without one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commonhall.core.text import whole
from commonhall.matching.actions import solvings
from commonhall.matching.forms import FixForm, OtherMentorForm
from commonhall.matching.models import Round, Run, Scenario
from commonhall.matching.queries import pages, pairs, rounds
from commonhall.matching.solver import NotPossible
from commonhall.programmes.models import Enrolment

NONE = -1


def _chosen(request: HttpRequest, pk: int) -> tuple[Round, Scenario]:
    round = get_object_or_404(rounds.with_programme(Round.objects.visible_to(request.user)), pk=pk)
    return round, rounds.scenario_of(round, request.GET.get("scenario") or request.POST.get("scenario", ""))


def _people(round: Round, mentee: int, mentor: int) -> tuple[Enrolment, Enrolment]:
    places = rounds.places_in(round)
    return get_object_or_404(places.mentees(), pk=mentee), get_object_or_404(places.mentors(), pk=mentor)


def _to(name: str, scenario: Scenario, *arguments: Any) -> HttpResponse:
    return redirect(f"{reverse(f'matching:{name}', args=arguments)}?scenario={scenario.pk}")


def pair(request: HttpRequest, pk: int, mentee: int, mentor: int) -> HttpResponse:
    """Why these two, or why not; what it would cost; keep them together or apart."""
    round, scenario = _chosen(request, pk)
    one, other = _people(round, mentee, mentor)
    form = FixForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = solvings.do(scenario, "fix", by=request.user, mentee=mentee, mentor=mentor, **form.cleaned_data)
        except NotPossible as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            messages.success(request, pages.said(done, _("Decided, and matched again.")))
            return _to("pair", scenario, pk, mentee, mentor)
    page = pairs.page(round, scenario, one, other)
    context = page | {"form": form, "other_form": OtherMentorForm(page["choices"], initial={"mentor": other.pk})}
    return render(request, "matching/pair.html", context, status=422 if form.errors else 200)


def other(request: HttpRequest, pk: int, mentee: int) -> HttpResponse:
    """From the list of all mentors to the page of that pair."""
    _round, scenario = _chosen(request, pk)
    mentor = whole(request.GET.get("mentor", ""))
    if mentor is None:
        return _to("without", scenario, pk)
    return _to("pair", scenario, pk, mentee, mentor)


@require_POST
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    edit = get_object_or_404(rounds.edits_visible_to(request.user), pk=pk)
    done = solvings.do(edit.scenario, "lift", by=request.user, edit=pk)
    messages.success(request, pages.said(done, _("Taken back, and matched again.")))
    return _to("round", edit.scenario, edit.scenario.round_id)


def without(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody who goes without, and the cheapest change for each."""
    round, scenario = _chosen(request, pk)
    page = pages.without(round, scenario, request.GET.get("page", "1"))
    return render(request, "matching/without.html", page | {"tab": "without"})


@require_POST
def take_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Apply one change, and show that the person is matched."""
    run = get_object_or_404(rounds.runs_visible_to(request.user), pk=pk)
    person, number = request.POST.get("person", ""), whole(request.POST.get("number", ""))
    asked = {"run": pk, "person": person, "number": NONE if number is None else number}
    done = solvings.do(run.scenario, "take_up", by=request.user, **asked)
    messages.success(request, pairs.matched_words(done, person) if isinstance(done, Run) else pages.said(done, ""))
    return _to("without", run.scenario, run.scenario.round_id)


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    _round, scenario = _chosen(request, pk)
    number = whole(request.POST.get("number", ""))
    done = solvings.do(scenario, "drop", by=request.user, number=NONE if number is None else number)
    messages.success(request, pages.said(done, _("Taken back, and matched again.")))
    return _to("round", scenario, pk)


def recruiting(request: HttpRequest, pk: int) -> HttpResponse:
    """Mentors to look for."""
    round, scenario = _chosen(request, pk)
    return render(
        request, "matching/recruiting.html", pages.recruiting(round, scenario, request.user) | {"tab": "recruiting"}
    )
