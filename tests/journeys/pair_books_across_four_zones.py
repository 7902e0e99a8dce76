"""Two people in two countries arrange a meeting; both travel, and it stays the same moment on four clocks."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import people
from tests.journeys.conftest import Site
from tests.journeys.reading import address_in, expect_said, follow

pytestmark = pytest.mark.journey


def travel(page: Page, zone: str) -> None:
    page.goto("/accounts/")
    page.get_by_label("Time zone").select_option(zone)
    page.get_by_role("button", name="Save").first.click()
    expect_said(page, "saved")


def moment_on(page: Page) -> datetime:
    """The moment of the meeting, as machines read it from the page."""
    shown = page.get_by_role("main").locator("strong time").first
    return datetime.fromisoformat(str(shown.get_attribute("datetime")))


def expect_clocks(page: Page, moment: datetime, mine: str, name: str, theirs: str) -> None:
    here, there = moment.astimezone(ZoneInfo(mine)), moment.astimezone(ZoneInfo(theirs))
    main = page.get_by_role("main")
    expect(main.get_by_text(f"{here:%A} {here.day} {here:%B}, {here:%H:%M}", exact=True).first).to_be_visible()
    expect(main.get_by_text(f"{there:%A %H:%M} for {name}").first).to_be_visible()


def test_a_meeting_is_one_moment_on_four_clocks(
    site: Site, visit: Callable[..., Page], accessible: Callable[[Page], None], mail: Callable[..., Page]
) -> None:
    mentee, mentor = visit(site, "mentee"), visit(site, "mentor", width=375)
    mentee.goto("/mentorships/")
    follow(mentee, mentee.get_by_role("link", name=people.named("mentor")).first)
    follow(mentee, mentee.get_by_role("link", name="Propose a time").first)
    mentee.get_by_role("checkbox").nth(3).check()
    mentee.get_by_role("checkbox").nth(4).check()
    mentee.get_by_label("What is it about?").fill("Where the year went")
    mentee.get_by_role("button", name="Send these times").click()
    expect(mentee.get_by_text("Times that you proposed")).to_be_visible()
    page_of_meeting = mentee.url

    mentor.goto(address_in(mail(mentor, people.address("mentor"), "proposes a time to meet"), "/meetings/link/"))
    mentor.get_by_role("button", name="Accept").first.click()
    expect(mentor.get_by_text("When and where")).to_be_visible()
    mentee.goto(page_of_meeting)
    moment = moment_on(mentee)
    expect_clocks(mentee, moment, "Europe/London", "Marguerite", "America/Toronto")
    expect_clocks(mentor, moment, "America/Toronto", "Kwabena", "Europe/London")
    accessible(mentee)
    accessible(mentor)

    travel(mentee, "Pacific/Auckland")
    travel(mentor, "Europe/Paris")
    mentee.goto(page_of_meeting)
    mentor.goto(page_of_meeting)
    expect_clocks(mentee, moment, "Pacific/Auckland", "Marguerite", "Europe/Paris")
    expect_clocks(mentor, moment, "Europe/Paris", "Kwabena", "Pacific/Auckland")
    assert moment_on(mentee) == moment_on(mentor) == moment

    follow(mentor, mentor.get_by_role("link", name="Move it"))
    later = moment.astimezone(ZoneInfo("Europe/Paris")).replace(hour=19, minute=45)
    mentor.get_by_label("First time").fill(f"{later:%Y-%m-%dT%H:%M}")
    mentor.get_by_role("button", name="Send these times").click()
    expect_said(mentor, "Sent.")
    mentee.goto(address_in(mail(mentee, people.address("mentee"), "proposes a time to meet"), "/meetings/link/"))
    mentee.get_by_role("button", name="Accept").first.click()
    expect_said(mentee, "Agreed.")
    expect_clocks(mentee, later, "Pacific/Auckland", "Marguerite", "Europe/Paris")
    accessible(mentee)
