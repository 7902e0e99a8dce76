"""Without JavaScript: a weight is moved, an applicant gets a place, a match is accepted."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import afternoon
from tests.journeys.conftest import Site
from tests.journeys.joining import answer_the_questions, create_account
from tests.journeys.reading import expect_page, expect_said, line_of

pytestmark = pytest.mark.journey


def test_weights(site: Site, visit: Callable[..., Page]) -> None:
    page = visit(site, "coordinator", script=False)
    page.get_by_role("link", name="Across the Water").click()
    page.get_by_role("link", name="Matching", exact=True).click()
    page.get_by_role("link", name="Autumn round").first.click()
    page.get_by_role("slider", name="Another council, region or country").press("End")
    page.get_by_role("button", name="Show the effect").click()
    expect(page.get_by_text("A trial: nothing is saved")).to_be_visible()
    expect(page.get_by_text("mentees would change:")).to_be_visible()
    page.get_by_role("button", name="Keep these weights", exact=True).click()
    expect(page.get_by_role("slider", name="Another council, region or country")).to_have_value("10")
    expect(page.get_by_text("A trial: nothing is saved")).to_be_hidden()


def test_applicants(site: Site, visit: Callable[..., Page], mail: Callable[..., Page]) -> None:
    coordinator = visit(site, "coordinator", script=False)
    afternoon.start_programme(coordinator, "Weir and Wharf", "Twelve months")
    applicant = visit(site, script=False)
    create_account(applicant, mail, "weir-and-wharf", "Petra Lindqvist", "petra.lindqvist@ousebridge.example")
    answer_the_questions(applicant, "osk.brandt@ousebridge.example")
    applicant.get_by_role("button", name="Send the application").click()
    expect_page(applicant, "What happens next")

    coordinator.get_by_role("link", name="Applicants").click()
    coordinator.get_by_label("Role").select_option(label="mentee (1)")
    coordinator.get_by_role("button", name="Show results").click()
    coordinator.get_by_label("Tick Petra Lindqvist").check()
    coordinator.get_by_role("button", name="Give a place").click()
    expect_said(coordinator, "1 person has a place")
    expect(line_of(coordinator, "Petra Lindqvist")).to_contain_text("Approved")


def test_a_match(site: Site, visit: Callable[..., Page], mail: Callable[..., Page]) -> None:
    mentee = visit(site, "proposed-mentee", script=False)
    mentee.get_by_role("link", name="See the match").click()
    mentee.get_by_role("button", name="Yes, I would like to").click()
    expect(mentee.get_by_text("You have said yes.")).to_be_visible()
    mentor = visit(site, "proposed-mentor", script=False)
    mentor.goto("/")
    mail(mentor, "yvonne.achterberg@grandcedar.example", "Aoife Brannigan has said yes")
    mentor.get_by_role("main").locator("a[href*='/matching/proposals/']").click()
    mentor.get_by_role("button", name="Yes, I would like to").click()
    expect_page(mentor, "You and Aoife Brannigan")
