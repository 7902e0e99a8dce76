"""How the stories read a page."""

from playwright.sync_api import Locator, Page, expect


def expect_said(page: Page, words: str) -> None:
    """The page answers an act in these words."""
    expect(page.get_by_role("status").filter(has_text=words).first).to_be_visible()


def follow(page: Page, way: Locator) -> None:
    """Click a link or a button, and wait until the page that it opens has loaded."""
    with page.expect_navigation():
        way.click()


def expect_page(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)


def line_of(page: Page, name: str) -> Locator:
    """The row of a table that is about this person."""
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader").filter(has_text=name))


def address_in(letter: Page, part: str) -> str:
    """The address in an e-mail of which this is a part."""
    return str(letter.get_by_role("main").locator(f"a[href*='{part}']").first.get_attribute("href"))
