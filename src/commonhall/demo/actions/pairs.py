"""What pairs of the demo region did: begin, agree, meet, end."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from commonhall.accounts.models import User
from commonhall.core import clock
from commonhall.demo import content
from commonhall.demo.actions import messages
from commonhall.demo.actions.programmes import Region, Told
from commonhall.meetings.actions import attendance, room, series
from commonhall.meetings.actions import booking as meetings
from commonhall.meetings.actions.series import Plan
from commonhall.meetings.models import Meeting, Series
from commonhall.meetings.queries.room import fingerprint
from commonhall.meetings.rhythm import FORTNIGHT, Rhythm
from commonhall.mentorships import actions as mentorships
from commonhall.mentorships.models import Mentorship
from commonhall.people import hours, ladder
from commonhall.programmes import actions as programmes
from commonhall.programmes.models import Enrolment

TODAY = 10  # the business case
QUIET_PAIRS = range(6, 10)
# Every pair that chose its own way of meeting, by its number in the programme.
OWN_WAYS = {4: ("phone", "The mentee rings 01632 960 147"), 11: ("in-person", "The mentor’s office, second floor")}
SMALL_POOLS_ROOM = "https://meet.chalkdown.example/mentoring-{pair}"
REASONS = ("complete", "complete", "complete", "no_time", "moved")


def tell(region: Region, told: Told) -> list[Mentorship]:
    """Pairs, agreements and meetings of a programme that has begun."""
    pairs = match(region, told)
    made = []
    for number, (mentee, mentor) in enumerate(pairs):
        with clock.moved_to(told.kick_off - timedelta(days=5 - number % 4)):
            made.append(mentorships.begin(mentee=mentee, mentor=mentor, by=told.by, origin=Mentorship.Origin.ROUND))
    with clock.moved_to(told.kick_off):
        programmes.start(told.programme, by=told.by)
    if told.programme.pool.slug != "four-rivers":
        programmes.change(told.programme, by=told.by, room_link=SMALL_POOLS_ROOM)
    for number, mentorship in enumerate(made):
        _choose_way(told, mentorship, number)
        _agree(region, told, mentorship, number)
        _meet(region, told, mentorship, number)
        if told.stage == "running" and _is_cast(region, mentorship):
            _meet_today(region, mentorship)
        if told.stage == "running":
            messages.tell(region, mentorship, number)
    if told.stage == "finished":
        _finish(region, told, made)
    return made


def _pair_of_the_cast(region: Region) -> set[int]:
    return {region.persona("mentee").pk, region.persona("mentor").pk}


def _meet_today(region: Region, mentorship: Mentorship) -> None:
    """In the video room, so that two windows can try it: it is open from now on."""
    mentee, mentor = _people(mentorship)
    starts = region.now + timedelta(minutes=30)
    with clock.moved_to(region.now - timedelta(days=3)):
        meeting = meetings.propose(mentorship, by=mentee, times=[starts], title=_topic(TODAY), channel="video")
        meetings.accept(meeting, by=mentor, starts_at=starts)
        room.write_agenda(meeting, by=mentee, words="\n".join(content.talk().agenda), was=fingerprint(""))


def match(region: Region, told: Told) -> list[tuple[Enrolment, Enrolment]]:
    """Believable pairs: the cast with each other, then whoever offers most of what is wanted, elsewhere and above."""
    rows = list(told.programme.enrolments.select_related("user", "organisation").order_by("pk"))
    mentees = [row for row in rows if row.role == "mentee"]
    left = {row.pk: row.capacity for row in rows if row.role == "mentor"}
    mentors = [row for row in rows if row.role == "mentor"]
    pairs = []
    for mentee in mentees:
        open_to = [mentor for mentor in mentors if left[mentor.pk] and mentor.organisation_id != mentee.organisation_id]
        open_to = [mentor for mentor in open_to if _shared(region, mentee.user, mentor.user) >= 60]
        if not open_to:
            continue
        best = max(open_to, key=lambda mentor: (_fit(region, mentee.user, mentor.user), -mentor.pk))
        left[best.pk] -= 1
        pairs.append((mentee, best))
    return pairs


def _fit(region: Region, mentee: User, mentor: User) -> float:
    wants, offers = region.people[mentee.email], region.people[mentor.email]
    rungs = ladder.rung(wants.level), ladder.rung(offers.level)
    gap = rungs[1] - rungs[0] if rungs[0] and rungs[1] else 0
    cast = {mentee.pk, mentor.pk} == _pair_of_the_cast(region)
    return 100 * cast + 2 * len(set(wants.wants) & set(offers.offers)) + (1 <= gap <= 3) + (wants.area == offers.area)


def _pattern(region: Region, user: User) -> hours.Pattern:
    person = region.people[user.email]
    stretches = tuple(
        (day, part.start.hour * 60 + part.start.minute, part.end.hour * 60 + part.end.minute)
        for part in person.hours
        for day in part.days
    )
    return hours.Pattern(user.time_zone, stretches)


def _shared(region: Region, one: User, other: User) -> int:
    weeks = [
        hours.week_in_utc(pattern.stretches, pattern.zone, region.now.date())
        for pattern in (_pattern(region, one), _pattern(region, other))
    ]
    return hours.shared_minutes(*weeks)


def _people(mentorship: Mentorship) -> tuple[User, User]:
    by_role = {one.role: one.user for one in mentorship.participants.select_related("user")}
    return by_role["mentee"], by_role["mentor"]


def _agree(region: Region, told: Told, mentorship: Mentorship, number: int) -> None:
    if number % 9 == 8:
        return
    mentee, mentor = _people(mentorship)
    goals = region.random.sample(content.talk().goals, 2)
    with clock.moved_to(told.kick_off + timedelta(days=6 + number % 5)):
        mentorships.write_agreement(
            mentorship,
            by=mentee,
            text=told.programme.agreement,
            goals=[goal.words for goal in goals],
            review_on=(told.kick_off + timedelta(weeks=14)).date(),
        )
    signers: Sequence[User] = (mentee,) if number % 7 == 6 else (mentee, mentor)
    for day, signer in enumerate(signers):
        with clock.moved_to(told.kick_off + timedelta(days=12 + day + number % 5)):
            mentorships.sign(mentorship, by=signer, version=1)


def _choose_way(told: Told, mentorship: Mentorship, number: int) -> None:
    if number in OWN_WAYS:
        meets_by, words = OWN_WAYS[number]
        with clock.moved_to(told.kick_off + timedelta(days=2)):
            mentorships.choose_room(mentorship, by=_people(mentorship)[0], meets_by=meets_by, room_link=words)


def _channel(number: int, held: int) -> str:
    """Most meet by video; some ring now and then, and those who live near meet once."""
    usual = OWN_WAYS.get(number, ("video", ""))[0]
    return "in-person" if (number + held) % 17 == 5 else "phone" if (number + 2 * held) % 9 == 7 else usual


def _meet(region: Region, told: Told, mentorship: Mentorship, number: int) -> None:
    """Meetings in the programme's rhythm; a few pairs go quiet, and one of the coming ones waits for an answer."""
    recurs = told.stage == "running" and (number % 7 == 3 or _is_cast(region, mentorship))
    last = region.now - timedelta(days=28 * recurs) if told.stage == "running" else told.kick_off + timedelta(weeks=36)
    when = told.kick_off + timedelta(days=10 + number % 6)
    held = 0
    while when < last:
        if told.stage == "running" and number in QUIET_PAIRS and held == 1:
            return
        held += _hold(region, mentorship, when, number + held, _channel(number, held))
        when += timedelta(weeks=told.programme.rhythm_weeks, days=number % 3)
    if told.stage == "running":
        if recurs:
            _recur(region, mentorship, number)
        _arrange_next(region, mentorship, number)


