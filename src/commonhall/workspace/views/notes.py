"""Shared notes: the list, the page to write on, and what a note was before."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commonhall.accounts.requests import Request
from commonhall.core.verdicts import require
from commonhall.mentorships.models import Mentorship
from commonhall.mentorships.queries import with_people as mentorships_with_people
from commonhall.workspace import merging, rules
from commonhall.workspace.actions import notes as actions
from commonhall.workspace.document import Block, as_html
from commonhall.workspace.docx import as_docx
from commonhall.workspace.forms.notes import AppendForm, TitleForm
from commonhall.workspace.markdown import as_markdown
from commonhall.workspace.models import Note
from commonhall.workspace.queries.notes import notes_of, versions_of, with_people

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _mine(request: Request, pk: int) -> Note:
    return get_object_or_404(with_people(Note.objects.visible_to(request.user)), pk=pk)


def _blocks(note: Note) -> tuple[Block, ...]:
    return merging.read(actions.contents(note))


@require_http_methods(["GET", "POST"])
def notes(request: Request, mentorship_pk: int) -> HttpResponse:
    """Every note of a pair, and a new one."""
    mine = mentorships_with_people(Mentorship.objects.of(request.user))
    mentorship = get_object_or_404(mine, pk=mentorship_pk)
    form = TitleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        note = actions.create(mentorship, by=request.user, title=form.cleaned_data["title"])
        return redirect("workspace:note", note.pk)
    used, away = notes_of(mentorship)
    context = {"mentorship": mentorship, "notes": used, "away": away, "form": form}
    context["can_add"] = rules.can_add(request.user, mentorship)
    return render(request, "workspace/notes.html", context, status=422 if form.errors else 200)


@require_GET
def note(request: Request, pk: int) -> HttpResponse:
    return _page(request, _mine(request, pk), AppendForm())


def _page(request: Request, note: Note, form: AppendForm) -> HttpResponse:
    context = {"note": note, "html": as_html(_blocks(note)), "form": form}
    context["can_write"] = rules.can_write(request.user, note)
    context["can_add"] = rules.can_add(request.user, note.mentorship)
    return render(request, "workspace/note.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def rename(request: Request, pk: int) -> HttpResponse:
    note = _mine(request, pk)
    require(rules.can_write(request.user, note))
    form = TitleForm(request.POST or None, initial={"title": note.title})
    if request.method == "POST" and form.is_valid():
        actions.rename(note, by=request.user, title=form.cleaned_data["title"])
        return redirect("workspace:note", pk)
    return render(
        request, "workspace/note_rename.html", {"note": note, "form": form}, status=422 if form.errors else 200
    )


@require_POST
def append(request: Request, pk: int) -> HttpResponse:
    note = _mine(request, pk)
    form = AppendForm(request.POST)
    if not form.is_valid():
        return _page(request, note, form)
    actions.append(note, by=request.user, words=form.cleaned_data["words"])
    messages.success(request, _("Added."))
    return redirect("workspace:note", pk)


@require_POST
def put_away(request: Request, pk: int) -> HttpResponse:
    note = _mine(request, pk)
    away = request.POST.get("away") == "yes"
    actions.put_away(note, by=request.user, away=away)
    messages.success(request, _("It is put away, at the end of the list.") if away else _("It is back in the list."))
    return redirect("workspace:notes", note.mentorship_id)


@require_GET
def versions(request: Request, pk: int) -> HttpResponse:
    note = _mine(request, pk)
    return render(request, "workspace/note_versions.html", {"note": note, "versions": versions_of(note)})


@require_GET
def version(request: Request, pk: int, version_pk: int) -> HttpResponse:
    note = _mine(request, pk)
    version = get_object_or_404(note.versions, pk=version_pk)
    context: dict[str, Any] = {"note": note, "version": version, "html": as_html(merging.read(version.data))}
    context["can_write"] = rules.can_write(request.user, note)
    return render(request, "workspace/note_version.html", context)


@require_POST
def restore(request: Request, pk: int, version_pk: int) -> HttpResponse:
    note = _mine(request, pk)
    version = get_object_or_404(note.versions, pk=version_pk)
    actions.restore(version, by=request.user)
    messages.success(request, _("The note is as it was then. What it was before this is kept as a version too."))
    return redirect("workspace:note", pk)


@require_GET
def markdown(request: Request, pk: int) -> HttpResponse:
    note = _mine(request, pk)
    text = as_markdown(note.title, _blocks(note))
    return _file(note, text.encode(), "md", "text/markdown; charset=utf-8")


@require_GET
def docx(request: Request, pk: int) -> HttpResponse:
    note = _mine(request, pk)
    return _file(note, as_docx(note.title, _blocks(note)), "docx", DOCX)


def _file(note: Note, content: bytes, ending: str, kind: str) -> HttpResponse:
    name = slugify(note.title)[:60] or "note"
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
