"""A pair agrees to meet every week; the hour stays where it was set, whatever clocks do on either side."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import people
from tests.journeys.conftest import Site
from tests.journeys.reading import address_in, expect_page, expect_said, follow

pytestmark = pytest.mark.journey
LONDON, TORONTO = ZoneInfo("Europe/London"), ZoneInfo("America/Toronto")
WEEKS = 18


def first_thursday() -> date:
    day = datetime.now(UTC).date() + timedelta(days=8)
    return day + timedelta(days=(3 - day.weekday()) % 7)


def show_dates(page: Page, first: date, *, hour: str = "15:15", times: int = WEEKS) -> None:
    page.get_by_label("First date").fill(str(first))
    page.get_by_label("Time", exact=True).fill(hour)
    page.get_by_label("Every week").check()
    page.get_by_label("How many times?").fill(str(times))
    with page.expect_navigation():
        page.get_by_role("button", name="Show the dates").first.click()


def test_a_series_keeps_its_hour_and_one_of_it_moves(
    site: Site, visit: Callable[..., Page], accessible: Callable[[Page], None], mail: Callable[..., Page]
) -> None:
    mentee = visit(site, "mentee")
    mentee.goto("/mentorships/")
    follow(mentee, mentee.get_by_role("link", name=people.named("mentor")).first)
    follow(mentee, mentee.get_by_role("link", name="Propose a time").first)
    follow(mentee, mentee.get_by_role("link", name="Propose meetings that come again"))
    expect_page(mentee, "regularly")
    accessible(mentee)

    show_dates(mentee, date(2020, 1, 2))
    expect(mentee.get_by_role("alert")).to_contain_text("a time that lies ahead")
    accessible(mentee)
    show_dates(mentee, first_thursday())
    days = [first_thursday() + timedelta(weeks=number) for number in range(WEEKS)]
    moments = [datetime(day.year, day.month, day.day, 15, 15, tzinfo=LONDON) for day in days]
    shown = mentee.get_by_role("group", name="Keep these dates").get_by_role("checkbox")
    expect(shown).to_have_count(WEEKS)
    for moment in moments:
        local = moment.astimezone(TORONTO)
        line = f"{moment:%A} {moment.day} {moment:%B %Y}, 15:15 · {local:%A %H:%M} for Marguerite"
        expect(mentee.get_by_text(line)).to_be_visible()
    hours = {moment.astimezone(UTC).hour for moment in moments}
    assert len(hours) == 1 + (moments[0].utcoffset() != moments[-1].utcoffset())
    accessible(mentee)
    mentee.get_by_role("button", name="Send these dates").click()
    expect_said(mentee, "Sent.")
    accessible(mentee)

    letter = visit(site, width=375, script=False)
    letter.goto(
        address_in(
            mail(letter, people.address("mentor"), "proposes meetings that come again"), "/meetings/series/link/"
        )
    )
    expect(letter.get_by_text("Do these dates suit you?")).to_be_visible()
    letter.get_by_role("button", name="Accept these dates").click()
    expect_said(letter, "Agreed.")

    file = mail(mentee, people.address("mentee"), "Agreed: you meet").get_by_role("link", name="invite.ics")
    content = mentee.request.get(str(file.get_attribute("href"))).text()
    assert "RRULE:FREQ=WEEKLY" in content
    assert "DTSTART;TZID=Europe/London" in content

    mentee.goto("/mentorships/")
    follow(mentee, mentee.get_by_role("link", name=people.named("mentor")).first)
    accessible(mentee)
    follow(mentee, mentee.get_by_role("link", name="Every week on Thursday at 15:15, London time"))
    dates = mentee.get_by_role("main").get_by_role("list").get_by_role("link")
    expect(dates.first).to_contain_text("15:15")
    expect(dates.last).to_contain_text("15:15")
    accessible(mentee)
    follow(mentee, dates.nth(1))
    follow(mentee, mentee.get_by_role("link", name="Move it"))
    expect(mentee.get_by_text("Only this one moves.")).to_be_visible()
    mentee.get_by_label("First time").fill(f"{days[1] + timedelta(days=1)}T20:15")
    mentee.get_by_role("button", name="Send these times").click()
    expect_said(mentee, "Sent.")
    mentor = visit(site, width=375)
    mentor.goto(address_in(mail(mentor, people.address("mentor"), "proposes a time to meet"), "/meetings/link/"))
    mentor.get_by_role("button", name="Accept").first.click()
    expect_said(mentor, "Agreed.")

    mentor.goto(address_in(mail(mentor, people.address("mentor"), "Agreed: you meet"), "/meetings/series/link/"))
    expect(mentor.get_by_text("moved by itself")).to_have_count(1)
    accessible(mentor)
    follow(mentor, mentor.get_by_role("link", name="End the series"))
    mentor.get_by_label("Something came up at work").check()
    accessible(mentor)
    mentor.get_by_role("button", name="End the series").click()
    expect_said(mentor, "Done")
    assert (
        "METHOD:CANCEL"
        in mentee.request.get(
            str(
                mail(mentee, people.address("mentee"), "Called off: the series")
                .get_by_role("link", name="invite.ics")
                .get_attribute("href")
            )
        ).text()
    )
