"""In the video room: what a window decodes of the others, and how one gets in and out."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from tests.journeys.people import named

# Keeps the connections of a page, so that a test can ask the browser what it has decoded.
KEPT = """
window.connections = [];
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...given) { super(...given); window.connections.push(this); }
};
"""
DECODED = """
async (than) => {
  for (const end = Date.now() + 30000; Date.now() < end; ) {
    let frames = 0, sound = 0;
    for (const connection of window.connections.filter((one) => one.connectionState === "connected")) {
      for (const report of (await connection.getStats()).values()) {
        if (report.type !== "inbound-rtp") continue;
        frames += report.framesDecoded ?? 0;
        sound += report.kind === "audio" ? report.packetsReceived : 0;
      }
    }
    if (frames > than && sound > 0) return frames;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`no more than ${than} frames were decoded`);
}
"""
SOCKET = re.compile(r"/ws/meetings/\d+/room/")


def frames(page: Page, than: int = 0) -> int:
    """How many pictures of the others this window has decoded, as soon as there are more than `than`."""
    return int(page.evaluate(DECODED, than))


def keeps_seeing(page: Page) -> None:
    frames(page, frames(page) + 20)


def address(page: Page, other: str) -> str:
    """Of the room of today's meeting, from the page of the pair."""
    page.goto("/mentorships/")
    page.get_by_role("link", name=named(other)).first.click()
    link = page.get_by_role("link", name="Join in the room").first.get_attribute("href")
    assert link
    return link


def come_in(page: Page, link: str) -> None:
    page.add_init_script(KEPT)
    page.goto(link)
    expect(page.get_by_role("heading", name="Before you join")).to_be_visible()
    expect(page.get_by_text("We hear you.")).to_be_visible()
    page.get_by_role("button", name="Join the room").click()
    expect(page.get_by_role("region", name="The room", exact=True)).to_be_visible()


def tile(page: Page, name: str) -> Locator:
    return page.get_by_role("listitem").filter(has=page.get_by_label(f"Picture of {name}"))


def both_inside(visit: Callable[..., Page], site: object) -> tuple[Page, Page]:
    """The pair of the cast, who see each other."""
    mentee, mentor = visit(site, "mentee"), visit(site, "mentor", width=375)
    link = address(mentee, "mentor")
    come_in(mentee, link)
    come_in(mentor, link)
    for page in (mentee, mentor):
        frames(page)
    return mentee, mentor


def lines(page: Page) -> list[tuple[WebSocketRoute, WebSocketRoute]]:
    """Collects the page's lines to the room's websocket, each with its other end, so that a test can cut them."""
    found: list[tuple[WebSocketRoute, WebSocketRoute]] = []
    page.route_web_socket(SOCKET, lambda line: found.append((line, line.connect_to_server())))
    return found
