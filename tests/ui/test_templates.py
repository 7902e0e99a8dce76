"""Laws for every template of the product."""

import re
from pathlib import Path

import pytest

from commonhall.ui.design import icon_names

PRODUCT = Path(__file__).resolve().parents[2] / "src" / "commonhall"
E_MAIL = re.compile(r"/(mail|email|emails|notices)/")
TEMPLATES = {str(file.relative_to(PRODUCT)): file.read_text() for file in sorted(PRODUCT.rglob("templates/**/*.html"))}
PAGES = {name: text for name, text in TEMPLATES.items() if not E_MAIL.search(name)}

FORBIDDEN = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*application/json)", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>{]*\son[a-z]+\s*=|\bhx-on\b", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "another host": re.compile(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//(?!www\.w3\.org)", re.IGNORECASE),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_page_has(what: str) -> None:
    found = [name for name, text in PAGES.items() if FORBIDDEN[what].search(text)]
    assert not found, f"{what} in {found}"


@pytest.mark.parametrize(
    ("what", "html"),
    [
        ("a style attribute", '<p style="color: red">'),
        ("an inline script", "<script>alert(1)</script>"),
        ("an event attribute", '<a onclick="go()">'),
        ("another host", '<img src="https://cdn.example/x.png">'),
    ],
)
def test_the_law_would_notice(what: str, html: str) -> None:
    assert FORBIDDEN[what].search(html)


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    known = set(icon_names())
    used = re.compile(r"{% icon \"([^\"]+)\"|\bicon=\"([\w-]+)\"")
    missing = {
        f"{name}: {first or second}"
        for name, text in TEMPLATES.items()
        for first, second in used.findall(text)
        if (first or second) not in known
    }
    assert not missing
