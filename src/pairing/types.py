"""The plain values that go into the engine and come out of it.

Nothing here imports numpy or scipy, so a web process can hold problems and solutions without paying for the
mathematics. All values are frozen, comparable and can be pickled to a child process.

Units
-----
* Hours are half-open intervals ``[start, end)`` in **minutes of the UTC week**: 0 is Monday 00:00 UTC and
  10 080 the end of Sunday. An interval that crosses Sunday midnight is given as two.
* Scores, closeness and shares run from 0 to 1. Weights are any numbers from 0 up; only their ratios matter.
* Levels are those of the ladder: ``"1"`` to ``"9"`` for officers (a longer
  ladder may go to ``"20"``), ``"E1"`` to ``"E3"`` for elected members,
  ``"R"`` for retired; an empty level is unknown. Officers and members stand on ladders of their own: a gap
  between the two is unknown, and what is unknown forbids nothing.
* An empty set always means "not said", never "none".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Role = Literal["mentee", "mentor"]
Objective = Literal["total", "fair", "sum"]
AcceptsFrom = Literal["own", "pool", "anyone"]
Audience = Literal["mentee", "mentor", "coordinator"]
Interval = tuple[int, int]
PairKey = tuple[str, str]

WEEK = 7 * 24 * 60

# The criteria by name, each with the weight it has unless a programme says otherwise.
DEFAULT_WEIGHTS: Mapping[str, float] = {
    "wants_offers": 5.0,
    "text": 2.0,
    "interests": 1.0,
    "background": 1.0,
    "seniority": 2.0,
    "hours": 2.0,
    "languages": 0.5,
    "channel": 0.5,
    "council_kind": 1.0,
    "perspective": 2.0,
    "rhythm": 0.5,
    "shortlist": 3.0,
    "previous": 0.0,
}

# The constraints there are from the beginning: the reasons for which a pair is never made. Those in HIDDEN are shown
# to nobody: in public they all read ``not_possible``.
CONSTRAINTS: tuple[str, ...] = (
    "same_person",
    "conflict",
    "blocked",
    "reporting_line",
    "forbidden_by_coordinator",
    "organisation_rule",
    "same_organisation",
    "no_common_language",
    "no_shared_hours",
    "seniority",
    "capacity",
)
HIDDEN: frozenset[str] = frozenset({"conflict", "blocked"})
NOT_POSSIBLE = "not_possible"


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing that somebody wants or offers.

    ``kind`` is ``service``, ``competency``, ``tag`` or ``text``; a wish is only ever compared with one of its
    own kind. ``level`` is the behaviour level (1 to 4) that a mentee wants to reach or a mentor holds; 0 is
    unsaid. ``weight`` lets a first wish count for more than a third.
    """

    kind: Literal["service", "competency", "tag", "text"]
    key: str
    level: int = 0
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in one role. Who is mentee and mentor at once stands in the problem twice.

    id: unique among the people of one role; the same id in both roles is the same human being.
    identity: what else makes two entries the same human being (a user id, an address in lower case).
    pools: the pools whose people count as "pool" for ``accepts_from``; empty is the pool of this problem.
    organisation_size: size band, 1 the smallest; 0 unknown.
    services: service areas of now, the main one first. career: service areas and posts of before.
    rhythm: weeks between two meetings that this person would like; 0 unknown.
    text_want, text_offer: a mentee's goals, a mentor's offers, in their own words; or, where the words are kept back,
    the key of a text (``pairing.text.prose.key``) whose vectors the problem holds.
    line_manager_ids: ids or identities of those who manage this person.
    not_with: declared conflicts, ``person:<id or identity>`` or ``organisation:<id>``; disclosed to nobody.
    blocked: ids or identities of people blocked by or for this person; disclosed to nobody.
    capacity: how many mentees a mentor takes. demand: how many mentors a mentee wants.
    previous: ids this person was paired with in the run before; worth the weight ``previous``.
    shortlist: ids of the other side, the most wanted first.
    """

    id: str
    role: Role
    organisation: str = ""
    identity: str = ""
    pools: frozenset[str] = frozenset()
    pool_region: str = ""
    country: str = ""
    organisation_kind: str = ""
    organisation_size: int = 0
    services: tuple[str, ...] = ()
    career: frozenset[str] = frozenset()
    level: str | int = ""
    wants: tuple[Wish, ...] = ()
    offers: tuple[Wish, ...] = ()
    interests: frozenset[str] = frozenset()
    background: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    hours: tuple[Interval, ...] = ()
    channels: frozenset[str] = frozenset()
    rhythm: int = 0
    text_want: str = ""
    text_offer: str = ""
    line_manager_ids: frozenset[str] = frozenset()
    not_with: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()
    accepts_from: AcceptsFrom = "anyone"
    capacity: int = 1
    demand: int = 1
    previous: frozenset[str] = frozenset()
    shortlist: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a programme never allows.

    seniority: (least, most) levels that the mentor stands above the mentee, both included; None is no rule.
    preferred_seniority: the gap that the criterion ``seniority`` likes best, inside whatever is allowed.
    max_mentees: caps every mentor's capacity; None is no cap.
    both_ways_allowed: whether two people may each be the other's mentor.
    cross_organisation_share: at least this share of all pairs joins two organisations.
    places_given: at most so many places of an organisation's mentors are used; absent is no limit.
    places_taken: at most so many places go to an organisation's mentees; absent is no limit.
    """

    min_shared_minutes: int = 60
    same_organisation_allowed: bool = False
    seniority: tuple[int, int] | None = None
    preferred_seniority: tuple[int, int] = (1, 3)
    require_common_language: bool = True
    max_mentees: int | None = None
    both_ways_allowed: bool = False
    cross_organisation_share: float | None = None
    places_given: Mapping[str, int] = field(default_factory=dict)
    places_taken: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One round of matching, whole.

    weights: criterion -> weight; a criterion that is not named has no weight.
    locks: (mentee id, mentor id) that must be paired. forbidden: that must not be.
    objective: ``total``: as many people placed as can be, then the largest sum of scores; ``fair``: as many
    placed, then the worst pair as good as it can be, then the sum; ``sum``: the largest sum alone.
    relatedness: key of a wish -> related keys with their closeness, 0 to 1; one direction is enough. Two words for
    one thing are related by 1.
    vectors: key of a text -> its vectors, made by the model ``text_model``; what is missing is made when the problem is
    prepared, if the model is at hand.
    """

    mentees: tuple[Person, ...]
    mentors: tuple[Person, ...]
    weights: Mapping[str, float] = field(default_factory=lambda: dict(DEFAULT_WEIGHTS))
    rules: Rules = Rules()
    locks: frozenset[PairKey] = frozenset()
    forbidden: frozenset[PairKey] = frozenset()
    objective: Objective = "total"
    relatedness: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    vectors: Mapping[str, str] = field(default_factory=dict)
    text_model: str = ""


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
    left for), ``limits`` (a quota or an organisation's places hold a free place back), ``no_capacity`` (offers no
    place), ``no_demand`` (asks for none). missing: how many partners are
    lacking; a mentee who asked for two and has one is listed with 1.
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
    multipliers: the other prices of the certificate: ``placing``, ``floor``, ``cross_share``, ``given:<org>``,
    ``taken:<org>``.
    bound: no plan that keeps the rules and places as many can total more. gap: (bound - total) relative to
    the bound. status: ``optimal`` (the prices prove it: gap below 1e-9), ``searched`` (branch and bound has closed
    what the prices leave; with a quota or two people who could be each other's mentor) or ``within_gap`` (time ran
    out; the gap is what is proven).
    """

    pairs: tuple[Pair, ...]
    unmatched: tuple[Unmatched, ...]
    total: float
    worst: float
    cross_share: float
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
    ``more_places_given`` / ``more_places_taken`` organisation and value · ``lower_cross_share`` value ·
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
