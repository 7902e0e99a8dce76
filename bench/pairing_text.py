"""Free text: how often a goal is nearer to the offer that says the same in other words than to somebody else's.

The area under the curve of 36 paraphrased pairs, beside counting words (TF-IDF) in the same run; what the model costs.
Folders with a sentence model of one's own are measured too: `python bench/pairing_text.py FOLDER`.
"""

import math
import re
import resource
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from tests.pairing.paraphrases import PARAPHRASES

import pairing
from bench import report
from pairing.text import measure, models, vectors
from pairing.types import Person, Problem

GOALS = [goal for goal, _offer in PARAPHRASES]
OFFERS = [offer for _goal, offer in PARAPHRASES]
LEAST = 0.75


def auc(near: np.ndarray) -> float:
    """How often one's own is nearer than a stranger's; ties count half."""
    own, strangers = np.diag(near), near[~np.eye(len(near), dtype=bool)]
    return float((np.greater.outer(own, strangers) + 0.5 * np.equal.outer(own, strangers)).mean())


def cosines(rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    units = [table / np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-12) for table in (rows, columns)]
    return units[0] @ units[1].T


def by_words() -> np.ndarray:
    """TF-IDF over all texts."""
    said = [Counter(re.findall(r"[a-z]+", text.lower())) for text in (*GOALS, *OFFERS)]
    spread = Counter(word for words in said for word in words)
    place = {word: number for number, word in enumerate(spread)}
    table = np.zeros((len(said), len(place)))
    for row, words in enumerate(said):
        for word, times in words.items():
            table[row, place[word]] = times * (math.log((1 + len(said)) / (1 + spread[word])) + 1)
    return cosines(table[: len(GOALS)], table[len(GOALS) :])


def by_criterion(model: models.TextModel | None = None) -> np.ndarray:
    """As the engine scores it, goals by offers."""
    asked = Problem(
        mentees=tuple(Person(id=f"{n}", role="mentee", text_want=goal) for n, goal in enumerate(GOALS)),
        mentors=tuple(Person(id=f"{n}", role="mentor", text_offer=offer) for n, offer in enumerate(OFFERS)),
    )
    prepared = pairing.prepare(vectors.filled(asked, model) if model else asked)
    near, _known = measure.measure(prepared.facts, prepared.problem)
    rows = [prepared.facts.row[f"{n}"] for n in range(len(GOALS))]
    columns = [prepared.facts.column[f"{n}"] for n in range(len(OFFERS))]
    return near[np.ix_(rows, columns)]


def many(people: int) -> Problem:
    """As many mentees as mentors, each with three sentences, no two texts alike."""
    goals = [f"{GOALS[n % 36]} {GOALS[n // 36 % 36]} Case {n}." for n in range(people)]
    offers = [f"{OFFERS[n % 36]} {OFFERS[n // 36 % 36]} Since {1970 + n}." for n in range(people)]
    return Problem(
        mentees=tuple(Person(id=f"{n}", role="mentee", text_want=goal) for n, goal in enumerate(goals)),
        mentors=tuple(Person(id=f"{n}", role="mentor", text_offer=offer) for n, offer in enumerate(offers)),
    )


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    report.heading("Free text: 36 goals and offers that say one thing in other words")
    before, started = megabytes(), time.process_time()
    found, counted = auc(by_criterion()), auc(by_words())
    report.told("area under the curve, the criterion", f"{found:.3f} (at least {LEAST})")
    report.told("area under the curve, counting words", f"{counted:.3f} (0.5 is chance)")
    report.told("loading the model and reading 72 sentences", f"{time.process_time() - started:.2f} s of processor")
    report.told("resident memory that it adds", f"{megabytes() - before:.0f} MB")
    started = time.process_time()
    filled = vectors.filled(many(1000))
    read = time.process_time() - started
    facts = pairing.prepare(filled).facts
    started = time.process_time()
    measure.measure(facts, filled)
    report.told(
        "2,000 texts read; then 1,000 x 1,000 scored",
        f"{read:.2f} s; {time.process_time() - started:.2f} s of processor",
    )
    for folder in sys.argv[1:]:
        report.told(f"  the same by the sentence model in {folder}", f"{auc(by_criterion(models.Onnx(folder))):.3f}")
    return 0 if found >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
