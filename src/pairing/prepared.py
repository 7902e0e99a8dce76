"""From a problem to its solution: measure the people once, then solve as often as the coordinator likes."""

import copy
from collections.abc import Mapping
from dataclasses import replace
from operator import attrgetter
from time import perf_counter

import numpy as np

from pairing import canonical, checks, conflicts, constraints, nearby, reciprocal, wanted
from pairing.errors import Infeasible, OutOfTime
from pairing.facts import Facts, Floats
from pairing.locks import Settled, settle
from pairing.scoring import Scoring
from pairing.shares import BORDERS
from pairing.solvers.task import Plan, Task, bound
from pairing.text.vectors import filled
from pairing.types import Objective, Pair, PairKey, Person, Problem, Solution, Unmatched

EXACT = 1e-9
# What these objectives put first has no prices; theirs are those of the best total, and the gap is what they cost.
UNPRICED = frozenset({"leximin", "stable", "cover"})


def prepare(problem: Problem) -> "Prepared":
    """Check a problem and measure its people. Raises BadProblem."""
    checks.check(problem)
    problem = filled(problem)
    facts = Facts(problem.mentees, problem.mentors)
    return Prepared(problem, facts, Scoring(facts, problem), constraints.people_mask(facts, problem))


def solve(problem: Problem) -> Solution:
    """The best pairs for a problem, with reasons and proof. Raises BadProblem or Infeasible.

    >>> from pairing.types import Person, Problem, Wish
    >>> ben = Person(id="ben", role="mentee", organisation="A", wants=(Wish("service", "housing"),))
    >>> hana = Person(id="hana", role="mentor", organisation="B", services=("housing",))
    >>> solution = solve(Problem(mentees=(ben,), mentors=(hana,)))
    >>> [(pair.mentee_id, pair.mentor_id) for pair in solution.pairs], solution.status
    ([('ben', 'hana')], 'optimal')
    """
    if checks.is_large(problem):
        return _solved_in_blocks(problem)
    return prepare(problem).solve()


def _solved_in_blocks(problem: Problem) -> Solution:
    """Loaded only where it is needed: a small round is done before these modules would be imported."""
    from pairing.large import rounds

    return rounds.solve(problem)


