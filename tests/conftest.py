"""Fixtures of every test. Rooms' own things are made by the factories in tests/factories/."""

import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections, transaction
from playwright.sync_api import Browser, Playwright, sync_playwright

from commonhall.core import prepared
from commonhall.jobs import actions, queries

MOST_JOBS = 20_000
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WITH_CAMERA = [
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--allow-loopback-in-peer-connection",
]


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()
    prepared.forget()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """It starts only once in each process."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as started:
        yield started
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One browser for every test of a process; it has no camera."""
    started = playwright.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=False, args=FLAGS)
    yield started
    started.close()


@pytest.fixture(scope="session")
def browser_with_camera(playwright: Playwright) -> Iterator[Browser]:
    """Its camera and microphone are made up, and it says yes to whoever asks for them."""
    flags = [*FLAGS, *WITH_CAMERA]
    started = playwright.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=False, args=flags)
    yield started
    started.close()


@pytest.fixture
def run_jobs(db: None) -> Callable[[], list[str]]:
    """`run_jobs()` does every job that is due, and those that they start, and returns their names in order.

    What a job raises is raised here; `run_jobs(forgiving=True)` leaves it to the queue, as a worker would.
    """

    def run(*, forgiving: bool = False) -> list[str]:
        done = []
        while (job := actions.claim("test")) and len(done) < MOST_JOBS:
            error, outcome = attempt(job)
            actions.note(job, **outcome)
            done.append(job.task_path.removeprefix("commonhall."))
            if error and not forgiving:
                raise error
        assert not queries.due().exists(), "jobs keep starting each other"
        return done

    def attempt(job: Any) -> tuple[Exception | None, dict[str, Any]]:
        """Inside a test's transaction, what a failed job wrote is undone up to its own beginning."""
        if not transaction.get_connection().in_atomic_block:
            return actions.attempt(job)
        point = transaction.savepoint()
        error, outcome = actions.attempt(job)
        if error:
            transaction.set_rollback(False)
            transaction.savepoint_rollback(point)
        else:
            transaction.savepoint_commit(point)
        return error, outcome

    return run


@pytest.fixture
def together(transactional_db: None) -> Callable[..., list[Any]]:
    """`together(first, second, …)` runs functions at the same moment, each on its own connection.

    Returns what each returned, or the exception that it raised, in the order given.
    """

    def run(*functions: Callable[[], Any], seconds: float = 60) -> list[Any]:
        gate = threading.Barrier(len(functions))
        results: list[Any] = [None] * len(functions)

        def one(place: int, function: Callable[[], Any]) -> None:
            try:
                connections["default"].ensure_connection()
                gate.wait(seconds)
                results[place] = function()
            except Exception as error:
                results[place] = error
            finally:
                connections.close_all()

        threads = [threading.Thread(target=one, args=pair, daemon=True) for pair in enumerate(functions)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(seconds)
            assert not thread.is_alive(), "the functions wait for each other for ever"
        return results

    return run
