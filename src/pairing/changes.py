"""The cheapest realistic change that would match somebody who goes without.

Every change that is handed out has been tried: it was applied, the round solved again, and the mentee was matched
while at least one more pair was made. Declared conflicts, blocks and reporting lines are never touched: a pair
that one of them forbids is not looked at.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice

from pairing.constraints import BIT, places_of
from pairing.difference import mentors_by_mentee, moves
from pairing.errors import Infeasible
from pairing.explain import prepared_for
from pairing.facts import merged, minutes_a_week
from pairing.prepared import Prepared
from pairing.shares import BORDERS
from pairing.standins import stand_in
from pairing.types import Change, Interval, PairKey, Person, Problem, Rules, Solution, Wish
from pairing.wishes import wanted

DAY = 24 * 60
LEAST_MINUTES = 15
TRIES = 3
OF_A_KIND = 2
CHANGEABLE = ("forbidden_by_coordinator", "no_shared_hours", "seniority", "same_organisation")


def cheapest_changes(
    problem: Problem | Prepared, solution: Solution, mentee_id: str, limit: int = 4, closed: Iterable[PairKey] = ()
) -> tuple[Change, ...]:
    """Changes that match this mentee, the least effort first; none if they want nobody or have all they want.

    Where no single change is enough, several together; where nobody in the round will do, a new mentor made to
    measure. closed: forbidden pairs that nobody can allow again. Raises BadProblem for a solution that answers
    another problem.
    """
    prepared = prepared_for(problem, solution)
    row = prepared.facts.row.get(mentee_id)
    if row is None or len(solution.mentors_of(mentee_id)) >= prepared.facts.mentees[row].demand:
        return ()
    case = _Case(prepared, solution, row, {mentor for mentee, mentor in closed if mentee == mentee_id})
    for drafts, most in ((case.drafts(), limit), (case.together(), 1), (case.recruits(), 1)):
        proven = (change for draft in drafts if (change := case.proven(draft)) is not None)
        if found := tuple(islice(_varied(proven), most)):
            return found
    return ()


def _varied(changes: Iterator[Change]) -> Iterator[Change]:
    """No more than two of a kind, and no place kept for somebody who would get it anyway."""
    kinds: Counter[str] = Counter()
    seen: set[tuple[str, str]] = set()
    for change in changes:
        if kinds[change.kind] < OF_A_KIND and (change.kind, change.mentor_id) not in seen:
            yield change
        kinds[change.kind] += (change.kind, change.mentor_id) not in seen
        seen.add((change.kind, change.mentor_id))


def apply_change(problem: Problem, change: Change) -> Problem:
    """The problem with the change made."""
    changed = _APPLY[change.kind](problem, change)
    for further in change.also:
        changed = apply_change(changed, further)
    return changed


class _Case:
    """One mentee without a mentor, and what could be done."""

    def __init__(self, prepared: Prepared, solution: Solution, row: int, closed: set[str]) -> None:
        self.prepared, self.solution = prepared, solution
        self.problem, self.rules, self.facts = prepared.problem, prepared.problem.rules, prepared.facts
        self.row, self.mentee = row, prepared.facts.mentees[row]
        self.before = mentors_by_mentee(solution)
        scores = prepared.scores()[row]
        self.by_score = sorted(range(len(scores)), key=lambda column: (-scores[column], column))
        self.closed = {self.facts.column[mentor] for mentor in closed if mentor in self.facts.column}

    def proven(self, draft: Change) -> Change | None:
        """The draft with what came of it, or None if it does not match the mentee."""
        changed = apply_change(self.problem, draft)
        try:
            again = self.prepared.with_problem(changed)
            outline = again.outline()
        except Infeasible:
            return None
        after = again.mentors_in(outline)
        mine = after.get(self.mentee.id, ())
        had = self.before.get(self.mentee.id, ())
        if len(mine) <= len(had) or outline.placed <= self.solution.placed:
            return None
        moved = sum(1 for move in moves(self.before, after) if move.mentee_id != self.mentee.id)
        return replace(draft, matched_with=mine, placed_after=outline.placed, total_after=outline.total, moved=moved)

    def drafts(self) -> Iterator[Change]:
        """What might help, the least effort first."""
        yield from self._own_decisions()
        yield from self._hours()
        yield from self._places()
        yield from self._limits()
        yield from self._fewer_minutes()
        yield from self._seniority()
        if self._blocked_only_by("same_organisation"):
            yield self._draft("allow_same_organisation", 5.0)

    def _draft(self, kind: str, effort: float, column: int | None = None, **values: object) -> Change:
        mentor_id = "" if column is None else self.facts.mentors[column].id
        return Change(kind=kind, mentee_id=self.mentee.id, effort=effort, mentor_id=mentor_id, **values)  # type: ignore[arg-type]

    def _blocked_only_by(self, name: str) -> list[int]:
        """Mentors who are ruled out for this one reason, the best first."""
        against = self.prepared.mask[self.row]
        return [column for column in self.by_score if against[column] == BIT[name]]

    def _shared(self, column: int) -> int:
        return int(self.facts.shared_minutes[self.row, column])

    def _allowed(self) -> list[int]:
        return [column for column in self.by_score if self.prepared.mask[self.row, column] == 0]

    def _own_decisions(self) -> Iterator[Change]:
        ruled_out = self._blocked_only_by("forbidden_by_coordinator")
        for column in [column for column in ruled_out if column not in self.closed][:TRIES]:
            yield self._draft("lift_forbidden", 1.0, column)
        allowed = {self.facts.mentors[column].id for column in self._allowed()}
        for mentee_id, mentor_id in sorted(self.problem.locks):
            if mentor_id in allowed and mentee_id != self.mentee.id:
                yield self._draft("lift_lock", 1.2, self.facts.column[mentor_id], other_mentee_id=mentee_id)

    def _hours(self) -> Iterator[Change]:
        for column in self._blocked_only_by("no_shared_hours")[:TRIES]:
            lacking = self.rules.min_shared_minutes - self._shared(column)
            spans = _days_off(self.mentee, self.facts.mentors[column])
            enough = [span for span in spans if span[1] - span[0] >= lacking]
            if enough:
                shortest = min(enough, key=lambda span: (span[1] - span[0], span))
                yield self._draft("add_hours", 1.5, column, hours=(shortest,))

    def _places(self) -> Iterator[Change]:
        cap = self.rules.max_mentees
        roomy = [
            column
            for column in self._allowed()
            if cap is None or places_of(self.facts.mentors[column], self.problem) < cap
        ]
        for column in roomy[:OF_A_KIND]:
            yield self._draft("one_more_place", 2.0, column)
        for column in roomy[:OF_A_KIND]:
            yield self._draft("one_more_place", 2.2, column, reserve=True)
        if cap is not None and any(self.facts.mentors[column].capacity > cap for column in self._allowed()):
            yield self._draft("more_mentees_each", 4.0, value=float(cap + 1))

    def _limits(self) -> Iterator[Change]:
        taken, given = self.rules.places_taken, self.rules.places_given
        if self.mentee.organisation in taken:
            places = float(taken[self.mentee.organisation] + 1)
            yield self._draft("more_places_taken", 3.0, organisation=self.mentee.organisation, value=places)
        for organisation in sorted(
            {self.facts.mentors[column].organisation for column in self._allowed()} & set(given)
        ):
            yield self._draft("more_places_given", 3.0, organisation=organisation, value=float(given[organisation] + 1))
        for border in BORDERS:
            if share := border.asked(self.rules):
                across = round(self.solution.shares[border.name] * self.solution.placed)
                lower = across / (self.solution.placed + 1)
                yield self._draft(f"lower_{border.quota}", 3.0, value=min(lower, share))
        if self.rules.min_mentees > 1:
            yield self._draft("smaller_circles", 3.5, value=float(self.rules.min_mentees - 1))

    def _fewer_minutes(self) -> Iterator[Change]:
        shared = {self._shared(column) for column in self._blocked_only_by("no_shared_hours")}
        rounded = {minutes // 15 * 15 for minutes in shared if minutes >= LEAST_MINUTES}
        for minutes in sorted(rounded, reverse=True)[:TRIES]:
            share_kept = minutes / max(1, self.rules.min_shared_minutes)
            yield self._draft("fewer_shared_minutes", 4.0 - share_kept, value=float(minutes))

    def _seniority(self) -> Iterator[Change]:
        if self.rules.seniority is None:
            return
        least, most = self.rules.seniority
        gaps = {int(self.facts.level_gap[self.row, column]) for column in self._blocked_only_by("seniority")}
        wider = {(min(least, gap), max(most, gap)) for gap in gaps}
        for span in sorted(wider, key=lambda span: (least - span[0] + span[1] - most, span))[:TRIES]:
            steps = least - span[0] + span[1] - most
            yield self._draft("widen_seniority", 4.0 + 0.1 * steps, seniority=span)

    def together(self) -> Iterator[Change]:
        """For each mentor whom changeable rules alone rule out, all that it takes, the least effort first."""
        changeable = sum(int(BIT[name]) for name in CHANGEABLE)
        against = self.prepared.mask[self.row].astype(int)
        found = []
        for column in (column for column in self.by_score if column not in self.closed):
            apart = against[column] & int(BIT["no_shared_hours"]) and self._shared(column) < LEAST_MINUTES
            if against[column] and not against[column] & ~changeable and not apart:
                steps = self._all_it_takes(column, int(against[column]))
                place = self._draft("one_more_place", 2.2, column, reserve=True)
                found += [steps, [*steps, place]]
        found.sort(key=lambda steps: sum(step.effort for step in steps))
        for first, *others in found[: 2 * TRIES]:
            effort = first.effort + sum(step.effort for step in others)
            yield replace(first, also=tuple(others), effort=effort)

    def _all_it_takes(self, column: int, bits: int) -> list[Change]:
        gap, shared = self.facts.level_gap[self.row, column], self._shared(column)
        steps = []
        if bits & int(BIT["forbidden_by_coordinator"]):
            steps.append(self._draft("lift_forbidden", 1.0, column))
        if bits & int(BIT["no_shared_hours"]):
            steps.append(self._draft("fewer_shared_minutes", 4.0, value=float(shared // 15 * 15)))
        if bits & int(BIT["seniority"]) and self.rules.seniority is not None:
            least, most = self.rules.seniority
            span = (min(least, int(gap)), max(most, int(gap)))
            steps.append(self._draft("widen_seniority", 4.0, seniority=span))
        if bits & int(BIT["same_organisation"]):
            steps.append(self._draft("allow_same_organisation", 5.0))
        return steps

    def recruits(self) -> Iterator[Change]:
        """A new mentor who offers what this mentee wants most; if need be with the rules that keep anybody out."""
        wish = max(wanted(self.mentee), key=lambda one: one.weight, default=Wish("tag", "anything"))
        person = stand_in(wish, [self.mentee], self.rules)
        yield self._draft("recruit", 8.0, person=person, reserve=True)
        worked = minutes_a_week(self.mentee)
        fewer = self._draft("fewer_shared_minutes", 4.0, value=float(min(worked, self.rules.min_shared_minutes)))
        person = replace(person, hours=self.mentee.hours, second_week=self.mentee.second_week)
        yield self._draft("recruit", 12.0, person=person, reserve=True, also=(fewer,))


def _days_off(mentee: Person, mentor: Person) -> list[Interval]:
    """The mentor's hours, day by day, on days of the UTC week on which the mentee has none."""
    worked = (*mentee.hours, *(mentee.second_week or ()))
    busy = {minute // DAY for start, end in worked for minute in (start, end - 1)}
    found = []
    for start, end in merged(mentor.hours):
        for day in range(start // DAY, (end - 1) // DAY + 1):
            if day not in busy:
                found.append((max(start, day * DAY), min(end, (day + 1) * DAY)))
    return found


def _with_rules(problem: Problem, **rules: object) -> Problem:
    changed: Rules = replace(problem.rules, **rules)  # type: ignore[arg-type]
    return replace(problem, rules=changed)


def _one_more_place(problem: Problem, change: Change) -> Problem:
    mentors = tuple(
        replace(mentor, capacity=mentor.capacity + 1) if mentor.id == change.mentor_id else mentor
        for mentor in problem.mentors
    )
    locks = problem.locks | ({(change.mentee_id, change.mentor_id)} if change.reserve else set())
    return replace(problem, mentors=mentors, locks=locks)


def _add_hours(problem: Problem, change: Change) -> Problem:
    mentees = tuple(
        replace(
            mentee,
            hours=tuple(merged((*mentee.hours, *change.hours))),
            second_week=None if mentee.second_week is None else tuple(merged((*mentee.second_week, *change.hours))),
        )
        if mentee.id == change.mentee_id
        else mentee
        for mentee in problem.mentees
    )
    return replace(problem, mentees=mentees)


def _recruit(problem: Problem, change: Change) -> Problem:
    if change.person is None:
        return problem
    locks = problem.locks | ({(change.mentee_id, change.person.id)} if change.reserve else set())
    return replace(problem, mentors=(*problem.mentors, change.person), locks=locks)


def _lift_forbidden(problem: Problem, change: Change) -> Problem:
    return replace(problem, forbidden=problem.forbidden - {(change.mentee_id, change.mentor_id)})


def _lift_lock(problem: Problem, change: Change) -> Problem:
    return replace(problem, locks=problem.locks - {(change.other_mentee_id, change.mentor_id)})


def _other_rule(name: str) -> Callable[[Problem, Change], Problem]:
    return lambda problem, change: _with_rules(problem, **{name: int(change.value)})


def _lower(rule: str) -> Callable[[Problem, Change], Problem]:
    return lambda problem, change: _with_rules(problem, **{rule: change.value})


def _one_place_more(name: str) -> Callable[[Problem, Change], Problem]:
    def apply(problem: Problem, change: Change) -> Problem:
        return _with_rules(problem, **{name: {**getattr(problem.rules, name), change.organisation: int(change.value)}})

    return apply


_APPLY: dict[str, Callable[[Problem, Change], Problem]] = {
    "one_more_place": _one_more_place,
    "add_hours": _add_hours,
    "recruit": _recruit,
    "lift_forbidden": _lift_forbidden,
    "lift_lock": _lift_lock,
    "fewer_shared_minutes": _other_rule("min_shared_minutes"),
    "more_mentees_each": _other_rule("max_mentees"),
    "more_places_given": _one_place_more("places_given"),
    "more_places_taken": _one_place_more("places_taken"),
    "widen_seniority": lambda problem, change: _with_rules(problem, seniority=change.seniority),
    "allow_same_organisation": lambda problem, change: _with_rules(problem, same_organisation_allowed=True),
    **{f"lower_{border.quota}": _lower(border.rule) for border in BORDERS},
    "smaller_circles": _other_rule("min_mentees"),
}
