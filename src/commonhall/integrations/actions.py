"""Connecting calendars that are kept elsewhere, reading them, and letting go of them.

No transaction is open while a server is asked: it may take its time.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from commonhall.core import clock, text
from commonhall.core.child import ChildFailed, run_limited
from commonhall.core.errors import Conflict, Refused
from commonhall.core.verdicts import require
from commonhall.history import actions as history
from commonhall.integrations import queries
from commonhall.integrations.addresses import as_url
from commonhall.integrations.caldav import client, events
from commonhall.integrations.calendars.result import Reading
from commonhall.integrations.fetching import FetchFailed, Login, Session, in_turn, status_in_words
from commonhall.integrations.models import BusySpan, Calendar, OwnEntry
from commonhall.integrations.rules import can_change_calendar, can_connect
from commonhall.integrations.sealing import SealBroken, resealed, seal
from commonhall.jobs.actions import enqueue_many
from commonhall.jobs.queries import waiting_for

AHEAD = timedelta(weeks=26)
BACK = timedelta(days=1)
AT_ONCE = 20
PAUSE = timedelta(minutes=1)
CHILD = {"seconds": 20, "megabytes": 384}
READ = "commonhall.integrations.calendars.reading"


@dataclass(frozen=True)
class Fetched:
    """What one look at a calendar gave; without a reading, nothing has changed since the last."""

    reading: Reading | None
    etag: str = ""
    modified: str = ""


def connect_address(user: Any, *, by: Any, address: str, name: str = "") -> tuple[Calendar, int]:
    """Connect a calendar by its secret address once it could be read; also how many of its entries could not."""
    require(can_change_calendar(by, Calendar(user=user)))
    require(can_connect(user))
    url = as_url(address)
    if str(url) in _known(user):
        raise Conflict(_("This calendar stands in your list already."))
    called = text.line(name)[:120] or _("Calendar at %(host)s") % {"host": url.host[:90]}
    calendar = Calendar(user=user, kind=Calendar.Kind.ICS, name=called, address=seal(str(url)))
    with in_turn():
        fetched = _look(calendar)
    _add_as_read(calendar, fetched, by=by)
    return calendar, fetched.reading.unread if fetched.reading else 0


@transaction.atomic
def _add_as_read(calendar: Calendar, fetched: Fetched, *, by: Any) -> None:
    _lock(calendar.user)
    _add(calendar, by=by)
    _keep(calendar, fetched)


@transaction.atomic
def connect_server(user: Any, *, by: Any, login: Login, found: Sequence[client.Found], takes: str = "") -> None:
    """Connect calendars that were found on a server; they are read in a moment, in the background."""
    require(can_change_calendar(by, Calendar(user=user)))
    _lock(user)
    known = _known(user)
    if takes:
        Calendar.objects.filter(user=user, takes_meetings=True).update(takes_meetings=False)
    chosen = []
    for one in found:
        calendar = known.get(one.address) or Calendar(user=user, kind=Calendar.Kind.CALDAV, name=one.name)
        calendar.address, calendar.username, calendar.secret = seal(one.address), login.username, seal(login.password)
        calendar.takes_meetings = one.address == takes
        _add(calendar, by=by)
        chosen.append(calendar)
    _have_read(chosen)


def _lock(user: Any) -> None:
    """One change at a time for each person, so that limits hold."""
    get_user_model().objects.select_for_update(of=("self",)).get(pk=user.pk)


def _known(user: Any) -> dict[str, Calendar]:
    """Somebody's calendars by their addresses, but for those that no key opens any more."""
    known = {}
    for one in Calendar.objects.visible_to(user):
        with suppress(SealBroken):
            known[one.plain_address] = one
    return known


def _add(calendar: Calendar, *, by: Any) -> None:
    if calendar.pk is None:
        require(can_connect(calendar.user))
    calendar.save()
    history.record("calendar.connected", about=calendar.user, by=by, kind=calendar.kind)


@transaction.atomic
def change(calendar: Calendar, *, by: Any, name: str, takes_meetings: bool = False, password: str = "") -> None:
    require(can_change_calendar(by, calendar))
    _lock(calendar.user)
    takes_meetings = takes_meetings and calendar.kind == Calendar.Kind.CALDAV
    if takes_meetings:
        Calendar.objects.filter(user=calendar.user).exclude(pk=calendar.pk).update(takes_meetings=False)
    calendar.name, calendar.takes_meetings = text.line(name)[:120], takes_meetings
    if password:
        calendar.secret = seal(password)
    calendar.save(update_fields=["name", "takes_meetings", "secret"])
    history.record("calendar.changed", about=calendar.user, by=by)
    if password:
        _have_read([calendar])


@transaction.atomic
def remove(calendar: Calendar, *, by: Any) -> None:
    """With all that was read from it."""
    require(can_change_calendar(by, calendar))
    history.record("calendar.removed", about=calendar.user, by=by, kind=calendar.kind)
    calendar.delete()


@transaction.atomic
def refresh_due() -> None:
    """Have those read that are due, so many at a time that background work has room for other things."""
    if settings.CONNECT_CALENDARS:
        _have_read(queries.due()[: max(0, AT_ONCE - waiting_for("integrations.tasks.read"))])


def _have_read(calendars: Iterable[Calendar]) -> None:
    enqueue_many([("integrations.tasks.read", one.pk) for one in calendars if _claim(one)])


def _claim(calendar: Calendar) -> bool:
    """Of those who want to ask it at the same moment, one may."""
    claim = Calendar.objects.filter(pk=calendar.pk, asked_at=calendar.asked_at)
    return bool(claim.update(asked_at=clock.now()))


