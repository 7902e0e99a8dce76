"""The plain values that go into the engine and come out of it.

What goes in stands in ``pairing.problem``, with its units; both are imported from here. All values are frozen,
comparable and can be pickled to a child process.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pairing.problem import CONSTRAINTS as CONSTRAINTS
from pairing.problem import DEFAULT_WEIGHTS as DEFAULT_WEIGHTS
from pairing.problem import HIDDEN as HIDDEN
from pairing.problem import NOT_POSSIBLE as NOT_POSSIBLE
from pairing.problem import WEEK as WEEK
from pairing.problem import AcceptsFrom as AcceptsFrom
from pairing.problem import Interval as Interval
from pairing.problem import Objective as Objective
from pairing.problem import PairKey as PairKey
from pairing.problem import Person as Person
from pairing.problem import Problem as Problem
from pairing.problem import Role as Role
from pairing.problem import Rules as Rules
from pairing.problem import Wish as Wish

Audience = Literal["mentee", "mentor", "coordinator"]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one criterion gave to one pair.

    score01 is the criterion's own measure, 0 to 1 (its neutral value where ``evidence["known"]`` is
    False); points is what it added to the pair's score, so that the points of a pair sum to its score.
    """

    criterion: str
    score01: float
    weight: float
    points: float
    evidence: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Pair:
    """A mentee with a mentor, and what carried it: contributions in falling order of points."""

    mentee_id: str
    mentor_id: str
    score: float
    contributions: tuple[Contribution, ...]
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Somebody who goes without.

    reason: ``no_places`` (allowed with ``possible`` people, whose places went to others), ``nobody_possible``
    (``obstacles`` counts the other side by public constraint key), ``not_needed`` (a mentor whom nobody is
    left for), ``limits`` (a quota, an organisation's places or a least size hold a free place back), ``no_capacity``
    (offers no place), ``no_demand`` (asks for none). missing: how many partners are lacking; a mentee who asked
    for two and has one is listed with 1.
    """

    person_id: str
    role: Role
    reason: str
    possible: int = 0
    obstacles: Mapping[str, int] = field(default_factory=dict)
    missing: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """The answer, with a proof that anyone can check (see ``pairing.certificate``).

    total: sum of the scores of all pairs. worst: the lowest score among them (0 without pairs).
    prices: mentor id -> what one more place with this mentor would be worth, in score; each placement counts
    ``multipliers["placing"]`` on top, so that a price above it means that one more person would be placed. Exact in
    the plain case; an upper limit where a quota, limits or a demand above one are at work.
    multipliers: the other prices of the certificate: ``placing``, ``floor``, ``cross_share`` and the like for region,
    country and service, ``given:<org>``, ``taken:<org>``.
    shares: how large a part of the pairs joins two organisations, regions, countries, services.
    bound: no plan that keeps the rules and places as many can total more; with ``leximin``, ``cover`` and ``stable`` of
    whatever objective, so that the gap is what the objective costs. gap: (bound - total) relative to
    the bound. status: ``optimal`` (the prices prove it: gap below 1e-9), ``searched`` (branch and bound has closed
    what the prices leave; with a quota or two people who could be each other's mentor) or ``within_gap`` (time ran
    out; the gap is what is proven).
    """

    pairs: tuple[Pair, ...]
    unmatched: tuple[Unmatched, ...]
    total: float
    worst: float
    shares: Mapping[str, float]
    prices: Mapping[str, float]
    multipliers: Mapping[str, float]
    bound: float
    gap: float
    seconds: float = field(compare=False)
    inputs_hash: str
    objective: Objective
    status: str = "optimal"

    @property
    def placed(self) -> int:
        """How many pairs there are."""
        return len(self.pairs)

    @property
    def mean(self) -> float:
        """The mean score of a pair; 0 without pairs."""
        return self.total / len(self.pairs) if self.pairs else 0.0

    @property
    def cross_share(self) -> float:
        """How large a part of the pairs joins two organisations."""
        return self.shares.get("organisation", 0.0)

    def pair_keys(self) -> frozenset[PairKey]:
        """The pairs as (mentee id, mentor id)."""
        return frozenset((pair.mentee_id, pair.mentor_id) for pair in self.pairs)

    def mentors_of(self, mentee_id: str) -> tuple[str, ...]:
        """The mentors of one mentee, in order of id."""
        return tuple(sorted(pair.mentor_id for pair in self.pairs if pair.mentee_id == mentee_id))


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A constraint that stands between two people, by its public key, with numbers where they may be shown."""

    key: str
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PairReason:
    """How well two people fit, whether or not they are paired."""

    mentee_id: str
    mentor_id: str
    allowed: bool
    obstacles: tuple[Obstacle, ...]
    score: float
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """One mentee whose mentors differ between two solutions; empty tuples mean unmatched."""

    mentee_id: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why two people are not a pair.

    status: ``paired`` (they are), ``impossible`` (see obstacles), ``possible`` (at the costs given).
    cost_placed: how many fewer people would be placed. cost_total: how much smaller the total would be
    (negative where fewer pairs leave better ones). cost_worst: how much lower the worst pair.
    moves: everybody whose mentors would change, the two themselves included.
    """

    mentee_id: str
    mentor_id: str
    status: Literal["paired", "impossible", "possible"]
    score: float
    obstacles: tuple[Obstacle, ...] = ()
    cost_placed: int = 0
    cost_total: float = 0.0
    cost_worst: float = 0.0
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One realistic change, proven by solving again to match ``mentee_id``.

    kind and what it uses:
    ``one_more_place`` mentor_id (``reserve``: the place is kept for this mentee) · ``add_hours`` hours, for the
    mentee, as mentor_id has them · ``lift_forbidden`` mentor_id · ``lift_lock`` mentor_id and other_mentee_id ·
    ``fewer_shared_minutes`` value · ``widen_seniority`` seniority · ``more_mentees_each`` value ·
    ``more_places_given`` / ``more_places_taken`` organisation and value · ``lower_cross_share`` and the like for
    region, country and service, value ·
    ``allow_same_organisation`` · ``recruit`` person, whose place is kept for this mentee.
    also: further changes that it takes together with this one, where no single change is enough.
    effort: what it asks, for ordering: from 1 a decision of the coordinator's own, from 1.5 a question to one
    person, from 3 a rule for everybody, from 8 somebody new.
    matched_with, placed_after, total_after: what solving again gave. moved: how many others changed mentors.
    """

    kind: str
    mentee_id: str
    effort: float
    mentor_id: str = ""
    other_mentee_id: str = ""
    organisation: str = ""
    value: float = 0.0
    seniority: tuple[int, int] | None = None
    hours: tuple[Interval, ...] = ()
    reserve: bool = False
    person: Person | None = None
    also: tuple["Change", ...] = ()
    matched_with: tuple[str, ...] = ()
    placed_after: int = 0
    total_after: float = 0.0
    moved: int = 0


@dataclass(frozen=True, slots=True)
class Recruit:
    """A mentor who is missing: what they would offer and what one of them would be worth, exactly.

    person is a stand-in with these offers, level and hours; adding it to the mentors and solving again raises
    the number placed by ``placed`` and the total by ``total``. wanted_by: mentees who want this key and go
    without a mentor who offers it.
    """

    kind: str
    key: str
    level: str
    hours: tuple[Interval, ...]
    languages: frozenset[str]
    placed: int
    total: float
    wanted_by: tuple[str, ...]
    person: Person


@dataclass(frozen=True, slots=True)
class Difference:
    """What two solutions of the same people differ in: b after a.

    gained: mentees matched in b alone. lost: in a alone. moved: in both, with other mentors.
    kept: pairs that stand in both.
    """

    gained: tuple[Move, ...]
    lost: tuple[Move, ...]
    moved: tuple[Move, ...]
    kept: int
    placed: tuple[int, int]
    total: tuple[float, float]
    mean: tuple[float, float]
    worst: tuple[float, float]
    unmatched_mentees: tuple[int, int]
    cross_share: tuple[float, float]
