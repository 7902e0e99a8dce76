"""What must always be true here; each sentence names one thing that is not."""

from collections.abc import Iterator

from django.db.models import Count, F, Q

from commonhall.mentorships.models import Mentorship, Signature
from commonhall.programmes.models import Enrolment


def places_do_not_add_up() -> Iterator[str]:
    """An enrolment's `taken` counts the live mentorships that it is part of."""
    live = Count("participations", filter=~Q(participations__mentorship__state=Mentorship.State.ENDED))
    for one in Enrolment.objects.annotate(live=live).exclude(taken=F("live")).order_by("pk"):
        yield f"Enrolment {one.pk} says that {one.taken} places are taken, but is part of {one.live} live mentorships."


def nobody_in_it() -> Iterator[str]:
    alone = Mentorship.objects.live().annotate(people=Count("participants")).filter(people__lt=2).order_by("pk")
    for mentorship in alone:
        yield f"Mentorship {mentorship.pk} is live with fewer than two people."


def signed_by_strangers() -> Iterator[str]:
    wrong = Signature.objects.exclude(agreement__mentorship=F("participant__mentorship")).order_by("pk")
    for signature in wrong:
        yield f"Agreement {signature.agreement_id} is signed by somebody who is not part of its mentorship."


CHECKS = (places_do_not_add_up, nobody_in_it, signed_by_strangers)