class Prepared:
    """A problem whose people are measured. Weights, locks, forbidden pairs and objective may vary at little cost."""

    def __init__(
        self,
        problem: Problem,
        facts: Facts,
        scoring: Scoring,
        of_people: constraints.Mask,
        of_rules: constraints.Mask | None = None,
    ) -> None:
        self.problem, self.facts, self.scoring, self.of_people = problem, facts, scoring, of_people
        self.of_rules = constraints.rules_mask(facts, problem, of_people) if of_rules is None else of_rules
        self.mask = constraints.full_mask(facts, problem, self.of_rules)
        self._people = ""
        self._freely: Plan | None = None

    def with_problem(self, problem: Problem) -> "Prepared":
        """The same people under other rules, decisions, weights or capacities; anything else is measured anew.

        For problems that the engine made from this one: they are not checked again.
        """
        old, new = self.problem, problem
        measured_alike = (
            old.rules.preferred_seniority == new.rules.preferred_seniority
            and (old.vectors is new.vectors or old.vectors == new.vectors)
            and (old.relatedness is new.relatedness or old.relatedness == new.relatedness)
            and _only_places_differ(old.mentees, new.mentees)
            and _only_places_differ(old.mentors, new.mentors)
        )
        if not measured_alike:
            measured = Facts(new.mentees, new.mentors)
            return Prepared(new, measured, Scoring(measured, new), constraints.people_mask(measured, new))
        facts = copy.copy(self.facts)
        mentees, mentors = ({person.id: person for person in side} for side in (new.mentees, new.mentors))
        facts.mentees = tuple(mentees[person.id] for person in facts.mentees)
        facts.mentors = tuple(mentors[person.id] for person in facts.mentors)
        return Prepared(new, facts, self.scoring, self.of_people)

    def solve(
        self,
        weights: Mapping[str, float] | None = None,
        locks: frozenset[PairKey] | None = None,
        forbidden: frozenset[PairKey] | None = None,
        objective: Objective | None = None,
    ) -> Solution:
        """Solve, with whatever is given in place of what the problem says. Raises BadProblem or Infeasible."""
        return self._with({"weights": weights, "locks": locks, "forbidden": forbidden, "objective": objective})._solve()

    def solve_again(
        self,
        last: Solution,
        weights: Mapping[str, float] | None = None,
        locks: frozenset[PairKey] | None = None,
        forbidden: frozenset[PairKey] | None = None,
    ) -> Solution:
        """As good as `solve`, and proven alike, but found from the last solution of this round: for looking around.

        Many plans may be equally good; this is the one that is near, where `solve` gives the same one on every machine.
        Raises BadProblem or Infeasible.
        """
        return self._with({"weights": weights, "locks": locks, "forbidden": forbidden})._solve(last)

    def _with(self, given: Mapping[str, object]) -> "Prepared":
        changed = {name: value for name, value in given.items() if value is not None}
        if not changed:
            return self
        problem = replace(self.problem, **changed)  # type: ignore[arg-type]
        checks.check_weights(problem.weights)
        checks.check_objective(problem.objective)
        checks.check_pairs("lock", problem.locks, problem)
        checks.check_pairs("forbidden pair", problem.forbidden, problem)
        other = Prepared(problem, self.facts, self.scoring, self.of_people, self.of_rules)
        other._people = self._digest_of_people()
        return other

    def _digest_of_people(self) -> str:
        self._people = self._people or canonical.people_digest(self.problem)
        return self._people

    def inputs_hash(self) -> str:
        """The SHA-256 that names this problem, whatever the order of its people."""
        return canonical.inputs_hash(self.problem, self._digest_of_people())

    def mentors_in(self, outline: "Outline") -> dict[str, tuple[str, ...]]:
        """Each matched mentee's mentors by id."""
        found: dict[str, tuple[str, ...]] = {}
        for row, column in zip(outline.rows.tolist(), outline.columns.tolist(), strict=True):
            mentee_id, mentor_id = self.facts.mentees[row].id, self.facts.mentors[column].id
            found[mentee_id] = tuple(sorted((*found.get(mentee_id, ()), mentor_id)))
        return found

    def scores(self) -> Floats:
        """The score of every pair, mentees x mentors in the order of ``facts``, allowed or not."""
        return self.scoring.scores(self.problem.weights)

    def settled(self) -> Settled:
        """The numbers for the solvers, locks taken out. Raises Infeasible."""
        return settle(self.problem, self.facts, self.mask, self.scores())

    def outline(self, last: Solution | None = None) -> "Outline":
        """The solution in numbers alone. Raises Infeasible."""
        settled = self.settled()
        if last is not None and self.problem.objective == last.objective == "total":
            plan = nearby.plan(self.facts, settled, last)
            if plan is not None:
                return Outline(settled, plan, None)
        wish = wanted.wish(self.problem, self.facts, settled.task.scores)
        try:
            plan, floor = reciprocal.best(settled.task, wish, settled.opposites)
        except OutOfTime:
            raise
        except Infeasible as impossible:
            raise Infeasible(conflicts.why(settled.task, some_pairs=False) or str(impossible)) from impossible
        if not plan.placed and not len(settled.rows) and conflicts.contradict(settled.task):
            raise Infeasible(conflicts.why(settled.task, some_pairs=True))
        return Outline(settled, plan, floor)

    def _solve(self, last: Solution | None = None) -> Solution:
        started = perf_counter()
        outline = self.outline(last)
        settled, plan, floor = outline.settled, outline.plan, outline.floor
        rows, columns = outline.rows, outline.columns
        task = settled.task if floor is None else settled.task.above(floor)
        if self.problem.objective in UNPRICED:
            task, floor = settled.task, None
            plan = replace(plan, prices=self.freely(settled).prices)
        most = outline.total - plan.total(settled.task) + bound(task, plan.prices, plan.placed)
        gap = max(0.0, most - outline.total) / max(abs(most), 1e-12)
        return Solution(
            pairs=self._pairs(outline, last),
            unmatched=self._unmatched(settled.task, rows, columns),
            total=outline.total,
            worst=outline.worst,
            shares=self.shares(rows, columns),
            prices={mentor.id: float(plan.prices.column[place]) for place, mentor in enumerate(self.facts.mentors)},
            multipliers=_multipliers(plan, floor),
            bound=most,
            gap=gap,
            status=_status(gap, plan),
            seconds=perf_counter() - started,
            inputs_hash=self.inputs_hash(),
            objective=self.problem.objective,
        )

    def freely(self, settled: Settled) -> Plan:
        """The plan with the best total under the same rules, whatever the objective."""
        if self._freely is None:
            self._freely = reciprocal.best(settled.task, "total", settled.opposites)[0]
        return self._freely

    def shares(self, rows: np.ndarray, columns: np.ndarray) -> dict[str, float]:
        """How large a part of these pairs crosses each border."""
        if not len(rows):
            return {border.name: 0.0 for border in BORDERS}
        return {border.name: float(border.crossed(self.facts)[rows, columns].mean()) for border in BORDERS}

    def _pairs(self, outline: "Outline", last: Solution | None) -> tuple[Pair, ...]:
        told = self.scoring.told(self.problem.weights)
        known = nearby.pairs(last, self.problem.weights) if last is not None else {}
        mentees, mentors = self.facts.mentees, self.facts.mentors
        chosen = zip(outline.rows.tolist(), outline.columns.tolist(), outline.scores.tolist(), strict=True)
        locked = len(outline.settled.rows)
        found = []
        for place, (row, column, score) in enumerate(chosen):
            ids = mentees[row].id, mentors[column].id
            pair = known.get((*ids, place < locked, score))
            found.append(pair or Pair(*ids, score, told(row, column), place < locked))
        return tuple(sorted(found, key=attrgetter("mentee_id", "mentor_id")))

    def _unmatched(self, task: Task, rows: np.ndarray, columns: np.ndarray) -> tuple[Unmatched, ...]:
        has = np.bincount(rows, minlength=len(self.facts.mentees))
        gives = np.bincount(columns, minlength=len(self.facts.mentors))
        places = np.array([constraints.places_of(mentor, self.problem) for mentor in self.facts.mentors], dtype=int)
        free = places > gives
        found = []
        for row, mentee in enumerate(self.facts.mentees):
            if has[row] < max(1, mentee.demand):
                spare = bool((task.allowed[row] & free).any())
                found.append(_goes_without(mentee, self.mask[row], max(1, mentee.demand) - int(has[row]), spare))
        for column, mentor in enumerate(self.facts.mentors):
            if not gives[column]:
                found.append(_goes_without(mentor, self.mask[:, column], max(1, int(places[column])), False))
        return tuple(sorted(found, key=lambda one: (one.role, one.person_id)))


