"""To whom an import may give a place: what each organisation allows, and the places left, counted down in memory.

True as long as the programme's row is held.
"""

from collections import Counter

from commonhall.programmes.models import Enrolment, Programme
from commonhall.programmes.queries.places import limits

Role = Enrolment.Role


class Room:
    def __init__(self, programme: Programme) -> None:
        approved = programme.enrolments.approved().order_by()
        self.used = Counter(approved.values_list("role", "organisation_id"))
        self.mentees = sum(number for (role, _organisation), number in self.used.items() if role == Role.MENTEE)
        self.most_mentees = programme.mentee_places
        self.members_only = programme.members_only
        self.limits = limits(programme)

    def take(self, role: str, organisation: int, level: str) -> bool:
        """One place, if the organisation offers it and one is left in the programme and for the organisation."""
        if not self.limits.offers(role, organisation) or (self.members_only and not level.startswith("E")):
            return False
        limit = self.limits.most.get((role, organisation))
        if limit is not None and self.used[role, organisation] >= limit:
            return False
        if role == Role.MENTEE and self.most_mentees is not None and self.mentees >= self.most_mentees:
            return False
        self.used[role, organisation] += 1
        self.mentees += role == Role.MENTEE
        return True
