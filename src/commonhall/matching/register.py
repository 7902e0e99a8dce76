"""The report for the register of algorithms in public use, in plain words, from the record of a run.

Everything in it comes from the record: nobody is named, and what people wrote is not in it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commonhall.matching import aims, words
from commonhall.matching.fairness import Fate, Group, compared
from commonhall.organisations.models import Organisation
from commonhall.people import ladder, taxonomy
from commonhall.programmes import cycle

Record = Mapping[str, Any]

# What each criterion looks at.
LOOKS_AT: Mapping[str, Any] = {
    "wants_offers": gettext_lazy("service areas and competencies that the mentee chose and the mentor offers"),
    "text": gettext_lazy("the mentee’s goal and wishes, and what the mentor writes of what they can help with"),
    "interests": gettext_lazy("interests that both have named"),
    "background": gettext_lazy("service areas worked in now and before, and qualifications"),
    "seniority": gettext_lazy("career levels"),
    "hours": gettext_lazy("weekly working hours and time zones"),
    "languages": gettext_lazy("languages spoken"),
    "channel": gettext_lazy("ways of meeting that both like"),
    "council_kind": gettext_lazy("kind and size of the two councils"),
    "perspective": gettext_lazy("council, region, country and service area"),
    "rhythm": gettext_lazy("how often each would like to meet"),
    "shortlist": gettext_lazy("the mentee’s own shortlist"),
    "previous": gettext_lazy("the pairs of the run before"),
}


# How a plan is chosen from all that keep the rules.
DECIDES: Mapping[str, Any] = {
    "total": gettext_lazy("As many people as possible are placed; then all pairs together fit as well as they can."),
    "fair": gettext_lazy(
        "As many people as possible are placed; then the weakest pair is as good as it can be; then all pairs together "
        "are."
    ),
    "leximin": gettext_lazy(
        "As many people as possible are placed; then the weakest pair is as good as it can be; then as few pairs as "
        "possible are below 10 %%, below 20 %% and so on; then all pairs together fit as well as they can."
    ),
    "stable": gettext_lazy(
        "No mentee and mentor would both rather have each other than whom they have: a mentee prefers whoever is on "
        "their shortlist, and beyond that everybody prefers the better score."
    ),
    "cover": gettext_lazy(
        "Nobody is left out for the sake of somebody who comes after them. First come: %(first)s. Then all pairs "
        "together fit as well as they can."
    ),
    "sum": gettext_lazy("All pairs together fit as well as they can, even if that places fewer people."),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """A criterion that counted, the data behind it and its share of the score in per cent."""

    label: Any
    looks_at: Any
    percent: int


@dataclass(frozen=True, slots=True)
class Comparison:
    title: str
    groups: list[Group]


@dataclass(frozen=True, slots=True)
class Report:
    """What the page says, figure by figure; `silent` counted for nothing because nothing was known."""

    mentees: int
    mentors: int
    pairs: int
    without: int
    kept_together: int
    kept_apart: int
    with_reason: int
    objective: str
    aim: str
    costs: list[str]
    proof: str
    rules: list[str]
    criteria: list[Counted]
    silent: list[Any]
    fairness: list[Comparison]
    versions: list[tuple[str, str]]
    digest: str
    fingerprint: str


def report(record: Record, most_mentees: int) -> Report:
    problem, result = record["problem"], record["result"]
    decisions = record.get("decisions", [])
    rules = {**cycle.RULES, **problem.get("rules", {})}
    counted, silent = _criteria(problem["weights"], result["pairs"])
    return Report(
        mentees=len(problem["mentees"]),
        mentors=len(problem["mentors"]),
        pairs=result["placed"],
        without=sum(1 for one in result["without"] if one["role"] == "mentee"),
        kept_together=sum(1 for one in decisions if one["kind"] == "lock"),
        kept_apart=sum(1 for one in decisions if one["kind"] == "forbid"),
        with_reason=sum(1 for one in decisions if one.get("reason")),
        objective=result["objective"],
        aim=str(DECIDES[result["objective"]]) % {"first": record["about"].get("comes_first", "")},
        costs=aims.costs(record["about"].get("costs", {})),
        proof=words.certificate(record["proof"]["gap"], record["proof"]["status"], result["objective"]),
        rules=list(cycle.rule_words(rules, rules.get("max_mentees") or most_mentees)),
        criteria=counted,
        silent=silent,
        fairness=_fairness(problem, result),
        versions=sorted(record["versions"].items()),
        digest=record["digest"],
        fingerprint=record["inputs_hash"],
    )


def _criteria(weights: Mapping[str, float], pairs: Iterable[Mapping[str, Any]]) -> tuple[list[Counted], list[Any]]:
    """What counted, the weightiest first; and what was asked for but about which nobody had said anything."""
    heard = {name for pair in pairs for name in pair["points"]} or set(weights)
    given = {name: weight for name, weight in weights.items() if weight}
    whole = sum(weight for name, weight in given.items() if name in heard) or 1.0
    counted = [
        Counted(cycle.WEIGHT_LABELS.get(name, name), LOOKS_AT.get(name, ""), round(100 * weight / whole))
        for name, weight in sorted(given.items(), key=lambda one: (-one[1], one[0]))
        if name in heard
    ]
    return counted, [cycle.WEIGHT_LABELS.get(name, name) for name in given if name not in heard]


def _fairness(problem: Mapping[str, Any], result: Mapping[str, Any]) -> list[Comparison]:
    fits = {pair["mentee"]: pair["score"] for pair in result["pairs"]}
    by_what: dict[str, Callable[[Mapping[str, Any]], str]] = {
        _("Kind of council"): lambda one: _kind(one.get("organisation_kind", "")),
        _("Size of council"): lambda one: _size(one.get("organisation_size", 0)),
        _("Region"): lambda one: str(one.get("pool_region", "")),
        _("Career level"): lambda one: _level(str(one.get("level", ""))),
        _("Service area"): lambda one: _service(one.get("services", ())),
        _("Working hours given"): lambda one: _("yes") if one.get("hours") else _("no"),
    }
    found = [
        Comparison(title, compared(Fate(group(one), fits.get(one["id"])) for one in problem["mentees"]))
        for title, group in by_what.items()
    ]
    return [one for one in found if one.groups]


def _kind(kind: str) -> str:
    return words.capital(kind.replace("_", " ").replace("-", " "))


def _level(level: str) -> str:
    return ladder.name_of(level) if level else ""


def _service(services: Sequence[str]) -> str:
    return taxonomy.name_of(services[0], among="service_areas") if services else ""


def _size(band: int) -> str:
    labels = [label for value, label in Organisation.Size.choices if value]
    return str(labels[band - 1]) if 0 < band <= len(labels) else ""


def by_hand(found: Report) -> str:
    """What people decided before anything was published."""
    kept, apart = found.kept_together, found.kept_apart
    if not kept + apart:
        return _("The coordinator changed no pair by hand.")
    return " ".join(
        text
        for text in (
            ngettext("%(n)d pair was kept together by hand.", "%(n)d pairs were kept together by hand.", kept)
            % {"n": kept}
            if kept
            else "",
            ngettext("%(n)d pair was ruled out by hand.", "%(n)d pairs were ruled out by hand.", apart) % {"n": apart}
            if apart
            else "",
            ngettext("%(n)d of them has a written reason.", "%(n)d of them have a written reason.", found.with_reason)
            % {"n": found.with_reason},
        )
        if text
    )
