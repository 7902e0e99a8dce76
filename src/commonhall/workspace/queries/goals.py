from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from commonhall.accounts.models import User
from commonhall.mentorships.models import Mentorship, Participant
from commonhall.mentorships.queries import agreement_now
from commonhall.people.taxonomy import name_of
from commonhall.ui.charts import Sparkline, sparkline
from commonhall.workspace.models import Goal, GoalStep


@dataclass(frozen=True)
class Followed:
    """A goal with how far it is: a line from its first day, and the words of the last step."""

    goal: Goal
    steps: tuple[GoalStep, ...]
    competency: str

    @property
    def percent(self) -> int:
        return self.steps[-1].percent if self.steps else 0

    @property
    def line(self) -> Sparkline | None:
        values = [0.0, *(float(step.percent) for step in self.steps)]
        return sparkline(values, self.in_words) if len(values) > 2 else None

    @property
    def in_words(self) -> str:
        said = ", ".join(f"{step.percent} %" for step in self.steps)
        return _("How far it was, step by step: %(steps)s") % {"steps": said}


def with_people(goals: QuerySet[Goal]) -> QuerySet[Goal]:
    people = Prefetch("mentorship__participants", queryset=Participant.objects.select_related("user"))
    return goals.select_related("mentorship__programme", "carried_from").prefetch_related(people)


def followed(goals: QuerySet[Goal]) -> list[Followed]:
    rows = goals.prefetch_related(Prefetch("steps", queryset=GoalStep.objects.select_related("by")))
    return [_followed(goal) for goal in rows]


def goals_of(mentorship: Mentorship) -> tuple[list[Followed], list[Followed]]:
    """Those under way, and those that are closed."""
    rows = followed(mentorship.goals.all())
    is_open = Goal.State.OPEN
    return [one for one in rows if one.goal.state == is_open], [one for one in rows if one.goal.state != is_open]


def in_agreement_only(mentorship: Mentorship) -> list[str]:
    """Goals that the agreement names and that are not followed here yet."""
    here = {words.casefold() for words in mentorship.goals.values_list("words", flat=True)}
    agreement = agreement_now(mentorship).agreement
    return [one for one in (agreement.goals if agreement else []) if one[:200].casefold() not in here]


def could_go_on_in(goal: Goal, user: User) -> list[Mentorship]:
    """One's other mentorships under way."""
    others = Mentorship.objects.of(user).filter(state=Mentorship.State.ACTIVE).exclude(pk=goal.mentorship_id)
    return list(others.select_related("programme").prefetch_related("participants__user"))


def _followed(goal: Goal) -> Followed:
    name = name_of(goal.competency, among="competencies") if goal.competency else ""
    return Followed(goal, tuple(goal.steps.all()), name)
