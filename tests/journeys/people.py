"""Becoming one of the cast, by the button on the demo's own page."""

from playwright.sync_api import Page, expect

from commonhall.demo.cast import CAST


def named(key: str) -> str:
    return next(persona.name for persona in CAST if persona.key == key)


def address(key: str) -> str:
    return next(persona.email for persona in CAST if persona.key == key)


def become(page: Page, key: str) -> None:
    page.goto("/demo/")
    page.get_by_role("button", name=f"Be {named(key)}", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")
