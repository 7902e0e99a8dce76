"""Two people take the last place at the same moment, on two connections: one gets it, the other is told."""

import threading

import pytest

from commonhall.core import errors
from commonhall.programmes import actions
from commonhall.programmes.importing import actions as importing
from commonhall.programmes.models import Enrolment, Import, Programme
from tests.factories.programmes import EnrolmentFactory, MentorFactory, ProgrammeFactory, coordinator_of
from tests.programmes.sheets import ROWS

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


def outcomes(results):
    return sorted("taken" if result is None else type(result).__name__ for result in results)


def test_the_last_place_is_taken_once(together):
    for _ in range(ROUNDS):
        mentor = MentorFactory(capacity=1)
        results = together(
            lambda mentor=mentor: actions.take_place(mentor), lambda mentor=mentor: actions.take_place(mentor)
        )
        assert outcomes(results) == ["Conflict", "taken"]
        mentor.refresh_from_db()
        assert mentor.taken == 1


def test_without_the_guard_the_last_place_would_be_taken_twice(together):
    """The same race with a count and then a write, as one would do it without the conditional update."""
    mentor = MentorFactory(capacity=1)
    both_have_counted = threading.Barrier(2)

    def count_then_write():
        row = Enrolment.objects.get(pk=mentor.pk)
        if row.places_left < 1:
            raise errors.Conflict("full")
        both_have_counted.wait(20)
        row.taken += 1
        row.save(update_fields=["taken"])

    assert outcomes(together(count_then_write, count_then_write)) == ["taken", "taken"]


def test_many_at_once_never_take_more_places_than_there_are(together):
    mentor = MentorFactory(capacity=3)
    results = together(*[lambda: actions.take_place(mentor)] * 8)
    assert outcomes(results) == ["Conflict"] * 5 + ["taken"] * 3
    mentor.refresh_from_db()
    assert mentor.taken == 3


def test_two_coordinators_give_the_last_place_of_a_programme_once(together):
    programme = ProgrammeFactory(mentee_places=1)
    people = EnrolmentFactory.create_batch(2, programme=programme, state="applied")
    coordinators = [coordinator_of(programme), coordinator_of(programme)]
    results = together(
        *(lambda one=one, by=by: actions.approve(one, by) for one, by in zip(people, coordinators, strict=True))
    )
    assert [type(result).__name__ for result in sorted(results, key=lambda r: type(r).__name__)] == [
        "Conflict",
        "Enrolment",
    ]
    assert programme.enrolments.approved().count() == 1


def test_an_application_sent_twice_at_once_is_one_application(together):
    programme = ProgrammeFactory()
    user = EnrolmentFactory(programme=programme, role="mentor").user

    def send():
        actions.apply(user=user, programme=Programme.objects.get(pk=programme.pk), role="mentee", by=user)

    results = together(send, send)
    assert results.count(None) == 1
    assert isinstance(next(result for result in results if result), errors.Refused)
    assert programme.enrolments.filter(user=user, role="mentee").count() == 1


def test_an_import_and_a_coordinator_give_the_last_place_once(together, upload, programme, coordinator, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 1)
    Programme.objects.filter(pk=programme.pk).update(mentee_places=1)
    waiting = EnrolmentFactory(programme=programme, state="applied")
    source = upload(ROWS[0])
    importing.begin_saving(source, partial=False, by=coordinator)
    source = Import.objects.select_related("programme__pool", "by").get(pk=source.pk)
    together(lambda: importing.go_on_saving(source), lambda: actions.approve(waiting, coordinator))
    assert programme.enrolments.approved().count() == 1
