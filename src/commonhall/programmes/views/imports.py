"""A spreadsheet of participants: upload, look, choose columns, save, undo."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from commonhall.core.doorkeeper import refused_megabytes
from commonhall.core.sheets import write
from commonhall.core.sheets.problems import ERROR, NOTE, WARNING
from commonhall.programmes import rules
from commonhall.programmes.forms.imports import ColumnsForm, UploadForm
from commonhall.programmes.importing import actions
from commonhall.programmes.models import Import
from commonhall.programmes.queries import imports as queries
from commonhall.programmes.queries.programmes import run_by
from commonhall.ui import pages

State = Import.State
SHOWN = {"problems": {ERROR, WARNING}, "errors": {ERROR}, "all": {ERROR, WARNING, NOTE}}
TEMPLATES = {
    State.CHECKED: "programmes/import_check.html",
    State.UPLOADED: "programmes/import_wait.html",
    State.RUNNING: "programmes/import_wait.html",
}


def imports(request: HttpRequest, slug: str) -> HttpResponse:
    """Earlier imports, and the form for a new one."""
    programme = get_object_or_404(run_by(request.user), slug=slug)
    form = UploadForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        initial={"approves": "yes"},
        refused=refused_megabytes(request),
    )
    if request.method == "POST" and form.is_valid():
        file, role = form.cleaned_data["file"], form.cleaned_data["role"]
        approves = form.cleaned_data["approves"] == "yes"
        source = actions.upload(
            programme, filename=file.name, content=file.read(), role=role, approves=approves, by=request.user
        )
        return redirect("programmes:import", slug, source.pk)
    context = {
        "programme": programme,
        "form": form,
        "imports": programme.imports.light().select_related("by")[:50],
        "may_import": rules.can_import(request.user, programme),
    }
    return render(request, "programmes/imports.html", context, status=422 if form.errors else 200)


def _source(request: HttpRequest, slug: str, pk: int) -> Import:
    rows = Import.objects.visible_to(request.user).filter(programme__slug=slug).select_related("programme__pool", "by")
    return get_object_or_404(rows, pk=pk)


def detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Wherever this spreadsheet stands: being read, to be looked at, being saved, or saved."""
    source = _source(request, slug, pk)
    context: dict[str, Any] = {"programme": source.programme, "source": source, "counts": source.counts}
    template = TEMPLATES.get(State(source.state), "programmes/import_done.html")
    if source.state in (State.CHECKED, State.FAILED):
        context |= _preview(request, source)
    if source.state == State.SAVED:
        context["may_undo"] = rules.can_undo_import(request.user, source)
    return render(request, template, context)


def _preview(request: HttpRequest, source: Import) -> dict[str, Any]:
    sheet, problems = actions.sheet_of(source), actions.problems_of(source)
    shown = request.GET.get("show", "problems")
    lines = queries.lines(sheet, problems, source.mapping, SHOWN.get(shown, SHOWN["problems"]))
    return {
        "sheet": sheet,
        "about_file": queries.about_file(problems, sheet),
        "unknown": queries.unknown_organisations(sheet, problems, source.mapping),
        "page": pages.page_of(lines, request, per=50),
        "tabs": _tabs(shown if shown in SHOWN else "problems", source),
        "form": ColumnsForm(sheet=sheet, source=source) if sheet.usable else None,
        "open_columns": not source.counts.get("sound"),
    }


def _tabs(shown: str, source: Import) -> list[dict[str, Any]]:
    labels = {"problems": _("To look at"), "errors": _("Cannot be saved"), "all": _("Everything noticed")}
    counts = {"errors": source.counts.get("wrong", 0)}
    return [
        {"key": key, "label": label, "active": key == shown, "count": counts.get(key, "")}
        for key, label in labels.items()
    ]


@require_POST
def columns(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    source = _source(request, slug, pk)
    form = ColumnsForm(request.POST, sheet=actions.sheet_of(source), source=source)
    if form.is_valid():
        approves = form.cleaned_data["approves"] == "yes"
        actions.choose_columns(source, form.mapping, role=form.cleaned_data["role"], approves=approves, by=request.user)
        messages.success(request, _("Every cell has been looked at again."))
        return redirect("programmes:import", slug, pk)
    context = {"programme": source.programme, "source": source, "counts": source.counts, **_preview(request, source)}
    return render(request, "programmes/import_check.html", {**context, "form": form, "open_columns": True}, status=422)


@require_POST
def save(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Start saving. A second click finds it under way, or done."""
    source = _source(request, slug, pk)
    if source.state == State.CHECKED:
        actions.begin_saving(source, partial=request.POST.get("lines") == "sound", by=request.user)
    return redirect("programmes:import", slug, pk)


@require_POST
def undo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    source = _source(request, slug, pk)
    kept = actions.undo(source, by=request.user)
    messages.success(request, _("The import is undone."))
    if kept:
        words = ngettext(
            "%(count)d person has been here since, or is in use; what they did stays.",
            "%(count)d people have been here since, or are in use; what they did stays.",
            kept,
        )
        messages.info(request, words % {"count": kept})
    return redirect("programmes:import", slug, pk)


def problems(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """All problems as a spreadsheet, to send to whoever can mend them."""
    source = _source(request, slug, pk)
    headings = [_("Line"), _("Column"), _("How bad"), _("Cell"), _("What is wrong"), _("What to do")]
    content = write.to_csv(headings, queries.export_rows(actions.sheet_of(source), actions.problems_of(source)))
    disposition = f'attachment; filename="{source.programme.slug}-problems.csv"'
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition})
