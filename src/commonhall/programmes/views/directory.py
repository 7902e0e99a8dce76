"""The mentors of a programme, as people of its pool find and read them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from commonhall.people.queries import card
from commonhall.people.visibility import Viewer
from commonhall.programmes.forms import lists
from commonhall.programmes.queries import directory as queries
from commonhall.ui import pages


def directory(request: HttpRequest, slug: str) -> HttpResponse:
    programme = _open(request, slug)
    chosen, terms = lists.chosen(request.GET, queries.FACETS), lists.terms(request.GET)
    found = queries.find(programme, chosen, terms, request.user, programme.reader_organisation)
    context = {
        "programme": programme,
        "page": pages.page_of(found, request, per=queries.PER_PAGE),
        "filters": lists.filters(request.GET, found.counts),
        "kept": [(facet, value) for facet, values in chosen.items() for value in values],
        "terms": terms,
    }
    return render(request, "programmes/directory.html", context)


def _open(request: HttpRequest, slug: str) -> Any:
    programme = queries.found_open(request.user, slug)
    if programme is None:
        raise Http404
    return programme


def mentor(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One mentor as a mentee sees them."""
    programme = _open(request, slug)
    rows = queries.with_hidden(queries.mentors_of(programme)).select_related("user", "organisation")
    enrolment: Any = get_object_or_404(rows, pk=pk)
    own = enrolment.organisation_id == programme.reader_organisation
    context = {
        "programme": programme,
        "enrolment": enrolment,
        "card": card(enrolment.user, Viewer.PARTICIPANT, request.user, () if own else enrolment.hidden or ()),
        "is_me": enrolment.user_id == request.user.pk,
        "my_place": programme.enrolments.filter(user=request.user).mentees().approved().first(),
    }
    return render(request, "programmes/mentor.html", context)
