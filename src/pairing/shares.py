"""What a share of the pairs can be asked to have: people from two organisations, regions, countries or services."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairing.problem import Person, Rules

if TYPE_CHECKING:
    from pairing.facts import Bools, Facts


@dataclass(frozen=True, slots=True)
class Across:
    """One border that pairs may cross.

    name: of the share among a solution's. quota: of the price in the certificate. rule: the field of the rules.
    of: what a person is of. says: fits after "pairs".
    """

    name: str
    quota: str
    rule: str
    of: Callable[[Person], str]
    says: str

    def crossed(self, facts: "Facts") -> "Bools":
        """The pairs that cross it. An organisation that is not known is another one; nothing else is."""
        if self.name == "organisation":
            return ~facts.same_organisation
        return facts.known(self.of) & ~facts.same(self.of)

    def asked(self, rules: Rules) -> float:
        """The least share, 0 for none."""
        share: float | None = getattr(rules, self.rule)
        return share or 0.0


BORDERS = (
    Across(
        "organisation", "cross_share", "cross_organisation_share", lambda one: one.organisation, "across organisations"
    ),
    Across("region", "cross_region_share", "cross_region_share", lambda one: one.pool_region, "across regions"),
    Across("country", "cross_country_share", "cross_country_share", lambda one: one.country, "across countries"),
    Across(
        "service",
        "cross_service_share",
        "cross_service_share",
        lambda one: one.services[0] if one.services else "",
        "across service areas",
    ),
)
