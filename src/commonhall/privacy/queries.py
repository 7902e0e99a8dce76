import json
from importlib import import_module
from types import ModuleType
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, QuerySet, Value

from commonhall.core.prepared import Prepared

ROOMS = (
    "accounts",
    "organisations",
    "integrations",
    "people",
    "notifications",
    "history",
    "programmes",
    "mentorships",
    "meetings",
    "matching",
    "workspace",
    "demo",
)


def rooms() -> list[tuple[str, ModuleType]]:
    """Each room's own account of what it holds about people."""
    return [(room, import_module(f"commonhall.{room}.privacy")) for room in ROOMS]


def held_about(user: Any) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Everything that Commonhall holds about a person, by room and by kind."""
    return {room: module.holds(user) for room, module in rooms()}


def handed_to_oneself(user: Any) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """As `held_about`, with what is sealed for the person alone opened."""
    held = held_about(user)
    for room, module in rooms():
        if opened := getattr(module, "opened", None):
            held[room] = held[room] | opened(user)
    return held


def as_text(held: dict[str, dict[str, list[dict[str, Any]]]]) -> str:
    return json.dumps(held, indent=2, default=str, ensure_ascii=False)


def _counting(pk: int, email: str) -> "QuerySet[Any, Any]":
    kinds = _kinds(get_user_model()(pk=pk, email=email))
    first, *rest = (_counted(place, kind, rows) for place, (kind, rows) in enumerate(kinds.items()))
    counting: QuerySet[Any, Any] = first.union(*rest, all=True)
    return counting


def _counted(place: int, kind: str, rows: "QuerySet[Any, Any]") -> "QuerySet[Any, Any]":
    named = rows.order_by().values(its_place=Value(place), its_kind=Value(kind))
    return named.values_list("its_place", "its_kind", Count("pk", distinct=True))


def _kinds(user: Any) -> "dict[str, QuerySet[Any, Any]]":
    return {kind: rows for _room, module in rooms() for kind, rows in module.kinds(user).items()}


_numbers = Prepared(_counting, pk=int, email=str)


def counted_about(user: Any) -> list[tuple[str, int]]:
    """As `counts` of all that is held, asked in one question, which fetches none of it."""
    return [(kind, number) for _place, kind, number in sorted(_numbers(pk=user.pk, email=user.email)) if number]


def counts(held: dict[str, dict[str, list[dict[str, Any]]]]) -> list[tuple[str, int]]:
    """How many records of each kind there are, where there are any."""
    return [(kind, len(rows)) for kinds in held.values() for kind, rows in kinds.items() if rows]
