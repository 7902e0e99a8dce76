"""`commonhall worker` and `commonhall clock`: parts of `commonhall up` as processes of their own."""

import argparse
import signal
import threading
from typing import Protocol

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from commonhall.jobs.threads import Crew


class Part(Protocol):
    """What runs in threads until it is told to stop."""

    stopping: threading.Event

    def start(self) -> None: ...
    def stop(self) -> None: ...


def worker(options: argparse.Namespace) -> None:
    stay(Crew(workers=options.threads, queues=options.queues), "Doing background jobs.")


def clock(options: argparse.Namespace) -> None:
    stay(Crew(clock=True), "Keeping the time.")


def stay(crew: Part, words: str) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: crew.stopping.set())
    _wait_for_tables(crew)
    crew.start()
    print(f"{words} Ctrl-C stops it.", flush=True)
    crew.stopping.wait()
    crew.stop()


def _wait_for_tables(crew: Part) -> None:
    told = False
    while not crew.stopping.is_set():
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            break
        if not told:
            print("Waiting for `commonhall up` to bring the database up to date …", flush=True)
            told = True
        crew.stopping.wait(1)
    connection.close()
