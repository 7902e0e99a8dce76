"""Our rows into the engine's types: who is to be matched, and what is never allowed.

People are known to the engine by the number of their enrolment, and as human beings by `user:<pk>`; names and addresses
never leave the database.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet

from commonhall.core import clock
from commonhall.core.text import folded
from commonhall.matching import aims, mentions
from commonhall.matching.models import Edit, Proposal, Scenario, TextVectors, Wish
from commonhall.mentorships.models import Mentorship, Participant
from commonhall.organisations.models import Organisation, PoolMember
from commonhall.people import hours, taxonomy
from commonhall.people.availability import pattern_of
from commonhall.people.models import Topic
from commonhall.programmes.models import Conflict, Enrolment, Programme
from commonhall.programmes.queries.places import Limits, limits
from pairing import types as pairing
from pairing.text import models, prose

Size = Organisation.Size
SIZES: dict[str, int] = {Size.SMALL: 1, Size.MEDIUM: 2, Size.LARGE: 3, Size.VERY_LARGE: 4}
MENTEE = Enrolment.Role.MENTEE
Key = tuple[int, int]
# So many values fit into one question to a database.
AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Inputs:
    """A problem with what the engine need not know.

    closed: pairs that are ruled out by what has happened, with a code: together, opposite (together or proposed the
    other way round), waiting, before, declined. left_out: who is approved and takes no part, with a code: paused,
    placed, waiting, council.
    """

    problem: pairing.Problem
    closed: Mapping[pairing.PairKey, str]
    left_out: Mapping[str, str]


@dataclass(slots=True)
class Around:
    """Everything about a programme's people that stands in other tables, fetched once.

    Conflicts and line managers are by user: what somebody says as a mentee holds for them as a mentor too.
    """

    limits: Limits
    conflicts: dict[int, list[str]]
    closed: dict[Key, str]
    promised: Counter[int]
    wishes: dict[int, list[int]]
    reference: date
    most_mentees: int | None
    previous: dict[str, set[str]] = field(default_factory=dict)
    managers: dict[int, set[str]] = field(default_factory=dict)


def of_scenario(scenario: Scenario, edits: Iterable[Edit], previous: Iterable[pairing.PairKey] = ()) -> Inputs:
    """The whole round under one scenario, before its assumptions."""
    edits = list(edits)
    pairs = {kind: {(str(e.mentee_id), str(e.mentor_id)) for e in edits if e.kind == kind} for kind in Edit.Kind}
    return of_programme(
        scenario.round.programme,
        rules=scenario.rules,
        weights=scenario.weights,
        objective=scenario.objective,
        cover=scenario.cover,
        locks=pairs[Edit.Kind.LOCK],
        forbidden=pairs[Edit.Kind.FORBID],
        previous=previous,
    )


def of_programme(
    programme: Programme,
    *,
    rules: Mapping[str, Any],
    weights: Mapping[str, float],
    objective: str = "total",
    cover: str = "",
    locks: Iterable[pairing.PairKey] = (),
    forbidden: Iterable[pairing.PairKey] = (),
    previous: Iterable[pairing.PairKey] = (),
    only_mentee: int | None = None,
    only_mentor: int | None = None,
) -> Inputs:
    """Everybody who still waits for somebody, or one mentee with every mentor, or with one."""
    only = {"mentee": only_mentee, "mentor": only_mentor}
    enrolments = list(_enrolments(programme, only))
    around = _around(programme, enrolments, rules, previous)
    left_out: dict[str, str] = {}
    people: dict[str, list[pairing.Person]] = {"mentee": [], "mentor": []}
    for enrolment in enrolments:
        if code := _left_out(enrolment, around):
            left_out[str(enrolment.pk)] = code
        else:
            people[enrolment.role].append(_person(enrolment, around))
    known = {person.id for side in people.values() for person in side}
    closed = {(str(a), str(b)): code for (a, b), code in around.closed.items() if str(a) in known and str(b) in known}
    locks = frozenset(pair for pair in locks if known.issuperset(pair) and closed.get(pair) != "opposite")
    problem = pairing.Problem(
        mentees=tuple(people["mentee"]),
        mentors=tuple(people["mentor"]),
        weights=dict(weights),
        rules=_rules(rules, enrolments, around),
        locks=locks,
        forbidden=frozenset(pair for pair in {*forbidden, *closed} if known.issuperset(pair)) - locks,
        objective=objective,  # type: ignore[arg-type]
        cover=_cover(cover, objective, enrolments, people["mentee"]),
        relatedness=relatedness(),
    )
    return Inputs(_with_vectors(problem), closed, left_out)


def _cover(cover: str, objective: str, enrolments: list[Enrolment], mentees: list[pairing.Person]) -> tuple[str, ...]:
    if objective != Scenario.Objective.COVER:
        return ()
    taking_part = {person.id: str(person.level) for person in mentees}
    return aims.covered(
        cover,
        (
            (key, one.applied_at, one.organisation_id, taking_part[key])
            for one in enrolments
            if (key := str(one.pk)) in taking_part and one.role == MENTEE
        ),
    )


def _with_vectors(problem: pairing.Problem) -> pairing.Problem:
    """With what earlier runs have made of the same texts; the solving process makes the rest."""
    names, model = sorted(prose.texts(problem)), models.default()
    if model is None or not names:
        return problem
    known: dict[str, str] = {}
    for start in range(0, len(names), AT_ONCE):
        some = TextVectors.objects.filter(model=model.name, key__in=names[start : start + AT_ONCE])
        known.update(some.values_list("key", "rows"))
    return replace(problem, vectors=known, text_model=model.name if known else "")


@cache
def relatedness() -> Mapping[str, Mapping[str, float]]:
    near: dict[str, dict[str, float]] = defaultdict(dict)
    for (one, other), closeness in taxonomy.relatedness().items():
        near[one][other] = closeness
    return dict(near)


def _enrolments(programme: Programme, only: Mapping[str, int | None]) -> QuerySet[Enrolment]:
    wanted = Q()
    for role, pk in only.items():
        if pk is not None:
            wanted &= ~Q(role=role) | Q(pk=pk)
    return (
        programme.enrolments.approved()
        .filter(wanted, user__is_active=True)
        .select_related("user__profile", "organisation")
        .prefetch_related("user__profile__topics", "user__profile__hours")
        .order_by("pk")
    )


def _around(
    programme: Programme, enrolments: list[Enrolment], rules: Mapping[str, Any], previous: Iterable[pairing.PairKey]
) -> Around:
    before: dict[str, set[str]] = defaultdict(set)
    for mentee, mentor in previous:
        before[mentee].add(mentor)
    closed, promised = _proposals(programme)
    return Around(
        limits=limits(programme),
        conflicts=_conflicts(programme),
        closed=closed | _mentorships(programme, enrolments) | _opposites(enrolments, couples(programme)),
        promised=promised,
        wishes=_wishes(programme),
        reference=programme.kick_off_on or clock.today(),
        most_mentees=rules.get("max_mentees"),
        previous=before,
        managers=_managers(enrolments),
    )


def _managers(enrolments: list[Enrolment]) -> dict[int, set[str]]:
    """Line managers who take part themselves; of others the engine need not know."""
    users = {enrolment.user.email: enrolment.user_id for enrolment in enrolments}
    found: dict[int, set[str]] = defaultdict(set)
    for enrolment in enrolments:
        if manager := users.get(enrolment.line_manager_email.lower()):
            found[enrolment.user_id].add(f"user:{manager}")
    return found


def _conflicts(programme: Programme) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = Conflict.objects.filter(enrolment__programme=programme)
    for user, person, organisation in rows.values_list("enrolment__user_id", "person_id", "organisation_id"):
        if person:
            found[user].append(f"person:user:{person}")
        if organisation:
            found[user].append(f"organisation:{organisation}")
    return found


def _proposals(programme: Programme) -> tuple[dict[Key, str], Counter[int]]:
    """Pairs that have said no, or wait for an answer; and the places that waiting proposals hold."""
    closed: dict[Key, str] = {}
    promised: Counter[int] = Counter()
    waiting = (Proposal.State.PREPARED, Proposal.State.OFFERED)
    rows = Proposal.objects.filter(
        programme=programme, state__in=[*waiting, Proposal.State.DECLINED, Proposal.State.LAPSED]
    )
    for mentee, mentor, state in rows.values_list("mentee_id", "mentor_id", "state"):
        closed[mentee, mentor] = "waiting" if state in waiting else "declined"
        if state in waiting:
            promised.update((mentee, mentor))
    return closed, promised


def couples(programme: Programme) -> set[Key]:
    """Mentee and mentor, by user, of whoever is together in this programme or proposed to each other."""
    sides: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Participant.objects.filter(mentorship__in=Mentorship.objects.live().filter(programme=programme))
    for mentorship, role, user in rows.values_list("mentorship_id", "role", "user_id"):
        sides[mentorship][role] = user
    waiting = Proposal.objects.live().filter(programme=programme).values_list("mentee__user_id", "mentor__user_id")
    return {(two["mentee"], two["mentor"]) for two in sides.values() if len(two) == 2} | set(waiting)


def _opposites(enrolments: list[Enrolment], together: set[Key]) -> dict[Key, str]:
    """The same two people the other way round: nobody is the mentor of their own mentor."""
    own = {(enrolment.user_id, enrolment.role): enrolment.pk for enrolment in enrolments}
    ways = ((own.get((mentor, "mentee")), own.get((mentee, "mentor"))) for mentee, mentor in together)
    return {(one, other): "opposite" for one, other in ways if one and other}


def _mentorships(programme: Programme, enrolments: list[Enrolment]) -> dict[Key, str]:
    """Pairs that are together now, or were before, in whatever programme."""
    people = programme.enrolments.approved().values("user")
    pairs: dict[int, dict[str, int]] = defaultdict(dict)
    states: dict[int, str] = {}
    rows = Participant.objects.filter(user__in=people)
    for mentorship, user, role, state in rows.values_list("mentorship_id", "user_id", "role", "mentorship__state"):
        pairs[mentorship][role] = user
        states[mentorship] = state
    own: dict[int, dict[str, int]] = defaultdict(dict)
    for enrolment in enrolments:
        own[enrolment.user_id][enrolment.role] = enrolment.pk
    closed: dict[Key, str] = {}
    for mentorship, users in pairs.items():
        places = [own[users[role]].get(role) for role in ("mentee", "mentor") if role in users]
        if len(places) == 2 and all(places):
            closed[places[0], places[1]] = "before" if states[mentorship] == Mentorship.State.ENDED else "together"  # type: ignore[index]
    return closed


def _wishes(programme: Programme) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    rows = Wish.objects.filter(mentee__programme=programme).order_by("mentee_id", "rank", "pk")
    for mentee, mentor in rows.values_list("mentee_id", "mentor_id"):
        found[mentee].append(mentor)
    return found


def _left_out(enrolment: Enrolment, around: Around) -> str:
    if enrolment.is_paused:
        return "paused"
    if enrolment.places_left <= around.promised[enrolment.pk]:
        return "waiting" if enrolment.places_left > 0 else "placed"
    return "" if around.limits.offers(enrolment.role, enrolment.organisation_id) else "council"


def _person(enrolment: Enrolment, around: Around) -> pairing.Person:
    profile = getattr(enrolment.user, "profile", None)
    organisation = enrolment.organisation
    is_mentee = enrolment.role == MENTEE
    places = _places(enrolment, around)
    member = around.limits.members.get(enrolment.organisation_id)
    return pairing.Person(
        id=str(enrolment.pk),
        role=enrolment.role,  # type: ignore[arg-type]
        identity=f"user:{enrolment.user_id}",
        organisation=str(organisation.pk),
        pool_region=organisation.region,
        country=organisation.country,
        organisation_kind=organisation.kind,
        organisation_size=SIZES.get(organisation.size_band, 0),
        line_manager_ids=frozenset(around.managers.get(enrolment.user_id, ())),
        not_with=frozenset(around.conflicts.get(enrolment.user_id, ())),
        accepts_from=_reach(member, is_mentee),  # type: ignore[arg-type]
        capacity=1 if is_mentee else places,
        demand=places if is_mentee else 1,
        previous=frozenset(around.previous.get(str(enrolment.pk), ())),
        shortlist=tuple(str(mentor) for mentor in around.wishes.get(enrolment.pk, ())),
        rhythm=enrolment.rhythm_weeks or 0,
        text_want=_own_words(profile, enrolment.goal) if is_mentee else "",
        text_offer=profile.can_help.strip() if profile and not is_mentee else "",
        **(_of_profile(profile, enrolment.user.time_zone, around.reference) if profile else {}),
    )


def _own_words(profile: Any, goal: str) -> str:
    """What a mentee wants: the goal of this programme, then what the profile says beside it."""
    said = (goal.strip(), profile.want_to_learn.strip() if profile else "")
    return "\n".join(dict.fromkeys(text for text in said if text))


def _places(enrolment: Enrolment, around: Around) -> int:
    """Places left and not promised; a mentor who already has mentees counts them against the programme's limit."""
    used = enrolment.taken + around.promised[enrolment.pk]
    left = enrolment.capacity - used
    if enrolment.role == MENTEE or not used or around.most_mentees is None:
        return left
    return min(left, max(0, around.most_mentees - used))


