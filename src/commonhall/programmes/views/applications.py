"""A person's own place in a programme; and the line manager's answer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from commonhall.programmes import actions, rules, sponsors
from commonhall.programmes.forms.applications import ChangeForm, PauseForm, SponsorForm
from commonhall.programmes.models import Enrolment
from commonhall.programmes.queries import programmes as queries


def _mine(request: HttpRequest, pk: int) -> Enrolment:
    return get_object_or_404(queries.own_enrolments(request.user), pk=pk)


def application(request: HttpRequest, pk: int) -> HttpResponse:
    enrolment = _mine(request, pk)
    context = {
        "enrolment": enrolment,
        "programme": enrolment.programme,
        "conflicts": enrolment.conflicts.all(),
        "may_change": rules.can_change_application(request.user, enrolment),
        "may_pause": rules.can_pause(request.user, enrolment),
        "may_withdraw": rules.can_withdraw(request.user, enrolment),
        "form": PauseForm(),
    }
    return render(request, "programmes/application.html", context)


def change(request: HttpRequest, pk: int) -> HttpResponse:
    enrolment = _mine(request, pk)
    form = ChangeForm(request.POST or None, enrolment=enrolment)
    if request.method == "POST" and form.is_valid():
        actions.change_application(enrolment, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("programmes:application", pk)
    context = {"enrolment": enrolment, "programme": enrolment.programme, "form": form}
    return render(request, "programmes/change.html", context, status=422 if form.errors else 200)


@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    enrolment = _mine(request, pk)
    form = PauseForm(request.POST)
    if not form.is_valid():
        context = {"enrolment": enrolment, "programme": enrolment.programme, "form": form}
        return render(request, "programmes/pause.html", context, status=422)
    actions.pause(enrolment, until=form.cleaned_data["until"], by=request.user)
    messages.success(request, _("You are paused. What is under way goes on."))
    return redirect("programmes:application", pk)


@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    actions.resume(_mine(request, pk), by=request.user)
    messages.success(request, _("Welcome back. You can be matched again."))
    return redirect("programmes:application", pk)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    enrolment = actions.withdraw(_mine(request, pk), request.user)
    messages.success(request, _("You have withdrawn. You may apply again while applications are open."))
    return redirect("programmes:detail", enrolment.programme.slug)


@login_not_required
@never_cache
def sponsor(request: HttpRequest, token: str) -> HttpResponse:
    """A line manager reads what is asked (GET) and answers (POST); the link is the key."""
    enrolment = sponsors.opened(token)
    if enrolment is None:
        return render(request, "programmes/sponsor_gone.html", status=404)
    open_to_answer = rules.can_answer_as_sponsor(enrolment)
    form = SponsorForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        enrolment = actions.answer_as_sponsor(enrolment, agrees=form.cleaned_data["answer"] == "yes")
        return redirect("programmes:sponsor", token)
    context = {"enrolment": enrolment, "programme": enrolment.programme, "form": form, "open": open_to_answer}
    return render(request, "programmes/sponsor.html", context, status=422 if form.errors else 200)
