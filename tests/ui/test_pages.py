"""The shell around every page, the public pages, and the pages for when something is wrong."""

import re
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.base import Message
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from commonhall.config.navigation import Entry
from commonhall.ui.templatetags.ui import built_files

PUBLIC = ["/about/", "/accessibility/", "/privacy-notice/"]


class Outline(HTMLParser):
    """Headings, landmarks and duplicate ids of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.ids += [value for name, value in attrs if name == "id" and value]


def page(name: str, **context: object) -> str:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    return render_to_string(name, {"demo_mode": False, "navigation": (), **context}, request)


def shell(**context: object) -> str:
    return page("403.html", **context)


@pytest.mark.django_db
@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_page_needs_no_sign_in_and_is_well_formed(client: Client, address: str) -> None:
    html = client.get(address).content.decode()
    outline = Outline(html)
    assert outline.tags.count("h1") == outline.tags.count("main") == 1
    assert len(outline.ids) == len(set(outline.ids))
    assert 'href="#main">Skip to the main content' in html
    assert all(f'href="{other}"' in html for other in PUBLIC)


@pytest.mark.django_db
def test_the_design_page_shows_every_icon_and_a_form_with_errors(client: Client) -> None:
    html = client.get("/design/").content.decode()
    outline = Outline(html)
    assert 'role="alert" tabindex="-1" data-error-summary' in html
    assert html.count('<svg class="icon"') > 100
    assert len(outline.ids) == len(set(outline.ids))


def test_navigation_marks_where_one_is_and_how_much_waits() -> None:
    items = (Entry("Home", "/", active=True), Entry("Messages", "/m/", count=3))
    html = shell(navigation=items)
    assert '<a href="/" aria-current="page">Home</a>' in html
    assert '<a href="/m/">Messages <span class="count">3</span></a>' in html
    assert re.search(r"<details class=\"site-menu\" data-menu>\s*<summary>", html)


def test_without_navigation_there_is_no_menu() -> None:
    assert "site-menu" not in shell()


@pytest.mark.parametrize("signed_in", [True, False])
def test_signing_out_is_a_form_and_only_for_those_signed_in(signed_in: bool) -> None:
    user = SimpleNamespace(is_authenticated=signed_in)
    html = shell(user=user, sign_in_url="/accounts/login/")
    assert ('<form method="post" action="/accounts/logout/">' in html) is signed_in
    assert ('href="/accounts/login/"' in html) is not signed_in


def test_a_council_brings_its_name_colour_and_logo() -> None:
    brand = SimpleNamespace(name="Northshire", css="/brand/northshire.css", logo="/files/n.png")
    html = shell(brand=brand)
    assert '<link rel="stylesheet" href="/brand/northshire.css">' in html
    assert '<img src="/files/n.png" alt="Northshire">' in html
    assert "Northshire · Commonhall</title>" in html


@pytest.mark.parametrize("demo", [True, False])
def test_the_demonstration_says_that_it_is_one(demo: bool) -> None:
    assert ("This is a demonstration." in shell(demo_mode=demo)) is demo


@pytest.mark.parametrize(("level", "kind", "role"), [(25, "success", "status"), (40, "error", "alert")])
def test_a_message_is_announced_by_its_weight(level: int, kind: str, role: str) -> None:
    html = shell(messages=[Message(level, "<b>Saved</b>")])
    assert f'class="notice notice-{kind}" role="{role}"' in html
    assert "&lt;b&gt;Saved" in html


def test_the_title_warns_of_errors() -> None:
    assert "<title>Error: You cannot do that" in shell(form=SimpleNamespace(errors={"name": ["x"]}))


@pytest.mark.parametrize(
    ("code", "words"), [("403", "Only Ada may."), ("409", "Somebody took the place."), ("503", "Wait.")]
)
def test_a_refusal_says_the_reason(code: str, words: str) -> None:
    assert words in page(f"{code}.html", reason=words)


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "409", "500", "503"])
def test_every_error_page_says_something_without_a_reason(code: str) -> None:
    html = page(f"{code}.html")
    assert re.search(r"<h1>[^<]{10,}</h1>", html)
    assert re.search(r'<p class="lead">[^<]{20,}</p>', html)


@pytest.mark.parametrize("code", ["400", "500", "503"])
def test_pages_for_the_worst_need_neither_request_nor_database(code: str) -> None:
    assert "Commonhall</title>" in render_to_string(f"{code}.html")


@pytest.mark.django_db
def test_built_files_are_kept_for_ever_and_sent_small(client: Client) -> None:
    style = f"/static/{built_files()['styles/app.scss']}"
    response = client.get(style, headers={"accept-encoding": "br"})
    assert "immutable" in response["Cache-Control"]
    assert response["Content-Encoding"] == "br"
    assert int(response["Content-Length"]) < 20_000


@pytest.mark.django_db
def test_the_first_load_is_under_100_kilobytes(client: Client) -> None:
    html = client.get("/about/").content
    wanted = re.findall(rb'(?:href|src)="(/static/ui/[^"#]+)', html)
    sizes = [
        int(client.get(file.decode(), headers={"accept-encoding": "br"})["Content-Length"]) for file in set(wanted)
    ]
    assert len(sizes) >= 4
    assert sum(sizes) + len(html) < 100_000
