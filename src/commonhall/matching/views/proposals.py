"""A match: why we were matched, accept, decline; and what coordinators may do with it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commonhall.core.text import whole
from commonhall.matching import words
from commonhall.matching.actions import proposals as actions
from commonhall.matching.forms import DeclineForm
from commonhall.matching.models import Proposal
from commonhall.matching.queries import proposals as queries
from commonhall.matching.rules import can_answer, can_decline, can_offer, can_propose_next, can_withdraw, closed_words


def _proposal(request: HttpRequest, pk: int) -> Proposal:
    return get_object_or_404(queries.with_people(Proposal.objects.visible_to(request.user)), pk=pk)


def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    found = _proposal(request, pk)
    context = queries.page(found, request.user) | {
        "can_answer": can_answer(request.user, found),
        "can_decline": can_decline(request.user, found),
        "can_withdraw": can_withdraw(request.user, found),
        "can_offer": can_offer(request.user, found),
        "closed_words": closed_words(found),
    }
    if context["side"]:
        return render(request, "matching/proposal.html", context)
    context["can_propose_next"] = can_propose_next(request.user, found)
    context["next_best"] = _next_best(found) if context["can_propose_next"] else []
    return render(request, "matching/proposal_coordinator.html", context)


def _next_best(proposal: Proposal) -> list[dict[str, Any]]:
    return [
        {"mentor": mentor, "percent": round(score * 100), "why": words.short(told[:3])}
        for mentor, score, told in actions.nearest(proposal.mentee, limit=3)
    ]


@require_POST
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """One of the next best, put before both."""
    found = _proposal(request, pk)
    mentor = get_object_or_404(queries.mentors_beside(found), pk=whole(request.POST.get("mentor", "")))
    made = actions.propose_next(found, mentor, by=request.user)
    messages.success(request, _("Proposed. %(mentee)s and %(mentor)s have been told.") % {
        "mentee": made.mentee.user.name, "mentor": mentor.user.name,
    })  # fmt: skip
    return redirect("matching:proposal", made.pk)


@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    mentorship = actions.accept(_proposal(request, pk), by=request.user)
    if mentorship is None:
        messages.success(request, _("Thank you. We tell you as soon as the other side has answered."))
        return redirect("matching:proposal", pk)
    messages.success(request, _("You have both accepted. Your mentorship begins here."))
    return redirect("mentorships:detail", mentorship.pk)


def decline(request: HttpRequest, pk: int) -> HttpResponse:
    found = _proposal(request, pk)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.decline(found, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("Done. The other is told only that it is not going ahead, never why."))
        return redirect("matching:proposal", pk)
    context = queries.page(found, request.user) | {"form": form, "can_decline": can_decline(request.user, found)}
    return render(request, "matching/decline.html", context, status=422 if form.errors else 200)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = actions.withdraw(_proposal(request, pk), by=request.user)
    messages.success(request, _("Taken back. The places are free again."))
    if found.round_id and not found.side_of(request.user):
        return redirect("matching:answers", found.round_id)
    return redirect("matching:proposal", pk)


@require_POST
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    found = actions.offer(_proposal(request, pk), by=request.user)
    messages.success(request, _("Offered. Both have been told."))
    return redirect("matching:answers", found.round_id) if found.round_id else redirect("matching:proposal", pk)
