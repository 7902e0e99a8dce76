from datetime import timedelta
from typing import Any

import factory

from commonhall.core import clock
from commonhall.meetings.models import Guest, Meeting, TimeOption
from commonhall.meetings.visitors import digest
from tests.factories.mentorships import MentorshipFactory


def soon(hours: float = 48) -> Any:
    return (clock.now() + timedelta(hours=hours)).replace(second=0, microsecond=0)


class MeetingFactory(factory.django.DjangoModelFactory):
    """Agreed, for the day after tomorrow."""

    class Meta:
        model = Meeting

    mentorship = factory.SubFactory(MentorshipFactory)
    title = "Preparing for the budget"
    state = Meeting.State.AGREED
    minutes = 60
    starts_at = factory.LazyFunction(soon)
    ends_at = factory.LazyAttribute(lambda made: made.starts_at and made.starts_at + timedelta(minutes=made.minutes))
    agreed_at = factory.LazyAttribute(lambda made: made.starts_at and made.starts_at - timedelta(days=14))


class ProposedMeetingFactory(MeetingFactory):
    """Not agreed yet; give it times with `TimeOptionFactory`."""

    state = Meeting.State.PROPOSED
    starts_at = None
    ends_at = None
    agreed_at = None


class TimeOptionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TimeOption

    meeting = factory.SubFactory(ProposedMeetingFactory)
    starts_at = factory.LazyFunction(soon)


class GuestFactory(factory.django.DjangoModelFactory):
    """Waits at the door of a meeting that is under way; the secret of guest 3 is "secret-3"."""

    class Meta:
        model = Guest

    meeting = factory.SubFactory(MeetingFactory, starts_at=factory.LazyFunction(lambda: soon(0)))
    name = factory.Sequence(lambda n: f"Guest {n}")
    key = factory.Sequence(lambda n: digest(f"secret-{n}"))
