"""What goes into the engine: people, rules, one round of matching.

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
from typing import Literal

Role = Literal["mentee", "mentor"]
Objective = Literal["total", "fair", "leximin", "stable", "cover", "sum"]
AcceptsFrom = Literal["own", "pool", "anyone"]
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
    second_week: the hours of every second week, where weeks alternate; which week comes second is the same for all.
    blocked: ids or identities of people blocked by or for this person; disclosed to nobody.
    capacity: how many mentees a mentor takes. mentees_now: how many a mentor has from before, beside them.
    demand: how many mentors a mentee wants.
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
    second_week: tuple[Interval, ...] | None = None
    channels: frozenset[str] = frozenset()
    rhythm: int = 0
    text_want: str = ""
    text_offer: str = ""
    line_manager_ids: frozenset[str] = frozenset()
    not_with: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()
    accepts_from: AcceptsFrom = "anyone"
    capacity: int = 1
    mentees_now: int = 0
    demand: int = 1
    previous: frozenset[str] = frozenset()
    shortlist: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a programme never allows.

    seniority: (least, most) levels that the mentor stands above the mentee, both included; None is no rule.
    preferred_seniority: the gap that the criterion ``seniority`` likes best, inside whatever is allowed.
    max_mentees: caps every mentor's capacity; None is no cap.
    min_mentees: a mentor has nobody, or at least so many, those from before included: the least size of a circle.
    both_ways_allowed: whether two people may each be the other's mentor.
    cross_organisation_share: at least this share of all pairs joins two organisations. cross_region_share,
    cross_country_share, cross_service_share: the same for two regions, countries or service areas that are known.
    places_given: at most so many places of an organisation's mentors are used; absent is no limit.
    places_taken: at most so many places go to an organisation's mentees; absent is no limit.
    """

    min_shared_minutes: int = 60
    same_organisation_allowed: bool = False
    seniority: tuple[int, int] | None = None
    preferred_seniority: tuple[int, int] = (1, 3)
    require_common_language: bool = True
    max_mentees: int | None = None
    min_mentees: int = 1
    both_ways_allowed: bool = False
    cross_organisation_share: float | None = None
    cross_region_share: float | None = None
    cross_country_share: float | None = None
    cross_service_share: float | None = None
    places_given: Mapping[str, int] = field(default_factory=dict)
    places_taken: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One round of matching, whole.

    weights: criterion -> weight; a criterion that is not named has no weight.
    locks: (mentee id, mentor id) that must be paired. forbidden: that must not be.
    objective: ``total``: as many people placed as can be, then the largest sum of scores; ``fair``: as many
    placed, then the worst pair as good as it can be, then the sum; ``leximin``: the same, but before the sum as few
    pairs as can be in the lowest tenth of the scale, then in the next, and so on; ``stable``: no mentee and mentor
    would rather have each other, each side liking best whom it has on its shortlist, then by score; ``cover``: nobody
    in ``cover`` is left out for the sake of somebody after them, then as ``total``; ``sum``: the largest sum alone.
    cover: ids of mentees in the order of who must not be left out.
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
    cover: tuple[str, ...] = ()
    relatedness: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    vectors: Mapping[str, str] = field(default_factory=dict)
    text_model: str = ""
