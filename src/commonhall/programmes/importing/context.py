"""What a check needs to know besides the sheet: organisations, people of the programme, departments' own names."""

from collections import defaultdict
from collections.abc import Iterator

from commonhall.core import clock
from commonhall.organisations.imports.names import Directory, KnownOrganisation
from commonhall.organisations.models import Organisation, OtherName
from commonhall.people.queries import departments_by_organisation
from commonhall.programmes.imports.rows import Context, KnownPerson
from commonhall.programmes.models import Enrolment, Programme


def context_for(programme: Programme, role: str = "") -> Context:
    """Organisations have their ids as keys."""
    return Context(
        organisations=Directory(_organisations(programme)),
        today=clock.today(),
        people=_people(programme),
        role=role,
        departments=departments_by_organisation(),
    )


def _organisations(programme: Programme) -> Iterator[KnownOrganisation]:
    """Those of the pool first, so that of two with one name the nearer is found."""
    names: dict[int, list[str]] = defaultdict(list)
    for organisation, name in OtherName.objects.values_list("organisation", "name"):
        names[organisation].append(name)
    in_pool = set(programme.pool.members.filter(left_on=None).values_list("organisation", flat=True))
    rows = Organisation.objects.order_by("name", "pk")
    for row in sorted(rows, key=lambda row: row.pk not in in_pool):
        yield KnownOrganisation(
            key=str(row.pk),
            name=row.name,
            other_names=(*filter(None, [row.short_name]), *names[row.pk]),
            ended=row.ended_on is not None,
            successors=(str(row.successor_id),) if row.successor_id else (),
            email_domains=tuple(row.email_domains),
            time_zone=row.time_zone,
        )


def _people(programme: Programme) -> dict[str, KnownPerson]:
    rows = Enrolment.objects.filter(programme=programme).values_list("user__email", "user__name", "organisation")
    return {email: KnownPerson(email, name, str(organisation)) for email, name, organisation in rows}
