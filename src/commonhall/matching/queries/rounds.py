"""What a coordinator's pages show of a round, from stored runs and from the solving process."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.core.errors import Conflict
from commonhall.core.text import whole
from commonhall.matching.models import Edit, Round, Run, Scenario, Solving
from commonhall.matching.plain import unpack
from commonhall.matching.solver import at_hand
from commonhall.organisations.models import Organisation
from commonhall.programmes.models import Enrolment, Programme
from commonhall.programmes.queries.promises import with_free

NEW = "new-"
# So long a page may wait for what alternatives would cost.
SECONDS_FOR_COSTS = 2.0
# Rounds of more people are worked out in the background, and nothing is tried while somebody waits.
AT_ONCE = 2_000
_NUMBERED = re.compile(r"\b(?:The |the )?(mentee|mentor|organisation) '?(\d+|new-[\w-]+)'?")


@dataclass(frozen=True, slots=True)
class Card:
    """Somebody in a round, as a line of a list."""

    pk: str
    name: str
    organisation: str
    job_title: str = ""
    level: str = ""
    role: str = ""
    time_zone: str = "UTC"
    line_manager: str = ""
    user: int = 0
    council: int = 0

    @property
    def line(self) -> str:
        return ", ".join(part for part in (self.job_title, self.organisation) if part)


class People(dict[str, Card]):
    """Everybody of a round by number; whoever is not there is a mentor still to be found."""

    def __missing__(self, key: str) -> Card:
        return Card(key, str(_("a new mentor")), str(_("still to be found")), role="mentor")


def people(programme: Programme) -> People:
    """All who take part in a programme, in one query."""
    rows = programme.enrolments.values_list(
        "pk", "user__name", "organisation__short_name", "organisation__name", "user__profile__job_title",
        "user__profile__level", "role", "user__time_zone", "user_id", "organisation_id",
    )  # fmt: skip
    found = People()
    for pk, name, short, full, title, level, role, zone, user, council in rows:
        works = (short or full, title or "", level or "")
        found[str(pk)] = Card(str(pk), name, *works, role, zone, user=user, council=council)
    return found


def rounds_of(programme: Programme) -> QuerySet[Round]:
    return programme.rounds.select_related("published_by")


def with_programme(rounds: QuerySet[Round]) -> QuerySet[Round]:
    return rounds.select_related("programme__pool", "published_by", "published_run__scenario").prefetch_related(
        "scenarios"
    )


def scenario_of(round: Round, asked: str = "") -> Scenario:
    """The scenario that a page asks for, else the one that was published, else the first."""
    scenarios = list(round.scenarios.all())
    published = round.published_run.scenario_id if round.published_run else None
    wanted = whole(asked) or published or 0
    by_pk = {scenario.pk: scenario for scenario in scenarios}
    chosen = by_pk.get(wanted)
    return chosen or scenarios[0]


def runs_visible_to(user: User) -> QuerySet[Run]:
    """Runs of the rounds that somebody may see, with what a page or an act wants of them."""
    runs = Run.objects.filter(scenario__round__in=Round.objects.visible_to(user))
    return runs.defer("inputs", "reasons").select_related("scenario__round__programme__pool", "by")


def runs_of(round: Round) -> QuerySet[Run]:
    return Run.objects.filter(scenario__round=round)


def edits_visible_to(user: User) -> QuerySet[Edit]:
    edits = Edit.objects.filter(scenario__round__in=Round.objects.visible_to(user))
    return edits.select_related("scenario__round__programme__pool")


def places_in(round: Round) -> Any:
    """Everybody's place in a round's programme; a pair is a mentee and a mentor of them."""
    return round.programme.enrolments.select_related("user__profile", "organisation", "programme")


def latest_run(scenario: Scenario) -> Run | None:
    """With its result, which is never changed once it is written, and is large."""
    run: Run | None = scenario.runs.defer("inputs", "reasons", "result").order_by("-pk").first()
    if run is not None:
        run.result = _result(run.pk, run.at)
    return run


@lru_cache(maxsize=4)
def _result(run: int, at: datetime) -> Any:
    return Run.objects.values_list("result", flat=True).get(pk=run)


def pairs_of(run: Run) -> list[tuple[str, str]]:
    return [(pair[0], pair[1]) for pair in run.result["pairs"]]


def reasons_of(run: Run) -> Mapping[str, list[Any]]:
    """Every pair's reasons, by "mentee:mentor"."""
    return unpack(bytes(run.reasons)) if run.reasons else {}


def trial(run: Run, settings: Mapping[str, Any]) -> dict[str, Any]:
    """What the run's people would get under other weights and rules."""
    return ask(run, "trial", settings=settings)  # type: ignore[no-any-return]


