"""What distance saved and how many hours were given: for a council, a programme, a pool; and one's own hours."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from commonhall.accounts.requests import Request
from commonhall.core import clock
from commonhall.core.sheets.write import to_csv
from commonhall.core.text import whole
from commonhall.core.verdicts import require
from commonhall.meetings.queries import hours as hours_queries
from commonhall.meetings.queries import savings
from commonhall.meetings.queries.report import report
from commonhall.meetings.rules import can_read_of_pool
from commonhall.organisations.models import Organisation, Pool
from commonhall.organisations.rules import can_administer_organisation
from commonhall.programmes.queries.programmes import run_by

EARLIEST, LATEST = 2000, 2200


def _page(request: Request, thing: Any, back: str, found: savings.Savings, **more: Any) -> HttpResponse:
    context = {"name": thing.name, "back": back, "report": report(found), "fewest": savings.FEWEST, **more}
    return render(request, "meetings/savings.html", context)


@require_GET
def of_organisation(request: Request, slug: str) -> HttpResponse:
    organisation = get_object_or_404(Organisation.objects.looked_after_by(request.user), slug=slug)
    require(can_administer_organisation(request.user, organisation))
    back = reverse("organisations:detail", args=[slug])
    share = hours_queries.share_of(organisation)
    return _page(request, organisation, back, savings.of_organisation(organisation), kind="organisation", share=share)


@require_GET
def of_programme(request: Request, slug: str) -> HttpResponse:
    programme = get_object_or_404(run_by(request.user), slug=slug)
    back = reverse("programmes:detail", args=[slug])
    ledger = hours_queries.ledger_of(programme)
    return _page(request, programme, back, savings.of_programme(programme), kind="programme", ledger=ledger)


@require_GET
def of_pool(request: Request, slug: str) -> HttpResponse:
    pool = get_object_or_404(Pool.objects.visible_to(request.user), slug=slug)
    require(can_read_of_pool(request.user, pool))
    return _page(request, pool, reverse("organisations:pool", args=[slug]), savings.of_pool(pool), kind="pool")


@require_GET
def hours(request: Request) -> HttpResponse:
    """One's own meetings of a year, for a record of learning or an appraisal."""
    asked = whole(request.GET.get("year", ""))
    year = asked if asked is not None and EARLIEST <= asked <= LATEST else clock.today(request.user.time_zone).year
    rows = hours_queries.lines_of(request.user, *hours_queries.year_of(year))
    headings = [_("Day"), _("Minutes"), _("You as"), _("With"), _("Programme"), _("How"), _("About")]
    file = HttpResponse(to_csv(headings, rows), content_type="text/csv; charset=utf-8")
    file["Content-Disposition"] = f'attachment; filename="mentoring-hours-{year}.csv"'
    return file
