"""The file of rules: TOML with the tables `rules` and `weights`, and `objective`."""

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, get_args

from pairing.types import DEFAULT_WEIGHTS, Objective, Rules

OBJECTIVES = get_args(Objective)


class BadRules(Exception):
    """The file cannot be used; the sentence says where and why."""


@dataclass(frozen=True, slots=True)
class Settings:
    rules: dict[str, Any] = field(default_factory=dict)
    weights: dict[str, float] = field(default_factory=lambda: dict(DEFAULT_WEIGHTS))
    objective: str = "total"


def read(path: Path | None) -> Settings:
    """What the file says, over the usual rules. Raises BadRules."""
    if path is None:
        return Settings()
    try:
        content = tomllib.loads(path.read_text("utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise BadRules(f"{path.name} is not TOML: {error}.") from None
    except UnicodeDecodeError:
        raise BadRules(f"{path.name} is not plain text in UTF-8.") from None
    _only(path.name, content, ("rules", "weights", "objective"))
    rules, weights = content.get("rules", {}), content.get("weights", {})
    _only(f"{path.name}, [rules]", rules, [one.name for one in fields(Rules)])
    _only(f"{path.name}, [weights]", weights, list(DEFAULT_WEIGHTS))
    objective = content.get("objective", "total")
    if objective not in OBJECTIVES:
        raise BadRules(f"{path.name}: the objective is {objective!r}; it can be {', '.join(OBJECTIVES)}.")
    for name in ("seniority", "preferred_seniority"):
        if name in rules:
            rules[name] = _span(path.name, name, rules[name])
    return Settings(rules, {**DEFAULT_WEIGHTS, **weights}, objective)


def _only(where: str, table: Any, known: Any) -> None:
    if not isinstance(table, dict):
        raise BadRules(f"{where} must be a table of names and values.")
    for name in table:
        if name not in known:
            raise BadRules(f"{where}: there is no {name!r}; there are {', '.join(known)}.")


def _span(where: str, name: str, value: Any) -> tuple[int, int]:
    if not (isinstance(value, list) and len(value) == 2 and all(isinstance(end, int) for end in value)):
        raise BadRules(f"{where}: {name} is {value!r}; write two whole numbers, such as [1, 3].")
    return (value[0], value[1])
