"""Somebody who uses no mouse signs in, finds the menu, and mends a form from its list of problems."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.codes import newest_code
from tests.journeys.conftest import Site
from tests.journeys.people import address
from tests.journeys.reading import expect_page

pytestmark = pytest.mark.journey

MOST_STOPS = 60


def reach(page: Page, wanted: Locator) -> None:
    """Go on with the tab key until this has the focus."""
    expect(wanted).to_be_visible()
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"the tab key does not reach {wanted}")


def activate(page: Page, wanted: Locator, key: str = "Enter") -> None:
    reach(page, wanted)
    page.keyboard.press(key)


def test_with_the_keyboard_alone(
    site: Site, visit: Callable[..., Page], accessible: Callable[[Page], None], mail: Callable[..., Page]
) -> None:
    page = visit(site)
    page.goto("/accounts/login/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the main content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    activate(page, page.get_by_role("link", name="Send me a code"))
    expect_page(page, "Sign in with a code")
    reach(page, page.get_by_label("E-mail address"))
    page.keyboard.type(address("waiting-mentee"))
    page.keyboard.press("Enter")
    expect_page(page, "Enter your code")
    code = newest_code(page, mail, address("waiting-mentee"))
    page.bring_to_front()
    if not page.get_by_label("Code").evaluate("element => element === document.activeElement"):
        reach(page, page.get_by_label("Code"))
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    expect_page(page, "Hello, Dylan")

    page.set_viewport_size({"width": 375, "height": 800})
    menu = page.get_by_role("navigation", name="Main")
    expect(menu).to_be_hidden()
    activate(page, page.locator("summary").filter(has_text="Menu"))
    activate(page, menu.get_by_role("link", name="Programmes"))
    expect_page(page, "Programmes")

    activate(page, page.get_by_label("Account of Dylan Prosser"))
    activate(page, page.get_by_role("link", name="Your profile"))
    activate(page, page.get_by_role("link", name="You and your work"))
    expect_page(page, "You and your work")
    name = page.get_by_label("Your name")
    reach(page, name)
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.press("Enter")
    problems = page.get_by_role("alert")
    expect(problems).to_be_focused()
    accessible(page)
    activate(page, problems.get_by_role("link"))
    expect(name).to_be_focused()
    page.keyboard.type("Dylan Prosser")
    page.keyboard.press("Enter")
    expect(problems).to_be_hidden()
