"""A region to measure with: 14,000 registered people, and programmes of 10, 1,000 and 7,000 of them.

Made by bulk statements in seconds, the same for the same seed. Import only when Django is set up.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.matching.actions import rounds, scenarios
from commonhall.meetings.models import Meeting
from commonhall.mentorships.models import Mentorship, Participant
from commonhall.organisations.models import Grant, Membership, Organisation, Pool, PoolMember
from commonhall.people import ladder, taxonomy
from commonhall.people.models import Profile, Topic, WorkingHours
from commonhall.programmes import cycle, findable
from commonhall.programmes.models import Enrolment, Milestone, Programme

SIZES = (10, 1000, 7000)
REGISTERED = 14_000
COUNCILS = 60
PAIRS = 600
MATCHED = "people-1000"
PASSWORD = "a-quiet-harbour-at-dawn"

FIRST = "Amara Bela Cato Dilys Eoin Farah Greta Hamish Idris Jaya Kofi Mairi Nia Orla Piotr Rosa Sunil Tove Una Yusuf"
LAST = "Abbot Blyth Carr Dunn Elgar Finch Gower Hythe Ives Joyce Kerr Lund Marsh Nair Osei Pryce Reid Shah Tait Webb"
PLACES = "Ashmere Brackwater Coldstone Dunhaven Elmcross Farlow Glenarven Holmwick Ivelby Kestmoor Langford Merebank"
SORTS = ("Borough Council", "County Council", "District Council", "City Council", "Council")
POSTS = ("officer", "adviser", "team leader", "manager", "head of service")
THINGS = (
    "budgets committees planning housing tenants parking flooding libraries elections procurement payroll licensing "
    "kerbside recycling safeguarding carers apprentices heritage allotments harbours drainage ledgers consultation"
)
SENTENCES = (
    "I spent {n} years with {a} before I moved to {b}.",
    "What I know best is {a}, and how it hangs together with {b}.",
    "Ask me about {a} in a small council, or about the year in which {b} went wrong.",
    "I like to think aloud about {a} with people who come from {b}.",
)


@dataclass(frozen=True)
class Cookie:
    """Somebody who is signed in already."""

    user: int
    session: str


@dataclass(frozen=True)
class Crowd:
    """What the measurements need to know of the region."""

    coordinator: Cookie
    readers: dict[str, Cookie]
    clickers: list[Cookie]
    round: int
    pair: int


@transaction.atomic
def fill(seed: int = 7, sizes: tuple[int, ...] = SIZES, registered: int = REGISTERED) -> Crowd:
    chance = random.Random(seed)
    councils = list(_councils(chance))
    people = _people(chance, councils, max(registered, sum(sizes)), sum(sizes))
    coordinator = _coordinator(councils[0])
    start, readers = 0, {}
    for size in sizes:
        programme = _programme(f"people-{size}", councils)
        Grant.objects.create(user=coordinator, role=Grant.Role.COORDINATOR, scope=programme)
        some = people[start : start + size]
        _enrol(chance, programme, some)
        readers[programme.slug] = signed_in(some[0])
        start += size
    return Crowd(
        coordinator=signed_in(coordinator, second_factor=True),
        readers=readers,
        clickers=[signed_in(user) for user in people[start - sizes[-1] :][:500]],
        round=0,
        pair=_pairs(f"people-{sizes[-1]}"),
    )


def solve(slug: str = MATCHED) -> int:
    """A round with its first plan; needs the rest committed, for it is solved in a child."""
    programme = Programme.objects.get(slug=slug)
    coordinator = User.objects.get(email="coordinator@region.example")
    made = rounds.begin(programme, by=coordinator, name="Autumn round")
    scenarios.solve(made.scenarios.get(), by=coordinator)
    return made.pk


def _councils(chance: random.Random) -> Iterator[Organisation]:
    names = [f"{place} {sort}" for sort in SORTS for place in PLACES.split()][:COUNCILS]
    Organisation.objects.bulk_create(
        Organisation(
            name=name,
            short_name=name.split()[0] + ("" if name.endswith("Borough Council") else f" {name.split()[1][:6]}"),
            slug=name.lower().replace(" ", "-"),
            region=f"Region {number % 6}",
            country=("GB", "GB", "GB", "IE", "CA")[number % 5],
            size_band="medium",
            colour="#0b5d66",
        )
        for number, name in enumerate(names)
    )
    yield from Organisation.objects.order_by("pk")


def _people(chance: random.Random, councils: list[Organisation], count: int, enrolled: int) -> list[User]:
    password = make_password(PASSWORD)
    now = clock.now()
    users = User.objects.bulk_create(
        (
            User(
                email=f"person.{number}@region.example",
                name=f"{chance.choice(FIRST.split())} {chance.choice(LAST.split())}",
                password=password,
                joined_at=now,
                first_seen_at=now,
            )
            for number in range(count)
        ),
        batch_size=2000,
    )
    EmailAddress.objects.bulk_create(
        (EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users), batch_size=2000
    )
    Membership.objects.bulk_create(
        (Membership(user=user, organisation=chance.choice(councils), confirmed_at=clock.now()) for user in users),
        batch_size=2000,
    )
    profiles = Profile.objects.bulk_create((_profile(chance, user) for user in users), batch_size=1000)
    profiles = profiles[:enrolled]
    Topic.objects.bulk_create((one for profile in profiles for one in _topics(chance, profile)), batch_size=4000)
    WorkingHours.objects.bulk_create((one for profile in profiles for one in _week(chance, profile)), batch_size=4000)
    return users


def _profile(chance: random.Random, user: User) -> Profile:
    area = chance.choice(sorted(taxonomy.service_areas()))
    return Profile(
        user=user,
        job_title=f"{taxonomy.name_of(area)} {chance.choice(POSTS)}"[:150],
        service_area=area,
        level=chance.choice(list(ladder.LEVELS)),
        can_help=_words(chance, 2),
        want_to_learn=_words(chance, 2),
        biography=_words(chance, 5),
        career_path=_words(chance, 1),
        languages=["en", *(["cy"] if chance.random() < 0.1 else [])],
        channels=["teams"],
        listed_at=user.joined_at,
    )


def _words(chance: random.Random, sentences: int) -> str:
    return " ".join(
        chance.choice(SENTENCES).format(
            n=chance.randint(2, 30), a=chance.choice(THINGS.split()), b=chance.choice(THINGS.split())
        )
        for _number in range(sentences)
    )


def _topics(chance: random.Random, profile: Profile) -> Iterator[Topic]:
    areas, skills = sorted(taxonomy.service_areas()), sorted(taxonomy.competencies())
    for purpose in (Topic.Purpose.OFFER, Topic.Purpose.WANT):
        for key in chance.sample(areas, 2):
            yield Topic(profile=profile, purpose=purpose, kind=Topic.Kind.SERVICE, key=key)
        for key in chance.sample(skills, 2):
            yield Topic(profile=profile, purpose=purpose, kind=Topic.Kind.COMPETENCY, key=key)


def _week(chance: random.Random, profile: Profile) -> Iterator[WorkingHours]:
    for day in sorted(chance.sample(range(5), chance.randint(3, 5))):
        yield WorkingHours(profile=profile, weekday=day, starts=9 * 60, ends=17 * 60)


def _coordinator(council: Organisation) -> User:
    user = User.objects.create(
        email="coordinator@region.example", name="Bridget Marsh", password="!", needs_second_factor=True
    )
    Membership.objects.create(user=user, organisation=council)
    Profile.objects.create(user=user, job_title="Adviser", biography="Runs three programmes.", languages=["en"])
    TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    return user


def _programme(slug: str, councils: list[Organisation]) -> Programme:
    today = clock.today()
    pool = Pool.objects.create(name=f"Pool of {slug}", slug=slug)
    PoolMember.objects.bulk_create(PoolMember(pool=pool, organisation=council) for council in councils)
    programme = Programme.objects.create(
        pool=pool,
        name=f"Across the water, {slug}",
        slug=slug,
        template="cohort",
        state=Programme.State.MATCHING,
        summary="Eight months with a mentor from another council.",
        purpose="You meet somebody who has done it before.",
        agreement="We meet once a month.",
        kick_off_on=today + timedelta(weeks=2),
        applications_close_on=today - timedelta(days=3),
        ends_on=today + timedelta(weeks=38),
        rules=cycle.rules_for("career"),
        weights=cycle.weights_for("career"),
    )
    Milestone.objects.create(programme=programme, key="kick-off", label="Kick-off", on=programme.kick_off_on)
    return programme


def _enrol(chance: random.Random, programme: Programme, people: list[User]) -> None:
    """The first half mentees, the others mentors; a tenth have not been decided on."""
    home = dict(Membership.objects.filter(user__in=[one.pk for one in people]).values_list("user", "organisation"))
    half = len(people) // 2
    Enrolment.objects.bulk_create(
        (
            Enrolment(
                programme=programme,
                user=user,
                organisation_id=home[user.pk],
                role="mentee" if place < half else "mentor",
                state=Enrolment.State.APPLIED if place % 10 == 9 else Enrolment.State.APPROVED,
                capacity=1 if place < half else chance.choice([1, 1, 2]),
                goal=_words(chance, 1),
                applied_at=clock.now() - timedelta(minutes=place),
            )
            for place, user in enumerate(people)
        ),
        batch_size=1000,
    )
    findable.refresh(Enrolment.objects.filter(programme=programme))


def _pairs(slug: str) -> int:
    """Pairs under way with a meeting before them, so that start pages have something to say; the first one's id."""
    places = Enrolment.objects.filter(programme__slug=slug).approved().select_related("programme").order_by("pk")
    couples = list(zip(places.mentees()[:PAIRS], places.mentors()[:PAIRS], strict=True))
    made = Mentorship.objects.bulk_create(
        Mentorship(programme=one.programme, origin="round", pair=f"{one.pk}:{other.pk}") for one, other in couples
    )
    Participant.objects.bulk_create(
        Participant(mentorship=mentorship, user_id=place.user_id, enrolment=place, role=place.role)
        for mentorship, couple in zip(made, couples, strict=True)
        for place in couple
    )
    Enrolment.objects.filter(pk__in=[place.pk for couple in couples for place in couple]).update(taken=1)
    soon = (clock.now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    Meeting.objects.bulk_create(
        Meeting(
            mentorship=mentorship,
            title="Preparing for the budget",
            state=Meeting.State.AGREED,
            starts_at=soon,
            ends_at=soon + timedelta(hours=1),
            agreed_at=clock.now(),
        )
        for mentorship in made
    )
    return made[0].pk


def signed_in(user: User, *, second_factor: bool = False, backend: str = "") -> Cookie:
    """A session as the sign-in page leaves it."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = backend or settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    method = "mfa" if second_factor else "password"
    store["account_authentication_methods_user"] = str(user.pk)
    store["account_authentication_methods"] = [{"method": method, "at": clock.now().timestamp(), "type": "totp"}]
    key = store._get_new_session_key()
    expires = clock.now() + timedelta(days=30)
    Session.objects.create(session_key=key, session_data=store.encode(dict(store)), expire_date=expires)
    return Cookie(user.pk, key)
