"""A mentor reads what the mentee writes without loading the page again, and words in the box stay where they are."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Site
from tests.journeys.people import named

pytestmark = pytest.mark.journey


def open_thread(page: Page, other: str) -> None:
    page.goto("/mentorships/")
    page.get_by_role("link", name=named(other)).first.click()
    page.get_by_role("link", name="Messages", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(named(other))


def write(page: Page, words: str) -> None:
    page.get_by_label("Your message").fill(words)
    page.get_by_role("button", name="Send").click()


def test_two_write_to_each_other(site: Site, visit: Callable[..., Page]) -> None:
    mentor, mentee = visit(site, "mentor"), visit(site, "mentee")
    open_thread(mentor, "mentee")
    open_thread(mentee, "mentor")
    mentor.get_by_label("Your message").fill("I am still writing this")

    write(mentee, "The committee said yes")
    expect(mentee.get_by_label("Your message")).to_be_focused()
    expect(mentee.get_by_label("Your message")).to_have_value("")
    expect(mentor.get_by_role("log").get_by_text("The committee said yes")).to_be_visible()
    expect(mentor.get_by_label("Your message")).to_have_value("I am still writing this")
    write(mentee, "And thank you")
    expect(mentor.get_by_role("log").get_by_text("And thank you")).to_have_count(1)

    write(mentor, "Well done!")
    expect(mentee.get_by_role("log").get_by_text("Well done!")).to_have_count(1)
    mentor.get_by_role("link", name="Edit or delete").last.click()
    mentor.get_by_role("button", name="Delete the message").click()
    expect(mentee.get_by_role("log").get_by_text("This message was deleted.")).to_be_visible()
    expect(mentee.get_by_role("log").get_by_text("Well done!")).to_have_count(0)


def test_without_a_script(site: Site, visit: Callable[..., Page]) -> None:
    mentee, mentor = visit(site, "mentee", script=False), visit(site, "mentor", script=False)
    open_thread(mentee, "mentor")
    write(mentee, "  ")
    expect(mentee.get_by_role("alert")).to_contain_text("Write something first.")
    write(mentee, "No script was harmed")
    expect(mentee.get_by_text("No script was harmed")).to_be_visible()
    open_thread(mentor, "mentee")
    mentor.get_by_role("button", name="Mark as read").click()
    expect(mentor.get_by_text("No script was harmed")).to_be_visible()
    expect(mentor.get_by_role("button", name="Mark as read")).to_have_count(0)
