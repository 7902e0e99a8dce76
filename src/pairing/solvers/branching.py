"""Branch and bound by HiGHS."""

from typing import Any

from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from pairing.solvers.arrays import Floats

ERROR = 4


def largest(
    gain: Floats, matrix: csr_array, most: Floats, low: Floats, high: Floats, whole: Floats, seconds: float
) -> Any:
    """scipy's answer to: the largest gain, with so much at most in each row.

    Where presolve trips over itself (some small programs of HiGHS 1.12), once more without it.
    """
    for presolve in (True, False):
        result = milp(
            -gain,
            integrality=whole,
            bounds=Bounds(low, high),
            constraints=LinearConstraint(matrix, ub=most),
            options={"mip_rel_gap": 1e-10, "time_limit": seconds, "presolve": presolve},
        )
        if result.x is not None or result.status != ERROR:
            break
    return result
