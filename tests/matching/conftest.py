from dataclasses import dataclass

import pytest

from commonhall.accounts.models import User
from commonhall.matching.actions import rounds, scenarios
from commonhall.matching.models import Round, Run, Scenario
from commonhall.programmes.models import Enrolment, Programme
from tests.factories.matching import region
from tests.factories.programmes import ProgrammeFactory, coordinator_of


@dataclass
class Afternoon:
    """A coordinator with a round that has been solved once."""

    programme: Programme
    coordinator: User
    round: Round
    scenario: Scenario
    run: Run

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return [(pair[0], pair[1]) for pair in self.run.result["pairs"]]

    def place(self, pk: str) -> Enrolment:
        return Enrolment.objects.select_related("user", "programme").get(pk=int(pk))

    def without(self) -> list[str]:
        return [one["person_id"] for one in self.run.result["unmatched"] if one["role"] == "mentee"]


def afternoon_of(*, mentees: int = 12, mentors: int = 5, seed: int = 1) -> Afternoon:
    programme = ProgrammeFactory(state=Programme.State.MATCHING)
    region(programme, mentees=mentees, mentors=mentors, councils=4, seed=seed)
    coordinator = coordinator_of(programme, name="Bridget Sarpong")
    round = rounds.begin(programme, by=coordinator, name="Autumn")
    scenario = round.scenarios.get()
    return Afternoon(programme, coordinator, round, scenario, scenarios.solve(scenario, by=coordinator))


@pytest.fixture
def afternoon(db: None) -> Afternoon:
    return afternoon_of()
