"""The thread of a mentorship, and what can be done in it."""

from uuid import uuid4

from django.contrib import messages as flash
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commonhall.accounts.requests import Request
from commonhall.core.errors import Conflict, Refused
from commonhall.core.text import whole
from commonhall.core.verdicts import require
from commonhall.mentorships.models import Mentorship
from commonhall.programmes.models import Programme
from commonhall.ui.pages import page_of
from commonhall.workspace import rules
from commonhall.workspace.actions import messages as actions
from commonhall.workspace.forms.messages import CorrespondenceForm, EditForm, MessageForm, ReportForm
from commonhall.workspace.models import Block, Message, Report
from commonhall.workspace.queries.messages import correspondence_of, reports_of, with_mentorship, with_thread
from commonhall.workspace.threads import thread as thread_of


def _mine(request: Request, pk: int) -> Mentorship:
    return get_object_or_404(with_thread(Mentorship.objects.of(request.user)), pk=pk)


def _message(request: Request, pk: int) -> Message:
    return get_object_or_404(with_mentorship(Message.objects.visible_to(request.user)), pk=pk)


def _end_of(mentorship: int) -> str:
    return reverse("workspace:thread", args=[mentorship]) + "#newest"


@require_http_methods(["GET", "POST"])
def thread(request: Request, mentorship_pk: int) -> HttpResponse:
    mentorship = _mine(request, mentorship_pk)
    form = MessageForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        words = form.cleaned_data
        try:
            actions.send(mentorship, by=request.user, text=words["text"], token=words["token"])
            actions.read(mentorship, by=request.user, up_to=words["seen"])
            return redirect(_end_of(mentorship.pk))
        except Refused as refusal:
            form.add_error("text", str(refusal.reason))
    shown = thread_of(mentorship, request.user, before=whole(request.GET.get("before", "")))
    if not form.is_bound:
        form.initial = {"token": str(uuid4()), "seen": shown.last}
    context = {"thread": shown, "mentorship": mentorship, "form": form}
    return render(request, "workspace/thread.html", context, status=422 if form.errors else 200)


@require_POST
def read(request: Request, mentorship_pk: int) -> HttpResponse:
    """Everything that the page has shown is read; a script says so by itself."""
    mentorship = _mine(request, mentorship_pk)
    actions.read(mentorship, by=request.user, up_to=whole(request.POST.get("up_to", "")) or 0)
    return redirect(_end_of(mentorship.pk))


@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    message = _message(request, pk)
    require(rules.can_correct(request.user, message))
    form = EditForm(request.POST or None, initial={"text": message.text, "version": message.version})
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit(message, by=request.user, **form.cleaned_data)
            return redirect(_end_of(message.mentorship_id))
        except Conflict as conflict:
            form.add_error("text", str(conflict.reason))
    context = {"message": message, "mentorship": message.mentorship, "form": form}
    return render(request, "workspace/message_edit.html", context, status=422 if form.errors else 200)


@require_POST
def delete(request: Request, pk: int) -> HttpResponse:
    message = _message(request, pk)
    actions.delete(message, by=request.user)
    return redirect(_end_of(message.mentorship_id))


@require_http_methods(["GET", "POST"])
def report(request: Request, pk: int) -> HttpResponse:
    message = _message(request, pk)
    require(rules.can_report(request.user, message))
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.report(message, by=request.user, words=form.cleaned_data["words"])
        flash.success(
            request, _("The message is reported. The people who run the programme see this one and no other.")
        )
        return redirect(_end_of(message.mentorship_id))
    context = {"message": message, "mentorship": message.mentorship, "form": form}
    return render(request, "workspace/message_report.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def block(request: Request, mentorship_pk: int, user_pk: int) -> HttpResponse:
    mentorship = _mine(request, mentorship_pk)
    other = get_object_or_404(mentorship.participants.exclude(user=request.user), user=user_pk).user
    require(rules.can_block(request.user, other, mentorship))
    if request.method == "POST":
        actions.block(mentorship, by=request.user, user=other)
        flash.success(request, _("%(name)s is blocked.") % {"name": other.name})
        return redirect("workspace:thread", mentorship.pk)
    context = {"mentorship": mentorship, "other": other, "is_circle": rules.is_circle(mentorship)}
    return render(request, "workspace/block.html", context)


@require_POST
def lift(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(Block.objects.filter(by=request.user).select_related("user"), pk=pk)
    actions.lift(found, by=request.user)
    flash.success(request, _("%(name)s can write to you again.") % {"name": found.user.name})
    return redirect("workspace:thread", found.mentorship_id)


@require_http_methods(["GET", "POST"])
def correspondence(request: Request) -> HttpResponse:
    """How and when one is told of messages."""
    form = CorrespondenceForm(request.POST or None, instance=correspondence_of(request.user))
    if request.method == "POST" and form.is_valid():
        actions.choose(request.user, **form.cleaned_data)
        flash.success(request, _("Your choices are saved."))
        return redirect("workspace:correspondence")
    return render(request, "workspace/correspondence.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
def reports(request: Request, slug: str) -> HttpResponse:
    """The messages that were reported in a programme, for those who run it."""
    programme = get_object_or_404(Programme.objects.coordinated_by(request.user), slug=slug)
    page = page_of(reports_of(programme, request.user), request, per=25)
    return render(request, "workspace/reports.html", {"programme": programme, "page": page})


@require_POST
def close(request: Request, pk: int) -> HttpResponse:
    run = Programme.objects.coordinated_by(request.user).values("pk")
    mine = Report.objects.filter(message__mentorship__programme__in=run).exclude(message__author=request.user)
    found = get_object_or_404(mine.select_related("message__mentorship__programme__pool"), pk=pk)
    actions.close(found, by=request.user)
    return redirect("workspace:reports", found.message.mentorship.programme.slug)
