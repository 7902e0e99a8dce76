"""A mentor has the page of a pair open while the mentee pauses it elsewhere: the mentor's page says so by itself."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Site
from tests.journeys.people import named

pytestmark = pytest.mark.journey


def open_pair(page: Page, other: str) -> None:
    page.goto("/mentorships/")
    page.get_by_role("link", name=named(other)).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(named(other))


def test_it(site: Site, visit: Callable[..., Page]) -> None:
    mentor, mentee = visit(site, "mentor"), visit(site, "mentee")
    open_pair(mentor, "mentee")
    expect(mentor.get_by_text("Paused").first).not_to_be_visible()

    open_pair(mentee, "mentor")
    mentee.get_by_role("link", name="Pause").first.click()
    mentee.get_by_role("button", name="Pause").click()
    expect(mentee.get_by_text("Paused").first).to_be_visible()

    expect(mentor.get_by_text("Paused").first).to_be_visible()
