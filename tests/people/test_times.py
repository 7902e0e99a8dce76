"""The pages on which a person says when they can meet."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from commonhall.core import clock
from commonhall.organisations.models import QuietPeriod
from commonhall.people import actions, queries, time_words
from commonhall.people.models import Leave, Profile, WorkingHours
from commonhall.people.visibility import Viewer
from tests.factories.accounts import UserFactory
from tests.factories.organisations import MembershipFactory
from tests.factories.people import ProfileFactory, WorkingHoursFactory

pytestmark = pytest.mark.django_db
TIMES = "/people/me/times/"
WEDNESDAY = datetime(2026, 3, 11, 12, tzinfo=timezone.get_fixed_timezone(0))


@pytest.fixture(autouse=True)
def on_a_wednesday():
    with clock.moved_to(WEDNESDAY):
        yield


@pytest.fixture
def me(client):
    user = MembershipFactory(organisation__country="AU", organisation__holiday_region="VIC").user
    ProfileFactory(user=user)
    client.force_login(user)
    return user


def page(client, part=""):
    return client.get(TIMES + part).content.decode()


def week(name, *spans):
    typed = {f"{name}_{day}_{n}_{side}": "" for day in range(7) for n in range(2) for side in ("from", "to")}
    for day, number, start, end in spans:
        typed |= {f"{name}_{day}_{number}_from": start, f"{name}_{day}_{number}_to": end}
    return typed


def kept():
    return [(row.week, row.weekday, row.starts, row.ends) for row in WorkingHours.objects.order_by("week", "weekday")]


class TestWeeks:
    def save(self, client):
        this = week("hours", (0, 0, "09:00", "12:00"), (0, 1, "13:00", "17:00"), (1, 0, "09:00", "17:00"))
        following = week("next_hours", (0, 0, "09:00", "12:00"), (4, 0, "18:00", "23:59"))
        return client.post(f"{TIMES}weeks/", this | following)

    def test_two_weeks_that_alternate_are_kept_and_come_back_on_either(self, client, me):
        assert self.save(client).url == TIMES
        assert kept() == [(0, 0, 540, 720), (1, 0, 780, 1020), (1, 1, 540, 1020), (2, 4, 1080, 1440)]
        me.profile.refresh_from_db()
        assert me.profile.weeks_from == date(2026, 3, 9)
        mine = queries.card(me, Viewer.SELF, me)
        assert [one.weekday for one in mine.hours] == [0, 1]
        assert [one.weekday for one in mine.next_hours] == [0, 4]
        with clock.moved_to(WEDNESDAY + timedelta(weeks=1)):
            later = queries.card(me, Viewer.SELF, me)
            assert (later.hours, later.next_hours) == (mine.next_hours, mine.hours)
            assert "23:59" in page(client, "weeks/").partition("next_hours")[0], "this week's boxes hold the other week"

    def test_saving_them_a_week_later_changes_nothing_but_where_they_begin(self, client, me):
        self.save(client)
        before = [time_words.weeks_of(queries.profile_of(me))]
        with clock.moved_to(WEDNESDAY + timedelta(weeks=1)):
            this, following = time_words.weeks_of(queries.profile_of(me))
            actions.save_weeks(me, by=me, this_week=this, next_week=following)
            assert [time_words.weeks_of(queries.profile_of(me))[::-1]] == before

    def test_the_page_of_times_leaves_alternating_weeks_alone(self, client, me):
        self.save(client)
        before = kept()
        assert 'name="hours_0_0_from"' not in page(client)
        client.post(TIMES, {"time_zone": "Europe/Dublin", "channels": ["phone"], "adjustments": ""})
        me.refresh_from_db()
        assert (me.time_zone, kept()) == ("Europe/Dublin", before)

    def test_they_become_alike_by_one_button(self, client, me):
        self.save(client)
        assert "weeks/alike" in page(client, "weeks/")
        client.post(f"{TIMES}weeks/alike/")
        assert {row[0] for row in kept()} == {0}
        assert len(kept()) == 3
        assert 'name="hours_0_0_from"' in page(client)
        assert "weeks/alike" not in page(client, "weeks/")

    def test_alike_weeks_are_no_alternating_ones(self, client, me):
        client.post(
            f"{TIMES}weeks/", week("hours", (0, 0, "9:00", "12:00")) | week("next_hours", (0, 0, "9:00", "12:00"))
        )
        me.profile.refresh_from_db()
        assert (kept(), me.profile.weeks_from) == ([(0, 0, 540, 720)], None)

    def test_hours_until_midnight_stay_whole(self, client, me):
        WorkingHoursFactory(profile=me.profile, weekday=0, starts=1080, ends=1440)
        typed = week("hours", (0, 0, "18:00", "23:59"))
        assert 'value="23:59"' in page(client)
        client.post(TIMES, {"time_zone": "UTC"} | typed)
        assert kept() == [(0, 0, 1080, 1440)]


class TestLeave:
    def add(self, client, **typed):
        return client.post(f"{TIMES}leave/", typed)

    def test_days_are_added_once_shown_and_taken_back(self, client, me):
        for _twice in range(2):
            assert self.add(client, starts_on="2026-03-30", ends_on="2026-04-03").url == f"{TIMES}leave/"
        self.add(client, starts_on="2026-04-20", ends_on="")
        assert Leave.objects.count() == 2
        shown = page(client, "leave/")
        assert "30 March to 3 April" in shown
        assert "20 April" in shown
        client.post(f"{TIMES}leave/{Leave.objects.first().pk}/remove/")
        assert [one.starts_on for one in Leave.objects.all()] == [date(2026, 4, 20)]
        assert "30 March" not in page(client, "leave/")

    @pytest.mark.parametrize(
        ("starts_on", "ends_on", "reason"),
        [
            ("2026-04-03", "2026-04-01", "The last day has to be the first day or later."),
            ("2026-03-01", "2026-03-02", "These days are over."),
            ("2026-04-01", "2036-04-01", "That is more than two years."),
            ("", "2026-04-01", "“First day” is still empty."),
            ("2026-02-30", "", "“First day” is not in a form that we can read."),
        ],
    )
    def test_days_that_cannot_be_are_told(self, client, me, starts_on, ends_on, reason):
        answer = self.add(client, starts_on=starts_on, ends_on=ends_on)
        assert answer.status_code == 422
        assert reason in answer.content.decode()
        assert not Leave.objects.exists()

    def test_nobody_removes_the_leave_of_another(self, client, me):
        other = Leave.objects.create(profile=ProfileFactory(), starts_on=date(2026, 4, 1), ends_on=date(2026, 4, 2))
        assert client.post(f"{TIMES}leave/{other.pk}/remove/").status_code == 404
        assert Leave.objects.exists()

    def test_partners_see_days_and_the_pool_sees_nothing(self, me):
        Leave.objects.create(profile=me.profile, starts_on=date(2026, 3, 12), ends_on=date(2026, 3, 12))
        Leave.objects.create(profile=me.profile, starts_on=date(2026, 2, 1), ends_on=date(2026, 2, 12))
        assert queries.card(me, Viewer.PARTNER, UserFactory()).leave == ["12 March"]
        assert queries.card(me, Viewer.PARTICIPANT, UserFactory()).leave == []


class TestHolidays:
    def test_the_organisations_holidays_and_quiet_times_stand_there(self, client, me):
        told = {"organisation": me.membership.organisation, "starts_on": date(2026, 4, 1), "ends_on": date(2026, 5, 1)}
        QuietPeriod.objects.create(name="Pre-election period", **told)
        shown = page(client, "holidays/")
        for words in ("Victoria, Australia", "Good Friday", "Pre-election period"):
            assert words in shown
        assert "Labour Day" not in shown, "that was on Monday"

    def test_another_country_is_chosen_and_then_its_region(self, client, me):
        answer = client.post(f"{TIMES}holidays/", {"holiday_country": "GB", "term_time_only": "on"})
        assert answer.url == f"{TIMES}holidays/"
        answer = client.post(f"{TIMES}holidays/", {"holiday_country": "GB", "holiday_region": "SCT"})
        assert answer.url == TIMES
        me.profile.refresh_from_db()
        assert (me.profile.holiday_country, me.profile.holiday_region) == ("GB", "SCT")
        assert me.profile.term_time_only is False
        assert "Scotland, United Kingdom" in page(client)

    def test_a_region_of_the_country_before_falls_away(self, client, me):
        Profile.objects.filter(user=me).update(holiday_country="GB", holiday_region="SCT")
        client.post(f"{TIMES}holidays/", {"holiday_country": "AU", "holiday_region": "SCT"})
        me.profile.refresh_from_db()
        assert (me.profile.holiday_country, me.profile.holiday_region) == ("AU", "")

    def test_an_unknown_country_is_refused(self, client, me):
        answer = client.post(f"{TIMES}holidays/", {"holiday_country": "XX"})
        assert answer.status_code == 422
        assert "“Public holidays of”: choose one of the answers" in answer.content.decode()


def test_notice_buffer_and_longest_day_are_saved_and_shown(client, me):
    Profile.objects.filter(user=me).update(notice_hours=36)
    assert "36 hours" in page(client, "around/"), "an answer that is none of the usual ones stays"
    told = {"notice_hours": "48", "buffer_minutes": "15", "most_minutes_a_day": "90"}
    assert client.post(f"{TIMES}around/", told).url == TIMES
    me.profile.refresh_from_db()
    assert {name: str(getattr(me.profile, name)) for name in told} == told
    assert "Notice: 2 days. 15 minutes free around. At most 1 hour 30 a day." in page(client)
    assert client.post(f"{TIMES}around/", told | {"notice_hours": "9999"}).status_code == 422


@pytest.mark.parametrize("part", ["", "weeks/", "leave/", "holidays/", "around/"])
def test_pages_show_even_where_there_is_no_profile_yet(client, part):
    client.force_login(UserFactory())
    assert "<h1" in page(client, part)
    assert not Profile.objects.exists()