def _reach(member: PoolMember | None, is_mentee: bool) -> str:
    if member is None:
        return str(PoolMember.Reach.POOL)
    return str(member.mentored_by if is_mentee else member.mentors_for)


def _of_profile(profile: Any, zone: str, reference: date) -> dict[str, Any]:
    topics: dict[str, list[pairing.Wish]] = defaultdict(list)
    for topic in sorted(profile.topics.all(), key=lambda one: one.pk):
        topics[topic.purpose].append(_wish(topic))
    for purpose, text in ((Topic.Purpose.WANT, profile.want_to_learn), (Topic.Purpose.OFFER, profile.can_help)):
        written = [pairing.Wish(kind, key) for kind, key in mentions.topics(text)]  # type: ignore[arg-type]
        topics[purpose] = list(dict.fromkeys([*topics[purpose], *written]))
    first, second = hours.fortnight_in_utc(pattern_of(profile, zone), reference)
    return {
        "services": (profile.service_area,) if profile.service_area else (),
        "career": frozenset(key for kind, key in mentions.topics(profile.career_path) if kind == "service"),
        "level": profile.level,
        "wants": tuple(topics[Topic.Purpose.WANT]),
        "offers": tuple(topics[Topic.Purpose.OFFER]),
        "interests": frozenset(f"{one.kind}:{one.key}" for one in topics[Topic.Purpose.INTEREST]),
        "background": frozenset(qualifications(profile.qualifications)),
        "languages": frozenset(profile.languages),
        "hours": tuple(first),
        "second_week": tuple(second) if second != first else None,
        "channels": frozenset(profile.channels),
    }


