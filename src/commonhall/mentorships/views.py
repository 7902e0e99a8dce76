from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commonhall.accounts.requests import Request
from commonhall.core.errors import Conflict
from commonhall.core.verdicts import require
from commonhall.mentorships import actions, queries, rules
from commonhall.mentorships.forms import AgreementForm, EndForm, PauseForm, first_words
from commonhall.mentorships.models import Mentorship


def _visible(request: Request, pk: int) -> Mentorship:
    return get_object_or_404(queries.with_people(Mentorship.objects.visible_to(request.user)), pk=pk)


def _mine(request: Request, pk: int) -> Mentorship:
    """What the pair writes is not even there for anybody else, their coordinator included."""
    return get_object_or_404(queries.with_people(Mentorship.objects.of(request.user)), pk=pk)


@require_GET
def my_mentorships(request: Request) -> HttpResponse:
    return render(request, "mentorships/list.html", {"pairs": queries.pairs_of(request.user)})


@require_GET
def agreement(request: Request, pk: int) -> HttpResponse:
    """The current version, for reading, signing and printing."""
    mentorship = _mine(request, pk)
    now = queries.agreement_now(mentorship)
    if now.agreement is None:
        return redirect("mentorships:write", pk)
    context = {
        "mentorship": mentorship,
        "now": now,
        "partners": queries.partners(mentorship, request.user),
        "is_mine_signed": now.signed_by(request.user),
        "can_sign": rules.can_sign(request.user, mentorship),
        "can_write": rules.can_write_agreement(request.user, mentorship),
    }
    return render(request, "mentorships/agreement.html", context)


@require_http_methods(["GET", "POST"])
def write(request: Request, pk: int) -> HttpResponse:
    mentorship = _mine(request, pk)
    require(rules.can_write_agreement(request.user, mentorship))
    now = queries.agreement_now(mentorship)
    form = AgreementForm(
        request.POST if request.method == "POST" else None,
        parts=now.sections or queries.agreement_draft(mentorship),
        initial=first_words(now.agreement, queries.review_day(mentorship)),
    )
    if form.is_valid():
        try:
            actions.write_agreement(mentorship, by=request.user, **form.words())
        except Conflict as conflict:
            now = queries.agreement_now(mentorship)
            form.begin_again(now.version)
            form.add_error(None, str(conflict.reason))
        else:
            messages.success(request, _("Saved. Read it once more together, then sign it."))
            return redirect("mentorships:agreement", pk)
    context = {"mentorship": mentorship, "form": form, "now": now}
    return render(request, "mentorships/write.html", context, status=422 if form.errors else 200)


@require_POST
def sign(request: Request, pk: int) -> HttpResponse:
    version = request.POST.get("version", "")
    actions.sign(_mine(request, pk), by=request.user, version=int(version) if version.isdecimal() else 0)
    messages.success(request, _("Signed, with your name and today’s date."))
    return redirect("mentorships:detail", pk)


@require_http_methods(["GET", "POST"])
def pause(request: Request, pk: int) -> HttpResponse:
    mentorship = _visible(request, pk)
    require(rules.can_pause(request.user, mentorship))
    form = PauseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.pause(mentorship, by=request.user, until=form.cleaned_data["until"])
        messages.success(request, _("Paused. Nobody is reminded of anything until it goes on."))
        return redirect("mentorships:detail", pk)
    context = {"mentorship": mentorship, "form": form}
    return render(request, "mentorships/pause.html", context, status=422 if form.errors else 200)


@require_POST
def resume(request: Request, pk: int) -> HttpResponse:
    actions.resume(_visible(request, pk), by=request.user)
    messages.success(request, _("Good to have you back. Find the next date while you are here."))
    return redirect("mentorships:detail", pk)


@require_http_methods(["GET", "POST"])
def end(request: Request, pk: int) -> HttpResponse:
    mentorship = _visible(request, pk)
    require(rules.can_end(request.user, mentorship))
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.end(mentorship, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("Ended. Thank you for the time that you gave it."))
        return redirect("mentorships:detail", pk)
    context = {
        "mentorship": mentorship,
        "form": form,
        "partners": queries.partners(mentorship, request.user),
        "takes_part": rules.takes_part(request.user, mentorship),
    }
    return render(request, "mentorships/end.html", context, status=422 if form.errors else 200)
