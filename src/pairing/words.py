"""Short English for what the engine found, for three audiences. The fallback for the command line.

A product that speaks other languages phrases the same evidence itself: every sentence here is made from one
contribution's keys and numbers and nothing else.
"""

from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

from pairing.phrases import OBSTACLES, counted, listed, number
from pairing.shares import BORDERS
from pairing.types import Audience, Change, Contribution, Obstacle, Pair

Label = Callable[[str], str]
Evidence = Mapping[str, Any]


def plain(key: str) -> str:
    """A key as words: housing-and-homelessness -> housing and homelessness."""
    return key.replace("-", " ").replace("_", " ")


def reasons(pair: Pair, audience: Audience, label: Label = plain, most: int = 4) -> tuple[str, ...]:
    """What carried a pair, in sentences, the strongest first."""
    told = (sentence(contribution, audience, label) for contribution in pair.contributions)
    return tuple(islice((text for text in told if text), most))


def sentence(contribution: Contribution, audience: Audience, label: Label = plain) -> str:
    """One contribution in words; empty if there is nothing good, or nothing this audience should read."""
    if not contribution.evidence.get("known") or contribution.score01 <= 0:
        return ""
    say = _SAY.get(contribution.criterion)
    return say(contribution.evidence, audience, label) if say else _sentence(plain(contribution.criterion))


def obstacle(found: Obstacle) -> str:
    """What stands between two people, in one sentence."""
    evidence = found.evidence
    if found.key == "no_shared_hours" and evidence:
        minutes, needed = evidence["shared_minutes"], evidence["needed_minutes"]
        return f"They share {_time(minutes)} a week; the programme asks for {_time(needed)}."
    if found.key == "seniority" and evidence:
        where = _levels(evidence["levels_above"])
        return f"The mentor stands {where}; the programme asks for {evidence['least']} to {evidence['most']} above."
    text = OBSTACLES.get(found.key, OBSTACLES["not_possible"])
    return f"{text[0].upper()}{text[1:]}."


def change(found: Change, label: Label = plain) -> str:
    """A change in words, for the coordinator."""
    said = _CHANGES[found.kind](found, label)
    further = [change(one, label) for one in found.also]
    return ", and ".join([said, *(f"{text[0].lower()}{text[1:]}" for text in further)])


