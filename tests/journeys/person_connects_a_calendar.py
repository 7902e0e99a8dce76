"""Somebody connects calendars that are kept elsewhere: by an address and on a server, from a phone, without scripts."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.integrations.servers import Reply, Stranger, radicale_in, stranger
from tests.journeys.conftest import Site, running
from tests.journeys.reading import expect_page, expect_said

pytestmark = pytest.mark.journey
PRIYA = ("priya", "app-word")
MAKE = """<?xml version="1.0"?><c:mkcalendar xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><set><prop>
<displayname>Council work</displayname></prop></set></c:mkcalendar>"""


def entries(*hours: int) -> bytes:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    inside = "".join(
        f"BEGIN:VEVENT\r\nUID:{hour}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:{tomorrow:%Y%m%d}T{hour:02}0000Z\r\n"
        "DURATION:PT1H\r\nSUMMARY:Job interview\r\nEND:VEVENT\r\n"
        for hour in hours
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//A//B//\r\n{inside}END:VCALENDAR\r\n".encode()


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stranger, str]]:
    with stranger() as web, radicale_in(tmp_path_factory.mktemp("radicale")) as base:
        web.replies["/secret.ics"] = Reply(entries(9, 14))
        web.replies["/page"] = Reply(b"<!doctype html><p>Sign in</p>")
        httpx.request("MKCALENDAR", f"{base}/priya/work/", auth=PRIYA, content=MAKE)
        httpx.put(f"{base}/priya/work/a.ics", auth=PRIYA, content=entries(11))
        yield web, base


@pytest.fixture(scope="module")
def site(demo_region: Path, tmp_path_factory: pytest.TempPathFactory, servers: tuple[Stranger, str]) -> Iterator[Site]:
    """A site that is allowed to ask these servers, although they stand on this machine."""
    web, base = servers
    data = tmp_path_factory.mktemp("site") / "data"
    shutil.copytree(demo_region, data)
    os.environ["ALLOWED_INTERNAL_HOSTS"] = f"127.0.0.1:{web.port},{base.removeprefix('http://')}"
    try:
        with running(data) as site:
            yield site
    finally:
        del os.environ["ALLOWED_INTERNAL_HOSTS"]


def calendar(page: Page, name: str) -> object:
    return page.get_by_role("main").locator("section", has=page.get_by_role("heading", name=name, exact=True))


@pytest.mark.parametrize("script", [True, False])
def test_by_its_address(
    site: Site,
    servers: tuple[Stranger, str],
    visit: Callable[..., Page],
    accessible: Callable[[Page], None],
    script: bool,
) -> None:
    page = visit(site, "waiting-mentee", width=375, script=script)
    page.goto("/integrations/calendars/")
    page.get_by_role("main").get_by_role("link", name="Add by address").first.click()
    for address, sentence in (
        ("", "is still empty"),
        ("http://192.168.1.20/cal.ics", "leads into an internal network"),
        (servers[0].at("/page"), "is a web page, not a calendar"),
    ):
        page.get_by_label("Secret address of the calendar").fill(address)
        page.get_by_role("button", name="Read it and add it").click()
        expect(page.get_by_role("alert").or_(page.locator(".error-summary")).first).to_contain_text(sentence)
    if script:
        accessible(page)
    page.get_by_label("Secret address of the calendar").fill(servers[0].at("/secret.ics"))
    page.get_by_label("What you call it").fill("My diary")
    page.get_by_role("button", name="Read it and add it").click()
    expect_said(page, "“My diary” is connected.")
    expect(page.get_by_text("Read a moment ago; 2 busy times in the next 26 weeks.")).to_be_visible()
    expect(page.get_by_text("Job interview")).to_have_count(0)
    page.get_by_role("button", name="Check now My diary").click()
    expect(page.get_by_text("It was asked less than a minute ago.")).to_be_visible()
    page.get_by_role("button", name="Remove My diary").click()
    expect_said(page, "“My diary” is removed, and all that was read from it.")
    expect(page.get_by_text("No calendar yet")).to_be_visible()


def test_on_a_server(
    site: Site, servers: tuple[Stranger, str], visit: Callable[..., Page], accessible: Callable[[Page], None]
) -> None:
    page = visit(site, "mentee", width=375)
    page.goto("/integrations/calendars/")
    expect(page.get_by_text("busy times in the next 26 weeks")).to_be_visible()
    page.get_by_role("link", name="Connect a calendar server").click()
    for password in ("wrong", "app-word"):
        page.get_by_label("Calendar server").fill(servers[1])
        page.get_by_label("Your name there").fill("priya")
        page.get_by_role("textbox", name="App password").fill(password)
        page.get_by_role("button", name="Find my calendars").click()
        if password == "wrong":
            expect(page.get_by_text("does not accept this name and password").first).to_be_visible()
    expect_page(page, "Choose your calendars")
    accessible(page)
    page.get_by_role("checkbox", name="Council work").check()
    page.get_by_role("radio", name="Council work").check()
    page.get_by_role("button", name="Connect").click()
    expect_said(page, "Connected.")
    until = time.monotonic() + 60
    while page.get_by_text("Not read yet").count() and time.monotonic() < until:
        page.reload()
    expect(page.get_by_text("Read a moment ago; 1 busy time in the next 26 weeks.")).to_be_visible()
    expect(page.get_by_text("Takes your meetings")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="Change Council work").click()
    page.get_by_label("What you call it").fill("Town hall")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Town hall")).to_be_visible()
