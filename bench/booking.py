"""Two hundred proposals accepted at the same moment, on SQLite and on PostgreSQL, with nothing booked twice.

    python -m bench.booking [--postgresql]    one engine, in a process of its own

Every mentor has two mentees, whose proposals overlap: one of each two may be agreed, the other is told why not.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from statistics import quantiles

from bench import report

PROPOSALS, AT_ONCE = 200, 200
SLOWEST_SECONDS = 20.0


def measure() -> None:
    report.heading(f"Booking: {PROPOSALS} proposals accepted at once, two of each mentor for the same hour")
    for engine in ("SQLite", "PostgreSQL"):
        choice = ["--postgresql"] if engine == "PostgreSQL" else []
        subprocess.run([sys.executable, "-m", "bench.booking", *choice], check=True)


def _django(postgresql: bool, scratch: str) -> None:
    os.environ |= {"COMMONHALL_DATA": scratch, "DJANGO_SETTINGS_MODULE": "commonhall.config.settings"}
    os.environ.setdefault("DATABASE_POOL", "16")
    os.environ.pop("DATABASE_URL", None)
    if postgresql:
        from tests import postgres

        os.environ["DATABASE_URL"] = postgres.address()
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def _one_engine(postgresql: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="commonhall-bench-") as scratch:
        _django(postgresql, scratch)
        questions = _questions()
        began = time.perf_counter()
        outcomes = _all_at_once(questions)
        _tell("PostgreSQL" if postgresql else "SQLite", time.perf_counter() - began, outcomes)


def _questions() -> Sequence[tuple[int, int]]:
    """Keys of meetings whose one time waits for an answer, and of whoever answers."""
    from tests.factories.accounts import UserFactory
    from tests.factories.meetings import ProposedMeetingFactory, TimeOptionFactory, soon
    from tests.factories.mentorships import MentorshipFactory

    from commonhall.meetings.models import Meeting, TimeOption

    made = []
    for _pair in range(PROPOSALS // 2):
        mentor = UserFactory()
        for _mentee in range(2):
            mentorship = MentorshipFactory(mentor=mentor)
            meeting = ProposedMeetingFactory(mentorship=mentorship, proposed_by=mentor)
            TimeOptionFactory(meeting=meeting, starts_at=soon(48))
            made.append((meeting.pk, mentorship.participants.get(role="mentee").user_id))
    assert (Meeting.objects.count(), TimeOption.objects.count()) == (PROPOSALS, PROPOSALS)
    return made


def _all_at_once(questions: Sequence[tuple[int, int]]) -> list[tuple[str, float]]:
    from django.db import connections

    from commonhall.accounts.models import User
    from commonhall.core.errors import Conflict
    from commonhall.meetings.actions import booking
    from commonhall.meetings.models import Meeting

    gate = threading.Barrier(AT_ONCE)
    outcomes: list[tuple[str, float]] = []

    def accept(meeting_pk: int, user_pk: int) -> None:
        gate.wait(60)
        began = time.perf_counter()
        try:
            meeting, by = Meeting.objects.get(pk=meeting_pk), User.objects.get(pk=user_pk)
            booking.accept(meeting, by=by, starts_at=meeting.options.get().starts_at)
            outcome = "agreed"
        except Conflict:
            outcome = "told"
        except Exception as error:
            outcome = f"failed: {type(error).__name__} {error}"
        finally:
            connections.close_all()
        outcomes.append((outcome, time.perf_counter() - began))

    threads = [threading.Thread(target=accept, args=one) for one in questions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def _tell(engine: str, seconds: float, outcomes: Sequence[tuple[str, float]]) -> None:
    from commonhall.meetings.checks import overlapping

    counted = {
        word: sum(outcome.startswith(word) for outcome, _took in outcomes) for word in ("agreed", "told", "failed")
    }
    waits = [took for _outcome, took in outcomes]
    report.told(f"{engine}: agreed · told that the hour is taken", f"{counted['agreed']} · {counted['told']}")
    report.line(f"{engine}: failed in any other way", counted["failed"], "", 0 if counted["failed"] else None)
    report.line(f"{engine}: booked twice", len(list(overlapping())), "people")
    report.reached(f"{engine}: answered in a second", PROPOSALS / seconds, "answers", 10)
    report.line(f"{engine}: 95 % were answered within", quantiles(waits, n=20)[18], "s", SLOWEST_SECONDS)
    for outcome in sorted({outcome for outcome, _took in outcomes if outcome.startswith("failed")}):
        report.told("", outcome)
    if counted != {"agreed": PROPOSALS // 2, "told": PROPOSALS // 2, "failed": 0} or list(overlapping()):
        sys.exit(f"{engine}: exactly one of each two proposals should have been agreed.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--postgresql", action="store_true")
    _one_engine(parser.parse_args().postgresql)
