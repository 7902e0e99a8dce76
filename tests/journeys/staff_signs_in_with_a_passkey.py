"""A coordinator sets up a passkey, signs out, and comes back with it alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import people
from tests.journeys.codes import sign_in_with_code
from tests.journeys.conftest import Site

pytestmark = pytest.mark.journey


def with_authenticator(page: Page, *, consents: bool = True) -> None:
    """The browser's own stand-in for a fingerprint reader."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": consents,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def add_passkey(page: Page, name: str) -> None:
    page.goto("/accounts/2fa/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("A name for it").fill(name)
    page.get_by_role("button", name="Add the passkey").click()


def sign_out(page: Page) -> None:
    page.get_by_label("Account of").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()


def test_a_passkey_opens_commonhall_without_a_password_or_a_code(
    site: Site, visit: Callable[..., Page], accessible: Callable[[Page], None]
) -> None:
    page = visit(site, "coordinator")
    with_authenticator(page)
    add_passkey(page, "Work laptop")
    expect(page.get_by_text("Your passkey is added.")).to_be_visible()
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_role("rowheader", name="Work laptop")).to_be_visible()
    accessible(page)

    sign_out(page)
    page.goto("/accounts/login/?next=/programmes/")
    accessible(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(f"{site.address}/programmes/")
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_role("row", name="Work laptop").get_by_text("Not yet")).to_have_count(0)


def test_the_passkey_is_the_second_step_after_a_code(
    site: Site, visit: Callable[..., Page], mail: Callable[..., Page]
) -> None:
    page = visit(site, "pool-owner")
    with_authenticator(page)
    add_passkey(page, "Work laptop")
    expect(page.get_by_text("Your passkey is added.")).to_be_visible()
    sign_out(page)
    sign_in_with_code(page, mail, people.address("pool-owner"))
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")


def test_somebody_without_a_passkey_is_not_asked_for_one(
    site: Site, visit: Callable[..., Page], mail: Callable[..., Page], accessible: Callable[[Page], None]
) -> None:
    page = visit(site)
    sign_in_with_code(page, mail, people.address("site-administrator"))
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    expect(page.get_by_role("button", name="Use a passkey")).to_have_count(0)
    accessible(page)


def test_a_device_that_says_no_leaves_the_other_ways(site: Site, visit: Callable[..., Page]) -> None:
    page = visit(site)
    with_authenticator(page, consents=False)
    page.goto("/accounts/login/")
    problem = page.get_by_role("alert")
    expect(problem).to_be_hidden()
    page.get_by_role("button", name="Use a passkey").click()
    expect(problem).to_contain_text("Your device did not give the passkey.")
    page.get_by_role("link", name="Send me a code").click()
    expect(page.get_by_role("heading", name="Sign in with a code")).to_be_visible()


def test_without_javascript_the_passkey_is_not_offered(site: Site, visit: Callable[..., Page]) -> None:
    page = visit(site, script=False)
    page.goto("/accounts/login/")
    expect(page.get_by_role("button", name="Use a passkey")).to_be_hidden()
    expect(page.get_by_role("link", name="Send me a code")).to_be_visible()
