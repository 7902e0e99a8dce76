"""The programmes of the demo region: one in its matching week, one in its fourth month, one finished."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.demo import content
from commonhall.demo.cast import CAST
from commonhall.history.actions import record_many
from commonhall.organisations import actions as organisations
from commonhall.organisations.models import Grant, Organisation, Pool
from commonhall.people.hours import Pattern
from commonhall.programmes import actions
from commonhall.programmes.models import Conflict, Enrolment, Programme

KICK_OFF_WEEKS = {"matching": 1, "running": -16, "finished": -64}
SOME = 34
# Seven hours a week in common: enough to leave a few people for the coordinator to think about.
SHARED_MINUTES = 420


@dataclass(frozen=True)
class Region:
    """Everything that the story needs to find."""

    users: dict[str, User]
    people: dict[str, content.Person]
    councils: dict[str, Organisation]
    pools: dict[str, Pool]
    random: Random
    now: datetime
    booked: dict[int, list[tuple[datetime, datetime]]]
    patterns: dict[int, Pattern]

    def persona(self, key: str) -> User:
        return next(self.users[persona.email] for persona in CAST if persona.key == key)


@dataclass(frozen=True)
class Told:
    programme: Programme
    by: User
    kick_off: datetime
    stage: str


def tell(region: Region) -> list[Told]:
    """Every programme with its applicants, as far as its stage; pairs come after."""
    return [_tell_one(region, row) for row in content.programmes()]


def _tell_one(region: Region, row: content.Programme) -> Told:
    stage = row.stage if row.stage in KICK_OFF_WEEKS else "running"
    kick_off = _monday(region.now + timedelta(weeks=KICK_OFF_WEEKS[stage]))
    by = _coordinator(region, row.pool)
    with clock.moved_to(kick_off - timedelta(weeks=12)):
        programme = _create(region, row, kick_off, by)
        if stage == "matching":
            programme = actions.change(
                programme, by=by, rules={**programme.rules, "min_shared_minutes": SHARED_MINUTES}
            )
    with clock.moved_to(kick_off - timedelta(weeks=11)):
        actions.open_applications(programme, by=by)
    enrol(region, programme, kick_off, by, everybody=stage == "matching" or row.pool != "four-rivers")
    with clock.moved_to(min(kick_off - timedelta(days=12), region.now - timedelta(days=3))):
        actions.begin_matching(programme, by=by)
    if row.always_open:
        with clock.moved_to(region.now - timedelta(days=2)):
            programme = actions.change(programme, by=by, rolling=True, applications_close_on=None)
    return Told(programme, by, kick_off, stage)


def _monday(moment: datetime) -> datetime:
    """Nine in the morning of the Monday on or after a moment."""
    return (moment + timedelta(days=-moment.weekday() % 7)).replace(hour=9, minute=0, second=0, microsecond=0)


def _create(region: Region, row: content.Programme, kick_off: datetime, by: User) -> Programme:
    pool = region.pools[row.pool]
    owner = region.persona("pool-owner")
    organisations.grant(user=owner, role=Grant.Role.POOL_OWNER, scope=pool, by=owner)
    programme = actions.create(
        pool=pool,
        cycle=row.template.replace("-", "_"),
        name=row.title,
        kick_off_on=kick_off.date(),
        by=owner,
        summary=row.summary,
        purpose=row.purpose,
        audience=row.for_whom,
        asks=row.asks,
        gives=row.gives,
    )
    Programme.objects.filter(pk=programme.pk).update(slug=row.slug)
    programme.slug = row.slug
    organisations.grant(user=by, role=Grant.Role.COORDINATOR, scope=programme, by=owner)
    if row.pool != "four-rivers":
        organisations.take_back(Grant.objects.get(user=owner, role=Grant.Role.POOL_OWNER, scope_id=pool.pk), by=owner)
    return programme


def _coordinator(region: Region, pool: str) -> User:
    return region.persona("coordinator" if pool == "four-rivers" else "small-pool-coordinator")


def enrol(region: Region, programme: Programme, kick_off: datetime, by: User, *, everybody: bool) -> None:
    people = list(_applicants(region, programme, everybody=everybody))
    rows = [row for person in people for row in _rows(region, programme, person, kick_off)]
    Enrolment.objects.bulk_create(rows)
    made = list(programme.enrolments.select_related("user"))
    for verb, moment, who in (
        ("enrolment.applied", "applied_at", lambda row: row.user),
        ("enrolment.approved", "decided_at", lambda row: by),
    ):
        record_many(
            verb,
            [
                {
                    "about": row,
                    "within": programme,
                    "by": who(row),
                    "at": getattr(row, moment),
                    "details": {"role": row.role},
                }
                for row in made
            ],
        )
    _conflicts(region, made)


def _applicants(region: Region, programme: Programme, *, everybody: bool) -> Iterator[content.Person]:
    inside = {member.organisation.slug for member in programme.pool.members.select_related("organisation")}
    people = [person for person in region.people.values() if person.council in inside]
    if everybody:
        yield from (person for person in people if not person.has_left)
        return
    wanted = {persona.email for persona in CAST if persona.programme == programme.slug}
    cast = [person for person in people if person.email in wanted]
    others = [person for person in people if person.email not in wanted and not person.has_left]
    region.random.shuffle(others)
    mentees = [person for person in others if person.place == "mentee"][:SOME]
    mentors = [person for person in others if person.place == "mentor"][:SOME]
    yield from (*cast, *mentees, *mentors)


def _rows(region: Region, programme: Programme, person: content.Person, kick_off: datetime) -> Iterator[Enrolment]:
    roles = ("mentee", "mentor") if person.place == "both" else (person.place,)
    applied = kick_off - timedelta(days=30 + region.random.randrange(40))
    manager = person.line_manager
    for role in roles:
        yield Enrolment(
            programme=programme,
            user=region.users[person.email],
            organisation=region.councils[person.council],
            role=role,
            state=Enrolment.State.APPROVED,
            capacity=max(1, min(person.capacity, programme.most_mentees)) if role == "mentor" else 1,
            goal=person.wants_to_learn if role == "mentee" else person.can_help_with,
            line_manager_email=manager,
            applied_at=applied,
            decided_at=applied + timedelta(days=2),
        )


def _conflicts(region: Region, made: Sequence[Enrolment]) -> None:
    by_email = {row.user.email: row for row in made}
    Conflict.objects.bulk_create(
        Conflict(
            enrolment=by_email[row.person],
            person=region.users.get(row.with_person),
            organisation=region.councils.get(row.with_organisation),
            words=row.reason,
        )
        for row in content.conflicts()
        if row.person in by_email
    )
