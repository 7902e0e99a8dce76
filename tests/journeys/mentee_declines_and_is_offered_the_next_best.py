"""A mentee says no to her match without blame, and is offered the next best at once."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import afternoon
from tests.journeys.codes import sign_in_with_code
from tests.journeys.conftest import Site
from tests.journeys.reading import address_in, expect_page, expect_said, line_of

pytestmark = pytest.mark.journey

MENTEE, MENTOR = "sorcha.keane@corrandale.example", "maeve.tiernan@kilbrannagh.example"
SPARE = "Colm Duggan,colm.duggan@portmorran.example,Portmorran,Mon-Fri,Mentor,Director,7,Parks,"


def test_a_decline_frees_both_and_suggests_another(
    site: Site, visit: Callable[..., Page], accessible: Callable[[Page], None], mail: Callable[..., Page]
) -> None:
    coordinator = visit(site, "coordinator")
    afternoon.bring_to_published_matches(coordinator, "Lantern Bridge", SPARE)

    mentee = visit(site, width=375)
    sign_in_with_code(mentee, mail, MENTEE)
    mentee.get_by_role("link", name="See the match").click()
    expect_page(mentee, "Maeve Tiernan")
    mentee.get_by_role("link", name="No, thank you").click()
    expect(mentee.get_by_text("told only that it is not going ahead, never why")).to_be_visible()
    mentee.get_by_role("radio", name="We know each other already").check()
    accessible(mentee)
    mentee.get_by_role("button", name="Decline this match").click()
    expect_said(mentee, "told only that it is not going ahead")
    accessible(mentee)

    letter = mail(visit(site), MENTOR, "Your match with Sorcha Keane")
    expect(letter.get_by_role("main")).not_to_contain_text("know each other")

    mentee.goto(address_in(mail(mentee, MENTEE, "A match for you: Colm Duggan"), "/matching/proposals/"))
    expect_page(mentee, "Colm Duggan")
    expect(mentee.get_by_text("Why the two of you")).to_be_visible()
    accessible(mentee)
    mentee.get_by_role("button", name="Yes, I would like to").click()
    expect(mentee.get_by_text("You have said yes.")).to_be_visible()

    coordinator.reload()
    expect(line_of(coordinator, "Sorcha Keane").filter(has_text="Colm Duggan")).to_contain_text("Mentee said yes")
    line_of(coordinator, "Sorcha Keane").filter(has_text="Maeve Tiernan").get_by_role("link").click()
    expect(coordinator.get_by_text("We know each other already")).to_be_visible()
    accessible(coordinator)
