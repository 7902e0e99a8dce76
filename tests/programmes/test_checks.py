from datetime import timedelta

import pytest

from commonhall.core import clock
from commonhall.history.actions import record
from commonhall.history.models import Event
from commonhall.programmes import checks
from commonhall.programmes.models import Enrolment, Import, Programme
from tests.factories.programmes import EnrolmentFactory, MentorFactory

pytestmark = pytest.mark.django_db


def sentences():
    return [sentence for question in checks.CHECKS for sentence in question()]


def test_a_sound_programme_has_nothing_to_say(programme):
    MentorFactory(programme=programme)
    Import.objects.create(programme=programme, filename="a.csv", state="saved")
    assert sentences() == []


def test_places_still_in_use_after_a_finish_are_named_once_what_follows_had_its_time(programme):
    place = EnrolmentFactory(programme=programme, state="finished")
    Enrolment.objects.filter(pk=place.pk).update(taken=1)
    Programme.objects.filter(pk=programme.pk).update(state="finished")
    event = record("programme.finished", about=programme)
    assert sentences() == []
    Event.objects.filter(pk=event.pk).update(at=clock.now() - timedelta(hours=2))
    assert sentences() == [
        f"Enrolment {place.pk} still has a place in use in the finished programme “{programme.slug}”."
    ]


def test_what_is_wrong_is_named(programme):
    place = EnrolmentFactory(programme=programme)
    Import.objects.create(
        programme=programme, filename="a.csv", state="running", created_at=clock.now() - timedelta(hours=7)
    )
    Import.objects.create(programme=programme, filename="b.csv", state="saved", upload="imports/b.upload")
    Enrolment.objects.filter(pk=place.pk).update(available_from="2027-02-01", available_until="2027-01-01")
    Programme.objects.filter(pk=programme.pk).update(state="finished")
    EnrolmentFactory(programme=programme, state="finished")
    Programme.objects.filter(pk=EnrolmentFactory().programme_id).update(state="asleep")
    said = "\n".join(sentences())
    for words in (
        "still open in the finished",
        "before it begins",
        "more than six hours",
        "keeps its file",
        "“asleep”",
    ):
        assert words in said
    assert len(sentences()) == 5
