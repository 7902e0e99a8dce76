"""A calendar server, asked by CalDAV (RFC 4791): which calendars somebody has, and when they are busy."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError

import httpx
from django.utils.translation import gettext as _

from commonhall.core import text
from commonhall.integrations.addresses import NotAllowed, as_url, is_allowed_inside, port_of
from commonhall.integrations.caldav.xml import CAL, DAV, parsed, texts
from commonhall.integrations.fetching import Answer, FetchFailed, Login, Session, same_place, status_in_words

SECONDS_TO_FIND = 20
MOST_XML = 2**20
MOST_HOMES = 4
MOST_CALENDARS = 60
WELL_KNOWN = "/.well-known/caldav"
# Providers that keep each customer's calendars on a host of its own: the login may go there too.
MANY_HOSTS = ("icloud.com",)
WRITING = {f"{DAV}{name}" for name in ("all", "write", "write-content", "bind")}
PROPFIND = (
    b'<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><prop>'
    b"<current-user-principal/><c:calendar-home-set/><resourcetype/><displayname/>"
    b"<c:supported-calendar-component-set/><current-user-privilege-set/></prop></propfind>"
)
FREE_BUSY = (
    '<?xml version="1.0" encoding="utf-8"?><c:free-busy-query xmlns:c="urn:ietf:params:xml:ns:caldav">'
    '<c:time-range start="{start}" end="{end}"/></c:free-busy-query>'
)
EXPANDED = '<c:expand start="{start}" end="{end}"/>'
QUERY = (
    '<?xml version="1.0" encoding="utf-8"?><c:calendar-query xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">'
    "<prop><c:calendar-data>{expand}</c:calendar-data></prop>"
    '<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">'
    '<c:time-range start="{start}" end="{end}"/></c:comp-filter></c:comp-filter></c:filter></c:calendar-query>'
)
XML = "application/xml; charset=utf-8"


class NotLetIn(FetchFailed):
    """The name or the password is not right."""


@dataclass(frozen=True)
class Found:
    """A calendar on a server, and whether we may write into it."""

    address: str
    name: str
    writable: bool


@dataclass(frozen=True)
class Row:
    """What a server says of one of its things."""

    address: httpx.URL
    element: Element

    def addresses(self, name: str) -> list[str]:
        return [href for one in self.element.iter(name) for href in texts(one, "href")]

    @property
    def is_calendar(self) -> bool:
        kinds = {comp.get("name", "").upper() for comp in self.element.iter(f"{CAL}comp")}
        of_its_type = next(self.element.iter(f"{DAV}resourcetype"), None)
        is_one = of_its_type is not None and of_its_type.find(f"{CAL}calendar") is not None
        return is_one and (not kinds or "VEVENT" in kinds)

    @property
    def found(self) -> Found:
        granted = next(self.element.iter(f"{DAV}current-user-privilege-set"), None)
        writable = granted is None or not len(granted) or any(one.tag in WRITING for one in granted.iter())
        last = unquote(self.address.path.rstrip("/").rpartition("/")[2])
        name = text.line(next(iter(texts(self.element, "displayname")), "") or last)[:120]
        return Found(str(self.address), name or _("Calendar"), writable)


def calendars_at(server: str, login: Login) -> list[Found]:
    """The calendars of somebody, by whatever address of their server they know (RFC 6764)."""
    url = secure(server)
    with Session(login=login, seconds=SECONDS_TO_FIND, most=MOST_XML) as session:
        homes = _homes(session, url)
        rows = [row for home in homes[:MOST_HOMES] for row in _rows(session, home, depth=1)]
    found = {row.found.address: row.found for row in rows if row.is_calendar}
    if not found:
        raise FetchFailed(_("The server knows you, but shows no calendar of yours."))
    return sorted(list(found.values())[:MOST_CALENDARS], key=lambda one: one.name.casefold())


def secure(address: str) -> httpx.URL:
    """A password goes nowhere unencrypted, but to a host that the operator has named."""
    url = as_url(address)
    if url.scheme != "https" and not is_allowed_inside(url.host, port_of(url)):
        raise NotAllowed(_("Your password would travel unencrypted. Use the address that begins with https://."))
    return url


def _homes(session: Session, url: httpx.URL) -> list[httpx.URL]:
    """Where the calendars stand; the address may also be that of one calendar itself."""
    known_places = [url.copy_with(raw_path=path) for path in (WELL_KNOWN.encode(), b"/")]
    places = [*([url] if url.path.strip("/") else []), *known_places]
    for place in places:
        for row in _rows(session, place, carry=True, must=False):
            if row.is_calendar:
                return [row.address]
            if homes := _links(row, f"{CAL}calendar-home-set"):
                return homes
            if principals := _links(row, f"{DAV}current-user-principal"):
                return _homes_of(session, principals[0])
    raise FetchFailed(_("There is no calendar server (CalDAV) at this address. Copy it from your calendar’s settings."))


def _homes_of(session: Session, principal: httpx.URL) -> list[httpx.URL]:
    homes = [home for row in _rows(session, principal) for home in _links(row, f"{CAL}calendar-home-set")]
    if not homes:
        raise FetchFailed(_("The server knows you, but shows no calendar of yours."))
    return homes


def _links(row: Row, name: str) -> list[httpx.URL]:
    return [linked(row.address, href) for href in row.addresses(name)]


def linked(base: httpx.URL, href: str) -> httpx.URL:
    """Where a server's answer points; never with the login to a server of somebody else."""
    try:
        url = base.join(href)
    except (httpx.InvalidURL, ValueError, UnicodeError):
        raise strange() from None
    family = any(base.host.endswith(f".{name}") and url.host.endswith(f".{name}") for name in MANY_HOSTS)
    if not same_place(base, url) and not (family and url.scheme == "https"):
        raise FetchFailed(
            _("The server sends us to another one (%(host)s). Give that one’s address.") % {"host": url.host}
        )
    return url


