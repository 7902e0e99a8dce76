"""A coordinator's afternoon, step by step: from a list of people to published matches."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.journeys.reading import expect_page, expect_said, line_of

HEADINGS = "Name,Email,Council,Days,Role,Job title,Career level,Service area,What would you like to learn"
PEOPLE = (
    "Rhona Lisle,rhona.lisle@calderwick.example,Calderwick,Mon-Fri,Mentee,Lettings officer,2,Housing,Housing",
    "Idris Hale,idris.hale@torrwick.example,Torrwick,Mon-Fri,Mentee,Planner,3,Planning policy,Planning policy",
    "Tamsin Oake,tamsin.oake@severnwold.example,Severnwold,Mon-Fri,Mentee,Clerk,2,Customer services,Customer services",
    "Bartek Nowicki,bartek.nowicki@eastmere.example,Eastmere,Mon-Fri,Mentee,Editor,2,Communications,Communications",
    "Sorcha Keane,sorcha.keane@corrandale.example,Corrandale,Mon-Fri,Mentee,Ranger,2,Parks,Parks and open spaces",
    "Leonora Frith,leonora.frith@wearhope.example,Wearhope,Mon-Fri,Mentor,Lettings manager,5,Housing,",
    "Des Achebe,des.achebe@strathorran.example,Strathorran,Mon-Fri,Mentor,Head,6,Customer services,",
    "Willa Strand,willa.strand@harrowmere.example,Harrowmere,Mon-Fri,Mentor,Head,5,Planning policy,",
    "Giles Penn,giles.penn@fenwickvale.example,Fenwick Vale,Mon-Fri,Mentor,Editor,5,Communications,",
    "Maeve Tiernan,maeve.tiernan@kilbrannagh.example,Kilbrannagh,Mon-Fri,Mentor,Parks manager,5,Parks,",
)


def spreadsheet(*lines: str) -> dict[str, object]:
    """A file as a browser uploads it."""
    text = "\n".join((HEADINGS, *lines)) + "\n"
    return {"name": "people.csv", "mimeType": "text/csv", "buffer": text.encode()}


def start_programme(page: Page, name: str, cycle: str = "Light: six months, six meetings") -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Programmes").click()
    page.get_by_role("link", name="Start a programme").click()
    page.get_by_role("link", name=cycle).click()
    page.get_by_label("What is it called?").fill(name)
    page.get_by_label("Kick-off").fill((datetime.now(UTC) + timedelta(days=35)).date().isoformat())
    page.get_by_role("button", name="Make the draft").click()
    page.get_by_role("button", name="Open for applications").click()
    expect_said(page, "Applications are open")


def look_at(page: Page, file: dict[str, object]) -> None:
    """Upload a list whose people wait for a decision, and wait until every cell has been read."""
    page.get_by_label("The spreadsheet").set_input_files([file])
    page.get_by_role("radio", name="A column says so for each of them").check()
    page.get_by_role("radio", name="Treat them as applications").check()
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_text("nothing has been saved yet")).to_be_visible()


def save(page: Page, people: int) -> None:
    page.get_by_role("button", name=f"Save {people} people").click()
    expect(page.get_by_role("heading", name=f"{people} people are saved")).to_be_visible()


def give_everybody_a_place(page: Page, people: int) -> None:
    page.get_by_role("link", name="See the applicants").click()
    page.get_by_label("Tick everybody on this page").check()
    page.get_by_role("button", name="Give a place").click()
    expect_said(page, f"{people} people have a place")


def begin_a_round(page: Page, programme: str) -> None:
    page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name=programme).click()
    page.get_by_role("button", name="Close applications and match").click()
    page.get_by_role("link", name="Matching", exact=True).click()
    page.get_by_label("Name of the round").fill("First round")
    page.get_by_role("button", name="Begin and match").click()
    expect_page(page, "First round")


def mentor_of(page: Page, mentee: str) -> str:
    """Whom the page of a round pairs with this mentee."""
    return line_of(page, mentee).locator("td div").first.inner_text().strip()


def publish(page: Page) -> None:
    page.get_by_role("link", name="Publish these pairs").click()
    page.get_by_role("button", name="Publish and tell everybody").click()
    expect_page(page, "Answers")


def bring_to_published_matches(page: Page, programme: str, *more: str) -> None:
    """All of it at one go, with more people than the ten if there are any."""
    people = (*PEOPLE, *more)
    start_programme(page, programme)
    page.get_by_role("link", name="Import a spreadsheet").click()
    look_at(page, spreadsheet(*people))
    save(page, len(people))
    give_everybody_a_place(page, len(people))
    begin_a_round(page, programme)
    publish(page)
