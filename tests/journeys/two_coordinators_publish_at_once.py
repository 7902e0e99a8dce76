"""Two coordinators have the same pairs before them and both publish: one does, the other is told."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Site
from tests.journeys.people import named
from tests.journeys.reading import expect_page

pytestmark = pytest.mark.journey


def ready_to_publish(page: Page) -> None:
    page.get_by_role("link", name="Across the Water").click()
    page.get_by_role("link", name="Matching", exact=True).click()
    page.get_by_role("link", name="Autumn round").first.click()
    page.get_by_role("link", name="Publish these pairs").click()
    expect_page(page, "Publish")


def test_one_publishes_and_the_other_is_told(
    site: Site, visit: Callable[..., Page], accessible: Callable[[Page], None]
) -> None:
    first, second = visit(site, "coordinator"), visit(site, "pool-owner")
    ready_to_publish(first)
    ready_to_publish(second)
    accessible(first)

    first.get_by_role("button", name="Publish and tell everybody").click()
    expect_page(first, "Answers")
    accessible(first)

    second.get_by_role("button", name="Publish and tell everybody").click()
    expect_page(second, "Somebody else was first")
    expect(second.get_by_role("main")).to_contain_text(named("coordinator"))
    expect(second.get_by_text("Nothing of yours has been changed.")).to_be_visible()
    accessible(second)

    mentee = visit(site, "waiting-mentee")
    expect(mentee.get_by_role("link", name="See the match")).to_have_count(1)
