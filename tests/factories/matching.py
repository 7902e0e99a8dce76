import random
from typing import Any

import factory

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.matching.models import Proposal, Round, Scenario, Wish
from commonhall.organisations.models import Membership, Organisation, PoolMember
from commonhall.people import taxonomy
from commonhall.people.models import Profile, Topic, WorkingHours
from commonhall.programmes import cycle
from commonhall.programmes.models import Enrolment, Programme
from tests.factories.organisations import OrganisationFactory
from tests.factories.programmes import EnrolmentFactory, MentorFactory, ProgrammeFactory


class RoundFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Round
        skip_postgeneration_save = True

    programme = factory.SubFactory(ProgrammeFactory, state=Programme.State.MATCHING)
    name = "Autumn"

    @factory.post_generation
    def scenario(self, create: bool, extracted: Any, **fields: Any) -> None:
        if create:
            ScenarioFactory(round=self, **fields)


class ScenarioFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Scenario

    round = factory.SubFactory(RoundFactory)
    name = factory.Sequence(lambda n: f"Plan {n}")
    rules = factory.LazyAttribute(lambda made: cycle.rules_for(made.round.programme.kind))
    weights = factory.LazyAttribute(lambda made: cycle.weights_for(made.round.programme.kind))


class ProposalFactory(factory.django.DjangoModelFactory):
    """A match that was offered a moment ago and that nobody has answered."""

    class Meta:
        model = Proposal

    programme = factory.SubFactory(ProgrammeFactory, state=Programme.State.MATCHING)
    mentee = factory.LazyAttribute(lambda made: EnrolmentFactory(programme=made.programme))
    mentor = factory.LazyAttribute(lambda made: MentorFactory(programme=made.programme))
    state = Proposal.State.OFFERED
    score = 0.7
    offered_at = factory.LazyFunction(clock.now)


class WishFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Wish

    mentee = factory.SubFactory(EnrolmentFactory)
    mentor = factory.LazyAttribute(lambda made: MentorFactory(programme=made.mentee.programme))
    rank = 1


FIRST = ("Amara", "Bela", "Cato", "Dilys", "Eoin", "Farah", "Greta", "Hamish", "Idris", "Jaya", "Kofi", "Mairi", "Orla")
LAST = ("Abbot", "Blyth", "Carr", "Dunn", "Elgar", "Finch", "Gower", "Hythe", "Ives", "Joyce", "Kerr", "Marsh", "Pryce")


def region(programme: Programme, *, mentees: int, mentors: int, councils: int = 8, seed: int = 1) -> None:
    """Many believable people with places in a programme, made in a few statements; the same for the same seed."""
    chance = random.Random(seed)
    homes = [
        OrganisationFactory(region=f"Region {n % 3}", kind="district", size_band="medium") for n in range(councils)
    ]
    PoolMember.objects.bulk_create(PoolMember(pool=programme.pool, organisation=home) for home in homes)
    roles = ["mentee"] * mentees + ["mentor"] * mentors
    users = User.objects.bulk_create(
        User(
            email=f"p{n}.s{seed}.{programme.pk}@region.example",
            name=f"{chance.choice(FIRST)} {chance.choice(LAST)}",
            password="!",
            time_zone=chance.choice(["Europe/London", "Europe/London", "Europe/Berlin"]),
        )
        for n in range(len(roles))
    )
    places = {user.pk: chance.choice(homes) for user in users}
    Membership.objects.bulk_create(
        Membership(user=user, organisation=places[user.pk], confirmed_at=clock.now()) for user in users
    )
    profiles = Profile.objects.bulk_create(
        _profile(user, role, chance) for user, role in zip(users, roles, strict=True)
    )
    Topic.objects.bulk_create(
        topic for profile, role in zip(profiles, roles, strict=True) for topic in _topics(profile, role, chance)
    )
    WorkingHours.objects.bulk_create(hours for profile in profiles for hours in _hours(profile, chance))
    Enrolment.objects.bulk_create(
        _enrolment(programme, user, role, places[user.pk], chance) for user, role in zip(users, roles, strict=True)
    )


def _profile(user: User, role: str, chance: random.Random) -> Profile:
    low, high = (2, 5) if role == "mentee" else (4, 8)
    return Profile(
        user=user,
        job_title=f"{chance.choice(['Officer', 'Adviser', 'Lead', 'Manager'])}",
        service_area=chance.choice(sorted(taxonomy.service_areas())),
        level=str(chance.randint(low, high)),
        languages=["en"],
        channels=[chance.choice(["teams", "phone", "zoom"])],
        listed_at=clock.now(),
    )


def _topics(profile: Profile, role: str, chance: random.Random) -> list[Topic]:
    purpose = Topic.Purpose.WANT if role == "mentee" else Topic.Purpose.OFFER
    areas = chance.sample(sorted(taxonomy.service_areas()), 2)
    skills = chance.sample(sorted(taxonomy.competencies()), 2)
    return [
        *(Topic(profile=profile, purpose=purpose, kind="service", key=key) for key in areas),
        *(Topic(profile=profile, purpose=purpose, kind="competency", key=key) for key in skills),
        Topic(profile=profile, purpose=Topic.Purpose.INTEREST, kind="tag", key=chance.choice(["walking", "choirs"])),
    ]


def _hours(profile: Profile, chance: random.Random) -> list[WorkingHours]:
    days = chance.sample(range(5), chance.randint(3, 5))
    return [WorkingHours(profile=profile, weekday=day, starts=9 * 60, ends=17 * 60) for day in days]


def _enrolment(programme: Programme, user: User, role: str, home: Organisation, chance: random.Random) -> Enrolment:
    capacity = 1 if role == "mentee" else chance.choice([1, 1, 2])
    return Enrolment(
        programme=programme,
        user=user,
        organisation=home,
        role=role,
        state=Enrolment.State.APPROVED,
        capacity=capacity,
        goal="Chair a meeting without notes." if role == "mentee" else "",
        decided_at=clock.now(),
    )
