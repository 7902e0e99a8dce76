"""The criteria by name: how good each pair is, 0 to 1, and the evidence for it.

A criterion is a measure over all pairs, the evidence for one pair, and one line: in CRITERIA, or ``register`` for
one of your own. Where a pair's people have not said enough, the measure takes the criterion's neutral value, about
what two strangers have; evidence then says ``known: False``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from pairing import wishes
from pairing.facts import Bools, Facts, Floats
from pairing.shares import BORDERS
from pairing.text import measure as text
from pairing.types import Person, Problem

Measured = tuple[Floats, Bools]
ENOUGH_SHARED = 3
FULL_HOURS = 480


@dataclass(frozen=True, slots=True)
class Criterion:
    """measure gives values and where they are known; evidence the keys and numbers behind one pair."""

    name: str
    neutral: float
    measure: Callable[[Facts, Problem], Measured]
    evidence: Callable[[Facts, Problem, int, int], dict[str, Any]]


def _overlap(facts: Facts, of: Callable[[Person], Iterable[str]]) -> Measured:
    """Shared keys, against the shorter list and never more than three: long lists win nothing."""
    rows = np.array([len(set(of(person))) for person in facts.mentees], dtype=np.float64)
    columns = np.array([len(set(of(person))) for person in facts.mentors], dtype=np.float64)
    shorter = np.minimum.outer(rows, columns)
    value = facts.shared(of) / np.clip(shorter, 1, ENOUGH_SHARED)
    return np.minimum(value, 1.0), shorter > 0


def _interests(person: Person) -> Iterable[str]:
    return person.interests


def _worked_in(person: Person) -> set[str]:
    return {*person.services, *person.career}


def _background(person: Person) -> Iterable[str]:
    return {*person.background, *(f"service:{key}" for key in _worked_in(person))}


def interests(facts: Facts, problem: Problem) -> Measured:
    return _overlap(facts, _interests)


def interests_evidence(facts: Facts, problem: Problem, row: int, column: int) -> dict[str, Any]:
    return {"shared": sorted(facts.mentees[row].interests & facts.mentors[column].interests)}


def background(facts: Facts, problem: Problem) -> Measured:
    """The same path: service areas worked in now or before, qualifications."""
    return _overlap(facts, _background)


def background_evidence(facts: Facts, problem: Problem, row: int, column: int) -> dict[str, Any]:
    mentee, mentor = facts.mentees[row], facts.mentors[column]
    now = set(mentee.services) & set(mentor.services)
    return {
        "shared": sorted(mentee.background & mentor.background),
        "services": sorted(now),
        "career": sorted((_worked_in(mentee) & _worked_in(mentor)) - now),
    }


def seniority(facts: Facts, problem: Problem) -> Measured:
    """Full inside the preferred gap, a third less for every level outside it."""
    least, most = problem.rules.preferred_seniority
    gap = facts.level_gap
    outside = np.maximum(np.maximum(least - gap, gap - most), 0.0)
    known = ~np.isnan(gap)
    return np.maximum(0.0, 1.0 - np.where(known, outside, 0.0) / 3.0), known


def seniority_evidence(facts: Facts, problem: Problem, row: int, column: int) -> dict[str, Any]:
    return {"levels_above": int(facts.level_gap[row, column])}


def hours(facts: Facts, problem: Problem) -> Measured:
    """Shared working hours a week; eight are as good as forty."""
    return np.minimum(facts.shared_minutes / FULL_HOURS, 1.0), facts.hours_known


def hours_evidence(facts: Facts, problem: Problem, row: int, column: int) -> dict[str, Any]:
    return {"shared_minutes": int(facts.shared_minutes[row, column])}


def languages(facts: Facts, problem: Problem) -> Measured:
    """The share of the mentee's languages that the mentor speaks."""
    spoken = np.array([max(1, len(person.languages)) for person in facts.mentees], dtype=np.float64)
    return facts.shared_languages / spoken[:, None], facts.languages_known


def languages_evidence(facts: Facts, problem: Problem, row: int, column: int) -> dict[str, Any]:
    return {"shared": sorted(facts.mentees[row].languages & facts.mentors[column].languages)}


def channel(facts: Facts, problem: Problem) -> Measured:
    """At least one way of meeting that both like."""
    shared = facts.shared(lambda person: person.channels) > 0
    return shared.astype(np.float64), facts.known(lambda person: person.channels)


def channel_evidence(facts: Facts, problem: Problem, row: int, column: int) -> dict[str, Any]:
    return {"shared": sorted(facts.mentees[row].channels & facts.mentors[column].channels)}


def council_kind(facts: Facts, problem: Problem) -> Measured:
    """The same kind of organisation (0.6) and a near size band (0.4; half of it one band away)."""
    alike = facts.same(lambda person: person.organisation_kind)
    left = np.array([person.organisation_size for person in facts.mentees], dtype=np.float64)
    right = np.array([person.organisation_size for person in facts.mentors], dtype=np.float64)
    apart = np.abs(np.subtract.outer(left, right))
    sized = facts.known(lambda person: person.organisation_size)
    near = np.where(sized, np.maximum(0.0, 1.0 - apart / 2.0), 0.5)
    return 0.6 * alike + 0.4 * near, facts.known(lambda person: person.organisation_kind)


def council_kind_evidence(facts: Facts, problem: Problem, row: int, column: int) -> dict[str, Any]:
    mentee, mentor = facts.mentees[row], facts.mentors[column]
    sizes = (mentee.organisation_size, mentor.organisation_size)
    return {
        "same_kind": mentee.organisation_kind == mentor.organisation_kind,
        "kind": mentor.organisation_kind,
        "bands_apart": abs(sizes[0] - sizes[1]) if all(sizes) else None,
    }


