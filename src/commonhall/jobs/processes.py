"""`commonhall worker` and `commonhall clock`: parts of `commonhall up` as processes of their own."""

import argparse
import signal
from types import FrameType

from commonhall.jobs.threads import Crew


def worker(options: argparse.Namespace) -> None:
    _stay(Crew(workers=options.threads, queues=options.queues), "Doing background jobs.")


def clock(options: argparse.Namespace) -> None:
    _stay(Crew(clock=True), "Keeping the time.")


def _stay(crew: Crew, words: str) -> None:
    def stop(number: int, frame: FrameType | None) -> None:
        crew.stopping.set()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    crew.start()
    print(f"{words} Ctrl-C stops it.", flush=True)
    crew.stopping.wait()
    crew.stop()
