from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.meetings.models import Attendance, Meeting, Reminder
from commonhall.meetings.queries.times import Moment, moments, people_in, suggestions
from commonhall.mentorships.models import Mentorship
from commonhall.people.hours import at_local

ASK_FOR = timedelta(days=3)
MOST_NEXT = 3


@dataclass(frozen=True)
class Choice:
    """One thing that can be said of a meeting that is over, by one tap; `absent` is a user's key."""

    words: str
    held: bool
    absent: int | None = None
    is_mine: bool = False

    @property
    def value(self) -> str:
        return "yes" if self.held else f"no-{self.absent}" if self.absent else "no"


def choices(meeting: Meeting, user: User) -> list[Choice]:
    """What this person can say; in a circle a meeting took place although one of them was missing."""
    mine = next((one for one in meeting.attendances.all() if one.user_id == user.pk), None)
    others = [one for one in people_in(meeting.mentorship, user) if one.pk != user.pk]
    offered = [Choice(_("Yes, we met"), True)]
    if len(others) == 1:
        name = others[0].get_short_name()
        offered += [
            Choice(_("No: I could not be there"), False, user.pk),
            Choice(_("No: %(name)s was not there") % {"name": name}, False, others[0].pk),
        ]
    offered.append(Choice(_("No, it did not take place"), False))
    said = (mine.held, mine.absent_id) if mine else None
    return [Choice(one.words, one.held, one.absent, (one.held, one.absent) == said) for one in offered]


def sayings(meeting: Meeting, reader: User) -> list[str]:
    """What each has said, in words; shown to all of them when they do not agree."""
    people = {one.pk: one for one in people_in(meeting.mentorship, reader)}
    return [_saying(one, people, reader) for one in meeting.attendances.all() if one.user_id in people]


def disagree(answers: Sequence[Attendance]) -> bool:
    """Whether they remember it differently."""
    named = {one.absent_id for one in answers if one.absent_id}
    return len({one.held for one in answers}) > 1 or len(named) > 1


def over_unasked(now: datetime) -> QuerySet[Meeting]:
    """Agreed meetings that have just ended, of which nobody has said anything and nobody was asked."""
    over = Meeting.objects.agreed().filter(ends_at__lte=now, ends_at__gt=now - ASK_FOR)
    return over.exclude(reminders__kind=Reminder.Kind.AFTER)


def still_to_ask(meeting: Meeting) -> list[User]:
    """Everybody, once it is over, unless one of them has said it already or they were asked before."""
    if meeting.state != Meeting.State.AGREED or not meeting.is_over:
        return []
    asked = set(meeting.reminders.filter(kind=Reminder.Kind.AFTER).values_list("user", flat=True))
    return [one.user for one in meeting.mentorship.participants.all() if one.user_id not in asked]


def meetings_on(mentorship: Mentorship, day: date, zone: str) -> QuerySet[Meeting]:
    """Those of one day of somebody's clock that were not called off."""
    starts, ends = at_local(day, time(), zone), at_local(day + timedelta(days=1), time(), zone)
    rows = mentorship.meetings.filter(starts_at__gte=starts, starts_at__lt=ends)
    return rows.exclude(state__in=[Meeting.State.CANCELLED, Meeting.State.PROPOSED]).order_by("state", "starts_at")


def next_times(meeting: Meeting, user: User) -> list[Moment]:
    """Up to three times for the next meeting in the programme’s rhythm; none once something is arranged."""
    mentorship = meeting.mentorship
    if meeting.state != Meeting.State.HELD or meeting.starts_at is None:
        return []
    if mentorship.state != Mentorship.State.ACTIVE or is_arranged(mentorship):
        return []
    due = meeting.starts_at + timedelta(weeks=mentorship.programme.rhythm_weeks)
    found = suggestions(mentorship, user, meeting.minutes, around=due)
    return moments(people_in(mentorship, user), sorted(found.times[:MOST_NEXT]), meeting.minutes)


def is_arranged(mentorship: Mentorship) -> bool:
    """Something is agreed or proposed."""
    ahead = Q(state=Meeting.State.AGREED, ends_at__gte=clock.now()) | Q(state=Meeting.State.PROPOSED)
    return mentorship.meetings.filter(ahead).exists() or mentorship.series.proposed().exists()


def _saying(answer: Attendance, people: dict[int, User], reader: User) -> str:
    mine = answer.user_id == reader.pk
    name = people[answer.user_id].get_short_name()
    if answer.held:
        return _("You said that you met.") if mine else _("%(name)s said that you met.") % {"name": name}
    if answer.absent_id is None:
        return (
            _("You said that it did not take place.")
            if mine
            else _("%(name)s said that it did not take place.") % {"name": name}
        )
    if answer.absent_id == answer.user_id:
        return (
            _("You said that you could not be there.")
            if mine
            else _("%(name)s said that they could not be there.") % {"name": name}
        )
    if mine:
        return _("You said that %(name)s was not there.") % {"name": people[answer.absent_id].get_short_name()}
    return _("%(name)s said that you were not there.") % {"name": name}
