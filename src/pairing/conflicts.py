"""Which demands cannot hold together: the smallest set that is still impossible, in words."""

from dataclasses import replace

from pairing.errors import Infeasible, OutOfTime
from pairing.shares import BORDERS
from pairing.solvers import objectives
from pairing.solvers.task import Limit, Quota, Task

SECONDS = 10.0
Condition = Quota | Limit


def sentence(task: Task, some_pairs: bool) -> str:
    """Why nothing is possible; or, where ``some_pairs``, why nothing but making no pair at all is."""
    named = [_named(one) for one in _demands(task, some_pairs)]
    outcome = "no pair can be made" if some_pairs else "no plan is possible"
    if not named:
        return f"With the fixed pairs, {outcome}."
    return f"{_cannot(named)}: {outcome}."


def why(task: Task, some_pairs: bool) -> str:
    """The same for a round, empty where nothing was asked that could contradict itself."""
    named = [_of_a_round(one) for one in _demands(task, some_pairs)]
    return f"{_cannot(named)} with the people, locks and rules of this round." if named else ""


def _demands(task: Task, some_pairs: bool) -> list[Condition | str]:
    """The smallest set of demands that is still impossible."""
    keep: list[Condition | str] = [*task.quotas, *task.limits]
    if task.least is not None:
        keep.append("least sizes")
    for one in tuple(keep):
        fewer = [other for other in keep if other is not one]
        if not _possible(_with_only(task, fewer), some_pairs):
            keep = fewer
    return keep


def _cannot(named: list[str]) -> str:
    together = " and ".join(named)
    return f"{together[0].upper()}{together[1:]} {'cannot hold together' if len(named) > 1 else 'cannot hold'}"


def contradict(task: Task) -> bool:
    """Whether several shares leave no pair at all, where pairs could be made without them."""
    if len(task.quotas) < 2:
        return False
    return objectives.most_placed(replace(task, quotas=()), SECONDS) > 0


def _of_a_round(one: Condition | str) -> str:
    if isinstance(one, Quota):
        says = {border.quota: border.says for border in BORDERS}
        return f"at least {one.share:.0%} of the pairs {says.get(one.name, one.name)}"
    if isinstance(one, Limit):
        kind, _, who = one.name.partition(":")
        if kind == "circle":
            return f"a circle for the mentor {who}"
        return f"the places that the organisation {who} {'takes' if kind == 'taken' else 'gives'}"
    return "the least size of circles"


def _with_only(task: Task, keep: list[Condition | str]) -> Task:
    return replace(
        task,
        quotas=tuple(one for one in keep if isinstance(one, Quota)),
        limits=tuple(one for one in keep if isinstance(one, Limit)),
        least=task.least if "least sizes" in [one for one in keep if isinstance(one, str)] else None,
    )


def _possible(task: Task, some_pairs: bool) -> bool:
    try:
        placed = objectives.most_placed(task, SECONDS)
    except OutOfTime:
        return True
    except Infeasible:
        return False
    return placed > 0 or not some_pairs


def _named(one: Condition | str) -> str:
    if isinstance(one, Quota):
        return f"the quota {one.name} (at least {one.share:.0%} of all pairs)"
    if isinstance(one, Limit):
        return one.name if one.least else f"the limit {one.name} (at most {one.most} more pairs)"
    return "the least sizes of groups"
