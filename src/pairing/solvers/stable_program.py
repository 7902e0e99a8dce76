"""Stable plans under side conditions, by branch and bound: for every pair, one of the two has nobody worse."""

import numpy as np
from scipy.sparse import block_array, coo_array, csr_array, eye_array

from pairing.errors import Infeasible, OutOfTime
from pairing.solvers.arrays import Floats, Ints
from pairing.solvers.branching import largest
from pairing.solvers.goals import largest_sum
from pairing.solvers.rows import Rows, layout
from pairing.solvers.task import Plan, Prices, Task


def best_plan(task: Task, by_rows: Floats, by_columns: Floats, seconds: float) -> Plan:
    """The stable plan with the best total that keeps the conditions. Raises Infeasible.

    Beside the pairs stand two variables for each pair: the row has its fill of columns it likes no less, the column
    has its fill of rows it likes no less. A column that is closed for lack of a least size blocks nothing.
    """
    asked = Rows(task, largest_sum(task), [], None)
    program = layout(asked, task.allowed)
    rows, columns = program.rows, program.columns
    many, others = len(rows), len(program.gain) - len(rows)
    none, alike = csr_array((many, many)), eye_array(many, format="csr")
    content_rows = _no_worse(by_rows[rows, columns], rows)
    content_columns = _no_worse(by_columns[rows, columns], columns)
    closed = _closed(asked, columns, others)
    matrix = block_array([
        [program.matrix[:, :many], program.matrix[:, many:], csr_array((program.matrix.shape[0], 2 * many))],
        [-content_rows, None, block_array([[_filled(task.demand[rows]), none]])],
        [-content_columns, None, block_array([[none, _filled(task.capacity[columns])]])],
        [-alike, closed, block_array([[-alike, -alike]])],
    ], format="csr")  # fmt: skip
    low = np.concatenate([program.low, np.zeros(2 * many)])
    high = np.concatenate([program.high, np.ones(2 * many)])
    high[program.slack] = 0.0
    gain = np.concatenate([program.gain, np.zeros(2 * many)])
    whole = np.concatenate([program.whole, np.ones(2 * many)])
    result = largest(gain, matrix, _most(asked, program.most, many), low, high, whole, seconds)
    if result.x is None:
        if result.status == 1:
            raise OutOfTime("No stable plan that keeps the quotas, limits and least sizes was found in time.")
        raise Infeasible("No stable plan that keeps the quotas, limits and least sizes exists.")
    chosen = result.x[:many] > 0.5
    return Plan(rows[chosen], columns[chosen], Prices(np.zeros(len(task.capacity))), result.status == 0)


def _most(asked: Rows, most: Floats, many: int) -> Floats:
    last = np.full(many, 0.0 if asked.least else -1.0)
    return np.concatenate([most, np.zeros(2 * many), last])


def _closed(asked: Rows, columns: Ints, others: int) -> csr_array:
    """For each pair, minus one where its column is closed: its 'used' less one stands on the right-hand side."""
    many = len(columns)
    if not asked.least:
        return csr_array((many, others))
    place = len(asked.elastic) + columns
    return csr_array((np.ones(many), (np.arange(many), place)), shape=(many, others))


def _filled(room: Ints) -> csr_array:
    cells = np.arange(len(room))
    return csr_array((room.astype(np.float64), (cells, cells)), shape=(len(room), len(room)))


def _no_worse(liked: Floats, people: Ints) -> csr_array:
    """For each pair, the other pairs of the same person that this person likes no less."""
    found_rows, found_columns = [], []
    for person in np.unique(people):
        mine = np.flatnonzero(people == person)
        better = liked[mine][None, :] >= liked[mine][:, None]
        np.fill_diagonal(better, False)
        first, second = np.nonzero(better)
        found_rows.append(mine[first])
        found_columns.append(mine[second])
    first = np.concatenate(found_rows) if found_rows else np.zeros(0, dtype=np.int64)
    second = np.concatenate(found_columns) if found_columns else np.zeros(0, dtype=np.int64)
    return csr_array(coo_array((np.ones(len(first)), (first, second)), shape=(len(liked), len(liked))))
