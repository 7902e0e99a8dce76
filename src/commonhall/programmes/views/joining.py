"""Applying to a programme, one thing per page."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from commonhall.programmes import actions
from commonhall.programmes.answers import Answers
from commonhall.programmes.models import Programme
from commonhall.programmes.queries import programmes as queries

Page = Callable[..., HttpResponse]


def while_open(page: Page) -> Page:
    """A page of signing up, which is there from the first to the last day for applications; it gets the answers."""

    @wraps(page)
    def opened(request: HttpRequest, slug: str, **rest: str) -> HttpResponse:
        programme = get_object_or_404(Programme.objects.readable_by(request.user).select_related("pool"), slug=slug)
        if not programme.takes_applications:
            return render(request, "programmes/closed.html", {"programme": programme}, status=403)
        return page(request, Answers(request.session, request.user, programme), **rest)

    return opened


@while_open
def apply(request: HttpRequest, answers: Answers) -> HttpResponse:
    """To the first page that is not answered, or to the page that shows all answers."""
    slug = answers.programme.slug
    key = answers.next_key()
    return redirect("programmes:apply_step", slug, key) if key else redirect("programmes:apply_check", slug)


@while_open
def step(request: HttpRequest, answers: Answers, key: str) -> HttpResponse:
    form = answers.form(key, request.POST if request.method == "POST" else None)
    if form is None:
        raise Http404
    if request.method == "POST" and form.is_valid():
        answers.keep(form)
        return redirect("programmes:apply", answers.programme.slug)
    number, of = answers.number_of(key)
    context = {"programme": answers.programme, "form": form, "number": number, "of": of}
    return render(request, "programmes/apply.html", context, status=422 if form.errors else 200)


@while_open
def check(request: HttpRequest, answers: Answers) -> HttpResponse:
    """All answers on one page; sending them is the application."""
    slug = answers.programme.slug
    if answers.next_key() and not answers.kept:
        return redirect("programmes:detail" if _has_applied(answers) else "programmes:apply", slug)
    if answers.next_key():
        return redirect("programmes:apply", slug)
    if request.method == "POST":
        _send(answers)
        messages.success(request, _("Your application is in. You will get an e-mail as soon as it is decided."))
        return redirect("programmes:applied", slug)
    return render(request, "programmes/check.html", {"programme": answers.programme, "lines": answers.lines()})


def _has_applied(answers: Answers) -> bool:
    return answers.programme.enrolments.filter(user=answers.user).exists()


@transaction.atomic
def _send(answers: Answers) -> None:
    user, programme = answers.user, answers.programme
    for role in answers.roles:
        enrolment = actions.apply(user=user, programme=programme, role=role, by=user, **answers.fields(role))
        if words := answers.kept.get("not_with"):
            actions.declare_conflict(enrolment, by=user, words=words)
    answers.forget()


def applied(request: HttpRequest, slug: str) -> HttpResponse:
    """What happens next, and the way to the profile."""
    programme = get_object_or_404(Programme.objects.visible_to(request.user), slug=slug)
    enrolments = queries.enrolments_of(request.user, programme)
    return render(request, "programmes/applied.html", {"programme": programme, "enrolments": enrolments})
