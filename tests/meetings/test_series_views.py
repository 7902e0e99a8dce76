"""Pages and links of series: what they show before anything is sent, and that only a POST acts."""

import re
from datetime import date, time, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commonhall.core import clock
from commonhall.history.models import Event
from commonhall.meetings import links
from commonhall.meetings.actions import booking
from commonhall.meetings.models import Meeting, Series
from commonhall.organisations.models import QuietPeriod
from commonhall.people.models import Leave, Profile
from tests.factories.accounts import UserFactory
from tests.factories.meetings import MeetingFactory
from tests.factories.mentorships import MentorshipFactory
from tests.factories.programmes import coordinator_of
from tests.factories.series import agreed, next_weekday, person, proposed, rhythm

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    return MentorshipFactory(
        mentee=UserFactory(name="Priya Shah"), mentor=UserFactory(name="Bryn Evans", time_zone="Australia/Melbourne")
    )


def text(answer):
    return answer.content.decode()


def query(**fields):
    given = {
        "starts_on": str(next_weekday(1, 8)),
        "local_time": "10:00",
        "every": "week",
        "times": "4",
        "minutes": "60",
    }
    return {**given, **fields}


def page_of(pair):
    return reverse("meetings:series_propose", args=[pair.pk])


def at(name, series):
    return reverse(f"meetings:{name}", args=[series.pk])


def ways(series, role="mentor"):
    return links.opened_series(links.series_path(series, person(series, role)).split("/")[-2]).ways


def url(path, given):
    return path + "?" + "&".join(f"{key}={value}" for key, value in given.items())


def ticked(answer):
    return answer.context["send"]["keep"].value()


def test_the_dates_are_shown_on_both_clocks_before_anything_is_sent(client, pair):
    client.force_login(person(pair, "mentee"))
    answer = client.get(page_of(pair), query())

    dates = [next_weekday(1, 8) + timedelta(weeks=number) for number in range(4)]
    assert ticked(answer) == [str(day) for day in dates]
    theirs = rhythm().moment(dates[0]).astimezone(clock.zone("Australia/Melbourne"))
    assert f"{theirs:%A %H:%M} for Bryn" in text(answer)
    assert not Series.objects.exists()


def test_sending_them_makes_the_series_with_what_was_left_out(client, pair):
    client.force_login(person(pair, "mentee"))
    keep = [str(next_weekday(1, 8) + timedelta(weeks=number)) for number in (0, 1, 3)]
    answer = client.post(url(page_of(pair), query()), {"keep": keep, "channel": "phone", "title": "Our hour"})

    series = Series.objects.get()
    assert answer.url == at("series", series)
    assert [str(day) for day in series.rhythm.kept] == keep
    assert (series.title, series.channel, series.zone) == ("Our hour", "phone", "Europe/London")
    assert series.local_time == time(10)


def absent(pair, how, day):
    profile = Profile.objects.get_or_create(user=person(pair, "mentor"))[0]
    organisation = person(pair, "mentor").membership.organisation
    if how == "leave":
        Leave.objects.create(profile=profile, starts_on=day, ends_on=day)
    if how == "busy":
        QuietPeriod.objects.create(organisation=organisation, name="Elections", kind="busy", starts_on=day, ends_on=day)
    if how == "holiday":
        organisation.country, organisation.holiday_region = "AU", ""
        organisation.save()
    if how == "meeting":
        other = MentorshipFactory(mentor=person(pair, "mentor"))
        MeetingFactory(mentorship=other, starts_at=rhythm().moment(day), title="Private")


@pytest.mark.parametrize(
    ("how", "day", "words"),
    [
        ("leave", date(2026, 12, 8), "Bryn is away."),
        ("busy", date(2026, 12, 8), "Bryn is away."),
        ("holiday", date(2027, 1, 26), "Australia Day"),
        ("meeting", date(2026, 12, 8), "Bryn has another mentoring meeting then."),
    ],
)
def test_what_clashes_or_falls_on_a_holiday_or_leave_is_said_and_not_ticked(client, pair, how, day, words):
    absent(pair, how, day)
    client.force_login(person(pair, "mentee"))
    answer = client.get(page_of(pair), query(starts_on=day, times="2"))

    assert ticked(answer) == [str(day + timedelta(weeks=1))]
    assert words in text(answer)
    assert "One of these dates does not suit everybody" in text(answer)
    assert "Private" not in text(answer)


