"""The mentors of one's pools, or of one programme, as people find and read them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from commonhall.organisations.queries import waits_for_confirmation
from commonhall.people.queries import card
from commonhall.people.visibility import Viewer
from commonhall.programmes.forms import lists
from commonhall.programmes.queries import directory as queries
from commonhall.ui import pages


def directory(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Under a programme's own address that programme is chosen; everything else is the same page."""
    programmes = queries.open_programmes(request.user)
    chosen, terms = lists.chosen(request.GET, queries.FACETS), lists.terms(request.GET)
    short = lists.too_short(terms)
    if slug:
        chosen["programme"] = [next((one.slug for one in programmes if one.slug == slug), "")]
    if "" in chosen["programme"]:
        raise Http404
    works = programmes[0].reader_organisation if programmes else None
    found = queries.find(programmes, chosen, "" if short else terms, request.user, works)
    context = {
        "programme": next((one for one in programmes if chosen["programme"] == [one.slug]), None),
        "page": pages.page_of(found, request, per=queries.PER_PAGE),
        "filters": lists.filters(chosen, found.counts, programme={one.slug: one.name for one in programmes}),
        "kept": [(facet, value) for facet, values in chosen.items() for value in values],
        "narrowed": any(values for facet, values in chosen.items() if facet != "programme"),
        "terms": terms,
        "too_short": short,
        "not_known_yet": waits_for_confirmation(request.user),
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
