"""Whether this installation can do its work, in figures and in words."""

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commonhall.core import clock
from commonhall.jobs import actions, queries
from commonhall.jobs.models import Lease
from commonhall.operations import records

LEAST_FREE = 50 * 2**20
MOST_SKEW = 10.0
MOST_SILENCE = queries.LEASE.total_seconds()
MOST_WAITING = 300.0
MOST_BACKUP_AGE = timedelta(days=8)
NAMES = {
    "disk": gettext_lazy("Disk"),
    "database": gettext_lazy("Database"),
    "worker": gettext_lazy("Background work"),
    "clock": gettext_lazy("Dated work"),
    "queue": gettext_lazy("Jobs that wait"),
    "skew": gettext_lazy("Time"),
    "backup": gettext_lazy("Backup"),
}


def state(*, write: bool = True) -> dict[str, Any]:
    """`unavailable` when nothing can be written; `attention` when a person should look; else `ready`.

    A page that only reads asks with `write=False`: the database is then asked, not written.
    """
    checks = {"disk": disk()}
    checks["database"] = _asked(_database if write else _engine)
    if checks["database"]["ok"]:
        for name, question in (("worker", _worker), ("clock", _clock), ("queue", _queue), ("skew", _skew)):
            checks[name] = _asked(question)
    checks["backup"] = backup()
    vital = checks["disk"]["ok"] and checks["database"]["ok"]
    well = all(check["ok"] for check in checks.values())
    return {"status": "ready" if well else "attention" if vital else "unavailable", "checks": checks}


def _asked(question: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return question()
    except (DatabaseError, InterfaceError) as error:
        words = _("The database does not answer or cannot be written: %(reason)s") % {"reason": _first_line(error)}
        return {"ok": False, "words": words}


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _database() -> dict[str, Any]:
    actions.probe()
    return _engine() | {"words": _("The database answers and can be written.")}


def _engine() -> dict[str, Any]:
    connection.ensure_connection()
    return {"ok": True, "engine": connection.vendor, "words": _("The database answers.")}


def disk() -> dict[str, Any]:
    try:
        free = shutil.disk_usage(settings.DATA).free
    except OSError as error:
        words = _("The data directory cannot be read: %(reason)s.") % {"reason": error.strerror}
        return {"ok": False, "words": words}
    if free < LEAST_FREE:
        return {"ok": False, "free_bytes": free, "words": _("The disk of the data directory is full.")}
    words = _("%(number)s GB are free.") % {"number": f"{free / 1e9:.1f}"}
    return {"ok": True, "free_bytes": free, "words": words}


def _worker() -> dict[str, Any]:
    return _renewed(Lease.Part.WORKER, _("No worker is running: mail and other background jobs wait."))


def _clock() -> dict[str, Any]:
    return _renewed(Lease.Part.CLOCK, _("No clock is running: reminders and other dated work wait."))


def _renewed(part: str, words: str) -> dict[str, Any]:
    age = queries.seconds_since_renewal(part)
    if age is None or age > MOST_SILENCE:
        return {"ok": False, "lease_age_seconds": age, "words": words}
    seen = _("Running; last heard of %(seconds)d s ago.") % {"seconds": max(0, age)}
    return {"ok": True, "lease_age_seconds": round(age, 3), "words": seen}


def _queue() -> dict[str, Any]:
    waiting = round(queries.seconds_waiting(), 3)
    put_aside = queries.put_aside().count()
    answer: dict[str, Any] = {"ok": True, "oldest_seconds": waiting, "put_aside": put_aside}
    if waiting > MOST_WAITING:
        return answer | {"ok": False, "words": _("Background jobs have waited for more than five minutes.")}
    if put_aside:
        words = ngettext(
            "%(number)d background job failed every time: see `commonhall doctor`.",
            "%(number)d background jobs failed every time: see `commonhall doctor`.",
            put_aside,
        )
        return answer | {"ok": False, "words": words % {"number": put_aside}}
    return answer | {"words": _("No job waits.") if not waiting else _("Jobs are being done.")}


def _skew() -> dict[str, Any]:
    seconds = round(skew_seconds(), 3)
    if seconds > MOST_SKEW:
        words = _("The clocks of this machine and of the database differ by %(seconds)d seconds.")
        return {"ok": False, "seconds": seconds, "words": words % {"seconds": seconds}}
    return {"ok": True, "seconds": seconds, "words": _("The clocks of this machine and of the database agree.")}


def skew_seconds() -> float:
    """How far this machine's clock is from the database's, or behind what was written last."""
    newest = Lease.objects.order_by("-renewed_at").values_list("renewed_at", flat=True).first()
    behind = (newest - clock.now()).total_seconds() if newest else 0.0
    if connection.vendor != "postgresql":
        return max(0.0, behind)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs: datetime = cursor.fetchone()[0]
    return max(behind, abs((theirs - clock.now()).total_seconds()))


def backup() -> dict[str, Any]:
    """The age of the last backup. Having none is no fault: a trial needs none. One that grew old is."""
    made_at = records.last_backup()
    if made_at is None:
        return {"ok": True, "age_seconds": None, "words": _("No backup was made here yet.")}
    age = clock.now() - made_at
    days = ngettext(
        "The last backup is %(number)d day old.", "The last backup is %(number)d days old.", max(0, age.days)
    )
    words = days % {"number": age.days} if age.days > 0 else _("The last backup was made within a day.")
    return {"ok": age <= MOST_BACKUP_AGE, "age_seconds": age.total_seconds(), "words": words}