def _wish(topic: Topic) -> pairing.Wish:
    """A topic as the engine compares it; somebody's own word that the taxonomy knows by another name is that topic."""
    if topic.kind != Topic.Kind.TAG:
        return pairing.Wish(topic.kind, topic.key)  # type: ignore[arg-type]
    kind, key = mentions.called(topic.key) or ("tag", folded(topic.key))
    return pairing.Wish(kind, key)  # type: ignore[arg-type]


def qualifications(words: str) -> set[str]:
    """ "CIPFA, BSc Geography" as keys that can be compared."""
    return {key for part in re.split(r"[,;\n]", words) if 1 < len(key := folded(part)) <= 60}


def _rules(rules: Mapping[str, Any], enrolments: list[Enrolment], around: Around) -> pairing.Rules:
    used: dict[str, Counter[int]] = {"mentee": Counter(), "mentor": Counter()}
    for enrolment in enrolments:
        used[enrolment.role][enrolment.organisation_id] += enrolment.taken + around.promised[enrolment.pk]
    given: dict[str, int] = {}
    taken: dict[str, int] = {}
    for (role, organisation), most in around.limits.most.items():
        side = taken if role == MENTEE else given
        side[str(organisation)] = max(0, most - used[role][organisation])
    return settings_rules(rules, places_given=given, places_taken=taken)


def settings_rules(rules: Mapping[str, Any], **limits: Mapping[str, int]) -> pairing.Rules:
    """A programme's or a scenario's rules as the engine has them; what is not said stays at the engine's default."""
    names = ("min_shared_minutes", "same_organisation_allowed", "require_common_language", "max_mentees")
    values: dict[str, Any] = {name: rules[name] for name in names if name in rules}
    for name in ("seniority", "preferred_seniority"):
        if rules.get(name):
            values[name] = tuple(rules[name])
    for border in aims.SHARES:
        values[f"cross_{border}_share"] = rules.get(f"cross_{border}_share")
    return pairing.Rules(**values, **limits)  # type: ignore[arg-type]
