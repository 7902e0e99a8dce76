"""What one criterion found, in a sentence for each reader, and the small words that such sentences need.

Everything is said from the engine's keys and numbers. `commonhall.matching.words` decides who reads which sentence.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commonhall.core.clock import span
from commonhall.people import taxonomy

Evidence = Mapping[str, Any]
QUOTED = 140
AMONG = {"service": "service_areas", "competency": "competencies"}
VIEWS = {
    "organisation": gettext_lazy("council"),
    "region": gettext_lazy("region"),
    "country": gettext_lazy("country"),
    "service": gettext_lazy("service"),
}


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


def _text(evidence: Evidence, audience: str, other: str) -> str:
    near = evidence["near"]
    if not near:
        return _("Their own words are about different things") if audience == "coordinator" else ""
    if not (near[0].get("want") and near[0].get("offer")):
        return _both(audience, _("What the two of you wrote is close."), _("Their own words are close"), "")
    values = {"want": quoted(near[0]["want"]), "offer": quoted(near[0]["offer"]), "name": other}
    if audience == "mentee":
        return _("You write: “%(want)s” %(name)s writes: “%(offer)s”") % values
    if audience == "mentor":
        return _("%(name)s writes: “%(want)s” You write: “%(offer)s”") % values
    return _("“%(want)s” is close to “%(offer)s”") % values


def quoted(text: str) -> str:
    """Somebody's sentence, cut at a word where it is long."""
    if len(text) <= QUOTED:
        return text
    return f"{text[:QUOTED].rsplit(' ', 1)[0]} …"


def _interests(evidence: Evidence, audience: str, other: str) -> str:
    shared = listed(name_of(*key.split(":", 1)) for key in evidence["shared"])
    if not shared:
        return _("No interests in common") if audience == "coordinator" else ""
    return _both(audience, _("You are both interested in %(what)s."), _("Both interested in %(what)s"), shared)


def _background(evidence: Evidence, audience: str, other: str) -> str:
    services = listed(name_of("service", key) for key in evidence["services"])
    if services:
        return _both(audience, _("You have both worked in %(what)s."), _("Both work in %(what)s"), services)
    career = listed(name_of("service", key) for key in evidence.get("career", ()))
    if career:
        return _both(audience, _("You have both worked in %(what)s."), _("Both have worked in %(what)s"), career)
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


def _rhythm(evidence: Evidence, audience: str, other: str) -> str:
    mentee, mentor = evidence["mentee_weeks"], evidence["mentor_weeks"]
    if mentee == mentor:
        often = ngettext("every week", "every %(n)d weeks", mentee) % {"n": mentee}
        return _both(audience, _("You would both like to meet %(what)s."), _("Both like to meet %(what)s"), often)
    values = {"mentee": mentee, "mentor": mentor}
    if audience == "coordinator":
        return _("Every %(mentee)d weeks for the mentee, every %(mentor)d for the mentor") % values
    return ""


def _shortlist(evidence: Evidence, audience: str, other: str) -> str:
    rank = evidence["mentee_rank"]
    return _("Choice %(rank)d on the mentee’s shortlist") % {"rank": rank} if rank else _("Not on the shortlist")


def _previous(evidence: Evidence, audience: str, other: str) -> str:
    return _("The same pair as before") if evidence["paired_before"] else _("A new pair")


SAY: dict[str, Callable[[Evidence, str, str], str]] = {
    "wants_offers": _wants,
    "text": _text,
    "interests": _interests,
    "background": _background,
    "seniority": _seniority,
    "hours": _hours,
    "languages": _languages,
    "channel": _channel,
    "council_kind": _council_kind,
    "perspective": _perspective,
    "rhythm": _rhythm,
    "shortlist": _shortlist,
    "previous": _previous,
}
