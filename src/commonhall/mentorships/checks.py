"""What must always be true here; each sentence names one thing that is not."""

from collections.abc import Iterator

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from commonhall.mentorships.models import Mentorship, Participant, Signature
from commonhall.programmes.models import Enrolment


def places() -> Iterator[str]:
    """Places in use equal live mentorships, and never exceed capacity."""
    live = (
        Participant.objects.filter(enrolment=OuterRef("pk"))
        .exclude(mentorship__state=Mentorship.State.ENDED)
        .order_by()
        .values("enrolment")
        .annotate(number=Count("pk"))
        .values("number")
    )
    counted = Enrolment.objects.annotate(live=Coalesce(Subquery(live), 0))
    wrong = counted.filter(~Q(taken=F("live")) | Q(taken__gt=F("capacity"))).order_by("pk")
    for pk, taken, capacity, number in wrong.values_list("pk", "taken", "capacity", "live"):
        yield f"Enrolment {pk} has {taken} of {capacity} places in use, and {number} live mentorships."


def alone() -> Iterator[str]:
    """A live mentorship has a mentor and a mentee."""
    sides = Mentorship.objects.live().annotate(
        mentors=Count("participants", filter=Q(participants__role=Enrolment.Role.MENTOR)),
        mentees=Count("participants", filter=Q(participants__role=Enrolment.Role.MENTEE)),
    )
    wrong = sides.filter(Q(mentors=0) | Q(mentees=0)).order_by("pk")
    for pk, mentors, mentees in wrong.values_list("pk", "mentors", "mentees"):
        yield f"Mentorship {pk} has {mentors} mentors and {mentees} mentees."


def states() -> Iterator[str]:
    """Every state is one that the product knows."""
    for row in Mentorship.objects.exclude(state__in=Mentorship.State.values):
        yield f"Mentorship {row.pk} is in the unknown state “{row.state}”."
    for place in Enrolment.objects.exclude(state__in=Enrolment.State.values):
        yield f"Enrolment {place.pk} is in the unknown state “{place.state}”."


def signatures() -> Iterator[str]:
    """Whoever signed an agreement is part of its mentorship."""
    for row in Signature.objects.exclude(agreement__mentorship=F("participant__mentorship")).order_by("pk"):
        yield f"Agreement {row.agreement_id} is signed by somebody who is not part of its mentorship."


CHECKS = (places, alone, states, signatures)
