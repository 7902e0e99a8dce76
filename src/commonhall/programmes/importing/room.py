"""To whom an import may give a place: what each organisation allows, and the places left, counted down in memory.

True as long as the programme's row is held.
"""

from collections import Counter

from commonhall.organisations.models import PoolMember
from commonhall.programmes.models import Eligibility, Enrolment, Programme

Role = Enrolment.Role


class Room:
    def __init__(self, programme: Programme) -> None:
        approved = programme.enrolments.approved().order_by()
        self.used = Counter(approved.values_list("role", "organisation_id"))
        self.mentees = sum(number for (role, _organisation), number in self.used.items() if role == Role.MENTEE)
        self.most_mentees = programme.mentee_places
        self.limits: dict[tuple[str, int], int | None] = {}
        self.closed: set[tuple[str, int]] = set()
        self.members_only = programme.members_only
        for member in PoolMember.objects.filter(pool=programme.pool_id):
            self._allow(Role.MENTEE, member.organisation_id, member.may_be_mentored)
            self.limits[Role.MENTEE, member.organisation_id] = member.places_taken
            self.limits[Role.MENTOR, member.organisation_id] = member.places_given
        for own in Eligibility.objects.filter(programme=programme):
            self._allow(Role.MENTEE, own.organisation_id, own.mentees)
            self._allow(Role.MENTOR, own.organisation_id, own.mentors)
            self._narrow(Role.MENTEE, own.organisation_id, own.mentee_places)
            self._narrow(Role.MENTOR, own.organisation_id, own.mentor_places)

    def _narrow(self, role: str, organisation: int, limit: int | None) -> None:
        if limit is not None:
            self.limits[role, organisation] = limit

    def _allow(self, role: str, organisation: int, allowed: bool) -> None:
        (self.closed.discard if allowed else self.closed.add)((role, organisation))

    def take(self, role: str, organisation: int, level: str) -> bool:
        """One place, if the organisation offers it and one is left in the programme and for the organisation."""
        if (role, organisation) in self.closed or (self.members_only and not level.startswith("E")):
            return False
        limit = self.limits.get((role, organisation))
        if limit is not None and self.used[role, organisation] >= limit:
            return False
        if role == Role.MENTEE and self.most_mentees is not None and self.mentees >= self.most_mentees:
            return False
        self.used[role, organisation] += 1
        self.mentees += role == Role.MENTEE
        return True
