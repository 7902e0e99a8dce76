"""Signing in as anybody does, with the code that comes by e-mail."""

import re
from collections.abc import Callable

from playwright.sync_api import Page

CODE = re.compile(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", re.MULTILINE)


def newest_code(page: Page, mail: Callable[..., Page], address: str, subject: str = "Your code for signing in") -> str:
    """The code in the newest e-mail to this address, read in a window beside the one that waits for it."""
    beside = page.context.new_page()
    words = mail(beside, address, subject).get_by_role("main").inner_text()
    beside.close()
    found = CODE.search(words)
    assert found, words
    return found[0]


def sign_in_with_code(page: Page, mail: Callable[..., Page], address: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_role("link", name="Send me a code").click()
    page.get_by_label("E-mail").fill(address)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code").fill(newest_code(page, mail, address))
    page.get_by_role("button", name="Confirm").click()
