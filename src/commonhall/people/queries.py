from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commonhall.core import clock
from commonhall.core.prepared import Prepared
from commonhall.organisations.models import Organisation
from commonhall.people import ladder, photos, taxonomy
from commonhall.people.models import Department, Profile, Topic
from commonhall.people.time_words import Hours, times_in_words
from commonhall.people.visibility import Viewer, visible_fields

LISTS = {Topic.Kind.SERVICE: "service_areas", Topic.Kind.COMPETENCY: "competencies"}


@dataclass(frozen=True)
class Card:
    """A profile as one reader may see it, in words. What the reader may not see is empty."""

    name: str
    email: str = ""
    photo: str = ""
    pronouns: str = ""
    job_title: str = ""
    organisation: str = ""
    service_area: str = ""
    level: str = ""
    offers: list[str] = field(default_factory=list)
    can_help: str = ""
    wants: list[str] = field(default_factory=list)
    want_to_learn: str = ""
    interests: list[str] = field(default_factory=list)
    biography: str = ""
    career_path: str = ""
    qualifications: str = ""
    languages: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    time_zone: str = ""
    hours: list[Hours] = field(default_factory=list)
    next_hours: list[Hours] = field(default_factory=list)
    leave: list[str] = field(default_factory=list)
    holiday_country: str = ""
    holiday_region: str = ""
    works_on_holidays: bool = False
    term_time_only: bool = False
    notice_hours: str = ""
    buffer_minutes: str = ""
    most_minutes_a_day: str = ""
    adjustments: str = ""

    @property
    def line(self) -> str:
        """Job title and organisation in one line."""
        return ", ".join(part for part in (self.job_title, self.organisation) if part)


@dataclass(frozen=True)
class OwnName:
    """One of an organisation's own names, with its service area in words."""

    pk: int
    name: str
    service_area: str


@dataclass(frozen=True)
class Step:
    """One part of the profile and whether anything stands in it."""

    name: str | Promise
    url_name: str
    done: bool


def profiles(users: Iterable[Any]) -> QuerySet[Profile]:
    """Profiles with all that a card or the matching needs, in four queries whatever their number."""
    return (
        Profile.objects.filter(user__in=users)
        .select_related("user__membership__organisation")
        .prefetch_related("topics", "hours", "leave")
    )


def profile_of(user: Any) -> Profile:
    """Somebody's profile; an empty one, not saved, where there is none yet."""
    return _profile(user=user.pk) or Profile(user=user)


_profile = Prepared(lambda user: profiles([user]), user=int).first


def topic_name(topic: Topic) -> str:
    return taxonomy.name_of(topic.key, among=LISTS[Topic.Kind(topic.kind)]) if topic.kind in LISTS else topic.key


def card(user: Any, viewer: Viewer, reader: Any, hidden: Iterable[str] = ()) -> Card:
    """One profile for one reader; `hidden` are the fields that the person's organisation keeps to itself."""
    return card_of(profile_of(user), viewer, reader, hidden)


def card_of(profile: Profile, viewer: Viewer, reader: Any, hidden: Iterable[str] = ()) -> Card:
    """The same for a profile that came from `profiles`: no further query."""
    seen = visible_fields(viewer, hidden)
    return Card(**{name: value for name, value in _in_words(profile, reader).items() if name in seen})


def _in_words(profile: Profile, reader: Any) -> dict[str, Any]:
    user = profile.user
    topics = list(profile.topics.all()) if profile.pk else []
    membership = getattr(user, "membership", None)
    texts = ("pronouns", "job_title", "can_help", "want_to_learn", "biography", "career_path", "qualifications")
    return {
        **{name: getattr(profile, name) for name in texts},
        "name": user.name,
        "email": user.email,
        "photo": photos.address(profile, reader),
        "organisation": membership.organisation.name if membership else "",
        "service_area": taxonomy.name_of(profile.service_area) if profile.service_area else "",
        "level": ladder.name_of(profile.level) if profile.level else "",
        "offers": [topic_name(topic) for topic in topics if topic.purpose == Topic.Purpose.OFFER],
        "wants": [topic_name(topic) for topic in topics if topic.purpose == Topic.Purpose.WANT],
        "interests": [topic_name(topic) for topic in topics if topic.purpose == Topic.Purpose.INTEREST],
        "languages": taxonomy.names(profile.languages, among="languages"),
        "channels": taxonomy.names(profile.channels, among="channels"),
        "time_zone": clock.zone_in_words(user.time_zone),
        **times_in_words(profile),
        "adjustments": profile.adjustments,
    }


def steps(mine: Card) -> list[Step]:
    """How far a person's own card is filled in."""
    return [
        Step(_("You and your work"), "people:work", bool(mine.job_title and mine.organisation and mine.level)),
        Step(_("What you offer and want"), "people:exchange", bool(mine.offers or mine.wants)),
        Step(_("Your background"), "people:background", bool(mine.biography and mine.languages)),
        Step(_("When and how you can meet"), "people:times", bool(mine.hours)),
        Step(_("Your photo"), "people:photo_edit", bool(mine.photo)),
    ]


def departments_of(organisation: Organisation) -> list[OwnName]:
    """An organisation's own names, in the order of the alphabet."""
    rows = sorted(organisation.departments.all(), key=lambda row: row.folded)
    return [OwnName(row.pk, row.name, taxonomy.name_of(row.service_area)) for row in rows]


def own_names(organisation: Organisation | None) -> dict[str, list[str]]:
    """What an organisation calls each service area that it has named."""
    if organisation is None:
        return {}
    found: dict[str, list[str]] = defaultdict(list)
    for name, area in Department.objects.filter(organisation=organisation).values_list("name", "service_area"):
        found[area].append(name)
    return dict(found)


def departments_by_organisation() -> dict[str, dict[str, str]]:
    """The service area of each name in plain words, by the organisation's id as a text."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for organisation, folded, area in Department.objects.values_list("organisation", "folded", "service_area"):
        found[str(organisation)][folded] = area
    return dict(found)
