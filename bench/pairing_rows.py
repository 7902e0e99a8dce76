"""One row of the pairing report in a process of its own: `python -m bench.pairing_rows NAME [NUMBER…]` prints JSON."""

import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np

import pairing
from bench import pairing_people
from pairing.types import Person, Problem, Solution

Figures = dict[str, Any]


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What came of it, seconds by the clock, seconds of processor."""
    clock, processor = time.perf_counter(), time.process_time()
    done = work()
    return done, time.perf_counter() - clock, time.process_time() - processor


def large(mentees: int, mentors: int, reasons: int = 0) -> Figures:
    """From profiles to pairs with their proof; with the reasons of every pair, if asked for."""
    from pairing.large import rounds

    made, generating, _ = timed(lambda: pairing_people.problem(mentees, mentors))
    solution, clock, processor = timed(lambda: rounds.solve(made, reasons=bool(reasons)))
    return {
        "clock": clock,
        "processor": processor,
        "generating": generating,
        "gap": solution.gap,
        "total": solution.total,
        "placed": solution.placed,
        "status": solution.status,
    }


def dense(mentees: int, mentors: int) -> Figures:
    """The same scores as one matrix of single places, solved by scipy."""
    from scipy.optimize import linear_sum_assignment

    from pairing.constraints import places_of
    from pairing.large.profiles import Profiles

    made = pairing_people.problem(mentees, mentors)

    def solve() -> float:
        source = Profiles(made)
        places = np.repeat(np.arange(mentors), [places_of(person, made) for person in source.mentors])
        worth = np.concatenate([source.block(slice(row, row + 50)) for row in range(0, mentees, 50)])
        worth = np.maximum(worth + 4.0, 0.0)[:, places].astype(np.float64)
        rows, taken = linear_sum_assignment(worth, maximize=True)
        good = worth[rows, taken] > 0.0
        return float(source.exact(rows[good], places[taken[good]]).sum())

    total, clock, processor = timed(solve)
    return {"clock": clock, "processor": processor, "total": total}


def fair(mentees: int, places: int) -> Figures:
    """The best total beside the fairest plan, both proven."""
    prepared = pairing.prepare(pairing_people.problem(mentees, places, places=places))
    best = prepared.solve(objective="total")
    fairest, clock, processor = timed(lambda: prepared.solve(objective="fair"))
    return {
        "clock": clock,
        "processor": processor,
        "worst": (best.worst, fairest.worst),
        "placed": (best.placed, fairest.placed),
        "loss": 1.0 - fairest.total / best.total,
        "status": (best.status, fairest.status),
    }


def interactive(people: int, times: int) -> Figures:
    """Lock, forbid, move a weight; each with what changed and why the new pairs are good."""
    made = pairing_people.problem(people, people, places=people)
    prepared = pairing.prepare(made)
    solution = prepared.solve()
    prepared.solve(forbidden=frozenset())
    dice = random.Random(3)
    taken: dict[str, list[tuple[float, float]]] = {"lock": [], "forbid": [], "weight": []}
    pairs = sorted(solution.pair_keys())
    mentors = sorted({mentor for _, mentor in pairs})
    for number in range(times):
        pair = dice.choice(pairs)
        asked: dict[str, Any] = {"forbid": {"forbidden": made.forbidden | {pair}}}
        other = (pair[0], dice.choice(mentors))
        if pairing.explain_pair(prepared, *other).allowed:
            asked["lock"] = {"locks": frozenset([other])}
        name = dice.choice(["interests", "seniority", "hours", "perspective"])
        asked["weight"] = {"weights": {**made.weights, name: made.weights[name] * (1.0 + 0.1 * (number % 7 + 1))}}
        for what, change in asked.items():
            _, clock, processor = timed(lambda change=change: _told(prepared, solution, change))
            taken[what].append((1000 * clock, 1000 * processor))
    return {what: [_percentile(figures) for figures in zip(*both, strict=True)] for what, both in taken.items()}


def _told(prepared: pairing.Prepared, before: Solution, change: dict[str, Any]) -> int:
    after = prepared.solve_again(before, **change)
    pairing.compare(before, after)
    fresh = after.pair_keys() - before.pair_keys()
    return sum(len(pair.contributions) for pair in after.pairs if (pair.mentee_id, pair.mentor_id) in fresh)


def _percentile(figures: Sequence[float]) -> tuple[float, float]:
    return statistics.median(figures), sorted(figures)[min(len(figures) - 1, int(len(figures) * 0.95))]


def rerun(people: int, share: float) -> Figures:
    """A year later: a share of the people have left, as many are new, and the rest would rather keep what they have."""
    made = pairing_people.problem(people, people, places=people)
    before = pairing.solve(made)
    after = _turned_over(made, before, share)
    names = {person.id for person in chain(after.mentees, after.mentors)}
    still = {pair for pair in before.pair_keys() if set(pair) <= names}
    free = pairing.solve(after)
    measured = pairing.prepare(after)
    found = None
    for inertia in np.arange(0.05, 3.0, 0.05).tolist():
        weights = {**after.weights, "previous": inertia}
        found = measured.solve(weights=weights)
        if len(still & found.pair_keys()) >= 0.95 * len(still):
            break
    worth = _worth(measured, found)
    confirmed = frozenset(sorted(still)[::20])
    locked = measured.solve(weights=weights, locks=confirmed)
    return {
        "inertia": inertia,
        "kept": len(still & found.pair_keys()) / len(still),
        "kept_without": len(still & free.pair_keys()) / len(still),
        "loss": 1.0 - worth / free.total,
        "confirmed": len(confirmed & locked.pair_keys()) / len(confirmed),
        "moved": _moved(after, found),
    }


def _turned_over(made: Problem, before: Solution, share: float) -> Problem:
    fresh = pairing_people.problem(len(made.mentees), len(made.mentors), seed=8, places=len(made.mentors))
    mentor_of = dict(before.pair_keys())
    mentees = [replace(one, previous=frozenset([mentor_of[one.id]]) if one.id in mentor_of else frozenset())
               for one in made.mentees]  # fmt: skip
    gone = int(len(mentees) * share)
    return replace(
        made,
        mentees=(*mentees[gone:], *_renamed(fresh.mentees[:gone])),
        mentors=(*made.mentors[gone:], *_renamed(fresh.mentors[:gone])),
    )


def _renamed(people: tuple[Person, ...]) -> Iterator[Person]:
    return (replace(one, id=f"new-{one.id}", shortlist=(), blocked=frozenset()) for one in people)


def _worth(measured: pairing.Prepared, found: Solution) -> float:
    """What a plan is worth by the weights that count, inertia left out."""
    scores, facts = measured.scores(), measured.facts
    return float(sum(scores[facts.row[mentee], facts.column[mentor]] for mentee, mentor in found.pair_keys()))


def _moved(after: Problem, found: Solution) -> list[int]:
    """How many others change mentors when one pair is forbidden and all would rather keep what they have."""
    mentor_of = dict(found.pair_keys())
    mentees = [replace(one, previous=frozenset([mentor_of[one.id]] if one.id in mentor_of else []))
               for one in after.mentees]  # fmt: skip
    weights = {**after.weights, "previous": 10.0}
    measured = pairing.prepare(replace(after, mentees=tuple(mentees), weights=weights))
    moved = []
    for pair in sorted(found.pair_keys())[7::71]:
        difference = pairing.compare(found, measured.solve(forbidden=frozenset([pair])))
        changed = {move.mentee_id for move in (*difference.moved, *difference.gained, *difference.lost)}
        moved.append(len(changed - {pair[0]}))
    return moved


ROWS: dict[str, Callable[..., Figures]] = {row.__name__: row for row in (large, dense, fair, interactive, rerun)}


def main() -> None:
    name, *numbers = sys.argv[1:]
    print(json.dumps(ROWS[name](*(float(one) if "." in one else int(one) for one in numbers))))


if __name__ == "__main__":
    main()
