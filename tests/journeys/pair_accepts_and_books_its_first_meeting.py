"""Two people from a spreadsheet read why they were matched, say yes, and put their first meeting into their diaries."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import afternoon
from tests.journeys.codes import sign_in_with_code
from tests.journeys.conftest import Site
from tests.journeys.reading import address_in, expect_page, expect_said, follow

pytestmark = pytest.mark.journey

MENTEE, MENTOR = "sorcha.keane@corrandale.example", "maeve.tiernan@kilbrannagh.example"


def calendar_file(letter: Page) -> str:
    address = letter.get_by_role("link", name="invite.ics").get_attribute("href")
    assert address
    return letter.request.get(address).text()


def test_two_people_from_a_spreadsheet_agree_move_and_cancel_a_meeting(
    site: Site, visit: Callable[..., Page], accessible: Callable[[Page], None], mail: Callable[..., Page]
) -> None:
    afternoon.bring_to_published_matches(visit(site, "coordinator"), "Lantern Bridge")

    mentee = visit(site, width=375)
    sign_in_with_code(mentee, mail, MENTEE)
    expect_page(mentee, "Hello, Sorcha")
    accessible(mentee)
    mentee.get_by_role("link", name="See the match").click()
    expect_page(mentee, "Maeve Tiernan")
    expect(mentee.get_by_text("Why the two of you")).to_be_visible()
    expect(mentee.get_by_role("listitem").filter(has_text="parks and open spaces").first).to_be_visible()
    accessible(mentee)
    mentee.get_by_role("button", name="Yes, I would like to").click()
    expect(mentee.get_by_text("You have said yes.")).to_be_visible()

    mentor = visit(site)
    sign_in_with_code(mentor, mail, MENTOR)
    mentor.get_by_role("link", name="See the match").click()
    expect(mentor.get_by_text("Sorcha has said yes. With your yes, the mentorship begins.")).to_be_visible()
    mentor.get_by_role("button", name="Yes, I would like to").click()
    expect_said(mentor, "Your mentorship begins here.")
    accessible(mentor)

    mentor.get_by_role("link", name="Start from the draft").click()
    mentor.get_by_label("First goal").fill("A plan for the meadow by the weir")
    accessible(mentor)
    mentor.get_by_role("button", name="Save this version").click()
    mentor.get_by_role("button", name="Sign version 1").click()
    mentee.goto(address_in(mail(mentee, MENTEE, "Maeve Tiernan has signed your agreement"), "/mentorships/"))
    expect(mentee.get_by_text("A plan for the meadow by the weir")).to_be_visible()
    accessible(mentee)
    mentee.get_by_role("button", name="Sign version 1").click()
    expect_said(mentee, "signed")

    mentee.goto("/mentorships/")
    mentee.get_by_role("link", name="Maeve Tiernan").click()
    follow(mentee, mentee.get_by_role("link", name="Propose a time").first)
    accessible(mentee)
    times = mentee.get_by_role("checkbox")
    times.nth(0).check()
    times.nth(1).check()
    mentee.get_by_role("button", name="Send these times").click()
    expect(mentee.get_by_text("Times that you proposed")).to_be_visible()

    signed_out = visit(site)
    signed_out.goto(address_in(mail(signed_out, MENTOR, "Sorcha Keane proposes a time to meet"), "/meetings/link/"))
    expect_page(signed_out, "Your meeting with Sorcha Keane")
    accessible(signed_out)
    signed_out.get_by_role("button", name="Accept").first.click()
    expect(signed_out.get_by_text("When and where")).to_be_visible()
    accessible(signed_out)

    letter = mail(mentee, MENTEE, "Agreed: you meet Maeve Tiernan")
    assert "METHOD:REQUEST" in calendar_file(letter)
    mentee.goto(address_in(letter, "/meetings/link/"))
    mentee.get_by_role("link", name="Move it").click()
    mentee.get_by_role("checkbox").nth(2).check()
    accessible(mentee)
    mentee.get_by_role("button", name="Send these times").click()
    signed_out.goto(address_in(mail(signed_out, MENTOR, "Sorcha Keane proposes a time to meet"), "/meetings/link/"))
    expect(signed_out.get_by_text("Can it move to one of these?")).to_be_visible()
    signed_out.get_by_role("button", name="Accept").first.click()
    letter = mail(mentee, MENTEE, "Moved: you meet Maeve Tiernan")
    assert "SEQUENCE:1" in calendar_file(letter)
    mentee.goto(address_in(letter, "/meetings/link/"))
    mentee.get_by_role("link", name="Cancel the meeting").click()
    mentee.get_by_role("radio", name="I am on leave").check()
    accessible(mentee)
    mentee.get_by_role("button", name="Cancel the meeting").click()
    expect_said(mentee, "cancelled")
    letter = mail(signed_out, MENTOR, "Cancelled: your meeting with Sorcha Keane")
    assert "METHOD:CANCEL" in calendar_file(letter)
