"""Writing into somebody's own calendar, for those who asked for it: one entry is put there, changed and taken away.

What lies there is never written over unseen: the server is told which state of the entry we replace (its ETag), and
when somebody has changed it in between, we look again.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote
from xml.sax.saxutils import escape

import httpx
from django.utils.translation import gettext as _

from commonhall.integrations.caldav.client import MOST_XML, XML, linked, rows_of, secure
from commonhall.integrations.caldav.xml import texts
from commonhall.integrations.fetching import FetchFailed, Login, Session, status_in_words
from commonhall.integrations.models import Calendar

ATTEMPTS = 3
CHANGED_MEANWHILE = 412
METHOD = re.compile(rb"^METHOD:[^\r\n]*\r?\n", re.MULTILINE | re.IGNORECASE)
BY_UID = (
    '<?xml version="1.0" encoding="utf-8"?><c:calendar-query xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">'
    "<prop><getetag/><c:calendar-data/></prop>"
    '<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT"><c:prop-filter name="UID">'
    '<c:text-match collation="i;octet">{uid}</c:text-match>'
    "</c:prop-filter></c:comp-filter></c:comp-filter></c:filter></c:calendar-query>"
)


@dataclass(frozen=True)
class Place:
    """Where an entry lies, or would lie; `etag` is empty where there is none yet."""

    address: str
    etag: str = ""


def put_event(calendar: Calendar, uid: str, ics: bytes) -> str:
    """Put an entry into a calendar, in place of the one with the same UID; its new ETag, where the server tells.

    Raises `FetchFailed` or another `Refused` with words for the owner. Safe to run twice.
    """
    content = METHOD.sub(b"", ics)
    with _session(calendar) as session:
        for _attempt in range(ATTEMPTS):
            place = _place(session, calendar, uid)
            state = {"If-Match": place.etag} if place.etag else {"If-None-Match": "*"}
            headers = {"Content-Type": "text/calendar; charset=utf-8", **state}
            answer = session.ask("PUT", place.address, headers=headers, content=content)
            if answer.status in (200, 201, 204):
                return str(answer.headers.get("etag", ""))
            if answer.status != CHANGED_MEANWHILE:
                raise _refused(answer.status)
    raise _never_still()


def delete_event(calendar: Calendar, uid: str) -> None:
    """Take an entry away; that it is not there is as good."""
    with _session(calendar) as session:
        for _attempt in range(ATTEMPTS):
            place = _place(session, calendar, uid)
            if not place.etag:
                return
            # Without a word to the others in it: we tell them ourselves.
            headers = {"If-Match": place.etag, "Schedule-Reply": "F"}
            answer = session.ask("DELETE", place.address, headers=headers)
            if answer.status in (200, 202, 204, 404, 410):
                return
            if answer.status != CHANGED_MEANWHILE:
                raise _refused(answer.status)
    raise _never_still()


def _session(calendar: Calendar) -> Session:
    return Session(login=Login(calendar.username, calendar.plain_secret), most=MOST_XML)


def _place(session: Session, calendar: Calendar, uid: str) -> Place:
    """Where the entry lies: people's own programs may have put it under another name."""
    address = secure(calendar.plain_address)
    usual = address.copy_with(raw_path=f"{address.raw_path.decode().rstrip('/')}/{quote(uid, safe='')}.ics".encode())
    query = BY_UID.format(uid=escape(uid)).encode()
    answer = session.ask("REPORT", str(address), headers={"Depth": "1", "Content-Type": XML}, content=query)
    if answer.status in (401, 404, 410):
        raise _refused(answer.status)
    if answer.status != 207:
        return _by_name(session, usual)
    for row in rows_of(answer):
        etags, files = texts(row.element, "getetag"), texts(row.element, "calendar-data")
        if etags and any(f"UID:{uid}" in re.sub(r"\r?\n[ \t]", "", file) for file in files):
            return Place(str(linked(address, str(row.address))), _strong(etags[0]))
    return Place(str(usual))


def _strong(etag: str) -> str:
    """A weak ETag, or none, cannot be compared: then whatever lies there is replaced."""
    return etag if etag and not etag.startswith("W/") else "*"


def _by_name(session: Session, usual: httpx.URL) -> Place:
    """On a server that cannot search."""
    answer = session.ask("GET", str(usual))
    if answer.status == 200:
        return Place(str(usual), _strong(answer.headers.get("etag", "")))
    if answer.status in (404, 410):
        return Place(str(usual))
    raise _refused(answer.status)


def _refused(status: int) -> FetchFailed:
    if status in (403, 405):
        return FetchFailed(_("The server lets us read this calendar, but write nothing into it."))
    if status == 507:
        return FetchFailed(_("There is no room left in this calendar."))
    return FetchFailed(status_in_words(status))


def _never_still() -> FetchFailed:
    return FetchFailed(_("The entry keeps changing while we write. Try again later."))
