"""The criterion ``text``: how near a mentee's goals are to a mentor's offers, in their own words.

Every sentence of the goals is compared with every sentence of the offers. A cosine of 0.45 between centred vectors,
which only the plainest paraphrases have, counts in full. As with wishes, a pair is worth half its best-met sentence
and half the mean of all, so that one goal met well is not drowned by a long text.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pairing.errors import BadProblem
from pairing.facts import Bools, Facts, Floats, both
from pairing.text import vectors
from pairing.text.prose import is_key, key, phrases, said
from pairing.types import Person, Problem

FULL = 0.45
# From here on a sentence is worth quoting: among a region's people one in a thousand pairs of sentences gets so far.
NEAR = 0.75
ROWS_AT_ONCE = 64


def measure(facts: Facts, problem: Problem) -> tuple[Floats, Bools]:
    """The criterion for all pairs, and where both have written something that there are vectors for."""
    wants, offers = _vectors(facts.mentees, problem), _vectors(facts.mentors, problem)
    known = both([rows is not None for rows in wants], [rows is not None for rows in offers])
    value = np.zeros(facts.shape)
    if not known.any():
        return value, known
    columns = [column for column, rows in enumerate(offers) if rows is not None]
    filled = [row for row, rows in enumerate(wants) if rows is not None]
    theirs = _Stack([rows for rows in offers if rows is not None])
    for start in range(0, len(filled), ROWS_AT_ONCE):
        block = filled[start : start + ROWS_AT_ONCE]
        mine = _Stack([rows for row in block if (rows := wants[row]) is not None])
        value[np.ix_(block, columns)] = _met(mine, theirs)
    return value, known


def evidence(facts: Facts, problem: Problem, row: int, column: int) -> dict[str, Any]:
    """The sentences that are near, the nearest first; empty words where only the key of a text is known."""
    mentee, mentor = facts.mentees[row], facts.mentors[column]
    mine, theirs = _vectors((mentee,), problem)[0], _vectors((mentor,), problem)[0]
    if mine is None or theirs is None:
        return {"near": []}
    close = _closeness(_Stack([mine]), _Stack([theirs]))
    found = [
        {"want": _phrase(mentee, goal), "offer": _phrase(mentor, offer), "closeness": round(float(best), 4)}
        for goal, (offer, best) in enumerate(zip(close.argmax(axis=1).tolist(), close.max(axis=1), strict=True))
        if best >= NEAR
    ]
    return {"near": sorted(found, key=lambda one: -float(str(one["closeness"])))}


def _phrase(person: Person, place: int) -> str:
    _, text = said(person)
    found = () if is_key(text) else phrases(text)
    return found[place] if place < len(found) else ""


def _vectors(people: tuple[Person, ...], problem: Problem) -> list[vectors.Whole | None]:
    names = [key(*said(person)) if said(person)[1] else "" for person in people]
    return vectors.of(names, problem.vectors)


class _Stack:
    """The vectors of several texts below each other; ``starts`` says where each text begins."""

    def __init__(self, many: list[vectors.Whole]) -> None:
        # In 32 bits the products of whole numbers up to 127 are exact for rows of up to 1,024.
        self.rows: NDArray[np.float32] = np.concatenate(many).astype(np.float32)
        self.lengths = np.sqrt(np.square(self.rows.astype(np.float64)).sum(axis=1))
        self.counts = np.array([len(rows) for rows in many])
        self.starts = np.concatenate([[0], np.cumsum(self.counts)[:-1]])


def _closeness(mine: _Stack, theirs: _Stack) -> Floats:
    if mine.rows.shape[1] != theirs.rows.shape[1]:
        raise BadProblem(vectors.TWO_MODELS)
    products = (mine.rows @ theirs.rows.T).astype(np.float64)
    cosines = products / np.maximum(np.multiply.outer(mine.lengths, theirs.lengths), 1.0)
    return np.array(np.clip(cosines / FULL, 0.0, 1.0))


def _met(mine: _Stack, theirs: _Stack) -> Floats:
    best = np.maximum.reduceat(_closeness(mine, theirs), theirs.starts, axis=1)
    top = np.maximum.reduceat(best, mine.starts, axis=0)
    mean = np.add.reduceat(best, mine.starts, axis=0) / mine.counts[:, None]
    return np.array(0.5 * top + 0.5 * mean)
