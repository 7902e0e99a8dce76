"""How many more people an import may give a place to, counted down in memory."""

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
        for member in PoolMember.objects.filter(pool=programme.pool_id):
            self.limits[Role.MENTEE, member.organisation_id] = member.places_taken
            self.limits[Role.MENTOR, member.organisation_id] = member.places_given
        for own in Eligibility.objects.filter(programme=programme):
            self._narrow(Role.MENTEE, own.organisation_id, own.mentee_places)
            self._narrow(Role.MENTOR, own.organisation_id, own.mentor_places)

    def _narrow(self, role: str, organisation: int, limit: int | None) -> None:
        if limit is not None:
            self.limits[role, organisation] = limit

    def take(self, role: str, organisation: int) -> bool:
        """One place, if there is one left in the programme and for the organisation."""
        limit = self.limits.get((role, organisation))
        if limit is not None and self.used[role, organisation] >= limit:
            return False
        if role == Role.MENTEE and self.most_mentees is not None and self.mentees >= self.most_mentees:
            return False
        self.used[role, organisation] += 1
        self.mentees += role == Role.MENTEE
        return True
