"""Follows the links of every persona, one page of each kind, wide, narrow and very narrow."""

from collections import Counter
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from tests.journeys.conftest import Site

pytestmark = pytest.mark.journey

PERSONAS = (
    "",
    "coordinator",
    "pool-owner",
    "site-administrator",
    "organisation-administrator",
    "proposed-mentee",
    "proposed-mentor",
    "mentee",
    "outsider",
)
LOOKS_DIFFERENT = (
    "home:start",
    "programmes:detail",
    "matching:proposal",
    "mentorships:detail",
    "integrations:calendars",
)
FILES = (
    "programmes:qr",
    "programmes:export",
    "programmes:import_problems",
    "matching:record",
    "meetings:invitation",
    "demo:part",
    "brand",
)
NO_PAGES = (*FILES, "privacy:download", "people:photo", "demo:letter_html")
MOST_OF_A_KIND = 3
PHONE, OLD_PHONE = {"width": 375, "height": 800}, {"width": 320, "height": 800}


def kind_of(path: str, persona: str) -> str:
    try:
        name = resolve(path).view_name
    except Resolver404:
        return ""
    return "" if name in NO_PAGES else f"{name} of {persona}" if name in LOOKS_DIFFERENT else name


def links(page: Page) -> Iterator[str]:
    """Addresses of this site on the page, as they stand, without what follows the hash."""
    for address in page.locator("a[href]").evaluate_all("all => all.map(one => one.href)"):
        parts = urlsplit(address)
        if page.url.startswith(f"{parts.scheme}://{parts.netloc}/"):
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def walk(page: Page, persona: str, seen: set[str]) -> Iterator[str]:
    """Opens one page of each kind that has not been seen, and says its address."""
    waiting, tried = ["/"], Counter[str]()
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(urlsplit(address).path, persona)
        if not kind or kind in seen or tried[kind] >= MOST_OF_A_KIND:
            continue
        tried[kind] += 1
        answer = page.goto(address)
        if answer is None or answer.status != 200 or kind_of(urlsplit(page.url).path, persona) != kind:
            continue
        seen.add(kind)
        waiting += links(page)
        yield address


def test_every_kind_of_page(site: Site, visit: Callable[..., Page], accessible: Callable[[Page], None]) -> None:
    seen: set[str] = set()
    problems = []
    for persona in PERSONAS:
        page = visit(site, persona)
        for address in walk(page, persona, seen):
            try:
                accessible(page)
                page.set_viewport_size(PHONE)
                accessible(page)
                page.set_viewport_size(OLD_PHONE)
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{address}: 320 pixels"
            except AssertionError as problem:
                problems.append(f"{persona}: {problem}")
            page.set_viewport_size({"width": 1280, "height": 900})
    assert not problems, "\n".join(problems)
    assert len(seen) > 60, sorted(seen)
