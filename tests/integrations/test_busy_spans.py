from datetime import UTC, datetime

import pytest

from commonhall.integrations.queries import busy_spans
from tests.factories.accounts import UserFactory
from tests.factories.integrations import BusySpanFactory, CalendarFactory

pytestmark = pytest.mark.django_db


def at(hour, minute=0):
    return datetime(2027, 3, 12, hour, minute, tzinfo=UTC)


def busy(calendar, *hours):
    for begins, ends in hours:
        BusySpanFactory(calendar=calendar, starts_at=at(begins), ends_at=at(ends))


def test_everybodys_busy_times_come_with_one_question(django_assert_num_queries):
    mine, other, third = CalendarFactory(), CalendarFactory(), UserFactory()
    busy(mine, (9, 10), (14, 15))
    busy(CalendarFactory(user=mine.user), (11, 12))
    busy(other, (9, 17))

    with django_assert_num_queries(1):
        found = busy_spans([mine.user, other.user, third], at(0), at(23))

    assert found == {
        mine.user.pk: [(at(9), at(10)), (at(11), at(12)), (at(14), at(15))],
        other.user.pk: [(at(9), at(17))],
        third.pk: [],
    }


def test_times_in_two_calendars_that_overlap_or_touch_are_one():
    calendar = CalendarFactory()
    busy(calendar, (9, 12), (15, 16))
    busy(CalendarFactory(user=calendar.user), (10, 11), (12, 13))

    assert busy_spans([calendar.user], at(0), at(23))[calendar.user.pk] == [(at(9), at(13)), (at(15), at(16))]


def test_only_what_reaches_into_the_window_is_given_and_nobody_elses():
    calendar = CalendarFactory()
    busy(calendar, (7, 9), (8, 10), (12, 13), (13, 15))
    busy(CalendarFactory(), (9, 10))

    assert busy_spans([calendar.user], at(9), at(13)) == {calendar.user.pk: [(at(8), at(10)), (at(12), at(13))]}


def test_nobody_asked_for_is_nothing():
    assert busy_spans([], at(0), at(23)) == {}
