"""What would match somebody who goes without, and whom to look for, in a coordinator's words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commonhall.core import clock
from commonhall.matching import words
from commonhall.matching.queries.rounds import Card, People
from commonhall.people import ladder, taxonomy

# For more people than this the plan changes: said once more before it is done.
MANY = 20
# Changes of one of the round's rules, which are the same for whomever they are listed.
OF_RULES = frozenset(
    {
        "fewer_shared_minutes",
        "more_mentees_each",
        "widen_seniority",
        "lower_cross_share",
        "lower_cross_region_share",
        "lower_cross_country_share",
        "lower_cross_service_share",
        "smaller_circles",
        "allow_same_organisation",
    }
)


@dataclass(frozen=True, slots=True)
class Remedy:
    """One change: what to do, what it brings, and whether somebody else has to say yes first."""

    number: int
    text: str
    effect: str
    asks: str
    moved: int = 0
    more: int = 0
    is_rule: bool = False

    @property
    def moves_many(self) -> bool:
        return self.moved > MANY

    @property
    def needs_yes(self) -> bool:
        return bool(self.asks)


@dataclass(frozen=True, slots=True)
class Place:
    """What a remedy's words need beside the change itself."""

    known: People
    organisations: Mapping[str, str]
    reference: date


def remedies(changes: Iterable[Mapping[str, Any]], place: Place, placed: int) -> list[Remedy]:
    return [
        Remedy(
            number,
            text(change, place),
            _effect(change, place, placed),
            asks(change, place),
            moved=change.get("moved", 0),
            more=change.get("placed_after", 0) - placed,
            is_rule=change["kind"] in OF_RULES and not change.get("also"),
        )
        for number, change in enumerate(changes)
    ]


def for_several(lists: Iterable[tuple[str, Iterable[Remedy]]]) -> list[tuple[str, Remedy]]:
    """Changes of a rule that are listed for more than one person, each once and with the first of them."""
    found: dict[str, list[tuple[str, Remedy]]] = {}
    for person, ways in lists:
        for remedy in ways:
            if remedy.is_rule:
                found.setdefault(remedy.text, []).append((person, remedy))
    return sorted((those[0] for those in found.values() if len(those) > 1), key=lambda one: -one[1].more)


def text(change: Mapping[str, Any], place: Place) -> str:
    """What to do; where one change is not enough, each of them in a sentence."""
    return " ".join(_SAY[one["kind"]](one, place) for one in (change, *change.get("also", ())))


def asks(change: Mapping[str, Any], place: Place) -> str:
    """Who has to agree before this becomes real; empty where it is the coordinator's own to decide."""
    return words.listed(name for one in (change, *change.get("also", ())) if (name := _asks(one, place)))


def _asks(change: Mapping[str, Any], place: Place) -> str:
    kind = change["kind"]
    if kind == "one_more_place":
        return place.known[change["mentor_id"]].name
    if kind == "add_hours":
        return place.known[change["mentee_id"]].name
    if kind in ("more_places_given", "more_places_taken"):
        return place.organisations.get(change["organisation"], "")
    return _("a new mentor") if kind == "recruit" else ""


def _effect(change: Mapping[str, Any], place: Place, placed: int) -> str:
    mentors = words.listed(place.known[one].name for one in change.get("matched_with", ()))
    who = _("Matched with %(name)s") % {"name": mentors}
    moved = change.get("moved", 0)
    others = ngettext("the plan changes for %(n)d other mentee", "the plan changes for %(n)d other mentees", moved) % {
        "n": moved
    }
    pairs = _("%(n)d pairs instead of %(before)d") % {"n": change.get("placed_after", 0), "before": placed}
    return "; ".join([who, others if moved else _("nobody else changes"), pairs]) + "."


def _one_more_place(change: Mapping[str, Any], place: Place) -> str:
    mentor = place.known[change["mentor_id"]]
    if change.get("reserve"):
        return _("Ask %(name)s to take one mentee more, and keep that place.") % {"name": mentor.name}
    return _("Ask %(name)s to take one mentee more.") % {"name": mentor.name}


def _add_hours(change: Mapping[str, Any], place: Place) -> str:
    mentee, mentor = place.known[change["mentee_id"]], place.known[change["mentor_id"]]
    when = words.listed(on_clock(span, mentee, place.reference) for span in change["hours"])
    return _("Ask %(mentee)s for time on %(when)s, when %(mentor)s works.") % {
        "mentee": mentee.name,
        "when": when,
        "mentor": mentor.name,
    }


def on_clock(span: Iterable[int], person: Card, reference: date) -> str:
    """An interval of the UTC week on somebody's own clock: "Tuesday 09:00–17:00"."""
    monday = datetime.combine(reference - timedelta(days=reference.weekday()), time(), tzinfo=UTC)
    start, end = ((monday + timedelta(minutes=minute)).astimezone(ZoneInfo(person.time_zone)) for minute in span)
    return f"{WEEKDAYS[start.weekday()]} {start:%H:%M}–{end:%H:%M}"


