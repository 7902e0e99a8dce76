"""What a cycle template is, and the rules and weights with which each kind of programme begins."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from commonhall.core import clock
from commonhall.programmes.models import Programme

Kind = Programme.Kind
Words = str | Promise

RULES: Mapping[str, Any] = MappingProxyType(
    {
        "min_shared_minutes": 60,
        "same_organisation_allowed": False,
        "require_common_language": True,
        "seniority": None,
        "preferred_seniority": [1, 3],
        "cross_organisation_share": None,
        "cross_region_share": None,
        "cross_country_share": None,
        "cross_service_share": None,
    }
)

RULES_BY_KIND: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        Kind.CAREER: {},
        Kind.TECHNICAL: {"preferred_seniority": [0, 8]},
        Kind.REVERSE: {"seniority": [-8, -1], "preferred_seniority": [-5, -2]},
        Kind.PEER: {"preferred_seniority": [-1, 1]},
        Kind.FLASH: {"min_shared_minutes": 30, "preferred_seniority": [0, 8]},
        Kind.MEMBERS: {"preferred_seniority": [0, 2]},
        Kind.TRANSFER: {"same_organisation_allowed": True, "preferred_seniority": [0, 8]},
    }
)

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
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
)

WEIGHTS_BY_KIND: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        Kind.CAREER: {},
        Kind.TECHNICAL: {"wants_offers": 7.0, "text": 3.0, "seniority": 0.5},
        Kind.REVERSE: {"perspective": 3.0, "background": 0.5},
        Kind.PEER: {"interests": 2.0, "council_kind": 2.0, "rhythm": 1.0},
        # One meeting has no rhythm, and a question is put in one's own words.
        Kind.FLASH: {"wants_offers": 7.0, "text": 3.0, "hours": 3.0, "seniority": 0.5, "rhythm": 0.0},
        Kind.MEMBERS: {"council_kind": 2.0, "hours": 3.0, "wants_offers": 4.0},
        Kind.TRANSFER: {"wants_offers": 7.0, "text": 3.0, "perspective": 0.0, "seniority": 0.0},
    }
)

WEIGHT_LABELS: Mapping[str, Words] = MappingProxyType(
    {
        "wants_offers": _("What the mentee wants and the mentor offers"),
        "text": _("Goals and offers in people’s own words"),
        "interests": _("Interests in common"),
        "background": _("Similar career path"),
        "seniority": _("The right distance in seniority"),
        "hours": _("Hours when both can meet"),
        "languages": _("More than one language in common"),
        "channel": _("The same way of meeting"),
        "council_kind": _("A similar kind of council"),
        "perspective": _("Another council, region or country"),
        "rhythm": _("How often both would like to meet"),
        "shortlist": _("Whom the mentee asked for"),
        "previous": _("Staying with the pairs of the run before"),
    }
)


SHARE_WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "cross_organisation_share": _("At least %(share)d%% of the pairs join two organisations."),
        "cross_region_share": _("At least %(share)d%% of the pairs join two regions."),
        "cross_country_share": _("At least %(share)d%% of the pairs join two countries."),
        "cross_service_share": _("At least %(share)d%% of the pairs join two service areas."),
    }
)


@dataclass(frozen=True, slots=True)
class Step:
    """One date of the timeline, so many weeks from kick-off."""

    key: str
    label: Words
    week: int

    @property
    def when(self) -> str:
        """ "8 weeks before the start"."""
        weeks = {"n": abs(self.week)}
        if not self.week:
            return gettext("the start")
        if self.week < 0:
            return ngettext("%(n)d week before the start", "%(n)d weeks before the start", -self.week) % weeks
        return ngettext("%(n)d week after the start", "%(n)d weeks after the start", self.week) % weeks


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    key: str
    name: Words
    for_whom: Words
    kind: str
    steps: tuple[Step, ...]
    texts: Mapping[str, Words] = field(default_factory=dict)
    rhythm_weeks: int = 4
    meetings_planned: int = 8
    most_mentees: int = 2
    needs_sponsor: bool = False
    members_only: bool = False
    rolling: bool = False

    def fields(self) -> dict[str, Any]:
        """What `Programme` gets from this template."""
        texts = {name: str(words) for name, words in self.texts.items()}
        return {
            **texts,
            "kind": self.kind,
            "rhythm_weeks": self.rhythm_weeks,
            "meetings_planned": self.meetings_planned,
            "most_mentees": self.most_mentees,
            "needs_sponsor": self.needs_sponsor,
            "members_only": self.members_only,
            "rolling": self.rolling,
            "rules": rules_for(self.kind),
            "weights": weights_for(self.kind),
        }

    def dates(self, kick_off_on: date) -> list[tuple[str, Words, date]]:
        """Every step but the first and the last day for applications, which the programme keeps itself."""
        steps = [step for step in self.steps if step.key not in ("open", "close")]
        return [(step.key, step.label, kick_off_on + timedelta(weeks=step.week)) for step in steps]

    def opens_on(self, kick_off_on: date) -> date | None:
        """The first day for applications; None where the template has none."""
        first = next((step.week for step in self.steps if step.key == "open"), None)
        return None if first is None else kick_off_on + timedelta(weeks=first)

    def closes_on(self, kick_off_on: date) -> date | None:
        """The last day for applications: the step `close`, else the day before training or matching begins."""
        weeks = {step.key: step.week for step in self.steps}
        if "close" in weeks:
            return kick_off_on + timedelta(weeks=weeks["close"])
        if self.rolling:
            return None
        before = [weeks[key] for key in ("training", "match") if key in weeks]
        return kick_off_on + timedelta(weeks=min(before), days=-1) if before else None

    def ends_on(self, kick_off_on: date) -> date | None:
        end = next((step.week for step in self.steps if step.key == "end"), None)
        return kick_off_on + timedelta(weeks=end) if end is not None else None


def rules_for(kind: str) -> dict[str, Any]:
    return {**RULES, **RULES_BY_KIND[kind]}


def weights_for(kind: str) -> dict[str, float]:
    return {**WEIGHTS, **WEIGHTS_BY_KIND[kind]}


def in_words(rules: Mapping[str, Any], weights: Mapping[str, float], most_mentees: int) -> list[str]:
    """The rules and weights as sentences, for whoever sets them and for whoever has to live with them."""
    return [*rule_words(rules, most_mentees), best_words(rules), *_weight_words(weights)]


def rule_words(rules: Mapping[str, Any], most_mentees: int) -> Iterator[str]:
    """Each rule as a sentence."""
    yield ngettext(
        "A mentor has one mentee at most.", "A mentor has at most %(count)d mentees at once.", most_mentees
    ) % {"count": most_mentees}
    if minutes := rules.get("min_shared_minutes"):
        yield gettext("Two people share at least %(time)s of their working week.") % {"time": clock.span(minutes)}
    if rules.get("require_common_language"):
        yield gettext("They speak a language in common.")
    if not rules.get("same_organisation_allowed"):
        yield gettext("They never work for the same organisation.")
    if allowed := rules.get("seniority"):
        yield gettext("The mentor stands %(span)s.") % {"span": _span(*allowed)}
    for rule, words in SHARE_WORDS.items():
        if share := rules.get(rule):
            yield str(words % {"share": round(share * 100)})
    yield gettext("Nobody is matched inside a reporting line, or with somebody whom they named as a conflict.")


def best_words(rules: Mapping[str, Any]) -> str:
    """What is liked best, and no rule."""
    best = rules.get("preferred_seniority") or (1, 3)
    return gettext("Best is a mentor who stands %(span)s.") % {"span": _span(*best)}


def _span(least: int, most: int) -> str:
    if most < 0:
        return gettext("%(least)d to %(most)d levels below") % {"least": -most, "most": -least}
    if least < 0:
        return gettext("between %(least)d levels below and %(most)d above") % {"least": -least, "most": most}
    return gettext("%(least)d to %(most)d levels above") % {"least": least, "most": most}


def _weight_words(weights: Mapping[str, float]) -> Iterator[str]:
    ranked = sorted((key for key in WEIGHT_LABELS if weights.get(key)), key=lambda key: -weights[key])
    if ranked:
        named = "; ".join(str(WEIGHT_LABELS[key]) for key in ranked[:3])
        yield gettext("What counts most: %(named)s.") % {"named": named}
    nothing = [str(label) for key, label in WEIGHT_LABELS.items() if not weights.get(key)]
    if nothing:
        yield gettext("What does not count: %(named)s.") % {"named": "; ".join(nothing)}
