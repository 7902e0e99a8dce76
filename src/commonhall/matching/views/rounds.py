"""A coordinator's round: the workspace, its plans, publishing and closing."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commonhall.core.text import whole
from commonhall.matching.actions import rounds as actions
from commonhall.matching.actions import solvings
from commonhall.matching.forms import BeginRoundForm, PublishForm, ScenarioForm, TryForm
from commonhall.matching.models import Round, Scenario, Solving
from commonhall.matching.queries import councils as places
from commonhall.matching.queries import pages, rounds
from commonhall.matching.queries.workspace import lines
from commonhall.matching.rules import can_begin_round
from commonhall.matching.solver import NotPossible, shared
from commonhall.programmes.models import Programme
from commonhall.ui.pages import Sort, page_of

PAIRS_A_PAGE = 50
COLUMNS = {"fit": ("score",), "mentee": ("mentee",), "mentor": ("mentor",)}


def _round(request: HttpRequest, pk: int) -> Round:
    return get_object_or_404(rounds.with_programme(Round.objects.visible_to(request.user)), pk=pk)


def _to(round: Round, scenario: Any, page: str = "round") -> HttpResponse:
    return redirect(f"{reverse(f'matching:{page}', args=[round.pk])}?scenario={scenario.pk}")


def index(request: HttpRequest, slug: str) -> HttpResponse:
    """The rounds of a programme, and the way to begin one."""
    programme = get_object_or_404(Programme.objects.coordinated_by(request.user).select_related("pool"), slug=slug)
    form = BeginRoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        round = solvings.begin(programme, by=request.user, name=form.cleaned_data["name"])
        return redirect("matching:round", round.pk)
    context = {
        "programme": programme,
        "rounds": rounds.rounds_of(programme),
        "open_round": rounds.open_round(programme),
        "can_begin": can_begin_round(request.user, programme),
        "waiting": rounds.waiting(programme),
        "form": form,
    }
    return render(request, "matching/index.html", context, status=422 if form.errors else 200)


def round(request: HttpRequest, pk: int) -> HttpResponse:
    """The workspace; with weights in the address, what they would give, saved nowhere."""
    the_round = _round(request, pk)
    if the_round.state in (Round.State.PUBLISHED, Round.State.CLOSED) and "scenario" not in request.GET:
        return redirect("matching:answers", pk)
    scenario = rounds.scenario_of(the_round, request.GET.get("scenario", ""))
    known = rounds.people(the_round.programme)
    saved = TryForm.saved(scenario)
    form = TryForm(request.GET if "trial" in request.GET else None, initial=saved, people=known.values())
    if the_round.is_open:
        shared.warm()
    return _workspace(request, the_round, scenario, known, form)


def _workspace(
    request: HttpRequest, the_round: Round, scenario: Scenario, known: rounds.People, form: TryForm, status: int = 200
) -> HttpResponse:
    tried = form.settings() if form.is_bound and form.is_valid() else None
    page = pages.workspace(the_round, scenario, known, tried)
    sort = Sort.of(request, COLUMNS, "fit")
    rows = pages.in_order(page["plan"], sort.key, sort.descending)
    shown = page_of(rows, request, PAIRS_A_PAGE)
    address = reverse("matching:pair", args=[the_round.pk, 0, 1])
    context = page | {"form": form, "sort": sort, "page": shown, "lines": lines(shown, address, scenario.pk)}
    template = "matching/_trial.html" if "HX-Request" in request.headers else "matching/round.html"
    return render(request, template, context, status=422 if form.errors else status)


@require_POST
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    the_round = _round(request, pk)
    scenario = rounds.scenario_of(the_round, request.POST.get("scenario", ""))
    known = rounds.people(the_round.programme)
    form = TryForm(request.POST, initial=TryForm.saved(scenario), people=known.values())
    if not form.is_valid():
        return _workspace(request, the_round, scenario, known, form)
    try:
        done = solvings.do(scenario, "keep", by=request.user, **form.settings())
    except NotPossible:
        return _workspace(request, the_round, scenario, known, form, status=422)
    messages.success(request, pages.said(done, _("Kept. These are the pairs now.")))
    return _to(the_round, scenario)


@require_POST
def run(request: HttpRequest, pk: int) -> HttpResponse:
    the_round = _round(request, pk)
    scenario = rounds.scenario_of(the_round, request.POST.get("scenario", ""))
    done = solvings.do(scenario, "solve", by=request.user)
    messages.success(request, pages.said(done, _("Matched again with everybody who waits now.")))
    return _to(the_round, scenario)


@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """End what is worked out in the background."""
    solving = get_object_or_404(Solving.objects.visible_to(request.user).select_related("round__programme"), pk=pk)
    solvings.stop(solving, by=request.user)
    messages.success(request, _("Stopped. Nothing has been changed."))
    return _to(solving.round, solving.scenario)


def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the work in the background is."""
    the_round = _round(request, pk)
    scenario = rounds.scenario_of(the_round, request.GET.get("scenario", ""))
    run = rounds.latest_run(scenario)
    context = pages.progress(the_round, run, request.GET.get("seen", "")) | {"scenario": scenario, "run": run}
    return render(request, "matching/_progress.html", context)


