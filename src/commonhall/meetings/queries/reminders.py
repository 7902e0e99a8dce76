from datetime import datetime, timedelta

from django.db.models import QuerySet

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.meetings.models import Meeting, Reminder

AHEAD = {Reminder.Kind.DAY: timedelta(hours=24), Reminder.Kind.HOUR: timedelta(hours=1)}


def reminders_due(now: datetime) -> QuerySet[Meeting]:
    """Agreed meetings near enough that somebody may have to be reminded."""
    return Meeting.objects.agreed().filter(starts_at__gt=now, starts_at__lte=now + max(AHEAD.values()))


def reminders_missing(meeting: Meeting) -> dict[str, list[User]]:
    """Whom to remind now, by kind. Nobody of a time that was agreed later than the reminder would have come."""
    if meeting.state != Meeting.State.AGREED or meeting.starts_at is None or meeting.has_begun:
        return {}
    left = meeting.starts_at - clock.now()
    kind = Reminder.Kind.HOUR if left <= AHEAD[Reminder.Kind.HOUR] else Reminder.Kind.DAY
    if left > AHEAD[kind] or (meeting.agreed_at and meeting.agreed_at > meeting.starts_at - AHEAD[kind]):
        return {}
    made = set(meeting.reminders.filter(kind=kind, starts_at=meeting.starts_at).values_list("user", flat=True))
    people = [one.user for one in meeting.mentorship.participants.all() if one.user_id not in made]
    return {kind: people} if people else {}