class Outline:
    """The chosen pairs, locked ones first, by row and column."""

    def __init__(self, settled: Settled, plan: Plan, floor: float | None) -> None:
        self.settled, self.plan, self.floor = settled, plan, floor
        self.rows = np.concatenate([settled.rows, plan.rows])
        self.columns = np.concatenate([settled.columns, plan.columns])
        self.scores = settled.task.scores[self.rows, self.columns]

    @property
    def placed(self) -> int:
        return len(self.rows)

    @property
    def total(self) -> float:
        return float(self.scores.sum())

    @property
    def worst(self) -> float:
        return float(self.scores.min()) if len(self.scores) else 0.0


def _goes_without(person: Person, against: constraints.Mask, missing: int, spare: bool) -> Unmatched:
    possible = int((against == 0).sum())
    is_mentor = person.role == "mentor"
    if is_mentor and person.capacity == 0:
        reason = "no_capacity"
    elif not is_mentor and person.demand == 0:
        reason = "no_demand"
    elif not possible:
        reason = "nobody_possible"
    elif is_mentor:
        reason = "not_needed"
    else:
        reason = "limits" if spare else "no_places"
    return Unmatched(person.id, person.role, reason, possible, _counted(against), missing)


def _counted(against: constraints.Mask) -> dict[str, int]:
    counts: dict[str, int] = {}
    found, times = np.unique(against, return_counts=True)
    for bits, count in zip(found.tolist(), times.tolist(), strict=True):
        for name in constraints.public_reasons(bits):
            counts[name] = counts.get(name, 0) + count
    return dict(sorted(counts.items()))


def _multipliers(plan: Plan, floor: float | None) -> dict[str, float]:
    found = {
        "placing": plan.prices.placing,
        "cross_share": 0.0,
        **plan.prices.quotas,
        **plan.prices.limits,
    }
    if floor is not None and np.isfinite(floor):
        found["floor"] = floor
    return found


def _status(gap: float, plan: Plan) -> str:
    if gap <= EXACT:
        return "optimal"
    return "searched" if plan.searched else "within_gap"


def _only_places_differ(old: tuple[Person, ...], new: tuple[Person, ...]) -> bool:
    if len(old) != len(new):
        return False
    return all(
        one is other or replace(one, capacity=other.capacity, demand=other.demand) == other
        for one, other in zip(old, new, strict=True)
    )