def check_now(calendar: Calendar, *, by: Any) -> int:
    """Read a calendar while its owner waits; how many of its entries could not be read. Raises why it could not."""
    require(can_change_calendar(by, calendar))
    if not calendar.address:
        raise Conflict(_("This calendar belongs to the demo: there is no server to ask."))
    if calendar.asked_at and clock.now() < calendar.asked_at + PAUSE:
        raise Conflict(_("It was asked less than a minute ago. Wait a moment."))
    with in_turn():
        if not _claim(calendar):
            raise Conflict(_("It is being read just now."))
        return _read(calendar)


def read(pk: int) -> None:
    """In the background: what goes wrong is noted for the owner, and the last good copy stays."""
    calendar = Calendar.objects.select_related("user").filter(pk=pk).first()
    if calendar is not None:
        try:
            _read(calendar)
        except Refused:
            return


def _read(calendar: Calendar) -> int:
    try:
        fetched = _look(calendar)
    except Refused as problem:
        words = str(problem.reason)[:300]
        Calendar.objects.filter(pk=calendar.pk).update(asked_at=clock.now(), problem=words)
        raise
    with transaction.atomic():
        _keep(calendar, fetched)
    return fetched.reading.unread if fetched.reading else 0


def _look(calendar: Calendar) -> Fetched:
    """Ask the server, and have the answer read in a limited child."""
    return _look_by_caldav(calendar) if calendar.kind == Calendar.Kind.CALDAV else _look_at_address(calendar)


def _look_by_caldav(calendar: Calendar) -> Fetched:
    """A server's free/busy cannot tell our own meetings from others: where we write them, we look at entries."""
    window, login = _window(), Login(calendar.username, calendar.plain_secret)
    answer = client.busy_at(calendar.plain_address, login, *window, entries=calendar.takes_meetings)
    function = f"{READ}:from_report" if answer.is_report else f"{READ}:from_file"
    return Fetched(_worked_out(function, answer.body, calendar, window))


def _look_at_address(calendar: Calendar) -> Fetched:
    conditions = _conditions(calendar)
    with Session() as session:
        answer = session.ask("GET", calendar.plain_address, headers=conditions)
    if answer.status == 304 and conditions:
        return Fetched(None, calendar.etag, calendar.modified)
    if answer.status != 200:
        raise FetchFailed(status_in_words(answer.status))
    reading = _worked_out(f"{READ}:from_file", answer.body, calendar, _window())
    headers = answer.headers
    return Fetched(reading, headers.get("etag", "")[:200], headers.get("last-modified", "")[:60])


def _window() -> tuple[datetime, datetime]:
    now = clock.now().replace(second=0, microsecond=0)
    return now - BACK, now + AHEAD


def _conditions(calendar: Calendar) -> dict[str, str]:
    """Once a day all of it is read, changed or not: our window has moved on by a day."""
    now = clock.now()
    if calendar.read_at is None or calendar.read_at.date() != now.date():
        return {}
    given = {"If-None-Match": calendar.etag, "If-Modified-Since": calendar.modified}
    return {name: value for name, value in given.items() if value}


def _worked_out(function: str, content: bytes, calendar: Calendar, window: tuple[datetime, datetime]) -> Reading:
    try:
        reading: Reading = run_limited(function, content, calendar.user.time_zone, *window, **CHILD)
    except ChildFailed as problem:
        raise FetchFailed(_("This calendar could not be read: it is too large or too intricate for us.")) from problem
    if reading.fault == "page":
        raise FetchFailed(_("At this address is a web page, not a calendar. Copy the secret address in iCal format."))
    if reading.fault:
        raise FetchFailed(_("What is at this address is not a calendar."))
    return reading


def _keep(calendar: Calendar, fetched: Fetched) -> None:
    """The new copy instead of the old one, if the calendar is still there."""
    kept = Calendar.objects.select_for_update(of=("self",)).filter(pk=calendar.pk).first()
    if kept is None:
        return
    now = clock.now()
    if fetched.reading is not None:
        _replace_spans(kept, fetched.reading)
        _replace_own(kept, fetched.reading)
    Calendar.objects.filter(pk=kept.pk).update(
        asked_at=now,
        read_at=now,
        problem="",
        etag=fetched.etag,
        modified=fetched.modified,
        address=resealed(kept.address),
        secret=resealed(kept.secret),
    )


def write(calendar: Calendar, uid: str, ics: bytes | None) -> None:
    """Put one entry into a calendar, or take it away. What goes wrong is noted for the owner, and raised."""
    try:
        if ics is None:
            events.delete_event(calendar, uid)
        else:
            events.put_event(calendar, uid, ics)
    except Refused as refusal:
        _note_writing(calendar, str(refusal.reason)[:300])
        raise
    _note_writing(calendar, "")


def _note_writing(calendar: Calendar, problem: str) -> None:
    Calendar.objects.filter(pk=calendar.pk).exclude(write_problem=problem).update(write_problem=problem)


def _replace_own(calendar: Calendar, reading: Reading) -> None:
    found = list(reading.own) if calendar.takes_meetings else []
    if list(calendar.own_entries.values_list("uid", "starts_at", "by_rule")) != found:
        calendar.own_entries.all().delete()
        OwnEntry.objects.bulk_create(
            [OwnEntry(calendar=calendar, uid=uid[:60], starts_at=at, by_rule=rule) for uid, at, rule in found],
            batch_size=500,
        )


def _replace_spans(calendar: Calendar, reading: Reading) -> None:
    if list(calendar.spans.values_list("starts_at", "ends_at")) == list(reading.spans):
        return
    calendar.spans.all().delete()
    BusySpan.objects.bulk_create(
        [BusySpan(calendar=calendar, starts_at=begins, ends_at=ends) for begins, ends in reading.spans], batch_size=500
    )
