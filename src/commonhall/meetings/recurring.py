"""A series in a calendar: one entry with a rule, the days that fall out, and an entry for each meeting that differs.

All of them share the identity of the series and stand on the clock of whoever set it; each has the number of its last
change, which counts on from that of the series.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Event, vRecur

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.meetings.events import add_identity, add_times, described
from commonhall.meetings.models import Meeting, Series
from commonhall.meetings.rhythm import FORTNIGHT, FOUR_WEEKS, MONTH, WEEK, Rhythm, ordinal_of

INTERVALS = {WEEK: 1, FORTNIGHT: 2, FOUR_WEEKS: 4}
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def components(series: Series, user: User) -> list[Event]:
    """All of it; `series` as `queries.series.with_all` gives it. Where nothing is left, the rule alone, cancelled."""
    if is_off(series):
        return [_master(series, user, _whole(series))]
    meetings = {one.occurrence_on: one for one in series.meetings.all() if one.state != Meeting.State.CANCELLED}
    rhythm = series.rhythm
    master = _master(series, user, rhythm)
    if gone := [day for day in rhythm.days if day not in meetings]:
        master.add("exdate", [_shown(rhythm, day) for day in gone])
    different = [one for day in rhythm.days if (one := meetings.get(day)) and _differs(one, series)]
    return [master, *(occurrence(one, user) for one in different)]


def is_off(series: Series) -> bool:
    """Nothing of it took place or will."""
    return not any(one.state != Meeting.State.CANCELLED for one in series.meetings.all())


def occurrence(meeting: Meeting, user: User) -> Event:
    """One of the series by itself, wherever it has been moved to."""
    series, on = meeting.series, meeting.occurrence_on
    assert series is not None
    assert on is not None
    event = described(meeting, user)
    is_off = meeting.state == Meeting.State.CANCELLED
    add_identity(event, series.uid, meeting.sequence, None, is_off=is_off)
    event.add("recurrence-id", _shown(series.rhythm, on))
    add_times(event, meeting.starts_at, meeting.ends_at, series.zone)
    return event


def last_day(event: Event) -> date:
    """Up to which day a reader needs to know the clocks."""
    rule = event.get("rrule")
    count, weeks = (rule["COUNT"][0], rule.get("INTERVAL", [1])[0]) if rule else (0, 0)
    most = timedelta(weeks=max(weeks, 5 if rule and "BYDAY" in rule else 0) * count)
    last: datetime = event.DTSTART + most
    return last.date()


def _master(series: Series, user: User, rhythm: Rhythm) -> Event:
    event = described(series, user)
    add_identity(event, series.uid, series.sequence, None, is_off=is_off(series))
    starts = _shown(rhythm, rhythm.starts_on)
    event.add("dtstart", starts)
    event.add("dtend", starts + timedelta(minutes=series.minutes))
    event.add("rrule", _rule(rhythm))
    return event


def _whole(series: Series) -> Rhythm:
    given = (series.every, series.starts_on, series.times, series.local_time, series.zone)
    return Rhythm(*given)


def _rule(rhythm: Rhythm) -> vRecur:
    if rhythm.every == MONTH:
        day = f"{ordinal_of(rhythm.starts_on)}{DAYS[rhythm.starts_on.weekday()]}"
        return vRecur({"FREQ": ["MONTHLY"], "BYDAY": [day], "COUNT": [len(rhythm.days)]})
    return vRecur({"FREQ": ["WEEKLY"], "INTERVAL": [INTERVALS[rhythm.every]], "COUNT": [len(rhythm.days)]})


def _shown(rhythm: Rhythm, day: date) -> datetime:
    """What the clock of the series shows, also where clocks skip that time."""
    return datetime.combine(day, rhythm.local_time, ZoneInfo(rhythm.zone))


def _differs(meeting: Meeting, series: Series) -> bool:
    """Moved by itself, held elsewhere, or on a day on which clocks skip its time."""
    assert meeting.occurrence_on is not None
    by_rule = _shown(series.rhythm, meeting.occurrence_on).astimezone(clock.zone("UTC"))
    same_place = (meeting.channel, meeting.place) == (series.channel, series.place)
    return meeting.starts_at != by_rule or meeting.minutes != series.minutes or not same_place
