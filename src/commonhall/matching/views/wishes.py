"""A mentee's shortlist, and asking a mentor directly."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commonhall.matching.actions import wishes as actions
from commonhall.matching.actions.proposals import nearest
from commonhall.matching.forms import AskForm
from commonhall.matching.queries import proposals as queries
from commonhall.matching.rules import MOST_WISHES, can_ask
from commonhall.programmes.models import Enrolment

SUGGESTED = 3


def shortlist(request: HttpRequest, slug: str) -> HttpResponse:
    """Up to five mentors, in order."""
    mentee = get_object_or_404(queries.lists_of(request.user), programme__slug=slug)
    wishes = queries.shortlist(mentee)
    context = {"mentee": mentee, "programme": mentee.programme, "wishes": wishes, "most": MOST_WISHES}
    return render(request, "matching/shortlist.html", context)


@require_POST
def add(request: HttpRequest, enrolment_pk: int) -> HttpResponse:
    mentor = get_object_or_404(queries.askable(request.user), pk=enrolment_pk)
    mentee = get_object_or_404(queries.lists_of(request.user), programme=mentor.programme_id)
    actions.add(mentee, mentor, by=request.user)
    messages.success(request, _("%(name)s is on your shortlist.") % {"name": mentor.user.name})
    return redirect("matching:shortlist", mentee.programme.slug)


@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Up, down or off the list."""
    wish = get_object_or_404(queries.wishes_of(request.user), pk=pk)
    do = request.POST.get("do", "")
    if do == "remove":
        actions.remove(wish, by=request.user)
    elif do in ("up", "down"):
        actions.move(wish, by=request.user, up=do == "up")
    return redirect("matching:shortlist", wish.mentee.programme.slug)


def ask(request: HttpRequest, enrolment_pk: int) -> HttpResponse:
    """A message to one mentor, who has six working days to answer."""
    mentor = get_object_or_404(queries.askable(request.user), pk=enrolment_pk)
    mentee: Enrolment | None = queries.own_place(request.user, mentor.programme)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        proposal = actions.ask(mentee, mentor, by=request.user, message=form.cleaned_data["message"])
        messages.success(request, _("Sent. %(name)s has six working days to answer.") % {"name": mentor.user.name})
        return redirect("matching:proposal", proposal.pk)
    verdict = can_ask(request.user, mentee, mentor)
    context = {"mentor": mentor, "programme": mentor.programme, "form": form, "verdict": verdict}
    return render(request, "matching/ask.html", context, status=422 if form.errors else 200)


def suggestions(request: HttpRequest, pk: int) -> HttpResponse:
    """After a request that came to nothing: the three mentors who would suit best."""
    proposal = get_object_or_404(queries.seen_as_mentee(request.user), pk=pk)
    found = queries.suggested(proposal.mentee, nearest(proposal.mentee, limit=SUGGESTED * 2), most=SUGGESTED)
    context = {"proposal": proposal, "found": found, "programme": proposal.programme}
    return render(request, "matching/suggestions.html", context)
