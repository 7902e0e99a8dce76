"""A mentee and a mentor meet in the video room: they see each other, write, lose the connection, reload, and leave."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.journeys import room
from tests.journeys.conftest import Site
from tests.journeys.people import named

pytestmark = pytest.mark.journey
MENTEE, MENTOR = named("mentee"), named("mentor")
Visit = Callable[..., Page]


def says(page: Page, words: str) -> None:
    """To those who do not see the screen."""
    expect(page.locator("[data-says]")).to_have_text(words)


def test_both_decode_each_other_write_and_leave(
    site: Site, visit_with_camera: Visit, accessible: Callable[[Page], None]
) -> None:
    mentee, mentor = visit_with_camera(site, "mentee"), visit_with_camera(site, "mentor", width=375)
    link = room.address(mentee, "mentor")
    mentee.goto(link)
    expect(mentee.get_by_text("We hear you.")).to_be_visible()
    accessible(mentee)
    room.come_in(mentee, link)
    expect(mentee.get_by_text("You are the first")).to_be_visible()
    room.come_in(mentor, link)

    room.keeps_seeing(mentee)
    room.keeps_seeing(mentor)
    says(mentee, f"{MENTOR} has joined")
    expect(mentee.get_by_text("You are the first")).to_be_hidden()
    expect(room.tile(mentee, MENTOR).get_by_text("good connection")).to_be_visible()
    for page in (mentee, mentor):
        accessible(page)

    expect(mentee.get_by_role("button", name="Microphone")).to_be_focused()
    mentee.keyboard.press("Space")
    expect(room.tile(mentor, MENTEE).get_by_text("microphone off")).to_be_visible()
    mentee.get_by_role("button", name="Raise hand").press("Enter")
    says(mentor, f"{MENTEE} has raised a hand")
    expect(room.tile(mentor, MENTEE).get_by_text("hand raised")).to_be_visible()

    mentor.get_by_label("Write in the chat").fill("The figures are on page one")
    mentor.keyboard.press("Enter")
    expect(mentee.get_by_role("log", name="Chat")).to_contain_text("The figures are on page one")
    expect(mentor.get_by_label("Write in the chat")).to_have_value("")
    mentor.get_by_role("button", name="Type captions").click()
    mentor.keyboard.type("Kwabena asks about the reserve")
    mentor.keyboard.press("Enter")
    expect(mentee.get_by_role("log", name="Captions")).to_contain_text("Kwabena asks about the reserve")

    mentee.get_by_text("Change the agenda").click()
    mentee.get_by_label("What you would like to talk about").fill("Page one\nThe reserve")
    mentee.get_by_role("button", name="Save the agenda").click()
    expect(mentor.locator("#room-agenda-now")).to_contain_text("The reserve")
    mentee.get_by_role("button", name="Switch to phone").click()
    expect(mentee.get_by_text("Go on by telephone")).to_be_visible()
    accessible(mentee)

    mentee.get_by_role("button", name="Leave").click()
    expect(mentee.get_by_role("button", name="Join again")).to_be_focused()
    expect(room.tile(mentor, MENTEE)).to_have_count(0)
    says(mentor, f"{MENTEE} has left")
    open_still = "window.connections.filter((one) => one.connectionState !== 'closed').length"
    assert mentee.evaluate(open_still) == 0
    mentor.get_by_role("button", name="Leave").click()
    mentor.get_by_role("link", name="Back to the meeting").click()
    for words in ("The figures are on page one", "Kwabena asks about the reserve", "The reserve"):
        expect(mentor.get_by_role("main")).to_contain_text(words)
    accessible(mentor)


def test_a_reload_is_survived_without_being_asked_again(site: Site, visit_with_camera: Visit) -> None:
    mentee, mentor = room.both_inside(visit_with_camera, site)

    mentee.reload()
    expect(mentee.get_by_role("region", name="The room", exact=True)).to_be_visible()
    says(mentor, f"{MENTEE} is back")
    expect(room.tile(mentor, MENTEE)).to_have_count(1)
    for page in (mentee, mentor):
        room.keeps_seeing(page)


def test_a_network_that_lets_nothing_through_is_explained(
    site: Site, visit_with_camera: Visit, accessible: Callable[[Page], None]
) -> None:
    mentee, mentor = visit_with_camera(site, "mentee"), visit_with_camera(site, "mentor", width=375)

    def cut(line: WebSocketRoute) -> None:
        server = line.connect_to_server()
        line.on_message(
            lambda said: None if json.loads(said)["type"] in ("describe", "candidate") else server.send(said)
        )

    mentee.route_web_socket(room.SOCKET, cut)
    link = room.address(mentee, "mentor")
    for page in (mentee, mentor):
        page.clock.install()
        room.come_in(page, link)
    expect(room.tile(mentee, MENTOR).get_by_text("Connecting")).to_be_visible()

    for page in (mentee, mentor):
        page.clock.fast_forward("00:13")
        expect(page.get_by_role("alert").get_by_text("Your network lets no video through")).to_be_visible()
        expect(page.get_by_role("alert").get_by_role("listitem").filter(has_text="By telephone").last).to_be_visible()
        accessible(page)
    mentee.get_by_label("Write in the chat").fill("The chat works")
    mentee.keyboard.press("Enter")
    expect(mentor.get_by_role("log", name="Chat")).to_contain_text("The chat works")


def test_a_guest_is_let_in_from_the_lobby_and_sees_nothing_else(
    site: Site, visit_with_camera: Visit, accessible: Callable[[Page], None]
) -> None:
    mentee, guest = visit_with_camera(site, "mentee"), visit_with_camera(site, width=375)
    room.come_in(mentee, room.address(mentee, "mentor"))
    mentee.get_by_text("Invite a guest").click()
    link = mentee.get_by_label("Link for a guest").input_value()
    guest.goto(link)
    accessible(guest)
    guest.add_init_script(room.KEPT)
    guest.get_by_label("Your name").fill("Ann Olsen")
    guest.get_by_role("button", name="Ask to come in").click()
    expect(guest.get_by_text("They see that Ann Olsen is waiting")).to_be_visible()
    accessible(guest)

    says(mentee, "Ann Olsen waits at the door")
    mentee.get_by_role("button", name="Let in Ann Olsen", exact=True).click()
    expect(guest.get_by_text("You are in as Ann Olsen, a guest.")).to_be_visible()
    guest.get_by_role("button", name="Join the room").click()
    for page in (mentee, guest):
        room.keeps_seeing(page)
    accessible(guest)
    expect(guest.get_by_text("Agenda")).to_have_count(0)
    guest.get_by_label("Write in the chat").fill("Good morning from the guest")
    guest.keyboard.press("Enter")
    expect(mentee.get_by_role("log", name="Chat")).to_contain_text("Good morning from the guest")

    mentee.get_by_role("button", name="Show out Ann Olsen").click()
    expect(guest.get_by_text("You were not let in, or were asked to leave")).to_be_visible()
    expect(room.tile(mentee, "Ann Olsen")).to_have_count(0)


def test_who_is_not_invited_is_refused_at_the_page_and_at_the_websocket(site: Site, visit: Visit) -> None:
    insider = visit(site, "mentee")
    link = room.address(insider, "mentor")
    for persona in ("outsider", "both"):
        page = visit(site, persona)
        answer = page.goto(link)
        assert answer
        assert answer.status == 404
        opened = page.evaluate(
            """(path) => new Promise((done) => {
                const line = new WebSocket(path.replace("http", "ws"));
                line.onopen = () => done("opened");
                line.onclose = () => done("refused");
            })""",
            f"{site.address}/ws{link}",
        )
        assert opened == "refused"


def test_without_a_camera_one_is_told_and_can_still_join(
    site: Site, visit: Visit, accessible: Callable[[Page], None]
) -> None:
    page = visit(site, "mentee", width=375)
    page.goto(room.address(page, "mentor"))
    expect(page.get_by_role("alert").get_by_text("There is no camera and no microphone")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Join the room").click()
    expect(page.get_by_text("You are the first")).to_be_visible()
    expect(page.get_by_role("button", name="Camera")).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("NotAllowedError", "Your browser keeps camera and microphone closed"),
        ("NotReadableError", "Another program uses"),
    ],
)
def test_what_the_browser_refuses_is_said_in_words(
    site: Site, visit_with_camera: Visit, accessible: Callable[[Page], None], error: str, words: str
) -> None:
    page = visit_with_camera(site, "mentee")
    page.add_init_script(
        f"navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', '{error}'));"
    )
    page.goto(room.address(page, "mentor"))
    expect(page.get_by_role("alert").get_by_text(words)).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    accessible(page)


def test_camera_off_before_joining_stays_off(site: Site, visit_with_camera: Visit) -> None:
    mentee, mentor = visit_with_camera(site, "mentee"), visit_with_camera(site, "mentor")
    link = room.address(mentee, "mentor")
    room.come_in(mentor, link)
    mentee.goto(link)
    for name in ("Camera", "Microphone"):
        mentee.get_by_role("button", name=name).click()
        expect(mentee.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "false")
    mentee.get_by_role("button", name="Join the room").click()

    tile = room.tile(mentor, MENTEE)
    expect(tile.get_by_text("microphone off")).to_be_visible()
    expect(tile.get_by_text("KO", exact=True)).to_be_visible()
    mentee.get_by_role("button", name="Camera").click()
    expect(tile.get_by_text("KO", exact=True)).to_be_hidden()


def test_a_second_window_takes_over(site: Site, visit_with_camera: Visit) -> None:
    mentee = visit_with_camera(site, "mentee")
    link = room.address(mentee, "mentor")
    room.come_in(mentee, link)
    second = mentee.context.new_page()
    room.come_in(second, link)

    expect(mentee.get_by_role("alert").get_by_text("You have joined in another window")).to_be_visible()
    expect(second.get_by_role("region", name="The room", exact=True)).to_be_visible()


def test_a_page_without_a_script_says_how_else_to_meet(
    site: Site, visit: Visit, accessible: Callable[[Page], None]
) -> None:
    page = visit(site, "mentee", script=False)
    page.goto(room.address(page, "mentor"))
    expect(page.get_by_text("The room needs JavaScript")).to_be_visible()
    expect(page.get_by_role("main").get_by_text("By telephone").first).to_be_visible()
    expect(page.get_by_role("button", name="Join the room")).to_be_hidden()