def pair(run: Run, mentee: Enrolment, mentor: Enrolment) -> dict[str, Any]:
    """Why two people are, or are not, a pair, with the exact cost of making them one."""
    return ask(run, "pair", mentee=str(mentee.pk), mentor=str(mentor.pk))  # type: ignore[no-any-return]


def alternatives(run: Run, mentee: Enrolment, mentor: Enrolment, most: int) -> dict[str, list[list[Any]]]:
    """The best others for each of the two, with what choosing each would cost."""
    asked = {"mentee": str(mentee.pk), "mentor": str(mentor.pk), "most": most, "seconds": SECONDS_FOR_COSTS}
    return ask(run, "alternatives", **asked)  # type: ignore[no-any-return]


def options(run: Run, mentee: str) -> list[list[Any]]:
    return ask(run, "options", mentee=mentee)  # type: ignore[no-any-return]


def changes(run: Run, mentees: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """For each of these unmatched mentees, what would match them. What has been between two people is not undone."""
    closed = [tuple(pair.split(":")) for pair in run.result.get("closed", {})]
    return ask(run, "changes", mentees=list(mentees), closed=closed) if mentees else {}


def recruiting(run: Run) -> list[dict[str, Any]]:
    return ask(run, "recruiting")  # type: ignore[no-any-return]


def ask(run: Run, question: str, **arguments: Any) -> Any:
    """What the solving process says about a run; it is handed what went in if it does not know it."""

    def inputs() -> bytes:
        stored = bytes(Run.objects.values_list("inputs", flat=True).get(pk=run.pk))
        if not stored:
            raise Conflict(_("Somebody in this run has asked to be forgotten. Run the matching again."))
        return stored

    return at_hand().solver.ask_about(run.inputs_hash, inputs, question, **arguments)


@dataclass(frozen=True, slots=True)
class Moved:
    """Somebody whose mentor differs between two plans; no names is nobody."""

    mentee: Card
    before: tuple[Card, ...]
    after: tuple[Card, ...]


def moves(before: Mapping[str, Any], after: Mapping[str, Any], known: People) -> list[Moved]:
    """Every mentee whose mentors differ between two outcomes, by name."""
    first, second = _by_mentee(before), _by_mentee(after)
    found = [
        Moved(known[one], tuple(known[m] for m in first.get(one, ())), tuple(known[m] for m in second.get(one, ())))
        for one in {*first, *second}
        if first.get(one) != second.get(one)
    ]
    return sorted(found, key=lambda move: (move.mentee.name, move.mentee.pk))


def _by_mentee(outcome: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for mentee, mentor, *_rest in outcome["pairs"]:
        found[mentee] = (*found.get(mentee, ()), mentor)
    return {mentee: tuple(sorted(mentors)) for mentee, mentors in found.items()}


def edits_of(scenario: Scenario) -> QuerySet[Edit]:
    return scenario.edits.select_related("mentee__user", "mentor__user", "by").order_by("kind", "pk")


def with_names(sentence: str, programme: Programme) -> str:
    """The engine's sentence, with names where it says "mentee 12"."""
    known, employers = people(programme), dict[str, str]()

    def name(match: re.Match[str]) -> str:
        kind, number = match[1], match[2]
        if kind.startswith("organisation"):
            if not employers:
                employers.update(
                    (str(o.pk), o.label) for o in Organisation.objects.filter(pool_members__pool=programme.pool_id)
                )
            return employers.get(number, match[0])
        return known[number].name

    return _NUMBERED.sub(name, sentence)


def newcomers(run: Run, programme: Programme) -> int:
    """How many people were approved after a run, and are not in it."""
    return programme.enrolments.filter(state=Enrolment.State.APPROVED, decided_at__gt=run.at).count()


def open_round(programme: Programme) -> Round | None:
    return programme.rounds.filter(state__in=[Round.State.OPEN, Round.State.PROVISIONAL]).first()


def unmatched(outcome: Mapping[str, Any], role: str) -> list[dict[str, Any]]:
    return [one for one in outcome["unmatched"] if one["role"] == role]


def waiting(programme: Programme) -> dict[str, int]:
    """How many mentees and mentors have a place in the programme that nobody has or is promised."""
    free = with_free(programme.enrolments.approved()).filter(free__gt=0)
    rows = free.values_list("role").annotate(how_many=Count("pk")).order_by()
    return {"mentee": 0, "mentor": 0, **dict(rows)}


def is_large(programme: Programme) -> bool:
    """Whether a round of this programme would be worked out in the background."""
    return programme.enrolments.approved().count() > AT_ONCE


def is_large_run(run: Run) -> bool:
    """Whether so many people are in it that nothing is tried while somebody waits."""
    everybody = {pk for pair in run.result["pairs"] for pk in pair[:2]}
    return len(everybody) + len(run.result["unmatched"]) > AT_ONCE


def newest_solving(round: Round) -> Solving | None:
    return round.solvings.select_related("by", "scenario").first()
