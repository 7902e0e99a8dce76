"""What a background task is: django-tasks' own, with a number of attempts, and the bell that wakes idle workers."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, overload

from django.db import transaction
from django_tasks import task as plain_task
from django_tasks.base import Task
from django_tasks_db import DatabaseBackend

bell = threading.Event()


@dataclass(frozen=True, slots=True, kw_only=True)
class Work(Task[..., Any]):
    """A task that is tried again when it fails: after 10 s, 30 s, 90 s … in all about three hours.

    Once the attempts are used up, the task that `given_up` names (`room.tasks.name`) gets the same arguments.
    """

    attempts: int = 8
    given_up: str = ""


def pause_after(attempts: int) -> timedelta:
    return timedelta(seconds=10 * 3 ** min(attempts - 1, 9))


class Backend(DatabaseBackend):
    """The database backend, whose idle workers in this process wake when a job is committed."""

    task_class = Work

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> Any:
        result: Any = super().enqueue(task, args, kwargs)
        transaction.on_commit(bell.set)
        return result


@overload
def task(function: Callable[..., Any], /) -> Work: ...
@overload
def task(
    *, attempts: int = 8, given_up: str = "", queue: str = "default", priority: int = 0
) -> Callable[[Callable[..., Any]], Work]: ...
def task(
    function: Callable[..., Any] | None = None,
    *,
    attempts: int = 8,
    given_up: str = "",
    queue: str = "default",
    priority: int = 0,
) -> Any:
    """Make a module-level function a background task: `@task`, or `@task(attempts=1)`.

    It may run twice (a worker can be killed between the effect and the note that it is done), so its effect must
    carry a key of its own.
    """
    decorate = plain_task(queue_name=queue, priority=priority, attempts=attempts, given_up=given_up)
    return decorate(function) if function else decorate
