import factory

from commonhall.core import clock
from commonhall.people.models import Profile, Topic, WorkingHours
from tests.factories.accounts import UserFactory


class ProfileFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Profile

    user = factory.SubFactory(UserFactory)
    job_title = "Housing manager"
    service_area = "housing"
    level = "5"
    languages = factory.LazyFunction(lambda: ["en"])
    listed_at = factory.LazyFunction(clock.now)


class TopicFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Topic

    profile = factory.SubFactory(ProfileFactory)
    purpose = Topic.Purpose.OFFER
    kind = Topic.Kind.SERVICE
    key = "housing"


class WorkingHoursFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WorkingHours

    profile = factory.SubFactory(ProfileFactory)
    weekday = factory.Sequence(lambda n: n % 5)
    starts = 9 * 60
    ends = 17 * 60
