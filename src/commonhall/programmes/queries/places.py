"""What each organisation of a pool allows its own people in one programme; the one place where that is read."""

from collections.abc import Mapping
from dataclasses import dataclass

from commonhall.organisations.models import PoolMember
from commonhall.programmes.models import Eligibility, Enrolment, Programme

Key = tuple[str, int]
MENTEE, MENTOR = Enrolment.Role.MENTEE, Enrolment.Role.MENTOR


@dataclass(frozen=True, slots=True)
class Limits:
    """By role and organisation: the most places, where there is a most, and which roles are not offered.

    An organisation's own rule in the programme comes before its rule in the pool; one that has left has neither.
    """

    members: Mapping[int, PoolMember]
    most: Mapping[Key, int]
    closed: frozenset[Key]

    def offers(self, role: str, organisation: int) -> bool:
        return (role, organisation) not in self.closed


def limits(programme: Programme, organisation: int | None = None) -> Limits:
    """Of all organisations, or of one; two queries."""
    one = {} if organisation is None else {"organisation": organisation}
    own = {row.organisation_id: row for row in Eligibility.objects.filter(programme=programme, **one)}
    here = PoolMember.objects.filter(pool=programme.pool_id, left_on=None, **one)
    members = {row.organisation_id: row for row in here}
    most: dict[Key, int] = {}
    closed: set[Key] = set()
    for key in {*members, *own}:
        for role in (MENTEE, MENTOR):
            offered, limit = _rule(role, members.get(key), own.get(key))
            if limit is not None:
                most[role, key] = limit
            if not offered:
                closed.add((role, key))
    return Limits(members, most, frozenset(closed))


def _rule(role: str, member: PoolMember | None, own: Eligibility | None) -> tuple[bool, int | None]:
    if role == MENTEE:
        pool = (member.may_be_mentored, member.places_taken) if member else (True, None)
        mine = (own.mentees, own.mentee_places) if own else None
    else:
        pool = (True, member.places_given if member else None)
        mine = (own.mentors, own.mentor_places) if own else None
    if mine is None:
        return pool
    offered, limit = mine
    return offered, pool[1] if limit is None else limit
