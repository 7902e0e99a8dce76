"""The coordinator's list of everybody who applied."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy
from django.views.decorators.http import require_POST

from commonhall.core.sheets import write
from commonhall.people.queries import card
from commonhall.people.visibility import Viewer
from commonhall.programmes import actions, rules
from commonhall.programmes.forms import lists
from commonhall.programmes.models import Enrolment
from commonhall.programmes.queries import applicants as queries
from commonhall.programmes.queries.programmes import inner, run_by
from commonhall.ui import pages

FILES: dict[str, tuple[str, Callable[..., bytes]]] = {
    "csv": ("text/csv; charset=utf-8", write.to_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write.to_xlsx),
}


def applicants(request: HttpRequest, slug: str) -> HttpResponse:
    programme = inner(request.user, slug)
    if programme is None:
        raise Http404
    chosen, terms = lists.chosen(request.GET, queries.FACETS), lists.terms(request.GET)
    short = lists.too_short(terms)
    sort = pages.Sort.of(request, queries.SORTS, "-applied")
    found = queries.find(programme, chosen, "" if short else terms, sort.fields)
    context = {
        "programme": programme,
        "page": pages.page_of(found, request, per=queries.PER_PAGE),
        "sort": sort,
        "filters": lists.filters(chosen, found.counts),
        "kept": [(facet, value) for facet, values in chosen.items() for value in values],
        "terms": terms,
        "too_short": short,
    }
    return render(request, "programmes/applicants.html", context)


def applicant(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One applicant, as a coordinator may see them."""
    programme = get_object_or_404(run_by(request.user), slug=slug)
    rows = programme.enrolments.select_related("user__membership", "organisation", "programme__pool")
    enrolment = get_object_or_404(rows, pk=pk)
    context = {
        "programme": programme,
        "enrolment": enrolment,
        "card": card(enrolment.user, Viewer.COORDINATOR, request.user),
        "conflicts": enrolment.conflicts.select_related("person", "organisation"),
        "others": programme.enrolments.filter(user=enrolment.user).exclude(pk=pk),
        "may_decide": rules.can_decide(request.user, enrolment),
        "may_confirm": rules.can_confirm(request.user, enrolment),
        "may_withdraw": rules.can_withdraw(request.user, enrolment),
    }
    return render(request, "programmes/applicant.html", context)


@require_POST
def decide(request: HttpRequest, slug: str) -> HttpResponse:
    """Approve or decline the ticked applicants; whoever cannot be is named with the reason."""
    programme = get_object_or_404(run_by(request.user), slug=slug)
    ids = [int(value) for value in request.POST.getlist("applicant") if value.isdecimal() and len(value) < 18]
    answer = request.POST.get("answer", "")
    if answer not in actions.ANSWERS:
        raise Http404
    rows = programme.enrolments.filter(pk__in=ids).select_related("user", "organisation", "programme__pool")
    decided, refused = actions.answer_many(rows, answer, by=request.user)
    _tell(request, answer, decided, refused, bool(ids))
    back = request.POST.get("back", "")
    return redirect(f"{request.path.removesuffix('decide/')}{back if back.startswith('?') else ''}")


def _tell(
    request: HttpRequest, answer: str, decided: int, refused: list[tuple[Enrolment, str]], any_ticked: bool
) -> None:
    if not any_ticked:
        messages.warning(request, _("Tick at least one person first."))
    words = {
        "approve": ngettext_lazy("%(count)d person has a place.", "%(count)d people have a place.", "count"),
        "decline": ngettext_lazy(
            "%(count)d application was declined.", "%(count)d applications were declined.", "count"
        ),
        "confirm": ngettext_lazy(
            "%(count)d person is confirmed. They see the mentors of their pools now.",
            "%(count)d people are confirmed. They see the mentors of their pools now.",
            "count",
        ),
    }
    if decided:
        messages.success(request, words[answer] % {"count": decided})
    for enrolment, reason in refused[:10]:
        messages.warning(request, f"{enrolment.user.name}: {reason}")
    if len(refused) > 10:
        messages.warning(request, _("And %(count)d more.") % {"count": len(refused) - 10})


@require_POST
def withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    enrolment = get_object_or_404(get_object_or_404(run_by(request.user), slug=slug).enrolments, pk=pk)
    actions.withdraw(enrolment, request.user)
    messages.success(request, _("The application is withdrawn."))
    return redirect("programmes:applicant", slug, pk)


def export(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """What the filters leave, as a spreadsheet in which nothing can act as a formula."""
    programme = get_object_or_404(run_by(request.user), slug=slug)
    if kind not in FILES:
        raise Http404
    mimetype, writer = FILES[kind]
    rows = queries.chosen_rows(programme, lists.chosen(request.GET, queries.FACETS), lists.terms(request.GET))
    content = writer(queries.export_headings(), queries.export_rows(rows))
    disposition = f'attachment; filename="{programme.slug}-applicants.{kind}"'
    return HttpResponse(content, content_type=mimetype, headers={"Content-Disposition": disposition})
