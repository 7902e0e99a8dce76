"""The first person on an empty Commonhall becomes its administrator and makes a pool in which a programme can begin."""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Site
from tests.journeys.reading import expect_page, expect_said, follow

pytestmark = pytest.mark.journey

ADDRESS, PASSWORD = "ingrid.falk@norrvik.example", "a bridge of lanterns 47"
STEP, DIGITS = 30, 6


def six_digits(key: str) -> str:
    """What an authenticator app shows now (RFC 6238)."""
    counter = (int(time.time()) // STEP).to_bytes(8, "big")
    digest = hmac.new(base64.b32decode(key), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def set_up_an_app(page: Page, accessible: Callable[[Page], None]) -> None:
    page.get_by_role("link", name="Set up an app").click()
    password = page.get_by_label("Your password")
    digits = page.get_by_label("The six digits that your app shows now")
    expect(password.or_(digits)).to_be_visible()
    if password.is_visible():
        password.fill(PASSWORD)
        follow(page, page.get_by_role("button", name="Go on"))
    accessible(page)
    digits.fill(six_digits(page.get_by_label("Key").input_value()))
    page.get_by_role("button", name="Finish").click()
    expect_page(page, "Recovery codes")
    accessible(page)


def test_from_the_first_page_to_a_pool_with_an_owner(
    empty_site: Site, visit: Callable[..., Page], accessible: Callable[[Page], None]
) -> None:
    page = visit(empty_site)
    page.goto("/")
    expect_page(page, "Welcome to your Commonhall")
    accessible(page)
    page.get_by_label("Your name").fill("Ingrid Falk")
    page.get_by_label("Your work e-mail address").fill(ADDRESS)
    page.get_by_label("A password").fill("password")
    page.get_by_role("button", name="Create the administrator").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    accessible(page)
    page.get_by_label("A password").fill(PASSWORD)
    page.get_by_role("button", name="Create the administrator").click()

    expect_page(page, "Passkeys and second step")
    accessible(page)
    page.goto("/organisations/")
    expect_page(page, "Passkeys and second step")
    set_up_an_app(page, accessible)
    page.get_by_role("link", name="Go on").click()
    expect_page(page, "Hello, Ingrid")

    follow(page, page.get_by_role("navigation", name="Main").get_by_role("link", name="Organisations"))
    accessible(page)
    page.get_by_role("link", name="Add an organisation").click()
    page.get_by_label("Name", exact=True).fill("Norrvik District Council")
    page.get_by_label("Time zone").select_option("Europe/London")
    accessible(page)
    page.get_by_role("button", name="Save").click()
    expect_page(page, "Norrvik District Council")

    page.get_by_role("navigation", name="Main").get_by_role("link", name="Organisations").click()
    follow(page, page.get_by_role("link", name="Create a pool"))
    accessible(page)
    page.get_by_label("Name", exact=True).fill("Three Harbours")
    page.get_by_role("button", name="Create the pool").click()
    expect_page(page, "Three Harbours")
    page.get_by_label("Organisation", exact=True).fill("Norrvik District Council")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("rowheader", name="Norrvik District Council")).to_be_visible()
    follow(page, page.get_by_role("link", name="Name an owner"))
    accessible(page)
    page.get_by_label("E-mail address of a person with an account").fill(ADDRESS)
    page.get_by_role("button", name="Give the role").click()
    expect_said(page, "The role is given.")
    expect(page.get_by_role("button", name="Take back Pool owner: Ingrid Falk")).to_be_visible()
    accessible(page)

    page.get_by_role("navigation", name="Main").get_by_role("link", name="Programmes").click()
    page.get_by_role("link", name="Start a programme").first.click()
    expect_page(page, "Start a programme")

    second = visit(empty_site)
    second.goto("/setup/")
    expect(second.get_by_role("button", name="Create the administrator")).to_have_count(0)
