"""How somebody new joins a programme: an account, then a few questions."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.codes import newest_code
from tests.journeys.reading import expect_page, follow


def nothing(page: Page) -> None:
    """What is looked at on the way, where nothing is."""


def create_account(
    page: Page,
    mail: Callable[..., Page],
    programme: str,
    name: str,
    address: str,
    look: Callable[[Page], None] = nothing,
) -> None:
    page.goto(f"/programmes/p/{programme}/")
    look(page)
    follow(page, page.get_by_role("link", name="Sign up"))
    look(page)
    page.get_by_role("link", name="I am new here").click()
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Your work e-mail address").fill(address)
    look(page)
    page.get_by_role("button", name="Continue").click()
    expect_page(page, "Confirm your e-mail address")
    look(page)
    page.get_by_label("Code").fill(newest_code(page, mail, address, "Your code to confirm your address"))
    page.get_by_role("button", name="Confirm").click()


def answer_the_questions(page: Page, manager: str, look: Callable[[Page], None] = nothing) -> None:
    """The six questions to a mentee, one on each page, up to the page that shows all answers."""

    def go_on(title: str) -> None:
        look(page)
        page.get_by_role("button", name="Continue").click()
        expect_page(page, title)

    expect_page(page, "What would you like to be?")
    page.get_by_role("radio", name="a mentee").check()
    go_on("Where do you work?")
    expect(page.get_by_label("Your council or organisation")).to_have_value("Ousebridge City Council")
    go_on("What would you like to get out of it?")
    page.get_by_label("What would you like to be able to do").fill("To lead my first team well.")
    go_on("When are you there?")
    go_on("Who is your line manager?")
    page.get_by_label("Their work e-mail address").fill(manager)
    go_on("Anything that the coordinator should know?")
    go_on("Check your answers")
    look(page)