def _time(minutes: int) -> str:
    return counted(minutes // 60, "hour") if minutes >= 60 and minutes % 60 == 0 else counted(minutes, "minute")


def _levels(above: int) -> str:
    if above == 0:
        return "on the same level"
    return f"{counted(abs(above), 'level')} {'above' if above > 0 else 'below'}"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


def _wants_offers(evidence: Evidence, audience: Audience, label: Label) -> str:
    exact = [label(met["offer"]) for met in evidence["met"] if met["want"] == met["offer"] and not met["works_in"]]
    works_in = [label(met["offer"]) for met in evidence["met"] if met["want"] == met["offer"] and met["works_in"]]
    near = [
        f"{label(met['offer'])} (near {label(met['want'])})" for met in evidence["met"] if met["want"] != met["offer"]
    ]
    starts = {
        "mentee": ("Offers what you asked for", "Works in what you asked about", "Offers something close"),
        "mentor": ("Asks for what you offer", "Asks about your field", "Asks for something close to what you offer"),
        "coordinator": ("Offers what is wanted", "Works in what is wanted", "Offers something close"),
    }[audience]
    for start, items in zip(starts, (exact, works_in, near), strict=True):
        if items:
            return f"{start}: {listed(list(dict.fromkeys(items))[:3])}"
    return ""


def _text(evidence: Evidence, audience: Audience, label: Label) -> str:
    near = [one for one in evidence["near"] if one["want"] and one["offer"]]
    if not near:
        return "Their own words are close" if evidence["near"] else ""
    want, offer = near[0]["want"], near[0]["offer"]
    if audience == "mentee":
        return f"You wrote “{want}”, they wrote “{offer}”"
    if audience == "mentor":
        return f"They wrote “{want}”, you wrote “{offer}”"
    return f"“{want}” is close to “{offer}”"


def _interests(evidence: Evidence, audience: Audience, label: Label) -> str:
    shared = [label(key) for key in evidence["shared"][:3]]
    return f"{_both(audience)} like {listed(shared)}" if shared else ""


def _background(evidence: Evidence, audience: Audience, label: Label) -> str:
    services = [label(key) for key in evidence["services"][:3]]
    if services:
        return f"{_both(audience)} know {listed(services)}"
    career = [label(key) for key in evidence["career"][:3]]
    if career:
        return f"{_both(audience)} have worked in {listed(career)}"
    shared = [label(key) for key in evidence["shared"][:3]]
    return f"{_both(audience)} have a background in {listed(shared)}" if shared else ""


def _both(audience: Audience) -> str:
    return "Both" if audience == "coordinator" else "You both"


def _seniority(evidence: Evidence, audience: Audience, label: Label) -> str:
    above = evidence["levels_above"]
    if audience == "coordinator":
        return f"Mentor {_levels(above)}" + (" the mentee" if above else "")
    seen = above if audience == "mentee" else -above
    return _sentence(_levels(seen)) + (" as you" if seen == 0 else " you")


def _hours(evidence: Evidence, audience: Audience, label: Label) -> str:
    whole_hours = evidence["shared_minutes"] // 60
    if not whole_hours:
        return f"{evidence['shared_minutes']} shared working minutes a week"
    return f"{_sentence(number(whole_hours))} shared working hour{'' if whole_hours == 1 else 's'} a week"


def _languages(evidence: Evidence, audience: Audience, label: Label) -> str:
    shared = [label(key) for key in evidence["shared"]]
    return f"{_both(audience)} speak {listed(shared[:3])}"


def _channel(evidence: Evidence, audience: Audience, label: Label) -> str:
    return f"{_both(audience)} like to meet by {listed([label(key) for key in evidence['shared'][:2]])}"


def _council_kind(evidence: Evidence, audience: Audience, label: Label) -> str:
    near = evidence["bands_apart"] is not None and evidence["bands_apart"] <= 1
    if evidence["same_kind"]:
        return "The same kind of organisation" + (" of about the same size" if near else "")
    return "An organisation of about the same size" if near else ""


def _perspective(evidence: Evidence, audience: Audience, label: Label) -> str:
    return f"A view from another {listed([label(key) for key in evidence['other']])}" if evidence["other"] else ""


def _rhythm(evidence: Evidence, audience: Audience, label: Label) -> str:
    weeks = evidence["mentee_weeks"], evidence["mentor_weeks"]
    if weeks[0] != weeks[1]:
        return (
            f"The mentee likes to meet every {counted(weeks[0], 'week')}, the mentor every {counted(weeks[1], 'week')}"
        )
    often = "week" if weeks[0] == 1 else counted(weeks[0], "week")
    return f"{_both(audience)} like to meet every {often}"


def _shortlist(evidence: Evidence, audience: Audience, label: Label) -> str:
    mentee_rank, mentor_rank = evidence["mentee_rank"], evidence["mentor_rank"]
    if audience == "coordinator":
        ranks = [("mentee", mentee_rank), ("mentor", mentor_rank)]
        return _sentence(listed([f"choice {number(rank)} of the {who}" for who, rank in ranks if rank]))
    mine, theirs = (mentee_rank, mentor_rank) if audience == "mentee" else (mentor_rank, mentee_rank)
    if mine and theirs:
        return "You named each other"
    return "You named them" if mine else "Named you"


def _previous(evidence: Evidence, audience: Audience, label: Label) -> str:
    return "Paired in the run before"


_SAY: dict[str, Callable[[Evidence, Audience, Label], str]] = {
    "wants_offers": _wants_offers,
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


def _one_more_place(found: Change, label: Label) -> str:
    kept = f", kept for {found.mentee_id}" if found.reserve else ""
    return f"One more place with {found.mentor_id}{kept}"


def _recruit(found: Change, label: Label) -> str:
    offers = [label(wish.key) for wish in found.person.offers] if found.person else []
    return f"A new mentor who offers {listed(offers)}"


def _clock(minute: int) -> str:
    return f"{minute % 1440 // 60:02d}:{minute % 60:02d}"


def _add_hours(found: Change, label: Label) -> str:
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    spans = [f"{days[start // 1440]} {_clock(start)} to {_clock(end)} UTC" for start, end in found.hours]
    return f"{found.mentee_id} adds {listed(spans)}"


def _lower(says: str) -> Callable[[Change, Label], str]:
    return lambda found, label: f"Ask for {found.value:.0%} of pairs {says}, no more"


_CHANGES: dict[str, Callable[[Change, Label], str]] = {
    "one_more_place": _one_more_place,
    "recruit": _recruit,
    "add_hours": _add_hours,
    "lift_forbidden": lambda found, label: f"Allow {found.mentee_id} with {found.mentor_id} again",
    "lift_lock": lambda found, label: f"Unlock {found.other_mentee_id} from {found.mentor_id}",
    "fewer_shared_minutes": lambda found, label: f"Ask for {_time(int(found.value))} of shared time a week, no more",
    "widen_seniority": lambda found, label: (
        f"Allow mentors from {_levels((found.seniority or (0, 0))[0])} to {_levels((found.seniority or (0, 0))[1])}"
    ),
    "more_mentees_each": lambda found, label: f"Allow up to {counted(int(found.value), 'mentee')} for each mentor",
    "allow_same_organisation": lambda found, label: "Allow pairs within one organisation",
    **{f"lower_{border.quota}": _lower(border.says) for border in BORDERS},
    "smaller_circles": lambda found, label: f"Let a circle begin with {counted(int(found.value), 'mentee')}",
    "more_places_given": lambda found, label: f"{found.organisation} gives {counted(int(found.value), 'place')}",
    "more_places_taken": lambda found, label: f"{found.organisation} takes {counted(int(found.value), 'place')}",
}
