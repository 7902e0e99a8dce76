"""From texts to vectors, once for each text, in whole numbers.

Vectors are centred and rounded to whole numbers from -127 to 127: products of such numbers are exact on every
machine, and a phrase takes 256 bytes.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pairing.errors import BadProblem
from pairing.text.models import TextModel, default
from pairing.text.prose import Side, is_key, phrases, texts
from pairing.text.reference import GOALS, OFFERS
from pairing.types import Problem

Whole = NDArray[np.int8]
TOP = 127
MOST_NUMBERS = 1024
TWO_MODELS = "The vectors of two texts differ in length, so they come from two models."
_CENTRES: dict[tuple[str, Side], NDArray[np.float64]] = {}


def filled(problem: Problem, model: TextModel | None = None) -> Problem:
    """The problem with the vectors of every text in it; what it holds already is kept.

    Without a model, or where its vectors are another model's, what is missing stays missing and takes no part.
    """
    missing = {name: said for name, said in texts(problem).items() if name not in problem.vectors}
    missing = {name: (side, text) for name, (side, text) in missing.items() if not is_key(text)}
    model = model or default() if missing else None
    if model is None or problem.text_model not in ("", model.name):
        return problem
    found = _made(model, missing)
    return replace(problem, vectors={**problem.vectors, **found}, text_model=model.name) if found else problem


def _made(model: TextModel, missing: Mapping[str, tuple[Side, str]]) -> dict[str, str]:
    """The packed vectors of these texts, all their phrases read at once; texts without a phrase are left out."""
    found: dict[str, str] = {}
    for side in ("want", "offer"):
        split = {name: phrases(text) for name, (on, text) in missing.items() if on == side and phrases(text)}
        if split:
            rows = _whole(unit(model.embed([one for many in split.values() for one in many])) - _centre(model, side))
            ends = np.cumsum([len(many) for many in split.values()])
            found |= {name: packed(part) for name, part in zip(split, np.split(rows, ends[:-1]), strict=True)}
    return found


def unit(rows: NDArray[np.float32]) -> NDArray[np.float64]:
    """Rows of length one."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.array(rows.astype(np.float64) / np.maximum(lengths, 1e-12))


def _centre(model: TextModel, side: Side) -> NDArray[np.float64]:
    if (model.name, side) not in _CENTRES:
        _CENTRES[model.name, side] = unit(model.embed(GOALS if side == "want" else OFFERS)).mean(axis=0)
    return _CENTRES[model.name, side]


def _whole(rows: NDArray[np.float64]) -> Whole:
    largest = np.maximum(np.abs(rows).max(axis=1, keepdims=True), 1e-12)
    return np.array(np.rint(rows / largest * TOP), dtype=np.int8)


def packed(rows: Whole) -> str:
    """As text for a file: the length of a row, a colon, base64."""
    return f"{rows.shape[1]}:{b64encode(rows.tobytes()).decode()}"


def unpacked(text: str) -> Whole:
    """The rows that ``packed`` wrote. Raises BadProblem for anything else."""
    length, _, body = text.partition(":")
    try:
        found = np.frombuffer(b64decode(body, validate=True), dtype=np.int8)
        rows = found.reshape(-1, int(length))
    except ValueError:
        raise BadProblem("The vectors of a text cannot be read: a length, a colon and base64 are needed.") from None
    if not 0 < rows.shape[1] <= MOST_NUMBERS or not len(rows):
        raise BadProblem(f"The vectors of a text have {rows.shape[1]} numbers; 1 to {MOST_NUMBERS} are possible.")
    return rows


def of(names: Sequence[str], known: Mapping[str, str]) -> list[Whole | None]:
    """The rows of each text by its key; None where there are none. Raises BadProblem if two lengths differ."""
    found = [unpacked(known[name]) if name in known else None for name in names]
    lengths = {rows.shape[1] for rows in found if rows is not None}
    if len(lengths) > 1:
        raise BadProblem(TWO_MODELS)
    return found
