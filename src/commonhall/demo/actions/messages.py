"""What pairs of the demo region write to each other."""

from datetime import datetime, timedelta

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.demo import content
from commonhall.demo.actions.programmes import Region
from commonhall.demo.content import Conversation, Said
from commonhall.mentorships.models import Mentorship
from commonhall.people.hours import at_local
from commonhall.workspace.actions import messages
from commonhall.workspace.models import Message

ONE_OF = 3
READING = timedelta(minutes=9)
LAST_FOR_WHICH_IT_IS_NEW = timedelta(days=3)


def tell(region: Region, mentorship: Mentorship, number: int) -> None:
    """The cast have conversations of their own, and every third of the other pairs one of the rest."""
    people = {one.role: one.user for one in mentorship.participants.select_related("user")}
    found = _conversation(region, people, number)
    before = mentorship.began_at
    for line in found.lines if found else ():
        before = _say(region, mentorship, people[line.role], line, before)
    for user in people.values():
        _read(region, mentorship, user)


def _conversation(region: Region, people: dict[str, User], number: int) -> Conversation | None:
    for one in content.conversations():
        named = [(key, people[role]) for key, role in zip(one.between, ("mentee", "mentor"), strict=True) if key]
        if named and all(region.persona(key) == user for key, user in named):
            return one
    others = [one for one in content.conversations() if not any(one.between)]
    return others[number // ONE_OF % len(others)] if number % ONE_OF == 0 else None


def _say(region: Region, mentorship: Mentorship, by: User, line: Said, before: datetime) -> datetime:
    """Never before the line above it, wherever on earth that was written."""
    moment = max(_moment(region, by, line), before + READING)
    if moment < region.now:
        with clock.moved_to(moment):
            messages.send(mentorship, by=by, text=line.words)
    return moment


def _moment(region: Region, by: User, line: Said) -> datetime:
    today = region.now.astimezone(clock.zone(by.time_zone)).date()
    return at_local(today - timedelta(days=line.days_ago), line.at, by.time_zone)


def _read(region: Region, mentorship: Mentorship, user: User) -> None:
    """All but what came in the last days."""
    old = Message.objects.filter(mentorship=mentorship, sent_at__lt=region.now - LAST_FOR_WHICH_IT_IS_NEW)
    if last := old.order_by("-pk").first():
        messages.read(mentorship, by=user, up_to=last.pk)
