from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Prefetch, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import ngettext

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.core.prepared import Prepared
from commonhall.mentorships.agreement import Section, draft, sections
from commonhall.mentorships.models import Agreement, Mentorship, Participant, Signature
from commonhall.organisations.queries import hidden_from

UNSIGNED_AFTER = timedelta(days=30)
WEEKS_TO_REVIEW = 12


@dataclass(frozen=True)
class Signing:
    """Where one person stands with the current version."""

    participant: Participant
    signed_at: datetime | None


@dataclass(frozen=True)
class AgreementNow:
    """The current version, if there is one, and who has signed it."""

    agreement: Agreement | None
    signings: tuple[Signing, ...]

    @property
    def version(self) -> int:
        return self.agreement.version if self.agreement else 0

    @property
    def sections(self) -> list[Section]:
        return sections(self.agreement.text) if self.agreement else []

    @property
    def written(self) -> list[Section]:
        """The sections in which something stands."""
        return [section for section in self.sections if section.body]

    @property
    def is_signed(self) -> bool:
        return self.agreement is not None and all(one.signed_at for one in self.signings)

    def signed_by(self, user: User) -> bool:
        return any(one.signed_at for one in self.signings if one.participant.user_id == user.pk)


@dataclass(frozen=True)
class Pair:
    """One of my mentorships, as a list shows it."""

    mentorship: Mentorship
    others: tuple[Participant, ...]


def signatures_that_count(mentorship: str) -> QuerySet[Signature]:
    """Under the latest version of a row's agreement: an older one was signed for other words.

    For a subquery; `mentorship` is the row's column that names the mentorship.
    """
    versions = Agreement.objects.filter(mentorship=OuterRef(OuterRef(mentorship))).order_by("-version")
    return Signature.objects.filter(agreement=Subquery(versions.values("pk")[:1]))


def with_people(mentorships: QuerySet[Mentorship]) -> QuerySet[Mentorship]:
    """With programme and participants, and when each signed the latest agreement: what pages and rules want."""
    signatures = signatures_that_count("mentorship").filter(participant=OuterRef("pk")).values("signed_at")
    people = Participant.objects.select_related("user__membership__organisation", "enrolment__organisation").annotate(
        signed_at=Subquery(signatures[:1])
    )
    return mentorships.select_related("programme__pool").prefetch_related(Prefetch("participants", queryset=people))


def long_unsigned(mentorships: QuerySet[Mentorship]) -> QuerySet[Mentorship]:
    """Those under way whose agreement, as it is now, somebody has not signed in the time that there is for it."""
    signed = signatures_that_count("mentorship").filter(participant=OuterRef("pk"))
    missing = Participant.objects.filter(~Exists(signed), mentorship=OuterRef("pk"))
    began = clock.now() - UNSIGNED_AFTER
    return mentorships.filter(Exists(missing), state=Mentorship.State.ACTIVE, began_at__lt=began)


def mentorships_of(user: User | int) -> QuerySet[Mentorship]:
    """Mine, those that ended last."""
    over = Case(When(state=Mentorship.State.ENDED, then=Value(1)), default=Value(0))
    return with_people(Mentorship.objects.of(user)).annotate(over=over).order_by("over", "-began_at", "-pk")


def pairs_of(user: User) -> list[Pair]:
    return [Pair(one, tuple(partners(one, user))) for one in _pairs(user=user.pk)]


def shown_to(user: User, pk: int) -> Mentorship | None:
    """With its people, for whoever takes part in it or runs its programme."""
    found: Mentorship | None = _shown(user=user.pk, pk=pk)
    return found


_pairs = Prepared(lambda user: mentorships_of(user), user=int)
_shown = Prepared(
    lambda user, pk: with_people(Mentorship.objects.visible_to(user)).filter(pk=pk), user=int, pk=int
).first


def partners(mentorship: Mentorship, user: User) -> list[Participant]:
    """The others in it; all of them for somebody outside."""
    return [one for one in mentorship.participants.all() if one.user_id != user.pk]


def agreement_now(mentorship: Mentorship) -> AgreementNow:
    """Of a mentorship that came from `with_people`."""
    signings = tuple(Signing(one, getattr(one, "signed_at", None)) for one in mentorship.participants.all())
    return AgreementNow(mentorship.agreements.first(), signings)


def agreement_draft(mentorship: Mentorship) -> list[Section]:
    """What the pair starts from: the programme's text with the rhythm filled in."""
    weeks = mentorship.programme.rhythm_weeks
    rhythm = ngettext("about once a week", "about every %(weeks)d weeks", weeks) % {"weeks": weeks}
    return draft(mentorship.programme.agreement, rhythm)


def review_day(mentorship: Mentorship) -> date:
    """Half-way through the programme, or in twelve weeks where it has no end."""
    began = mentorship.began_at.date()
    ends = mentorship.programme.ends_on
    return began + (ends - began) / 2 if ends and ends > began else began + timedelta(weeks=WEEKS_TO_REVIEW)


def with_signatures(mentorships: QuerySet[Mentorship]) -> QuerySet[Any]:
    """With how many have signed the latest version, of how many people."""
    return mentorships.annotate(
        signed=_count(signatures_that_count("pk"), "agreement"),
        people=_count(Participant.objects.filter(mentorship=OuterRef("pk")), "mentorship"),
    )


def under_way(programme: int) -> QuerySet[Mentorship]:
    return Mentorship.objects.live().filter(programme=programme).order_by("pk")


def due_to_resume() -> QuerySet[Mentorship]:
    """Paused until a day that has come somewhere in the world; the action looks at the pair's own zone."""
    tomorrow = clock.today() + timedelta(days=1)
    return Mentorship.objects.filter(state=Mentorship.State.PAUSED, resumes_on__lte=tomorrow)


def hidden_fields(mentorship: Mentorship, person: Participant, reader: User) -> frozenset[str]:
    """The profile fields that a person's organisation keeps within its own walls, for a reader from another."""
    home = person.enrolment.organisation_id
    mine = [one.enrolment.organisation_id for one in mentorship.participants.all() if one.user_id == reader.pk]
    return hidden_from(next(iter(mine), None), mentorship.programme.pool_id, [home])[home]


def _count(rows: QuerySet[Any], group: str) -> Coalesce:
    counted = rows.order_by().values(group).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
