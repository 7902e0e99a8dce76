"""Mentees and mentors to measure with: as many as you like, the same for the same numbers.

Eighty councils in six regions of three countries, sixteen services, twenty competencies at four levels. Wishes lean
to a few fashionable topics, so that some mentors are wanted by many.
"""

import random
from dataclasses import replace
from itertools import pairwise

from pairing.types import Person, Problem, Rules, Wish

SERVICES = ["housing", "planning", "waste", "libraries", "finance", "licensing", "highways", "parks"]
SERVICES += ["benefits", "elections", "democratic-services", "schools", "adult-care", "children", "health", "digital"]
COMPETENCIES = [f"competency-{number}" for number in range(20)]
INTERESTS = [f"interest-{number}" for number in range(18)]
BACKGROUND = [f"path-{number}" for number in range(12)]
KINDS = ("county", "district", "unitary", "borough", "parish")
RELATED = {one: {other: 0.5} for one, other in pairwise(SERVICES)}
DAYS = ((0, 1, 2, 3, 4), (0, 1, 2), (2, 3, 4), (0, 2, 4), (1, 2, 3, 4), (0, 1, 3, 4))
STARTS, LENGTHS = (480, 510, 540, 570, 600), (240, 360, 450, 480)
RULES = Rules(min_shared_minutes=120, seniority=(0, 6))
RECRUITED_PLACES = 2


class _Makes:
    """Everything that one seed makes; values that many people share are made once."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.councils = [self._council(number) for number in range(80)]
        self.weeks = [
            tuple((day * 1440 + start, day * 1440 + start + length) for day in days)
            for days in DAYS
            for start in STARTS
            for length in LENGTHS
        ]
        self.sets: dict[frozenset[str], frozenset[str]] = {}

    def _council(self, number: int) -> dict[str, object]:
        region = number % 6
        return {
            "organisation": f"council-{number}",
            "pool_region": f"region-{region}",
            "country": ("england", "wales", "scotland")[region % 3],
            "organisation_kind": KINDS[number % 5],
            "organisation_size": 1 + number % 4,
        }

    def some(self, of: list[str], most: int) -> frozenset[str]:
        made = frozenset(self.dice.sample(of, self.dice.randint(0, most)))
        return self.sets.setdefault(made, made)

    def topic(self, of: list[str]) -> str:
        """One of the fashionable ones more often than one of the rest."""
        return of[min(int(self.dice.expovariate(3.0 / len(of))), len(of) - 1)]

    def wishes(self, levels: tuple[int, ...]) -> tuple[Wish, ...]:
        services = {self.topic(SERVICES) for _ in range(2)}
        competencies = {self.topic(COMPETENCIES) for _ in range(2)}
        return (
            *(Wish("service", key) for key in sorted(services)),
            *(Wish("competency", key, self.dice.choice(levels)) for key in sorted(competencies)),
        )

    def person(self, number: int, role: str) -> Person:
        mentor = role == "mentor"
        wishes = self.wishes((2, 3, 4) if mentor else (1, 2, 3, 4))
        return Person(
            id=f"{role}-{number}",
            role=role,
            services=(self.dice.choice(SERVICES),),
            level=str(self.dice.randint(4, 9) if mentor else self.dice.randint(1, 6)),
            wants=() if mentor else wishes,
            offers=wishes if mentor else (),
            interests=self.some(INTERESTS, 3),
            background=self.some(BACKGROUND, 2),
            languages=frozenset(["en", *(["cy"] if self.dice.random() < 0.1 else [])]),
            hours=self.dice.choice(self.weeks),
            channels=frozenset(["teams", *(["phone"] if self.dice.random() < 0.5 else [])]),
            capacity=self.dice.choice((1, 2, 3)) if mentor else 1,
            **self.dice.choice(self.councils),
        )


def problem(mentees: int, mentors: int, seed: int = 7, places: int | None = None, named: float = 0.1) -> Problem:
    """A round. places: how many the mentors offer together, one to three each if it is not given. named: how many of
    the mentees have a shortlist of three; a tenth as many are blocked by somebody."""
    makes = _Makes(seed)
    of_mentees = [makes.person(number, "mentee") for number in range(mentees)]
    of_mentors = [makes.person(number, "mentor") for number in range(mentors)]
    dice = makes.dice
    for place in range(int(mentees * named)):
        listed = tuple(f"mentor-{dice.randrange(mentors)}" for _ in range(3))
        of_mentees[place] = replace(of_mentees[place], shortlist=listed)
    for place in range(int(mentees * named / 10)):
        of_mentees[-1 - place] = replace(
            of_mentees[-1 - place], blocked=frozenset([f"mentor-{dice.randrange(mentors)}"])
        )
    if places is not None:
        of_mentors = [replace(person, capacity=1) for person in of_mentors]
        for extra in range(places - mentors):
            chosen = extra % mentors
            of_mentors[chosen] = replace(of_mentors[chosen], capacity=of_mentors[chosen].capacity + 1)
    return Problem(mentees=tuple(of_mentees), mentors=tuple(of_mentors), rules=RULES, relatedness=RELATED)
