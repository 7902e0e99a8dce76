"""Workers and clock as threads, beside the web server or in a process of their own."""

import logging
import socket
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial

from django.db import DatabaseError, InterfaceError, close_old_connections, connections

from commonhall.core import ids
from commonhall.jobs import actions, schedule
from commonhall.jobs.models import Lease
from commonhall.jobs.work import bell

log = logging.getLogger("commonhall.jobs")
POLL_SECONDS = 1.0
BEAT_SECONDS = 5.0
GRACE_SECONDS = 10.0


class Crew:
    """The threads of one process. `start`, then `stop`: work in hand is finished, or left for another to do."""

    def __init__(self, *, workers: int = 0, clock: bool = False, queues: Sequence[str] = ()) -> None:
        self.stopping = threading.Event()
        self.queues = queues
        self.next_rescue = 0.0
        self.holders: dict[str, str] = {}
        self.threads = [self._thread(f"worker-{n}", Lease.Part.WORKER, self._work) for n in range(workers)]
        if clock:
            self.threads.append(self._thread("clock", Lease.Part.CLOCK, self._tick))
        self.threads.append(threading.Thread(name="beat", target=self._loop, args=(self._beat, BEAT_SECONDS)))
        for thread in self.threads:
            thread.daemon = True

    def _thread(self, name: str, part: str, step: Callable[[str], bool]) -> threading.Thread:
        holder = f"{socket.gethostname()[:24]}-{name}-{ids.token(12)}"
        self.holders[holder] = part
        return threading.Thread(name=name, target=self._loop, args=(partial(step, holder), POLL_SECONDS))

    def start(self) -> None:
        self._beat()
        connections.close_all()
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        self.stopping.set()
        bell.set()
        for thread in self.threads:
            thread.join(GRACE_SECONDS)
        try:
            actions.release(self.holders)
        except (DatabaseError, InterfaceError):
            log.warning("the database did not answer at the end; leases run out by themselves")

    def _loop(self, step: Callable[[], bool], pause: float) -> None:
        """Repeat a step; when it found nothing to do, or the database is away, wait a little."""
        while not self.stopping.is_set():
            try:
                close_old_connections()
                busy = step()
            except (DatabaseError, InterfaceError) as error:
                log.warning("the database does not answer (%s); trying again", error)
                connections.close_all()
                busy = False
            except Exception:
                log.exception("a background thread stumbled; it goes on")
                busy = False
            if not busy:
                self._rest(pause)
        connections.close_all()

    def _rest(self, pause: float) -> None:
        if threading.current_thread().name.startswith("worker"):
            bell.wait(pause)
            bell.clear()
        else:
            self.stopping.wait(pause)

    def _work(self, holder: str) -> bool:
        job = actions.claim(holder, self.queues)
        if job is None:
            return False
        error, outcome = actions.attempt(job)
        if error:
            log.warning("%s failed: %s: %s", job.task_path, type(error).__name__, error)
        self._insist(partial(actions.note, job, **outcome))
        return True

    def _insist(self, write: Callable[[], None]) -> None:
        """What was done must be noted, also when the database is away for a while."""
        while True:
            try:
                return write()
            except (DatabaseError, InterfaceError) as error:
                log.warning("could not note the outcome of a job (%s); trying again", error)
                connections.close_all()
            if self.stopping.wait(POLL_SECONDS):
                return None

    def _tick(self, holder: str) -> bool:
        actions.tick(schedule.every)
        if time.monotonic() >= self.next_rescue:
            actions.rescue()
            self.next_rescue = time.monotonic() + BEAT_SECONDS
        return False

    def _beat(self) -> bool:
        actions.renew(self.holders)
        return False