def strange() -> FetchFailed:
    return FetchFailed(_("The server does not answer as a calendar server does."))


def _rows(session: Session, url: httpx.URL, *, depth: int = 0, carry: bool = False, must: bool = True) -> Iterator[Row]:
    headers = {"Depth": str(depth), "Content-Type": XML}
    answer = session.ask("PROPFIND", str(url), headers=headers, content=PROPFIND, carry=carry)
    if answer.status == 401 or (answer.status == 403 and must):
        raise NotLetIn(_("The server does not accept this name and password."))
    if answer.status == 207:
        yield from rows_of(answer)
    elif must:
        raise FetchFailed(status_in_words(answer.status))


def rows_of(answer: Answer) -> list[Row]:
    try:
        root = parsed(answer.body)
    except (ParseError, ValueError):
        raise strange() from None
    base, rows = httpx.URL(answer.address), []
    for response in root.iter(f"{DAV}response"):
        href = response.findtext(f"{DAV}href", "").strip()
        if href:
            rows.append(Row(linked(base, href), response))
    return rows


@dataclass(frozen=True)
class BusyAnswer:
    """A calendar file with busy times, or entries inside XML (`calendars.reading` reads both)."""

    body: bytes
    is_report: bool


def busy_at(address: str, login: Login, starting: datetime, until: datetime, *, entries: bool = False) -> BusyAnswer:
    """When the owner of a calendar is busy: by free-busy-query where the server can, else by its entries."""
    times = {"start": f"{starting.astimezone(UTC):%Y%m%dT%H%M%SZ}", "end": f"{until.astimezone(UTC):%Y%m%dT%H%M%SZ}"}
    with Session(login=login) as session:
        if not entries:
            answer = _report(session, address, FREE_BUSY.format(**times))
            if answer.status == 200 and b"BEGIN:VFREEBUSY" in answer.body.upper():
                return BusyAnswer(answer.body, False)
        for expand in (EXPANDED.format(**times), ""):
            answer = _report(session, address, QUERY.format(expand=expand, **times))
            if answer.status == 207:
                return BusyAnswer(answer.body, True)
    raise FetchFailed(status_in_words(answer.status) if answer.status >= 400 else str(strange().reason))


def _report(session: Session, address: str, body: str) -> Answer:
    headers = {"Depth": "1", "Content-Type": XML}
    answer = session.ask("REPORT", str(secure(address)), headers=headers, content=body.encode())
    if answer.status in (401, 404, 410):
        raise FetchFailed(status_in_words(answer.status))
    return answer
