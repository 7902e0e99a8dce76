"""Goals of a pair, and how far they are."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from commonhall.accounts.requests import Request
from commonhall.core.verdicts import require
from commonhall.mentorships.models import Mentorship
from commonhall.mentorships.queries import with_people as mentorships_with_people
from commonhall.workspace import rules
from commonhall.workspace.actions import goals as actions
from commonhall.workspace.forms.goals import GoalForm, StepForm
from commonhall.workspace.models import Goal
from commonhall.workspace.queries.goals import could_go_on_in, followed, goals_of, in_agreement_only, with_people
from commonhall.workspace.wording import advice


def _pair(request: Request, pk: int) -> Mentorship:
    return get_object_or_404(mentorships_with_people(Mentorship.objects.of(request.user)), pk=pk)


def _mine(request: Request, pk: int) -> Goal:
    return get_object_or_404(with_people(Goal.objects.visible_to(request.user)), pk=pk)


@require_http_methods(["GET", "POST"])
def goals(request: Request, mentorship_pk: int) -> HttpResponse:
    """Every goal of a pair, and a new one."""
    mentorship = _pair(request, mentorship_pk)
    form = GoalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        goal = actions.add(mentorship, by=request.user, **form.cleaned_data)
        messages.success(request, _("The goal is set. You both see it."))
        return redirect("workspace:goal", goal.pk)
    is_open, closed = goals_of(mentorship)
    context = {"mentorship": mentorship, "goals": is_open, "closed": closed, "form": form}
    context["can_add"] = rules.can_add(request.user, mentorship)
    context["is_full"] = len(is_open) >= actions.MOST
    context["waiting"] = in_agreement_only(mentorship)
    return render(request, "workspace/goals.html", context, status=422 if form.errors else 200)


@require_POST
def take_goals(request: Request, mentorship_pk: int) -> HttpResponse:
    made = actions.take_from_agreement(_pair(request, mentorship_pk), by=request.user)
    if made:
        messages.success(request, _("They stand here now. Give each a measure and a date."))
    else:
        messages.info(request, _("There was nothing to take over, or no room for more than five."))
    return redirect("workspace:goals", mentorship_pk)


@require_http_methods(["GET", "POST"])
def goal(request: Request, pk: int) -> HttpResponse:
    """One goal with its steps; the form adds the next."""
    goal = _mine(request, pk)
    form = StepForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.step(goal, by=request.user, **form.cleaned_data)
        return redirect("workspace:goal", pk)
    context = {"goal": goal, "form": form, "can_change": rules.can_change(request.user, goal)}
    context["followed"] = followed(Goal.objects.filter(pk=pk))[0]
    context["advice"] = advice(goal.words, goal.measure, goal.due_on, goal.competency)
    others = could_go_on_in(goal, request.user)
    context["others"] = [one for one in others if rules.can_carry(request.user, goal, one)]
    return render(request, "workspace/goal.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def goal_edit(request: Request, pk: int) -> HttpResponse:
    goal = _mine(request, pk)
    require(rules.can_change(request.user, goal))
    names = ("words", "measure", "competency", "due_on")
    form = GoalForm(request.POST or None, initial={name: getattr(goal, name) for name in names})
    if request.method == "POST" and form.is_valid():
        actions.change(goal, by=request.user, **form.cleaned_data)
        return redirect("workspace:goal", pk)
    return render(request, "workspace/goal_edit.html", {"goal": goal, "form": form}, status=422 if form.errors else 200)


@require_POST
def goal_close(request: Request, pk: int) -> HttpResponse:
    reached = request.POST.get("reached") == "yes"
    goal = actions.close(_mine(request, pk), by=request.user, reached=reached)
    messages.success(request, _("Reached. Well done, both of you.") if reached else _("Let go. It stays in the list."))
    return redirect("workspace:goals", goal.mentorship_id)


@require_POST
def goal_carry(request: Request, pk: int, mentorship_pk: int) -> HttpResponse:
    made = actions.carry_over(_mine(request, pk), _pair(request, mentorship_pk), by=request.user)
    messages.success(request, _("It goes on here."))
    return redirect("workspace:goal", made.pk)
