"""A newcomer scans the code of a poster, makes an account and applies, all on the phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import afternoon
from tests.journeys.conftest import Site
from tests.journeys.joining import answer_the_questions, create_account
from tests.journeys.reading import expect_page, expect_said, follow

pytestmark = pytest.mark.journey

ADDRESS = "petra.lindqvist@ousebridge.example"


def test_from_the_public_page_to_a_profile(
    site: Site, visit: Callable[..., Page], accessible: Callable[[Page], None], mail: Callable[..., Page]
) -> None:
    afternoon.start_programme(visit(site, "coordinator"), "Weir and Wharf", "Twelve months")

    phone = visit(site, width=375)
    create_account(phone, mail, "weir-and-wharf", "Petra Lindqvist", ADDRESS, look=accessible)
    answer_the_questions(phone, "osk.brandt@ousebridge.example", look=accessible)
    expect(phone.get_by_role("main")).not_to_contain_text("None")
    phone.get_by_role("button", name="Send the application").click()
    expect_said(phone, "Your application is in.")
    expect(phone.get_by_role("listitem").filter(has_text="Your line manager is asked by e-mail")).to_be_visible()
    accessible(phone)

    follow(phone, phone.get_by_role("link", name="Fill in your profile"))
    accessible(phone)
    phone.get_by_role("link", name="You and your work").click()
    expect(phone.get_by_label("Your organisation")).to_have_value("Ousebridge City Council")
    phone.get_by_label("Job title").fill("Revenues officer")
    phone.get_by_label("Service area").select_option("Revenues and benefits")
    phone.get_by_label("Career level").select_option(index=2)
    accessible(phone)
    phone.get_by_role("button", name="Save and go on").click()

    expect_page(phone, "What you offer and what you want")
    wants = phone.get_by_role("group", name="I want to learn")
    wants.get_by_label("Search the list").fill("leading people")
    wants.get_by_role("checkbox", name="People leadership").check()
    accessible(phone)
    phone.get_by_role("button", name="Save and go on").click()
    expect_page(phone, "Your background")
    accessible(phone)
    follow(phone, phone.get_by_role("button", name="Save and go on"))
    accessible(phone)
    phone.goto("/people/me/as-seen/")
    expect(phone.get_by_role("main")).to_contain_text("Revenues officer")
    accessible(phone)
