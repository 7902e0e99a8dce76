"""A folder's question as numbers, rows and columns in the folder's own order."""

from dataclasses import dataclass, field

from pairing.errors import PairingError
from pairing.solvers.arrays import Bools, Floats, Ints

Couples = tuple[tuple[int, int], ...]


class BadFolder(PairingError):
    """The folder cannot be read as a question; a sentence says where."""


@dataclass(frozen=True, slots=True)
class Share:
    """At least this share of all pairs has the attribute."""

    name: str
    has: Bools
    least: float


@dataclass(frozen=True, slots=True)
class Group:
    """At most so many pairs among some mentees, or among some mentors."""

    name: str
    side: str
    members: tuple[int, ...]
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """scores: mentees x mentors, NaN where a pair is not allowed. least: a mentor has nobody, or at least so many.

    everyone: as many pairs as can be come before the total. stickiness: what a pair of ``previous`` is worth on top.
    """

    scores: Floats
    capacity: Ints
    demand: Ints
    least: Ints
    fixed: Couples = ()
    forbidden: Couples = ()
    previous: Couples = ()
    stickiness: float = 0.0
    objective: str = "total"
    everyone: bool = False
    fair_level: str = "pair"
    cover: tuple[str | tuple[str, tuple[int, ...]], ...] = ("mentees", "mentors")
    bands: tuple[float, ...] = ()
    mentee_scores: Floats | None = None
    mentor_scores: Floats | None = None
    quotas: tuple[Share, ...] = ()
    groups: tuple[Group, ...] = ()
    one_mode: bool = False
    mentee_ids: tuple[str, ...] = ()
    mentor_ids: tuple[str, ...] = ()
    want: frozenset[str] | None = None
    seconds: float = 60.0
    notes: tuple[str, ...] = field(default=())

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.demand), len(self.capacity)
