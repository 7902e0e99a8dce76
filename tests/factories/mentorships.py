from typing import Any

import factory

from commonhall.core import clock
from commonhall.mentorships.models import Agreement, Mentorship, Participant
from commonhall.programmes.models import Enrolment, Programme
from tests.factories.programmes import EnrolmentFactory, ProgrammeFactory


class ParticipantFactory(factory.django.DjangoModelFactory):
    """Somebody in a mentorship, with a place in its programme that is in use."""

    class Meta:
        model = Participant

    role = Enrolment.Role.MENTEE
    enrolment = factory.LazyAttribute(
        lambda made: EnrolmentFactory(
            programme=made.mentorship.programme,
            role=made.role,
            state=Enrolment.State.APPROVED,
            taken=1,
            **({"user": made.user} if made.user else {}),
        )
    )
    user = None

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Participant:
        kwargs["user"] = kwargs["enrolment"].user
        return super()._create(model_class, *args, **kwargs)


class MentorshipFactory(factory.django.DjangoModelFactory):
    """A mentee and a mentor, one month into a running programme."""

    class Meta:
        model = Mentorship
        skip_postgeneration_save = True

    programme = factory.SubFactory(ProgrammeFactory, state=Programme.State.RUNNING)
    origin = Mentorship.Origin.ROUND
    pair = factory.Sequence(lambda n: f"pair:{n}")
    began_at = factory.LazyFunction(clock.now)

    @factory.post_generation
    def mentee(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        ParticipantFactory(mentorship=self, role=Enrolment.Role.MENTEE, user=extracted, **kwargs)

    @factory.post_generation
    def mentor(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        ParticipantFactory(mentorship=self, role=Enrolment.Role.MENTOR, user=extracted, **kwargs)


class AgreementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Agreement

    mentorship = factory.SubFactory(MentorshipFactory)
    version = 1
    text = "## Purpose\nTo think aloud with somebody who has done it before."
    goals = factory.LazyFunction(lambda: ["Chair a committee"])
