"""Questions whose SQL is worked out once answer exactly as Django's own."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, connections
from django.db.models import Count, DateField, Exists, OuterRef, QuerySet, Value
from django.test.utils import CaptureQueriesContext

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.core.prepared import Prepared
from commonhall.organisations.models import Membership
from tests.factories.accounts import UserFactory
from tests.factories.organisations import MembershipFactory

pytestmark = pytest.mark.django_db


def colleagues(organisation: int, name: str) -> QuerySet[Membership]:
    shared = Membership.objects.filter(organisation=OuterRef("organisation"), user__name=name)
    rows = Membership.objects.filter(organisation=organisation).annotate(with_somebody=Exists(shared))
    return rows.select_related("user", "organisation").order_by("user__name")


def test_the_answer_is_that_of_the_question_itself_for_each_value():
    first, second = MembershipFactory(user__name="Bela"), MembershipFactory(user__name="Cato")
    MembershipFactory(organisation=first.organisation, user__name="Ada")
    ask = Prepared(colleagues, organisation=int, name=str)
    for organisation, name in ((first.organisation_id, "Ada"), (second.organisation_id, "Ada"), (0, "Nobody")):
        found, expected = ask(organisation=organisation, name=name), list(colleagues(organisation, name))
        assert [shown(row) for row in found] == [shown(row) for row in expected]
    with CaptureQueriesContext(connection) as asked:
        assert [row.user.name for row in ask(organisation=first.organisation_id, name="Ada")] == ["Ada", "Bela"]
    assert len(asked) == 1


def shown(row: Any) -> tuple[Any, ...]:
    return row.pk, row.user.name, row.organisation.label, row.with_somebody


def test_values_and_counts_come_as_tuples_and_single_values():
    member = MembershipFactory(user__name="Ada")
    names = Prepared(lambda pk: Membership.objects.filter(pk=pk).values_list("user__name", "organisation"), pk=int)
    flat = Prepared(lambda pk: Membership.objects.filter(pk=pk).values_list("user__name", flat=True), pk=int)
    counts = Prepared(
        lambda pk: Membership.objects.filter(organisation=pk).values("organisation").annotate(n=Count("pk")), pk=int
    )
    assert names(pk=member.pk) == [("Ada", member.organisation_id)]
    assert flat.first(pk=member.pk) == "Ada"
    assert counts(pk=member.organisation_id) == [{"organisation": member.organisation_id, "n": 1}]
    assert flat.first(pk=0) is None


def test_a_moment_is_compared_as_the_database_keeps_it():
    now = clock.now()
    for key, ends in (("over", now - timedelta(seconds=1)), ("open", now + timedelta(seconds=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=ends)
    ask = Prepared(lambda at: Session.objects.filter(expire_date__gt=at), at=type(now))
    assert [row.session_key for row in ask(at=now)] == ["open"]


def test_the_clock_is_read_each_time_a_question_is_asked():
    start = clock.now()
    for days in (1, 40):
        UserFactory(name=f"in {days}", joined_at=start + timedelta(days=days))

    def soon(name):
        rows = User.objects.filter(joined_at__lt=clock.now() + timedelta(days=30), joined_at__gt=clock.now())
        return rows.exclude(name=name).annotate(day=Value(clock.today(), DateField())).order_by("pk")

    ask = Prepared(soon, name=str)
    for later, expected in ((0, ["in 1"]), (20, ["in 40"]), (50, [])):
        with clock.moved_to(start + timedelta(days=later)):
            found = ask(name="nobody")
            assert [row.name for row in found] == expected
            assert all(row.day == clock.today() for row in found)


def test_a_number_that_no_database_holds_finds_nothing():
    assert Prepared(lambda pk: User.objects.filter(pk=pk), pk=int)(pk=10**30) == []


def test_what_belongs_to_the_rows_is_fetched_beside_them():
    member = MembershipFactory(user__name="Ada")
    ask = Prepared(lambda pk: User.objects.filter(pk=pk).prefetch_related("enrolments"), pk=int)
    with CaptureQueriesContext(connection) as asked:
        assert list(ask.first(pk=member.user_id).enrolments.all()) == []
    assert len(asked) == 2


def test_a_value_that_the_question_does_not_use_as_it_is_given_is_refused():
    ask = Prepared(lambda pk, name: User.objects.filter(pk=pk), pk=int, name=str)
    with pytest.raises(ValueError, match="does not use name"):
        ask(pk=1, name="Ada")


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_on_its_own_connection():
    users = [UserFactory(), UserFactory()]
    ask = Prepared(lambda pk: User.objects.filter(pk=pk), pk=int)
    assert ask.first(pk=users[0].pk) == users[0]
    found: list[Any] = []

    def elsewhere() -> None:
        with CaptureQueriesContext(connection) as asked:
            found.extend([ask.first(pk=users[1].pk), len(asked)])
        connections.close_all()

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join(30)
    assert found == [users[1], 1]