def test_a_clash_cannot_be_kept_and_the_message_stands_at_the_dates(client, pair):
    day = next_weekday(1, 8)
    absent(pair, "meeting", day)
    client.force_login(person(pair, "mentee"))
    keep = [str(day + timedelta(weeks=number)) for number in range(4)]
    answer = client.post(url(page_of(pair), query()), {"keep": keep, "channel": "video"})

    assert answer.status_code == 422
    assert "Leave out" in text(answer)
    assert not Series.objects.exists()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"starts_on": "2020-01-07"}, "lies ahead"),
        ({"starts_on": "2029-01-07"}, "next six months"),
        ({"starts_on": "soon"}, "First date"),
        ({"local_time": "25:61"}, "Time"),
        ({"times": "1"}, "has to be 2 or more"),
        ({"times": "400"}, "has to be 26 or less"),
        ({"every": "day"}, "How often?"),
        ({"minutes": "999"}, "How long?"),
    ],
)
def test_what_cannot_come_again_is_said_at_its_field(client, pair, given, words):
    client.force_login(person(pair, "mentee"))
    answer = client.get(page_of(pair), query(**given))

    assert answer.status_code == 422
    assert words in text(answer)
    assert answer.context["send"] is None


def test_more_dates_than_the_programme_has_weeks_are_said_at_the_number(client, pair):
    pair.programme.ends_on = next_weekday(1, 8) + timedelta(weeks=2)
    pair.programme.save()
    client.force_login(person(pair, "mentee"))
    answer = client.get(page_of(pair), query())

    assert answer.context["form"].errors.keys() == {"times"}
    assert "3 dates fit" in text(answer)


def test_a_time_that_clocks_skip_is_pointed_out(client, pair, time_machine):
    time_machine.move_to(rhythm(starts_on=date(2027, 3, 1)).moment(date(2027, 3, 1)))
    client.force_login(person(pair, "mentee"))
    answer = client.get(page_of(pair), query(starts_on="2027-03-21", local_time="01:30", times="3"))

    assert text(answer).count("clocks skip that hour") == 1


def test_fewer_than_two_dates_are_no_series(client, pair):
    client.force_login(person(pair, "mentee"))
    answer = client.post(url(page_of(pair), query()), {"keep": [str(next_weekday(1, 8))], "channel": "video"})

    assert answer.status_code == 422
    assert "at least two of the dates" in text(answer)


def test_a_link_shows_and_only_a_post_accepts_all_dates_at_once(client, pair):
    series = proposed(pair)
    there = ways(series)
    page = client.get(there.page)
    assert "Do these dates suit you?" in text(page)
    assert (page["X-Robots-Tag"], "no-store" in page["Cache-Control"]) == ("noindex", True)
    assert client.get(there.accept).status_code == 405
    for address in (there.page, there.change, there.end):
        client.head(address)
    assert not Meeting.objects.exists()

    form = page.context["form"]
    client.post(there.accept, {"keep": form["keep"].value(), "version": form["version"].value()})

    assert Meeting.objects.filter(series=series, state="agreed").count() == 6
    event = Event.objects.get(verb="series.agreed")
    assert (event.by, event.via) == (person(pair, "mentor"), "link")


def test_one_date_can_be_left_out_when_accepting(client, pair):
    series = proposed(pair)
    form = client.get(ways(series).page).context["form"]
    client.post(ways(series).accept, {"keep": form["keep"].value()[1:], "version": "0"})

    assert Meeting.objects.filter(series=series).count() == 5


@pytest.mark.parametrize("given", [{}, {"version": "x"}, {"version": "0"}, {"version": "7", "keep": ["2026-12-01"]}])
def test_a_mangled_answer_agrees_nothing(client, pair, given):
    series = proposed(pair)
    client.post(ways(series).accept, given)

    assert not Meeting.objects.exists()


def test_an_answer_to_what_was_changed_meanwhile_is_said_in_words(client, pair):
    series = proposed(pair)
    given = {"keep": [str(day) for day in series.rhythm.kept], "version": "0"}
    Series.objects.update(sequence=1)
    answer = client.post(ways(series).accept, given)

    assert answer.status_code == 409
    assert "has changed meanwhile" in text(answer)


def test_other_dates_are_proposed_by_link_on_the_clock_of_the_person(client, pair):
    series = proposed(pair)
    given = query(local_time="19:30", every="fortnight")
    form = client.get(ways(series).change, given).context["send"]
    client.post(url(ways(series).change, given), {"keep": form["keep"].value(), "channel": "video"})

    series.refresh_from_db()
    assert (series.zone, series.local_time, series.every) == ("Australia/Melbourne", time(19, 30), "fortnight")
    assert series.proposed_by == person(pair, "mentor")


def test_the_rest_moves_by_link_and_the_other_side_accepts_by_link(client, pair):
    series = agreed(pair)
    starting = str(series.meetings.order_by("occurrence_on")[2].occurrence_on)
    page = client.get(ways(series).change)
    assert [value for value, _words in page.context["form"].fields["starting"].choices][2] == starting
    given = query(starting=starting, local_time="19:00", times="4", starts_on=str(next_weekday(3, 24)))
    form = client.get(ways(series).change, given).context["send"]
    client.post(url(ways(series).change, given), {"keep": form["keep"].value(), "channel": "video"})

    successor = Series.objects.get(replaces=series)
    form = client.get(ways(successor, "mentee").page).context["form"]
    client.post(ways(successor, "mentee").accept, {"keep": form["keep"].value(), "version": form["version"].value()})

    assert Meeting.objects.filter(series=series, state="agreed").count() == 2
    assert Meeting.objects.filter(series=successor, state="agreed").count() == 4


