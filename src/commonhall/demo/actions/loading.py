"""The whole demo region."""

from collections.abc import Callable
from random import Random

from django.db import transaction
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.core.errors import Conflict
from commonhall.demo.actions import calendars, matching_week, pairs, people, programmes, times
from commonhall.demo.actions.people import Account, account_of
from commonhall.demo.cast import CAST
from commonhall.demo.models import Mark
from commonhall.history.reactions import quietly
from commonhall.meetings.models import Meeting, Series
from commonhall.organisations.models import Organisation
from commonhall.programmes import findable
from commonhall.programmes.models import Enrolment

PEOPLE = 320
SEED = 2026


def load(*, number: int = PEOPLE, seed: int = SEED, say: Callable[[str], None] = lambda text: None) -> list[Account]:
    """Fill an empty database with the demo region and set its mark; the accounts of the cast come back.

    The same numbers within the same hour give the same rows, but for what is encrypted with the installation's own key,
    the numbers of queued jobs, and how long the solver took. Raises `Conflict` when the database is not empty.
    """
    with clock.moved_to(clock.now().replace(minute=0, second=0, microsecond=0)), transaction.atomic():
        return _load(number, seed, say)


def _load(number: int, seed: int, say: Callable[[str], None]) -> list[Account]:
    if User.objects.exists() or Organisation.objects.exists():
        raise Conflict(_("This database is not empty. The demo needs one of its own: choose another --data."))
    with quietly():
        region = _people(number, seed, say)
        calendars.tell(region)
        times.tell(region)
        told = _stories(region, say)
    for one in told:
        if one.stage == "matching":
            _matching_week(region, one, say, early=number >= PEOPLE)
    _name_meetings(seed)
    Mark.objects.create(seed=seed)
    return [account_of(persona, seed) for persona in CAST]


def _name_meetings(seed: int) -> None:
    rows = list(Meeting.objects.only("uid"))
    for row in rows:
        row.uid = f"{people.secret(seed, 'meeting', str(row.pk)).hex()[:20]}@commonhall"
    Meeting.objects.bulk_update(rows, ["uid"], batch_size=500)
    for one in Series.objects.only("uid"):
        one.uid = f"{people.secret(seed, 'series', str(one.pk)).hex()[:20]}@commonhall"
        one.save(update_fields=["uid"])


def _people(number: int, seed: int, say: Callable[[str], None]) -> programmes.Region:
    say(_("Councils and people"))
    made = people.councils()
    by_slug = people.pools(made)
    everybody = list(people.everybody(number))
    found = people.users(everybody, made, seed)
    people.staff(found, made, by_slug, seed)
    by_email = {person.email: person for person in everybody}
    return programmes.Region(found, by_email, made, by_slug, Random(seed), clock.now(), {}, {})  # noqa: S311


def _matching_week(
    region: programmes.Region, told: programmes.Told, say: Callable[[str], None], *, early: bool
) -> None:
    """The early ones are asked first, and told so; the plan that is made afterwards leaves their places alone."""
    say(_("The matching week"))
    if early:
        matching_week.ask_early(region, told)
    with quietly():
        solved = matching_week.begin(region, told)
    if not solved:
        say(_("So many people are too many for a plan on this machine: the round waits for its first run."))


def _stories(region: programmes.Region, say: Callable[[str], None]) -> list[programmes.Told]:
    say(_("Programmes and applications"))
    told = programmes.tell(region)
    for one in told:
        if one.stage != "matching":
            say(_("Pairs of %(programme)s") % {"programme": one.programme.name})
            pairs.tell(region, one)
    say(_("Search"))
    findable.refresh(Enrolment.objects.all())
    return told
