"""Why two people fit, what stands between them and what would help, in the words of whoever reads it.

Everything is said from the engine's keys and numbers. A mentee or a mentor never reads here what is confidential: a
declared conflict, another's shortlist, or a profile field that an organisation keeps within its own walls.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy, pgettext

from commonhall.people import taxonomy
from commonhall.programmes import cycle

Evidence = Mapping[str, Any]
COORDINATOR_ONLY = frozenset({"shortlist", "previous"})
# The profile field that a reason gives away.
TELLS_OF = {"seniority": "level", "interests": "interests", "background": "qualifications"}
GOOD = 0.5
# As far as a ladder can reach either way: a rule about levels that ends there has no limit on that side.
LADDER = 20
AMONG = {"service": "service_areas", "competency": "competencies"}
VIEWS = {
    "organisation": gettext_lazy("council"),
    "region": gettext_lazy("region"),
    "country": gettext_lazy("country"),
    "service": gettext_lazy("service"),
}


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
            criterion in COORDINATOR_ONLY or TELLS_OF.get(criterion) in hidden or score < GOOD
        ):
            continue
        text = _said(criterion, evidence, audience, other, score)
        if text:
            label = cycle.WEIGHT_LABELS.get(criterion, criterion)
            found.append(Reason(criterion, label, text, round(score * 100), points))
    return found


def short(told: Iterable[Sequence[Any]]) -> str:
    """The strongest reasons in a few words, for a line of a list."""
    texts = [
        _said(criterion, evidence, "coordinator", "", score)
        for criterion, score, _points, evidence in told
        if score >= GOOD
    ]
    return " · ".join(text for text in texts if text)


def _said(criterion: str, evidence: Evidence, audience: str, other: str, score: float) -> str:
    if not evidence.get("known"):
        return _("Not enough is known") if audience == "coordinator" else ""
    return _SAY[criterion](evidence, audience, other) if criterion in _SAY else ""


def name_of(kind: str, key: str) -> str:
    """A topic as people know it; free words are their own name."""
    name = taxonomy.name_of(key, among=AMONG[kind]) if kind in AMONG else key
    return name if kind == "tag" else name[:1].lower() + name[1:]


def listed(names: Iterable[Any], most: int = 3) -> str:
    found = list(dict.fromkeys(str(name) for name in names))[:most]
    if len(found) < 2:
        return "".join(found)
    if any(" and " in name or "," in name for name in found):
        return "; ".join(found)
    return _("%(most)s and %(last)s") % {"most": ", ".join(found[:-1]), "last": found[-1]}


def _wants(evidence: Evidence, audience: str, other: str) -> str:
    met = [one for one in evidence["met"] if one["closeness"] >= 0.4]
    if not met:
        return _("None of the wishes is met") if audience == "coordinator" else ""
    wants = listed(name_of(one["kind"], one["want"]) for one in met)
    offers = listed(name_of(one["kind"], one["offer"]) for one in met)
    exact = all(one["want"] == one["offer"] for one in met)
    values = {"wants": wants, "offers": offers, "name": other}
    if audience == "mentee":
        if exact:
            return _("You want to learn about %(wants)s, and %(name)s can help with it.") % values
        return _("You want to learn about %(wants)s. %(name)s knows %(offers)s.") % values
    if audience == "mentor":
        if exact:
            return _("%(name)s wants to learn about %(wants)s, which you know.") % values
        return _("%(name)s wants to learn about %(wants)s. You know %(offers)s.") % values
    if exact:
        return _("The mentee wants %(wants)s and the mentor offers it") % values
    return _("The mentee wants %(wants)s, the mentor offers %(offers)s") % values


def _interests(evidence: Evidence, audience: str, other: str) -> str:
    shared = listed(name_of(*key.split(":", 1)) for key in evidence["shared"])
    if not shared:
        return _("No interests in common") if audience == "coordinator" else ""
    return _both(audience, _("You are both interested in %(what)s."), _("Both interested in %(what)s"), shared)


def _background(evidence: Evidence, audience: str, other: str) -> str:
    services = listed(name_of("service", key) for key in evidence["services"])
    if services:
        return _both(audience, _("You have both worked in %(what)s."), _("Both work in %(what)s"), services)
    shared = listed(evidence["shared"])
    if not shared:
        return _("Different career paths") if audience == "coordinator" else ""
    return _both(audience, _("You share a background: %(what)s."), _("Shared background: %(what)s"), shared)


def _both(audience: str, to_people: str, to_coordinator: str, what: str) -> str:
    return (to_coordinator if audience == "coordinator" else to_people) % {"what": what}


def _seniority(evidence: Evidence, audience: str, other: str) -> str:
    above = evidence["levels_above"]
    if audience == "mentee":
        return _levels(above, other)
    if audience == "mentor":
        return _levels(-above, other)
    if not above:
        return _("Both on the same level")
    if above > 0:
        return ngettext("Mentor %(n)d level above", "Mentor %(n)d levels above", above) % {"n": above}
    return ngettext("Mentor %(n)d level below", "Mentor %(n)d levels below", -above) % {"n": -above}


def _levels(above: int, other: str) -> str:
    values = {"n": abs(above), "name": other}
    if not above:
        return _("%(name)s works on the same level as you.") % values
    if above > 0:
        return (
            ngettext("%(name)s works %(n)d level above you.", "%(name)s works %(n)d levels above you.", above) % values
        )
    return ngettext("%(name)s works %(n)d level below you.", "%(name)s works %(n)d levels below you.", -above) % values


def span(minutes: int) -> str:
    """ "3 hours", "1 hour 30", "45 minutes"."""
    hours, rest = divmod(int(minutes), 60)
    if not hours:
        return ngettext("%(n)d minute", "%(n)d minutes", rest) % {"n": rest}
    whole = ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return f"{whole} {rest}" if rest else whole


def _hours(evidence: Evidence, audience: str, other: str) -> str:
    minutes = evidence["shared_minutes"]
    if not minutes:
        return _("No hours in common") if audience == "coordinator" else ""
    time = span(minutes // 60 * 60 if minutes >= 60 else minutes)
    return _both(audience, _("You are both free for %(what)s a week."), _("%(what)s a week in common"), time)


def _languages(evidence: Evidence, audience: str, other: str) -> str:
    shared = listed(taxonomy.name_of(key, among="languages") for key in evidence["shared"])
    return _both(audience, _("You both speak %(what)s."), _("Both speak %(what)s"), shared) if shared else ""


def _channel(evidence: Evidence, audience: str, other: str) -> str:
    shared = listed(taxonomy.name_of(key, among="channels") for key in evidence["shared"])
    if not shared:
        return _("They like to meet in different ways") if audience == "coordinator" else ""
    return _both(audience, _("You both like to meet by: %(what)s."), _("Both meet by: %(what)s"), shared)


def _council_kind(evidence: Evidence, audience: str, other: str) -> str:
    near = evidence["bands_apart"] is not None and evidence["bands_apart"] <= 1
    if evidence["same_kind"] and near:
        return _both(audience, _("Your councils are of one kind and size."), _("Councils of one kind and size"), "")
    if evidence["same_kind"]:
        return _both(audience, _("Your councils are of the same kind."), _("Councils of the same kind"), "")
    if near:
        return _both(audience, _("Your councils are of about the same size."), _("Councils of about the same size"), "")
    return _("Councils of different kinds") if audience == "coordinator" else ""


def _perspective(evidence: Evidence, audience: str, other: str) -> str:
    views = listed((VIEWS[key] for key in evidence["other"]), most=4)
    if not views:
        return _("The same council and service") if audience == "coordinator" else ""
    if audience == "coordinator":
        return _("Another %(what)s") % {"what": views}
    return _("%(name)s sees things from another %(what)s.") % {"name": other, "what": views}


def _shortlist(evidence: Evidence, audience: str, other: str) -> str:
    rank = evidence["mentee_rank"]
    return _("Choice %(rank)d on the mentee’s shortlist") % {"rank": rank} if rank else _("Not on the shortlist")


def _previous(evidence: Evidence, audience: str, other: str) -> str:
    return _("The same pair as before") if evidence["paired_before"] else _("A new pair")


_SAY: dict[str, Callable[[Evidence, str, str], str]] = {
    "wants_offers": _wants,
    "interests": _interests,
    "background": _background,
    "seniority": _seniority,
    "hours": _hours,
    "languages": _languages,
    "channel": _channel,
    "council_kind": _council_kind,
    "perspective": _perspective,
    "shortlist": _shortlist,
    "previous": _previous,
}

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


def _apart(values: Evidence) -> str:
    """How far apart on the ladder they stand, and what the round asks for; an end that is open is not told."""
    if values["most"] >= LADDER:
        asked = _("%(name)s stands %(levels_above)d levels above; this round asks for at least %(least)d.")
    elif values["least"] <= -LADDER:
        asked = _("%(name)s stands %(levels_above)d levels above; this round asks for at most %(most)d.")
    else:
        asked = _("%(name)s stands %(levels_above)d levels above; this round asks for %(least)d to %(most)d.")
    return asked % values


def _obstacle(key: str, evidence: Evidence, mentee: str, mentor: str) -> str:
    if key == "no_shared_hours" and evidence:
        values = {"shared": span(evidence["shared_minutes"]), "needed": span(evidence["needed_minutes"])}
        if not evidence["shared_minutes"]:
            return _("They share no hours; this round asks for %(needed)s a week.") % values
        return _("They share %(shared)s a week; this round asks for %(needed)s.") % values
    if key == "seniority" and evidence:
        return _apart({"name": mentor, **evidence})
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


def certificate(gap: float, status: str) -> str:
    """The proof that the engine gives with every solution."""
    if gap <= 1e-9 or status in ("optimal", "searched"):
        return _("Proven: no other set of pairs that keeps your rules does better.")
    return _("Proven to be within %(gap)s %% of the best possible.") % {"gap": f"{max(gap * 100, 0.001):.3f}"}


def capital(text: str) -> str:
    return str(capfirst(text))
