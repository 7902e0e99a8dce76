"""Questions that every page asks. Django works out their SQL once for an engine; afterwards only the values change.

Putting such a question together costs ten times as much as the database takes to answer it. The question itself is an
ordinary QuerySet, written by a function of its values; a value is a number, a text or a moment, never a list or None,
for those change the shape of the question. What the function reads from the clock, the moment or the day in UTC and
whatever lies at a fixed distance from them, is read again each time.
"""

import copy
import json
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet, prefetch_related_objects
from django.db.models.expressions import RawSQL

from commonhall.core import clock

# Values that no real question has, by which their places in the SQL are found.
MARKS: dict[type, Callable[[int], Any]] = {
    int: lambda number: 2_147_000_000 + number,
    str: lambda number: f"\x01value-{number}\x01",
    datetime: lambda number: datetime(9990, 1, 1 + number, tzinfo=UTC),
}
THEN = datetime(7000, 6, 1, 12, tzinfo=UTC)
FARTHEST = timedelta(days=3660)


class Prepared:
    """`Prepared(lambda pk: User.objects.filter(pk=pk), pk=int)(pk=5)` is `list(User.objects.filter(pk=5))`."""

    every: "list[Prepared]" = []

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], **values: type) -> None:
        self.build = build
        self.kinds = values
        self.plans: dict[str, Plan] = {}
        self.every.append(self)

    def __call__(self, **values: Any) -> list[Any]:
        if any(isinstance(value, int) and abs(value) >= 2**63 for value in values.values()):
            return []
        return self._plan().rows(values)

    def first(self, **values: Any) -> Any:
        return next(iter(self(**values)), None)

    def _plan(self) -> "Plan":
        vendor = connections[DEFAULT_DB_ALIAS].vendor
        if vendor not in self.plans:
            marks = {name: MARKS[kind](number) for number, (name, kind) in enumerate(self.kinds.items())}
            with clock.moved_to(THEN):
                self.plans[vendor] = Plan(self.build(**marks), marks)
        return self.plans[vendor]


def forget() -> None:
    """Work everything out afresh: another database may number its kinds of content otherwise."""
    for question in Prepared.every:
        question.plans.clear()


class Plan:
    """One question, worked out for one engine."""

    def __init__(self, question: Any, marks: dict[str, Any]) -> None:
        self.question = question
        self.compiler = question.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, values = self.compiler.as_sql()
        self.values = list(values)
        self.moments = {name for name, mark in marks.items() if isinstance(mark, datetime)}
        wanted = self._adapted(marks)
        self.places = [
            (place, name) for place, value in enumerate(values) for name, mark in wanted.items() if value == mark
        ]
        self.times = [(place, since) for place, value in enumerate(values) if (since := _since(value)) is not None]
        if missing := marks.keys() - {name for _place, name in self.places}:
            raise ValueError(f"the question does not use {', '.join(sorted(missing))} as it was given")

    def rows(self, values: dict[str, Any]) -> list[Any]:
        asked = SimpleNamespace(
            db=DEFAULT_DB_ALIAS,
            model=self.question.model,
            query=_Question(self.question.query, partial(self._compiler, self._filled(values))),
            _fields=self.question._fields,
            _known_related_objects={},
        )
        found = list(self.question._iterable_class(asked))
        if self.question._prefetch_related_lookups:
            prefetch_related_objects(found, *self.question._prefetch_related_lookups)
        return found

    def _filled(self, values: dict[str, Any]) -> tuple[Any, ...]:
        given, filled = self._adapted(values), self.values.copy()
        for place, name in self.places:
            filled[place] = given[name]
        for place, (is_day, since) in self.times:
            filled[place] = _then(is_day, since)
        return tuple(filled)

    def _compiler(self, values: tuple[Any, ...], *_where: Any, **_named: Any) -> Any:
        """A copy for this thread's connection; what the compiler knows of columns is only read."""
        compiler: Any = copy.copy(self.compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.as_sql = lambda *_args, **_options: (self.sql, values)
        return compiler

    def _adapted(self, values: dict[str, Any]) -> dict[str, Any]:
        if not self.moments:
            return values
        adapt = connections[DEFAULT_DB_ALIAS].ops.adapt_datetimefield_value
        return {name: adapt(value) if name in self.moments else value for name, value in values.items()}


def _since(value: Any) -> tuple[bool, timedelta] | None:
    """Whether a value is a day, and its distance from the clock as it stood when the question was put together."""
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        since = value.replace(tzinfo=UTC) - THEN
    elif isinstance(value, date):
        since = value - THEN.date()
    else:
        return None
    return (not isinstance(value, datetime), since) if abs(since) < FARTHEST else None


def _then(is_day: bool, since: timedelta) -> Any:
    ops = connections[DEFAULT_DB_ALIAS].ops
    if is_day:
        return ops.adapt_datefield_value(clock.today() + since)
    return ops.adapt_datetimefield_value(clock.now() + since)


def among(ids: Iterable[int]) -> RawSQL:
    """For `pk__in`: any number of ids as one value, where a value for each costs more than the search for them."""
    if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [list(ids)])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(ids))])


class _Question:
    """The query as Django's iterables read it, with a compiler that need not work anything out."""

    def __init__(self, query: Any, get_compiler: Callable[..., Any]) -> None:
        self._query = query
        self.get_compiler = get_compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._query, name)