def news(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether somebody else has worked on the round since this page was opened."""
    the_round = _round(request, pk)
    seen = request.GET.get("seen", "")
    context = pages.news(the_round, seen, request.user) | {"seen": seen}
    return render(request, "matching/_news.html", context)


def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Two plans side by side, and the way to make another."""
    the_round = _round(request, pk)
    form = ScenarioForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        source = rounds.scenario_of(the_round, request.POST.get("scenario", ""))
        name = form.cleaned_data["name"]
        made = solvings.do(source, "copy", by=request.user, name=name)
        copied = _("“%(name)s” is a copy of “%(source)s”. Change it, then compare the two.")
        messages.success(request, pages.said(made, copied % {"name": name, "source": source.name}))
        return _to(the_round, made if isinstance(made, Scenario) else source)
    context = pages.comparison(the_round, request.GET.get("a", ""), request.GET.get("b", "")) | {"form": form}
    return render(request, "matching/compare.html", context, status=422 if form.errors else 200)


def councils(request: HttpRequest, pk: int) -> HttpResponse:
    """The pairs on a map of councils, and as a list."""
    the_round = _round(request, pk)
    scenario = rounds.scenario_of(the_round, request.GET.get("scenario", ""))
    page = places.page(the_round, scenario, request.GET.get("council", ""))
    return render(request, "matching/councils.html", page | {"page": page_of(page["links"], request, PAIRS_A_PAGE)})


def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """What will happen, then it happens."""
    the_round = _round(request, pk)
    page = pages.publication(the_round, request.GET.get("scenario") or request.POST.get("scenario", ""))
    initial = {"after_decline": the_round.after_decline}
    form = PublishForm(request.POST or None, initial=initial, open_questions=bool(page["questions"]))
    if request.method == "POST" and form.is_valid():
        shown = get_object_or_404(rounds.runs_of(the_round), pk=whole(request.POST.get("run", "")))
        provisional = request.POST.get("do") == "provisional"
        after = form.cleaned_data["after_decline"]
        actions.publish(the_round, by=request.user, run=shown, provisional=provisional, after_decline=after)
        done = (
            _("Provisional: only coordinators see these matches.")
            if provisional
            else _("Published. Everybody has been told.")
        )
        messages.success(request, done)
        return redirect("matching:answers", pk)
    return render(request, "matching/publish.html", page | {"form": form}, status=422 if form.errors else 200)


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    the_round = actions.take_back(_round(request, pk), by=request.user)
    messages.success(request, _("Taken back. Nobody but coordinators has seen these matches."))
    return redirect("matching:round", the_round.pk)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    the_round = actions.close(_round(request, pk), by=request.user)
    messages.success(request, _("The round is closed."))
    return redirect("matching:rounds", the_round.programme.slug)


def answers(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has answered a published round."""
    the_round = _round(request, pk)
    page = pages.answers(the_round, request.user, request.GET.get("state", ""))
    return render(request, "matching/answers.html", page | {"page": page_of(page["proposals"], request, PAIRS_A_PAGE)})
