"""Rows held until an act is done: the mentorship, then its people, then the meeting or the series, in this order."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F, Prefetch, QuerySet

from commonhall.accounts.models import User
from commonhall.history import actions as history
from commonhall.live.actions import ring
from commonhall.meetings.actions.feed import follow
from commonhall.meetings.models import Meeting, Series
from commonhall.mentorships.models import Mentorship, Participant


def hold_mentorship(pk: int) -> Mentorship:
    """As it is now, with its people and where they come from."""
    people = Participant.objects.select_related("user", "enrolment__organisation")
    found: Mentorship = (
        locked(Mentorship.objects.all())
        .select_related("programme")
        .prefetch_related(Prefetch("participants", queryset=people))
        .get(pk=pk)
    )
    _hold_people([one.user_id for one in found.participants.all()])
    return found


def hold_meeting(meeting: Meeting) -> Meeting:
    """The meeting as it is now, with its mentorship and people."""
    mentorship = hold_mentorship(meeting.mentorship_id)
    held: Meeting = locked(Meeting.objects.all()).prefetch_related("options").get(pk=meeting.pk)
    held.mentorship = mentorship
    return held


def hold_series(series: Series) -> Series:
    """The series as it is now, with its mentorship, people and meetings."""
    mentorship = hold_mentorship(series.mentorship_id)
    held: Series = locked(Series.objects.all()).prefetch_related("meetings").get(pk=series.pk)
    held.mentorship = mentorship
    return held


def locked(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Read for change. On SQLite every act holds the whole database from its first line."""
    return rows.select_for_update(of=("self",), no_key=True)


def _hold_people(keys: Sequence[int]) -> None:
    """In the order of their keys. Two meetings that share a person wait for each other, so nobody is booked twice."""
    list(locked(User.objects.filter(pk__in=keys).order_by("pk")).values_list("pk"))


def count_change(meeting: Meeting) -> None:
    """A calendar takes a change only under a higher number; meetings of a series count on from that of the series."""
    meeting.sequence += 1
    if meeting.series_id:
        series = Series.objects.filter(pk=meeting.series_id)
        series.update(sequence=F("sequence") + 1)
        meeting.sequence = series.values_list("sequence", flat=True).get()


def record(verb: str, thing: Meeting | Series, *, by: User | None = None, via: str = "", **details: Any) -> None:
    history.record(verb, about=thing, within=thing.mentorship.programme, by=by, via=via, **details)
    follow(verb, thing.mentorship_id)
    ring(f"mentorship:{thing.mentorship_id}")
