"""Between a plan that keeps a quota with room to spare and a better one that breaks it: the best of both.

Where two plans differ, they differ in groups of people that have nothing to do with each other. Each group can be taken
from either plan; those taken from the better plan may use up just what the quota has to spare.
"""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from pairing.solvers.arrays import Floats, Ints
from pairing.solvers.task import Plan, Quota, Task


def blended(task: Task, quota: Quota, kept: Plan, better: Plan) -> Plan:
    """The best plan of parts of both that keeps the quota, with the pairs of ``kept`` where none is better.

    Everybody has one partner at most in either plan; columns may have many.
    """
    groups = _groups(task, kept, better)
    labels = [groups[plan.rows] for plan in (kept, better)]
    many = int(groups.max(initial=-1)) + 1
    gain, more, having = (
        _by_group(labels, many, [weigh(plan) for plan in (kept, better)])
        for weigh in (
            lambda plan: task.scores[plan.rows, plan.columns],
            lambda plan: np.ones(plan.placed),
            lambda plan: quota.has[plan.rows, plan.columns].astype(float),
        )
    )
    spare = int(quota.has[kept.rows, kept.columns].sum()) - quota.needed(kept.placed)
    able = more == 0
    taken = able & ((having > 0) | ((having == 0) & (gain > 0)))
    spare += int(having[taken].sum())
    turned = np.flatnonzero(able & np.where(taken, (gain < 0) & (having > 0), (gain > 0) & (having < 0)))
    turned = turned[_filled(np.abs(gain[turned]), np.rint(np.abs(having[turned])).astype(int), spare)]
    taken[turned] = ~taken[turned]
    return _taken_from(kept, better, labels, taken)


def _groups(task: Task, kept: Plan, better: Plan) -> Ints:
    """The group of each row: rows that share a column in either plan belong together."""
    height, width = task.scores.shape
    rows, columns = np.concatenate([kept.rows, better.rows]), np.concatenate([kept.columns, better.columns])
    links = coo_array((np.ones(len(rows)), (rows, columns + height)), shape=(height + width, height + width))
    return np.asarray(connected_components(links, directed=False)[1][:height], dtype=np.int64)


def _by_group(labels: list[Ints], many: int, values: list[Floats]) -> Floats:
    """How much more each group has in the second plan."""
    first, second = (np.bincount(label, part, many) for label, part in zip(labels, values, strict=True))
    return np.asarray(second - first, dtype=float)


def _filled(gain: Floats, weight: Ints, room: int) -> Ints:
    """Which to take for the largest gain within the room; each weighs at least 1."""
    best = np.zeros(room + 1)
    chosen = np.zeros((len(gain), room + 1), dtype=bool)
    for place, (worth, heavy) in enumerate(zip(gain, weight, strict=True)):
        if heavy <= room:
            tried = best[: room + 1 - heavy] + worth
            chosen[place, heavy:] = tried > best[heavy:]
            best[heavy:] = np.maximum(best[heavy:], tried)
    taken, left = [], room
    for place in range(len(gain) - 1, -1, -1):
        if chosen[place, left]:
            taken.append(place)
            left -= int(weight[place])
    return np.array(taken, dtype=np.int64)


def _taken_from(kept: Plan, better: Plan, labels: list[Ints], taken: np.ndarray) -> Plan:
    from_kept, from_better = ~taken[labels[0]], taken[labels[1]]
    rows = np.concatenate([kept.rows[from_kept], better.rows[from_better]])
    columns = np.concatenate([kept.columns[from_kept], better.columns[from_better]])
    order = np.argsort(rows, kind="stable")
    return Plan(rows[order], columns[order], kept.prices)
