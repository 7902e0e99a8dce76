"""Private notes: their author's alone."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from commonhall.accounts.requests import Request
from commonhall.mentorships.models import Mentorship
from commonhall.mentorships.queries import with_people
from commonhall.workspace import vault
from commonhall.workspace.actions import private as actions
from commonhall.workspace.forms.private import PrivateForm
from commonhall.workspace.models import PrivateNote
from commonhall.workspace.queries.private import own_notes


def _mine(request: Request, pk: int) -> PrivateNote:
    notes = PrivateNote.objects.filter(owner=request.user).select_related("mentorship__programme")
    return get_object_or_404(notes, pk=pk)


@never_cache
@require_http_methods(["GET", "POST"])
def private_notes(request: Request, mentorship_pk: int) -> HttpResponse:
    mentorship = get_object_or_404(with_people(Mentorship.objects.of(request.user)), pk=mentorship_pk)
    form = PrivateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.keep(mentorship, by=request.user, words=form.cleaned_data["words"])
        messages.success(request, _("Kept, for you alone."))
        return redirect("workspace:private", mentorship_pk)
    context = {"mentorship": mentorship, "notes": own_notes(request.user, mentorship), "form": form}
    return render(request, "workspace/private.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def private_note(request: Request, pk: int) -> HttpResponse:
    note = _mine(request, pk)
    words = vault.unseal(vault.key_of(request.user), note.sealed)
    form = PrivateForm(request.POST or None, initial={"words": words})
    if request.method == "POST" and form.is_valid():
        actions.change(note, by=request.user, words=form.cleaned_data["words"])
        return redirect("workspace:private", note.mentorship_id)
    context = {"note": note, "mentorship": note.mentorship, "form": form}
    return render(request, "workspace/private_note.html", context, status=422 if form.errors else 200)


@require_POST
def private_remove(request: Request, pk: int) -> HttpResponse:
    note = _mine(request, pk)
    actions.remove(note)
    messages.success(request, _("The note is gone."))
    return redirect("workspace:private", note.mentorship_id)
