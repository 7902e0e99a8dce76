import json
from importlib import import_module
from types import ModuleType
from typing import Any

ROOMS = (
    "accounts",
    "organisations",
    "people",
    "notifications",
    "history",
    "programmes",
    "mentorships",
    "meetings",
    "matching",
    "demo",
)


def rooms() -> list[tuple[str, ModuleType]]:
    """Each room's own account of what it holds about people."""
    return [(room, import_module(f"commonhall.{room}.privacy")) for room in ROOMS]


def held_about(user: Any) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Everything that Commonhall holds about a person, by room and by kind."""
    return {room: module.holds(user) for room, module in rooms()}


def as_text(held: dict[str, dict[str, list[dict[str, Any]]]]) -> str:
    return json.dumps(held, indent=2, default=str, ensure_ascii=False)


def counts(held: dict[str, dict[str, list[dict[str, Any]]]]) -> list[tuple[str, int]]:
    """How many records of each kind there are, where there are any."""
    return [(kind, len(rows)) for kinds in held.values() for kind, rows in kinds.items() if rows]
