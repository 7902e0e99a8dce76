"""What a round is matched for, in a coordinator's words: what each choice means, what it costs, who comes first."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commonhall.matching.models import Scenario
from commonhall.people import ladder
from commonhall.programmes.models import Enrolment, Programme

Objective = Scenario.Objective

MEANS: Mapping[str, Any] = {
    Objective.TOTAL: gettext_lazy(
        "As many people as possible, then the best fit of all pairs together. A few may get a weaker match for it."
    ),
    Objective.FAIR: gettext_lazy(
        "As many, then the weakest pair as good as it can be, then the best fit. Costs a little of the fit overall."
    ),
    Objective.LEXIMIN: gettext_lazy(
        "Like the fairest, and then as few weak pairs as possible: below 10 %, below 20 % and so on. Costs more fit."
    ),
    Objective.STABLE: gettext_lazy(
        "No mentee and mentor would both rather have each other: by the mentee’s shortlist, then by fit. Can cost fit "
        "and pairs."
    ),
    Objective.COVER: gettext_lazy(
        "Whoever you name below is not left out for the sake of others. Costs fit where they are hard to match."
    ),
    Objective.SUM: gettext_lazy("The best fit of all pairs together, even if fewer people get one."),
}
WAITED = "waited"
SHARES: Mapping[str, Any] = {
    "organisation": gettext_lazy("Across councils"),
    "region": gettext_lazy("Across regions"),
    "country": gettext_lazy("Across countries"),
    "service": gettext_lazy("Across services"),
}


def cover_choices(people: Iterable[Any]) -> list[tuple[str, Any]]:
    """Who can come first, from the cards of everybody in the programme."""
    mentees = [card for card in people if card.role == Enrolment.Role.MENTEE]
    councils = sorted({(card.organisation, card.council) for card in mentees})
    levels = [rung for rung in ladder.LEVELS if rung in {card.level for card in mentees}]
    return [
        (WAITED, _("Whoever has waited longest since they applied")),
        (_("One council’s people"), [(f"organisation:{pk}", name) for name, pk in councils]),
        (_("People on one level"), [(f"level:{rung}", ladder.name_of(rung)) for rung in levels]),
    ]


def cover_words(cover: str, people: Iterable[Any]) -> str:
    """Who comes first, for a page that no form is on."""
    kind, _sep, which = cover.partition(":")
    if kind == "organisation":
        name = next((card.organisation for card in people if str(card.council) == which), "")
        return _("people of %(council)s, then whoever has waited longest") % {"council": name}
    if kind == "level":
        return _("people on the level “%(level)s”, then whoever has waited longest") % {"level": ladder.name_of(which)}
    return _("whoever has waited longest")


Waiting = tuple[str, datetime, int, str]


def covered(cover: str, mentees: Iterable[Waiting]) -> tuple[str, ...]:
    """The mentees in the order in which they must not be left out. Each is (number, applied, council, level)."""
    kind, _sep, which = cover.partition(":")

    def comes_later(one: Waiting) -> tuple[bool, datetime, str]:
        number, applied, council, level = one
        is_named = {"organisation": str(council) == which, "level": level == which}.get(kind, True)
        return not is_named, applied, number

    return tuple(one[0] for one in sorted(mentees, key=comes_later))


def waiting(programme: Programme) -> list[Waiting]:
    """Everybody who may come first, in one query."""
    rows = programme.enrolments.mentees().approved()
    values = rows.values_list("pk", "applied_at", "organisation_id", "user__profile__level")
    return [(str(pk), applied, council, level or "") for pk, applied, council, level in values]


def costs(found: Mapping[str, Mapping[str, float]]) -> list[str]:
    """What the choices of a plan cost, in sentences; empty where they cost nothing that can be seen."""
    return [str(said) % {"what": what} for name, said in COSTS.items() if (what := _cost(name, found))]


COSTS: Mapping[str, Any] = {
    "objective": gettext_lazy("Against “Best overall”: %(what)s."),
    "shares": gettext_lazy("Because of the shares across borders: %(what)s."),
}


def _cost(name: str, found: Mapping[str, Mapping[str, float]]) -> str:
    if name not in found:
        return ""
    return ", ".join(_parts(found[name])) or _("nothing is lost")


def _parts(cost: Mapping[str, float]) -> list[str]:
    parts, fewer, points = [], int(cost["placed"]), cost["total"] * 100
    if fewer > 0:
        parts.append(ngettext("%(n)d pair fewer", "%(n)d pairs fewer", fewer) % {"n": fewer})
    if fewer < 0:
        parts.append(ngettext("%(n)d pair more", "%(n)d pairs more", -fewer) % {"n": -fewer})
    if abs(points) >= 0.05:
        words = _("%(n)s points of fit less in all") if points > 0 else _("%(n)s points of fit more in all")
        parts.append(words % {"n": number_format(abs(points), 1, force_grouping=True)})
    worse = round(cost["worst"] * 100)
    if parts and worse > 0:
        parts.append(
            ngettext("the weakest pair %(n)d point weaker", "the weakest pair %(n)d points weaker", worse)
            % {"n": worse}
        )
    if parts and worse < 0:
        parts.append(
            ngettext("the weakest pair %(n)d point better", "the weakest pair %(n)d points better", -worse)
            % {"n": -worse}
        )
    return parts


def crossing(shares: Mapping[str, float], rules: Mapping[str, Any]) -> Sequence[tuple[str, float, float]]:
    """The borders that a plan asks for shares across, the councils' apart: label, reached, asked."""
    asked = ((name, rules.get(f"cross_{name}_share") or 0.0) for name in SHARES if name != "organisation")
    return [(str(SHARES[name]), shares.get(name, 0.0), share) for name, share in asked if share]