def _recur(region: Region, mentorship: Mentorship, number: int) -> None:
    """Every two weeks: one was held, the second was missed or waits to be noted, one of those to come has moved."""
    mentee, mentor = _people(mentorship)
    first = _slot(region, mentee, mentor, region.now - timedelta(days=24))
    if first is None or first + timedelta(days=15) > region.now:
        return
    made = _series(region, mentorship, first, _topic(number + 7))
    starts = {one: made.rhythm.moment(one.occurrence_on) for one in made.meetings.all() if one.occurrence_on}
    for user in (mentee, mentor):
        region.booked.setdefault(user.pk, []).extend((at, at + timedelta(hours=1)) for at in starts.values())
    coming = sorted(starts, key=lambda one: starts[one])
    over = [one for one in coming if starts[one] + timedelta(hours=2) < region.now]
    absent = None if _is_cast(region, mentorship) else mentee
    for meeting, missed_by in zip(over, (None, absent), strict=False):
        if meeting == over[0] or missed_by:
            with clock.moved_to(starts[meeting] + timedelta(hours=2)):
                attendance.log(meeting, by=mentor, held=missed_by is None, absent=missed_by)
    for meeting in coming[len(over) + 1 : len(over) + 2]:
        _move_one(region, meeting, mentee, mentor)