def days(spans: Iterable[tuple[int, int]], zone: str, reference: date) -> str:
    """The days on which the middles of these intervals of the UTC week fall: "Monday and Tuesday"."""
    monday = datetime.combine(reference - timedelta(days=reference.weekday()), time(), tzinfo=UTC)
    middles = (monday + timedelta(minutes=(start + end) / 2) for start, end in spans)
    found = sorted({middle.astimezone(ZoneInfo(zone)).weekday() for middle in middles})
    return words.listed((WEEKDAYS[day] for day in found), most=len(WEEKDAYS))


def _recruit(change: Mapping[str, Any], place: Place) -> str:
    return _("Find a new mentor: %(who)s.") % {"who": described(change["person"])}


def described(person: Mapping[str, Any]) -> str:
    """A mentor who is missing, in words: "knows housing; director or department head; speaks English"."""
    offers = words.listed(words.name_of(one["kind"], one["key"]) for one in person.get("offers", ()))
    return "; ".join(part for part in (_("knows %(what)s") % {"what": offers}, beside_offers(person)) if part)


def beside_offers(person: Mapping[str, Any]) -> str:
    """The level and the languages of a mentor who is missing; empty where neither matters."""
    parts = []
    if person.get("level"):
        parts.append(ladder.name_of(str(person["level"])).lower())
    if person.get("languages"):
        spoken = words.listed(taxonomy.name_of(key, among="languages") for key in person["languages"])
        parts.append(_("speaks %(languages)s") % {"languages": spoken})
    return "; ".join(parts)


def _lift_forbidden(change: Mapping[str, Any], place: Place) -> str:
    values = {"mentee": place.known[change["mentee_id"]].name, "mentor": place.known[change["mentor_id"]].name}
    return _("Allow %(mentee)s and %(mentor)s again, whom you ruled out.") % values


def _lift_lock(change: Mapping[str, Any], place: Place) -> str:
    values = {"mentee": place.known[change["other_mentee_id"]].name, "mentor": place.known[change["mentor_id"]].name}
    return _("Let go of %(mentee)s and %(mentor)s, whom you keep together.") % values


def _fewer_minutes(change: Mapping[str, Any], place: Place) -> str:
    return _("Be content with %(time)s of common time a week.") % {"time": clock.span(change.get("value", 0))}


def _seniority(change: Mapping[str, Any], place: Place) -> str:
    least, most = change["seniority"]
    if most >= words.LADDER:
        return _("Allow mentors from %(least)s.") % {"least": words.levels(least)}
    if least <= -words.LADDER:
        return _("Allow mentors up to %(most)s.") % {"most": words.levels(most)}
    return _("Allow mentors from %(least)s to %(most)s.") % {"least": words.levels(least), "most": words.levels(most)}


def _mentees_each(change: Mapping[str, Any], place: Place) -> str:
    return _("Allow up to %(n)d mentees for each mentor.") % {"n": change["value"]}


SHARES: Mapping[str, Any] = {
    "lower_cross_share": gettext_lazy("Ask for %(share)d %% of pairs across councils, no more."),
    "lower_cross_region_share": gettext_lazy("Ask for %(share)d %% of pairs across regions, no more."),
    "lower_cross_country_share": gettext_lazy("Ask for %(share)d %% of pairs across countries, no more."),
    "lower_cross_service_share": gettext_lazy("Ask for %(share)d %% of pairs across services, no more."),
}


def _share(change: Mapping[str, Any], place: Place) -> str:
    return str(SHARES[change["kind"]] % {"share": round(change.get("value", 0) * 100)})


def _smaller_circles(change: Mapping[str, Any], place: Place) -> str:
    return ngettext(
        "Let a mentor begin with %(n)d mentee.", "Let a mentor’s circle begin with %(n)d mentees.", change["value"]
    ) % {"n": change["value"]}


def _given(change: Mapping[str, Any], place: Place) -> str:
    values = {"name": place.organisations.get(change["organisation"], ""), "n": change["value"]}
    return _("Ask %(name)s to let %(n)d of its mentors’ places be used.") % values


def _taken(change: Mapping[str, Any], place: Place) -> str:
    values = {"name": place.organisations.get(change["organisation"], ""), "n": change["value"]}
    return _("Ask %(name)s to let %(n)d of its people be mentored.") % values


_SAY: dict[str, Callable[[Mapping[str, Any], Place], str]] = {
    "one_more_place": _one_more_place,
    "add_hours": _add_hours,
    "recruit": _recruit,
    "lift_forbidden": _lift_forbidden,
    "lift_lock": _lift_lock,
    "fewer_shared_minutes": _fewer_minutes,
    "widen_seniority": _seniority,
    "more_mentees_each": _mentees_each,
    **dict.fromkeys(SHARES, _share),
    "smaller_circles": _smaller_circles,
    "allow_same_organisation": lambda change, place: _("Allow pairs within one council."),
    "more_places_given": _given,
    "more_places_taken": _taken,
}
