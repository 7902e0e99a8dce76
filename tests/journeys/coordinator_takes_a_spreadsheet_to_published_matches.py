"""A coordinator takes her spreadsheet, mends a line in it, and publishes matches that evening."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import afternoon
from tests.journeys.conftest import Site
from tests.journeys.reading import follow, line_of

pytestmark = pytest.mark.journey

BROKEN = [line.replace("idris.hale@torrwick.example", "idris.hale@torrwick") for line in afternoon.PEOPLE]
WANTS = "What the mentee wants and the mentor offers"


def test_from_a_file_with_a_broken_line_to_published_matches(
    site: Site, visit: Callable[..., Page], accessible: Callable[[Page], None], mail: Callable[..., Page]
) -> None:
    page = visit(site, "coordinator")
    accessible(page)
    afternoon.start_programme(page, "Lantern Bridge")
    accessible(page)

    follow(page, page.get_by_role("link", name="Import a spreadsheet"))
    accessible(page)
    afternoon.look_at(page, afternoon.spreadsheet(*BROKEN))
    problem = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="3", exact=True))
    expect(problem).to_contain_text("Email")
    expect(problem).to_contain_text("Write it as name@council.gov.uk.")
    accessible(page)

    page.get_by_role("link", name="Upload another file").click()
    afternoon.look_at(page, afternoon.spreadsheet(*afternoon.PEOPLE))
    expect(page.get_by_text("Nothing to look at")).to_be_visible()
    afternoon.save(page, 10)
    accessible(page)
    afternoon.give_everybody_a_place(page, 10)
    accessible(page)

    afternoon.begin_a_round(page, "Lantern Bridge")
    accessible(page)
    assert afternoon.mentor_of(page, "Tamsin Oake") == "Des Achebe"

    page.get_by_role("slider", name=WANTS).press("Home")
    expect(page.get_by_text("mentees would change:")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Tamsin Oake: Des Achebe")).to_be_visible()
    accessible(page)
    follow(page, page.get_by_role("link", name="Back to what is saved"))

    follow(page, page.get_by_role("link", name="Tamsin Oake"))
    accessible(page)
    page.get_by_label("Why").fill("They have worked together before, and well.")
    page.get_by_role("button", name="Keep together").click()
    expect(page.get_by_text("You keep these two together.")).to_be_visible()
    page.get_by_role("link", name="First round").click()
    expect(line_of(page, "Tamsin Oake")).to_contain_text("kept")
    page.get_by_role("slider", name=WANTS).press("Home")
    expect(page.get_by_text("A trial: nothing is saved")).to_be_visible()
    assert afternoon.mentor_of(page, "Tamsin Oake").startswith("Des Achebe")
    follow(page, page.get_by_role("link", name="Back to what is saved"))

    afternoon.publish(page)
    expect(line_of(page, "Tamsin Oake")).to_contain_text("Waiting for both")
    accessible(page)
    letter = mail(page, "tamsin.oake@severnwold.example", "A match for you: Des Achebe")
    expect(letter.get_by_role("main")).to_contain_text("Lantern Bridge")
    accessible(letter)