def _series(region: Region, mentorship: Mentorship, first: datetime, title: str) -> Series:
    mentee, mentor = _people(mentorship)
    local = first.astimezone(clock.zone(mentor.time_zone))
    whole = Rhythm(FORTNIGHT, local.date(), 6, local.time(), mentor.time_zone)
    busy = [span for user in (mentee, mentor) for span in region.booked.get(user.pk, ()) if span[0] != first]
    hour = timedelta(hours=1)
    left_out = [
        day for day in whole.days if any(a < whole.moment(day) + hour and whole.moment(day) < b for a, b in busy)
    ]
    plan = Plan(replace(whole, left_out=frozenset(left_out)), title=title)
    with clock.moved_to(first - timedelta(days=9)):
        made = series.propose(mentorship, by=mentor, plan=plan)
    with clock.moved_to(first - timedelta(days=8)):
        return series.accept(made, by=mentee, version=made.sequence)


def _move_one(region: Region, meeting: Meeting, mentee: User, mentor: User) -> None:
    assert meeting.starts_at is not None
    other = _slot(region, mentee, mentor, meeting.starts_at + timedelta(days=1))
    if other is None:
        return
    with clock.moved_to(region.now - timedelta(hours=20)):
        meetings.offer_other_times(meeting, by=mentee, times=[other])
        meetings.accept(meeting, by=mentor, starts_at=other)


def _is_cast(region: Region, mentorship: Mentorship) -> bool:
    return {one.pk for one in _people(mentorship)} == _pair_of_the_cast(region)


def _hold(region: Region, mentorship: Mentorship, about: datetime, number: int, channel: str) -> int:
    mentee, mentor = _people(mentorship)
    starts = _slot(region, mentee, mentor, about)
    if starts is None or starts + timedelta(hours=2) > region.now:
        return 0
    with clock.moved_to(starts - timedelta(days=8)):
        meeting = meetings.propose(mentorship, by=mentee, times=[starts], title=_topic(number), channel=channel)
    with clock.moved_to(starts - timedelta(days=7)):
        meetings.accept(meeting, by=mentor, starts_at=starts)
    with clock.moved_to(starts + timedelta(hours=2)):
        was_held = number % 11 != 10
        attendance.log(meeting, by=mentee, held=was_held, absent=None if was_held else mentor)
    return 1


def _arrange_next(region: Region, mentorship: Mentorship, number: int) -> None:
    mentee, mentor = _people(mentorship)
    first = _slot(region, mentee, mentor, region.now + timedelta(days=2 + number % 9))
    second = _slot(region, mentee, mentor, region.now + timedelta(days=13 + number % 5))
    if first is None or second is None or first == second:
        return
    with clock.moved_to(region.now - timedelta(days=1, hours=number)):
        meeting = meetings.propose(
            mentorship, by=mentee, times=[first, second], title=_topic(number + 20), channel="video"
        )
        if number % 3:
            meetings.accept(meeting, by=mentor, starts_at=first)


def _slot(region: Region, one: User, other: User, about: datetime) -> datetime | None:
    patterns = [region.patterns[one.pk], region.patterns[other.pk]]
    busy = [span for user in (one, other) for span in region.booked.get(user.pk, ())]
    minutes = [
        [(hours.minute_of(begins), hours.minute_of(ends)) for begins, ends in spans]
        for spans in (hours.common_spans(patterns, about, about + timedelta(days=9)), busy)
    ]
    found = next(hours.starts(hours.without(*minutes), 60, 30, one.time_zone), None)
    if found is None:
        return None
    start = hours.moment_of(found)
    for user in (one, other):
        region.booked.setdefault(user.pk, []).append((start, start + timedelta(hours=1)))
    return start


def _topic(number: int) -> str:
    topics = content.talk().topics
    return topics[number % len(topics)]


def _finish(region: Region, told: Told, made: Sequence[Mentorship]) -> None:
    for number, mentorship in enumerate(made):
        mentee, _mentor = _people(mentorship)
        with clock.moved_to(told.kick_off + timedelta(weeks=37, days=number % 6)):
            mentorships.end(mentorship, by=mentee, reason=REASONS[number % len(REASONS)])
    with clock.moved_to(told.kick_off + timedelta(weeks=39)):
        programmes.finish(told.programme, by=told.by)