_VIEWS: dict[str, tuple[float, Callable[[Person], str]]] = {
    border.name: (weight, border.of) for border, weight in zip(BORDERS, (0.4, 0.2, 0.2, 0.2), strict=True)
}


def perspective(facts: Facts, problem: Problem) -> Measured:
    """What the mentor sees from elsewhere: another organisation, region, country, service."""
    value, known = np.zeros(facts.shape), np.zeros(facts.shape)
    for weight, of in _VIEWS.values():
        said = facts.known(of)
        value += weight * (said & ~facts.same(of))
        known += weight * said
    return value / np.maximum(known, 1e-9), known > 0


def perspective_evidence(facts: Facts, problem: Problem, row: int, column: int) -> dict[str, Any]:
    mentee, mentor = facts.mentees[row], facts.mentors[column]
    return {
        "other": [name for name, (_, of) in _VIEWS.items() if of(mentee) and of(mentor) and of(mentee) != of(mentor)]
    }


def rhythm(facts: Facts, problem: Problem) -> Measured:
    """How often both would like to meet: half for twice as often, nothing from four times on."""
    left = np.array([max(1, person.rhythm) for person in facts.mentees], dtype=np.float64)
    right = np.array([max(1, person.rhythm) for person in facts.mentors], dtype=np.float64)
    doublings = np.abs(np.subtract.outer(np.log2(left), np.log2(right)))
    # To three places, so that no machine's logarithm makes a difference.
    return np.maximum(0.0, np.round(1.0 - doublings / 2.0, 3)), facts.known(lambda person: person.rhythm)


def rhythm_evidence(facts: Facts, problem: Problem, row: int, column: int) -> dict[str, Any]:
    return {"mentee_weeks": facts.mentees[row].rhythm, "mentor_weeks": facts.mentors[column].rhythm}


def wanted_ranks(facts: Facts) -> tuple[Floats, Floats]:
    """Places on the mentees' and the mentors' lists, 1 the first; 0 where not listed."""
    forth, back = np.zeros(facts.shape), np.zeros(facts.shape)
    for row, person in enumerate(facts.mentees):
        for place, name in enumerate(person.shortlist, start=1):
            if name in facts.column and not forth[row, facts.column[name]]:
                forth[row, facts.column[name]] = place
    for column, person in enumerate(facts.mentors):
        for place, name in enumerate(person.shortlist, start=1):
            if name in facts.row and not back[facts.row[name], column]:
                back[facts.row[name], column] = place
    return forth, back


def shortlist(facts: Facts, problem: Problem) -> Measured:
    """1 for a first choice, a little less for each later one; the mean of those sides that made a list."""
    value, lists = np.zeros(facts.shape), np.zeros(facts.shape)
    rows = np.array([bool(person.shortlist) for person in facts.mentees], dtype=np.float64)[:, None]
    columns = np.array([bool(person.shortlist) for person in facts.mentors], dtype=np.float64)[None, :]
    if not rows.any() and not columns.any():
        return value, np.zeros(facts.shape, dtype=bool)
    for ranks, made in zip(wanted_ranks(facts), (rows, columns), strict=True):
        value += np.where(ranks > 0, np.maximum(0.4, 1.0 - 0.1 * (ranks - 1.0)), 0.0)
        lists += made
    return value / np.maximum(lists, 1.0), lists > 0


def shortlist_evidence(facts: Facts, problem: Problem, row: int, column: int) -> dict[str, Any]:
    mentee, mentor = facts.mentees[row], facts.mentors[column]
    mentees_choice = mentee.shortlist.index(mentor.id) + 1 if mentor.id in mentee.shortlist else 0
    mentors_choice = mentor.shortlist.index(mentee.id) + 1 if mentee.id in mentor.shortlist else 0
    return {"mentee_rank": mentees_choice, "mentor_rank": mentors_choice}


def previous(facts: Facts, problem: Problem) -> Measured:
    """The same pair as in the run before: its weight is the inertia of a re-run."""
    rows = np.array([bool(person.previous) for person in facts.mentees])
    columns = np.array([bool(person.previous) for person in facts.mentors])
    known = np.logical_or.outer(rows, columns)
    return facts.paired_before.astype(np.float64), known


def previous_evidence(facts: Facts, problem: Problem, row: int, column: int) -> dict[str, Any]:
    return {"paired_before": bool(facts.paired_before[row, column])}


CRITERIA: dict[str, Criterion] = {
    criterion.name: criterion
    for criterion in (
        Criterion("wants_offers", 0.2, wishes.measure, wishes.evidence),
        Criterion("text", 0.1, text.measure, text.evidence),
        Criterion("interests", 0.2, interests, interests_evidence),
        Criterion("background", 0.2, background, background_evidence),
        Criterion("seniority", 0.5, seniority, seniority_evidence),
        Criterion("hours", 0.5, hours, hours_evidence),
        Criterion("languages", 0.5, languages, languages_evidence),
        Criterion("channel", 0.5, channel, channel_evidence),
        Criterion("council_kind", 0.4, council_kind, council_kind_evidence),
        Criterion("perspective", 0.5, perspective, perspective_evidence),
        Criterion("rhythm", 0.5, rhythm, rhythm_evidence),
        Criterion("shortlist", 0.0, shortlist, shortlist_evidence),
        Criterion("previous", 0.0, previous, previous_evidence),
    )
}


def register(criterion: Criterion) -> None:
    """One more criterion for every problem that is prepared from now on; it counts where it is given a weight.

    Raises ValueError for a name that there is already.
    """
    if criterion.name in CRITERIA:
        raise ValueError(f"There is a criterion called {criterion.name!r} already.")
    CRITERIA[criterion.name] = criterion
