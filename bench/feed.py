"""Calendars that are asked for again and again: what a poll costs, and how many end with "nothing new".

Import only when Django is set up on a database of its own.
"""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from tests.factories.meetings import MeetingFactory
from tests.factories.mentorships import MentorshipFactory
from tests.factories.programmes import ProgrammeFactory

from bench import client, machine, pages, report, stack
from commonhall.core import clock
from commonhall.meetings import feed as calendar
from commonhall.meetings.actions import booking
from commonhall.meetings.actions.feed import open_feed
from commonhall.meetings.models import Meeting

PAIRS, MEETINGS, POLLS, CHANGED_A_DAY = 150, 8, 24, 1 / 3
QUERIES_UNCHANGED = 1
CONNECTIONS, ASKED = 8, 6000


@dataclass
class Subscriber:
    path: str
    tag: str = ""


def measure(data: Path) -> None:
    report.heading(f"Calendar feeds: {PAIRS * 2} people with {MEETINGS} meetings each, asked every hour for a day")
    mentorships = _pairs()
    subscribers = _subscribed(mentorships)
    _one_poll(subscribers[0])
    _a_day(mentorships, subscribers)
    _whole_stack(subscribers, data)


def _pairs() -> list[int]:
    programme = ProgrammeFactory(slug="with-feeds")
    made = [MentorshipFactory(programme=programme) for _number in range(PAIRS)]
    for mentorship in made:
        for number in range(MEETINGS):
            starts_at = clock.now() + timedelta(days=14 * (number - 3), hours=1)
            state = Meeting.State.HELD if number < 3 else Meeting.State.AGREED
            MeetingFactory(mentorship=mentorship, starts_at=starts_at, state=state)
    return made


def _subscribed(mentorships: Sequence[object]) -> list[Subscriber]:
    people = [one.user for mentorship in mentorships for one in mentorship.participants.all()]
    return [Subscriber(urlsplit(calendar.address(open_feed(by=user))).path) for user in people]


def _one_poll(one: Subscriber) -> None:
    """The same calendar, whole and unchanged."""
    browser = pages.browser()
    one.tag = browser.get(one.path).headers["etag"]
    for name, tag, limit in (("unchanged", one.tag, QUERIES_UNCHANGED), ("whole", "", None)):
        with pages.counted() as statements:
            browser.get(one.path, tag=tag)
        spent = []
        for _number in range(200):
            before = time.thread_time()
            answer = browser.get(one.path, tag=tag)
            spent.append((time.thread_time() - before) * 1000)
        report.line(f"one poll, {name}: questions", len(statements), "queries", limit)
        median = sorted(spent)[len(spent) // 2]
        report.line(f"one poll, {name}: CPU", median, "ms", None, f"(least {min(spent):.2f}; {answer.status})")


def _a_day(mentorships: Sequence[object], subscribers: list[Subscriber]) -> None:
    chance, browser = random.Random(4), pages.browser()
    moments = [(chance.random(), one) for one in subscribers for _poll in range(POLLS)]
    moments += [(chance.random(), one) for one in chance.sample(list(mentorships), int(PAIRS * CHANGED_A_DAY))]
    asked, unchanged, spent = 0, 0, 0.0
    for number, (_at, one) in enumerate(sorted(moments, key=lambda pair: pair[0])):
        if not isinstance(one, Subscriber):
            _change(one, number)
            continue
        before = time.thread_time()
        answer = browser.get(one.path, tag=one.tag)
        spent += time.thread_time() - before
        one.tag, asked, unchanged = answer.headers["etag"], asked + 1, unchanged + (answer.status == 304)
    changes = len(moments) - asked
    report.line("a day: share of 304", 100 * unchanged / asked, "%", None, f"({asked:,} polls, {changes} changes)")
    report.line("a day: polls per second of a core, no network", asked / spent, "polls")


def _change(mentorship: object, number: int) -> None:
    meeting = mentorship.meetings.coming().first()
    place = f"https://meet.example/{number}"
    booking.say_where(meeting, by=mentorship.participants.first().user, channel="video", place=place)


def _whole_stack(subscribers: Sequence[Subscriber], data: Path) -> None:
    """`commonhall up`, asked by programs on kept connections that know the newest already."""
    with stack.commonhall(data) as running:
        known = [one for one in subscribers if one.tag]
        before, started = machine.processor(running.pid), time.perf_counter()
        statuses = asyncio.run(_polled(running.port, known))
        used, took = machine.processor(running.pid) - before, time.perf_counter() - started
    share = 100 * statuses.count(304) / len(statuses)
    report.line(
        "whole stack: polls per second of a core", len(statuses) / used, "polls", None, f"({share:.0f} % of 304)"
    )
    report.line("whole stack: polls per second by the clock", len(statuses) / took, "polls", None, "(quiet machine)")


async def _polled(port: int, known: Sequence[Subscriber]) -> list[int]:
    statuses: list[int] = []
    left = iter(range(ASKED))

    async def one() -> None:
        visitor = client.Visitor(port, "")
        for number in left:
            subscriber = known[number % len(known)]
            statuses.append(await visitor.get(subscriber.path, tag=subscriber.tag))
        visitor.close()

    await asyncio.gather(*(one() for _number in range(CONNECTIONS)))
    return statuses
