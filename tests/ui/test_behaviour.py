"""What components do in a browser, with and without JavaScript."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 375, "height": 800}
DESK = {"width": 1280, "height": 900}


@pytest.fixture
def visit(browser: Browser, live_server) -> Iterator[Callable[..., Page]]:
    """Opens the design page; anything that the content policy or a script complains about fails the test."""
    complaints: list[str] = []
    contexts = []

    def go(size: dict[str, int] = DESK, *, script: bool = True, address: str = "/design/") -> Page:
        contexts.append(browser.new_context(viewport=size, java_script_enabled=script))
        page = contexts[-1].new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{live_server.url}{address}")
        return page

    yield go
    for context in contexts:
        context.close()
    assert not [words for words in complaints if "WebSocket" not in words]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("address", ["/design/", "/about/", "/accessibility/", "/privacy-notice/"])
def test_a_page_passes_axe_and_fits_the_screen(visit: Callable[..., Page], size: dict[str, int], address: str) -> None:
    page = visit(size, address=address)
    found = Axe().run(page).response["violations"]
    assert [(problem["id"], [node["html"] for node in problem["nodes"]]) for problem in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]


def test_at_400_percent_nothing_spills_off_the_screen(visit: Callable[..., Page]) -> None:
    page = visit({"width": 320, "height": 256}, address="/about/")
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_the_error_summary_has_the_focus_and_leads_to_the_input(visit: Callable[..., Page]) -> None:
    page = visit()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.get_by_role("link", name="Monday: the end must be later than the start.").click()
    expect(page.locator("#id_hours_0_0_from")).to_be_focused()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_a_menu_opens_with_and_without_a_script(visit: Callable[..., Page], script: bool) -> None:
    page = visit(PHONE, script=script)
    item = page.get_by_role("link", name="Edit")
    expect(item).not_to_be_visible()
    page.get_by_text("Actions", exact=True).click()
    expect(item).to_be_visible()


def test_escape_closes_a_menu_and_gives_the_focus_back(visit: Callable[..., Page]) -> None:
    page = visit()
    page.get_by_text("Actions", exact=True).click()
    page.get_by_role("link", name="Edit").focus()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Edit")).not_to_be_visible()
    expect(page.locator(".action-menu > summary")).to_be_focused()


def test_the_picker_finds_by_synonym_and_shows_what_was_picked(visit: Callable[..., Page]) -> None:
    picker = visit().locator("#id_skills")
    search = picker.get_by_label("Search the list")
    search.fill("Móney")
    expect(picker.locator(".choice:visible")).to_have_text(["Budgets and forecasting"])
    search.press("Enter")
    expect(picker.locator("input:checked")).to_have_value("budgets")
    picker.get_by_role("button", name="Remove Budgets and forecasting").click()
    expect(picker.locator("input:checked")).to_have_count(0)
    expect(search).to_be_focused()
    search.fill("zeppelin")
    expect(picker.get_by_text("Nothing in the list has this name.")).to_be_visible()


def test_the_picker_is_a_list_of_boxes_without_a_script(visit: Callable[..., Page]) -> None:
    picker = visit(script=False).locator("#id_skills")
    expect(picker.get_by_label("Search the list")).not_to_be_visible()
    picker.get_by_text("Working with people").click()
    picker.get_by_label("Leading a team").check()
    expect(picker.locator("input:checked")).to_have_value("teams")


def test_the_first_day_is_copied_to_the_weekdays_that_are_empty(visit: Callable[..., Page]) -> None:
    page = visit()
    page.locator('[data-hours-copy="plain_hours"]').click()
    ends = [page.locator(f"#plain_hours_{day}_0_to").input_value() for day in range(7)]
    assert ends == ["17:00", "17:00", "13:00", "17:00", "17:00", "", ""]


def test_the_count_of_characters_follows_the_typing(visit: Callable[..., Page]) -> None:
    page = visit()
    expect(page.locator("#id_biography_count")).to_have_text("20 characters too many")
    page.locator("#id_biography").fill("Twelve words")
    expect(page.locator("#id_biography_count")).to_have_text("588 characters left")


def test_a_table_becomes_cards_on_a_phone_with_a_name_at_each_cell(visit: Callable[..., Page]) -> None:
    cell = visit(PHONE).get_by_role("cell", name="Ready").first
    assert cell.evaluate("cell => getComputedStyle(cell, '::before').content") == '"Standing"'
    assert visit(DESK).locator("td").first.evaluate("cell => getComputedStyle(cell).display") == "table-cell"