def test_ending_by_link_asks_what_comes_nearest(client, pair):
    series = agreed(pair)
    assert client.post(ways(series).end, {"reason": ""}).status_code == 422
    client.post(ways(series).end, {"reason": "work", "words": "A new post."})

    series.refresh_from_db()
    assert (series.state, series.ended_by) == ("ended", person(pair, "mentor"))
    assert "Something came up at work. A new post." in text(client.get(ways(series).page))


@pytest.mark.parametrize("spoil", [lambda token: token[:-2] + "aa", lambda token: "x", lambda token: "🦆:a:b"])
def test_a_link_that_was_changed_opens_nothing(client, pair, spoil):
    token = links.series_path(proposed(pair), person(pair, "mentor")).split("/")[-2]
    assert client.get(f"/meetings/series/link/{spoil(token)}/").status_code == 404


def test_a_link_of_a_meeting_opens_no_series(client, pair):
    meeting = agreed(pair).meetings.first()
    token = links.path(meeting, person(pair, "mentor")).split("/")[-2]
    assert client.get(f"/meetings/series/link/{token}/").status_code == 404


def test_a_link_ends_with_its_person(client, pair):
    address = ways(proposed(pair)).page
    mentor = person(pair, "mentor")
    type(mentor).objects.filter(pk=mentor.pk).update(is_active=False)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("name", ["series", "series_accept", "series_change", "series_end"])
@pytest.mark.parametrize("who", [lambda pair: UserFactory(), lambda pair: coordinator_of(pair.programme)])
def test_strangers_and_coordinators_find_no_series(client, pair, name, who):
    series = agreed(pair)
    client.force_login(who(pair))
    send = client.post if name == "series_accept" else client.get

    assert send(at(name, series)).status_code == 404
    assert client.get(page_of(pair)).status_code == 404


def test_one_of_a_series_says_so_and_the_pair_sees_the_whole(client, pair):
    series = agreed(pair, title="Our hour")
    first = series.meetings.order_by("occurrence_on").first()
    later = first.starts_at + timedelta(days=1)
    booking.offer_other_times(first, by=person(pair, "mentor"), times=[later])
    booking.accept(first, by=person(pair, "mentee"), starts_at=later)
    client.force_login(person(pair, "mentee"))

    assert "One of a series" in text(client.get(reverse("meetings:detail", args=[first.pk])))
    assert "Only this one moves." in text(client.get(reverse("meetings:times", args=[first.pk])))
    assert "Only this one is cancelled" in text(client.get(reverse("meetings:cancel", args=[first.pk])))
    page = text(client.get(at("series", series)))
    assert page.count("moved by itself") == 1
    assert "Every week on Tuesday at 10:00, London time" in page
    assert "Every week on Tuesday at 10:00" in text(client.get(reverse("mentorships:detail", args=[pair.pk])))


def test_a_pair_with_nothing_agreed_or_proposed_has_its_meeting_to_be_arranged(client, pair):
    client.force_login(person(pair, "mentee"))
    address = reverse("mentorships:detail", args=[pair.pk])
    assert "To be arranged" in text(client.get(address))
    proposed(pair)
    assert "To be arranged" not in text(client.get(address))


@pytest.mark.parametrize("times", [2, 26])
def test_pages_ask_the_same_number_of_questions_for_any_length(client, pair, times):
    series = agreed(pair, times=times)
    waiting = proposed(pair, times=times, local_time=time(15))
    client.force_login(person(pair, "mentee"))
    client.get(at("series", series))

    paths = (
        at("series", series),
        at("series", waiting),
        url(page_of(pair), query(times=str(times), local_time="17:00")),
    )
    asked = []
    for path in paths:
        with CaptureQueriesContext(connection) as questions:
            client.get(path)
        asked.append(len(questions))
    assert asked == [7, 10, 13]


@pytest.mark.django_db(transaction=True)
def test_the_button_of_the_e_mail_leads_to_the_dates(client, pair, run_jobs):
    proposed(pair)
    run_jobs()

    (letter,) = mail.outbox
    local = rhythm().moment(next_weekday(1, 8)).astimezone(clock.zone("Australia/Melbourne"))
    assert f"{local:%H:%M}" in letter.body
    address = re.search(r"http://[^/]+(/meetings/series/link/\S+)", letter.body)[1]
    assert "Accept these dates" in text(client.get(address))
