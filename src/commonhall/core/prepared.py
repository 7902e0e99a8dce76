"""Questions that every page asks. Django works out their SQL once for an engine; afterwards only the values change.

Putting such a question together costs ten times as much as the database takes to answer it. The question itself is an
ordinary QuerySet, written by a function of its values; a value may be a number, a text or a moment, never a list or
None, for those change the shape of the question.
"""

import copy
import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from types import SimpleNamespace
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

# Values that no real question has, by which their places in the SQL are found.
MARKS: dict[type, Callable[[int], Any]] = {
    int: lambda number: 2_147_000_000 + number,
    str: lambda number: f"\x01value-{number}\x01",
    datetime: lambda number: datetime(9990, 1, 1 + number, tzinfo=UTC),
}


class Prepared:
    """`Prepared(lambda pk: User.objects.filter(pk=pk), pk=int)(pk=5)` is `list(User.objects.filter(pk=5))`."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], **values: type) -> None:
        self.build = build
        self.kinds = values
        self.plans: dict[str, Plan] = {}

    def __call__(self, **values: Any) -> list[Any]:
        return self._plan().rows(values)

    def first(self, **values: Any) -> Any:
        return next(iter(self(**values)), None)

    def _plan(self) -> "Plan":
        vendor = connections[DEFAULT_DB_ALIAS].vendor
        if vendor not in self.plans:
            marks = {name: MARKS[kind](number) for number, (name, kind) in enumerate(self.kinds.items())}
            self.plans[vendor] = Plan(self.build(**marks), marks)
        return self.plans[vendor]


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
        if missing := marks.keys() - {name for _place, name in self.places}:
            raise ValueError(f"the question does not use {', '.join(sorted(missing))} as it was given")

    def rows(self, values: dict[str, Any]) -> list[Any]:
        given = self._adapted(values)
        filled = self.values.copy()
        for place, name in self.places:
            filled[place] = given[name]
        asked = SimpleNamespace(
            db=DEFAULT_DB_ALIAS,
            model=self.question.model,
            query=_Question(self.question.query, partial(self._compiler, tuple(filled))),
            _fields=self.question._fields,
            _known_related_objects={},
        )
        return list(self.question._iterable_class(asked))

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
