"""Why two people fit, what stands between them and what would help, in the words of whoever reads it.

Everything is said from the engine's keys and numbers. A mentee or a mentor never reads here what is confidential: a
declared conflict, another's shortlist, or a profile field that an organisation keeps within its own walls.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy, pgettext

from commonhall.core.clock import span
from commonhall.matching.sentences import SAY, Evidence
from commonhall.matching.sentences import listed as listed
from commonhall.matching.sentences import name_of as name_of
from commonhall.people.visibility import Viewer, visible_fields
from commonhall.programmes import cycle

COORDINATOR_ONLY = frozenset({"shortlist", "previous"})
# The profile field that a reason gives away.
TELLS_OF = {"seniority": "level", "interests": "interests"}
GOOD = 0.5
# One goal of several that is met is worth saying; which are near, the engine has decided.
GOOD_FROM = {"text": 0.2}
# As far as a ladder can reach either way: a rule about levels that ends there has no limit on that side.
LADDER = 20


@dataclass(frozen=True, slots=True)
class Reason:
    """One criterion of one pair: its name, what is so, how good that is (0 to 100) and the share of the score."""

    criterion: str
    label: Any
    text: str
    percent: int
    points: float

    @property
    def points_of_100(self) -> str:
        return f"{self.points * 100:.1f}"


def reasons(
    told: Iterable[Sequence[Any]], audience: str, other: str = "", hidden: Collection[str] = ()
) -> list[Reason]:
    """The reasons for a pair, the weightiest first. For the two people only what speaks for it; `other` is the
    first name of the other one."""
    found = []
    for criterion, score, points, evidence in told:
        if audience != "coordinator" and (
            criterion in COORDINATOR_ONLY or TELLS_OF.get(criterion) in hidden or not is_good(criterion, score)
        ):
            continue
        told_of = evidence if audience == "coordinator" else _seen(criterion, evidence, audience, hidden)
        text = _said(criterion, told_of, audience, other, score)
        if text:
            label = cycle.WEIGHT_LABELS.get(criterion, criterion)
            found.append(Reason(criterion, label, text, round(score * 100), points))
    return found


def _seen(criterion: str, evidence: Evidence, audience: str, hidden: Collection[str]) -> Evidence:
    """The evidence without what comes from a field of the other one that this reader does not see."""
    seen = visible_fields(Viewer.PARTNER, hidden)
    if criterion == "background":
        kept = {"shared": "qualifications", "career": "career_path"}
        return {**evidence, **{part: [] for part, field in kept.items() if field not in seen}}
    if criterion == "text" and ("can_help" if audience == "mentee" else "want_to_learn") not in seen:
        return {**evidence, "near": [{"want": "", "offer": ""} for _one in evidence.get("near", ())]}
    return evidence


def is_good(criterion: str, score: float) -> bool:
    """Whether this speaks for a pair."""
    return score >= GOOD_FROM.get(criterion, GOOD)


def short(told: Iterable[Sequence[Any]]) -> str:
    """The strongest reasons in a few words, for a line of a list."""
    texts = [
        _said(criterion, evidence, "coordinator", "", score)
        for criterion, score, _points, evidence in told
        if is_good(criterion, score) and evidence.get("near", True)
    ]
    return " · ".join(text for text in texts if text)


def _said(criterion: str, evidence: Evidence, audience: str, other: str, score: float) -> str:
    if not evidence.get("known"):
        return _("Not enough is known") if audience == "coordinator" else ""
    return SAY[criterion](evidence, audience, other) if criterion in SAY else ""


CLOSED = {
    "together": gettext_lazy("They are a pair already."),
    "before": gettext_lazy("They have been a pair before."),
    "opposite": gettext_lazy(
        "They are a pair, or proposed as one, the other way round; two people are never each other’s mentor."
    ),
    "waiting": gettext_lazy("They have been offered to each other and have not both answered."),
    "declined": gettext_lazy("They were offered to each other, and it came to nothing."),
}
LEFT_OUT = {
    "paused": gettext_lazy("has paused"),
    "placed": gettext_lazy("has no place left"),
    "waiting": gettext_lazy("has been offered a match, and an answer is awaited"),
    "council": gettext_lazy("the council’s own rules leave them out"),
}


def left_out(codes: Iterable[str]) -> list[str]:
    """How many mentees take no part, by reason."""
    counts = Counter(codes)
    said = {
        "waiting": ngettext_lazy(
            "%(n)d mentee is left out: an answer is awaited.", "%(n)d mentees are left out: an answer is awaited.", "n"
        ),
        "placed": ngettext_lazy(
            "%(n)d mentee is left out: they have a mentor.", "%(n)d mentees are left out: they have a mentor.", "n"
        ),
        "paused": ngettext_lazy("%(n)d mentee is left out: paused.", "%(n)d mentees are left out: paused.", "n"),
        "council": ngettext_lazy(
            "%(n)d mentee is left out by their council’s own rules.",
            "%(n)d mentees are left out by their councils’ own rules.",
            "n",
        ),
    }
    return [str(text % {"n": counts[code]}) for code, text in said.items() if counts[code]]


def obstacles(found: Iterable[Sequence[Any]], mentee: str, mentor: str, closed: str = "") -> list[str]:
    """What stands between two people, for the coordinator; what is confidential is not said."""
    texts = []
    for key, evidence in found:
        if key == "forbidden_by_coordinator" and closed in CLOSED:
            texts.append(str(CLOSED[closed]))
        else:
            texts.append(_obstacle(key, evidence, mentee, mentor))
    return texts


def levels(above: int) -> str:
    """ "2 levels above", "the same level", "1 level below": how a mentor stands to a mentee on the ladder."""
    if not above:
        return _("the same level")
    if above > 0:
        return ngettext("%(n)d level above", "%(n)d levels above", above) % {"n": above}
    return ngettext("%(n)d level below", "%(n)d levels below", -above) % {"n": -above}


def _apart(name: str, evidence: Evidence) -> str:
    """How far apart on the ladder they stand, and what the round asks for; an end that is open is not told."""
    least, most = evidence["least"], evidence["most"]
    if most >= LADDER:
        asked = _("%(name)s: %(stands)s. This round asks for at least %(least)s.")
    elif least <= -LADDER:
        asked = _("%(name)s: %(stands)s. This round asks for at most %(most)s.")
    else:
        asked = _("%(name)s: %(stands)s. This round asks for %(least)s to %(most)s.")
    stands = levels(evidence["levels_above"])
    return asked % {"name": name, "stands": stands, "least": levels(least), "most": levels(most)}


def _obstacle(key: str, evidence: Evidence, mentee: str, mentor: str) -> str:
    if key == "no_shared_hours" and evidence:
        values = {"shared": span(evidence["shared_minutes"]), "needed": span(evidence["needed_minutes"])}
        if not evidence["shared_minutes"]:
            return _("They share no hours; this round asks for %(needed)s a week.") % values
        return _("They share %(shared)s a week; this round asks for %(needed)s.") % values
    if key == "seniority" and evidence:
        return _apart(mentor, evidence)
    said = {
        "same_person": _("They are the same person."),
        "reporting_line": _("One of them is the other’s line manager."),
        "forbidden_by_coordinator": _("You have ruled this pair out."),
        "organisation_rule": _("Their councils’ own rules do not allow it."),
        "same_organisation": _("They work for the same council."),
        "no_common_language": _("They have no language in common."),
        "capacity": _("One of them has no place left."),
        "decided": _("It contradicts another pair that you keep together."),
    }
    return said.get(key, _("This pair is not possible, for a reason that was given in confidence."))


COUNTED: dict[str, Any] = {
    "reporting_line": gettext_lazy("line manager"),
    "forbidden_by_coordinator": gettext_lazy("ruled out, declined or paired before"),
    "organisation_rule": gettext_lazy("councils’ own rules"),
    "same_organisation": gettext_lazy("same council"),
    "no_common_language": gettext_lazy("no common language"),
    "no_shared_hours": gettext_lazy("too few hours in common"),
    "seniority": gettext_lazy("seniority"),
    "capacity": gettext_lazy("no place left"),
    "same_person": gettext_lazy("the same person"),
    "not_possible": gettext_lazy("confidential"),
}


def without(one: Mapping[str, Any]) -> str:
    """Why somebody goes without."""
    reason, possible = one["reason"], one.get("possible", 0)
    if reason == "no_places":
        text = ngettext(
            "%(n)d mentor would be possible, but the places went to others.",
            "%(n)d mentors would be possible, but the places went to others.",
            possible,
        )
        return text % {"n": possible}
    if reason == "nobody_possible":
        counts = sorted(one.get("obstacles", {}).items(), key=lambda item: -item[1])[:3]
        why = ", ".join(f"{COUNTED.get(key, key)} ({times})" for key, times in counts)
        return _("Nobody is possible: %(why)s.") % {"why": why} if why else _("Nobody is there to match with.")
    return {
        "limits": _("A limit on places or on pairs across councils stands in the way."),
        "not_needed": _("Nobody is left who needs them."),
        "no_capacity": _("Offers no place in this round."),
        "no_demand": _("Asks for no mentor in this round."),
    }.get(reason, "")


def fit(score: float) -> str:
    return pgettext("fit of a pair", "%(n)d %%") % {"n": round(score * 100)}


def percent(low: float, high: float) -> str:
    return pgettext("a stretch of the scale", "%(low).1f to %(high).1f %%") % {"low": low, "high": high}


# What these put first has no prices: the gap is what they cost, and not what is left to prove.
UNPRICED = frozenset({"leximin", "stable", "cover"})


def certificate(gap: float, status: str, objective: str = "total") -> str:
    """The proof that the engine gives with every solution."""
    if objective == "stable" and status != "within_gap":
        return _("Proven: no mentee and mentor would both rather have each other than whom they have.")
    if objective in UNPRICED and status == "within_gap":
        return _("Not proven: the time ran out, and there may be a plan that does better.")
    if gap <= 1e-9 or status in ("optimal", "searched"):
        return _("Proven: no other set of pairs that keeps your rules does better.")
    return _("Proven to be within %(gap)s %% of the best possible.") % {"gap": f"{max(gap * 100, 0.001):.3f}"}


def capital(text: str) -> str:
    return str(capfirst(text))
