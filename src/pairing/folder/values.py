"""One value of problem.json at a time: what it may be, and a sentence when it is something else."""

import json
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from pairing.folder.question import BadFolder, Couples
from pairing.solvers.arrays import Floats, Ints

HUGE = 1e300
MOST_PEOPLE = 100_000_000


def read_json(path: Path) -> dict[str, Any]:
    """The object that a file holds."""
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise BadFolder(f"{path.name} is not there") from None
    except OSError as problem:
        raise BadFolder(f"{path.name} cannot be opened: {problem.strerror or problem}") from None
    except (ValueError, RecursionError) as problem:
        raise BadFolder(f"{path.name} is not JSON: {str(problem) or 'it is nested too deeply'}") from None
    if not isinstance(found, dict):
        raise BadFolder(f"{path.name} holds {named(found)}, not an object with names and values")
    return found


def named(value: object) -> str:
    """A value as a sentence can quote it, short."""
    text = json.dumps(value, ensure_ascii=True, default=str)
    return text if len(text) <= 60 else text[:57] + "…"


def whole(value: object, what: str, most: int = MOST_PEOPLE) -> int:
    """A whole number from 0 up."""
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
    if number is None or not isfinite(number) or number != int(number):
        raise BadFolder(f"{what} is {named(value)}, not a whole number")
    if number < 0:
        raise BadFolder(f"{what} is {named(value)}, less than nothing")
    if number > most:
        raise BadFolder(f"{what} is {named(value)}, more than {most}")
    return int(number)


def real(value: object, what: str, low: float = -HUGE, high: float = HUGE) -> float:
    """A number between two others."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
        between = f"between {low:g} and {high:g}" if high < HUGE else "that can be reckoned with"
        raise BadFolder(f"{what} is {named(value)}, not a number {between}")
    return float(value)


def listed(value: object, what: str) -> list[Any]:
    """A list."""
    if not isinstance(value, list):
        raise BadFolder(f"{what} is {named(value)}, not a list")
    return value


def counts(value: object, what: str, size: int, side: str, default: int) -> Ints:
    """A whole number for each person of a side."""
    if value is None:
        return np.full(size, default, dtype=np.int64)
    many = listed(value, what)
    if len(many) != size:
        raise BadFolder(f"{what} has {len(many)} entries, but there are {size} {side}")
    found = [whole(one, f"{what}[{place}]", 2**53) for place, one in enumerate(many)]
    return np.minimum(np.array(found, dtype=np.int64), MOST_PEOPLE)


def couples(value: object, what: str, shape: tuple[int, int]) -> Couples:
    """Pairs of a mentee and a mentor by number, as they stand."""
    if value is None:
        return ()
    found = []
    for place, one in enumerate(listed(value, what)):
        if not isinstance(one, list) or len(one) != 2:
            raise BadFolder(f"{what}[{place}] is {named(one)}, not a mentee and a mentor")
        row, column = (index(part, f"{what}[{place}]", size, side) for part, size, side in
                       zip(one, shape, ("mentees", "mentors"), strict=True))  # fmt: skip
        found.append((row, column))
    return tuple(found)


def index(value: object, what: str, size: int, side: str) -> int:
    """The number of somebody, counted from 0."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadFolder(f"{what} names {named(value)}, not a whole number")
    if not 0 <= value < size:
        raise BadFolder(f"{what} names number {value}, but the {size} {side} are numbered from 0 to {size - 1}")
    return value


def array(folder: Path, name: object, what: str) -> np.ndarray[Any, Any]:
    """The numbers of an .npy file of the folder."""
    if not isinstance(name, str) or not name:
        raise BadFolder(f"{what} is {named(name)}, not the name of a file")
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise BadFolder(f"{what} is {named(name)}, which lies outside the folder")
    try:
        found = np.load(path, allow_pickle=False)
    except FileNotFoundError:
        raise BadFolder(f"{name} is not there") from None
    except (OSError, ValueError, EOFError, MemoryError, SyntaxError, TypeError, OverflowError) as problem:
        raise BadFolder(f"{name} cannot be read as an array of numbers: {_first_line(problem)}") from None
    if not isinstance(found, np.ndarray) or found.dtype.kind not in "fiub":
        raise BadFolder(f"{name} does not hold an array of plain numbers")
    return found


def _first_line(problem: Exception) -> str:
    lines = str(problem).splitlines() or [type(problem).__name__]
    return lines[0][:200]


def table(folder: Path, name: object, what: str, shape: tuple[int, int]) -> Floats:
    """Scores, mentees x mentors; NaN where a pair is not allowed."""
    found = array(folder, name, what)
    if found.shape != shape:
        wide = " x ".join(str(size) for size in found.shape) or "one number"
        raise BadFolder(f"{name} is {wide}, but there are {shape[0]} mentees and {shape[1]} mentors")
    scores = found.astype(np.float64)
    wrong = np.isinf(scores) | (np.abs(np.nan_to_num(scores, nan=0.0, posinf=0.0, neginf=0.0)) > HUGE)
    if wrong.any():
        row, column = (int(part[0]) for part in np.nonzero(wrong))
        raise BadFolder(
            f"{name} has the score {scores[row, column]:g} for mentee {row} and mentor {column}; scores go up to "
            f"{HUGE:g}, and NaN stands for a pair that is not allowed"
        )
    return scores
