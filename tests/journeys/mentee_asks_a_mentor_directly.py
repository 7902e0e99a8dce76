"""A mentee finds a mentor in the directory, asks her, and hears within days."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.codes import sign_in_with_code
from tests.journeys.conftest import Site
from tests.journeys.people import address
from tests.journeys.reading import expect_page, expect_said, follow

pytestmark = pytest.mark.journey

MENTOR = "catriona.balfour@severnwold.example"


def test_asking_by_search_and_the_yes(
    site: Site, visit: Callable[..., Page], accessible: Callable[[Page], None], mail: Callable[..., Page]
) -> None:
    mentee = visit(site, "waiting-mentee", width=375)
    follow(mentee, mentee.get_by_role("link", name="Across the Water"))
    accessible(mentee)
    mentee.get_by_role("link", name="Find a mentor").click()
    mentee.get_by_role("searchbox", name="Search").fill("examination of a local plan")
    follow(mentee, mentee.get_by_role("button", name="Search"))
    accessible(mentee)
    mentee.get_by_role("link", name="Catriona Balfour").click()
    expect_page(mentee, "Catriona Balfour")
    accessible(mentee)
    mentee.get_by_role("link", name="Ask this mentor").click()

    mentee.get_by_role("button", name="Send the request").click()
    problem = mentee.get_by_role("link", name="Write a few words, so that the mentor knows what it is about")
    expect(problem).to_be_visible()
    accessible(mentee)
    problem.click()
    message = mentee.get_by_label("Your message")
    expect(message).to_be_focused()
    message.fill("I stand up in committee for the first time in March.")
    mentee.get_by_role("button", name="Send the request").click()
    expect_said(mentee, "six working days to answer")
    expect(mentee.get_by_text("You have asked Catriona.")).to_be_visible()
    accessible(mentee)

    mentor = visit(site)
    sign_in_with_code(mentor, mail, MENTOR)
    mentor.get_by_role("link", name="Read and answer").click()
    expect(mentor.get_by_text("Dylan has asked you. With your yes, the mentorship begins.")).to_be_visible()
    expect(mentor.get_by_text("I stand up in committee for the first time in March.")).to_be_visible()
    accessible(mentor)
    mentor.get_by_role("button", name="Yes, I would like to").click()
    expect_page(mentor, "You and Dylan Prosser")

    mail(mentee, address("waiting-mentee"), "Catriona Balfour has said yes, and is your mentor now")
