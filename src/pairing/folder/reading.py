"""From problem.json and its arrays to a question. Whatever cannot be read is refused in a sentence."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from pairing.folder import values
from pairing.folder.question import BadFolder, Group, Question, Share
from pairing.solvers.arrays import Bools, Floats

OBJECTIVES = ("total", "fair", "leximin", "stable", "cover")
LEVELS = ("pair", "mentee_total")
SIDES = ("mentees", "mentors")
WANTS = ("bound", "prices", "reasons", "backups")
KEYS = {
    "n_mentees",
    "n_mentors",
    "mentor_capacity",
    "mentee_demand",
    "mentor_min",
    "fixed_pairs",
    "forbidden_pairs",
    "objective",
    "cover",
    "fair_level",
    "mentee_scores",
    "mentor_scores",
    "quota",
    "previous",
    "stickiness",
    "want",
    "scores",
    "everyone",
    "bands",
    "limits",
    "one_mode",
    "mentee_ids",
    "mentor_ids",
    "seconds",
}
BANDS = 10


def read(folder: Path) -> Question:
    """The question that a folder asks. Raises BadFolder."""
    if not folder.is_dir():
        raise BadFolder(f"{folder.name or folder} is not a folder")
    given = {name: value for name, value in values.read_json(folder / "problem.json").items() if value is not None}
    scores = _scores(folder, given)
    height, width = scores.shape
    objective = _choice(given, "objective", OBJECTIVES, "total")
    one_mode = _flag(given, "one_mode")
    if one_mode and height != width:
        raise BadFolder(f"one_mode pairs the people of one side, but there are {height} mentees and {width} mentors")
    return Question(
        scores=scores,
        capacity=values.counts(given.get("mentor_capacity"), "mentor_capacity", width, "mentors", 1),
        demand=values.counts(given.get("mentee_demand"), "mentee_demand", height, "mentees", 1),
        least=values.counts(given.get("mentor_min"), "mentor_min", width, "mentors", 0),
        fixed=values.couples(given.get("fixed_pairs"), "fixed_pairs", scores.shape),
        forbidden=values.couples(given.get("forbidden_pairs"), "forbidden_pairs", scores.shape),
        previous=values.couples(given.get("previous"), "previous", scores.shape),
        stickiness=values.real(given.get("stickiness", 0.0), "stickiness"),
        objective=objective,
        everyone=_flag(given, "everyone"),
        fair_level=_choice(given, "fair_level", LEVELS, "pair"),
        cover=_cover(given.get("cover", list(SIDES)), scores.shape),
        bands=_bands(given.get("bands"), scores) if objective == "leximin" else (),
        mentee_scores=_side_scores(folder, given, "mentee_scores", scores.shape),
        mentor_scores=_side_scores(folder, given, "mentor_scores", scores.shape),
        quotas=_quotas(folder, given.get("quota"), scores.shape),
        groups=_groups(given.get("limits"), scores.shape),
        one_mode=one_mode,
        mentee_ids=_ids(given.get("mentee_ids"), "mentee_ids", height),
        mentor_ids=_ids(given.get("mentor_ids"), "mentor_ids", width),
        want=wants(given.get("want")),
        seconds=values.real(given.get("seconds", 60.0), "seconds", 0.01, 86_400.0),
        notes=tuple(f"problem.json says {name!r}, which means nothing here" for name in sorted(set(given) - KEYS)),
    )


def _scores(folder: Path, given: Mapping[str, Any]) -> Floats:
    name = given.get("scores", "scores.npy")
    by_sides = given.get("objective") == "stable" and not (isinstance(name, str) and (folder / name).exists())
    if by_sides and "mentee_scores" in given and "mentor_scores" in given:
        shape = _shape(given, ())
        sides = [values.table(folder, given[side], side, shape) for side in ("mentee_scores", "mentor_scores")]
        return sides[0] / 2.0 + sides[1] / 2.0
    found = values.array(folder, name, "scores")
    return values.table(folder, name, "scores", _shape(given, found.shape))


def _shape(given: Mapping[str, Any], found: tuple[int, ...]) -> tuple[int, int]:
    """How many people there are: as problem.json says, else as the scores are."""
    sizes = []
    for place, name in enumerate(("n_mentees", "n_mentors")):
        if name not in given and len(found) != 2:
            raise BadFolder(f"problem.json does not say {name}")
        sizes.append(values.whole(given[name], name) if name in given else found[place])
    return sizes[0], sizes[1]


def _side_scores(folder: Path, given: Mapping[str, Any], name: str, shape: tuple[int, int]) -> Floats | None:
    return values.table(folder, given[name], name, shape) if given.get(name) is not None else None


def _choice(given: Mapping[str, Any], name: str, among: tuple[str, ...], default: str) -> str:
    value = given.get(name, default)
    if value not in among:
        raise BadFolder(f"{name} is {values.named(value)}, not one of {', '.join(among)}")
    return str(value)


def _flag(given: Mapping[str, Any], name: str) -> bool:
    value = given.get(name, False)
    if not isinstance(value, bool):
        raise BadFolder(f"{name} is {values.named(value)}, neither true nor false")
    return value


def _cover(value: object, shape: tuple[int, int]) -> tuple[str | tuple[str, tuple[int, ...]], ...]:
    """Sides by name, or lists of people: ["mentees", {"mentors": [3, 0]}]; bare numbers are mentees."""
    entries = values.listed(value, "cover")
    if entries and all(isinstance(one, int) and not isinstance(one, bool) for one in entries):
        entries = [{"mentees": entries}]
    return tuple(_cover_entry(one, f"cover[{place}]", shape) for place, one in enumerate(entries))


def _cover_entry(one: object, what: str, shape: tuple[int, int]) -> str | tuple[str, tuple[int, ...]]:
    if isinstance(one, str) and one in SIDES:
        return one
    if not isinstance(one, dict) or len(one) != 1 or next(iter(one)) not in SIDES:
        raise BadFolder(f"{what} is {values.named(one)}, neither a side (mentees, mentors) nor an order of its people")
    side, people = next(iter(one.items()))
    size = shape[SIDES.index(side)]
    found = [values.index(person, what, size, side) for person in values.listed(people, what)]
    return side, tuple(dict.fromkeys(found))


def _bands(value: object, scores: Floats) -> tuple[float, ...]:
    """The lowest score of each band above the lowest; a number asks for so many bands of one width."""
    if isinstance(value, list):
        edges = [values.real(one, f"bands[{place}]") for place, one in enumerate(value)]
        if edges != sorted(set(edges)):
            raise BadFolder(f"bands is {values.named(value)}; it must rise")
        return tuple(edges)
    many = BANDS if value is None else values.whole(value, "bands", 1000)
    known = scores[~np.isnan(scores)]
    if not known.size or many < 2 or known.min() == known.max():
        return ()
    return tuple(np.unique(np.linspace(known.min(), known.max(), many + 1)[1:-1]).tolist())


def _quotas(folder: Path, value: object, shape: tuple[int, int]) -> tuple[Share, ...]:
    if value is None:
        return ()
    entries = value if isinstance(value, list) else [value]
    return tuple(_quota(folder, one, place, shape) for place, one in enumerate(entries))


def _quota(folder: Path, one: object, place: int, shape: tuple[int, int]) -> Share:
    what = f"quota[{place}]"
    if not isinstance(one, dict) or "file" not in one or "min_share" not in one:
        raise BadFolder(f"{what} is {values.named(one)}; it needs a file and a min_share")
    has = _attribute(values.array(folder, one["file"], f"{what}.file"), one["file"], shape)
    name = one.get("name", one["file"])
    return Share(str(name), has, values.real(one["min_share"], f"{what}.min_share", 0.0, 1.0))


def _attribute(found: np.ndarray[Any, Any], name: str, shape: tuple[int, int]) -> Bools:
    """Which pairs have the attribute: a table of pairs, or a list of mentees or of mentors."""
    flags: Bools = np.nan_to_num(found.astype(np.float64), nan=0.0) != 0
    if flags.shape == shape:
        return flags
    if flags.shape == (shape[0],):
        return np.repeat(flags[:, None], shape[1], axis=1)
    if flags.shape == (shape[1],):
        return np.repeat(flags[None, :], shape[0], axis=0)
    wide = " x ".join(str(size) for size in flags.shape) or "one number"
    raise BadFolder(f"{name} is {wide}, but there are {shape[0]} mentees and {shape[1]} mentors")


def _groups(value: object, shape: tuple[int, int]) -> tuple[Group, ...]:
    if value is None:
        return ()
    return tuple(_group(one, f"limits[{place}]", shape) for place, one in enumerate(values.listed(value, "limits")))


def _group(one: object, what: str, shape: tuple[int, int]) -> Group:
    sides = [side for side in SIDES if isinstance(one, dict) and side in one]
    if not isinstance(one, dict) or len(sides) != 1 or "most" not in one:
        raise BadFolder(f"{what} is {values.named(one)}; it needs mentees or mentors, and most")
    side = sides[0]
    people = values.listed(one[side], f"{what}.{side}")
    members = {values.index(person, what, shape[SIDES.index(side)], side) for person in people}
    name = str(one.get("name", what))
    return Group(name, side, tuple(sorted(members)), values.whole(one["most"], f"{what}.most"))


def _ids(value: object, what: str, size: int) -> tuple[str, ...]:
    if value is None:
        return ()
    many = [one if isinstance(one, str) else values.named(one) for one in values.listed(value, what)]
    if len(many) != size:
        raise BadFolder(f"{what} has {len(many)} entries, but there are {size}")
    seen: set[str] = set()
    for one in many:
        if one in seen:
            raise BadFolder(f"{what} names {values.named(one)} twice")
        seen.add(one)
    return tuple(many)


def wants(value: object) -> frozenset[str] | None:
    """What the result is to carry; None where nothing is said."""
    if value is None:
        return None
    for place, one in enumerate(values.listed(value, "want")):
        if one not in WANTS:
            raise BadFolder(f"want[{place}] is {values.named(one)}, not one of {', '.join(WANTS)}")
    return frozenset(values.listed(value, "want"))
