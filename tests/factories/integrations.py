import factory

from commonhall.core import clock
from commonhall.integrations.models import BusySpan, Calendar
from tests.factories.accounts import UserFactory


class CalendarFactory(factory.django.DjangoModelFactory):
    """A calendar that was read a moment ago."""

    class Meta:
        model = Calendar

    user = factory.SubFactory(UserFactory)
    kind = Calendar.Kind.ICS
    name = "Work"
    read_at = factory.LazyFunction(clock.now)


class BusySpanFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = BusySpan

    calendar = factory.SubFactory(CalendarFactory)
