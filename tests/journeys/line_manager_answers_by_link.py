"""A line manager says yes from the e-mail, without an account, and the coordinator sees it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import afternoon
from tests.journeys.conftest import Site
from tests.journeys.joining import answer_the_questions, create_account
from tests.journeys.reading import address_in, expect_page, line_of

pytestmark = pytest.mark.journey

MANAGER = "osk.brandt@ousebridge.example"


def test_a_yes_by_link(
    site: Site, visit: Callable[..., Page], accessible: Callable[[Page], None], mail: Callable[..., Page]
) -> None:
    coordinator = visit(site, "coordinator")
    afternoon.start_programme(coordinator, "Weir and Wharf", "Twelve months")
    applicant = visit(site)
    create_account(applicant, mail, "weir-and-wharf", "Petra Lindqvist", "petra.lindqvist@ousebridge.example")
    answer_the_questions(applicant, MANAGER)
    applicant.get_by_role("button", name="Send the application").click()
    expect_page(applicant, "What happens next")

    manager = visit(site, width=375)
    letter = mail(manager, MANAGER, "May Petra Lindqvist take part in Weir and Wharf?")
    expect(letter.get_by_role("main")).to_contain_text("12 meetings of about an hour")
    manager.goto(address_in(letter, "/sponsor/"))
    expect_page(manager, "May Petra Lindqvist take part?")
    accessible(manager)
    manager.get_by_role("button", name="Send the answer").click()
    expect(manager.get_by_role("alert")).to_contain_text("There is a problem")
    accessible(manager)
    manager.get_by_role("radio", name="Yes, I agree").check()
    manager.get_by_role("button", name="Send the answer").click()
    expect_page(manager, "Thank you")
    accessible(manager)

    coordinator.get_by_role("link", name="Applicants").click()
    expect(line_of(coordinator, "Petra Lindqvist")).to_contain_text("Applied")
    coordinator.get_by_role("link", name="Petra Lindqvist").click()
    expect(coordinator.get_by_text(MANAGER)).to_contain_text("answered")
    accessible(coordinator)
    coordinator.get_by_role("button", name="Give a place").click()
    mail(applicant, "petra.lindqvist@ousebridge.example", "You have a place in Weir and Wharf")
