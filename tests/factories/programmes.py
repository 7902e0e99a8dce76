from datetime import timedelta

import factory

from commonhall.core import clock
from commonhall.organisations.models import Grant, PoolMember
from commonhall.people.models import Profile
from commonhall.programmes import cycle
from commonhall.programmes.models import Enrolment, Programme
from tests.factories.accounts import UserFactory
from tests.factories.organisations import GrantFactory, MembershipFactory, OrganisationFactory, PoolFactory


class ProgrammeFactory(factory.django.DjangoModelFactory):
    """A programme that takes applications, in a pool of its own."""

    class Meta:
        model = Programme

    pool = factory.SubFactory(PoolFactory)
    name = factory.Sequence(lambda n: f"Programme {n}")
    slug = factory.Sequence(lambda n: f"programme-{n}")
    template = "cohort"
    kind = Programme.Kind.CAREER
    state = Programme.State.OPEN
    summary = "Eight months with a mentor from another council."
    purpose = "You meet somebody who has done it before."
    kick_off_on = factory.LazyFunction(lambda: clock.today() + timedelta(weeks=6))
    applications_close_on = factory.LazyFunction(lambda: clock.today() + timedelta(weeks=3))
    rules = factory.LazyAttribute(lambda programme: cycle.rules_for(programme.kind))
    weights = factory.LazyAttribute(lambda programme: cycle.weights_for(programme.kind))


class EnrolmentFactory(factory.django.DjangoModelFactory):
    """Somebody with a place; their organisation is in the pool and in their membership."""

    class Meta:
        model = Enrolment
        skip_postgeneration_save = True

    programme = factory.SubFactory(ProgrammeFactory)
    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = Enrolment.Role.MENTEE
    state = Enrolment.State.APPROVED
    goal = "Chair a meeting without notes."

    @factory.post_generation
    def belonging(self, create, extracted, **kwargs):
        if create:
            member_of(self.programme.pool, self.organisation)
            if not hasattr(self.user, "membership"):
                MembershipFactory(user=self.user, organisation=self.organisation)


class MentorFactory(EnrolmentFactory):
    """A mentor with a place, two places to give and a profile that stands in the directory."""

    class Meta:
        skip_postgeneration_save = True

    role = Enrolment.Role.MENTOR
    capacity = 2
    goal = ""

    @factory.post_generation
    def profile(self, create, extracted, **fields):
        if create:
            defaults = {"service_area": "housing", "level": "6", "languages": ["en"], "listed_at": clock.now()}
            Profile.objects.update_or_create(user=self.user, defaults=defaults | fields)


def member_of(pool, organisation=None, **fields):
    organisation = organisation or OrganisationFactory()
    return PoolMember.objects.get_or_create(pool=pool, organisation=organisation, defaults=fields)[0]


def person_of(pool, organisation=None, **fields):
    """Somebody who works for an organisation of the pool."""
    return MembershipFactory(organisation=member_of(pool, organisation).organisation, user=UserFactory(**fields)).user


def coordinator_of(programme, **fields):
    user = UserFactory(**fields)
    GrantFactory(user=user, role=Grant.Role.COORDINATOR, scope=programme)
    return user


def owner_of(pool, **fields):
    user = UserFactory(**fields)
    GrantFactory(user=user, role=Grant.Role.POOL_OWNER, scope=pool)
    return user
